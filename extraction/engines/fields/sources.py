"""The sources of candidates that read the page: typed pools, codes and texts beside labels, choices."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from .addresses import address_candidates
from .aliases import ACCEPTS, ROLE_KINDS, Role
from .builtin import is_custom
from .candidates import Candidate, CandidateSource, Kind, Reading, span_of
from .dates import time_after
from .defs import NESTING, FieldDef
from .labels import Label
from .layout import Segment, Span
from .names import company_candidates, party_candidates
from .parse import JsonValue, json_number, parse_boolean, parse_value
from .patterns import matches

_CODE = re.compile(r"[#]?[^\W_][\w\-/.#]*\d[\w\-/.]*(?<![.\-/])|\d[\w\-/.]{1,}(?<![.\-/])")
_POOL_OF_TYPE: dict[str, Kind] = {
    "date": "date", "datetime": "date", "currency": "money", "number": "money", "integer": "money",
}  # fmt: skip
_POOL_OF_ROLE_KIND: dict[str, Kind] = {"vat": "vat", "iban": "iban", "currency": "currency"}
MAX_TEXT = 200


def pooled(reading: Reading, definition: FieldDef, role: Role) -> list[Candidate]:
    """Dates, amounts, IBANs, VAT ids and currencies, as the field's type wants them."""
    kind = _pool_kind(definition, role)
    if kind is None:
        return []
    typed = (_as_type(candidate, definition) for candidate in reading.pool(kind))
    return [candidate for candidate in typed if candidate]


def numbers_and_codes(reading: Reading, definition: FieldDef, role: Role) -> list[Candidate]:
    """Codes such as invoice numbers beside, or under, a label of their role."""
    if role not in ACCEPTS or ROLE_KINDS.get(role) != "code":
        return []
    wanted = ACCEPTS[role]
    dated = {item.spans[0].segment: item.spans[0] for item in reading.pool("date")}
    found = []
    for segment in _near_labels(reading, frozenset(wanted)):
        found += list(_codes_in(segment, dated.get(segment)))
    return found


def labelled_text(reading: Reading, definition: FieldDef, role: Role) -> list[Candidate]:
    """What stands after, or under, the label of a user's own text field."""
    if not is_custom(role) or definition.type != "string":
        return []
    return [item for label in _labels(reading, role) for item in _texts_at(reading, label)]


def choices(reading: Reading, definition: FieldDef, role: Role) -> list[Candidate]:
    """The allowed values of an enum field wherever they are printed, and yes/no marks of a boolean field."""
    if definition.type == "boolean":
        return list(_marks(reading, definition, role))
    return list(_printed_values(reading, definition)) if definition.type == "enum" else []


def inferred_currency(reading: Reading, definition: FieldDef, role: Role) -> list[Candidate]:
    """The currency that the country of the IBAN or VAT id suggests; a rule's guess without a place."""
    if role != "currency":
        return []
    countries = Counter(str(item.value)[:2] for kind in _COUNTRY_KINDS for item in reading.pool(kind))
    codes = {_MONEY_OF.get(country, "EUR") for country in countries}
    return [Candidate("currency", code, "", (), 0.6, source="rule") for code in sorted(codes)]


_COUNTRY_KINDS: tuple[Kind, Kind] = ("iban", "vat")
_MONEY_OF = {
    "GB": "GBP", "CH": "CHF", "LI": "CHF", "PL": "PLN", "CZ": "CZK", "DK": "DKK", "SE": "SEK", "NO": "NOK",
    "HU": "HUF", "RO": "RON", "BG": "BGN", "TR": "TRY", "AE": "AED", "SA": "SAR", "BR": "BRL",
}  # fmt: skip


def _pool_kind(definition: FieldDef, role: Role) -> Kind | None:
    kind = ROLE_KINDS.get(role)
    own = _POOL_OF_ROLE_KIND.get(kind or "")
    return own or _POOL_OF_TYPE.get(definition.type)


def _as_type(candidate: Candidate, definition: FieldDef) -> Candidate | None:
    if definition.type == "datetime":
        return _with_time(candidate)
    if definition.type not in ("number", "integer") or candidate.number is None:
        return candidate
    value: JsonValue = json_number(candidate.number)
    if definition.type == "integer" and not isinstance(value, int):
        return None
    return _revalued(candidate, value)


def _with_time(candidate: Candidate) -> Candidate:
    span = candidate.spans[0]
    time = time_after(span.segment.text, span.end)
    return _revalued(candidate, f"{candidate.value}T{time or '00:00:00'}", 1.0 if time else 0.7)


def _revalued(candidate: Candidate, value: JsonValue, factor: float = 1.0) -> Candidate:
    return Candidate(
        candidate.kind,
        value,
        candidate.raw,
        candidate.spans,
        candidate.certainty * factor,
        number=candidate.number,
        seen=candidate.seen,
    )


def _labels(reading: Reading, role: Role) -> Iterable[Label]:
    return (label for labels in reading.labels.by_segment.values() for label in labels if label.role == role)


