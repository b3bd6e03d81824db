"""Till receipts: a head with firm and address, facts, goods, sums, payment and a tail, in any mixture."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from bench.extraction.synthetic import pools
from bench.extraction.synthetic.money import CENT, Making, Print
from bench.extraction.synthetic.pools import Land
from bench.extraction.synthetic.sheet import Align, Sheet

WORDS = tomllib.loads((Path(__file__).parent / "receipt_words.toml").read_text(encoding="utf-8"))
_KEYS = ("MY", "SG", "ID", "GB", "US", "AU", "IN", "DE", "CH", "FR", "ES", "IT", "NL", "PT")
_BETWEEN = (
    "Licensee of ~",
    "(Formerly known as ~)",
    "~ Branch",
    "Head Office",
    "a member of ~",
    "Since 1987",
)
_WEIGHTS = (8, 3, 2, 4, 4, 2, 2, 4, 1, 3, 2, 2, 2, 1)


@dataclass(slots=True)
class Till(Making):
    """One receipt in the making: what it prints on, in which words, and what is true of it."""

    sheet: Sheet
    sold: date
    lines: list[tuple[str, int, Decimal]]
    truth: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sums:
    """What the goods cost: `total` is what is to pay, after rounding."""

    goods: Decimal
    discount: Decimal
    service: Decimal
    tax: Decimal
    before: Decimal
    total: Decimal
    included: bool


def receipt(seed: str) -> tuple[Sheet, dict[str, str], str]:
    """The sheet, its true fields, and the shop's habits as a name for grouping."""
    rng = random.Random(seed)
    land = pools.pick(rng, _KEYS, _WEIGHTS)
    width = rng.choice((226.0, 300.0, 420.0))
    columns = rng.randint(32, 46)
    size = width / columns / 0.52
    sheet = Sheet(width, 300.0, size, size, rng, y=2 * size)
    sold = date(2015, 1, 1) + timedelta(days=rng.randrange(4300))
    till = Till(rng, land, WORDS[land.language], Print.of(rng, land), sheet, sold, _goods(rng, land))
    for part in (_head, _facts, _items, _settle, _tail):
        part(till)
    return sheet, till.truth, land.key


def _goods(rng: random.Random, land: Land) -> list[tuple[str, int, Decimal]]:
    names = WORDS[land.language]["goods"]
    scale = 1000 if land.currency == "IDR" else 1
    lines = []
    for _ in range(rng.choice((1, 1, 2, 2, 3, 3, 4, 5, 6, 8, 11, 15))):
        cents = rng.choice(
            (rng.randrange(90, 2500), rng.randrange(100, 900) * 10, rng.randrange(1, 60) * 100)
        )
        price = (Decimal(cents) / 100 * scale).quantize(CENT)
        lines.append((rng.choice(names), rng.choice((1, 1, 1, 1, 2, 2, 3, 5, 10)), price))
    return lines


# ---- The head: a sign, the firm, its numbers, its address.


def _head(till: Till) -> None:
    rng, land, sheet = till.rng, till.land, till.sheet
    align: Align = rng.choice(("center", "center", "center", "left"))
    size = sheet.size * rng.choice((1.0, 1.0, 1.2, 1.5))
    above, name = _names(till)
    for text in above:
        sheet.line(text, align=align, size=sheet.size * rng.choice((0.9, 1.0, 1.4)))
    till.truth["company"] = name
    suffix = f" {pools.registration(rng, land)}" if till.chance(0.12) else ""
    for text in _broken(rng, name + suffix, int(sheet.width / (0.52 * size)) - 2):
        sheet.line(text, align=align, size=size)
    if till.chance(0.06):
        between = (
            "Licensee of ~",
            "(Formerly known as ~)",
            "~ Branch",
            "Head Office",
            "a member of ~",
            "Since 1987",
        )
        sheet.line(rng.choice(between).replace("~", pools.name(rng)), align=align)
    for part in rng.choice(((_numbers, _address), (_address, _numbers), (_address,), (_address, _contact))):
        part(till, align)
    if till.chance(0.3):
        sheet.feed()


