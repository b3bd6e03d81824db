"""E-invoices against their pages: `python -m bench.e_invoices FOLDER [--seed 5]`.

FOLDER holds `truth.json` and PDFs whose embedded XML was taken out, the XML's values kept as the truth. From
them the XML is written again and the page is held against it: how many values come back exactly, on how many
genuine pages something is called a contradiction, and how many changed values are found, changed everywhere
or only where the label is plainest. Takes about a minute.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from extraction.engines.blocks import ConvertedDocument, Word
from extraction.engines.convert import convert
from extraction.engines.einvoice.parse import read_invoice
from extraction.engines.einvoice.printed import code_spans, is_same, label_of, name_spans
from extraction.engines.einvoice.read import EInvoiceReading, read_e_invoice
from extraction.engines.einvoice.source import kind_of_value
from extraction.engines.fields.builtin import INVOICE
from extraction.engines.fields.candidates import Reading
from extraction.engines.fields.layout import Span
from samples.einvoices import Facts, Firm, write_xml

OTHER_FIRMS = ("Trübholz Handels GmbH", "Acme Global Trading Ltd", "Fournier Conseil SARL")
OTHER_ACCOUNTS = ("DE44 5001 0517 5407 3249 31", "FR14 2004 1010 0505 0001 3M02 606")
PLACES = ("all", "one")
_MOST_NAMES = 6


@dataclass(frozen=True, slots=True)
class Case:
    """One file: its page and the values that its XML had."""

    name: str
    page: ConvertedDocument
    truth: Mapping[str, str]


def cases(folder: Path) -> Iterable[Case]:
    for entry in json.loads((folder / "truth.json").read_text(encoding="utf-8"))["documents"]:
        if entry["set"] == "einvoice":
            truth = {name: value for name, value in entry["fields"].items() if value}
            yield Case(Path(entry["file"]).name, convert(folder / entry["file"]), truth)


def facts_of(truth: Mapping[str, str]) -> Facts:
    days = {name: date.fromisoformat(truth[name]) for name in ("issue_date", "due_date") if name in truth}
    sums = {name: Decimal(truth[name]) for name in ("net", "tax", "total", "amount_due") if name in truth}
    return Facts(
        number=truth.get("invoice_number", ""),
        issued=days.get("issue_date"),
        due=days.get("due_date"),
        currency=truth.get("currency", ""),
        seller=Firm(truth.get("seller_name", ""), truth.get("seller_vat_id", "")),
        buyer=Firm(truth.get("buyer_name", "")),
        iban=truth.get("iban", ""),
        net=sums.get("net"),
        tax=sums.get("tax"),
        total=sums.get("total"),
        amount_due=sums.get("amount_due"),
    )


def read(case: Case, page: ConvertedDocument) -> EInvoiceReading:
    return read_e_invoice(page, read_invoice(write_xml(facts_of(case.truth))), INVOICE)


class Forger:
    """Changes one value on a page, the same way for the same seed."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)

    def changed(
        self, page: ConvertedDocument, name: str, value: str, places: str
    ) -> ConvertedDocument | None:
        """The page with the value changed; None where it is not printed."""
        if name == "currency":
            return _other_currency(page, value)
        found = _printed(page, name, value)[: None if places == "all" else 1]
        if not found:
            return None
        seed, firm = self.rng.random(), self.rng.choice(OTHER_FIRMS)
        account = self.rng.choice(OTHER_ACCOUNTS)
        words: dict[int, Word] = {}
        for number, span in enumerate(found):
            text = " ".join(word.text for word in span.words)
            if name.endswith("_name"):
                new = firm if number == 0 else ""
            elif name == "iban":
                new = account
            else:
                new = text.replace(span.raw, _forged(span.raw, name, random.Random(seed)))
            words.update(_retyped(span.words, new))
        forged = _with_words(page, words)
        more = name.endswith("_name") and places == "all"
        return self._all_names(forged, name, value) if more else forged

    def _all_names(self, page: ConvertedDocument, name: str, value: str) -> ConvertedDocument:
        for _ in range(_MOST_NAMES):
            page = self.changed(page, name, value, "one") or page
        return page


