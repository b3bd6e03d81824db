"""Word, Excel, HTML, CSV, Markdown and text: blocks in order, words on made-up pages."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import docx
import openpyxl
import pytest

from extraction.engines.blocks import ConvertedDocument
from extraction.engines.convert import convert
from extraction.engines.convert.filetypes import CSV, DOCX, HTML, MARKDOWN, TXT, XLSX


def outline(document: ConvertedDocument) -> list[tuple[str, int, str]]:
    return [(block.kind, block.level, block.text) for block in document.blocks]


def assert_laid_out(document: ConvertedDocument) -> None:
    assert document.meta["synthetic_layout"] is True
    for page in document.pages:
        for word in page.words:
            assert 0 <= word.box.x < word.box.right <= 1
            assert 0 <= word.box.y < word.box.bottom <= 1


def test_a_word_file_keeps_its_order(tmp_path: Path) -> None:
    source = docx.Document()
    source.add_heading("Offer", level=1)
    source.add_paragraph("We offer:")
    source.add_paragraph("apples", style="List Bullet")
    source.add_paragraph("green ones", style="List Bullet 2")
    table = source.add_table(rows=2, cols=3)
    for cell, text in zip(
        [*table.rows[0].cells, *table.rows[1].cells],
        ["Item", "Qty", "Price", "Apple", "2", "9.90"],
        strict=True,
    ):
        cell.text = text
    source.add_paragraph("Kind regards")
    source.save(str(tmp_path / "a.docx"))
    document = convert(tmp_path / "a.docx", content_type=DOCX)
    assert outline(document) == [
        ("heading", 1, "Offer"),
        ("paragraph", 0, "We offer:"),
        ("list_item", 0, "apples"),
        ("list_item", 1, "green ones"),
        ("table", 0, "Item\tQty\tPrice\nApple\t2\t9.90"),
        ("paragraph", 0, "Kind regards"),
    ]
    assert_laid_out(document)
    words = {word.text: word for word in document.pages[0].words}
    assert words["Apple"].line == words["9.90"].line
    assert words["Apple"].box.x < words["2"].box.x < words["9.90"].box.x
    assert words["Price"].box.x == pytest.approx(words["9.90"].box.x)


def test_merged_cells_of_a_word_table_come_once(tmp_path: Path) -> None:
    source = docx.Document()
    table = source.add_table(rows=3, cols=2)
    table.cell(0, 0).merge(table.cell(0, 1)).text = "wide"
    table.cell(1, 0).merge(table.cell(2, 0)).text = "tall"
    table.cell(1, 1).text, table.cell(2, 1).text = "x", "y"
    source.save(str(tmp_path / "a.docx"))
    cells = convert(tmp_path / "a.docx", content_type=DOCX).blocks[0].cells
    assert [(c.row, c.col, c.text, c.rowspan, c.colspan) for c in cells] == [
        (0, 0, "wide", 1, 2),
        (1, 0, "tall", 2, 1),
        (1, 1, "x", 1, 1),
        (2, 1, "y", 1, 1),
    ]


def test_an_excel_file_shows_dates_and_numbers_as_people_see_them(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "March"
    sheet.append(["Day", "Net", "Tax"])
    sheet.append([dt.date(2026, 3, 1), 1234.5, 0.19])
    sheet["B2"].number_format = "#,##0.00"
    sheet["C2"].number_format = "0%"
    book.create_sheet("Hidden").sheet_state = "hidden"
    book.save(tmp_path / "a.xlsx")
    document = convert(tmp_path / "a.xlsx", content_type=XLSX)
    assert outline(document) == [
        ("heading", 2, "March"),
        ("table", 0, "Day\tNet\tTax\n2026-03-01\t1,234.50\t19%"),
    ]
    assert_laid_out(document)


def test_a_long_sheet_is_cut_and_says_so(tmp_path: Path) -> None:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Long")
    for number in range(2_050):
        sheet.append([number, "x"])
    book.save(tmp_path / "a.xlsx")
    document = convert(tmp_path / "a.xlsx", content_type=XLSX)
    assert document.meta["truncated"] is True
    assert document.blocks[1].text.count("\n") == 1_999
    assert len(document.pages) > 30


def test_html_gives_visible_text_in_order(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text(
        "<html><head><style>p{}</style></head><body><h2>News</h2><p>First <b>bold</b> line<br>"
        "second<script>alert(1)</script></p><ol><li>one<ul><li>inner</li></ul></li></ol>loose text<table><tr>"
        "<th colspan=2>Sum</th></tr><tr><td>a</td><td>1</td></tr></table><p hidden>no</p>"
        "<img src='http://x/y.png'>"
    )
    document = convert(path, content_type=HTML)
    assert outline(document) == [
        ("heading", 2, "News"),
        ("paragraph", 0, "First bold line\nsecond"),
        ("list_item", 0, "one"),
        ("list_item", 1, "inner"),
        ("paragraph", 0, "loose text"),
        ("table", 0, "Sum\t\na\t1"),
    ]
    assert document.blocks[5].cells[0].colspan == 2
    assert_laid_out(document)


def test_csv_with_semicolons_is_one_table(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes('Name;Betrag\nMüller;"1.234,50"\n'.encode("latin-1"))
    document = convert(path, content_type=CSV)
    assert outline(document) == [("table", 0, "Name\tBetrag\nMüller\t1.234,50")]


def test_markdown_becomes_blocks(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text(
        "# Title\n\nSome *light* and **bold** text\nwith a [link](http://x).\n\n- a\n  - b\n3. c\n\n"
        "| A | B |\n|---|:-:|\n| 1 | 2 |\n\n```\n# code\n```\n"
    )
    document = convert(path, content_type=MARKDOWN)
    assert outline(document) == [
        ("heading", 1, "Title"),
        ("paragraph", 0, "Some light and bold text\nwith a link."),
        ("list_item", 0, "a"),
        ("list_item", 1, "b"),
        ("list_item", 0, "c"),
        ("table", 0, "A\tB\n1\t2"),
        ("code", 0, "# code"),
    ]
    assert document.blocks[4].marker == "3."


def test_text_is_wrapped_onto_as_many_pages_as_it_needs(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("\n\n".join("word " * 200 for _ in range(20)))
    document = convert(path, content_type=TXT)
    assert len(document.blocks) == 20
    assert len(document.pages) > 1
    assert sum(len(page.words) for page in document.pages) == 4_000
    assert_laid_out(document)
