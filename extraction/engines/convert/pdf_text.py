"""What liteparse found printed on a page: runs of one style, set into lines; and the page's words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from operator import itemgetter
from typing import Any

from extraction.engines.blocks import Box, Word
from extraction.engines.convert.bidi import has_rtl, in_reading_order
from extraction.engines.convert.inline import safe_href

_SUBSET = re.compile(r"^[A-Z]{6}\+")
_REGULAR = re.compile(r"regular|roman|book|light|thin", re.I)
_BOLD = re.compile(r"bold|black|heavy|demi|[-_ ,](bd|b|medi|sb)($|[-_ ,])|cmbx", re.I)
_ITALIC = re.compile(r"ital|obliq|slant|[-_ ,](it|i|bdit|bi)($|[-_ ,])|cmti", re.I)
_MONO = re.compile(r"mono|courier|consol|typewriter|cmtt|menlo|inconsol|fira ?code|sourcecode", re.I)
_MATH = re.compile(r"cmmi|cmsy|cmex|msam|msbm|math|stix.*size|esint|rsfs|eufm", re.I)
BOLD_WEIGHT = 600
# More links than this on one page are an attack, not a page.
MAX_LINKS = 500

Link = tuple[float, float, float, float, str]
# Letters of a spaced-out word ("C H A P T E R") are nearer to each other than words ever are, in ems.
_TORN_GAP = 0.12
# Runs nearer than this, in ems, are one word in two styles.
_JOINED_GAP = 0.1


@dataclass(frozen=True, slots=True)
class Face:
    """What a font's name says about it."""

    bold: bool
    italic: bool
    mono: bool
    math: bool
    regular: bool


@dataclass(slots=True)
class Run:
    """Text of one style on one line; lengths in points, origin top left. `size` is the font's size."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    size: float
    font: str
    face: Face
    bold: bool
    weight: int
    turned: bool
    words: list[tuple[str, float, float, float, float]]
    index: int = 0
    href: str = ""

    @property
    def middle(self) -> float:
        return (self.y0 + self.y1) / 2


@dataclass(slots=True)
class Line:
    """Runs on one printed line from left to right."""

    runs: list[Run] = field(default_factory=list)

    @property
    def x0(self) -> float:
        return min(run.x0 for run in self.runs)

    @property
    def x1(self) -> float:
        return max(run.x1 for run in self.runs)

    @property
    def y0(self) -> float:
        return min(run.y0 for run in self.runs)

    @property
    def y1(self) -> float:
        return max(run.y1 for run in self.runs)

    @property
    def text(self) -> str:
        return "".join(part for part, _ in self.parts())

    def parts(self) -> Iterator[tuple[str, Run]]:
        """The runs' texts with the space before each where the page has one."""
        before: Run | None = None
        for run in self.runs:
            yield (" " + run.text if before is not None and _apart(before, run) else run.text), run
            before = run


def _apart(left: Run, right: Run) -> bool:
    if left.index == right.index:
        return True
    if right.text[:1] in ".,;:)]" and right.x0 - left.x1 < 2.5 * _JOINED_GAP * right.size:
        return False
    gap = max(right.x0 - left.x1, left.x0 - right.x1)
    return gap > _JOINED_GAP * min(left.size, right.size)


@lru_cache(maxsize=512)
def face_of(name: str) -> Face:
    """The style that a PostScript font name tells."""
    name = _SUBSET.sub("", name)
    return Face(*(bool(sign.search(name)) for sign in (_BOLD, _ITALIC, _MONO, _MATH, _REGULAR)))


def is_bold(face: Face, weight: int | None) -> bool:
    """Whether a font is bold. A weight is guessed from its stems; a name that says "regular" knows better."""
    return face.bold or (not face.regular and (weight or 0) >= BOLD_WEIGHT)


def runs_of(page: Any) -> list[Run]:
    """The page's text items, one run each, in the engine's order; links part them."""
    links = _links(page)
    runs: list[Run] = []
    for index, item in enumerate(page.text_items):
        words = _words(item)
        if words and links:
            runs += linked(_run(item, words, index), links)
        elif words:
            runs.append(_run(item, words, index))
    return runs


def _links(page: Any) -> list[Link]:
    """The rectangles (left, top, right, bottom in points) and targets of the page's web and mail links."""
    links: list[Link] = []
    for note in page.annotations or ():
        href = safe_href(note.uri) if note.uri and len(links) < MAX_LINKS else ""
        rects = note.quadpoint_rects or ([note.rect] if note.rect else [])
        links += [(r.x, r.y, r.x + r.width, r.y + r.height, href) for r in rects if href]
    return links


def linked(run: Run, links: Sequence[Link]) -> list[Run]:
    """The run in pieces, those inside a link's rectangle with its target."""
    near = [
        link for link in links if link[1] < run.middle < link[3] and link[0] < run.x1 and run.x0 < link[2]
    ]
    if not near:
        return [run]
    parts: list[Run] = []
    for word in run.words:
        middle = (word[1] + word[3]) / 2
        href = next((link[4] for link in near if link[0] <= middle <= link[2]), "")
        if parts and parts[-1].href == href:
            last = parts[-1]
            parts[-1] = replace(last, text=f"{last.text} {word[0]}", x1=word[3], words=[*last.words, word])
        else:
            parts.append(replace(run, text=word[0], x0=word[1], x1=word[3], words=[word], href=href))
    return parts


