"""Spreadsheets of all kinds: values as shown, nothing that is hidden."""

from __future__ import annotations

import io
import time
import zipfile
from pathlib import Path

import openpyxl
import pytest
from PIL import Image

from extraction.engines.blocks import Block, ConvertedDocument
from extraction.engines.convert import EngineError, PasswordRequired, convert
from extraction.engines.convert.filetypes import ODS, XLS, XLSX, detect
from extraction.engines.convert.numfmt import shown_number
from samples.hostile import far_corner_xlsx
from samples.office import write_ledger
from tests.extraction.convert import files
from tests.extraction.convert.office_files import old_excel, open_spreadsheet


def table(document: ConvertedDocument) -> Block:
    (found,) = [block for block in document.blocks if block.kind == "table"]
    return found


def sheet_file(path: Path, rows: list[list[object]]) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    book.save(path)
    return path


@pytest.mark.parametrize(
    ("value", "code", "shown"),
    [
        (1234.5, "#,##0.00", "1,234.50"),
        (1234.5, '#,##0.00\\ "€"', "1,234.50 €"),
        (-1234.5, '_-* #,##0.00\\ "€"_-;\\-* #,##0.00\\ "€"_-;_-* "-"??\\ "€"_-;_-@_-', "-1,234.50 €"),
        (1234.5, '_("$"* #,##0.00_);_("$"* (#,##0.00)', "$1,234.50"),
        (-5, "#,##0;[Red](#,##0)", "(5)"),
        (1234.5, "[$$-409]#,##0.00", "$1,234.50"),
        (1234, "#,##0 [$€-1]", "1,234 €"),
        (0.195, "0.0%", "19.5%"),
        (2.5, "0", "3"),
        (1234567, '0.0,,"M"', "1.2M"),
        (7, "000", "007"),
        (42, "0,000.0", "0,042.0"),
        (12345, "00-000", "12-345"),
        (3.5, "# ?/?", "3 1/2"),
        (12345678, "0.00E+00", "1.23E+07"),
        (150, '[>=100]"many";0', "many"),
        (3, '0 "Stk."', "3 Stk."),
        (0.1 + 0.2, "General", "0.3"),
        (4012345678901, "General", "4012345678901"),
        (46000, "dd.mm.yyyy", "09.12.2025"),
        (46000.75, "yyyy-mm-dd hh:mm", "2025-12-09 18:00"),
        (46000, "[$-407]d. mmmm yyyy", "9. Dezember 2025"),
        (46000, "ddd d mmm yy", "Tue 9 Dec 25"),
        (46000, "[$-F800]dddd\\,\\ mmmm\\ dd", "2025-12-09"),
        (0.75, "h:mm AM/PM", "6:00 PM"),
        (1.5, "[h]:mm", "36:00"),
        (0.0425, "mm:ss", "01:12"),
        (-1, "dd.mm.yyyy", "-1"),
        (1, '"just words"', "just words"),
    ],
)
def test_numbers_are_shown_by_their_format(value: float, code: str, shown: str) -> None:
    assert shown_number(value, code) == shown


def test_a_ledger_is_read_as_excel_shows_it(tmp_path: Path) -> None:
    write_ledger(tmp_path / "a.xlsx", 7)
    document = convert(tmp_path / "a.xlsx", content_type=XLSX)
    assert [(block.kind, block.text) for block in document.blocks[:2]] == [
        ("heading", "Ledger"),
        ("paragraph", "Ledger 2026"),
    ]
    cells = {(cell.row, cell.col): cell for cell in table(document).cells}
    assert (cells[0, 0].rowspan, cells[0, 2].colspan, cells[1, 3].text) == (2, 2, "USD")
    assert [cells[0, 0].header, cells[1, 3].header, cells[2, 0].header] == [True, True, False]
    assert cells[2, 0].text == "24.01.2026"
    assert cells[2, 2].text.endswith(" €")
    assert cells[2, 3].text.startswith("$")
    assert cells[2, 4].text == "19%"
    # Of six rows one is hidden, and so are a column and a sheet.
    assert max(row for row, _ in cells) == 6
    assert max(column for _, column in cells) == 4
    assert "not for others" not in document.text


def test_islands_of_cells_become_tables_of_their_own(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["Item", "Price", None, "City", "People"],
        ["Box", 3, None, "York", 12],
        ["Pen", 1, None, "Leeds", 30],
        [],
        ["Note: prices without tax"],
    ]
    document = convert(sheet_file(tmp_path / "a.xlsx", rows), content_type=XLSX)
    assert [(block.kind, block.text) for block in document.blocks[1:]] == [
        ("table", "Item\tPrice\nBox\t3\nPen\t1"),
        ("table", "City\tPeople\nYork\t12\nLeeds\t30"),
        ("paragraph", "Note: prices without tax"),
    ]


def test_a_gap_inside_a_table_does_not_cut_it(tmp_path: Path) -> None:
    rows: list[list[object]] = [["Item", "Price"], ["Box", 3], [], ["Pen", 1], ["Total", 4]]
    document = convert(sheet_file(tmp_path / "a.xlsx", rows), content_type=XLSX)
    assert table(document).text == "Item\tPrice\nBox\t3\nPen\t1\nTotal\t4"


