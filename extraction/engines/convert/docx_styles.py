"""What a Word file says about its paragraphs away from them: styles, and the numbers of lists."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from extraction.engines.convert.counting import numeral
from extraction.engines.convert.xmltree import Element, attribute, child, descendants, local, number

_BODY_LEVEL = 9
_MAX_STYLES_UP = 20
# Word keeps the English names inside the file; other programs write what their menus say.
_HEADING = re.compile(
    r"(?:heading|überschrift|titre|título|titolo|kop|rubrik|overskrift|otsikko|nagłówek|nadpis|заголовок)"
    r"[ _]*([1-9])$",
    re.I,
)
_LIST = re.compile(r"list (bullet|number)\s*([2-9])?$", re.I)
_CODE = re.compile(r"code|source|verbatim|listing|preformatted|macro", re.I)
_CAPTIONS = frozenset(
    {"caption", "beschriftung", "légende", "legende", "didascalia", "bijschrift", "descripción"}
)


def value(element: Element | None, *path: str) -> str | None:
    """The `val` of the element down the path, None if it is not there."""
    found = child(element, *path) if element is not None else None
    return None if found is None else str(attribute(found, "val"))


def switched_on(properties: Element | None, name: str) -> bool | None:
    """A yes-or-no property such as `b`; None if nothing is said."""
    said = value(properties, name)
    return None if said is None else said not in ("0", "false", "off", "none")


@dataclass(frozen=True, slots=True)
class Numbered:
    """A paragraph's place in a list: its depth from 0, whether it counts, and its number as printed."""

    depth: int
    ordered: bool
    label: str


@dataclass(slots=True)
class Styles:
    """The styles by id, each with the chain of those it is based on."""

    by_id: dict[str, Element] = field(default_factory=dict)
    default: str = ""

    @classmethod
    def read(cls, root: Element | None) -> Styles:
        styles = cls()
        for style in descendants(root, "style") if root is not None else ():
            styles.by_id[attribute(style, "styleId")] = style
            if attribute(style, "type") == "paragraph" and attribute(style, "default") in ("1", "true", "on"):
                styles.default = attribute(style, "styleId")
        return styles

    def chain(self, style_id: str | None) -> Iterator[Element]:
        """The style and the ones it is based on, nearest first."""
        for _ in range(_MAX_STYLES_UP):
            style = self.by_id.get(style_id or "")
            if style is None:
                return
            yield style
            style_id = value(style, "basedOn")

    def names(self, style_id: str | None) -> list[str]:
        """Names and ids along the chain."""
        return [
            name
            for style in self.chain(style_id)
            for name in (value(style, "name") or "", attribute(style, "styleId"))
        ]

    def heading_level(self, paragraph: Element) -> int | None:
        """1–6 for a heading, by its outline level or the name of its style; None for other paragraphs."""
        properties = child(paragraph, "pPr")
        own = value(properties, "outlineLvl")
        if own is not None:
            return self._level(own)
        for style in self.chain(value(properties, "pStyle")):
            name = value(style, "name") or ""
            outline = value(style, "pPr", "outlineLvl")
            if outline is not None:
                return self._level(outline)
            if name.lower() == "title" or attribute(style, "styleId") == "Title":
                return 1
            if named := _HEADING.match(name) or _HEADING.match(attribute(style, "styleId")):
                return min(int(named[1]), 6)
        return None

    @staticmethod
    def _level(text: str) -> int | None:
        level = number(text, default=_BODY_LEVEL)
        return min(level + 1, 6) if 0 <= level < _BODY_LEVEL else None

    def is_caption(self, style_id: str | None) -> bool:
        return any(name.lower() in _CAPTIONS for name in self.names(style_id))

    def is_code(self, style_id: str | None) -> bool:
        return any(_CODE.search(name) for name in self.names(style_id))

    def run_says(self, style_id: str | None, name: str) -> bool | None:
        """What a character style says about `b`, `i` or `vanish`."""
        for style in self.chain(style_id):
            said = switched_on(child(style, "rPr"), name)
            if said is not None:
                return said
        return None

    def list_name(self, style_id: str | None) -> tuple[bool, int] | None:
        """Whether a list style by its name counts, and its depth from 0."""
        for name in self.names(style_id):
            if match := _LIST.match(name):
                return match[1].lower() == "number", int(match[2] or 1) - 1
        return None


