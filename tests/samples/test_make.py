"""The sample documents are what their manifest says they are."""

from __future__ import annotations

import email
import email.policy
import json
import zipfile
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import combinations
from pathlib import Path

import docx
import openpyxl
import pptx
import pypdfium2
import pytest
from pypdfium2.raw import FPDF_PAGEOBJ_TEXT
from stdnum import iban
from stdnum.eu import vat as eu_vat
from stdnum.gb import vat as gb_vat

from extraction.engines.einvoice.parse import read_invoice
from extraction.engines.einvoice.source import named_values
from samples.invoices import papers
from samples.layouts import render
from samples.make import Sample, make_all
from samples.receipts import slips
from samples.words import MONTHS, SYMBOLS, number

MONEY = ("net", "tax", "total", "amount_due")
WRONG = "invoice-en-wrong-sum.pdf"
TAMPERED = "rechnung-de-zugferd-tampered.pdf"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Sample]]:
    folder = tmp_path_factory.mktemp("samples")
    return folder, make_all(folder)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def squeezed(text: str) -> str:
    """Text without white space, since wrapping and number grouping are the layout's business."""
    return "".join(text.split())


def pdf_text(path: Path, password: str | None = None) -> str:
    document = pypdfium2.PdfDocument(str(path), password=password)
    try:
        return "\n".join(page.get_textpage().get_text_bounded() for page in document)
    finally:
        document.close()


def invoices(samples: list[Sample]) -> list[Sample]:
    return [sample for sample in samples if "invoice_number" in sample.expected]


Bounds = tuple[float, float, float, float]


def text_boxes(path: Path) -> Iterator[list[Bounds]]:
    """Left, bottom, right and top of each piece of text, page by page."""
    document = pypdfium2.PdfDocument(str(path))
    for page in document:
        yield [piece.get_bounds() for piece in page.get_objects([FPDF_PAGEOBJ_TEXT])]
    document.close()


def overlap(one: Bounds, other: Bounds) -> bool:
    """Whether two boxes share more than a point in both directions: letters' boxes may touch."""
    return all(min(one[far], other[far]) - max(one[near], other[near]) > 1 for near, far in ((0, 2), (1, 3)))


def printed_forms(name: str, value: str) -> set[str]:
    """All the ways in which the layouts print a value."""
    if name in MONEY:
        return {squeezed(number(Decimal(value), language)) for language in ("en", "de", "fr")}
    if name.endswith("_date"):
        day = date.fromisoformat(value)
        return {f"{day:%d.%m.%Y}", f"{day:%d/%m/%Y}", f"{day.day}{MONTHS[day.month - 1]}{day.year}"}
    if name == "currency":
        return {value, SYMBOLS[value]}
    return {squeezed(value)}


def test_same_seed_gives_the_same_bytes(made: tuple[Path, list[Sample]], tmp_path: Path) -> None:
    make_all(tmp_path)
    assert contents(tmp_path) == contents(made[0])


def test_another_seed_gives_other_names_numbers_and_dates(
    made: tuple[Path, list[Sample]], tmp_path: Path
) -> None:
    other = make_all(tmp_path, seed=8)
    for name in ("seller_name", "invoice_number", "issue_date", "total"):
        ours = [sample.expected[name] for sample in invoices(made[1])]
        theirs = [sample.expected[name] for sample in invoices(other)]
        assert ours != theirs


def test_manifest_lists_every_file_once(made: tuple[Path, list[Sample]]) -> None:
    folder, samples = made
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    names = [entry["filename"] for entry in manifest]
    assert names == [sample.filename for sample in samples]
    assert sorted([*names, "manifest.json"]) == sorted(contents(folder))
    assert len(set(names)) == len(names) >= 16


def test_all_samples_together_stay_below_four_megabytes(made: tuple[Path, list[Sample]]) -> None:
    assert sum(map(len, contents(made[0]).values())) < 4_000_000


def test_every_expected_value_is_printed(made: tuple[Path, list[Sample]]) -> None:
    folder, samples = made
    unprinted = ("-scan.pdf", TAMPERED)
    with_text = [sample for sample in invoices(samples) if not sample.filename.endswith(unprinted)]
    assert len(with_text) >= 9
    for sample in with_text:
        text = squeezed(pdf_text(folder / sample.filename, sample.password))
        for name, value in sample.expected.items():
            assert any(form in text for form in printed_forms(name, value)), (sample.filename, name, value)


@pytest.mark.parametrize("seed", range(20))
def test_sums_are_right_except_in_the_marked_invoice(seed: int) -> None:
    for paper in papers(seed):
        net, tax, total, due = (Decimal(paper.invoice.expected()[name]) for name in MONEY)
        assert (net + tax == total) == (paper.filename != WRONG)
        assert 0 < due <= total


def test_the_e_invoices_hold_their_facts_as_xml_and_one_page_shows_another_total(
    made: tuple[Path, list[Sample]],
) -> None:
    hybrids = [sample for sample in invoices(made[1]) if "zugferd" in sample.filename]
    assert len(hybrids) == 2
    for sample in hybrids:
        document = pypdfium2.PdfDocument(str(made[0] / sample.filename))
        invoice = read_invoice(bytes(document.get_attachment(0).get_data()))
        document.close()
        assert {name: named_values(invoice)[name] for name in sample.expected} == sample.expected
        text = squeezed(pdf_text(made[0] / sample.filename))
        shown = any(form in text for form in printed_forms("total", sample.expected["total"]))
        assert shown == (sample.filename != TAMPERED)


