"""A purchase order, a delivery note and a contract of invented firms."""

from __future__ import annotations

import random
from datetime import date
from decimal import Decimal
from pathlib import Path

from samples.content import Line, Party, items, party
from samples.draw import GREY, Column, Face, Pen, new_canvas
from samples.words import Language

WORDS: dict[str, dict[str, str]] = {
    "en": {
        "order": "Purchase order", "number": "PO number", "date": "Order date", "delivery": "Delivery date",
        "supplier": "Supplier", "code": "Item no.", "text": "Description", "quantity": "Qty", "unit": "Unit",
        "price": "Unit price", "amount": "Amount", "net": "Subtotal", "tax": "VAT 20%", "total": "Total",
        "note": "Delivery note", "note_number": "Delivery note no.", "note_date": "Delivery date",
        "your_order": "Order number", "from": "Shipped from", "to": "Deliver to", "carrier": "Carrier",
        "packages": "Number of packages",
    },
    "de": {
        "order": "Bestellung", "number": "Bestellnummer", "date": "Bestelldatum", "delivery": "Liefertermin",
        "supplier": "Lieferant", "code": "Artikel-Nr.", "text": "Bezeichnung", "quantity": "Menge",
        "unit": "Einheit", "price": "Einzelpreis", "amount": "Gesamtpreis", "net": "Nettobetrag",
        "tax": "zzgl. 19 % MwSt", "total": "Gesamtbetrag", "note": "Lieferschein",
        "note_number": "Lieferscheinnummer", "note_date": "Lieferdatum", "your_order": "Bestellnummer",
        "from": "Absender", "to": "Lieferadresse", "carrier": "Versandart", "packages": "Anzahl Packstücke",
    },
}  # fmt: skip
CONTRACT_TEXT = (
    "This Service Agreement (this “Agreement”) is made and entered into as of March 3, 2026 (the “Effective "
    "Date”) by and between Thrandle Archive Services Ltd, a company organized under the laws of England "
    "(the “Provider”), and Wexhollow Facilities Ltd, a company organized under the laws of England (the "
    "“Client”).",
    "1. Services. The Provider shall store, index and on request return the paper records of the Client as "
    "set out in Schedule A, with the care of a diligent records manager.",
    "2. Term. The term of this Agreement shall be two (2) years from the Effective Date, unless it is ended "
    "earlier by either party in writing with ninety days notice.",
    "3. Confidential Information. The parties hereby agree to keep secret whatever they learn about each "
    "other's business, whether or not it is marked as confidential.",
    "4. Governing Law. This Agreement shall be governed by and construed in accordance with the laws of "
    "England, and the courts of London have sole competence.",
    "IN WITNESS WHEREOF, the parties have executed this Agreement by their authorised officers.",
)


def purchase_order(path: Path, language: Language = "en", seed: int = 11) -> dict[str, object]:
    """Draws a purchase order and gives what is printed on it."""
    rng, words = random.Random(seed), WORDS[language]
    country = "GB" if language == "en" else "DE"
    buyer, supplier, lines = party(rng, country), party(rng, country), items(rng, language, 4)
    rate = Decimal(20 if language == "en" else 19)
    net = sum((line.amount for line in lines), Decimal(0))
    tax = (net * rate / 100).quantize(Decimal("0.01"))
    canvas = new_canvas(path, words["order"])
    pen = Pen(canvas, "helvetica", "#3d405b")
    pen.text(50, 64, buyer.name, Face(14, "bold", pen.accent))
    pen.text(545, 64, words["order"].upper(), Face(14, "bold"), "right")
    facts = [
        (words["number"], "PO-2026-0815"), (words["date"], _day(date(2026, 4, 7), language)),
        (words["delivery"], _day(date(2026, 4, 21), language)), (words["supplier"], supplier.name),
    ]  # fmt: skip
    y = pen.pairs(50, 110, 110, facts) + 30
    y = _table(pen, y, language, lines, priced=True)
    for label, value in ((words["net"], net), (words["tax"], tax), (words["total"], net + tax)):
        y += 16
        pen.text(380, y, label, Face(9))
        pen.text(545, y, _money(value, language), Face(9, "bold"), "right")
    canvas.save()
    return {
        "order_number": "PO-2026-0815",
        "order_date": "2026-04-07",
        "delivery_date": "2026-04-21",
        "supplier_name": supplier.name,
        "net": str(net),
        "tax": str(tax),
        "total": str(net + tax),
        "line_items": _items(lines, priced=True),
    }


