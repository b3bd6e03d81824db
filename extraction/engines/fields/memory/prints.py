"""Whose document this is: a small fingerprint of the letterhead, and how alike two of them are.

What changes from document to document (digits, and labels such as "Invoice") is left out; what stays is the
spelling of the first lines and of the footer, and numbers that a sender has for years: VAT ids, IBANs, web
domains, telephone and register numbers. No single part decides: letterheads are misread by OCR, and numbers
of the *buyer* stand on the documents of all of its suppliers.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from rapidfuzz import fuzz

from extraction.engines.fields.candidates import Reading
from extraction.engines.fields.layout import PageLayout, Segment, fold
from extraction.engines.fields.names import LEGAL

VERSION = 1
HEAD_ROWS, FOOT_ROWS = 14, 4
HEAD_LINES, FOOT_LINES = 10, 6
MAX_LINE, MAX_IDS = 48, 12
LIKE = 0.8  # from this likeness on, two lines are taken for the same, misread
UNLIKE = 0.6  # so alike are two lines that have no more than a legal form and a trade in common
RECOGNISED = 0.6  # from this likeness on, two prints are taken for the same sender's
RECOGNISED_ALONE = 0.5  # … and from this on without what many senders print
CERTAIN = 0.9  # two senders may both be so like only if one was learned twice
LEAD = 0.04  # by which the best sender must be ahead of the next
SAME_NUMBER = 0.65  # of the unlikeness is left by each number that two prints share
EVERYBODY = 3  # a line or number that so many known senders have tells none of them

_DOMAIN = re.compile(r"(?:@|www\.|https?://)([a-z0-9\-]+(?:\.[a-z0-9\-]+)+)")
_NOBODYS = frozenset(
    {
        "com",
        "co",
        "org",
        "net",
        "gov",
        "edu",
        "gmail",
        "yahoo",
        "hotmail",
        "outlook",
        "gmx",
        "web",
        "t-online",
    }
)
_NOT_LETTERS = re.compile(r"[\W\d_]+")
_PHONE = re.compile(
    r"(?:tel|fax|phone|fon|telefon|telefax|mobile|hotline|h/p)\D{0,12}(\+?\d[\d\s\-/().]{6,18}\d)"
)
_REGISTER = re.compile(r"(?<![\d.,])(\d[\d\s]{7,15}\d)(?![\d.,])|\(?(\d{5,9}\s?-\s?[a-z])\b")


@dataclass(frozen=True, slots=True)
class SenderPrint:
    """`head` and `foot` are lines of letters, top to bottom; `ids` are numbers with their kind in front."""

    head: tuple[str, ...] = ()
    foot: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    version: int = VERSION

    def __bool__(self) -> bool:
        return bool(self.head or self.ids)

    def to_json(self) -> dict[str, Any]:
        return {"v": self.version, "head": list(self.head), "foot": list(self.foot), "ids": list(self.ids)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> SenderPrint:
        """The kept print; one of another version is empty and therefore like none."""
        if data.get("v") != VERSION:
            return cls()
        return cls(tuple(data["head"]), tuple(data["foot"]), tuple(data["ids"]))


def fingerprint(reading: Reading) -> SenderPrint:
    """The print of a document's first page; empty for a document without text."""
    pages = [page for page in reading.layout.pages if page.rows][:1]
    if not pages:
        return SenderPrint()
    page = pages[0]
    head = page.rows[:HEAD_ROWS]
    foot = page.rows[max(HEAD_ROWS, len(page.rows) - FOOT_ROWS) :]
    return SenderPrint(
        tuple(_lines(reading, head))[:HEAD_LINES],
        tuple(_lines(reading, foot))[:FOOT_LINES],
        tuple(_ids(reading, page))[:MAX_IDS],
    )


def similarity(left: SenderPrint, right: SenderPrint, common: Set[str] = frozenset()) -> float:
    """How alike two prints are, 0–1; lines and numbers that are `common` to many senders do not count."""
    left, right = _without(left, common), _without(right, common)
    if not left or not right:
        return 0.0
    head = _alike(left.head, right.head)
    foot = _alike(left.foot, right.foot)
    text = max(0.75 * head + 0.25 * max(foot, head), 0.6 * head + 0.4 * _top(left.head, right.head))
    shared = len(set(left.ids) & set(right.ids))
    return 1 - (1 - text) * (SAME_NUMBER ** min(shared, 3))


def recognise(seen: SenderPrint, known: Mapping[Any, Sequence[SenderPrint]]) -> tuple[Any, float] | None:
    """The key of the known sender whose prints are most like this one, and how alike (0–1).

    The senders compete by what is not common to many of them. None when the best is not like enough, or
    hardly better than the next.
    """
    common = _common(known.values())
    scores = [(_nearest(seen, prints, common), key) for key, prints in known.items()]
    scores.sort(key=lambda pair: -pair[0])
    own, best = scores[0] if scores else (0.0, None)
    whole = _nearest(seen, known[best], frozenset()) if scores else 0.0
    if whole < RECOGNISED or own < RECOGNISED_ALONE:
        return None
    if len(scores) > 1 and own < CERTAIN and own - scores[1][0] < LEAD:
        return None
    return best, whole