def _names(till: Till) -> tuple[list[str], str]:
    """Lines above the firm's name, and the name that the receipt's issuer has."""
    rng, land = till.rng, till.land
    legal = pools.firm(rng, land)
    case: Callable[[str], str] = rng.choice((str, str, str.upper, str.upper))
    style = rng.random()
    if style < 0.5:
        return [], case(legal)
    if style < 0.64:
        sign = pools.firm(rng, land, legal=False)
        if till.chance(0.4):
            sign += rng.choice((f" ({pools.name(rng)} Mall)", f" {pools.name(rng)}", f" @ {pools.name(rng)}"))
        return [case(sign)], case(legal)
    if style < 0.72:
        return [rng.choice((pools.person(rng).upper(), pools.name(rng).upper()))], case(legal)
    if style < 0.82:
        return [till.word("titles")], case(legal)
    if style < 0.86:
        return [rng.choice((pools.pattern(rng, "9999999"), "Welcome to", "*** COPY ***", "#999"))], case(
            legal
        )
    return [], case(pools.firm(rng, land, legal=False))


def _broken(rng: random.Random, text: str, letters: int) -> list[str]:
    """A text in lines that fit; now and then broken although it would fit."""
    words = text.split()
    if len(words) > 2 and rng.random() < 0.18:
        at = rng.randint(1, len(words) - 1) if rng.random() < 0.5 else max(1, len(words) - 2)
        return [" ".join(words[:at]), " ".join(words[at:])]
    lines, line = [], ""
    for word in words:
        if line and len(line) + 1 + len(word) > letters:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    return [*lines, line]


def _numbers(till: Till, align: Align) -> None:
    for share, make in ((0.7, pools.registration), (0.6, pools.tax_id)):
        if till.chance(share):
            till.sheet.line(make(till.rng, till.land), align=align)
    if till.chance(0.4):
        _contact(till, align)


def _contact(till: Till, align: Align) -> None:
    rng = till.rng
    label = rng.choice(("TEL: ", "Tel ", "Tel. ", "TEL NO: ", "Phone: ", "", "Tel:"))
    text = label + pools.phone(rng, till.land)
    if till.chance(0.4):
        text += rng.choice((" FAX: ", "  Fax ", " / ")) + pools.phone(rng, till.land)
    till.sheet.line(text, align=align)
    if till.chance(0.15):
        till.sheet.line(f"www.{pools.name(rng).lower()}.example", align=align)


def _address(till: Till, align: Align) -> None:
    """One to five lines; the truth is all of them with the commas as printed."""
    rng, sheet = till.rng, till.sheet
    parts = pools.address(rng, till.land)
    upper = till.truth["company"].isupper() or till.chance(0.3)
    parts = [part.upper() if upper else part for part in parts]
    comma = rng.choice((",", ",", ",", ""))
    text = [
        part + (comma if at < len(parts) - 1 else rng.choice(("", "", "."))) for at, part in enumerate(parts)
    ]
    lines = _in_lines(rng, text, int(sheet.width / (0.52 * sheet.size)) - 2)
    till.truth["address"] = " ".join(lines)
    if till.chance(0.06):
        lines[0] = f"Address: {lines[0]}"
    for line in lines:
        sheet.line(line, align=align)
    if till.chance(0.06):
        number = f"{rng.randint(100, 9999)}{rng.choice(('-', ' - '))}{pools.name(rng).upper()}"
        branch = rng.choice((number, number, f"{pools.name(rng)} {rng.choice(('Mall', 'Centre', 'Plaza'))}"))
        sheet.line(branch, align=align)
        till.truth["address"] += f" {branch}"


