"""Heading levels that hold all over a document: from looks, numbering and the file's own outline."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from extraction.engines.convert.headings import NUMBERED
from extraction.engines.convert.outline import Outline
from extraction.engines.convert.pdf_blocks import Draft

# Size in points, bold, capitals: what sorts headings by weight, the heaviest first.
Look = tuple[float, bool, bool]
_SAME_SIZE = 0.04
_DEEPEST = 6


def set_levels(drafts: Sequence[Draft], outline: Outline) -> None:
    """Set the levels (1-6) of all headings: alike where they look alike, deeper where they are smaller.

    The depth of a number ("2.1") goes before the look, and the file's outline before both. Headings whose
    look is not known (OCR) keep the level they have.
    """
    headings = [draft for draft in drafts if draft.kind == "heading" and draft.size]
    looks = _looks(headings)
    by_look = _by_numbering(headings, looks)
    levels = _numbered(headings, [by_look[look] for look in looks])
    levels = _outlined(headings, levels, outline)
    dense = {level: place for place, level in enumerate(sorted(set(levels)), start=1)}
    for draft, level in zip(headings, levels, strict=True):
        draft.level = min(dense[level], _DEEPEST)


def _looks(headings: Sequence[Draft]) -> list[int]:
    """Each heading's look as a rank from 0, the largest; sizes that hardly differ are one."""
    sizes: list[float] = []
    for size in sorted({draft.size for draft in headings}, reverse=True):
        if not sizes or size < sizes[-1] * (1 - _SAME_SIZE):
            sizes.append(size)
    keys = [_look(draft, sizes) for draft in headings]
    ranks = {key: rank for rank, key in enumerate(sorted(set(keys), reverse=True))}
    return [ranks[key] for key in keys]


def _look(draft: Draft, sizes: Sequence[float]) -> Look:
    size = next(size for size in sizes if draft.size >= size * (1 - _SAME_SIZE))
    return size, draft.bold, draft.text.isupper()


def depth_of(text: str) -> int:
    """How deep a heading's number is: 1 for "2", "Chapter 3" or "IV.", 2 for "2.1"; 0 without one."""
    found = NUMBERED.match(text)
    if found is None:
        return 0
    path = found.group("path")
    if path:
        return len(path.removesuffix(".0").split("."))
    return 1 if found.group("part") or found.group("roman") else 0


def _by_numbering(headings: Sequence[Draft], looks: Sequence[int]) -> dict[int, int]:
    """A level for each look: one more than the next larger look's, unless its numbers say how deep it is."""
    depths: dict[int, Counter[int]] = defaultdict(Counter)
    for draft, look in zip(headings, looks, strict=True):
        depths[look][depth_of(draft.text)] += 1
    levels: dict[int, int] = {}
    base = above = 0
    for look in sorted(depths):
        depth = depths[look].most_common(1)[0][0]
        if depth and not base:
            base = max(above + 1 - (depth - 1), 1)
        levels[look] = base + depth - 1 if depth else above + 1
        above = max(above, levels[look])
    return levels


def _numbered(headings: Sequence[Draft], levels: Sequence[int]) -> list[int]:
    """The levels with all numbers of one depth on one level."""
    depths = [depth_of(draft.text) for draft in headings]
    tops = [level - depth for level, depth in zip(levels, depths, strict=True) if depth]
    if not tops:
        return list(levels)
    base = Counter(tops).most_common(1)[0][0]
    return [base + depth if depth else level for level, depth in zip(levels, depths, strict=True)]


def _outlined(headings: Sequence[Draft], levels: Sequence[int], outline: Outline) -> list[int]:
    """The levels as the file's outline has them, where it names the headings; the others stay in between."""
    named = [outline.level(draft.text, draft.page) for draft in headings]
    known = [(level, depth) for level, depth in zip(levels, named, strict=True) if depth is not None]
    if len(known) < 2:
        return list(levels)
    # A title over everything that the outline names pushes it one level down.
    top = min(level for level, _ in known)
    shift = 1 if any(level < top for level in levels) else 0
    depth_by_level: dict[int, Counter[int]] = defaultdict(Counter)
    for level, depth in known:
        depth_by_level[level][depth] += 1
    return [
        depth + shift if depth is not None else _likely(level, depth_by_level, shift)
        for level, depth in zip(levels, named, strict=True)
    ]


def _likely(level: int, depths: dict[int, Counter[int]], shift: int) -> int:
    """The level of a heading that the outline leaves out, from those of its own level that it names."""
    if level in depths:
        return depths[level].most_common(1)[0][0] + shift
    above = [known for known in depths if known < level]
    return depths[max(above)].most_common(1)[0][0] + shift + 1 if above else 1
