"""Fits the confidence curves: `python -m bench.fit_calibration [E_INVOICE_FOLDER] [--seeds 60] [--scans 4]`.

Learns only from what may be redistributed: documents of this repository's own generator, read by the
product's readers, once as printed and in worn copies on which the extractor errs; and, if a folder with
`truth.json` is given, its e-invoices under Apache, MIT and BSD licences. Sets for research only are never
opened. Prints the table for `extraction/engines/fields/calibrate.py`; the same arguments give the same
table. Takes about five minutes of one core, most of it OCR.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from functools import partial
from pathlib import Path
from statistics import median

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz

from extraction.engines.blocks import Box, ConvertedDocument, Page, Word
from extraction.engines.convert import ConvertOptions, convert
from extraction.engines.fields.builtin import fields_of
from extraction.engines.fields.calibrate import SUM_LIFT, Curve, margin
from extraction.engines.fields.candidates import Reading
from extraction.engines.fields.check import check
from extraction.engines.fields.defs import FieldDef
from extraction.engines.fields.layout import fold
from extraction.engines.fields.rank import Ranked, rank_by_hand
from extraction.engines.fields.sources import LOCAL_SOURCES
from samples import degrade, invoices, layouts, receipts
from samples.catalogue import COUNTRIES
from samples.make import PDF
from samples.numbers import digits, grouped, iban, vat_id
from samples.words import Language, day, number

# The only sets of a folder that are read, whatever else lies in it.
REDISTRIBUTABLE = frozenset({"einvoice", "invoice2data"})

PRIOR = Curve(3.0, 2.5, -1.5)
PRIOR_WEIGHT = 0.3
# Half of the way from the prior to the fit is gone once a family has shown errors of this weight.
PATIENCE = 3.0
LEAST = 0.3  # of slope and lead: more evidence never lowers a confidence
SWEEPS = 2000

WORN_COPIES = 4  # of each generated document, together as heavy as the clean one
WEAR_CHANCE = 0.5  # of each kind of wear on each copy
REAL_WEIGHT = 4.0  # of a document that a firm really sent, against one of the generator

# More firms than the three of the samples, so that one name's quirk is not the rule.
SHOPS = tuple(
    replace(kind, naming=naming, country=country)
    for kind, country, namings in (
        (receipts.CAFE, "GB", ("The {root} Café", "{root} Kitchen Ltd", "{root}", "Coffee at {root}")),
        (receipts.HARDWARE, "IE", ("{root} Hardware Ltd", "{root} & Sons", "{root} Stores DAC")),
        (receipts.MARKET, "DE", ("Frischhof {root}", "{root} GmbH & Co. KG", "Bäckerei {root} e.K.")),
    )
    for naming in namings
)


@dataclass(frozen=True, slots=True)
class Example:
    """A read document with its true values; `group` is its sender, or the generator's layout."""

    document: ConvertedDocument
    slug: str
    truth: Mapping[str, str]
    group: str
    language: Language = "en"


@dataclass(frozen=True, slots=True)
class Row:
    """One chosen value: what the curve sees of it and whether it was right."""

    family: str
    group: str
    score: float
    margin: float
    held: bool
    right: bool
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What the extractor makes of an example: the reading, each field's ranking, and what checks say."""

    reading: Reading
    ranked: Mapping[str, Sequence[Ranked]]
    held: frozenset[str]
    failed: frozenset[str]


def generated(folder: Path, seeds: int, scans: int) -> Iterator[Example]:
    """The generator's invoices of `seeds` seeds, and `scans` receipts of every shop through OCR."""
    for seed in range(1, seeds + 1):
        for paper in invoices.papers(seed):
            path = folder / paper.filename
            layouts.render(path, paper.invoice, paper.look)
            document = convert(path, content_type=PDF)
            content = paper.invoice
            yield Example(document, "invoice", content.expected(), paper.filename, content.language)
    for seed in range(1, scans + 1):
        for shop in SHOPS:
            yield _scanned(folder / "receipt.jpg", shop, seed)


def _scanned(path: Path, shop: receipts.Shop, seed: int) -> Example:
    rng = random.Random(f"{seed}:{shop.naming}:{shop.country}")
    cash = Decimal(100) if rng.random() < 0.5 else None
    bought = receipts.receipt(rng, shop, rng.randrange(2, 6), cash)
    wear = degrade.Wear(rng.uniform(-1.5, 1.5), rng.uniform(3, 10), rng.uniform(0.4, 1.0))
    picture = receipts.picture(receipts.Slip(path.name, "", bought, wear, "JPEG"), seed)
    path.write_bytes(degrade.jpeg(picture, 74, 230))
    document = convert(path, content_type="image/jpeg")
    return Example(document, "receipt", bought.expected(), shop.naming, shop.language)


