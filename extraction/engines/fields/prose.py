"""A document's text as one run of prose, whose places lead back to the printed words."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable

from .aliases import Role
from .builtin import meanings_of
from .candidates import Candidate, Reading
from .dates import find_dates
from .defs import FieldDef
from .layout import Segment, Span

MAX_PROSE = 200_000  # letters


class Prose:
    """The segments' texts joined by spaces. `text` keeps at most MAX_PROSE letters."""

    def __init__(self, segments: Iterable[Segment]) -> None:
        self._segments: list[Segment] = []
        self._starts: list[int] = []
        parts: list[str] = []
        at = 0
        for segment in segments:
            if at > MAX_PROSE:
                break
            self._segments.append(segment)
            self._starts.append(at)
            parts.append(segment.text)
            at += len(segment.text) + 1
        self.text = " ".join(parts)

    def spans(self, start: int, end: int) -> tuple[Span, ...]:
        """The places on paper of the letters from `start` to `end`."""
        found = []
        for index in range(max(bisect_right(self._starts, start) - 1, 0), len(self._segments)):
            segment, begin = self._segments[index], self._starts[index]
            if begin >= end:
                break
            first, last = max(0, start - begin), min(len(segment.text), end - begin)
            if last > first:
                found.append(Span(segment, first, last))
        return tuple(found)


def prose_of(reading: Reading) -> Prose:
    return Prose(reading.layout.segments)


_CAP = r"[A-ZÀ-Þ][\w'’\-]*"
_PLACE = (
    r"(?:[Tt]he )?(?:(?:[Ss]tate|[Cc]ommonwealth|Province|Republic|Kingdom) of )?(?!United States|Agreement)"
    rf"(?P<value>{_CAP}(?: (?:and )?(?:of )?{_CAP}){{0,3}})"
)
_COUNT = r"(?:[\w\-]+ )?\(?\d{1,3}\)?|[\w\-]+(?: \(\d{1,3}\))?"
_TERM = rf"(?P<value>(?:{_COUNT})[ \-](?:days?|weeks?|months?|years?))"
_LASTS = r"(?:term of|period of|for|expires?|continue|remain in (?:full )?(?:force|effect)[^.]{0,40})"
_AFTERWARDS = r"(?:from|after|following|commencing|beginning)"
# What papers say in a sentence instead of beside a label, by the built-in field's name.
_SENTENCES: dict[str, tuple[str, ...]] = {
    "jurisdiction": (
        rf"(?:laws?|statutes) of (?:and applicable in )?{_PLACE}",
        rf"under {_PLACE} law\b",
        r"unterliegt (?:ausschließlich )?dem Recht (?:der|des|von) (?P<value>[A-ZÀ-Þ]\w+(?: [A-ZÀ-Þ]\w+)?)",
        r"(?P<value>[Dd]eutsches|[Öö]sterreichisches|[Ss]chweizerisches|[Dd]eutschem|[Ss]chweizer) Recht",
        r"droit (?P<value>français|belge|suisse|luxembourgeois)",
        r"legislaci[oó]n (?P<value>espa[nñ]ola|mexicana|argentina|chilena|colombiana)",
        r"legge (?P<value>italiana)",
        r"(?P<value>Nederlands) recht",
        r"hukum (?:negara )?(?P<value>(?:Republik )?Indonesia)",
    ),
    "term": (
        rf"(?i:{_LASTS} (?:a period of )?{_TERM} {_AFTERWARDS})",
        rf"(?i:\bterm (?:of this agreement )?(?:is|shall be|of) (?:for )?(?:a period of )?{_TERM})",
        r"(?i:(?:Laufzeit|Dauer)[^.]{0,30}? (?P<value>\w+ (?:\(\d+\) )?(?:Monate?n?|Jahre?n?)))",
        r"(?i:dur[ée]e de (?P<value>\w+(?: \(\d+\))? (?:mois|ans?|années?)))",
        r"(?i:(?:duraci[oó]n|plazo) de (?P<value>\w+(?: \(\d+\))? (?:meses|a[nñ]os?)))",
        r"(?i:durata di (?P<value>\w+(?: \(\d+\))? (?:mesi|anni|anno)))",
        r"(?i:jangka waktu (?:selama )?(?P<value>\d+ ?(?:\([^)]+\) )?(?:bulan|tahun)))",
    ),
}
_PLAIN = 0.9  # how plainly such a sentence says what the value is
# How often it is right, which caps the confidence: a contract names other periods in the same words.
_RIGHT = {"jurisdiction": 0.8, "term": 0.5}
_DATE_RIGHT = 0.85
_HEAD = 6000  # letters of a contract in which it says when it begins
_BEGINS = re.compile(
    r"\b(?:effective(?: date)?(?: is| as of|:)?|dated(?: as of| effective)?|(?:made|entered into|executed)"
    r"(?: and (?:made|entered into|executed|effective))?(?:,? (?:effective )?(?:as of|on|this|effective))"
    r"|as of(?: the)?|mit Wirkung (?:vom|zum)|in Kraft (?:ab|am)|à compter du|con efectos desde"
    r"|met ingang van|pada tanggal|berlaku sejak)\b",
    re.IGNORECASE,
)
_DAY_OF = re.compile(r"(\d{1,2})(?:st|nd|rd|th)? day of ([A-Z][a-z]+),? (\d{4})")
_SAME = {"governing_law": "jurisdiction", "duration": "term"}


