"""Candidates from papers about persons: the machine-readable zone, NIK, NPWP, places of birth."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from .aliases import Role
from .builtin import meanings_of
from .candidates import Candidate, Kind, Reading
from .codes import FoundCode
from .defs import FieldDef
from .idnumbers import find_niks, find_npwps
from .layout import Span, fold
from .mrz import Mrz, find_mrz
from .parse import JsonValue

# Built-in field → value of the machine-readable zone.
_ZONE = {
    "passport_number": "number", "document_number": "number", "surname": "surname",
    "given_names": "given_names", "full_name": "full_name", "nationality": "nationality",
    "country_code": "issuer", "date_of_birth": "date_of_birth", "gender": "sex", "expiry_date": "expiry_date",
    "personal_number": "personal_number", "mrz": "mrz",
}  # fmt: skip
_SEXES = {
    "M": frozenset({"m", "male", "man", "mannlich", "masculin", "masculino", "maschio", "l", "laki laki",
                    "pria"}),
    "F": frozenset({"f", "female", "woman", "w", "weiblich", "feminin", "femenino", "femmina", "v", "vrouw",
                    "p", "perempuan", "wanita"}),
    "X": frozenset({"x", "divers", "other", "unspecified"}),
}  # fmt: skip
# How plainly the zone names a value: where the page prints it better (accents, whole names) it should win.
_CHECKED, _UNCHECKED, _WRONG = 1.0, 0.85, 0.5
_COUNTRY = 0.6
_BANK = re.compile(
    r"\b(?:\w*bank|\w*sparkasse|\w*kasse|banque|banco|banca|caixa|caja|cr[ée]dit \w+|credit union"
    r"|building society)\b",
    re.IGNORECASE,
)
_NO_BANK = re.compile(
    r"\bbank (?:statement|account|code|name|details|charges|transfer)\b|krankenkasse|e-?banking|[:@]|www\.",
    re.IGNORECASE,
)
_Finder = Callable[[str], Iterator[FoundCode]]
_NUMBERS: dict[str, _Finder] = {
    "nik": find_niks,
    "family_card_number": find_niks,
    "npwp_number": find_npwps,
    "npwp": find_npwps,
    "seller_npwp": find_npwps,
    "buyer_npwp": find_npwps,
}
_VALID, _INVALID = 0.6, 0.3  # how plainly a number of this structure says that it is one


def zone_of(reading: Reading) -> Mrz | None:
    return find_mrz(reading.layout)


def from_zone(reading: Reading, definition: FieldDef, role: Role) -> list[Candidate]:
    """The field's value in the document's machine-readable zone."""
    key = next((_ZONE[name] for name in meanings_of(definition) if name in _ZONE), None)
    zone = reading.once("zone", zone_of) if key else None
    if not key or not zone or key not in zone.fields:
        return []
    value = _as_asked(zone.fields[key], key, definition)
    if value is None:
        return []
    valid = zone.valid.get(key)
    label = _CHECKED if valid else _UNCHECKED if valid is None else _WRONG
    if key in ("nationality", "issuer"):
        label = _COUNTRY
    seen = {
        "mrz": 1.0,
        "label": label,
        "place": 1.0,
        "checksum": 0.0 if valid is None else 1.0 if valid else -1.0,
    }
    kind: Kind = "date" if definition.type in ("date", "datetime") else "text"
    return [Candidate(kind, value, zone.fields[key], zone.spans[key], seen=seen)]


def id_numbers(reading: Reading, definition: FieldDef, role: Role) -> list[Candidate]:
    """NIK, NPWP and family card numbers by their structure."""
    name = next((name for name in meanings_of(definition) if name in _NUMBERS), None)
    if name is None or definition.type != "string":
        return []
    found = list(_numbers(reading, _NUMBERS[name]))
    if name == "family_card_number":  # it stands in the title, above the numbers of the members
        return found[:1]
    first = found[0].value if found else None
    others = [item for item in found if item.value != first]
    return others if name == "buyer_npwp" and others else found


def _numbers(reading: Reading, finder: _Finder) -> Iterable[Candidate]:
    for segment in reading.layout.segments:
        for code in finder(segment.text):
            span = Span(segment, code.start, code.end)
            seen = {
                "structure": 1.0,
                "checksum": 1.0 if code.valid else -1.0,
                "label": _VALID if code.valid else _INVALID,
            }
            yield Candidate("code", code.value, span.raw, (span,), 1.0 if code.valid else 0.8, seen=seen)


def _as_asked(value: str, key: str, definition: FieldDef) -> JsonValue:
    if definition.type == "datetime":
        return f"{value}T00:00:00"
    if key != "sex" or definition.type != "enum":
        return value
    return next((item for item in definition.values if fold(item).replace("-", " ") in _SEXES[value]), None)


def bank_names(reading: Reading, definition: FieldDef, role: Role) -> list[Candidate]:
    """Lines that carry a bank's name, on the first page."""
    if definition.type != "string" or "bank_name" not in meanings_of(definition) or not reading.layout.pages:
        return []
    page = reading.layout.pages[0]
    found = [segment for segment in page.segments if _BANK.search(segment.text) and len(segment.text) <= 60]
    return [
        Candidate(
            "text",
            segment.text,
            segment.text,
            (Span(segment, 0, len(segment.text)),),
            seen={"label": 0.8 if segment.y0 < 0.25 * page.height else 0.5, "place": 0.6},
        )
        for segment in found
        if not _NO_BANK.search(segment.text)
    ]


def place_only(candidate: Candidate, reading: Reading) -> Candidate:
    """A place of birth without the date that is printed after it ("BANDUNG, 17-08-1990")."""
    span = candidate.spans[0]
    dates = [item.spans[0] for item in reading.pool("date") if item.spans[0].segment is span.segment]
    ends = [other.start for other in dates if span.start < other.start < span.end]
    if not ends:
        return candidate
    text = span.segment.text[span.start : min(ends)].rstrip(" ,;/-.")
    kept = replace(span, end=span.start + len(text))
    return replace(candidate, value=kept.raw.strip(), raw=kept.raw.strip(), spans=(kept,))
