"""Scanned pages: words, order and blocks."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from extraction.engines.blocks import Block, Box, ConvertedDocument, Page, Word
from extraction.engines.convert import ConvertOptions, EngineError, convert
from extraction.engines.convert.pdf_open import open_pdf
from extraction.engines.convert.scanned import read_figures, read_image
from extraction.engines.convert.scanned_blocks import laid_out
from tests.extraction.convert.files import receipt_image, scanned_pdf
from tests.extraction.ocr.pages import text_page, vera

RAPID = ConvertOptions(ocr_engines=("rapidocr",))


def test_an_image_keeps_who_read_it_and_how(tmp_path: Path) -> None:
    path = tmp_path / "page.png"
    text_page().save(path)
    found = convert(path, RAPID)
    (record,) = found.meta["ocr"]
    assert record["engine"] == found.pages[0].ocr_engine == "rapidocr"
    assert record["tried"] == [{"engine": "rapidocr", "reason": ""}]
    assert record["score"] == pytest.approx(found.pages[0].ocr_score, abs=1e-3)
    assert {block.source for block in found.blocks} == {"ocr"}


def test_a_blank_page_has_no_words() -> None:
    blank = Image.new("RGB", (600, 800), "white")
    assert read_image(blank, Page(1, 600, 800), RAPID) is None


def test_a_tiny_picture_is_no_trouble() -> None:
    dot = Image.new("RGB", (5, 3), "white")
    dot.putpixel((2, 1), (0, 0, 0))
    found = read_image(dot, Page(1, 5, 3), RAPID)
    assert found is not None
    assert found.page.words == ()


def test_no_engine_is_a_clear_error() -> None:
    with pytest.raises(EngineError) as error:
        read_image(text_page(), Page(1, 10, 10), ConvertOptions(ocr_engines=()))
    assert error.value.code == "ocr_failed"


def test_a_label_and_its_value_share_a_line() -> None:
    found = read_image(receipt_image(), Page(1, 450, 350), RAPID)
    assert found is not None
    assert found.page.text.split("\n") == ["CORNER SHOP", "Coffee 3.20", "Total: 12.50"]


def test_running_text_in_two_columns_is_read_column_by_column() -> None:
    left = "the first column tells of rivers and the mills that stood on their banks for ages. " * 4
    right = "beside it another story goes on about clouds and how the rain comes down from them. " * 4
    words, _ = laid_out([*_column(left, 0.05), *_column(right, 0.55)], 0.7)
    assert " ".join(word.text for word in words) == (left + right).strip()


def _column(text: str, x: float) -> list[Word]:
    """Five words a line."""
    return [
        Word(token, Box(1, x + 0.08 * (index % 5), 0.1 + 0.03 * (index // 5), 0.07, 0.015))
        for index, token in enumerate(text.split())
    ]


def test_large_letters_make_a_heading() -> None:
    image = Image.new("RGB", (1000, 900), "white")
    pen = ImageDraw.Draw(image)
    pen.text((100, 60), "Annual Report", fill="black", font=ImageFont.truetype(vera(), 80))
    for number in range(6):
        line = "plain words of ordinary size follow here"
        pen.text((100, 250 + 60 * number), line, fill="black", font=ImageFont.truetype(vera(), 32))
    found = read_image(image, Page(1, 500, 450), RAPID)
    assert found is not None
    assert [block.kind for block in found.blocks] == ["heading", "paragraph"]
    assert found.blocks[0].text == "Annual Report"


def test_a_picture_with_words_gets_them_as_figure_text(tmp_path: Path) -> None:
    path = scanned_pdf(tmp_path / "scan.pdf")
    figure = Block("figure", "", 1, Box(1, 0.0, 0.0, 1.0, 1.0))
    found = ConvertedDocument((Page(1, 450, 350),), (figure,), "text_layer", "", "")
    with open_pdf(path, password=None) as document:
        blocks = read_figures(found, document, RAPID).blocks
    assert [block.kind for block in blocks] == ["figure", "figure_text"]
    assert "Coffee 3.20" in blocks[1].text


def test_a_picture_whose_words_are_known_is_left_alone(tmp_path: Path) -> None:
    path = scanned_pdf(tmp_path / "scan.pdf")
    figure = Block("figure", "", 1, Box(1, 0.0, 0.0, 1.0, 1.0))
    page = Page(1, 450, 350, words=(Word("known", Box(1, 0.4, 0.4, 0.1, 0.1)),))
    found = ConvertedDocument((page,), (figure,), "text_layer", "", "")
    with open_pdf(path, password=None) as document:
        assert read_figures(found, document, RAPID) == found
