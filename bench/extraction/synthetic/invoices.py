"""Invoices: heads, parties, facts, items, sums, terms and footers, each placed in one of several ways."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from bench.extraction.synthetic import ids, pools
from bench.extraction.synthetic.money import CENT, Making, Print
from bench.extraction.synthetic.pools import Land
from bench.extraction.synthetic.sheet import Align, Sheet

WORDS = tomllib.loads((Path(__file__).parent / "invoice_words.toml").read_text(encoding="utf-8"))
OPTIONAL = ("due_date", "net", "tax", "iban", "seller_vat_id")
# What stands over the seller's name on some papers.
_OVER = (
    "ORIGINAL",
    "Page 1",
    "~ sample papers",
    "Version 2.1",
    "www.~.example",
    "COPY",
    "Template ~ 3.0",
    "Duplicate",
)
_CONTACTS = (
    "Contact",
    "Ansprechpartner",
    "Your contact",
    "Sachbearbeiter",
    "Contact commercial",
    "Clerk",
    "Handled by",
)
_SALUTATIONS = {
    "de": ("Herrn", "Frau", "Firma"),
    "fr": ("M.", "Mme", "Société"),
    "it": ("Spett.le",),
    "es": ("Sr.", "Sra."),
}
_KEYS = ("DE", "FR", "GB", "US", "ES", "IT", "NL", "CH", "MY", "SG", "AU", "IN", "ID", "PT")
_WEIGHTS = (7, 5, 5, 3, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1)


@dataclass(frozen=True, slots=True)
class Firm:
    """A party with everything that papers print of it."""

    name: str
    lines: tuple[str, ...]
    vat: str | None
    iban: str | None
    phone: str
    site: str
    register: str


@dataclass(slots=True)
class Paper(Making):
    """One invoice in the making: the sheets, the words, the facts, and what is true of what was printed."""

    sheet: Sheet
    seller: Firm
    buyer: Firm
    number: str
    issued: date
    due: date
    style: str
    rate: int
    lines: list[tuple[str, Decimal, Decimal]]
    sheets: list[Sheet] = field(default_factory=list)
    truth: dict[str, str] = field(default_factory=dict)

    def day(self, value: date) -> str:
        return value.strftime(self.style)

    @property
    def net(self) -> Decimal:
        return sum((_amount(count, price) for _, count, price in self.lines), Decimal(0))

    @property
    def tax(self) -> Decimal:
        return (self.net * self.rate / 100).quantize(CENT, ROUND_HALF_UP)


def invoice(seed: str) -> tuple[list[Sheet], dict[str, str], str]:
    """The sheets, the true fields that are printed on them, and the country as a name for grouping."""
    paper = _paper(random.Random(seed))
    middle = [_parties, _facts] if paper.chance(0.7) else [_facts, _parties]
    for part in (_head, *middle, _items, _sums, _terms):
        part(paper)
    _footer(paper)
    paper.sheets.append(paper.sheet)
    if paper.printing.sign.strip() or paper.chance(0.5):
        paper.truth["currency"] = paper.land.currency
    if paper.truth.get("currency") and not paper.printing.sign.strip():
        del paper.truth["currency"]
    return paper.sheets, paper.truth, paper.land.key


def _paper(rng: random.Random) -> Paper:
    land = pools.pick(rng, _KEYS, _WEIGHTS)
    words = WORDS[land.language]
    issued = date(2012, 1, 1) + timedelta(days=rng.randrange(5400))
    size = rng.choice((8.0, 9.0, 9.5, 10.0, 11.0))
    sheet = Sheet(
        595.0, 842.0, size, rng.choice((36.0, 50.0, 57.0, 70.0)), rng, letter=0.5, y=rng.uniform(30, 70)
    )
    return Paper(
        rng=rng, land=land, sheet=sheet, words=words, printing=Print.of(rng, land),
        seller=_firm(rng, land, (0.08, 0.08)), buyer=_firm(rng, land, (0.2, 0.25)),
        number=_number(rng, issued), issued=issued,
        due=issued + timedelta(days=rng.choice((0, 7, 10, 14, 14, 30, 30, 45, 60))),
        style=rng.choice(land.dates), rate=rng.choice(land.rates), lines=_lines(rng, words),
    )  # fmt: skip


def _firm(rng: random.Random, land: Land, shares: tuple[float, float]) -> Firm:
    """A party; `shares` says how often it is a person, and how often a name without a legal form."""
    kind = rng.random()
    if kind < shares[0]:
        name = pools.person(rng)
    else:
        name = pools.plain_firm(rng, land) if kind < sum(shares) else pools.firm(rng, land)
    site = "".join(char for char in name.split()[0].lower() if char.isalnum()) or "firm"
    parts = pools.address(rng, land)
    return Firm(
        name, tuple(parts), ids.vat_id(rng, land.key), ids.iban(rng, land.key), pools.phone(rng, land),
        f"{site}.example", pools.registration(rng, land),
    )  # fmt: skip


def _number(rng: random.Random, issued: date) -> str:
    shapes = ("9999", "99999", "999999", "RE-99999", "INV-9999", "{y}-9999", "{y}/999", "A999999", "F{y}9999",
              "99-999-99", "AA-99999", "{y}{m}99", "9999999999", "RG{y}-99", "AB/{y}/99")  # fmt: skip
    shape = rng.choice(shapes).replace("{y}", str(issued.year)).replace("{m}", f"{issued.month:02d}")
    year = str(issued.year)
    return (
        year.join(pools.pattern(rng, piece) for piece in shape.split(year))
        if year in shape
        else pools.pattern(rng, shape)
    )


def _lines(rng: random.Random, words: dict[str, list[str]]) -> list[tuple[str, Decimal, Decimal]]:
    lines = []
    for _ in range(rng.choice((1, 1, 2, 2, 3, 3, 4, 5, 7, 9))):
        cents = rng.choice(
            (rng.randrange(100, 9900), rng.randrange(10, 900) * 100, rng.randrange(100, 99999))
        )
        count = Decimal(rng.choice((1, 1, 1, 2, 3, 5, 8, 10, 12))) + (
            Decimal("0.5") if rng.random() < 0.1 else 0
        )
        lines.append((rng.choice(words["goods"]), count, Decimal(cents) / 100))
    return lines


def _amount(count: Decimal, price: Decimal) -> Decimal:
    return (count * price).quantize(CENT, ROUND_HALF_UP)


# ---- Head and parties.


def _head(paper: Paper) -> None:
    sheet, seller = paper.sheet, paper.seller
    style = paper.rng.choice(("left", "right", "center", "window", "sign", "footer"))
    paper.truth["seller_name"] = seller.name
    if paper.chance(0.15):
        sheet.line(
            paper.rng.choice(_OVER).replace("~", pools.name(paper.rng)),
            align=paper.rng.choice(("left", "right")),
        )
    if style == "window":
        _window(paper)
    elif style != "footer":
        align: Align = "right" if style == "right" else "center" if style == "center" else "left"
        size = sheet.size * paper.rng.choice((1.0, 1.3, 1.6))
        for line in _name_lines(paper, seller.name):
            sheet.line(line, align=align, size=size)
        for line in () if style == "sign" else _details(paper, seller):
            sheet.line(line, align=align)
    else:
        sheet.line(seller.name.split()[0], size=sheet.size * 1.8)
    if title := paper.word("title").replace("{number}", paper.number):
        paper.truth |= {"invoice_number": paper.number} if paper.number in title else {}
        sheet.feed(paper.rng.choice((0.0, 1.0)))
        sheet.line(
            title,
            align=paper.rng.choice(("left", "right", "center")),
            size=sheet.size * paper.rng.choice((1.2, 1.6, 2.0)),
        )
    sheet.feed(paper.rng.choice((0.5, 1.0, 2.0)))


def _name_lines(paper: Paper, name: str) -> list[str]:
    """A name on one line, or broken over two."""
    words = name.split()
    if len(words) < 3 or not paper.chance(0.12):
        return [name]
    at = paper.rng.randint(1, len(words) - 1)
    return [" ".join(words[:at]), " ".join(words[at:])]


def _window(paper: Paper) -> None:
    """The sender in one small line over the addressee, as window envelopes want it."""
    mark = paper.rng.choice((" · ", " - ", ", ", " | ", " • "))
    paper.sheet.line(mark.join((paper.seller.name, *paper.seller.lines)), size=paper.sheet.size * 0.75)


def _details(paper: Paper, firm: Firm) -> list[str]:
    lines = list(firm.lines) if paper.chance(0.7) else [", ".join(firm.lines)]
    if paper.chance(0.5):
        lines.append(f"Tel. {firm.phone}")
    if paper.chance(0.3):
        lines.append(paper.rng.choice((f"info@{firm.site}", f"www.{firm.site}")))
    if firm.vat and paper.chance(0.4):
        lines.append(_vat_line(paper, firm))
    return lines


def _vat_line(paper: Paper, firm: Firm) -> str:
    if firm is paper.seller and firm.vat:
        paper.truth["seller_vat_id"] = firm.vat
    spaced = f"{firm.vat[:2]} {firm.vat[2:]}" if firm.vat and paper.chance(0.2) else firm.vat
    return f"{paper.word('vat')}{paper.rng.choice((': ', ' ', ' : '))}{spaced}"


def _parties(paper: Paper) -> None:
    """The addressee, sometimes beside the seller's own block or a place of delivery."""
    sheet, rng = paper.sheet, paper.rng
    blocks = [_buyer_block(paper)]
    for _ in range(rng.choice((0, 0, 0, 1, 2))):
        dated = f"{pools.name(rng)} {paper.day(paper.issued)}"
        sheet.line(rng.choice((pools.town(rng, paper.land), paper.word("thanks"), dated)))
    if paper.chance(0.25):
        own = _details(paper, paper.seller)
        blocks.insert(0, [paper.word("from"), paper.seller.name, *own])
    elif paper.chance(0.2):
        blocks.append([paper.word("ship"), pools.firm(rng, paper.land), *pools.address(rng, paper.land)])
    places = (
        [sheet.margin, sheet.width * 0.55] if len(blocks) == 2 or paper.chance(0.6) else [sheet.width * 0.58]
    )
    for at in range(max(len(block) for block in blocks)):
        for x, block in zip(places, blocks, strict=False):
            if at < len(block):
                sheet.put(x, block[at])
        sheet.feed()
    sheet.feed(rng.choice((0.5, 1.0, 2.0)))