def e_invoices(folder: Path) -> Iterator[Example]:
    """The PDFs of the redistributable sets in `folder`, as they are."""
    for item in json.loads((folder / "truth.json").read_text(encoding="utf-8"))["documents"]:
        if item["set"] in REDISTRIBUTABLE:
            document = convert(folder / item["file"], options=ConvertOptions(ocr="off"), content_type=PDF)
            yield Example(document, item["doc_type"], item["fields"], item["sender"])


def answer(example: Example) -> Answer:
    """The extractor's choice before any confidence is given."""
    fields = fields_of(example.slug)
    reading = Reading(example.document, fields, example.slug, None)
    roles = reading.roles
    found = {
        item.name: [one for source in LOCAL_SOURCES for one in source(reading, item, roles[item.name])]
        for item in fields
    }
    ranked = rank_by_hand(reading, found, fields)
    verdict = check(fields, reading.roles, ranked)
    failed = frozenset(name for name, errors in verdict.errors.items() if errors)
    return Answer(reading, ranked, frozenset(verdict.held), failed)


def rows_of(example: Example, given: Answer, weight: float = 1.0) -> Iterator[Row]:
    """The values to learn from: those whose truth is known and that no check spoke against (a cap does)."""
    for item in fields_of(example.slug):
        ranked = given.ranked.get(item.name)
        if ranked and item.name in example.truth and item.name not in given.failed:
            right = is_right(item, ranked[0].candidate.value, example.truth[item.name])
            lead, held = margin(ranked), item.name in given.held
            yield Row(ranked[0].family, example.group, ranked[0].score, lead, held, right, weight)


def is_right(definition: FieldDef, found: object, true: str) -> bool:
    """Amounts and dates are equal, codes equal but for punctuation, names and addresses alike to 90 %."""
    if definition.type == "currency":
        return _amount(str(found)) == _amount(true)
    if definition.type == "date":
        return str(found) == true
    left, right = (re.sub(r"[\W_]+", " ", fold(text)).strip() for text in (str(found), true))
    if definition.name in ("seller_name", "buyer_name", "company", "address"):
        return fuzz.ratio(left, right) >= 90
    return left.replace(" ", "") == right.replace(" ", "")


def _amount(text: str) -> Decimal | None:
    try:
        return Decimal(text).quantize(Decimal("0.01"))
    except InvalidOperation:
        return None


# ---- Wear: what makes a page harder to read, each kind a function of the page and a random generator.


def worn(example: Example, given: Answer, rng: random.Random) -> Example:
    """A harder copy: labels lost, moved or misspelt, values covered, rows of other firms' facts added."""
    values, labels = _right_words(example, given), _label_words(given.reading)
    document = example.document
    kinds: list[Callable[[ConvertedDocument], ConvertedDocument]] = [
        partial(lose, pieces=labels, share=rng.uniform(0.05, 0.4), rng=rng),
        partial(displace, pieces=labels, share=rng.uniform(0.05, 0.4), rng=rng),
        partial(lose, pieces=values, share=rng.uniform(0.05, 0.2), rng=rng),
        partial(misread, keep=frozenset().union(*values), rate=rng.uniform(0.01, 0.06), rng=rng),
        partial(crowd, count=rng.randrange(1, 9), language=example.language, rng=rng),
    ]
    for change in kinds:
        if rng.random() < WEAR_CHANCE:
            document = change(document)
    return replace(example, document=document)


def _right_words(example: Example, given: Answer) -> list[frozenset[Word]]:
    """The words under each value that was read rightly."""
    found = []
    for item in fields_of(example.slug):
        ranked, true = given.ranked.get(item.name), example.truth.get(item.name)
        if ranked and true and is_right(item, ranked[0].candidate.value, true):
            spans = ranked[0].candidate.spans
            found.append(frozenset(word for span in spans for word in span.words))
    return found


def _label_words(reading: Reading) -> list[frozenset[Word]]:
    labels = (label for labels in reading.labels.by_segment.values() for label in labels)
    return [frozenset(label.segment.words_between(label.start, label.end)) for label in labels]


def rewrite(document: ConvertedDocument, change: Callable[[Word], Word | None]) -> ConvertedDocument:
    """The document with every word changed, or dropped where `change` gives None."""
    pages = [
        replace(page, words=tuple(new for word in page.words if (new := change(word)) is not None))
        for page in document.pages
    ]
    return replace(document, pages=tuple(pages))


def lose(
    document: ConvertedDocument, *, pieces: Sequence[frozenset[Word]], share: float, rng: random.Random
) -> ConvertedDocument:
    """A share of the pieces gone, as under a stamp or where a form prints none."""
    gone = frozenset().union(*(piece for piece in pieces if rng.random() < share))
    return rewrite(document, lambda word: None if word in gone else word)


