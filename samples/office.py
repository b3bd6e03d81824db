"""A Word document and an Excel workbook, the same bytes on every run."""

from __future__ import annotations

import io
import random
import re
import zipfile
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import docx
from docx.document import Document
from docx.shared import Pt
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.worksheet import Worksheet

from samples.catalogue import COUNTRIES

FIXED = datetime(2026, 1, 2, 9, 30)
EURO = '#,##0.00\\ "€"'
DAY = "yyyy-mm-dd"
BOLD = Font(bold=True)
FILL = PatternFill("solid", start_color="DCE6F1")
TASKS = (
    ("Publish the naming rule for incoming letters", 9),
    ("Move the 2019 boxes to the dry store", 16),
    ("Compare two quotes for the new scanner", 23),
    ("Train the reception on the review screen", 30),
    ("Report the number of failed searches", 37),
)
KINDS = ("Travel", "Postage", "Stationery", "Repairs", "Training")


def write_docx(path: Path, seed: int) -> None:
    """Minutes of a meeting: headings, bullets, a numbered list and a table."""
    rng = random.Random(f"{seed}:docx")
    people = rng.sample(COUNTRIES["GB"].first_names, 4)
    meeting = date(2026, 3, 3) + timedelta(weeks=rng.randrange(0, 17))
    document = docx.Document()
    document.styles["Normal"].font.size = Pt(10.5)
    stamp(document, "Minutes of the records meeting")
    document.add_heading("Minutes of the records meeting", 0)
    document.add_paragraph(f"Held on {meeting:%d %B %Y} in the reading room. Minutes: {people[0]}.")
    _topics(document, people)
    _actions(document, people, meeting)
    document.save(str(path))
    fix_zip(path)


def stamp(document: Any, title: str) -> None:
    """Fills in the properties that Word and PowerPoint files would take from the clock and the user."""
    properties = document.core_properties
    properties.title, properties.author = title, "Records office"
    properties.created = properties.modified = FIXED


def _topics(document: Document, people: list[str]) -> None:
    document.add_heading("1 Present", 1)
    for name in people:
        document.add_paragraph(name, style="List Bullet")
    document.add_heading("2 Discussed", 1)
    document.add_heading("2.1 Incoming post", 2)
    paragraph = document.add_paragraph("The backlog has fallen to ")
    paragraph.add_run("three working days").bold = True
    paragraph.add_run(". Letters without a number are still the ones that go astray.")
    document.add_heading("2.2 Order of work", 2)
    for step in ("Open and date-stamp", "Scan both sides", "Check the reading", "File or forward"):
        document.add_paragraph(step, style="List Number")


def _actions(document: Document, people: list[str], meeting: date) -> None:
    document.add_heading("3 Actions", 1)
    table = document.add_table(rows=1, cols=3, style="Light Grid Accent 1")
    for cell, title in zip(table.rows[0].cells, ("Action", "Who", "By"), strict=True):
        cell.text = title
    for place, (task, days) in enumerate(TASKS):
        cells = table.add_row().cells
        cells[0].text, cells[1].text = task, people[place % len(people)]
        cells[2].text = (meeting + timedelta(days=days)).isoformat()
    document.add_paragraph()
    document.add_paragraph("The next meeting takes place four weeks later at the same time.")


def write_xlsx(path: Path, seed: int) -> None:
    """A workbook of two sheets: expenses by day, and their sums by kind."""
    rng = random.Random(f"{seed}:xlsx")
    rows = _expenses(rng)
    book = Workbook()
    book.properties.creator, book.properties.created = "Records office", FIXED
    _detail_sheet(book.worksheets[0], rows)
    _summary_sheet(book.create_sheet("Summary"), rows)
    book.save(str(path))
    fix_zip(path)


def _expenses(rng: random.Random) -> list[tuple[date, str, str, Decimal]]:
    day, rows = date(2026, 1, 5), []
    for _ in range(24):
        day += timedelta(days=rng.randrange(1, 6))
        who = rng.choice(COUNTRIES["GB"].first_names)
        rows.append((day, rng.choice(KINDS), who, Decimal(rng.randrange(450, 42000)) / 100))
    return rows


