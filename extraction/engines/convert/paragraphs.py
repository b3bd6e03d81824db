"""Printed lines into paragraphs: where one ends, how its lines join, and where it runs on elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from statistics import median

from extraction.engines.convert.pdf_text import Line

_WORD = re.compile(r"[^\W\d_]+(?:['’\-‐][^\W\d_]+)*")
_BROKEN_END = re.compile(r"([^\W\d_]+)[-‐\u00ad]$")
_WORD_START = re.compile(r"[^\W\d_]+")
# White space above a line that starts a new paragraph, in line heights.
_PARAGRAPH_GAP = 0.7
_HYPHENS = frozenset("-‐\u00ad")
_LONGEST_WORD = 60
_OTHER_SIZE = 1.15
_BULLET = re.compile(r"[•●○▪■◦‣➢➤✓✔►◆❖□\uf0b7\uf0a7]")
_SENTENCE_END = re.compile(r"[.!?:;…。！？؟][\"'”’)\]]*$")


class Vocabulary:
    """The words a document prints away from line breaks: the evidence for hyphens that are meant."""

    def __init__(self) -> None:
        self._words: set[str] = set()

    def add(self, lines: Iterable[str]) -> None:
        """Note the words of these lines, but not the last one of each, which may be broken."""
        for line in lines:
            self._words.update(word.lower() for word in _WORD.findall(line.rpartition(" ")[0]))

    def keeps_hyphen(self, left: str, right: str) -> bool:
        """Whether "left-" at a line's end and "right" at the next one's start are one word with a hyphen."""
        left, right = left.lower(), right.lower()
        if left + right in self._words:
            return False
        if f"{left}-{right}" in self._words:
            return True
        return len(left) > 2 and len(right) > 2 and left in self._words and right in self._words


def joint(before: str, after: str, vocabulary: Vocabulary) -> str:
    """What joins two pieces of running text: " ", "" (a hyphen that stays), or "-" (one that goes)."""
    if before[-1:] not in _HYPHENS:
        return " "
    # Only the end of a long text is looked at: searching all of it line by line is quadratic.
    broken = _BROKEN_END.search(before[-_LONGEST_WORD:])
    start = _WORD_START.match(after)
    if not broken or not start:
        return " "
    if before[-1] != "\u00ad" and (
        not start.group()[0].islower() or vocabulary.keeps_hyphen(broken.group(1), start.group())
    ):
        return ""
    return "-"


def groups(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """The lines of one column as paragraphs, parted by white space, another look or an indented line."""
    if not lines:
        return
    pitch = median(line.y1 - line.y0 for line in lines)
    left = median(line.x0 for line in lines)
    part = [lines[0]]
    for above, line in pairwise(lines):
        if _starts(above, line, pitch, left):
            yield part
            part = []
        part.append(line)
    yield part


def _starts(above: Line, line: Line, pitch: float, left: float) -> bool:
    gap = line.y0 - above.y1
    if gap > _PARAGRAPH_GAP * pitch or gap < -2 * pitch or _BULLET.match(line.runs[0].text):
        return True
    sizes = sorted((_size(above), _size(line)))
    if sizes[1] > _OTHER_SIZE * sizes[0] or _bold(above) != _bold(line):
        return True
    indented = left + 0.8 * pitch < line.x0 < left + 5 * pitch and above.x0 < left + 0.5 * pitch
    return indented and _SENTENCE_END.search(above.runs[-1].text) is not None


def _size(line: Line) -> float:
    return max(line.runs, key=lambda run: len(run.text)).size


def _bold(line: Line) -> bool:
    return all(run.bold for run in line.runs)


def runs_on(before: str, after: str) -> bool:
    """Whether a text that stops in the middle of a sentence can go on with `after`."""
    start = after.lstrip("\"'“‘([")
    if not before or not start or not start[0].islower():
        return False
    return _SENTENCE_END.search(before[-_LONGEST_WORD:]) is None