@dataclass(slots=True)
class Numbering:
    """The lists of a document; counts on with every paragraph asked for."""

    styles: Styles
    lists: dict[str, Element] = field(default_factory=dict)
    kinds: dict[str, Element] = field(default_factory=dict)
    counters: dict[str, dict[int, int]] = field(default_factory=dict)
    begun: set[tuple[str, int]] = field(default_factory=set)

    @classmethod
    def read(cls, root: Element | None, styles: Styles) -> Numbering:
        numbering = cls(styles)
        for element in root if root is not None else ():
            if local(element) == "num":
                numbering.lists[attribute(element, "numId")] = element
            elif local(element) == "abstractNum":
                numbering.kinds[attribute(element, "abstractNumId")] = element
        return numbering

    def next(self, paragraph: Element) -> Numbered | None:
        """The paragraph's place in its list, None if it has none."""
        list_id, depth = self._place(paragraph)
        element = self.lists.get(list_id)
        if element is None:
            return self._by_name(paragraph) if list_id != "0" else None
        kind_id, kind = self._kind(element)
        level = self._level(element, kind, depth)
        if level is None:
            return None
        named = self._by_name(paragraph)
        depth = max(depth, named.depth) if named else depth
        form = value(level, "numFmt") or "decimal"
        if form == "bullet":
            return Numbered(depth, False, "")
        self._count(element, list_id, kind_id, kind, number(attribute(level, "ilvl")))
        label = self._label(element, kind_id, kind, level)
        return Numbered(depth, bool(label), label)

    def _place(self, paragraph: Element) -> tuple[str, int]:
        """The list's id and the depth; ("", 0) for none, ("0", …) where a style's list is switched off."""
        properties = child(paragraph, "pPr")
        own = child(properties, "numPr") if properties is not None else None
        list_id, depth = value(own, "numId"), value(own, "ilvl")
        for style in self.styles.chain(value(properties, "pStyle") or self.styles.default):
            said = child(style, "pPr", "numPr")
            if said is None:
                continue
            list_id = list_id if list_id is not None else value(said, "numId")
            depth = depth if depth is not None else value(said, "ilvl") or self._depth_of(list_id, style)
        return list_id or "", min(max(number(depth or "0"), 0), 8)

    def _depth_of(self, list_id: str | None, style: Element) -> str | None:
        """The level that a list links with the style."""
        element = self.lists.get(list_id or "")
        if element is None:
            return None
        for level in descendants(self._kind(element)[1], "lvl"):
            if value(level, "pStyle") == attribute(style, "styleId"):
                return str(attribute(level, "ilvl"))
        return None

    def _by_name(self, paragraph: Element) -> Numbered | None:
        named = self.styles.list_name(value(paragraph, "pPr", "pStyle"))
        return Numbered(named[1], named[0], "") if named else None

    def _kind(self, element: Element) -> tuple[str, Element]:
        kind_id = value(element, "abstractNumId") or ""
        kind = self.kinds.get(kind_id, element)
        linked = value(kind, "numStyleLink")
        if linked:
            other = self.lists.get(value(self.styles.by_id.get(linked), "pPr", "numPr", "numId") or "")
            if other is not None:
                kind_id = value(other, "abstractNumId") or ""
                kind = self.kinds.get(kind_id, kind)
        return kind_id, kind

    @staticmethod
    def _override(element: Element, depth: int) -> Element | None:
        return next(
            (o for o in element if local(o) == "lvlOverride" and number(attribute(o, "ilvl")) == depth), None
        )

    def _level(self, element: Element, kind: Element, depth: int) -> Element | None:
        override = self._override(element, depth)
        own = child(override, "lvl") if override is not None else None
        if own is not None:
            return own
        return next(
            (lvl for lvl in kind if local(lvl) == "lvl" and number(attribute(lvl, "ilvl")) == depth), None
        )

    def _start(self, element: Element, kind: Element, depth: int) -> int:
        said = value(self._override(element, depth), "startOverride")
        return number(said or value(self._level(element, kind, depth), "start") or "1", default=1, most=10**6)

    def _count(self, element: Element, list_id: str, kind_id: str, kind: Element, depth: int) -> None:
        counter = self.counters.setdefault(kind_id, {})
        if (list_id, depth) not in self.begun:
            self.begun.add((list_id, depth))
            if value(self._override(element, depth), "startOverride") is not None:
                counter.pop(depth, None)
        for deeper in [level for level in counter if level > depth]:
            del counter[deeper]
        start = self._start(element, kind, depth)
        counter[depth] = counter[depth] + 1 if depth in counter else start

    def _label(self, element: Element, kind_id: str, kind: Element, level: Element) -> str:
        pattern = value(level, "lvlText") or ""
        legal = switched_on(level, "isLgl") is True

        def shown(match: re.Match[str]) -> str:
            depth = int(match[1]) - 1
            source = self._level(element, kind, depth)
            form = "decimal" if legal else value(source, "numFmt") or "decimal"
            count = self.counters[kind_id].get(depth, self._start(element, kind, depth))
            return numeral(count, form)

        return re.sub(r"%([1-9])", shown, pattern[:100]).strip()
