"""How PDFs are read: progress, chunks, pages the layout engine fails on, turned pages and turned text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import liteparse
import pytest
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from extraction.engines.convert import ConvertOptions, convert, pdf_engine
from tests.extraction.convert.files import report_pdf, scanned_pdf, turned_pdf
from tests.extraction.convert.pdf_files import HEIGHT, PROSE, WIDTH, Sheet, pages

NO_OCR = ConvertOptions(ocr="off")
DEJAVU = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")


def numbered(sheet: Sheet, number: int) -> None:
    sheet.heading(f"{number} Tides").prose(f"This is page {number}. " + PROSE)


def test_every_page_is_reported_once_and_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_engine, "CHUNK_PAGES", 2)
    heard: list[tuple[int, int]] = []
    source = pages(tmp_path / "a.pdf", 5, numbered)
    document = convert(source, NO_OCR, on_page=lambda done, total: heard.append((done, total)))
    assert heard == [(1, 5), (2, 5), (3, 5), (4, 5), (5, 5)]
    assert [page.number for page in document.pages] == [1, 2, 3, 4, 5]


def test_pages_read_in_chunks_are_the_same_as_read_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = pages(tmp_path / "a.pdf", 5, numbered)
    at_once = convert(source, NO_OCR)
    monkeypatch.setattr(pdf_engine, "CHUNK_PAGES", 2)
    assert convert(source, NO_OCR) == at_once


def test_a_selection_of_pages_keeps_their_numbers(tmp_path: Path) -> None:
    source = pages(tmp_path / "a.pdf", 5, numbered)
    document = convert(source, ConvertOptions(ocr="off", pages="4,2"))
    assert [page.number for page in document.pages] == [2, 4]
    assert [block.page for block in document.blocks if block.kind == "heading"] == [2, 4]


def test_a_page_that_the_layout_engine_leaves_out_is_read_by_pdfium(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = pages(tmp_path / "a.pdf", 3, numbered)
    parse = liteparse.LiteParse.parse

    def without_page_2(self: Any, data: bytes) -> Any:
        result = parse(self, data)
        result.pages = [page for page in result.pages if page.page_num != 2]
        return result

    monkeypatch.setattr(liteparse.LiteParse, "parse", without_page_2)
    document = convert(source, NO_OCR)
    assert document.parser == "liteparse"
    headings = [block.text for block in document.blocks if block.kind == "heading"]
    assert headings == ["1 Tides", "2 Tides", "3 Tides"]
    assert "This is page 2." in document.pages[1].text


def test_a_file_on_which_the_layout_engine_fails_is_read_by_pdfium(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(self: Any, data: bytes) -> Any:
        raise liteparse.ParseError("no")

    monkeypatch.setattr(liteparse.LiteParse, "parse", fail)
    document = convert(pages(tmp_path / "a.pdf", 2, numbered), NO_OCR)
    assert [page.text.splitlines()[0] for page in document.pages] == ["1 Tides", "2 Tides"]


def test_tables_may_stay_text(tmp_path: Path) -> None:
    source = report_pdf(tmp_path / "a.pdf")
    with_tables = convert(source, NO_OCR)
    without = convert(source, ConvertOptions(ocr="off", tables="off"))
    assert "table" in {block.kind for block in with_tables.blocks}
    assert "table" not in {block.kind for block in without.blocks}
    text = " ".join(block.text for block in without.blocks)
    assert all(word in text for word in ("Widget", "Quantity", "5.50"))


def test_a_scan_without_ocr_is_an_empty_page(tmp_path: Path) -> None:
    document = convert(scanned_pdf(tmp_path / "a.pdf"), NO_OCR)
    assert document.pages[0].words == ()


@pytest.mark.parametrize("plain", [False, True], ids=["liteparse", "pdfium"])
@pytest.mark.parametrize(
    ("rotation", "matrix"),
    [(0, "1 0 0 1 60 700"), (90, "0 1 -1 0 100 60"), (180, "-1 0 0 -1 540 100"), (270, "0 -1 1 0 500 740")],
)
def test_a_turned_page_is_read_as_it_is_shown(
    tmp_path: Path, rotation: int, matrix: str, plain: bool
) -> None:
    source = turned_pdf(tmp_path / "a.pdf", "Hello turned world", rotation=rotation, matrix=matrix)
    page = convert(source, ConvertOptions(ocr="off", plain_pdf=plain)).pages[0]
    assert (page.rotation, page.text) == (rotation, "Hello turned world")
    assert (page.width, page.height) == ((800, 600) if rotation in (90, 270) else (600, 800))
    first, *_, last = page.words
    assert first.box.right < last.box.x
    assert first.box.y == pytest.approx(last.box.y, abs=0.01)
    assert 0.07 < first.box.x < 0.12


def test_text_along_the_margin_does_not_tear_the_rows(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "a.pdf").heading("Tides").prose(PROSE * 2)
    sheet.canvas.saveState()
    sheet.canvas.translate(30, HEIGHT - 300)
    sheet.canvas.rotate(90)
    sheet.canvas.drawString(0, 0, "archived on the first of May")
    sheet.canvas.restoreState()
    document = convert(sheet.save(), NO_OCR)
    lines = document.pages[0].text.splitlines()
    assert sum("archived" in line for line in lines) == 1
    assert "archived" in lines[-1]
    prose = [block.text for block in document.blocks if block.text.startswith("The harbour")]
    assert prose == [(PROSE * 2).strip()]


def test_a_page_number_stands_apart_from_text_at_the_other_edge(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "a.pdf").prose()
    sheet.canvas.drawString(WIDTH - 60, HEIGHT - 810, "12")
    document = convert(sheet.save(), NO_OCR)
    assert [(block.kind, block.text) for block in document.blocks if block.kind == "footer"] == [
        ("footer", "12")
    ]


@pytest.mark.skipif(not DEJAVU.exists(), reason="no font with Hebrew letters on this machine")
@pytest.mark.parametrize("plain", [False, True], ids=["liteparse", "pdfium"])
def test_right_to_left_text_is_in_the_order_it_is_read(tmp_path: Path, plain: bool) -> None:
    pdfmetrics.registerFont(TTFont("DejaVu", str(DEJAVU)))
    sheet = Sheet(tmp_path / "a.pdf")
    spoken = "שלום עולם טוב"
    # A PDF holds the letters in the order they are drawn: from the left.
    sheet.line(spoken[::-1], font="DejaVu", size=14)
    page = convert(sheet.save(), ConvertOptions(ocr="off", plain_pdf=plain)).pages[0]
    assert page.text == spoken