def test_a_picture_in_a_sheet_is_a_figure(tmp_path: Path) -> None:
    from openpyxl.drawing.image import Image as SheetImage

    book = openpyxl.Workbook()
    book.worksheets[0]["A1"] = "Logo"
    picture = io.BytesIO()
    Image.new("RGB", (60, 40), "red").save(picture, "PNG")
    book.worksheets[0].add_image(SheetImage(picture), "B3")
    book.save(tmp_path / "a.xlsx")
    (figure,) = convert(tmp_path / "a.xlsx", content_type=XLSX).figures
    assert figure.ref == "xl/media/image1.png"


def test_an_old_excel_file_shows_the_same_as_a_new_one(tmp_path: Path) -> None:
    document = convert(old_excel(tmp_path / "a.xls"), content_type=XLS)
    assert [(block.kind, block.text) for block in document.blocks] == [
        ("heading", "März"),
        ("paragraph", "Kasse"),
        ("table", "Tag\tBetrag\tAnteil\n01.03.2026\t1,234.50 €\t19%\n03.03.2026\t7.25 €\t100%"),
    ]


def test_an_open_spreadsheet_shows_what_the_file_says_is_shown(tmp_path: Path) -> None:
    document = convert(open_spreadsheet(tmp_path / "a.ods"), content_type=ODS)
    assert document.blocks[0].text == "Lager"
    found = table(document)
    assert found.text == "Artikel\tWert\nKisten\t1.234,50 €\nMappen\t99,00 €\nalles zusammen\t"
    assert found.cells[-1].colspan == 2
    assert "secret" not in document.text
    assert "truncated" not in document.meta


def test_a_locked_open_spreadsheet_asks_for_its_password(tmp_path: Path) -> None:
    path = open_spreadsheet(tmp_path / "a.ods")
    manifest = b"<manifest><file-entry><encryption-data/></file-entry></manifest>"
    locked = files.rewritten(path, tmp_path / "b.ods", "META-INF/manifest.xml", manifest)
    with pytest.raises(PasswordRequired):
        convert(locked, content_type=ODS)


def test_a_locked_old_excel_file_asks_for_its_password(tmp_path: Path) -> None:
    data = old_excel(tmp_path / "a.xls").read_bytes()
    # The first record after the workbook's head says that all others are encrypted.
    head = data.index(b"\x09\x08\x10\x00\x00\x06\x05\x00")
    locked = data[: head + 20] + b"\x2f\x00" + data[head + 22 :]
    (tmp_path / "b.xls").write_bytes(locked)
    assert detect(locked[:8192], locked) == XLS
    with pytest.raises(PasswordRequired):
        convert(tmp_path / "b.xls", content_type=XLS)


@pytest.mark.parametrize("kind", [XLSX, XLS, ODS])
def test_a_damaged_spreadsheet_says_what_it_is(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "a.bin"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("content.xml", "<office>")
        archive.writestr("xl/workbook.xml", "<workbook>")
    with pytest.raises(EngineError, match="OpenDocument file" if kind == ODS else "Excel file") as caught:
        convert(path, content_type=kind)
    assert caught.value.code == "corrupt_file"


def test_a_far_corner_costs_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(far_corner_xlsx())
    document = convert(tmp_path / "a.xlsx", content_type=XLSX)
    assert "only one" in document.text
    assert document.meta["truncated"] is True


def test_merged_areas_without_end_are_cheap(tmp_path: Path) -> None:
    path = sheet_file(tmp_path / "a.xlsx", [["a", "b"], [1, 2]])
    with zipfile.ZipFile(path) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    merges = "".join(f'<mergeCell ref="A1:XFD{1_048_576 - n}"/>' for n in range(20_000))
    bomb = sheet.replace("</sheetData>", f"</sheetData><mergeCells>{merges}</mergeCells>")
    hostile = files.rewritten(path, tmp_path / "b.xlsx", "xl/worksheets/sheet1.xml", bomb.encode())
    assert table(convert(hostile, content_type=XLSX)).text == "a\tb\n1\t2"


def test_merged_areas_over_and_over_the_same_cells_are_cheap(tmp_path: Path) -> None:
    path = sheet_file(tmp_path / "a.xlsx", [[n, *[None] * 40, n] for n in range(1_900)])
    with zipfile.ZipFile(path) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    merges = "".join(f'<mergeCell ref="A{n % 1900 + 1}:AO{2000 + n}"/>' for n in range(9_000))
    bomb = sheet.replace("</sheetData>", f"</sheetData><mergeCells>{merges}</mergeCells>")
    hostile = files.rewritten(path, tmp_path / "b.xlsx", "xl/worksheets/sheet1.xml", bomb.encode())
    started = time.process_time()
    assert len(convert(hostile, content_type=XLSX).blocks) >= 2
    assert time.process_time() - started < 10
