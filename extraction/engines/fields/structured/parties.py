"""The parties of a contract, as its first sentences name them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from extraction.engines.fields.candidates import Reading
from extraction.engines.fields.defs import FieldDef
from extraction.engines.fields.parse import comparable
from extraction.engines.fields.prose import Prose, prose_of

from .lists import listed
from .values import Structured

_HEAD = 6000  # letters of a contract in which its parties are named
_WORD = r"(?:[A-ZÀ-Þ0-9][\w.&’'\-/]*|&|of|the|and|de|du|la|le|di|van|von|der|y|e|dan|für)"
_LEGAL = r"(?:, (?:Inc|LLC|Ltd|L\.P|Corp|Co|LP|N\.A|S\.A)\.?)?"
_START = r"(?!WHEREAS|RECITAL|Article|Section|Annex|Agreement)[A-ZÀ-Þ]"
_NAME = rf"(?P<name>{_START}[\w.&’'\-/]*(?:,? {_WORD}){{0,9}}{_LEGAL})"
# What stands after a party's name: what kind of firm it is, or the short name it goes by from here on.
_AFTER = re.compile(
    rf"{_NAME},? (?:an? (?:[\w.]+ ){{0,4}}(?:corporation|company|partnership|limited|trust|individual"
    r"|association|bank|entity|organization|organisation|corp|llc)\b"
    r"|(?:with|having) (?:its|a|an|offices|principal)\b|whose (?:registered|principal)\b"
    r"|(?:[^()]{0,160})\((?:the |hereinafter |hereafter |together |collectively |each |in the following "
    r"|nachfolgend |im folgenden |ci-apres |ci-après |en adelante |di seguito |hierna |selanjutnya |„|“|\")"
    r"[^)]{2,80}\))"
)
_LABELLED = re.compile(
    r"(?:party [ab12]|pihak (?:pertama|kedua|kesatu)|first party|second party|disclosing party"
    r"|receiving party"
    r"|auftraggeber(?:in)?|auftragnehmer(?:in)?|vermieter(?:in)?|mieter(?:in)?|arbeitgeber(?:in)?"
    r"|arbeitnehmer(?:in)?|verkäufer(?:in)?|käufer(?:in)?|bailleur|locataire|employeur|arrendador"
    r"|arrendatario|locatore|conduttore|landlord|tenant|employer|employee|lessor|lessee|client|contractor"
    r"|customer|supplier|service provider|nama) ?: ?(?P<name>[^\n:,;(]{3,80})",
    re.IGNORECASE,
)
_BETWEEN = re.compile(
    r"\b(?:[Bb]y and between|[Bb]y and among|[Bb]etween|[Aa]mong|BETWEEN|[Zz]wischen|ZWISCHEN|[Ee]ntre|ENTRE"
    r"|[Tt]ussen|[Aa]ntara|ANTARA)\b:?\s"
)
# The sentence that names the parties ends where the reasons and the clauses begin.
_BODY = re.compile(
    r"\b(?:WHEREAS|Whereas|RECITALS?|Recitals|BACKGROUND|Background|WITNESSETH|W I T N E S S|NOW,? THEREFORE"
    r"|Präambel|Vorbemerkung)\b|\b1\. ?[A-ZÀ-Þ]|§ ?1\b"
)
_DATED = re.compile(
    r"\b(?:January|February|March|April|May|June|July|August|September|October|November|December) \d"
)
_SURE, _GUESSED = 0.6, 0.5
_A_COUNTRY = re.compile(r"(?:laws?|State|Republic|Province|in) (?:of )?(?:the )?$")
_NO_PARTY = re.compile(
    r"^(?:the|this|agreement|each|party|parties|whereas|and|dated|date|company|executive|employee|recipient"
    r"|discloser|(?:[A-Z]|\d+)\. .*)$",
    re.IGNORECASE,
)


def read_parties(reading: Reading, definition: FieldDef) -> Structured | None:
    """The names of those who sign; None where neither a sentence nor a label names any."""
    prose = reading.once("prose", prose_of)
    found: dict[str, tuple[int, int, float]] = {}
    for start, end, sure in (*_spoken(prose), *_labelled(prose)):
        key = comparable(prose.text[start:end])
        name = prose.text[start:end]
        if len(key) > 2 and not _NO_PARTY.match(name) and not _DATED.search(name):
            found.setdefault(key, (start, end, sure))
    places = [
        place for key, place in found.items() if not any(key != other and key in other for other in found)
    ]
    entries = [(prose.spans(start, end), sure) for start, end, sure in sorted(places)[:12]]
    return listed(entries) if entries else None


def _spoken(prose: Prose) -> Iterable[tuple[int, int, float]]:
    """Names in the sentence "between A, a … company, and B (…)"."""
    begin = _BETWEEN.search(prose.text[:_HEAD])
    if not begin:
        return
    body = _BODY.search(prose.text, begin.end())
    last = min(len(prose.text), begin.end() + 1800, body.start() if body else len(prose.text))
    for found in _AFTER.finditer(prose.text, begin.end(), last):
        start, end = found.span("name")
        if not _A_COUNTRY.search(prose.text[max(0, start - 12) : start]):
            yield _trimmed(prose.text, start, end)


def _labelled(prose: Prose) -> Iterable[tuple[int, int, float]]:
    for found in _LABELLED.finditer(prose.text[:_HEAD]):
        start = found.start("name")
        yield start, start + len(found["name"].rstrip(" .")), _GUESSED


def _trimmed(text: str, start: int, end: int) -> tuple[int, int, float]:
    """A name without the "and" or "between" that a sentence puts before it."""
    lead = re.match(r"(?:and|between|by|und|et|y|e|dan|the) ", text[start:end], re.IGNORECASE)
    start += lead.end() if lead else 0
    return start, start + len(text[start:end].rstrip(" ,")), _SURE
