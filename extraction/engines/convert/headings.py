"""Headings by the whole document's statistics: which lines are headings, and of which level.

The layout engine's headings are where this starts; type sizes and weights, numbering and the file's own
outline correct them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from extraction.engines.convert.lists import MARK
from extraction.engines.convert.pdf_blocks import Draft, draft_of_lines
from extraction.engines.convert.pdf_text import Line

NUMBERED = re.compile(
    r"^(?:(?P<path>\d{1,2}(?:\.\d{1,2}){0,4})\.?\s+(?=\S)"
    r"|(?P<part>(?:chapter|part|section|appendix|annex|kapitel|teil|abschnitt|anhang|cap[íi]tulo|chapitre)"
    r"\s+(?:\d{1,3}|[IVXLC]+|[A-Z])\b)|(?P<roman>[IVX]{1,5})\.\s+(?=\S)|(?P<letter>[A-Z])\.\s+(?=\S))",
    re.I,
)
_PART = re.compile(r"(?:chapter|part|kapitel|teil|cap[íi]tulo|chapitre)\s+(?:\d{1,3}|[IVXLC]+)[.:]?", re.I)
_LARGER = 1.12
_LONGEST_WORDS = 25
_SHORT_WORDS = 14
_SENTENCE = re.compile(r"[.!?;,:\-‐–]$")
_ENTRY = re.compile(r"[.\s](?:\d{1,4}|[ivxl]{1,6})$")
# Promotion leaves the page's edges alone: running headers live there.
_EDGE = 0.08
_LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Style:
    """What most of the document's running text looks like: size in points, boldness and font."""

    size: float
    bold: bool
    font: str

    @classmethod
    def of(cls, drafts: Iterable[Draft]) -> Style:
        """The style that most letters of paragraphs and lists are set in."""
        letters: Counter[tuple[float, bool]] = Counter()
        fonts: Counter[str] = Counter()
        for draft in drafts:
            if draft.size and draft.kind in ("paragraph", "list_item"):
                letters[_rounded(draft.size), draft.bold] += len(draft.text)
                fonts[draft.font] += len(draft.text)
        if not letters:
            return cls(0.0, False, "")
        (size, bold), _ = letters.most_common(1)[0]
        return cls(size, bold, fonts.most_common(1)[0][0])

    def larger(self, draft: Draft) -> bool:
        return draft.size > _LARGER * self.size

    def same(self, draft: Draft) -> bool:
        """Whether the draft looks no different from running text."""
        return draft.font == self.font and not self.larger(draft) and not draft.text.isupper()

    def heavier(self, draft: Draft) -> bool:
        return draft.bold and not self.bold


def _rounded(size: float) -> float:
    return round(size * 2) / 2


def split_lead_lines(draft: Draft, style: Style) -> list[Draft]:
    """The draft, or its first lines as a heading of their own where they are set like one."""
    if draft.kind not in ("paragraph", "heading") or len(draft.lines) < 2:
        return [draft]
    count = _lead(draft.lines)
    if not count:
        return [draft]
    head, rest = draft.lines[:count], draft.lines[count:]
    text = " ".join(line.text for line in head)
    if _SENTENCE.search(text) or len(text.split()) > 15 or rest[0].text[:1].islower():
        return [draft]
    if head[-1].x1 > max(line.x1 for line in rest) - head[-1].runs[0].size and len(rest) > 1:
        # It runs to the column's end: the bold beginning of a sentence, not a line of its own.
        return [draft]
    lead, body = draft_of_lines(draft, head, "heading"), draft_of_lines(draft, rest)
    if not (style.larger(lead) or style.heavier(lead)):
        return [draft]
    lead.level = draft.level or 2
    return [lead, *split_lead_lines(body, style)]


def _lead(lines: Sequence[Line]) -> int:
    """How many first lines are all bold or clearly larger, where the line after them is not."""
    looks = [_look(line) for line in lines]
    count = 1
    while count < len(lines) and looks[count] == looks[0]:
        count += 1
    if count == len(lines) or count > 3:
        return 0
    (bold, size), (next_bold, next_size) = looks[0], looks[count]
    return count if (bold and not next_bold) or size > 1.15 * next_size else 0


