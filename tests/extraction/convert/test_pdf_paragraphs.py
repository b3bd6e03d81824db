"""Paragraphs of a PDF: lines joined, broken words mended, columns and pages crossed."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from extraction.engines.convert import ConvertOptions, convert
from extraction.engines.convert.paragraphs import Vocabulary, joint
from tests.extraction.convert.pdf_files import PROSE, Sheet, two_columns

NO_OCR = ConvertOptions(ocr="off")
PLAIN = ConvertOptions(ocr="off", plain_pdf=True)
COUNCIL = "Meanwhile the council met in the upper hall and argued about the bridge until late. "


@pytest.mark.parametrize(
    ("before", "after", "link"),
    [
        ("a new exam-", "ple", "-"),
        ("the long-", "term plan", ""),
        ("a well-", "known wall", ""),
        ("from Sales-", "Marketing", ""),
        ("a soft\u00ad", "ware", "-"),
        ("pages 3-", "4", " "),
        ("the old", "wall", " "),
    ],
)
def test_a_hyphen_stays_where_the_document_prints_it_inside_lines(before: str, after: str, link: str) -> None:
    vocabulary = Vocabulary()
    vocabulary.add(["The example of a well-known wall.", "In the long run this term is over."])
    assert joint(before, after, vocabulary) == link


def test_a_paragraph_goes_on_over_the_page_break(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "a.pdf").at(640).prose(PROSE + "In the end the old harbour was")
    sheet.page().at(72).prose("closed to all ships of more than ten tons. " + PROSE)
    document = convert(sheet.save(), NO_OCR)
    (paragraph,) = document.blocks
    assert "the old harbour was closed to all ships" in paragraph.text
    assert paragraph.page == 1


def test_a_heading_ends_a_paragraph(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "a.pdf").prose(PROSE + "In the end the old harbour was")
    sheet.heading("Winter").prose("closed to all ships of more than ten tons. " + PROSE)
    kinds = [block.kind for block in convert(sheet.save(), NO_OCR).blocks]
    assert kinds == ["paragraph", "heading", "paragraph"]


@pytest.mark.parametrize("options", [NO_OCR, PLAIN], ids=["liteparse", "pdfium"])
def test_columns_are_read_one_after_the_other(tmp_path: Path, options: ConvertOptions) -> None:
    left = textwrap.wrap(PROSE * 3, 42)[:14]
    right = textwrap.wrap(COUNCIL * 8, 42)[:14]
    document = convert(two_columns(tmp_path / "a.pdf", left, right), options)
    text = " ".join(block.text for block in document.blocks)
    assert text.index("wrote the figures") < text.index("Meanwhile the council")
    assert " ".join(left) in text
    # The page's full text keeps the columns apart, too.
    assert left[1] in document.pages[0].text.splitlines()
    assert right[1] in document.pages[0].text.splitlines()


def test_label_and_value_at_the_margins_share_a_line(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "a.pdf")
    for label, value in (("Invoice number", "A-17"), ("Due date", "12 May 2024"), ("Total", "99.50")):
        sheet.line(label, gap=6)
        sheet.at(sheet.y - 13).line(value, x=430)
    lines = convert(sheet.save(), NO_OCR).pages[0].text.splitlines()
    assert lines == ["Invoice number A-17", "Due date 12 May 2024", "Total 99.50"]