@pytest.mark.parametrize("seed", [7, 8, 9])
def test_no_text_lies_on_other_text(seed: int, tmp_path: Path) -> None:
    for paper in papers(seed):
        render(tmp_path / paper.filename, paper.invoice, paper.look)
        for boxes in text_boxes(tmp_path / paper.filename):
            clashes = [pair for pair in combinations(boxes, 2) if overlap(*pair)]
            assert clashes == [], paper.filename


def test_only_the_french_deposit_makes_the_amount_due_differ(made: tuple[Path, list[Sample]]) -> None:
    names = [s.filename for s in invoices(made[1]) if s.expected["amount_due"] != s.expected["total"]]
    assert names == ["facture-fr.pdf"]


def test_tax_numbers_and_ibans_are_valid(made: tuple[Path, list[Sample]]) -> None:
    for sample in invoices(made[1]):
        tax_number = sample.expected["seller_vat_id"]
        checker = gb_vat if tax_number.startswith("GB") else eu_vat
        assert checker.is_valid(tax_number), tax_number
        assert iban.is_valid(sample.expected["iban"])


def test_next_month_comes_from_the_same_sender_with_other_facts(made: tuple[Path, list[Sample]]) -> None:
    by_name = {sample.filename: sample.expected for sample in made[1]}
    first, following = by_name["rechnung-de.pdf"], by_name["rechnung-de-folgemonat.pdf"]
    same = {name for name in first if first[name] == following[name]}
    assert same == {"seller_name", "seller_vat_id", "buyer_name", "currency", "iban"}


def test_the_scan_has_a_picture_and_no_text(made: tuple[Path, list[Sample]]) -> None:
    path = made[0] / "invoice-en-classic-scan.pdf"
    assert pdf_text(path).strip() == ""
    assert len(path.read_bytes()) > 100_000


@pytest.mark.parametrize("seed", range(20))
def test_cash_and_change_exceed_the_total_of_the_cash_receipt(seed: int) -> None:
    bought = slips(seed)[-1].receipt
    assert bought.cash is not None
    assert bought.cash > bought.cash - bought.total > bought.total


def test_the_protected_invoice_opens_with_its_password_only(made: tuple[Path, list[Sample]]) -> None:
    sample = next(sample for sample in made[1] if sample.password)
    path = made[0] / sample.filename
    for wrong in (None, "", "guess"):
        with pytest.raises(pypdfium2.PdfiumError):
            pypdfium2.PdfDocument(str(path), password=wrong)
    assert sample.expected["invoice_number"] in pdf_text(path, sample.password)


def test_the_truncated_pdf_cannot_be_opened(made: tuple[Path, list[Sample]]) -> None:
    path = made[0] / "invoice-en-truncated.pdf"
    assert path.read_bytes().startswith(b"%PDF-")
    with pytest.raises(pypdfium2.PdfiumError):
        pypdfium2.PdfDocument(str(path))


def test_office_files_hold_headings_lists_and_tables(made: tuple[Path, list[Sample]]) -> None:
    minutes = docx.Document(str(made[0] / "minutes.docx"))
    styles = {paragraph.style.name for paragraph in minutes.paragraphs if paragraph.style}
    assert {"Heading 1", "Heading 2", "List Bullet", "List Number"} <= styles
    assert len(minutes.tables[0].rows) == 6
    book = openpyxl.load_workbook(made[0] / "expenses.xlsx")
    assert book.sheetnames == ["Expenses", "Summary"]
    assert [str(cells) for cells in book["Expenses"].merged_cells.ranges] == ["A1:D1"]
    assert book["Expenses"]["A4"].is_date


def test_the_report_has_two_columns_three_levels_and_captions(made: tuple[Path, list[Sample]]) -> None:
    text = pdf_text(made[0] / "report-two-columns.pdf")
    for part in ("1 Introduction", "1.2 Method", "1.2.1 What counts", "Figure 1.", "Table 1."):
        assert part in text


def test_the_handbook_has_notes_a_picture_and_merged_cells(made: tuple[Path, list[Sample]]) -> None:
    handbook = docx.Document(str(made[0] / "handbook.docx"))
    assert len(handbook.inline_shapes) == 1
    table = handbook.tables[0]
    assert table.cell(0, 0)._tc is table.cell(0, 1)._tc
    assert table.cell(1, 0)._tc is table.cell(2, 0)._tc
    with zipfile.ZipFile(made[0] / "handbook.docx") as archive:
        assert archive.read("word/footnotes.xml").count(b"<w:footnote ") == 2


def test_the_deck_has_notes_a_table_a_picture_and_a_chart(made: tuple[Path, list[Sample]]) -> None:
    slides = pptx.Presentation(str(made[0] / "deck.pptx")).slides
    assert len(slides) == 4
    assert slides[1].has_notes_slide
    assert [shape.has_table for shape in slides[2].shapes] == [False, True, False]
    assert any(shape.has_chart for shape in slides[3].shapes)


def test_the_mail_carries_an_invoice_of_the_samples(made: tuple[Path, list[Sample]]) -> None:
    data = (made[0] / "complaint.eml").read_bytes()
    mail = email.message_from_bytes(data, policy=email.policy.default)
    attached = {part.get_filename(): part.get_content() for part in mail.iter_attachments()}
    assert sorted(attached) == ["Rechnung März.pdf", "box.png"]
    assert attached["Rechnung März.pdf"] == (made[0] / "invoice-en-classic.pdf").read_bytes()