def _in_lines(rng: random.Random, parts: list[str], letters: int) -> list[str]:
    lines: list[str] = []
    for part in parts:
        joined = f"{lines[-1]} {part}" if lines else part
        if lines and len(joined) <= letters and rng.random() < 0.45:
            lines[-1] = joined
        else:
            lines += _broken(rng, part, letters) if len(part) > letters else [part]
    return lines


# ---- Facts: title, number, date, cashier.


def _facts(till: Till) -> None:
    rng, sheet = till.rng, till.sheet
    if till.chance(0.6):
        sheet.line(till.word("titles"), align=rng.choice(("center", "center", "left")))
    rows = [_date_row(till)]
    if till.chance(0.75):
        rows.append((till.word("number"), _serial(rng)))
    for _ in range(rng.randint(0, 3)):
        label, _, value = _filled(rng, till.word("facts")).partition(":")
        rows.append((label, value.strip()))
    rng.shuffle(rows)
    till.truth["date"] = till.sold.isoformat()
    _print_rows(till, rows)
    if till.chance(0.5):
        sheet.line("-" * rng.randint(10, 30))


def _date_row(till: Till) -> tuple[str, str]:
    rng = till.rng
    text = till.sold.strftime(rng.choice(till.land.dates))
    text = text.upper() if till.chance(0.3) else text
    clock = f"{rng.randint(7, 22):02d}:{rng.randint(0, 59):02d}" + rng.choice(("", ":07", " PM", ":31 AM"))
    style = rng.random()
    if style < 0.5:
        text = f"{text}{rng.choice((' ', '  ', ' - ', ' / '))}{clock}"
    elif style < 0.7:
        text = f"{text} {till.word('time')}: {clock}"
    return till.word("date"), text


def _serial(rng: random.Random) -> str:
    return pools.pattern(
        rng, rng.choice(("999999", "A999999", "AA99-99999", "99999999", "AA/99/9999", "9999-9999"))
    )


def _filled(rng: random.Random, text: str) -> str:
    return (
        pools.pattern(rng, text.replace("~", pools.name(rng)))
        if "9" in text
        else text.replace("~", pools.name(rng))
    )


def _print_rows(till: Till, rows: list[tuple[str, str]]) -> None:
    """Facts as "label: value", in two columns, or two facts to a line."""
    rng, sheet = till.rng, till.sheet
    style = rng.choice(("inline", "inline", "columns", "pairs"))
    mark = rng.choice((":", ": ", " : ", " ", "  "))
    middle = sheet.width * rng.choice((0.35, 0.45))
    for at, (label, value) in enumerate(rows):
        if style == "columns" and label:
            sheet.row(
                [
                    (sheet.margin, "left", label + rng.choice(("", ":"))),
                    (middle, "left", f"{rng.choice(('', ': '))}{value}"),
                ]
            )
        elif (
            style == "pairs" and at % 2 == 0 and at + 1 < len(rows) and len(value) + len(rows[at + 1][1]) < 24
        ):
            right = rows[at + 1]
            sheet.put(sheet.margin, f"{label}{mark}{value}" if label else value)
            sheet.put(sheet.width - sheet.margin, f"{right[0]}{mark}{right[1]}", align="right")
            sheet.feed()
        elif style != "pairs" or at % 2 == 0 or len(value) + len(rows[at - 1][1]) >= 24:
            sheet.line(f"{label}{mark}{value}" if label else value)


# ---- Goods.


def _items(till: Till) -> None:
    rng, sheet = till.rng, till.sheet
    right = sheet.width - sheet.margin
    places = (sheet.margin, sheet.width * 0.5, sheet.width * 0.72, right)
    if till.chance(0.6):
        head = rng.choice(till.words["heads"])
        sheet.row(
            [
                (x, "left" if at == 0 else "right", text)
                for at, (x, text) in enumerate(zip(places, head, strict=True))
            ]
        )
    style = rng.choice(("one", "two", "two", "plain", "code"))
    for text, count, price in till.lines:
        _item(till, style, places, (text, count, price))
    if till.chance(0.4):
        sheet.line(rng.choice("-=_*") * rng.randint(10, 30))