def _detail_sheet(sheet: Worksheet, rows: list[tuple[date, str, str, Decimal]]) -> None:
    sheet.title = "Expenses"
    _heading(sheet, "Expenses, first half of 2026", ("Date", "Kind", "Person", "Amount"))
    for row in rows:
        sheet.append(row)
    sheet.append((None, "Total", None, sum(row[3] for row in rows)))
    for cells in sheet.iter_rows(min_row=4):
        cells[0].number_format, cells[3].number_format = DAY, EURO
    _close(sheet)


def _summary_sheet(sheet: Worksheet, rows: list[tuple[date, str, str, Decimal]]) -> None:
    _heading(sheet, "Expenses by kind", ("Kind", "Count", "Sum", "Largest"))
    for kind in KINDS:
        sums = [amount for _, own, _, amount in rows if own == kind]
        sheet.append((kind, len(sums), sum(sums), max(sums, default=Decimal(0))))
    amounts = [row[3] for row in rows]
    sheet.append(("Total", len(rows), sum(amounts), max(amounts)))
    for cells in sheet.iter_rows(min_row=4):
        cells[2].number_format = cells[3].number_format = EURO
    _close(sheet)


def _heading(sheet: Worksheet, title: str, columns: tuple[str, ...]) -> None:
    """A title over all columns, an empty row, and the table's head in row 3."""
    sheet["A1"] = title
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(columns))
    sheet["A1"].font, sheet["A1"].alignment = Font(bold=True, size=14), Alignment(horizontal="center")
    sheet.append(())
    for column, text in enumerate(columns, 1):
        cell = sheet.cell(3, column, text)
        cell.font, cell.fill = BOLD, FILL
    sheet.freeze_panes = "A4"
    for letter in "ABCD":
        sheet.column_dimensions[letter].width = 16


def _close(sheet: Worksheet) -> None:
    """Makes the last row look like a sum."""
    for cell in sheet[sheet.max_row]:
        cell.font, cell.border = BOLD, Border(top=Side(style="thin"))


def write_ledger(path: Path, seed: int) -> None:
    """A sheet with merged heads, German dates, currencies and percentages; a hidden row, column, sheet."""
    rng = random.Random(f"{seed}:ledger")
    book = Workbook()
    book.properties.creator, book.properties.created = "Records office", FIXED
    sheet = book.worksheets[0]
    sheet.title = "Ledger"
    sheet.append(("Ledger 2026",))
    sheet.append(())
    sheet.append(("Booked", "Text", "Amount", None, "Tax", "Secret"))
    sheet.append((None, None, "EUR", "USD", None, None))
    for area in ("A1:E1", "A3:A4", "B3:B4", "C3:D3", "E3:E4"):
        sheet.merge_cells(area)
    day = date(2026, 1, 5)
    for number in range(6):
        day += timedelta(days=rng.randrange(3, 20))
        cents = rng.randrange(100_000, 900_000)
        sheet.append((day, rng.choice(KINDS), cents / 100, cents / 92, rng.choice((0.07, 0.19)), number))
    for cells in sheet.iter_rows(min_row=5):
        cells[0].number_format, cells[2].number_format = "dd.mm.yyyy", '#,##0.00\\ "€"'
        cells[3].number_format, cells[4].number_format = "[$$-409]#,##0.00", "0%"
    sheet.row_dimensions[7].hidden = sheet.column_dimensions["F"].hidden = True
    book.create_sheet("Internal").sheet_state = "hidden"
    book["Internal"]["A1"] = "not for others"
    book.save(str(path))
    fix_zip(path)


def fix_zip(path: Path) -> None:
    """Rewrites an Office file without clock times, which the libraries take from the machine."""
    path.write_bytes(_fixed(path.read_bytes()))


def _fixed(package: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "docProps/core.xml":
                data = _timeless(data)
            elif name.endswith(".xlsx"):
                # The workbook behind a chart.
                data = _fixed(data)
            info = zipfile.ZipInfo(name, FIXED.timetuple()[:6])
            info.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(info, data)
    return out.getvalue()


def _timeless(properties: bytes) -> bytes:
    stamp = FIXED.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    return re.sub(rb"(<dcterms:(?:modified|created)[^>]*>)[^<]*", rb"\g<1>" + stamp, properties)
