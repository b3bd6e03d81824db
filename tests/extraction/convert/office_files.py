"""Office files that our samples' makers do not make: old spreadsheets, Word's rarer parts."""

from __future__ import annotations

import datetime as dt
import zipfile
from pathlib import Path
from typing import Any

import docx
import xlwt
from docx.oxml import parse_xml
from odf.opendocument import OpenDocumentSpreadsheet
from odf.style import Style, TableProperties
from odf.table import CoveredTableCell, Table, TableCell, TableColumn, TableRow
from odf.text import P

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
M = "http://schemas.openxmlformats.org/officeDocument/2006/math"


def word_file(path: Path, *body: str, parts: dict[str, str] | None = None) -> Path:
    """A Word file whose body is hand-written; `parts` replace parts of the template."""
    document = docx.Document()
    space = f'xmlns:w="{W}" xmlns:m="{M}"'
    for source in body:
        element = parse_xml(f"<w:body {space}>{source}</w:body>")
        for child in list(element):
            document.element.body.insert(len(document.element.body) - 1, child)
    document.save(str(path))
    for name, content in (parts or {}).items():
        _replace(path, name, content)
    return path


def _replace(path: Path, name: str, content: str) -> None:
    with zipfile.ZipFile(path) as archive:
        parts = {part: archive.read(part) for part in archive.namelist()}
    parts[name] = content.encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, data in parts.items():
            archive.writestr(part, data)


def old_excel(path: Path) -> Path:
    """An XLS with a title over all columns, formats, a hidden row, column and sheet."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("März")
    sheet.write_merge(0, 0, 0, 2, "Kasse")
    rows: list[tuple[Any, ...]] = [
        ("Tag", "Betrag", "Anteil", "Geheim"),
        (dt.date(2026, 3, 1), 1234.5, 0.19, "x"),
        (dt.date(2026, 3, 2), 99.0, 0.5, "x"),
        (dt.date(2026, 3, 3), 7.25, 1.0, "x"),
    ]
    formats = ("DD.MM.YYYY", '#,##0.00\\ "€"', "0%", "General")
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            style = xlwt.easyxf(num_format_str=formats[column] if number else "General")
            sheet.write(2 + number, column, value, style)
    sheet.row(4).hidden = True
    sheet.col(3).hidden = True
    secret = book.add_sheet("Intern")
    secret.write(0, 0, "secret")
    secret.visibility = 1
    book.save(str(path))
    return path


def open_spreadsheet(path: Path) -> Path:
    """An ODS with merged cells, shown values, a hidden column and sheet, and a million repeated blanks."""
    book = OpenDocumentSpreadsheet()
    hidden = Style(name="ta2", family="table")
    hidden.addElement(TableProperties(display="false"))
    book.automaticstyles.addElement(hidden)
    sheet = Table(name="Lager")
    sheet.addElement(TableColumn(numbercolumnsrepeated=2))
    sheet.addElement(TableColumn(visibility="collapse"))
    head = TableRow()
    head.addElement(_cell("Artikel"))
    head.addElement(_cell("Wert"))
    head.addElement(_cell("Geheim"))
    sheet.addElement(head)
    for name, shown in (("Kisten", "1.234,50 €"), ("Mappen", "99,00 €")):
        row = TableRow()
        row.addElement(_cell(name))
        row.addElement(_cell(shown, valuetype="float", value="1"))
        row.addElement(_cell("secret"))
        sheet.addElement(row)
    total = TableRow()
    total.addElement(_cell("alles zusammen", numbercolumnsspanned=2))
    total.addElement(CoveredTableCell())
    sheet.addElement(total)
    blank = TableRow(numberrowsrepeated=1_048_570)
    blank.addElement(TableCell(numbercolumnsrepeated=16_384))
    sheet.addElement(blank)
    book.spreadsheet.addElement(sheet)
    secret = Table(name="Intern", stylename=hidden)
    row = TableRow()
    row.addElement(_cell("secret"))
    secret.addElement(row)
    book.spreadsheet.addElement(secret)
    book.save(str(path))
    return path


def _cell(text: str, **attributes: Any) -> TableCell:
    cell = TableCell(**{"valuetype": "string", **attributes})
    cell.addElement(P(text=text))
    return cell