def _buyer_block(paper: Paper) -> list[str]:
    buyer = paper.buyer
    label = [paper.word("to") + paper.rng.choice(("", ":"))] if paper.chance(0.65) else []
    attn = [paper.word("attn").format(person=pools.person(paper.rng))] if paper.chance(0.25) else []
    printed = _name_lines(paper, buyer.name)
    if paper.chance(0.12):
        printed.insert(0, paper.rng.choice(_SALUTATIONS.get(paper.land.language, ("Mr", "Mrs", "Messrs"))))
    names = [*printed, *attn] if paper.chance(0.85) else [*attn, *printed]
    tax = [_vat_line(paper, buyer)] if buyer.vat and paper.chance(0.25) else []
    paper.truth["buyer_name"] = buyer.name
    return [*label, *names, *buyer.lines, *([paper.land.name] if paper.chance(0.2) else []), *tax]


# ---- Facts: number and dates, among others that are not asked for.


def _facts(paper: Paper) -> None:
    rng, sheet = paper.rng, paper.sheet
    rows = _fact_rows(paper)
    style = rng.choice(("rows", "rows", "right", "stacked", "table", "inline"))
    if style in ("rows", "right"):
        left = sheet.margin if style == "rows" else sheet.width * 0.55
        mark, gap = rng.choice(("", ":", " :")), rng.choice((90, 120, 150))
        for label, value in rows:
            sheet.row([(left, "left", label + mark), *([(left + gap, "left", value)])])
    elif style == "inline":
        for label, value in rows:
            sheet.line(
                f"{label}{rng.choice((': ', ' ', ' : '))}{value}", align=rng.choice(("left", "left", "right"))
            )
    else:
        _fact_table(paper, rows)
    sheet.feed(rng.choice((1.0, 2.0)))


