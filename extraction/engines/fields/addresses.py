"""The address printed on a receipt: runs of lines near the top, among which the ranker chooses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from .aliases import Role
from .candidates import Candidate, Reading
from .defs import FieldDef
from .layout import Segment, Span
from .names import STREET, has_legal_form, has_postcode, is_contact

_STOP = re.compile(
    r"\b(?:tel|fax|phone|gst|vat|tax|invoice|receipt|bill|cash|date|tarikh|cashier|time"
    r"|reg(?:\.|istration)?\s?no|company no|roc|www|e-?mail|ust|siret|tva|website|hours|open|table"
    r"|order|ticket|rechnung|beleg|bon|datum|kasse|quittung|fecha|mesa|tisch|kasir|tanggal|fattura"
    r"|scontrino|kassabon|factura|factuur|member|server|counter|qty|item|description|amount|check|struk"
    r"|nota|kwitansi|kwitantie|recibo|talao|talão|fatura|recu|reçu|ricevuta|documento|copy|welcome"
    r"|kundenbeleg|original|duplicate)\b",
    re.IGNORECASE,
)
_HOUSE = re.compile(
    r"^(?:no|lot|unit|ground|level|shop|suite|blk|block|g-?\d|\d+[a-z]?)\b[\s.,:&/\-]"
    r"|^#\d|\b\d+[a-z]?(?:[-/&]\d+[a-z]?)*,|\s\d+[a-z]?$",
    re.IGNORECASE,
)
_PREFIX = re.compile(
    r"^(?:hq\s)?(?:address|add|addr|adresse|alamat|anschrift|direccion|indirizzo)\s?[:.]\s*", re.IGNORECASE
)
_REGISTER = re.compile(r"^[(\[].*\d{4,}.*$|^[\d\s]{6,}-?\s?\w?$|^.*\(\w*\d{5,}\s?-?\s?\w?\)$")
_AMOUNT = re.compile(r"\d\.\d{2}(?!\d)|\d,\d{2}\s?(?:€|EUR)?$")
_CONTACT_PART = re.compile(
    r"[\s,;(/|-]*\b(?:tel|fax|phone|telp|tél|fon|hp|mobile|e-?mail|www)\b.*$", re.IGNORECASE
)
_CLOCK = re.compile(r"\b\d{1,2}:\d{2}\b|\b\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}\b")
_BRANCH = re.compile(r"^\d{3,5}\s?[-–]\s?[^\W\d]")
HEAD_ROWS, MAX_LINES = 22, 6


@dataclass(frozen=True, slots=True)
class LineMarks:
    """What one line shows of an address; `digits` is a share (0–1), `plain` says that it has letters only."""

    street: bool
    house: bool
    postcode: bool
    stop: bool
    firm: bool
    amount: bool
    branch: bool
    plain: bool
    commas: int
    words: int
    digits: float


@lru_cache(maxsize=4096)
def marks_of(text: str) -> LineMarks:
    bare = _address_part(text.strip())
    letters = sum(char.isalpha() for char in bare)
    digits = sum(char.isdigit() for char in bare)
    street = STREET.search(bare) is not None
    return LineMarks(
        street=street,
        house=_HOUSE.search(bare) is not None,
        postcode=has_postcode(bare),
        stop=_is_stop(bare),
        firm=has_legal_form(bare) and not street,
        amount=_AMOUNT.search(bare) is not None,
        branch=_BRANCH.match(bare) is not None,
        plain=letters > 0 and digits == 0,
        commas=min(bare.count(","), 4),
        words=len(bare.split()),
        digits=digits / max(letters + digits, 1),
    )


def _address_part(text: str) -> str:
    """A line without the word "Address" before it and without a telephone number behind a street or town."""
    bare = _PREFIX.sub("", text)
    cut = _CONTACT_PART.sub("", bare)
    return cut if cut and (STREET.search(cut) or has_postcode(cut)) else bare


def _is_stop(bare: str) -> bool:
    """Something that no address holds: a contact, a fact of the sale, a registration, an amount, a time."""
    return bool(
        is_contact(bare)
        or _STOP.search(bare)
        or _REGISTER.match(bare)
        or _AMOUNT.search(bare)
        or _CLOCK.search(bare)
        or not any(char.isalnum() for char in bare)
    )


def address_candidates(reading: Reading, definition: FieldDef, role: Role) -> list[Candidate]:
    """Runs of lines near the top of the first page, each a possible address."""
    if role != "receipt_address" or not reading.layout.pages:
        return []
    lines = [row[0] for row in reading.layout.pages[0].rows[:HEAD_ROWS]]
    return [address_of(run) for start in range(len(lines)) for run in _runs(lines[start : start + MAX_LINES])]


def _runs(lines: list[Segment]) -> Iterator[list[Segment]]:
    """Every run from the first line on that holds a mark of an address and nothing that ends one."""
    marked = False
    for count, line in enumerate(lines, 1):
        marks = marks_of(line.text)
        if marks.stop:
            return
        marked = marked or marks.street or marks.house or marks.postcode
        if marked:
            yield lines[:count]


def address_of(run: list[Segment]) -> Candidate:
    """The candidate that a run of lines makes, whatever they say."""
    spans = tuple(_span(segment) for segment in run)
    raw = " ".join(span.raw.strip() for span in spans)
    marks = [marks_of(line.text) for line in run]
    seen = {
        "postcode": 1.0 if any(mark.postcode for mark in marks) else 0.0,
        "street": 1.0 if any(mark.street for mark in marks) else 0.0,
        "lines": float(len(run)),
        "line": float(run[0].row),
    }
    return Candidate("address", raw, raw, spans, seen=seen)


def _span(segment: Segment) -> Span:
    found = _PREFIX.match(segment.text)
    start = found.end() if found else 0
    return Span(segment, start, start + len(_address_part(segment.text)))
