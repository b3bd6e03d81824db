"""The features of candidates by family: a family is a kind of field that one set of weights judges."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from extraction.engines.fields.aliases import ACCEPTS, ROLE_KINDS, Role
from extraction.engines.fields.builtin import is_custom
from extraction.engines.fields.candidates import Candidate, Reading
from extraction.engines.fields.dates import time_after
from extraction.engines.fields.defs import FieldDef
from extraction.engines.fields.labels import kind_of
from extraction.engines.fields.sources import fits_regex

from .addresses import address_features
from .money import money_features
from .parties import heading_features, party_features
from .pool import Pool

Features = dict[str, float]
PARTIES = ("seller", "buyer", "company")
_NAMED = {"seller_name": "seller", "buyer_name": "buyer", "company": "company", "receipt_address": "address"}


def family_of(role: Role, candidate: Candidate, definition: FieldDef) -> str:
    """Which set of weights judges a candidate."""
    if definition.type in ("enum", "boolean"):
        return "choice"
    if is_custom(role) and candidate.kind in ("date", "money"):
        return f"own_{candidate.kind}"
    if role == "due_date":
        return "due"
    if role in ("net", "tax", "amount_due"):
        return "part"
    return _NAMED.get(role, candidate.kind)


def observe_all(
    reading: Reading, definition: FieldDef, candidates: Sequence[Candidate]
) -> list[tuple[str, Features]]:
    """The family and the features of every candidate of one field."""
    role, pool = reading.roles[definition.name], Pool(candidates)
    found = []
    for candidate in candidates:
        family = family_of(role, candidate, definition)
        found.append((family, _observe(reading, definition, role, family, candidate, pool)))
    return found


def _observe(
    reading: Reading, definition: FieldDef, role: Role, family: str, candidate: Candidate, pool: Pool
) -> Features:
    strengths = reading.strengths(candidate)
    features: Features = {
        **candidate.seen,
        **_spoken(strengths, role, candidate),
        **_by_role(strengths, role),
        "own": 1.0,
        "certainty": candidate.certainty,
        "regex_miss": 0.0 if fits_regex(candidate, definition) else 1.0,
        "pool": float(min(len(pool.counts), 30)),
        "order": pool.order(candidate),
    }
    if family in PARTIES:
        return features | party_features(family, candidate, strengths)
    if family == "address":
        return features | address_features(reading, candidate)
    features |= {"repeats": pool.repeats(candidate), **_place(reading, candidate)}
    if candidate.kind == "date":
        features |= _date_features(candidate, pool)
    elif candidate.kind == "money":
        features |= money_features(reading, role, candidate, pool)
        features |= _line_features(candidate)
    elif family == "currency":
        features |= {"share": pool.share(candidate), "guess": 1.0 if candidate.source == "rule" else 0.0}
    elif family == "code":
        features |= _code_features(str(candidate.value))
    elif family == "vat":
        features |= heading_features(reading, candidate)
    return features


def _spoken(strengths: Mapping[Role, float], role: Role, candidate: Candidate) -> Features:
    """How strongly labels speak for the role, and how much stronger one speaks for another."""
    accepted = ACCEPTS.get(role, {role: 1.0})
    missing, rival = 1.0, 0.0
    for other, strength in strengths.items():
        if other in accepted:
            missing *= 1 - min(strength * accepted[other], 0.99)
        elif kind_of(other) in (kind_of(role), "any") or (
            is_custom(role) and kind_of(other) == candidate.kind
        ):
            rival = max(rival, strength)
    label = 1 - missing
    return {"label": label, "rival": max(0.0, rival - 0.5 * label)}


def _by_role(strengths: Mapping[Role, float], role: Role) -> Features:
    """Each label of the field's kind of value by itself."""
    kind = kind_of(role)
    return {f"says_{other}": value for other, value in strengths.items() if ROLE_KINDS.get(other) == kind}


def _place(reading: Reading, candidate: Candidate) -> Features:
    if not candidate.spans:
        return {}
    segment = candidate.spans[0].segment
    depth = reading.depth(segment)
    page = reading.layout.by_number[segment.page]
    return {
        "depth": depth,
        "early": 1 - depth,
        "row": float(min(segment.row, 60)),
        "later_page": 1.0 if segment.page > 1 else 0.0,
        "footer": 1.0 if segment.y0 > 0.82 * page.height else 0.0,
        "tall": min(segment.height / max(page.letter, 1.0), 2.0) - 1,
        "right": min(segment.x1 / max(page.width, 1.0), 1.0),
        "alone": 1.0 if len(reading.layout.row_of(segment)) == 1 else 0.0,
    }


def _date_features(candidate: Candidate, pool: Pool) -> Features:
    span = candidate.spans[0] if candidate.spans else None
    timed = span is not None and time_after(span.segment.text, span.end) is not None
    return {
        "first": 1.0 if candidate is pool.candidates[0] else 0.0,
        "only": 1.0 if len(pool.counts) == 1 else 0.0,
        "latest": 1.0 if candidate.value == pool.latest else 0.0,
        "earliest": 1.0 if candidate.value == pool.earliest else 0.0,
        "timed": 1.0 if timed else 0.0,
    }


def _line_features(candidate: Candidate) -> Features:
    """What else stands on the value's line."""
    if not candidate.spans:
        return {}
    span = candidate.spans[0]
    before = span.segment.text[: span.start]
    return {
        "percent_before": 1.0 if "%" in before else 0.0,
        "words_before": float(min(len(before.split()), 8)),
        "figures_before": 1.0 if any(char.isdigit() for char in before) else 0.0,
        "ends_line": 1.0 if not span.segment.text[span.end :].strip() else 0.0,
    }


def _code_features(value: str) -> Features:
    digits = sum(char.isdigit() for char in value)
    year = len(value) == 4 and value.isdigit() and value[:2] in ("19", "20")
    return {
        "short": 1.0 if len(value) < 4 or year else 0.0,
        "length": float(min(len(value), 24)),
        "digits": digits / max(len(value), 1),
        "parts": float(sum(char in "-/." for char in value)),
    }