def _fact_rows(paper: Paper) -> list[tuple[str, str]]:
    rng = paper.rng
    rows = []
    if "invoice_number" not in paper.truth or paper.chance(0.4):
        rows.append((paper.word("number"), paper.number))
        paper.truth["invoice_number"] = paper.number
    rows.append((paper.word("issued"), paper.day(paper.issued)))
    paper.truth["issue_date"] = paper.issued.isoformat()
    if paper.chance(0.55):
        rows.append((paper.word("due"), paper.day(paper.due)))
        paper.truth["due_date"] = paper.due.isoformat()
    shapes = ("99999", "A-9999", "999999", "4500999999")
    others = [paper.word("other_numbers") for _ in range(rng.randint(0, 3))]
    rows += [(label, pools.pattern(rng, rng.choice(shapes))) for label in others]
    if paper.chance(0.2):
        rows.append((rng.choice(_CONTACTS), pools.person(rng)))
    if paper.chance(0.4):
        rows.append((paper.word("other_dates"), paper.day(paper.issued - timedelta(days=rng.randint(1, 40)))))
    rng.shuffle(rows)
    return rows


def _fact_table(paper: Paper, rows: list[tuple[str, str]]) -> None:
    """Labels above their values, three or four to a line."""
    sheet, count = paper.sheet, paper.rng.choice((3, 4))
    step = (sheet.width - 2 * sheet.margin) / count
    for start in range(0, len(rows), count):
        part = rows[start : start + count]
        sheet.row([(sheet.margin + at * step, "left", label) for at, (label, _) in enumerate(part)])
        sheet.row([(sheet.margin + at * step, "left", value) for at, (_, value) in enumerate(part)])


