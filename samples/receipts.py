"""Till receipts, printed on a strip of thermal paper and then photographed or scanned."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from PIL import Image, ImageDraw, ImageFont

from samples.catalogue import COUNTRIES
from samples.content import CENT
from samples.degrade import Wear, scan
from samples.draw import FONT_DIR
from samples.words import SYMBOLS, Language, number

STRIP, EDGE, TOP = 720, 44, 48
"""Width of the paper strip, its side margins and its top margin, in pixels at about 230 dpi."""
INK = 58


@dataclass(frozen=True, slots=True)
class Shop:
    """How shops of this kind are called, the tax in their prices (percent), what the shelves hold."""

    naming: str
    country: str
    contact: str
    rate: int
    currency: str
    language: Language
    goods: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Receipt:
    """One purchase; `cash` is what the customer handed over, None for a card."""

    shop: Shop
    company: str
    street: str
    city: str
    sold: date
    clock: str
    serial: str
    lines: tuple[tuple[str, int, Decimal], ...]
    cash: Decimal | None = None

    @property
    def total(self) -> Decimal:
        return sum((count * price for _, count, price in self.lines), Decimal(0))

    @property
    def tax(self) -> Decimal:
        """The tax contained in the total."""
        return (self.total * self.shop.rate / (100 + self.shop.rate)).quantize(CENT, ROUND_HALF_UP)

    def expected(self) -> dict[str, str]:
        return {
            "company": self.company,
            "date": self.sold.isoformat(),
            "address": f"{self.street}, {self.city}",
            "total": str(self.total),
        }


CAFE = Shop(
    "The {root} Café",
    "GB",
    "Tel. 020 7946 0382",
    20,
    "GBP",
    "en",
    (
        ("Flat white", "3.40"),
        ("Pot of tea", "2.95"),
        ("Cheese scone", "3.25"),
        ("Leek and potato soup", "6.50"),
        ("Toasted sourdough", "4.20"),
        ("Lemon drizzle slice", "3.60"),
        ("Sparkling water 330 ml", "2.40"),
    ),
)
MARKET = Shop(
    "Frischhof {root}",
    "DE",
    "Tel. 030 23125-418",
    7,
    "EUR",
    "de",
    (
        ("Roggenbrot 750 g", "3.49"),
        ("Vollmilch 1 l", "1.29"),
        ("Bergkäse 200 g", "4.79"),
        ("Äpfel lose", "2.87"),
        ("Haferflocken", "1.19"),
        ("Butter 250 g", "2.39"),
        ("Tomaten 500 g", "2.59"),
        ("Eier 10 Stück", "3.29"),
        ("Kaffee gemahlen", "7.99"),
    ),
)
HARDWARE = Shop(
    "{root} Hardware Ltd",
    "GB",
    "Tel. 020 7946 0127",
    20,
    "GBP",
    "en",
    (
        ("Wood screws 4x40", "2.75"),
        ("Masking tape 48 mm", "3.10"),
        ("Paint brush 50 mm", "4.45"),
        ("Sandpaper P120", "1.85"),
        ("Picture hooks", "1.60"),
    ),
)
TITLES: dict[Language, dict[str, str]] = {
    "en": {
        "total": "TOTAL",
        "net": "Net",
        "tax": "VAT {rate}% incl.",
        "card": "CARD",
        "cash": "CASH",
        "change": "CHANGE",
        "no": "Receipt",
        "bye": "Thank you for your visit",
    },
    "de": {
        "total": "SUMME",
        "net": "Netto",
        "tax": "enth. MwSt {rate} %",
        "card": "KARTE",
        "cash": "BAR",
        "change": "RÜCKGELD",
        "no": "Bon-Nr.",
        "bye": "Vielen Dank für Ihren Einkauf",
    },
}


def receipt(rng: random.Random, shop: Shop, count: int, cash: Decimal | None = None) -> Receipt:
    """A purchase of `count` different things."""
    goods, pool = rng.sample(shop.goods, count), COUNTRIES[shop.country]
    return Receipt(
        shop=shop,
        company=shop.naming.format(root=rng.choice(pool.roots)),
        street=pool.street.format(name=rng.choice(pool.streets), house=rng.randrange(2, 120)),
        city=rng.choice(pool.cities),
        sold=date(2026, 2, 2) + timedelta(days=rng.randrange(0, 200)),
        clock=f"{rng.randrange(9, 19):02d}:{rng.randrange(60):02d}",
        serial=f"{rng.randrange(10000, 99999)}",
        lines=tuple((text, rng.choice((1, 1, 1, 2)), Decimal(price)) for text, price in goods),
        cash=cash,
    )


class Strip:
    """A growing strip of paper; every call prints one line and moves down."""

    def __init__(self) -> None:
        self.image = Image.new("L", (STRIP, 2400), 255)
        self.draw = ImageDraw.Draw(self.image)
        self.y = TOP

    def centre(self, text: str, size: int = 26, *, bold: bool = False) -> None:
        font = _font(size, bold)
        self.draw.text((STRIP / 2, self.y), text, INK, font, anchor="ma")
        self.y += round(size * 1.45)

    def ends(self, left: str, right: str, size: int = 25, *, bold: bool = False) -> None:
        """`left` at the left margin and `right` at the right one."""
        font = _font(size, bold)
        self.draw.text((EDGE, self.y), left, INK, font)
        self.draw.text((STRIP - EDGE, self.y), right, INK, font, anchor="ra")
        self.y += round(size * 1.5)

    def dashes(self) -> None:
        for x in range(EDGE, STRIP - EDGE, 16):
            self.draw.line((x, self.y + 8, x + 8, self.y + 8), INK, 2)
        self.y += 26

    def bars(self, rng: random.Random) -> None:
        """Something like a barcode."""
        x = 170
        while x < STRIP - 170:
            width = rng.choice((2, 3, 5))
            self.draw.rectangle((x, self.y, x + width, self.y + 64), INK)
            x += width + rng.choice((3, 4, 6))
        self.y += 84

    def cut(self) -> Image.Image:
        return self.image.crop((0, 0, STRIP, self.y + TOP))


def _font(size: int, bold: bool) -> ImageFont.FreeTypeFont:
    name = "VeraBd.ttf" if bold else "Vera.ttf"
    return ImageFont.truetype(str(FONT_DIR / name), size, layout_engine=ImageFont.Layout.BASIC)


def printed(bought: Receipt, rng: random.Random) -> Image.Image:
    """The receipt as it leaves the printer, before any scan."""
    strip, words = Strip(), TITLES[bought.shop.language]
    _head(strip, bought, words)
    _bought(strip, bought)
    _sums(strip, bought, words)
    _paid(strip, bought, words)
    strip.y += 18
    strip.bars(rng)
    strip.centre(words["bye"], 23)
    return strip.cut()


def _head(strip: Strip, bought: Receipt, words: dict[str, str]) -> None:
    strip.centre(bought.company, 36, bold=True)
    for text in (bought.street, bought.city, bought.shop.contact):
        strip.centre(text, 24)
    strip.y += 14
    strip.ends(f"{_day(bought)}  {bought.clock}", f"{words['no']} {bought.serial}", 23)
    strip.dashes()


def _day(bought: Receipt) -> str:
    return bought.sold.strftime("%d.%m.%Y" if bought.shop.language == "de" else "%d/%m/%Y")


def _bought(strip: Strip, bought: Receipt) -> None:
    for text, count, price in bought.lines:
        label = f"{count} x {text}" if count > 1 else text
        strip.ends(label, number(count * price, bought.shop.language))
    strip.dashes()


def _sums(strip: Strip, bought: Receipt, words: dict[str, str]) -> None:
    shop = bought.shop
    sign = SYMBOLS[shop.currency] if shop.language == "en" else ""
    code = "" if sign else f" {shop.currency}"
    total = f"{sign}{number(bought.total, shop.language)}"
    strip.ends(f"{words['total']}{code}", total, 36, bold=True)
    strip.y += 6
    strip.ends(words["net"], number(bought.total - bought.tax, shop.language), 22)
    strip.ends(words["tax"].format(rate=shop.rate), number(bought.tax, shop.language), 22)
    strip.dashes()


def _paid(strip: Strip, bought: Receipt, words: dict[str, str]) -> None:
    language = bought.shop.language
    rows: Sequence[tuple[str, Decimal]] = [(words["card"], bought.total)]
    if bought.cash is not None:
        rows = [(words["cash"], bought.cash), (words["change"], bought.cash - bought.total)]
    for label, value in rows:
        strip.ends(label, number(value, language), 27, bold=bought.cash is not None)


@dataclass(frozen=True, slots=True)
class Slip:
    """One receipt to print: its file, what it shows, its content and the state of the paper."""

    filename: str
    kind: str
    receipt: Receipt
    wear: Wear
    format: Literal["JPEG", "PNG"]


def slips(seed: int) -> list[Slip]:
    """All receipts of the samples."""
    cafe = receipt(random.Random(f"{seed}:cafe"), CAFE, 5)
    market = receipt(random.Random(f"{seed}:market"), MARKET, 8)
    trap = receipt(random.Random(f"{seed}:hardware"), HARDWARE, 4, Decimal("50.00"))
    return [
        Slip("receipt-cafe.jpg", "Café receipt, paid by card.", cafe, Wear(0.9, 7, 0.7, 238, 120), "JPEG"),
        Slip("kassenbon-markt.png", "German till receipt.", market, Wear(-0.7, 4, 0.5, 244, 236), "PNG"),
        Slip(
            "receipt-cash.jpg",
            "Receipt on which cash and change are both larger than the total.",
            trap,
            Wear(-1.4, 8, 0.8, 232, 96),
            "JPEG",
        ),
    ]


def picture(slip: Slip, seed: int) -> Image.Image:
    """The scan of one receipt, grey."""
    return scan(printed(slip.receipt, random.Random(slip.receipt.serial)), slip.wear, seed)