def delivery_note(path: Path, language: Language = "en", seed: int = 12) -> dict[str, object]:
    """Draws a delivery note, whose lines have no prices, and gives what is printed on it."""
    rng, words = random.Random(seed), WORDS[language]
    country = "GB" if language == "en" else "DE"
    sender, receiver, lines = party(rng, country), party(rng, country), items(rng, language, 5)
    canvas = new_canvas(path, words["note"])
    pen = Pen(canvas, "helvetica", "#81582b")
    pen.text(50, 64, words["note"].upper(), Face(16, "bold", pen.accent))
    facts = [
        (words["note_number"], "LS-20417"), (words["note_date"], _day(date(2026, 4, 20), language)),
        (words["your_order"], "PO-2026-0815"), (words["carrier"], "Orrinshaw Cargo"),
        (words["packages"], "7"),
    ]  # fmt: skip
    y = pen.pairs(50, 100, 130, facts)
    for x, label, firm in ((50, words["from"], sender), (310, words["to"], receiver)):
        _block(pen, x, y + 20, label, firm)
    _table(pen, y + 110, language, lines, priced=False)
    canvas.save()
    return {
        "delivery_number": "LS-20417",
        "delivery_date": "2026-04-20",
        "order_number": "PO-2026-0815",
        "carrier": "Orrinshaw Cargo",
        "packages": 7,
        "sender_name": sender.name,
        "recipient_name": receiver.name,
        "line_items": _items(lines, priced=False),
    }


def contract(path: Path) -> dict[str, object]:
    """Draws a contract in prose and gives what it says."""
    canvas = new_canvas(path, "Service Agreement")
    pen = Pen(canvas, "times", "#222222")
    pen.text(297, 80, "SERVICE AGREEMENT", Face(16, "bold"), "center")
    y = 120.0
    for part in CONTRACT_TEXT:
        y = pen.lines(70, y, pen.wrap(part, 455, Face(11)), Face(11)) + 10
    canvas.save()
    return {
        "title": "SERVICE AGREEMENT",
        "parties": ["Thrandle Archive Services Ltd", "Wexhollow Facilities Ltd"],
        "effective_date": "2026-03-03",
        "jurisdiction": "England",
        "term": "two (2) years",
    }


def _block(pen: Pen, x: float, y: float, label: str, firm: Party) -> None:
    pen.text(x, y, label, Face(8.5, "bold", GREY))
    pen.lines(x, y + 14, firm.lines, Face(9.5))


def _table(pen: Pen, y: float, language: Language, lines: tuple[Line, ...], *, priced: bool) -> float:
    words = WORDS[language]
    columns = [
        Column(words["code"], 50, 60), Column(words["text"], 115, 170),
        Column(words["quantity"], 290, 45, "right"), Column(words["unit"], 350, 40),
    ]  # fmt: skip
    if priced:
        columns += [Column(words["price"], 395, 65, "right"), Column(words["amount"], 470, 75, "right")]
    pen.head(y, columns, Face(8.5, "bold", GREY))
    pen.rule(50, y + 5, 495)
    y += 20
    for place, line in enumerate(lines):
        cells = [_code(place), line.text, f"{line.quantity:f}", line.unit]
        cells += [_money(line.price, language), _money(line.amount, language)] if priced else []
        y += pen.row(y, columns, cells, Face(9)) + 5
    return y


def _items(lines: tuple[Line, ...], *, priced: bool) -> list[dict[str, object]]:
    return [
        {
            "article_number": _code(place),
            "description": line.text,
            "quantity": int(line.quantity),
            "unit": line.unit,
            "unit_price": str(line.price) if priced else None,
            "amount": str(line.amount) if priced else None,
        }
        for place, line in enumerate(lines)
    ]


def _code(place: int) -> str:
    return f"A-{1040 + 17 * place}"


def _day(day: date, language: Language) -> str:
    return f"{day:%d.%m.%Y}" if language == "de" else f"{day:%d/%m/%Y}"


def _money(value: Decimal, language: Language) -> str:
    text = f"{value:,.2f}"
    return f"{text.translate(str.maketrans(',.', '.,'))} €" if language == "de" else f"£{text}"