def displace(
    document: ConvertedDocument, *, pieces: Sequence[frozenset[Word]], share: float, rng: random.Random
) -> ConvertedDocument:
    """A share of the pieces moved away from where they belong, up to a sixth of the page."""
    moves = {}
    for piece in pieces:
        if rng.random() < share:
            step = (rng.uniform(-0.16, 0.16), rng.uniform(-0.06, 0.06))
            moves.update(dict.fromkeys(piece, step))

    def move(word: Word) -> Word:
        dx, dy = moves.get(word, (0.0, 0.0))
        x, y = (min(max(at, 0.0), 0.95) for at in (word.box.x + dx, word.box.y + dy))
        return replace(word, box=replace(word.box, x=x, y=y)) if word in moves else word

    return rewrite(document, move)


def misread(
    document: ConvertedDocument, *, keep: frozenset[Word], rate: float, rng: random.Random
) -> ConvertedDocument:
    """Letters dropped or replaced at `rate`, except in `keep`.

    The true values stay legible: that a value's own letters are right is what the reader's score says, and it
    is multiplied in after the curve.
    """

    def blur(word: Word) -> Word | None:
        if word in keep:
            return word
        text = "".join(_blurred(char, rate, rng) for char in word.text)
        return replace(word, text=text) if text else None

    return rewrite(document, blur)


def _blurred(char: str, rate: float, rng: random.Random) -> str:
    if rng.random() >= rate:
        return char
    others: list[str] = [*"0123456789"] if char.isdigit() else ["", "", *"aceilnorstu1058"]
    return rng.choice(others)


def crowd(
    document: ConvertedDocument, *, count: int, language: Language, rng: random.Random
) -> ConvertedDocument:
    """Rows added on the first page: amounts, dates, codes and firms that are no field's value."""
    first, *rest = document.pages
    for _ in range(count):
        first = _with_row(first, rng.choice(FOREIGN)(rng, language), rng)
    return replace(document, pages=(first, *rest))


def _with_row(page: Page, text: str, rng: random.Random) -> Page:
    """The page with one more row at a random place, half of them in its top fifth; the page grows."""
    anchors = [word for word in page.words if word.box.y < 0.2] if rng.random() < 0.5 else []
    anchor = rng.choice(anchors or list(page.words) or [Word("", Box(page.number, 0.1, 0.1, 0.1, 0.01))])
    letter = median([word.box.h for word in page.words] or [0.012])
    pitch = 1.7 * letter
    grown = 1 + pitch

    def pushed(word: Word) -> Word:
        y = word.box.y + (pitch if word.box.y >= anchor.box.y - letter / 2 else 0.0)
        return replace(word, box=replace(word.box, y=y / grown, h=word.box.h / grown))

    score = anchor.score
    words, x, y = [pushed(word) for word in page.words], anchor.box.x, anchor.box.y / grown
    per_letter = 0.5 * letter * page.height / page.width
    for part in text.split():
        box = Box(page.number, x, y, per_letter * len(part), letter / grown)
        words.append(Word(part, box, anchor.line, score))
        x += per_letter * (len(part) + 0.6)
    return replace(page, words=tuple(words), height=page.height * grown)


def _firm(rng: random.Random, language: Language) -> str:
    pool = COUNTRIES[rng.choice(sorted(COUNTRIES))]
    lead = rng.choice(("", "", "", "c/o", "Delivered by", "Member of", "Vertrieb durch", "Transport"))
    return f"{lead} {rng.choice(pool.roots)} {rng.choice(pool.trades)}"


def _slogan(rng: random.Random, language: Language) -> str:
    return rng.choice(
        ("COPY", "Welcome", "Customer copy", "Branch 12", "Original", "Kopie", "DUPLICATA", "Open all week")
    )


def _place(rng: random.Random, language: Language) -> str:
    pool = COUNTRIES[rng.choice(sorted(COUNTRIES))]
    street = pool.street.format(name=rng.choice(pool.streets), house=rng.randrange(2, 120))
    return f"{rng.choice(('', '', 'Head office', 'Lager'))} {street}, {rng.choice(pool.cities)}"


def _sum(rng: random.Random, language: Language) -> str:
    labels = ("", "", "Total", "Balance", "Last total", "Amount", "Saldo", "Summe", "Net", "TVA", "Deposit")
    return f"{rng.choice(labels)} {number(Decimal(rng.randrange(100, 400000)) / 100, language)}"


def _date(rng: random.Random, language: Language) -> str:
    labels = ("", "", "Date", "Delivered", "Printed", "Datum", "Lieferdatum", "Période du", "Valid until")
    return f"{rng.choice(labels)} {day(date(2025, 6, 1) + timedelta(days=rng.randrange(500)), language)}"


