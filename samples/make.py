"""Makes the sample documents: `python -m samples.make OUT_DIR [--seed 7]`.

Everything is invented, and the same seed gives the same bytes (with the same versions of the libraries).
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from decimal import Decimal
from pathlib import Path

from reportlab.lib.pdfencrypt import StandardEncryption

from samples import deck, degrade, einvoices, handbook, invoices, layouts, mails, office, receipts, report
from samples.draw import HEIGHT, WIDTH

PDF = "application/pdf"
OFFICE = "application/vnd.openxmlformats-officedocument."
PASSWORD = "lantern-row-27"  # noqa: S105 - opens a sample, printed in its manifest
SCAN_DPI = 200


@dataclass(frozen=True, slots=True)
class Sample:
    """One sample document and what a careful reader finds in it.

    `expected` maps field names to values (dates YYYY-MM-DD, money "1234.50"); `password` opens the file;
    `expected_status` is the status that processing should end with, "failed/<error_code>" for a failure, or
    None where it depends on how well a scan is read.
    """

    filename: str
    content_type: str
    kind: str
    expected: dict[str, str] = field(default_factory=dict)
    password: str | None = None
    expected_status: str | None = "completed"


def make_all(out_dir: Path, seed: int = 7) -> list[Sample]:
    """Writes all sample documents and `manifest.json` into `out_dir` (made if missing).

    Gives the samples in the order of the manifest. Takes some seconds of CPU time.
    """
    out_dir.mkdir(parents=True, exist_ok=True)
    papers = invoices.papers(seed)
    samples = [
        *_invoices(out_dir, papers),
        *_e_invoices(out_dir, seed),
        _rescan(out_dir, papers[0], seed),
        *_receipts(out_dir, seed),
        *_texts(out_dir, seed),
        _mail(out_dir, papers[0], seed),
        _protected(out_dir, seed),
        _truncated(out_dir, papers[4]),
    ]
    manifest = json.dumps([asdict(sample) for sample in samples], indent=2, ensure_ascii=False)
    (out_dir / "manifest.json").write_text(manifest + "\n", encoding="utf-8")
    return samples


def _invoices(out_dir: Path, papers: list[invoices.Paper]) -> Iterator[Sample]:
    for paper in papers:
        layouts.render(out_dir / paper.filename, paper.invoice, paper.look)
        expected = paper.invoice.expected()
        yield Sample(paper.filename, PDF, paper.kind, expected, expected_status=paper.status)


def _e_invoices(out_dir: Path, seed: int) -> Iterator[Sample]:
    """PDFs with the invoice as XML inside; what the XML says is what a careful reader goes by."""
    for paper in invoices.hybrid_papers(seed):
        path = out_dir / paper.filename
        layouts.render(path, paper.invoice, paper.look)
        facts = einvoices.facts_of(replace(paper.invoice, misprint=Decimal(0)))
        einvoices.embed(path, einvoices.write_xml(facts))
        expected = replace(paper.invoice, misprint=Decimal(0)).expected()
        yield Sample(paper.filename, PDF, paper.kind, expected, expected_status=paper.status)


def _rescan(out_dir: Path, paper: invoices.Paper, seed: int) -> Sample:
    name = f"{Path(paper.filename).stem}-scan.pdf"
    page = degrade.page_image(out_dir / paper.filename, SCAN_DPI)
    picture = degrade.scan(page, degrade.Wear(tilt=1.2, noise=6, blur=0.8), seed)
    degrade.image_pdf(out_dir / name, degrade.jpeg(picture, 62, SCAN_DPI), WIDTH, HEIGHT)
    kind = f"{paper.filename} printed, scanned a little askew, without a text layer."
    return Sample(name, PDF, kind, paper.invoice.expected(), expected_status=None)


def _receipts(out_dir: Path, seed: int) -> Iterator[Sample]:
    for slip in receipts.slips(seed):
        picture, path = receipts.picture(slip, seed), out_dir / slip.filename
        if slip.format == "JPEG":
            path.write_bytes(degrade.jpeg(picture, 74, 230))
        else:
            # 32 levels of grey are what a cheap scanner gives, and a third of the size.
            picture.quantize(32).save(path, "PNG", optimize=True)
        yield Sample(
            slip.filename,
            f"image/{slip.format.lower()}",
            slip.kind,
            slip.receipt.expected(),
            expected_status=None,
        )


def _texts(out_dir: Path, seed: int) -> Iterator[Sample]:
    report.write_report(out_dir / "report-two-columns.pdf", seed)
    yield Sample("report-two-columns.pdf", PDF, "Report in two columns with a chart and a table.")
    office.write_docx(out_dir / "minutes.docx", seed)
    yield Sample(
        "minutes.docx",
        f"{OFFICE}wordprocessingml.document",
        "Minutes in Word with headings, lists and a table.",
    )
    office.write_xlsx(out_dir / "expenses.xlsx", seed)
    kind = "Workbook of two sheets with dates and money."
    yield Sample("expenses.xlsx", f"{OFFICE}spreadsheetml.sheet", kind)
    handbook.write_handbook(out_dir / "handbook.docx", seed)
    kind = "Handbook in Word with footnotes, a picture, nested lists and merged cells."
    yield Sample("handbook.docx", f"{OFFICE}wordprocessingml.document", kind)
    deck.write_deck(out_dir / "deck.pptx", seed)
    kind = "Slides with bullets, notes, a table, a picture and a chart."
    yield Sample("deck.pptx", f"{OFFICE}presentationml.presentation", kind)


def _mail(out_dir: Path, paper: invoices.Paper, seed: int) -> Sample:
    photo = handbook.plan(random.Random(f"{seed}:photo"))
    mails.write_mail(out_dir / "complaint.eml", out_dir / paper.filename, photo, seed)
    return Sample("complaint.eml", "message/rfc822", "Mail with an invoice and a photo attached.")


def _protected(out_dir: Path, seed: int) -> Sample:
    paper = invoices.protected(seed)
    lock = StandardEncryption(PASSWORD, ownerPassword=f"{PASSWORD}-owner", strength=128)
    layouts.render(out_dir / paper.filename, paper.invoice, paper.look, encrypt=lock)
    return Sample(
        paper.filename,
        PDF,
        paper.kind,
        paper.invoice.expected(),
        password=PASSWORD,
        expected_status=paper.status,
    )


def _truncated(out_dir: Path, paper: invoices.Paper) -> Sample:
    """A transfer that broke off half way: without the catalogue at the end no reader can repair it."""
    whole = (out_dir / paper.filename).read_bytes()
    name = "invoice-en-truncated.pdf"
    (out_dir / name).write_bytes(whole[: min(len(whole) // 2, whole.index(b"/Catalog"))])
    kind = "A PDF of which only the first half arrived."
    return Sample(name, PDF, kind, expected_status="failed/corrupt_file")


def main() -> None:
    """Command line: writes the samples and lists them."""
    parser = argparse.ArgumentParser(description="Make the sample documents.")
    parser.add_argument("out_dir", type=Path)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    for sample in make_all(options.out_dir, options.seed):
        print(f"{sample.filename:32} {sample.kind}")


if __name__ == "__main__":
    main()
