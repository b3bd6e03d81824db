"""Documents of invented senders whose layouts the page's own rules do not understand."""

from __future__ import annotations

import io
from collections.abc import Sequence

from reportlab.pdfgen.canvas import Canvas

from extraction.engines.blocks import ConvertedDocument
from tests.extraction.fields.paper import HEIGHT, LETTER, PITCH, WIDTH, Line, document


def sawmill_lines(number: str, day: str, total: str, *, due: str | None = None, extra: int = 0) -> list[Line]:
    """A sawmill's invoice: the number stands in a corner without a label, the total under an odd one."""
    lines: list[Line] = [
        ((50, "Sägewerk Tannhof e.K."), (480, number)),
        "Am Bergbach 7",
        "87534 Oberstaufen",
        "Telefon 08386 555170 www.tannhof-holz.example",
        "",
        ((50, "Kontoso Bau GmbH"), (400, day)),
        "Ringweg 2",
        "80331 München",
        "",
        "Wir lieferten frei Baustelle",
        ((50, "Fichte 40x60"), (300, "12 St"), (460, "96,00")),
        *(((50, f"Latte {at}"), (300, "1 St"), (460, "4,00")) for at in range(extra)),
        ((50, "Fracht"), (460, "35,00")),
        "",
        ((50, "Zwischenstand"), (460, "212,00")),
        ((50, "Macht zusammen bitte"), (460, total)),
        ((50, "Ihr Rahmen bei uns"), (460, "9.500,00")),
        "",
        "IBAN DE02 1203 0000 0000 2020 51",
    ]
    if due:
        lines.append(f"Fällig am {due}")
    return lines


def bakery_lines(number: str, total: str) -> list[Line]:
    """Another sender: a bakery with plain labels, and the same buyer."""
    return [
        ((50, "Backhaus Krume GmbH"), (400, "RECHNUNG")),
        ((50, "Ofenstraße 1"), (400, f"Rechnungsnummer: {number}")),
        ((50, "20095 Hamburg"), (400, "Rechnungsdatum: 05.11.2026")),
        "Tel. 040 5551234",
        "",
        "Kontoso Bau GmbH",
        "Ringweg 2",
        "80331 München",
        "",
        ((50, "Brötchen"), (300, "100"), (460, "45,00")),
        ((50, "Gesamtbetrag"), (460, total)),
    ]


def sawmill(
    number: str, day: str, total: str, *, due: str | None = None, extra: int = 0, score: float | None = None
) -> ConvertedDocument:
    return document(sawmill_lines(number, day, total, due=due, extra=extra), score=score)


def bakery(number: str, total: str) -> ConvertedDocument:
    return document(bakery_lines(number, total))


def pdf_of(lines: Sequence[Line]) -> bytes:
    """The lines printed on a page, where `document` puts them."""
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(WIDTH, HEIGHT))
    canvas.setFont("Helvetica", LETTER)
    for row, line in enumerate(lines):
        for x, text in ((50.0, line),) if isinstance(line, str) else line:
            canvas.drawString(x, HEIGHT - 40 - row * PITCH - LETTER, text)
    canvas.save()
    return file.getvalue()
