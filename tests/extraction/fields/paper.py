"""Small documents for tests: lines of text laid out into words and boxes."""

from __future__ import annotations

from collections.abc import Sequence

from extraction.engines.blocks import Box, ConvertedDocument, Method, Page, Word

WIDTH, HEIGHT, LETTER, PITCH = 595.0, 842.0, 10.0, 16.0
Line = str | tuple[tuple[float, str], ...]


def words_of(number: int, row: int, x: float, text: str, score: float | None) -> list[Word]:
    """A text's words from `x` points on, each letter half its height wide."""
    words = []
    top = 40 + row * PITCH
    for part in text.split(" "):
        wide = LETTER * 0.5 * len(part)
        box = Box(number, x / WIDTH, top / HEIGHT, wide / WIDTH, LETTER / HEIGHT)
        if part:
            words.append(Word(part, box, row, score))
        x += wide + LETTER * 0.3
    return words


def page_of(lines: Sequence[Line], number: int = 1, score: float | None = None) -> Page:
    """A page with one row per line; a line is a text at the left margin or ((x, text), …)."""
    words: list[Word] = []
    for row, line in enumerate(lines):
        cells = ((50.0, line),) if isinstance(line, str) else line
        for x, text in cells:
            words += words_of(number, row, x, text, score)
    return Page(number, WIDTH, HEIGHT, words=tuple(words), ocr_score=score)


def document(*pages: Sequence[Line], score: float | None = None) -> ConvertedDocument:
    """A document of pages; with a score, as if read by OCR."""
    method: Method = "text_layer" if score is None else "ocr"
    made = tuple(page_of(lines, number, score) for number, lines in enumerate(pages, 1))
    return ConvertedDocument(made, (), method, "test", "1")


def invoice(
    *, total: str = "1,190.00", due: str = "03/12/2026", iban: str = "GB29 NWBK 6016 1331 9268 19"
) -> list[Line]:
    """The lines of an English invoice with labels left and above."""
    return [
        ((50, "Northwind Traders Ltd"), (400, "INVOICE")),
        ((50, "12 High Street"), (360, "Invoice No.:"), (460, "INV-2026-0117")),
        ((50, "Leeds LS1 4AP"), (360, "Invoice date:"), (460, "03/11/2026")),
        ((50, "VAT No: GB980780684"), (360, "Due date:"), (460, due)),
        "",
        "Bill to",
        "Contoso Ltd",
        "1 Market Square",
        "York YO1 8SL",
        "",
        ((50, "Description"), (300, "Qty"), (360, "Unit price"), (460, "Amount")),
        ((50, "Consulting"), (300, "10"), (360, "80.00"), (460, "800.00")),
        ((50, "Travel"), (300, "1"), (360, "200.00"), (460, "200.00")),
        "",
        ((360, "Subtotal"), (460, "£1,000.00")),
        ((360, "VAT 19%"), (460, "£190.00")),
        ((360, "Total"), (460, f"£{total}")),
        "",
        f"IBAN: {iban}",
    ]
