"""Invented firms and invoices. Every name is made of syllables; nobody is meant."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from samples import catalogue
from samples.numbers import bic, digits, iban, vat_id
from samples.words import Language

CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Party:
    """A firm as a letterhead shows it."""

    name: str
    street: str
    city: str
    country: str
    vat_id: str
    iban: str
    bic: str
    bank: str
    phone: str
    domain: str
    person: str
    register: str

    @property
    def lines(self) -> tuple[str, str, str]:
        """The address block: name, street, postcode and town."""
        return self.name, self.street, self.city


@dataclass(frozen=True, slots=True)
class Line:
    """One line item; `price` is per unit, without tax."""

    text: str
    unit: str
    quantity: Decimal
    price: Decimal

    @property
    def amount(self) -> Decimal:
        return (self.quantity * self.price).quantize(CENT, ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Invoice:
    """One invoice. `rate` is a percentage; `misprint` is added to the printed total, to make it wrong."""

    language: Language
    number: str
    issued: date
    days: int
    seller: Party
    buyer: Party
    customer: str
    order: str
    lines: tuple[Line, ...]
    rate: int
    currency: str
    deposit: Decimal = Decimal(0)
    misprint: Decimal = Decimal(0)

    @property
    def due(self) -> date:
        return self.issued + timedelta(days=self.days)

    @property
    def net(self) -> Decimal:
        return sum((line.amount for line in self.lines), Decimal(0))

    @property
    def tax(self) -> Decimal:
        return (self.net * self.rate / 100).quantize(CENT, ROUND_HALF_UP)

    @property
    def total(self) -> Decimal:
        return self.net + self.tax + self.misprint

    @property
    def amount_due(self) -> Decimal:
        return self.total - self.deposit

    def expected(self) -> dict[str, str]:
        """What a careful reader finds on the page, in the spelling of the extracted fields."""
        return {
            "invoice_number": self.number,
            "issue_date": self.issued.isoformat(),
            "due_date": self.due.isoformat(),
            "seller_name": self.seller.name,
            "seller_vat_id": self.seller.vat_id,
            "buyer_name": self.buyer.name,
            "net": str(self.net),
            "tax": str(self.tax),
            "total": str(self.total),
            "amount_due": str(self.amount_due),
            "currency": self.currency,
            "iban": self.seller.iban,
        }


def party(rng: random.Random, country: str) -> Party:
    """A firm in `country` (GB, DE, FR or IE)."""
    pool = catalogue.COUNTRIES[country]
    root = rng.choice(pool.roots)
    city, tax_number = rng.choice(pool.cities), vat_id(rng, country)
    town = city.split(" ", 1)[1]
    return Party(
        name=f"{root} {rng.choice(pool.trades)}",
        street=pool.street.format(name=rng.choice(pool.streets), house=rng.randrange(2, 120)),
        city=city,
        country=pool.country,
        vat_id=tax_number,
        iban=iban(rng, country),
        bic=bic(rng, country),
        bank=rng.choice(pool.banks),
        phone=pool.phone.format(digits(rng, 3)),
        domain=f"{catalogue.ascii_name(root)}.example",
        person=f"{rng.choice(pool.first_names)} {rng.choice(pool.last_names)}",
        register=pool.register.format(serial=digits(rng, 6), siren=tax_number[4:], town=town),
    )


def items(rng: random.Random, language: Language, count: int) -> tuple[Line, ...]:
    """`count` different line items with prices of a believable size."""
    goods = rng.sample(catalogue.goods(language), count)
    return tuple(
        Line(text, unit, catalogue.amount_of(rng, unit), _price(rng, low, high))
        for text, unit, low, high in goods
    )


def _price(rng: random.Random, low: int, high: int) -> Decimal:
    """A price between `low` and `high`, in steps of five cents."""
    return (Decimal(rng.randrange(low * 20, high * 20)) / 20).quantize(CENT)


def invoice(rng: random.Random, language: Language, country: str, count: int) -> Invoice:
    """An invoice of `count` lines from a firm in `country`, with that country's usual tax rate."""
    terms = catalogue.COUNTRIES[country]
    issued = date(2026, 1, 5) + timedelta(days=rng.randrange(0, 210))
    seller, buyer = party(rng, country), party(rng, country)
    while buyer.name.split()[0] == seller.name.split()[0]:
        buyer = party(rng, country)
    return Invoice(
        language=language,
        number=terms.numbering.format(year=issued.year, serial=rng.randrange(120, 4800)),
        issued=issued,
        days=rng.choice((14, 30)),
        seller=seller,
        buyer=buyer,
        customer=digits(rng, 5),
        order=f"{rng.choice('ABKP')}-{digits(rng, 5)}",
        lines=items(rng, language, count),
        rate=terms.rate,
        currency=terms.currency,
    )


def next_month(rng: random.Random, first: Invoice, count: int) -> Invoice:
    """The same sender's following invoice to the same buyer: other number, dates, goods and sums."""
    head, serial = first.number.rsplit("-", 1)
    return replace(
        first,
        number=f"{head}-{int(serial) + rng.randrange(17, 60):0{len(serial)}d}",
        issued=first.issued + timedelta(days=rng.randrange(29, 33)),
        order=f"{first.order[0]}-{digits(rng, 5)}",
        lines=items(rng, first.language, count),
    )
