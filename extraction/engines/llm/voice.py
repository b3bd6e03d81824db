"""A model as one voice among the sources of candidates: what it says counts as far as the page prints it.

Values are read by our own parsers, from the print. A value that is not printed where the model says, or at
all, is kept with so little trust and certainty that it can never pass without a person.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal, InvalidOperation

from extraction.engines.fields.aliases import ROLE_KINDS, Role
from extraction.engines.fields.candidates import Candidate, CandidateSource, Kind, Reading
from extraction.engines.fields.codes import find_ibans, find_vat_ids
from extraction.engines.fields.defs import FieldDef
from extraction.engines.fields.locale import MONEY, currency_code
from extraction.engines.fields.parse import JsonValue, comparable, parse_value
from extraction.engines.fields.sources import pooled
from extraction.engines.llm.answers import ModelAnswers, Said
from extraction.engines.llm.grounding import Place, find, named_rows
from extraction.engines.llm.lines import rows_to_a_model

# By hand, until a model can be measured: how often a value is right that the page prints on the lines which
# the model named; elsewhere; that follows from printed words without being one (enum, boolean); nowhere.
TRUST, TRUST_ELSEWHERE, TRUST_INFERRED, TRUST_NOWHERE = 0.8, 0.6, 0.5, 0.1
# The highest confidence of what has no source on the page; reviews begin far above it.
UNGROUNDED_CAP = 0.3

_TYPED: frozenset[Kind] = frozenset({"date", "money", "iban", "vat", "currency"})
_KIND_OF_TYPE: dict[str, Kind] = {
    "date": "date", "datetime": "date", "currency": "money", "number": "money", "integer": "money",
}  # fmt: skip
_KIND_OF_ROLE: dict[str, Kind] = {
    "code": "code", "vat": "vat", "iban": "iban", "currency": "currency", "party": "party",
}  # fmt: skip


def llm_source(answers: ModelAnswers) -> CandidateSource:
    """The source that gives, for a field with one value, what the model said of it: one candidate or none."""

    def source(reading: Reading, definition: FieldDef, role: Role) -> list[Candidate]:
        said = answers.said.get(definition.name)
        candidate = model_candidate(reading, definition, role, said) if isinstance(said, Said) else None
        return [candidate] if candidate else []

    return source


def model_candidate(reading: Reading, definition: FieldDef, role: Role, said: Said) -> Candidate | None:
    """The value as our parsers read it, with the spans where it is printed and the trust it has earned.

    None where it is no value of the field's type. `seen["grounded"]` is 1 for a printed value, else 0.
    """
    kind = _kind(definition, role)
    if kind in _TYPED:
        found = _typed(reading, definition, role, kind, said)
    elif definition.type in ("enum", "boolean"):
        found = _chosen(reading, definition, said)
    else:
        found = _text(reading, kind, said)
    if found and not _speaks_to_a_model(reading, found):
        return found
    value, number = _parsed(definition, kind, said.value, reading)
    return None if value is None else _ungrounded(kind, value, said, number)


def _kind(definition: FieldDef, role: Role) -> Kind:
    if definition.type in _KIND_OF_TYPE:
        return _KIND_OF_TYPE[definition.type]
    if definition.type in ("enum", "boolean"):
        return "text"
    named: dict[Role, Kind] = {"company": "party", "receipt_address": "address"}
    return named.get(role) or _KIND_OF_ROLE.get(ROLE_KINDS.get(role, ""), "text")


def _typed(reading: Reading, definition: FieldDef, role: Role, kind: Kind, said: Said) -> Candidate | None:
    """The value of this kind that the page prints in the quote, on the named lines, or elsewhere."""
    value, _ = _parsed(definition, kind, said.value, reading)
    if value is None:
        return None
    printed = [
        item
        for item in pooled(reading, definition, role)
        if item.spans and comparable(item.value) == comparable(value)
    ]
    place = find(said.quote or said.value, reading, said.lines)
    if quoted := [item for item in printed if place and place.holds(item.spans[0])]:
        return _grounded(quoted[0], TRUST if place and place.named else TRUST_ELSEWHERE)
    if place:
        return _in_quote(reading, definition, kind, value, place)
    keys = set(named_rows(reading, said.lines))
    if beside := [item for item in printed if _row_of(item) in keys]:
        return _grounded(beside[0], TRUST)
    return _grounded(printed[0], TRUST_ELSEWHERE) if printed else None


def _in_quote(
    reading: Reading, definition: FieldDef, kind: Kind, value: JsonValue, place: Place
) -> Candidate | None:
    """The value if it is what the quote says as a whole; a quote that says another one confirms nothing."""
    read, number = _parsed(definition, kind, place.raw, reading)
    if read is None or comparable(read) != comparable(value):
        return None
    found = Candidate(kind, read, place.raw, place.spans, place.ratio, number=number)
    return _grounded(found, TRUST if place.named else TRUST_ELSEWHERE)


def _chosen(reading: Reading, definition: FieldDef, said: Said) -> Candidate | None:
    """One of the allowed values: printed as such, or inferred from words that are printed."""
    value, _ = parse_value(said.value, definition, reading.locale)
    place = find(said.quote or said.value, reading, said.lines)
    if value is None or place is None:
        return None
    own = find(said.value, reading, said.lines) if definition.type == "enum" else None
    place = own or place
    says_it = parse_value(place.raw, definition, reading.locale)[0] == value
    trust = (TRUST if place.named else TRUST_ELSEWHERE) if says_it else TRUST_INFERRED
    return _grounded(Candidate("text", value, place.raw, place.spans, place.ratio), trust)


def _text(reading: Reading, kind: Kind, said: Said) -> Candidate | None:
    """A text as the page prints it, which may differ from the model's in a letter."""
    place = find(said.value, reading, said.lines)
    if place is None:
        return None
    value = place.raw.lstrip("#") if kind == "code" else place.raw
    found = Candidate(kind, value, place.raw, place.spans, place.ratio)
    return _grounded(found, TRUST if place.named else TRUST_ELSEWHERE)