# ---- Items and sums.


def _items(paper: Paper) -> None:
    sheet, rng = paper.sheet, paper.rng
    if paper.chance(0.3):
        sheet.line(paper.word("greeting"))
        sheet.feed()
    right = sheet.width - sheet.margin
    places = (sheet.margin, sheet.width * 0.55, sheet.width * 0.75, right)
    if paper.chance(0.92):
        head = rng.choice(paper.words["heads"])
        sheet.row(
            [
                (x, "left" if at == 0 else "right", text)
                for at, (x, text) in enumerate(zip(places, head, strict=True))
            ]
        )
    for text, count, price in paper.lines:
        cells = (
            text,
            f"{count:f}".rstrip("0").rstrip(".") if count % 1 else str(int(count)),
            paper.money(price),
            paper.money(_amount(count, price)),
        )
        sheet.row(
            [
                (x, "left" if at == 0 else "right", cell)
                for at, (x, cell) in enumerate(zip(places, cells, strict=True))
            ]
        )
        if paper.chance(0.15):
            sheet.line(f"  {pools.name(rng)} {pools.pattern(rng, '9999')}")
    sheet.feed(rng.choice((0.5, 1.0)))
    if paper.chance(0.08):
        paper.sheets.append(sheet)
        paper.sheet = Sheet(595.0, 842.0, sheet.size, sheet.margin, rng, letter=0.5, y=50.0)


def _sums(paper: Paper) -> None:
    rng, sheet = paper.rng, paper.sheet
    total = paper.net + paper.tax
    rows = []
    if paper.chance(0.85):
        rows.append((paper.word("net"), paper.net))
        paper.truth["net"] = str(paper.net)
    if paper.chance(0.9):
        rows.append((paper.word("tax").format(rate=paper.rate), paper.tax))
        paper.truth["tax"] = str(paper.tax)
    rows.append((paper.word("total"), total))
    paper.truth["total"] = str(total)
    rows += _due_rows(paper, total)
    left, right = sheet.width * rng.choice((0.5, 0.6)), sheet.width - sheet.margin
    mark = rng.choice(("", "", ":"))
    for label, value in rows:
        sheet.row([(left, "left", label + mark), (right, "right", paper.money(value))])
    sheet.feed()


def _due_rows(paper: Paper, total: Decimal) -> list[tuple[str, Decimal]]:
    """A deposit and what is left, or the amount to pay said again."""
    if paper.chance(0.12):
        deposit = (total * paper.rng.choice((1, 2, 3)) / 10).quantize(CENT)
        paper.truth["amount_due"] = str(total - deposit)
        return [(paper.word("deposit"), deposit), (paper.word("amount_due"), total - deposit)]
    # Where nothing is paid yet, the total is what is due, printed twice or not.
    paper.truth["amount_due"] = str(total)
    if paper.chance(0.3):
        return [(paper.word("amount_due"), total)]
    return []