def _run(item: Any, words: list[tuple[str, float, float, float, float]], index: int) -> Run:
    if has_rtl(item.text):
        words = in_reading_order(words, itemgetter(0))
    name = item.font_name or ""
    face = face_of(name)
    height = item.height if abs(item.rotation) < 1 else min(item.height, item.width)
    return Run(
        text=" ".join([word[0] for word in words]),
        x0=item.x,
        y0=item.y,
        x1=item.x + item.width,
        y1=item.y + item.height,
        size=item.font_height or (item.font_size if (item.font_size or 0) > 2 else 0.83 * height),
        font=name,
        face=face,
        bold=is_bold(face, item.font_weight),
        weight=item.font_weight or (700 if face.bold else 400),
        turned=abs(item.rotation) > 1,
        words=words,
        index=index,
    )


def _words(item: Any) -> list[tuple[str, float, float, float, float]]:
    """The item's words with left, top, right, bottom. The engine also cuts inside words; those are mended."""
    tokens = item.text.split()
    pieces = [piece for piece in item.words if piece.text]
    if [piece.text for piece in pieces] == tokens:
        words = [(p.text, p.x, p.y, p.x + p.width, p.y + p.height) for p in pieces]
        return _mended(words, item.font_height or item.height) if item.text.isupper() else words
    pieces = [piece for piece in pieces if piece.text.strip()]
    if not pieces:
        text = " ".join(tokens)
        return [(text, item.x, item.y, item.x + item.width, item.y + item.height)] if text else []
    whole = "".join(tokens) == "".join(piece.text for piece in pieces)
    return [_around(group) for group in (_grouped(pieces, tokens) if whole else ([p] for p in pieces))]


def _grouped(pieces: list[Any], tokens: list[str]) -> Iterator[list[Any]]:
    group: list[Any] = []
    position = 0
    for piece in pieces:
        group.append(piece)
        if position < len(tokens) and "".join(part.text for part in group) == tokens[position]:
            yield group
            group, position = [], position + 1
    if group:
        yield group


def _around(pieces: list[Any]) -> tuple[str, float, float, float, float]:
    return (
        "".join(piece.text for piece in pieces),
        min(piece.x for piece in pieces),
        min(piece.y for piece in pieces),
        max(piece.x + piece.width for piece in pieces),
        max(piece.y + piece.height for piece in pieces),
    )


def _mended(
    words: list[tuple[str, float, float, float, float]], size: float
) -> list[tuple[str, float, float, float, float]]:
    """Capitals set with wide letter spacing, whose letters were taken for words, joined again."""
    joined = words[:1]
    for word in words[1:]:
        last = joined[-1]
        if word[1] - last[3] < _TORN_GAP * size and last[0][-1].isalpha() and word[0][0].isalpha():
            text = last[0] + word[0]
            joined[-1] = (text, last[1], min(last[2], word[2]), word[3], max(last[4], word[4]))
        else:
            joined.append(word)
    return joined


def lines_of_runs(runs: Sequence[Run]) -> list[Line]:
    """The runs as lines from the top, each from left to right.

    Runs belong to one line if the middle of the new one lies in the other's height.
    """
    lines: list[Line] = []
    for run in sorted(runs, key=lambda run: (run.y0 + run.y1, run.x0)):
        for line in lines[:-4:-1]:
            if _on_line(line, run):
                line.runs.append(run)
                break
        else:
            lines.append(Line([run]))
    for line in lines:
        if len(line.runs) > 1:
            line.runs.sort(key=lambda run: run.x0)
            if any(has_rtl(run.text) for run in line.runs):
                line.runs = in_reading_order(line.runs, lambda run: run.text)
    return lines


def _on_line(line: Line, run: Run) -> bool:
    # The nearest run decides, so that slightly slanted lines stay whole.
    near = line.runs[-1]
    if len(line.runs) > 1:
        near = min(line.runs, key=lambda other: abs(other.x0 - run.x0))
    distance = abs(run.y0 + run.y1 - near.y0 - near.y1)
    height, near_height = run.y1 - run.y0, near.y1 - near.y0
    if distance < min(height, near_height):
        return True
    return distance < max(height, near_height) and _raised(near, run)


def _raised(one: Run, other: Run) -> bool:
    """Whether a small run beside a larger one is its footnote mark or index."""
    small, large = (one, other) if one.size < other.size else (other, one)
    gap = max(small.x0 - large.x1, large.x0 - small.x1)
    return small.size < 0.8 * large.size and len(small.text) <= 4 and gap < 0.3 * large.size


def _clipped(run: Run, width: float, height: float) -> Iterator[tuple[str, float, float, float, float]]:
    """The run's words as far as they are on the page."""
    for text, x0, y0, x1, y1 in run.words:
        left, top, right, bottom = max(x0, 0.0), max(y0, 0.0), min(x1, width), min(y1, height)
        if right > left and bottom > top:
            yield text, left, top, right, bottom


def page_words(lines: Sequence[Line], page: int, width: float, height: float) -> tuple[Word, ...]:
    """The lines' words in order, their boxes as fractions of the page; words off the page are left out."""
    words: list[Word] = []
    for number, line in enumerate(lines):
        for run in line.runs:
            inside = run.x0 >= 0 and run.y0 >= 0 and run.x1 <= width and run.y1 <= height
            for text, x0, y0, x1, y1 in run.words if inside else _clipped(run, width, height):
                box = Box(page, x0 / width, y0 / height, (x1 - x0) / width, (y1 - y0) / height)
                words.append(Word(text, box, number))
    return tuple(words)
