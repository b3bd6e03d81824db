"""Each engine on a real page."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from extraction import sandbox
from extraction.engines.convert.filetypes import PNG
from extraction.engines.convert.options import ConvertOptions
from extraction.engines.ocr import ppocr, tesseract
from extraction.engines.ocr.chain import Attempt, engines_of, read_page
from extraction.engines.ocr.easyocr import EasyEngine
from extraction.engines.ocr.rapid import RapidEngine, _line_words
from extraction.engines.ocr.scripts import script_of
from tests.extraction.ocr.pages import LINES, devanagari, text_page, vera

needs_tesseract = pytest.mark.skipif(
    "eng" not in tesseract.installed_languages(), reason="Tesseract is not installed (make system-packages)"
)
needs_hindi = pytest.mark.skipif(
    "hin" not in tesseract.installed_languages() or devanagari() is None,
    reason="Tesseract's Hindi model and a Devanagari font are not installed (make system-packages)",
)
needs_easyocr = pytest.mark.skipif(
    not EasyEngine().available(), reason="EasyOCR is not installed (make install-easyocr)"
)
HINDI = ("भारत एक विशाल देश है", "हम सब मिलकर काम करते हैं", "राजधानी का नाम दिल्ली है", "आज का दिन बहुत अच्छा है")


def test_rapidocr_reads_clear_print_to_the_letter() -> None:
    found = RapidEngine().read(text_page(), languages=())
    assert sorted(word.text for word in found.words) == sorted(" ".join(LINES).split())
    assert found.score is not None
    assert found.score > 0.9


def test_words_lie_side_by_side_where_they_are_printed() -> None:
    found = RapidEngine().read(text_page(("Compost",)), languages=())
    box = found.words[0].box
    left, top, right, bottom = _printed("Compost")
    assert box.x == pytest.approx(left / 1000, abs=0.02)
    assert box.right == pytest.approx(right / 1000, abs=0.02)
    assert 0 < top / 280 - box.y < 0.1
    assert 0 < box.bottom - bottom / 280 < 0.1


def _printed(text: str) -> tuple[float, float, float, float]:
    from PIL import ImageFont

    left, top, right, bottom = ImageFont.truetype(vera(), 40).getbbox(text)
    return 100 + left, 100 + top, 100 + right, 100 + bottom


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("Total: 12.50", ["Total:", "12.50"]),
        ("Total:12.50", ["Total:", "12.50"]),
        ("KEPONG,KL 52100", ["KEPONG,", "KL", "52100"]),
        ("08:30:00 1,234.50", ["08:30:00", "1,234.50"]),
    ],
)
def test_a_line_is_cut_into_words_that_share_its_box(line: str, words: list[str]) -> None:
    places = tuple((index + 0.5) / len(line) for index in range(len(line)))
    reading = ppocr.Reading(line, places, (0.9,) * len(line))
    quad = [[10, 10], [90, 10], [90, 20], [10, 20]]
    found = list(_line_words(reading, quad, line=0, size=(100, 50)))
    assert [word.text for word in found] == words
    assert found[0].box.x == pytest.approx(0.1)
    assert found[-1].box.right == pytest.approx(0.9)
    assert all(left.box.right <= right.box.x + 1e-9 for left, right in pairwise(found))


@needs_tesseract
def test_tesseract_reads_clear_print() -> None:
    found = tesseract.TesseractEngine().read(text_page(), languages=())
    assert set(" ".join(LINES).split()) <= {word.text for word in found.words}


@needs_tesseract
def test_english_is_added_to_another_script_only() -> None:
    assert tesseract.spoken(()) == "eng"
    assert tesseract.spoken(("en",)) == "eng"
    assert tesseract.spoken(("xx",)) == "eng"
    if "hin" in tesseract.installed_languages():
        assert tesseract.spoken(("hi",)) == "hin+eng"


@needs_hindi
def test_a_page_in_devanagari_is_told_by_its_look_and_read_by_tesseract() -> None:
    page = text_page(HINDI, font=devanagari() or "")
    reading = read_page(page, engines_of(("rapidocr", "tesseract")), languages=())
    assert reading.script == "Devanagari"
    assert reading.result.engine == "tesseract"
    assert reading.tried[0].engine == "rapidocr"
    assert reading.tried[0].reason
    assert {"भारत", "दिल्ली"} <= {word.text for word in reading.result.words}


@needs_hindi
def test_a_language_named_by_the_user_goes_straight_to_the_engine_for_it() -> None:
    page = text_page(HINDI, font=devanagari() or "")
    reading = read_page(page, engines_of(("rapidocr", "tesseract")), languages=("hi",))
    assert reading.tried == (Attempt("tesseract", ""),)


@needs_easyocr
@pytest.mark.filterwarnings("ignore::UserWarning", "ignore::DeprecationWarning")
def test_easyocr_reads_clear_print_without_a_download() -> None:
    found = EasyEngine().read(text_page(LINES[:3]), languages=())
    assert {"Riverside", "Garden", "Lane", "Oxford", "Flower"} <= {word.text for word in found.words}


@needs_easyocr
def test_easyocr_reads_in_the_sandbox_where_nothing_can_be_written(tmp_path: Path) -> None:
    path = tmp_path / "page.png"
    text_page(LINES[:3]).save(path)
    found = sandbox.convert(path, content_type=PNG, options=ConvertOptions(ocr_engines=("easyocr",)))
    assert found.pages[0].ocr_engine == "easyocr"
    assert "Riverside" in found.text


@needs_easyocr
def test_easyocr_knows_the_languages_whose_weights_are_there() -> None:
    engine = EasyEngine()
    assert engine.supports(("en",))
    assert not engine.supports(("ru",))


def test_easyocr_is_not_available_without_weights(tmp_path: Path) -> None:
    assert not EasyEngine(str(tmp_path)).available()


@pytest.mark.parametrize(("language", "script"), [("en", "Latin"), ("hi", "Devanagari"), ("uk", "Cyrillic")])
def test_languages_have_scripts(language: str, script: str) -> None:
    assert script_of(language) == script
