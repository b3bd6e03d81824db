"""Whether the page shows what the XML says. Silence is no contradiction, another value in its place is.

A contradiction needs a value that the page labels as this field, that differs from the XML's, and that the
XML does not have under any other name: so a discount, a second account or a sum in another currency is none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from itertools import islice

from rapidfuzz import fuzz, process

from extraction.engines.fields.aliases import Role
from extraction.engines.fields.builtin import INVOICE
from extraction.engines.fields.candidates import Candidate, Kind, Reading
from extraction.engines.fields.codes import compact
from extraction.engines.fields.layout import fold
from extraction.engines.fields.names import party_candidates
from extraction.engines.fields.sources import numbers_and_codes

from .codes import day, number
from .invoice import EInvoice
from .printed import NAME_LIKENESS, code_spans, is_same, label_of, name_spans
from .source import kind_of_value, named_values

LABELLED = 0.4  # a label that says so, beside or above the value
STRONG = 0.75  # as needed where the XML's value is printed as well, in another place
_AHEAD = 0.1
_ABSENT_NAME = 75.0  # likeness (0–100) under which a name is not on the page
_TYPO = 80.0  # likeness of two codes of which one is a changed copy of the other
_LEAST_WORDS = 10
_MOST_SHOWN = 80
_MOST_TEXT, _MOST_FIRMS = 50_000, 50  # comparing names is the dear part; no real invoice has so many
_WORD = re.compile(r"[^\W\d_]{5,}")
_ADDRESS = re.compile(r"\S*(?:@|www\.|://|\w\.\w)\S*")


@dataclass(slots=True)
class Comparison:
    """Sentences about fields that the page shows otherwise; whether the page shows the total at all."""

    conflicts: dict[str, str] = field(default_factory=dict)
    total_shown: bool = True


def compare(reading: Reading, invoice: EInvoice) -> Comparison:
    """The page held against the XML, by the names of the invoice fields."""
    page, result = _Page(reading, invoice), Comparison()
    if sum(len(item.words) for item in reading.document.pages) < _LEAST_WORDS:
        return result  # a page of one picture says nothing against anything
    values = named_values(invoice)
    for name, check in _CHECKS.items():
        shown = check(page, name, values[name]) if name in values else None
        if shown:
            result.conflicts[name] = f"The XML says {_words(name, values[name])}, the page shows {shown}."
    if "total" in values:
        result.total_shown = any(is_same(item, values["total"]) for item in reading.pool("money"))
    return result


class _Page:
    """The page's values and what of them the XML knows under any name."""

    def __init__(self, reading: Reading, invoice: EInvoice) -> None:
        self.reading, self.invoice = reading, invoice

    @cached_property
    def amounts(self) -> frozenset[Decimal]:
        said = (number(text) for text in self.invoice.said)
        return frozenset(abs(value) for value in said if value is not None)

    @cached_property
    def dates(self) -> frozenset[str]:
        return frozenset(filter(None, map(day, self.invoice.said)))

    @cached_property
    def codes(self) -> str:
        return "\n".join(compact(text) for text in self.invoice.said)

    @cached_property
    def names(self) -> str:
        return fold(" \n ".join(self.invoice.said))[:_MOST_TEXT]

    @cached_property
    def words(self) -> list[str]:
        """The page's words, without those of mail and web addresses: a forged letterhead keeps them."""
        return sorted(set(_WORD.findall(fold(_ADDRESS.sub(" ", self.reading.text)))))

    @property
    def same_word(self) -> float:
        """The likeness (0–100) of one word printed and read; OCR takes a letter for another."""
        return 85.0 if self.reading.document.method in ("ocr", "mixed") else 100.0

    def prints(self, name: str) -> bool:
        """Whether a firm is named on the page: in full, or by the first word that tells it from others."""
        likeness, word = name_spans(self.reading, name)[1], _telling_word(name)
        if likeness >= NAME_LIKENESS or not word:
            return likeness >= _ABSENT_NAME
        return (
            process.extractOne(word, self.words, scorer=fuzz.ratio, score_cutoff=self.same_word) is not None
        )

    def knows(self, name: str) -> bool:
        """The same of the XML, in any of its texts."""
        word = _telling_word(name)
        return fuzz.partial_ratio(fold(name), self.names) >= NAME_LIKENESS or word in _WORD.findall(
            self.names
        )

    def known(self, candidate: Candidate) -> bool:
        """Whether the XML has the value under some name."""
        if candidate.kind == "money":
            return candidate.number is None or abs(candidate.number) in self.amounts
        if candidate.kind == "date":
            return any(is_same(candidate, date) for date in self.dates)
        return compact(str(candidate.value)) in self.codes

    def labelled(self, role: Role, candidates: Iterable[Candidate]) -> list[tuple[float, Candidate]]:
        """Candidates with the strength of their labels for the role, the plainest first."""
        found = [(label_of(self.reading, item, role), item) for item in candidates]
        return sorted(found, key=lambda pair: -pair[0])