def _parsed(
    definition: FieldDef, kind: Kind, text: str, reading: Reading
) -> tuple[JsonValue, Decimal | None]:
    """The text's value in the form our own candidates of this kind have, and its number."""
    if kind == "iban":
        return next((item.value for item in find_ibans(text)), None), None
    if kind == "vat":
        return next((item.value for item in find_vat_ids(text)), None), None
    if kind == "currency" and definition.type != "currency":
        found = MONEY.search(text)
        return (currency_code(found.group()) if found else None), None
    value, _ = parse_value(text, definition, reading.locale)
    return value, _number(value) if kind == "money" else None


def _number(value: JsonValue) -> Decimal | None:
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None


def _grounded(found: Candidate, trust: float) -> Candidate:
    seen = {**found.seen, "trust": trust, "grounded": 1.0}
    return replace(found, origin="model", source="llm", seen=seen)


def _ungrounded(kind: Kind, value: JsonValue, said: Said, number: Decimal | None) -> Candidate:
    seen = {"trust": TRUST_NOWHERE, "grounded": 0.0}
    return Candidate(kind, value, said.value, (), UNGROUNDED_CAP, "llm", number, "model", seen)


def _speaks_to_a_model(reading: Reading, found: Candidate) -> bool:
    rows = reading.once("rows_to_a_model", lambda reading: rows_to_a_model(reading.layout))
    return any((span.segment.page, span.segment.row) in rows for span in found.spans)


def _row_of(found: Candidate) -> tuple[int, int]:
    return found.spans[0].segment.page, found.spans[0].segment.row


def grounded(candidates: Sequence[Candidate]) -> bool:
    """Whether every one of them is printed on the page."""
    return all(item.seen.get("grounded") for item in candidates)