# ---- Terms and footer.


def _terms(paper: Paper) -> None:
    rng = paper.rng
    for _ in range(rng.randint(0, 2)):
        text = paper.word("terms")
        if "{due}" in text:
            paper.truth["due_date"] = paper.due.isoformat()
        if "{number}" in text:
            paper.truth["invoice_number"] = paper.number
        total = paper.money(Decimal(paper.truth.get("amount_due", paper.truth["total"])))
        days = (paper.due - paper.issued).days
        paper.sheet.line(text.format(days=days, due=paper.day(paper.due), number=paper.number, total=total))
    if paper.chance(0.25):
        paper.sheet.line(_sentence(paper))
    if paper.chance(0.5):
        paper.sheet.line(paper.word("thanks"))
    if paper.chance(0.2):
        paper.sheet.line(paper.seller.name if paper.chance(0.5) else pools.person(rng))


def _sentence(paper: Paper) -> str:
    """Running text that uses the words of labels beside amounts and dates that are no field's value."""
    rng = paper.rng
    amount = paper.money(Decimal(rng.randrange(100, 900000)) / 100)
    word = paper.word(rng.choice(("total", "amount_due", "net", "tax"))).format(rate=paper.rate).lower()
    day = paper.day(paper.issued + timedelta(days=rng.randint(-400, 400)))
    lead = " ".join(pools.name(rng).lower() for _ in range(rng.randint(2, 5)))
    return rng.choice(
        (f"{lead.capitalize()} {word} {amount}.", f"{lead.capitalize()} {day} {lead} {word} {amount}.")
    )


def _footer(paper: Paper) -> None:
    sheet = paper.sheet
    sheet.y = max(sheet.y + 2 * sheet.size, 842.0 - rng_height(paper))
    style: Callable[[Paper], None] = paper.rng.choice(
        (_bank_lines, _bank_columns, _bank_columns, _bank_sentence)
    )
    style(paper)


def rng_height(paper: Paper) -> float:
    """How high over the lower edge the footer starts, in points."""
    return paper.rng.uniform(60, 110)


def _bank_facts(paper: Paper) -> list[str]:
    seller = paper.seller
    facts = [f"{paper.word('bank')}: {pools.name(paper.rng)} Bank"] if paper.chance(0.5) else []
    if seller.iban and paper.chance(0.75):
        shown = (
            " ".join(seller.iban[at : at + 4] for at in range(0, len(seller.iban), 4))
            if paper.chance(0.6)
            else seller.iban
        )
        facts.append(f"IBAN{paper.rng.choice((': ', ' '))}{shown}")
        paper.truth["iban"] = seller.iban
    if paper.chance(0.4):
        facts.append(f"BIC {pools.pattern(paper.rng, 'AAAA')}{paper.land.key}2X")
    if seller.vat and (paper.chance(0.6) and "seller_vat_id" not in paper.truth):
        facts.append(_vat_line(paper, seller))
    if paper.chance(0.4):
        facts.append(seller.register)
    return facts


def _bank_lines(paper: Paper) -> None:
    for line in _bank_facts(paper):
        paper.sheet.line(line)


def _bank_columns(paper: Paper) -> None:
    seller, sheet = paper.seller, paper.sheet
    facts = _bank_facts(paper)
    contact = [f"Tel. {seller.phone}", f"www.{seller.site}"]
    columns = [
        [seller.name, *seller.lines],
        contact,
        facts[: len(facts) // 2 + 1],
        facts[len(facts) // 2 + 1 :],
    ]
    step = (sheet.width - 2 * sheet.margin) / 4
    small = min(sheet.size * 0.75, 7.0)
    for at in range(max(len(column) for column in columns)):
        for place, column in enumerate(columns):
            if at < len(column):
                sheet.put(sheet.margin + place * step, column[at], size=small)
        sheet.feed(1, small)


def _bank_sentence(paper: Paper) -> None:
    seller, mark = paper.seller, paper.rng.choice((" · ", " – ", " | ", ", "))
    paper.sheet.line(mark.join((seller.name, *seller.lines)), align="center", size=paper.sheet.size * 0.8)
    paper.sheet.line(
        mark.join(_bank_facts(paper)) or seller.register, align="center", size=paper.sheet.size * 0.8
    )