def _item(till: Till, style: str, places: tuple[float, ...], item: tuple[str, int, Decimal]) -> None:
    rng, sheet, (text, count, price) = till.rng, till.sheet, item
    amount, mark = (
        till.money(count * price),
        rng.choice(("", "", "", " SR", "*")) if till.land.key == "MY" else "",
    )
    name = text.upper() if till.truth["company"].isupper() else text
    if style == "plain":
        sheet.row(
            [
                (places[0], "left", f"{count} {name}" if till.chance(0.5) else name),
                (places[3], "right", amount + mark),
            ]
        )
    elif style == "one":
        cells = zip(places, (name, str(count), till.money(price), amount + mark), strict=True)
        sheet.row([(x, "left" if at == 0 else "right", cell) for at, (x, cell) in enumerate(cells)])
    else:
        code = pools.pattern(rng, rng.choice(("9999999999999", "9999", "A99999"))) if style == "code" else ""
        sheet.line(f"{code} {name}".strip())
        times = rng.choice((" x ", " X ", " @ ", "x "))
        sheet.row(
            [
                (places[0] + sheet.size, "left", f"{count}{times}{till.money(price)}"),
                (places[3], "right", amount + mark),
            ]
        )


# ---- Sums and payment.


def _settle(till: Till) -> None:
    sums = _sums(till)
    till.truth["total"] = str(sums.total)
    rows = _sum_rows(till, sums)
    right = till.sheet.width - till.sheet.margin
    indent = till.rng.choice(
        (till.sheet.margin, till.sheet.margin, till.sheet.width * 0.3, till.sheet.width * 0.15)
    )
    mark = till.rng.choice(("", "", ":", " :"))
    big = till.rng.choice((1.0, 1.0, 1.3, 1.6))
    close = till.chance(0.2)
    for kind, label, value in rows:
        size = till.sheet.size * (big if kind == "total" else 1.0)
        if close:
            till.sheet.put(indent, f"{label}{mark} {value}", size=size)
        else:
            till.sheet.put(indent, label + mark, size=size)
            till.sheet.put(right, value, align="right", size=size)
        till.sheet.feed(1, size)


def _sums(till: Till) -> Sums:
    rng, land = till.rng, till.land
    goods = sum((count * price for _, count, price in till.lines), Decimal(0))
    discount = (goods * rng.choice((5, 10, 20)) / 100).quantize(CENT) if till.chance(0.12) else Decimal(0)
    service = (goods / 10).quantize(CENT) if till.chance(0.12) else Decimal(0)
    rate, included = Decimal(rng.choice(land.rates)), land.key not in ("US", "SG") and till.chance(0.75)
    base = goods - discount + service
    part = base * rate / (100 + rate) if included else base * rate / 100
    tax = part.quantize(CENT, ROUND_HALF_UP)
    before = base if included else base + tax
    step = Decimal("0.05")
    rounds = land.rounds and till.chance(0.75)
    total = (before / step).quantize(Decimal(1), ROUND_HALF_UP) * step if rounds else before
    return Sums(goods, discount, service, tax, before, total.quantize(CENT), included)