def sentences(reading: Reading, definition: FieldDef, role: Role) -> list[Candidate]:
    """Values that contracts name in running text: the governing law, the term."""
    if definition.type != "string":
        return []
    names = [_SAME.get(name, name) for name in meanings_of(definition)]
    prose = reading.once("prose", prose_of)
    return [
        item
        for name in names
        for pattern in _SENTENCES.get(name, ())
        for item in _found(prose, pattern, _RIGHT[name])
    ]


def beginnings(reading: Reading, definition: FieldDef, role: Role) -> list[Candidate]:
    """Dates that the first sentences of a contract name as its beginning."""
    if definition.type != "date" or "effective_date" not in meanings_of(definition):
        return []
    prose = reading.once("prose", prose_of)
    found: list[Candidate] = []
    for begin in _BEGINS.finditer(prose.text[:_HEAD]):
        window = prose.text[begin.end() : begin.end() + 60]
        date = _first_date(window, reading)
        if date is None:
            continue
        value, start, end = date
        spans = prose.spans(begin.end() + start, begin.end() + end)
        plain = _PLAIN if not found else 0.5  # the first one said is the contract's own
        seen = {"label": plain * (1 - start / 120)}
        found.append(Candidate("date", value, window[start:end], spans, _DATE_RIGHT, seen=seen))
    return found


def _first_date(text: str, reading: Reading) -> tuple[str, int, int] | None:
    """The first date in a text, also "9th day of December, 2002", with its place."""
    worded = _DAY_OF.search(text)
    plain = next(find_dates(text, reading.locale), None)
    if worded and (plain is None or worded.start() <= plain.start):
        said = next(find_dates(f"{worded[1]} {worded[2]} {worded[3]}", reading.locale), None)
        return (said.value.isoformat(), *worded.span()) if said else None
    return (plain.value.isoformat(), plain.start, plain.end) if plain else None


def titles(reading: Reading, definition: FieldDef, role: Role) -> list[Candidate]:
    """Lines at the top of the first page that stand out by their size."""
    if definition.type != "string" or "title" not in meanings_of(definition) or not reading.layout.pages:
        return []
    page = reading.layout.pages[0]
    top = [row[0] for row in page.rows if len(row) == 1 and row[0].y0 < 0.5 * page.height]
    found = [
        segment for segment in top if 4 <= len(segment.text) <= 120 and segment.height > 1.1 * page.letter
    ]
    largest = max((segment.height for segment in found), default=0.0)
    return [
        Candidate(
            "text",
            segment.text,
            segment.text,
            (Span(segment, 0, len(segment.text)),),
            seen={"label": 0.8 * segment.height / largest, "place": 0.7},
        )
        for segment in found
    ]


def _found(prose: Prose, pattern: str, right: float) -> Iterable[Candidate]:
    for found in re.finditer(pattern, prose.text):
        spans = prose.spans(*found.span("value"))
        seen = {"place": _PLAIN, "label": _PLAIN}
        yield Candidate("text", found["value"].strip(), found["value"], spans, right, seen=seen)
