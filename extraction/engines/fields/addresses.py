"""The address printed on a receipt: a run of lines under the name, up to the first that is something else."""

from __future__ import annotations

import re

from .aliases import Role
from .candidates import Candidate, Reading
from .defs import FieldDef
from .layout import Segment, Span
from .names import STREET, has_legal_form, has_postcode, is_contact

_STOP = re.compile(
    r"\b(?:tel|fax|phone|gst|vat|tax|invoice|receipt|bill|cash|date|tarikh|cashier|time"
    r"|reg(?:\.|istration)?\s?no|company no|roc|www|e-?mail"
    r"|ust|siret|tva|website|hours|open|table|order|ticket|rechnung|beleg|bon|datum|kasse|quittung|ticket)\b",
    re.IGNORECASE,
)
_HOUSE = re.compile(
    r"^(?:no|lot|unit|ground|level|shop|suite|g-?\d|\d+[a-z]?)\b[\s.,:&/\-]"
    r"|\b\d+[a-z]?(?:[-/&]\d+[a-z]?)*,",
    re.IGNORECASE,
)
_PREFIX = re.compile(r"^(?:hq\s)?(?:address|add|addr|adresse|alamat|anschrift)\s?[:.]\s*", re.IGNORECASE)
_REGISTER = re.compile(r"^[(\[].*\d{4,}.*$|^[\d\s]{6,}-?\s?\w?$|^.*\(\w*\d{5,}\s?-?\s?\w?\)$")
_MAX_LINES, _SEARCH_ROWS = 7, 22


def address_candidates(reading: Reading, definition: FieldDef, role: Role) -> list[Candidate]:
    """Runs of address lines near the top of the first page."""
    if role != "receipt_address" or not reading.layout.pages:
        return []
    lines = [row[0] for row in reading.layout.pages[0].rows[:_SEARCH_ROWS]]
    found = []
    for start in range(len(lines)):
        run = _run(lines, start)
        if run:
            found.append(address_of(run))
    return found


def _run(lines: list[Segment], start: int) -> list[Segment]:
    """The longest run of address lines from `start`; empty when it does not begin or hold an address."""
    if not _starts(lines[start].text):
        return []
    run = [lines[start]]
    for line in lines[start + 1 : start + _MAX_LINES]:
        if not _goes_on(line.text, run):
            break
        run.append(line)
    return run


def _starts(text: str) -> bool:
    bare = _PREFIX.sub("", text)
    if is_contact(bare) or _STOP.search(bare) or _REGISTER.match(bare):
        return False
    if has_legal_form(bare) and not STREET.search(bare):
        return False
    return bool(_HOUSE.search(bare) or STREET.search(bare))


def _goes_on(text: str, run: list[Segment]) -> bool:
    if is_contact(text) or _STOP.search(text) or _REGISTER.match(text.strip()):
        return False
    if not any(char.isalpha() for char in text):
        return False
    if any(has_postcode(line.text) for line in run):
        return run[-1].text.rstrip().endswith(",") and _is_region(text)
    return True


def _is_region(text: str) -> bool:
    """A short line of words after the town: the state or the country."""
    return len(text.split()) <= 3 and not re.search(r"\d", text)


def address_of(run: list[Segment]) -> Candidate:
    """The candidate that a run of lines makes, whatever they say."""
    spans = tuple(_span(segment) for segment in run)
    raw = " ".join(span.raw.strip() for span in spans)
    seen = {
        "postcode": 1.0 if any(has_postcode(line.text) for line in run) else 0.0,
        "street": 1.0 if any(STREET.search(line.text) for line in run) else 0.0,
        "lines": float(len(run)),
        "line": float(run[0].row),
        "commas": float(min(raw.count(","), 4)),
    }
    return Candidate("address", raw, raw, spans, seen=seen)


def _span(segment: Segment) -> Span:
    found = _PREFIX.match(segment.text)
    return Span(segment, found.end() if found else 0, len(segment.text))