def _look(line: Line) -> tuple[bool, float]:
    size = max(line.runs, key=lambda run: len(run.text)).size
    return all(run.bold for run in line.runs), _rounded(size)


def find_headings(drafts: Sequence[Draft], style: Style, page_height: float) -> None:
    """Demote what only looks like a heading, promote short lines over text that are set like one."""
    contents = is_contents(drafts)
    for index, draft in enumerate(drafts):
        if draft.lines and draft.lines[0].runs[0].turned:
            continue
        after = drafts[index + 1] if index + 1 < len(drafts) else None
        if draft.kind == "heading" and draft.size:
            entry = contents and _ENTRY.search(draft.text)
            if entry or not _is_heading(draft, after, style) or (not contents and _is_plain(draft, style)):
                draft.kind, draft.level = "paragraph", 0
        elif draft.kind == "paragraph" and after is not None and _PART.fullmatch(draft.text.strip()):
            if after.kind == "heading" and after.size >= draft.size:
                draft.kind = "heading"
        elif draft.kind == "paragraph" and after is not None and not contents:
            inside = _EDGE * page_height < draft.y0 < (1 - _EDGE) * page_height
            if inside and _stands_out(draft, after, style):
                draft.kind = "heading"


def is_contents(drafts: Sequence[Draft]) -> bool:
    """Whether a page is a table of contents: many of its lines end in a page number."""
    lines = [line.text for draft in drafts if draft.kind != "table" for line in draft.lines]
    entries = sum(_ENTRY.search(line) is not None for line in lines)
    return entries >= 5 and entries > 0.3 * len(lines)


def _stands_out(draft: Draft, after: Draft, style: Style) -> bool:
    """Whether a short line of its own is larger or heavier than the text that follows right below it."""
    text = draft.text.strip()
    if len(draft.lines) not in (1, 2) or not 0 < draft.words <= _SHORT_WORDS or _SENTENCE.search(text):
        return False
    if not (text[0].isupper() or text[0].isdigit()) or not _LETTER.search(text):
        return False
    if not style.size or not (style.larger(draft) or style.heavier(draft)):
        return False
    return NUMBERED.match(text) is not None or _is_text_below(draft, after, style)


def _is_text_below(draft: Draft, after: Draft, style: Style) -> bool:
    if after.kind not in ("paragraph", "list_item") or after.words < 8 or after.size > style.size * _LARGER:
        return False
    if after.bold and not style.bold:
        return False
    overlaps = after.x0 < draft.x1 and draft.x0 < after.x1
    return overlaps and -1 < after.y0 - draft.y1 < 3 * draft.size


def _is_heading(draft: Draft, after: Draft | None, style: Style) -> bool:
    text = draft.text.strip()
    words = text.split()
    if not _LETTER.search(text):
        return len(words) == 1 and draft.size > 1.5 * style.size
    if len(words) > _LONGEST_WORDS:
        return False
    if text[:1].islower() and not style.larger(draft):
        return False
    if text.count(",") >= 3 and len(words) >= 8:
        # Names of authors, or an enumeration.
        return False
    if text[-1] in ".;," and len(words) > 12 and not style.larger(draft):
        return False
    return not _goes_on(draft, after)


def _is_plain(draft: Draft, style: Style) -> bool:
    """Whether neither look nor number sets the draft off from running text."""
    return style.same(draft) and NUMBERED.match(draft.text) is None


def _goes_on(draft: Draft, after: Draft | None) -> bool:
    """Whether the next block ends the sentence that this one begins."""
    if after is None or after.kind != "paragraph" or not after.text[:1].islower() or MARK.match(after.text):
        return False
    if abs(after.size - draft.size) > 0.1 * draft.size:
        return False
    return after.y0 - draft.y1 < 0.8 * draft.size and draft.text[-1] not in ".!?:"