def _printed(page: ConvertedDocument, name: str, value: str) -> list[Span]:
    """The places of a value, the one with the plainest label first."""
    reading, kind = Reading(page, INVOICE, "invoice", None), kind_of_value(name)
    if kind == "party":
        return list(name_spans(reading, value)[0])
    if kind == "code":
        return [spans[0] for spans in code_spans(reading, value)]
    same = [item for item in reading.pool(kind) if is_same(item, value)]
    return [item.spans[0] for item in sorted(same, key=lambda item: -label_of(reading, item, name))]


def _forged(raw: str, name: str, rng: random.Random) -> str:
    if name.endswith("_date"):
        year = re.search(r"20\d\d", raw)
        if year and rng.random() < 0.5:
            return raw.replace(year.group(), str(int(year.group()) + 1))
        return re.sub(r"(?<!\d)(\d{1,2})(?!\d)", lambda day: f"{int(day[1]) % 27 + 1:02}", raw, count=1)
    digits = [at for at, char in enumerate(raw) if char.isdigit()]
    whole = digits[:-2] if name in ("net", "tax", "total", "amount_due") else digits
    at = rng.choice(whole or digits)
    return raw[:at] + str((int(raw[at]) + rng.randint(1, 8)) % 10) + raw[at + 1 :]


def _other_currency(page: ConvertedDocument, value: str) -> ConvertedDocument | None:
    signs = {"EUR": "GBP", "€": "£"} if value == "EUR" else {"GBP": "EUR", "£": "€"}
    words: dict[int, Word] = {}
    for word in (word for one in page.pages for word in one.words):
        text = word.text
        for sign, other in signs.items():
            text = text.replace(sign, other)
        if text != word.text:
            words[id(word)] = replace(word, text=text)
    return _with_words(page, words) if words else None


def _retyped(words: Sequence[Word], text: str) -> dict[int, Word]:
    return {id(word): replace(word, text=text if number == 0 else "") for number, word in enumerate(words)}


def _with_words(page: ConvertedDocument, changed: Mapping[int, Word]) -> ConvertedDocument:
    pages = []
    for one in page.pages:
        words = (changed.get(id(word), word) for word in one.words)
        pages.append(replace(one, words=tuple(word for word in words if word.text)))
    return replace(page, pages=tuple(pages))


def measure_genuine(found: Sequence[Case]) -> None:
    exact, values, alarms, spent = 0, 0, [], 0.0
    for case in found:
        start = time.process_time()
        reading = read(case, case.page)
        spent += time.process_time() - start
        values += len(case.truth)
        exact += sum(reading.extraction.values[name].value == value for name, value in case.truth.items())
        if reading.comparison.conflicts:
            alarms.append(f"  {case.name}: {reading.comparison.conflicts}")
    print(f"exact values {exact} of {values}; {1000 * spent / len(found):.0f} ms of CPU each")
    print(f"false alarms on {len(alarms)} of {len(found)} genuine files", *alarms, sep="\n")


def measure_forged(found: Sequence[Case], places: str, seed: int) -> None:
    forger, tried, caught, told = Forger(seed), Counter[str](), Counter[str](), Counter[str]()
    for case in found:
        for name, value in case.truth.items():
            page = forger.changed(case.page, name, value, places)
            if page is None:
                continue
            conflicts = read(case, page).comparison.conflicts
            tried[name] += 1
            caught[name] += name in conflicts
            told[name] += bool(conflicts)
    print(f"changed in {'all places' if places == 'all' else 'the place with the plainest label'}:")
    for name, count in tried.items():
        print(f"  {name:16} told at the field {caught[name]:3}, at any field {told[name]:3} of {count:3}")
    print(f"  {'all':16} {sum(caught.values())}, {sum(told.values())} of {sum(tried.values())}")


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure how e-invoices are held against their pages.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=5)
    options = parser.parse_args()
    found = list(cases(options.folder))
    measure_genuine(found)
    for places in PLACES:
        measure_forged(found, places, options.seed)


if __name__ == "__main__":
    main()