def _sum_rows(till: Till, sums: Sums) -> list[tuple[str, str, str]]:
    """The lines of the sums as (kind, label, value); what is printed of them varies."""
    rng = till.rng
    rows: list[tuple[str, str, str]] = []

    def add(kind: str, key: str, value: Decimal, share: float = 1.0) -> None:
        if till.chance(share):
            rows.append((kind, till.word(key), till.money(value)))

    if till.chance(0.3):
        pieces = sum(count for _, count, _ in till.lines)
        rows.append(("count", till.word("count"), str(rng.choice((pieces, len(till.lines))))))
    net = sums.before - sums.tax
    add("part", "subtotal", rng.choice((sums.goods, net)), 0.55)
    add(
        "part",
        "discount",
        -sums.discount if till.chance(0.5) else sums.discount,
        1.0 if sums.discount else 0.1,
    )
    if sums.service:
        add("part", "service", sums.service)
    add("part", "tax", sums.tax, 0.5 if sums.included else 1.0)
    if till.chance(0.12):
        rows += _group_rows(till, sums)
    _total_rows(till, sums, add)
    _payment_rows(till, sums, add)
    if till.chance(0.25):
        add("part", "tax", sums.tax, 0.5)
    if till.chance(0.25):
        rows += _summary_rows(till, sums, net)
    add("part", "saved", Decimal(rng.randrange(10, 900)) / 100, 0.06)
    if till.chance(0.05):
        add("total", "total", sums.total)
    return rows


Add = Callable[..., None]


def _group_rows(till: Till, sums: Sums) -> list[tuple[str, str, str]]:
    """Totals of parts of the goods, such as those of one tax rate."""
    part = (sums.goods * till.rng.randint(20, 80) / 100).quantize(CENT)
    label = till.word("total")
    texts = till.rng.choice(
        ((f"{label} 0% supplies", f"{label} 6% supplies"), (f"{label} A", f"{label} B"), ("Food", "Beverage"))
    )
    return [
        ("part", text, till.money(value))
        for text, value in zip(texts, (part, sums.goods - part), strict=True)
    ]


def _total_rows(till: Till, sums: Sums, add: Add) -> None:
    shift = sums.total - sums.before
    if shift or (till.land.rounds and till.chance(0.5)):
        add("total", "total", sums.before, 0.85)
        add("part", "rounding", shift, 0.85)
        add("total", "rounded", sums.total, 0.85 if shift else 0.5)
    if not shift:
        add("total", "total", sums.total)
        add("total", "total", sums.total, 0.12)


def _payment_rows(till: Till, sums: Sums, add: Add) -> None:
    style = till.rng.random()
    if style < 0.55:
        paid = _handed(till.rng, sums.total)
        add("part", "cash", paid)
        add("part", "change", paid - sums.total, 0.92)
    elif style < 0.8:
        add("part", "card", sums.total)
        add("part", "change", Decimal("0.00"), 0.3)


def _handed(rng: random.Random, total: Decimal) -> Decimal:
    """The notes a customer gives: exact, or the next round amount."""
    step = rng.choice((Decimal(1), Decimal(5), Decimal(10), Decimal(50), Decimal(100)))
    up = (total / step).quantize(Decimal(1), "ROUND_CEILING") * step
    return rng.choice((total, up, up, up)).quantize(CENT)


def _summary_rows(till: Till, sums: Sums, net: Decimal) -> list[tuple[str, str, str]]:
    rate = till.rng.choice(till.land.rates)
    label = till.rng.choice((f"SR {rate}%", f"{rate}%", f"A {rate},00%", f"S @ {rate}%", "ZRL 0%"))
    both = f"{till.money(net)}   {till.money(sums.tax)}"
    return [
        ("part", till.word("summary"), till.rng.choice(("Amount   Tax", "", "Net   Tax"))),
        ("part", label, both),
    ]


def _tail(till: Till) -> None:
    till.sheet.feed(till.rng.choice((0.5, 1.0, 2.0)))
    for _ in range(till.rng.randint(0, 4)):
        till.sheet.line(
            _filled(till.rng, till.word("tail")), align=till.rng.choice(("center", "center", "left"))
        )
    if till.chance(0.1):
        till.sheet.line(till.truth["company"], align="center")
    elif till.chance(0.05):
        for text in (
            till.rng.choice(("Operated by", "Owned by", "Thank you for shopping at")),
            pools.firm(till.rng, till.land),
        ):
            till.sheet.line(text, align="center")
