"""A document's result as a file to take away."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from typing import Any

import openpyxl
import pypdfium2
import pytest

from documents.services.files import file_delete, file_read
from extraction.models import Conversion, Extraction, Figure
from tests.contract.checks import error_of
from tests.contract.made import give_result
from tests.extraction.illustrated import scan_tiff

pytestmark = pytest.mark.django_db
ROWS = {
    "issue_date": "2026-06-04",
    "seller": {"name": "=HYPERLINK(1)"},
    "lines": [{"text": "=cmd|' /C calc'!A0"}, {"text": "-5"}],
    "weight": "-12.5",
}


@pytest.fixture
def invoice(upload: Any) -> Any:
    """A result whose texts want to be formulas, with a table."""
    document = give_result(upload(filename="bill.txt"))
    extraction = Extraction.objects.get(document=document)
    for name, value in ROWS.items():
        extraction.fields[name] |= {"value": value, "score": 90.0}
    extraction.save()
    cells = [("Item", 0, 0), ("Sum", 0, 1), ("+1+1", 1, 0), ("-7.50", 1, 1)]
    table = {
        "kind": "table", "text": "", "page": 1, "box": None,
        "cells": [{"row": row, "col": col, "text": text, "box": None} for text, row, col in cells],
    }  # fmt: skip
    Conversion.objects.filter(document=document).update(blocks=[table])
    return document


def export(api: Any, document: Any, kind: str) -> Any:
    response = api.get(f"/api/v1/documents/{document.pk}/export?format={kind}")
    assert response.status_code == 200, response.content
    assert response["Content-Disposition"].startswith("attachment")
    return response


def test_json_holds_result_and_blocks_and_is_the_default(api, illustrated):
    response = export(api, illustrated, "json")
    data = response.json()
    assert data["document_id"] == str(illustrated.pk)
    assert [block["kind"] for block in data["blocks"]][:2] == ["paragraph", "figure"]
    assert len(data["figures"]) == 2
    assert len(data["tables"]) == 1
    default = api.get(f"/api/v1/documents/{illustrated.pk}/export", headers={"range": "bytes=0-0"})
    assert (default.status_code, default.content) == (206, response.content[:1])
    again = api.get(f"/api/v1/documents/{illustrated.pk}/export", headers={"if-none-match": response["ETag"]})
    assert again.status_code == 304


def test_csv_has_fields_then_tables_and_no_formulas(api, invoice):
    text = export(api, invoice, "csv").content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[0] == ["name", "label", "value", "score", "page", "source"]
    by_name = {row[0]: row for row in rows if row}
    assert by_name["invoice_number"][2:] == ["A-1", "96.0", "1", "text_layer"]
    assert by_name["weight"][2] == "-12.5"  # a number stays one
    assert json.loads(by_name["seller"][2]) == ROWS["seller"]
    assert ["'=cmd|' /C calc'!A0"] in rows
    assert ["'+1+1", "-7.50"] in rows
    for cell in (cell for row in rows for cell in row):
        assert not cell.startswith(("=", "+", "@"))


def test_xlsx_has_a_sheet_for_the_fields_and_one_for_each_table(api, invoice):
    book = openpyxl.load_workbook(io.BytesIO(export(api, invoice, "xlsx").content))
    assert book.sheetnames == ["Fields", "Lines", "Table 1, page 1"]
    fields = {row[0].value: row for row in book["Fields"].iter_rows()}
    assert fields["total"][2].value == 12
    assert fields["weight"][2].value == -12.5
    assert fields["issue_date"][2].value == "2026-06-04"
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert "f" not in {cell.data_type for cell in cells}
    assert book["Lines"]["A2"].value == ROWS["lines"][0]["text"]
    assert [cell.value for cell in book["Table 1, page 1"][2]] == ["+1+1", "-7.50"]


def test_a_zip_holds_markdown_with_its_figures_and_json(api, illustrated):
    data = export(api, illustrated, "zip").getvalue()
    with zipfile.ZipFile(io.BytesIO(data)) as folder:
        assert sorted(folder.namelist()) == [
            "figures/p1-1.png",
            "figures/p2-1.png",
            "rings.json",
            "rings.md",
        ]
        markdown = folder.read("rings.md").decode()
        assert "![Rings on navy](figures/p1-1.png)" in markdown
        assert folder.read("figures/p2-1.png") == file_read(Figure.objects.get(index=2).key)
        assert json.loads(folder.read("rings.json"))["filename"] == "rings.pdf"
    assert export(api, illustrated, "md").content.decode() == markdown


def test_a_zip_whose_figure_is_lost_is_a_bad_gateway(api, illustrated):
    file_delete(Figure.objects.get(index=2).key)
    response = api.get(f"/api/v1/documents/{illustrated.pk}/export?format=zip")
    error_of(response, 502, "bad_gateway")


def test_a_pdf_with_text_is_searchable_as_it_is(api, illustrated):
    assert export(api, illustrated, "pdf").getvalue() == file_read(illustrated.storage_key)


def test_a_scan_becomes_a_searchable_pdf(api, process, tmp_path):
    document = process(scan_tiff(tmp_path / "receipt.tif", 2))
    assert document.extraction_method == "ocr"
    pdf = pypdfium2.PdfDocument(export(api, document, "pdf").content)
    assert len(pdf) == 2
    assert "Coffee" in pdf[1].get_textpage().get_text_range()
    pdf.close()


@pytest.mark.parametrize("kind", ["pdf", "doc", "", "JSON"])
def test_what_makes_no_sense_is_refused_in_words(api, invoice, kind):
    response = api.get(f"/api/v1/documents/{invoice.pk}/export?format={kind}")
    assert set(error_of(response, 400, "validation_failed")["fields"]) == {"format"}