def _near_labels(reading: Reading, roles: frozenset[Role]) -> list[Segment]:
    """The segments that hold a label of the roles, stand right of one, or under one; each once, in order."""
    found: dict[Segment, None] = {}
    for segment, labels in reading.labels.by_segment.items():
        if not any(label.role in roles for label in labels):
            continue
        found[segment] = None
        row = reading.layout.row_of(segment)
        found.update(dict.fromkeys(row[row.index(segment) + 1 :][:2]))
        found.update(dict.fromkeys(_below(reading, segment, 3)))
    return list(found)


def _below(reading: Reading, segment: Segment, rows: int) -> list[Segment]:
    page = reading.layout.by_number[segment.page]
    under = page.rows[segment.row + 1 : segment.row + 1 + rows]
    return [
        other
        for row in under
        for other in row
        if min(other.x1, segment.x1) > max(other.x0, segment.x0) and other.y0 - segment.y1 < 4 * page.letter
    ]


def _codes_in(segment: Segment, dated: Span | None) -> Iterable[Candidate]:
    for found in _CODE.finditer(segment.text):
        inside_date = dated is not None and dated.start <= found.start() < dated.end
        if inside_date or not _is_code(found.group(), segment.text, found.end()):
            continue
        span = Span(segment, *found.span())
        value = span.raw.lstrip("#")
        yield Candidate("code", value, span.raw, (span,), seen={"letters": _mix(value)})


def _is_code(text: str, line: str, end: int) -> bool:
    if not 2 <= len(text) <= 40 or sum(char.isdigit() for char in text) < 2:
        return False
    return not re.fullmatch(r"\d+[.,]\d{2}", text) and not re.match(r",\d{2}\b|\s?[%€$]|@", line[end:])


def _mix(value: str) -> float:
    return 1.0 if any(char.isalpha() for char in value) and any(char.isdigit() for char in value) else 0.0


def _texts_at(reading: Reading, label: Label) -> Iterable[Candidate]:
    segment = label.segment
    rest = segment.text[label.end :]
    start = label.end + len(rest) - len(rest.lstrip(" :.-–=#"))
    if segment.text[start:].strip():
        yield _text(span_of(segment, start), 1.0 if rest.lstrip().startswith(":") else 0.75)
        return
    row = reading.layout.row_of(segment)
    for other in row[row.index(segment) + 1 :][:1]:
        yield _text(span_of(other, _skip_marks(other)), 0.95)
    for other in _below(reading, segment, 2)[:1]:
        yield _text(span_of(other, _skip_marks(other)), 0.7)


def _skip_marks(segment: Segment) -> int:
    return len(segment.text) - len(segment.text.lstrip(" :.-–="))


def _text(span: Span, place: float) -> Candidate:
    raw = span.raw.strip()[:MAX_TEXT]
    return Candidate("text", raw, raw, (span,), seen={"place": place})


def _printed_values(reading: Reading, definition: FieldDef) -> Iterable[Candidate]:
    for segment in reading.layout.segments:
        lower = segment.text.lower()
        for value in (value for value in definition.values if value.lower() in lower):
            for found in _whole_word(value).finditer(segment.text):
                span = Span(segment, *found.span())
                yield Candidate("text", value, span.raw, (span,), seen={"length": float(len(value))})
    as_text = FieldDef(definition.name, definition.label)
    for item in labelled_text(reading, as_text, f"custom:{definition.name}"):
        near, certainty = parse_value(str(item.value), definition, reading.locale)
        if near is not None:
            yield Candidate("text", near, item.raw, item.spans, certainty, seen=item.seen)


def _whole_word(text: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(text)}(?!\w)", re.IGNORECASE)


def _marks(reading: Reading, definition: FieldDef, role: Role) -> Iterable[Candidate]:
    for label in _labels(reading, role):
        segment = label.segment
        before = span_of(segment, 0, label.start)
        spans = [item.spans[0] for item in _texts_at(reading, label)]
        for span in [before, *spans]:
            words = span.raw.split()
            for word in words[:1] or words[-1:]:
                value, certainty = parse_boolean(word, reading.locale)
                if value is not None:
                    yield Candidate("text", value, word, (span,), certainty, seen={"place": 0.9})


def fits_regex(candidate: Candidate, definition: FieldDef) -> bool:
    """Whether the value, or the print it was read from, fits the field's own pattern."""
    if not definition.regex:
        return True
    return matches(definition.regex, str(candidate.value)) or matches(definition.regex, candidate.raw)


LOCAL_SOURCES: tuple[CandidateSource, ...] = (
    pooled,
    numbers_and_codes,
    labelled_text,
    choices,
    inferred_currency,
    party_candidates,
    company_candidates,
    address_candidates,
)


def gather(
    reading: Reading, definition: FieldDef, sources: Sequence[CandidateSource] = LOCAL_SOURCES
) -> list[Candidate]:
    """All candidates of one field, in the order of the sources; none for arrays and objects."""
    if definition.type in NESTING:
        return []
    role = reading.roles[definition.name]
    return [candidate for source in sources for candidate in source(reading, definition, role)]