def _nearest(seen: SenderPrint, prints: Iterable[SenderPrint], common: Set[str]) -> float:
    return max((similarity(seen, one, common) for one in prints), default=0.0)


def _common(known: Iterable[Sequence[SenderPrint]]) -> frozenset[str]:
    counts: Counter[str] = Counter()
    for prints in known:
        counts.update({part for one in prints for part in (*one.head, *one.foot, *one.ids)})
    return frozenset(part for part, count in counts.items() if count >= EVERYBODY)


def _without(seen: SenderPrint, common: Set[str]) -> SenderPrint:
    if not common:
        return seen
    head, foot, ids = (
        tuple(part for part in group if part not in common) for group in (seen.head, seen.foot, seen.ids)
    )
    return SenderPrint(head, foot, ids)


def search_keys(seen: SenderPrint, slug: str = "") -> tuple[int, ...]:
    """Hashes to look a sender up by: its numbers, whole lines, and pairs of neighbouring words.

    Documents of one sender share several even when words were misread. Signed 64-bit, each once; those of
    different document types differ.
    """
    texts = [*seen.ids, *(f"line:{line.replace(' ', '')}" for line in seen.head)]
    for line in seen.head:
        words = line.split()
        texts += [f"pair:{first} {second}" for first, second in pairwise(words)]
        texts += [f"word:{word}" for word in words if len(word) >= 8]
    return tuple(sorted({_hash(f"{slug}:{text}") for text in texts}))


def _hash(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big", signed=True)


def _lines(reading: Reading, rows: Iterable[Sequence[Segment]]) -> Iterable[str]:
    for row in rows:
        for segment in row:
            line = _letters(segment.text)
            if len(line.replace(" ", "")) >= 4 and not _is_label(reading, segment):
                yield line[:MAX_LINE]


def _letters(text: str) -> str:
    return " ".join(_NOT_LETTERS.sub(" ", fold(text)).split())


def _is_label(reading: Reading, segment: Segment) -> bool:
    """Whether a line is hardly more than words that stand on everybody's documents."""
    labels = reading.labels.by_segment.get(segment, ())
    covered = {at for label in labels for at in range(label.start, label.end)}
    letters = {at for at, char in enumerate(segment.text) if char.isalpha()}
    return len(covered & letters) >= 0.7 * max(len(letters), 1)


def _ids(reading: Reading, page: PageLayout) -> Iterable[str]:
    found: dict[str, None] = {}
    for kind in ("vat", "iban"):
        for item in reading.pool(kind):
            found[f"{kind}:{item.value}"] = None
    text = fold("\n".join(segment.text for segment in page.segments))
    for domain in _DOMAIN.findall(text):
        if owner := _owner(domain):
            found[f"web:{owner}"] = None
    for number in _PHONE.findall(text):
        found[f"tel:{_digits(number)[-8:]}"] = None
    head = fold("\n".join(segment.text for row in page.rows[:HEAD_ROWS] for segment in row))
    for plain, company in _REGISTER.findall(head):
        found[f"reg:{''.join((plain or company).split())}"] = None
    return found


def _owner(domain: str) -> str:
    """The part of a domain that names its owner: "acme" of "acme.com.my"."""
    parts = [part for part in domain.split(".")[:-1] if part not in _NOBODYS and len(part) > 2]
    return parts[-1] if parts else ""


def _digits(text: str) -> str:
    return "".join(char for char in text if char.isdigit())


def _alike(left: Sequence[str], right: Sequence[str]) -> float:
    """The share of all lines' letters that stand on both sides, lines that were misread included."""
    if not left or not right:
        return 0.0
    both = sum(_weight(line) * _best(line, right) for line in left)
    both += sum(_weight(line) * _best(line, left) for line in right)
    every = sum(_weight(line) for line in (*left, *right))
    return both / max(every, 1.0)


def _best(line: str, others: Sequence[str]) -> float:
    best = max(fuzz.ratio(line, other) / 100 for other in others)
    return (best - UNLIKE) / (1 - UNLIKE) if best >= LIKE else 0.0


def _weight(line: str) -> float:
    return float(min(len(LEGAL.sub("", line)), 24))


def _top(left: Sequence[str], right: Sequence[str]) -> float:
    """How alike the first lines are as one text, whatever their breaks."""
    return (
        float(fuzz.token_sort_ratio(" ".join(left[:5]), " ".join(right[:5]))) / 100 if left and right else 0.0
    )