def _code(rng: random.Random, language: Language) -> str:
    labels = ("No.", "Reference", "Order no.", "Invoice", "Kundennr.", "Vertrag Nr.", "Dossier n°", "Ticket")
    return f"{rng.choice(labels)} {rng.choice(('', 'A-', 'RE-', '2026/'))}{digits(rng, 6)}"


def _account(rng: random.Random, language: Language) -> str:
    country = rng.choice(sorted(COUNTRIES))
    if rng.random() < 0.5:
        return f"{rng.choice(('', 'IBAN', 'Factoring'))} {grouped(iban(rng, country))}"
    return f"{rng.choice(('', 'VAT ID', 'Your VAT ID', 'USt-IdNr.'))} {vat_id(rng, country)}"


def _rate(rng: random.Random, language: Language) -> str:
    return rng.choice(("1 EUR = 1.08 USD", "Prices in CHF", "GBP 1 = EUR 1.17", "USD"))


FOREIGN = (_firm, _firm, _slogan, _place, _sum, _sum, _date, _date, _code, _code, _account, _rate)


# ---- The fit.


def fit(rows: Sequence[Row]) -> Curve:
    """The likeliest curve of one family under the prior; few errors leave it near the prior.

    A group counts by the square root of its rows: a hundred documents of one sender are not a hundred proofs.
    """
    sizes: dict[str, float] = defaultdict(float)
    for row in rows:
        sizes[row.group] += row.weight
    weights = np.array([row.weight * sizes[row.group] ** -0.5 for row in rows])
    right = np.array([float(row.right) for row in rows])
    seen = np.array([(row.score, row.margin, 1.0) for row in rows])
    lift = np.array([SUM_LIFT * row.held for row in rows])
    prior = np.array([PRIOR.slope, PRIOR.lead, PRIOR.shift])
    errors = float(weights @ (1 - right))
    share = errors / (errors + PATIENCE)
    best = prior + share * (_likeliest(seen, lift, right, weights, prior) - prior)
    return Curve(*(round(float(value), 1) for value in best))


def _likeliest(
    seen: NDArray[np.float64],
    lift: NDArray[np.float64],
    right: NDArray[np.float64],
    weights: NDArray[np.float64],
    prior: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Coordinate descent with the logistic bound ¼ on the curvature: it cannot overshoot, needs no tuning."""
    least = (LEAST, LEAST, -np.inf)
    bound = 0.25 * weights @ seen**2 + PRIOR_WEIGHT
    at = prior.copy()
    for _ in range(SWEEPS):
        for k in range(3):
            chance = 1 / (1 + np.exp(-(seen @ at + lift)))
            slope = seen[:, k] @ (weights * (chance - right)) + PRIOR_WEIGHT * (at[k] - prior[k])
            at[k] = max(at[k] - slope / bound[k], least[k])
    return at


def fit_all(rows: Iterable[Row]) -> dict[str, tuple[Curve, list[Row]]]:
    """A curve for each family with the rows it was fitted on, by name."""
    families: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        families[row.family].append(row)
    return {name: (fit(found), found) for name, found in sorted(families.items())}


def collect(folder: Path | None, *, seeds: int, scans: int) -> list[Row]:
    """All rows to learn from; `folder` holds the e-invoices, None for the generator alone."""
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as made:
        for index, example in enumerate(generated(Path(made), seeds, scans)):
            given = answer(example)
            rows += rows_of(example, given)
            for copy in range(WORN_COPIES):
                harder = worn(example, given, random.Random(f"{index}:{copy}"))
                rows += rows_of(harder, answer(harder), 1 / WORN_COPIES)
    for example in e_invoices(folder) if folder else ():
        rows += rows_of(example, answer(example), REAL_WEIGHT)
    return rows


def table(fitted: Mapping[str, tuple[Curve, Sequence[Row]]]) -> str:
    """Lines to paste into calibrate.py, each with the number of values and of errors behind it."""
    lines = []
    for name, (curve, rows) in fitted.items():
        wrong = sum(not row.right for row in rows)
        numbers = f"{curve.slope}, {curve.lead}, {curve.shift}"
        lines.append(f'    "{name}": Curve({numbers}),  # {len(rows)} values, {wrong} wrong')
    return "\n".join(lines)


def main() -> None:
    """Command line: fits and prints the table."""
    parser = argparse.ArgumentParser(description="Fit the confidence curves on data that may be shared.")
    parser.add_argument("folder", type=Path, nargs="?", help="folder with truth.json and e-invoice PDFs")
    parser.add_argument("--seeds", type=int, default=60, help="seeds of the generator (8 invoices each)")
    parser.add_argument("--scans", type=int, default=4, help="receipts of every shop (10) to read by OCR")
    options = parser.parse_args()
    rows = collect(options.folder, seeds=options.seeds, scans=options.scans)
    print(table(fit_all(rows)))


if __name__ == "__main__":
    main()