def _otherwise(
    page: _Page, name: str, value: str, candidates: Iterable[Candidate], *, elsewhere: bool = False
) -> str | None:
    """What the page shows in the value's place: the plainest labelled value that the XML does not know.

    Where the value itself is printed (also `elsewhere`), the label must be plain, and plainer than its label.
    """
    ranked = page.labelled(name, candidates)
    agreeing = max(
        (label for label, item in ranked if is_same(item, value)), default=0.0 if elsewhere else None
    )
    foreign = next(((label, item) for label, item in ranked if not page.known(item)), None)
    if foreign is None:
        return None
    label, item = foreign
    enough = LABELLED if agreeing is None else max(STRONG, agreeing + _AHEAD)
    return item.raw.strip() if label >= enough else None


def _amount(page: _Page, name: str, value: str) -> str | None:
    printed = (item for item in page.reading.pool("money") if item.seen.get("cents"))
    return _otherwise(page, name, value, printed)


def _date(page: _Page, name: str, value: str) -> str | None:
    return _otherwise(page, name, value, page.reading.pool("date"))


def _due_date(page: _Page, name: str, value: str) -> str | None:
    """Other terms ("2 % discount until …") name dates as well, so the date must be nowhere on the page."""
    pool = page.reading.pool("date")
    return None if any(is_same(item, value) for item in pool) else _date(page, name, value)


def _number(page: _Page, name: str, value: str) -> str | None:
    printed = numbers_and_codes(page.reading, _FIELDS[name], name)
    kept = [item for item in printed if item.value == value or not _one_in_the_other(str(item.value), value)]
    elsewhere = any(True for _ in code_spans(page.reading, value))  # a payment reference repeats it
    return _otherwise(page, name, value, kept, elsewhere=elsewhere)


def _one_in_the_other(left: str, right: str) -> bool:
    """A number with and without its prefix, or broken by the layout."""
    a, b = compact(left), compact(right)
    return a in b or b in a


def _account(page: _Page, name: str, value: str) -> str | None:
    """Another account than the XML's: in its place, or beside it as a slightly changed copy."""
    return _identifier(page, name, value, "iban")


def _identifier(page: _Page, name: str, value: str, kind: Kind) -> str | None:
    pool = page.reading.pool(kind)
    foreign = [item for item in pool if not page.known(item)]
    if not any(True for _ in code_spans(page.reading, value)):
        return foreign[0].raw.strip() if foreign else None
    copies = [item for item in foreign if fuzz.ratio(str(item.value), value) >= _TYPO]
    return copies[0].raw.strip() if copies else None


def _vat(page: _Page, name: str, value: str) -> str | None:
    """Another number of the same country in the seller's place."""
    foreign = _identifier(page, name, value, "vat")
    labelled = page.labelled(name, page.reading.pool("vat"))
    return next(
        (
            foreign
            for label, item in labelled
            if item.raw.strip() == foreign and label >= LABELLED and str(item.value)[:2] == value[:2]
        ),
        None,
    )


def _currency(page: _Page, name: str, value: str) -> str | None:
    printed = [item for item in page.reading.pool("currency") if item.source != "rule"]
    codes = {str(item.value) for item in printed}
    if not codes or value in codes or codes & set(page.invoice.said):
        return None
    if "$" in printed[0].raw and value.endswith("D"):  # a dollar sign does not tell whose dollars
        return None
    return printed[0].raw.strip()


def _name(page: _Page, name: str, value: str) -> str | None:
    """A firm's name that is nowhere on the page, where the page names a firm that the XML does not know."""
    party = page.invoice.seller if name == "seller_name" else page.invoice.buyer
    if any(map(page.prints, (value, *party.other_names))):
        return None
    firms = (item for item in party_candidates(page.reading, _FIELDS[name], name) if item.seen["legal"])
    foreign = (item for item in islice(firms, _MOST_FIRMS) if not page.knows(str(item.value)))
    return next((item.raw.strip() for item in foreign), None)


def _telling_word(name: str) -> str:
    """The first long word of a firm's name; empty if it has none."""
    return next(iter(_WORD.findall(fold(name))), "")


def _words(name: str, value: str) -> str:
    return f"{Decimal(value):,.2f}" if kind_of_value(name) == "money" else value[:_MOST_SHOWN]


_FIELDS = {item.name: item for item in INVOICE}
_Check = Callable[[_Page, str, str], str | None]
_CHECKS: dict[str, _Check] = {
    "invoice_number": _number,
    "issue_date": _date,
    "due_date": _due_date,
    "seller_name": _name,
    "seller_vat_id": _vat,
    "buyer_name": _name,
    "net": _amount,
    "tax": _amount,
    "total": _amount,
    "amount_due": _amount,
    "currency": _currency,
    "iban": _account,
}
