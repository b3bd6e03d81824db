"""Searchable PDFs: the same pictures, with words where they are shown."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest

from extraction.engines.blocks import Box, Page, Word
from extraction.engines.convert.errors import EngineError, PasswordRequired
from extraction.engines.convert.filetypes import JPEG, PDF, PNG, TXT
from extraction.engines.convert.searchable import searchable_pdf
from tests.extraction.convert.files import raw_pdf, receipt_image, scanned_pdf, text_pdf

WORDS = (
    Word("CORNER", Box(1, 0.1, 0.1, 0.3, 0.05)),
    Word("Ünïcode", Box(1, 0.5, 0.1, 0.3, 0.05)),
    Word("राजधानी", Box(1, 0.1, 0.5, 0.3, 0.05)),
    Word("北京", Box(1, 0.5, 0.5, 0.2, 0.05)),
    Word("Счёт", Box(1, 0.1, 0.8, 0.2, 0.05)),
)


def _page(width: float, height: float, words: tuple[Word, ...] = WORDS) -> Page:
    return Page(1, width, height, words=words, ocr_score=0.9, ocr_engine="rapidocr")


def _places(pdf: bytes, text: str) -> list[tuple[float, float, float, float]]:
    """Left, top, right and bottom of each finding of `text`, in fractions of the page as shown."""
    document = pypdfium2.PdfDocument(pdf)
    page = document[0]
    textpage = page.get_textpage()
    search = textpage.search(text)
    found = []
    while (hit := search.get_next()) is not None:
        boxes = [textpage.get_charbox(index, loose=True) for index in range(hit[0], hit[0] + hit[1])]
        corners = [_shown(page, x, y) for box in boxes for x, y in (box[:2], box[2:])]
        across, down = [x for x, _ in corners], [y for _, y in corners]
        found.append((min(across), min(down), max(across), max(down)))
    search.close()
    textpage.close()
    page.close()
    document.close()
    return found


def _shown(page: pypdfium2.PdfPage, x: float, y: float) -> tuple[float, float]:
    left, bottom, right, top = page.get_mediabox()
    x, y = (x - left) / (right - left), (top - y) / (top - bottom)
    return {0: (x, y), 90: (1 - y, x), 180: (1 - x, 1 - y), 270: (y, 1 - x)}[page.get_rotation()]


@pytest.mark.parametrize("word", WORDS, ids=lambda word: word.text)
def test_each_word_of_any_script_is_found_where_it_is_shown(tmp_path: Path, word: Word) -> None:
    path = scanned_pdf(tmp_path / "scan.pdf")
    box = word.box
    (place,) = _places(searchable_pdf(path, [_page(450, 350)], content_type=PDF), word.text)
    assert place == pytest.approx((box.x, box.y, box.right, box.bottom), abs=0.01)


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_words_of_a_turned_page_are_where_they_are_shown(tmp_path: Path, rotation: int) -> None:
    path = tmp_path / "turned.pdf"
    page = f"<</Type/Page/Parent 2 0 R/Rotate {rotation}/MediaBox[20 10 320 510]>>"
    path.write_bytes(raw_pdf(["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>", page]))
    (place,) = _places(searchable_pdf(path, [_page(500, 300)], content_type=PDF), "CORNER")
    assert place == pytest.approx((0.1, 0.1, 0.4, 0.15), abs=0.01)


def test_words_of_a_scan_on_its_side_run_along_it(tmp_path: Path) -> None:
    path = scanned_pdf(tmp_path / "scan.pdf")
    upright = Word("SIDEWAYS", Box(1, 0.8, 0.1, 0.05, 0.6))
    pdf = searchable_pdf(path, [_page(450, 350, (upright,))], content_type=PDF, turned={1: 90})
    document = pypdfium2.PdfDocument(pdf)
    textpage = document[0].get_textpage()
    start = textpage.get_text_range().index("SIDEWAYS")
    first, last = (textpage.get_charbox(start + index) for index in (0, 7))
    assert first[3] > last[3]
    assert first[0] == pytest.approx(last[0], abs=1)
    document.close()


def test_the_page_looks_the_same_and_grows_little(tmp_path: Path) -> None:
    path = scanned_pdf(tmp_path / "scan.pdf")
    pdf = searchable_pdf(path, [_page(450, 350)], content_type=PDF)
    before, after = pypdfium2.PdfDocument(path), pypdfium2.PdfDocument(pdf)
    assert before[0].render().to_pil().tobytes() == after[0].render().to_pil().tobytes()
    assert len(pdf) < path.stat().st_size + 20_000
    before.close()
    after.close()


def test_a_jpeg_is_embedded_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "receipt.jpg"
    receipt_image().save(path, quality=90, dpi=(144, 144))
    pdf = searchable_pdf(path, [_page(450, 350)], content_type=JPEG)
    assert path.read_bytes() in pdf
    assert _places(pdf, "CORNER")
    assert pypdfium2.PdfDocument(pdf).get_page_size(0) == pytest.approx((450, 350))


def test_a_sideways_photo_is_turned_first(tmp_path: Path) -> None:
    path = tmp_path / "photo.jpg"
    exif = receipt_image().getexif()
    exif[0x0112] = 6
    receipt_image().save(path, exif=exif)
    pdf = searchable_pdf(path, [_page(350, 450)], content_type=JPEG)
    shown = pypdfium2.PdfDocument(pdf)[0].render(scale=2).to_pil().convert("L")
    # "CORNER SHOP", at the top of the stored picture, is at the right of the turned one.
    assert shown.crop((450, 0, 700, 500)).getextrema()[0] < 100
    assert shown.crop((0, 600, 200, 900)).getextrema()[0] > 200


def test_a_black_and_white_picture_stays_sharp(tmp_path: Path) -> None:
    path = tmp_path / "fax.png"
    receipt_image().convert("1").save(path)
    pdf = searchable_pdf(path, [_page(900, 700)], content_type=PNG)
    shown = pypdfium2.PdfDocument(pdf)[0].render(scale=1).to_pil().convert("L")
    assert [level for level, count in enumerate(shown.histogram()) if count] == [0, 255]
    assert len(pdf) < 60_000


def test_pages_with_a_text_layer_are_left_alone(tmp_path: Path) -> None:
    path = text_pdf(tmp_path / "text.pdf", [(72, 72, "Printed text")])
    pdf = searchable_pdf(path, [Page(1, 595, 842, words=WORDS)], content_type=PDF)
    assert not _places(pdf, "CORNER")
    assert _places(pdf, "Printed text")


def test_a_locked_pdf_wants_its_password_and_stays_locked(tmp_path: Path) -> None:
    path = text_pdf(tmp_path / "locked.pdf", [(72, 72, "Secret")], password="open sesame")
    with pytest.raises(PasswordRequired):
        searchable_pdf(path, [_page(595, 842)], content_type=PDF)
    pdf = searchable_pdf(path, [_page(595, 842)], content_type=PDF, password="open sesame")
    with pytest.raises(pypdfium2.PdfiumError):
        pypdfium2.PdfDocument(pdf)
    unlocked = pypdfium2.PdfDocument(pdf, password="open sesame")
    assert "CORNER" in unlocked[0].get_textpage().get_text_range()
    unlocked.close()


def test_other_kinds_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "note.txt"
    path.write_text("words")
    with pytest.raises(EngineError):
        searchable_pdf(path, [_page(595, 842)], content_type=TXT)
