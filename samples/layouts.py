"""Four ways in which firms lay out an invoice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

from reportlab.lib.colors import white

from samples.content import Invoice, Line
from samples.draw import BODY, GREY, HAIR, HEIGHT, INK, LABEL, MM, SMALL, WIDTH, Column, Face, Pen, new_canvas
from samples.numbers import grouped
from samples.words import LABELS, day, money, number, percent, quantity

MARGIN = 20 * MM
INNER = WIDTH - 2 * MARGIN
RIGHT = WIDTH - MARGIN
FIRST_PAGE, LATER_PAGES = 24, 30
"""How many rows the band layout prints on its first page and on each page after it."""


@dataclass(frozen=True, slots=True)
class Look:
    """What one sender always does the same way; `layout` is a key of LAYOUTS, `mark` one of draw.MARKS."""

    layout: str
    family: str
    accent: str
    mark: str


def render(path: Path, invoice: Invoice, look: Look, encrypt: object = None) -> None:
    """Writes `invoice` as a PDF at `path`; `encrypt` is a reportlab encryption or None."""
    canvas = new_canvas(path, f"{LABELS[invoice.language]['invoice']} {invoice.number}", encrypt)
    LAYOUTS[look.layout](Pen(canvas, look.family, look.accent), invoice, look)
    canvas.save()


def classic(pen: Pen, invoice: Invoice, look: Look) -> None:
    """Labels left of their values, ruled table, totals at the right."""
    seller, words = invoice.seller, LABELS[invoice.language]
    pen.mark(look.mark, MARGIN, 44, 34)
    pen.text(MARGIN + 44, 66, seller.name, Face(15, "bold", pen.accent))
    pen.lines(RIGHT, 52, [*seller.lines[1:], seller.phone, f"info@{seller.domain}"], SMALL, "right")
    pen.rule(MARGIN, 104, INNER, pen.accent, 1.2)
    pen.text(MARGIN, 148, words["invoice"].upper(), Face(22, "bold"))
    pen.text(MARGIN, 182, words["to"], Face(8.5, color=GREY))
    pen.lines(MARGIN, 197, [*invoice.buyer.lines, invoice.buyer.country], Face(10))
    pen.pairs(RIGHT - 196, 142, 104, _facts(invoice))
    bottom = _ruled_table(pen, 280, invoice)
    bottom = _totals(pen, bottom + 22, invoice)
    _payment(pen, max(bottom + 34, 560), invoice)
    _legal_line(pen, invoice)


def _facts(invoice: Invoice) -> list[tuple[str, str]]:
    words, language = LABELS[invoice.language], invoice.language
    return [
        (words["number"], invoice.number),
        (words["issued"], day(invoice.issued, language)),
        (words["due"], day(invoice.due, language)),
        (words["customer"], invoice.customer),
        (words["order"], invoice.order),
        (words["vat_id"], invoice.seller.vat_id),
    ]


def _columns(invoice: Invoice) -> list[Column]:
    words = LABELS[invoice.language]
    return [
        Column(words["description"], MARGIN, INNER - 236),
        Column(words["quantity"], RIGHT - 222, 42, "right"),
        Column(words["unit"], RIGHT - 170, 40),
        Column(words["price"], RIGHT - 132, 56, "right"),
        Column(words["amount"], RIGHT - 66, 66, "right"),
    ]


def _cells(line: Line, invoice: Invoice) -> list[str]:
    return [
        line.text,
        quantity(line.quantity, invoice.language),
        line.unit,
        number(line.price, invoice.language),
        number(line.amount, invoice.language),
    ]


def _ruled_table(pen: Pen, y: float, invoice: Invoice) -> float:
    columns = _columns(invoice)
    pen.head(y, columns, Face(8.5, "bold", GREY))
    pen.rule(MARGIN, y + 6, INNER, INK, 0.9)
    y += 22
    for line in invoice.lines:
        y += pen.row(y, columns, _cells(line, invoice), Face(9.5))
        pen.rule(MARGIN, y - 5, INNER)
        y += 8.5
    return y - 13.5


def _total_rows(invoice: Invoice) -> list[tuple[str, Decimal]]:
    words = LABELS[invoice.language]
    rows = [
        (words["net"], invoice.net),
        (f"{words['tax']} {percent(invoice.rate, invoice.language)}", invoice.tax),
        (words["total"], invoice.total),
    ]
    if invoice.deposit:
        rows += [(words["deposit"], -invoice.deposit), (words["amount_due"], invoice.amount_due)]
    return rows


def _totals(pen: Pen, y: float, invoice: Invoice, inset: float = 0, width: float = 222) -> float:
    """The totals block, `inset` points from the right margin; gives the baseline of its last line."""
    rows, right = _total_rows(invoice), RIGHT - inset
    left = right - width
    for label, value in rows[:-1]:
        pen.text(left, y, label, Face(9.5, color=GREY))
        pen.text(right, y, money(value, invoice.language, invoice.currency), Face(9.5), "right")
        y += 15
    label, value = rows[-1]
    pen.rule(left, y - 7, width, INK, 0.9)
    pen.text(left, y + 8, label, Face(12, "bold"))
    pen.text(right, y + 8, money(value, invoice.language, invoice.currency), Face(12, "bold"), "right")
    pen.rule(left, y + 15, width, INK, 0.9)
    return y + 8


def _payment(pen: Pen, y: float, invoice: Invoice) -> None:
    seller, words = invoice.seller, LABELS[invoice.language]
    pen.text(MARGIN, y, words["payment"], Face(10, "bold", pen.accent))
    pen.text(MARGIN, y + 15, words["terms"].format(days=invoice.days), Face(9))
    rows = [(words["bank"], seller.bank), ("IBAN", grouped(seller.iban)), ("BIC", seller.bic)]
    pen.pairs(MARGIN, y + 36, 48, rows)


def _legal_line(pen: Pen, invoice: Invoice) -> None:
    seller, words = invoice.seller, LABELS[invoice.language]
    pen.rule(MARGIN, HEIGHT - 60, INNER)
    lines = ("  ·  ".join(seller.lines), f"{seller.register}  ·  {words['vat_id']} {seller.vat_id}")
    pen.lines(WIDTH / 2, HEIGHT - 46, lines, LABEL, "center")


def window(pen: Pen, invoice: Invoice, look: Look) -> None:
    """A German business letter: address window, block of facts at its right, fold marks."""
    seller = invoice.seller
    pen.mark(look.mark, RIGHT - 30, 34, 30)
    pen.text(RIGHT - 40, 56, seller.name, Face(15, "bold", pen.accent), "right")
    _fold_marks(pen)
    _address_window(pen, invoice)
    _fact_block(pen, invoice)
    pen.text(MARGIN, 104 * MM, f"Rechnung {invoice.number}", Face(13, "bold"))
    intro = "Sehr geehrte Damen und Herren, für unsere Lieferungen und Leistungen berechnen wir Ihnen:"
    pen.text(MARGIN, 104 * MM + 22, intro)
    bottom = _position_table(pen, 104 * MM + 50, invoice)
    bottom = _totals(pen, bottom + 20, invoice, inset=6)
    _closing(pen, bottom + 40, invoice)
    _bank_footer(pen, invoice)


def _fold_marks(pen: Pen) -> None:
    for y, length in ((105, 3), (148.5, 5), (210, 3)):
        pen.rule(5 * MM, y * MM, length * MM, HAIR, 0.6)


def _address_window(pen: Pen, invoice: Invoice) -> None:
    seller, buyer = invoice.seller, invoice.buyer
    sender = f"{seller.name} · {seller.street} · {seller.city}"
    pen.text(MARGIN, 50 * MM, sender, Face(6.5, color=GREY))
    pen.rule(MARGIN, 51.2 * MM, pen.width(sender, Face(6.5)), HAIR, 0.4)
    pen.lines(MARGIN, 60 * MM, [buyer.name, "Buchhaltung", buyer.street, buyer.city], Face(10.5))


def _fact_block(pen: Pen, invoice: Invoice) -> None:
    facts = dict(_facts(invoice))
    facts["Ansprechpartner"] = invoice.seller.person
    facts["Telefon"] = invoice.seller.phone
    for place, (label, value) in enumerate(facts.items()):
        x = 118 * MM + (place % 2) * 40 * MM
        pen.stacked(x, 48 * MM + (place // 2) * 29, label, value, Face(9.5))


def _position_table(pen: Pen, y: float, invoice: Invoice) -> float:
    titles = ("Pos.", "Menge", "Einheit", "Bezeichnung", "Einzelpreis", "Gesamt")
    places = ((0, 22), (22, 38), (68, 42), (112, 220), (INNER - 140, 62), (INNER - 70, 64))
    rights = ("Menge", "Einzelpreis", "Gesamt")
    columns = [
        Column(title, MARGIN + x, width, "right" if title in rights else "left")
        for title, (x, width) in zip(titles, places, strict=True)
    ]
    pen.box(MARGIN - 4, y - 12, INNER + 4, 18, pen.tint(0.16))
    pen.head(y, columns, Face(8.5, "bold"))
    y += 22
    for place, line in enumerate(invoice.lines, 1):
        text, count, unit, price, amount = _cells(line, invoice)
        y += pen.row(y, columns, [str(place), count, unit, text, price, amount], Face(9.5)) + 5
    pen.rule(MARGIN - 4, y - 8, INNER + 4, INK, 0.7)
    return y


def _closing(pen: Pen, y: float, invoice: Invoice) -> None:
    terms = LABELS["de"]["terms"].format(days=invoice.days)
    delivery = "Das Lieferdatum entspricht, soweit nicht anders angegeben, dem Rechnungsdatum."
    y = pen.lines(MARGIN, y, [terms, delivery], BODY)
    pen.lines(MARGIN, y + 12, ["Mit freundlichen Grüßen", invoice.seller.name], BODY)


def _bank_footer(pen: Pen, invoice: Invoice) -> None:
    seller = invoice.seller
    blocks = (
        seller.lines,
        (f"Tel. {seller.phone}", f"info@{seller.domain}", f"www.{seller.domain}"),
        (seller.bank, f"IBAN {grouped(seller.iban)}", f"BIC {seller.bic}"),
        (*seller.register.split(", "), f"USt-IdNr. {seller.vat_id}"),
    )
    pen.rule(MARGIN, 268 * MM, INNER, pen.accent, 0.8)
    for x, block in zip((0, 148, 246, 382), blocks, strict=True):
        pen.lines(MARGIN + x, 268 * MM + 14, block, LABEL)


def columns(pen: Pen, invoice: Invoice, look: Look) -> None:
    """Sender and addressee side by side in frames, as French firms like it."""
    words, language = LABELS[invoice.language], invoice.language
    pen.mark(look.mark, MARGIN, 42, 36)
    pen.text(MARGIN + 46, 66, invoice.seller.name, Face(17, "bold", pen.accent))
    pen.text(RIGHT, 66, words["invoice"].upper(), Face(17, color=GREY), "right")
    _party_frames(pen, invoice)
    line = f"{words['number']} {invoice.number}"
    pen.text(MARGIN, 240, line, Face(12, "bold"))
    dates = f"{words['issued']} : {day(invoice.issued, language)}"
    pen.text(MARGIN + 190, 240, dates, Face(10))
    pen.text(RIGHT, 240, f"{words['due']} : {day(invoice.due, language)}", Face(10), "right")
    bottom = _boxed_table(pen, 270, invoice)
    bottom = _totals(pen, bottom + 26, invoice, inset=8)
    _settlement(pen, bottom + 40, invoice)
    _french_footer(pen, invoice)


def _party_frames(pen: Pen, invoice: Invoice) -> None:
    words, half = LABELS[invoice.language], INNER / 2 - 8
    for x, label, firm in ((MARGIN, "from", invoice.seller), (MARGIN + half + 16, "to", invoice.buyer)):
        pen.frame(x, 104, half, 104)
        pen.text(x + 10, 122, words[label], Face(8.5, "bold", pen.accent))
        y = pen.lines(x + 10, 139, firm.lines, Face(10))
        pen.text(x + 10, y + 4, f"{words['vat_id']} : {firm.vat_id}", Face(8.5, color=GREY))
        pen.text(x + 10, y + 17, f"Tél. {firm.phone}", Face(8.5, color=GREY))


def _boxed_table(pen: Pen, y: float, invoice: Invoice) -> float:
    table = _columns(invoice)
    table[0] = replace(table[0], x=MARGIN + 8, width=table[0].width - 8)
    table[-1] = replace(table[-1], x=table[-1].x - 8)
    top = y - 14
    pen.box(MARGIN, top, INNER, 22, pen.accent)
    pen.head(y, table, Face(9, "bold", white))
    y += 24
    for line in invoice.lines:
        y += pen.row(y, table, _cells(line, invoice), Face(10)) + 7
    pen.frame(MARGIN, top, INNER, y - top - 4, pen.accent)
    return y


def _settlement(pen: Pen, y: float, invoice: Invoice) -> None:
    _payment(pen, y, invoice)
    notice = (
        "En cas de retard de paiement : pénalités au taux légal majoré et indemnité forfaitaire de 40 € "
        "pour frais de recouvrement. Les biens restent notre propriété jusqu’au paiement intégral."
    )
    pen.lines(MARGIN, y + 92, pen.wrap(notice, INNER, SMALL), SMALL)


def _french_footer(pen: Pen, invoice: Invoice) -> None:
    seller = invoice.seller
    pen.rule(MARGIN, HEIGHT - 62, INNER, pen.accent, 0.8)
    lines = (
        f"{seller.name} au capital de 15 000 €  –  {seller.street}, {seller.city}",
        f"{seller.register}  –  TVA intracommunautaire {seller.vat_id}  –  contact@{seller.domain}",
    )
    pen.lines(WIDTH / 2, HEIGHT - 48, lines, LABEL, "center")


def band(pen: Pen, invoice: Invoice, look: Look) -> None:
    """A coloured head, a band of labels above values, and as many pages as the items need."""
    parts = _pages(invoice.lines)
    y = _band_head(pen, invoice, look)
    for page, lines in enumerate(parts, 1):
        if page > 1:
            pen.canvas.showPage()
            y = _running_head(pen, invoice)
        y = _striped_table(pen, y, invoice, lines)
        if page < len(parts):
            text = LABELS[invoice.language]["continued"].format(page=page + 1)
            pen.text(RIGHT, y + 8, text, Face(8, "italic", GREY), "right")
        _page_foot(pen, invoice, page, len(parts))
        if page == len(parts):
            _band_end(pen, y, invoice)


def _pages(lines: tuple[Line, ...]) -> list[tuple[Line, ...]]:
    if len(lines) <= FIRST_PAGE - 10:
        return [lines]
    starts = range(FIRST_PAGE, len(lines), LATER_PAGES)
    return [lines[:FIRST_PAGE], *(lines[start : start + LATER_PAGES] for start in starts)]


def _band_head(pen: Pen, invoice: Invoice, look: Look) -> float:
    words, language, seller = LABELS[invoice.language], invoice.language, invoice.seller
    pen.box(0, 0, WIDTH, 78, pen.accent)
    pen.mark(look.mark, MARGIN, 24, 30, white)
    pen.text(MARGIN + 42, 45, seller.name, Face(14, "bold", white))
    pen.text(RIGHT, 46, words["invoice"], Face(20, color=white), "right")
    pen.box(0, 78, WIDTH, 50, pen.tint(0.1))
    facts = [
        (words["number"], invoice.number),
        (words["issued"], day(invoice.issued, language)),
        (words["due"], day(invoice.due, language)),
        (words["amount_due"], money(invoice.amount_due, language, invoice.currency)),
    ]
    for place, (label, value) in enumerate(facts):
        pen.stacked(MARGIN + place * INNER / 4, 98, label, value, Face(10, "bold"))
    _band_parties(pen, invoice)
    return 262


def _band_parties(pen: Pen, invoice: Invoice) -> None:
    words = LABELS[invoice.language]
    for x, label, firm in ((MARGIN, "from", invoice.seller), (MARGIN + INNER / 2, "to", invoice.buyer)):
        pen.text(x, 154, words[label], LABEL)
        y = pen.lines(x, 168, [firm.name], Face(9.5, "bold"))
        y = pen.lines(x, y, [*firm.lines[1:], firm.country], Face(8.5))
        pen.text(x, y + 2, f"{words['vat_id']} {firm.vat_id}", LABEL)


def _running_head(pen: Pen, invoice: Invoice) -> float:
    pen.box(0, 0, WIDTH, 12, pen.accent)
    text = f"{invoice.seller.name}  ·  {LABELS[invoice.language]['invoice']} {invoice.number}"
    pen.text(MARGIN, 44, text, SMALL)
    return 78


def _striped_table(pen: Pen, y: float, invoice: Invoice, lines: tuple[Line, ...]) -> float:
    table = _columns(invoice)
    pen.head(y, table, Face(8, "bold", pen.accent))
    pen.rule(MARGIN, y + 6, INNER, pen.accent, 1)
    y += 20
    for place, line in enumerate(lines):
        if place % 2:
            pen.box(MARGIN - 6, y - 12, INNER + 12, 18, pen.tint(0.05))
        pen.row(y, table, _cells(line, invoice), Face(8.5))
        y += 18
    pen.rule(MARGIN, y - 10, INNER)
    return y


def _band_end(pen: Pen, y: float, invoice: Invoice) -> None:
    bottom = _totals(pen, y + 14, invoice)
    _payment(pen, bottom + 44, invoice)


def _page_foot(pen: Pen, invoice: Invoice, page: int, pages: int) -> None:
    seller = invoice.seller
    pen.rule(MARGIN, HEIGHT - 50, INNER)
    pen.text(MARGIN, HEIGHT - 36, f"{seller.name}  ·  {seller.register}  ·  www.{seller.domain}", LABEL)
    text = LABELS[invoice.language]["page"].format(page=page, pages=pages)
    pen.text(RIGHT, HEIGHT - 36, text, LABEL, "right")


LAYOUTS: dict[str, Callable[[Pen, Invoice, Look], None]] = {
    "classic": classic,
    "window": window,
    "columns": columns,
    "band": band,
}
