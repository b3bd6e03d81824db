"""One Word paragraph: its runs as pieces of text, and what hangs on it (pictures, text boxes, breaks)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from extraction.engines.convert.docx_styles import Styles, switched_on, value
from extraction.engines.convert.formula import formula_text
from extraction.engines.convert.inline import Piece, safe_href
from extraction.engines.convert.xmltree import Element, attribute, child, local, number

MAX_DEPTH = 100
EMU_PER_POINT = 12_700
# Tracked deletions, comments and what only layout or other programs need.
_SKIPPED = frozenset(
    {"del", "moveFrom", "pPr", "rPr", "instrText", "delText", "commentReference", "annotationRef",
     "footnoteRef", "endnoteRef", "sdtPr", "rt", "proofErr", "bookmarkStart", "bookmarkEnd"}
)  # fmt: skip
# Ticks of forms in the fonts that Word takes them from.
_SYMBOLS = {
    "F0A8": "☐",
    "F0A3": "☐",
    "F06F": "☐",
    "F0FE": "☒",
    "F052": "☑",
    "F0FC": "✓",
    "F0FB": "✗",
    "F0E0": "→",
}
_FIELD_LINK = re.compile(r'\s*HYPERLINK\s+"([^"]*)"', re.I)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture in a paragraph: its relationship, its description, its size in points."""

    rel_id: str
    text: str
    size: tuple[float, float]


@dataclass(slots=True)
class Inline:
    """What one paragraph holds. `page_break` is set where a page starts with or inside it."""

    pieces: list[Piece] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    charts: list[str] = field(default_factory=list)
    boxes: list[Element] = field(default_factory=list)
    formulas: int = 0
    page_break: bool = False

    @property
    def only_formulas(self) -> bool:
        rest = [piece.text for piece in self.pieces[self.formulas :]]
        return bool(self.formulas) and not "".join(rest).strip()


@dataclass(slots=True)
class Reader:
    """Reads paragraphs. `links` are outside addresses by relationship; `note` gives a footnote's mark."""

    styles: Styles
    links: Mapping[str, str]
    note: Callable[[str, str], str]
    inline: Inline = field(default_factory=Inline)
    _fields: list[str | None] = field(default_factory=list)

    def read(self, paragraph: Element) -> Inline:
        """The paragraph's content; text that Word hides or counts as deleted is left out."""
        self.inline, self._fields = Inline(), []
        self._walk(paragraph, "", 0)
        return self.inline

    def _walk(self, element: Element, href: str, depth: int) -> None:
        if depth > MAX_DEPTH:
            return
        for inner in element:
            name = local(inner)
            if not name or name in _SKIPPED:
                continue
            if name == "r":
                self._run(inner, href, depth)
            elif name == "hyperlink":
                self._walk(inner, safe_href(self.links.get(attribute(inner, "id"), "")) or href, depth + 1)
            elif name in ("oMath", "oMathPara"):
                self._formula(inner)
            elif name == "fldSimple":
                self._walk(inner, _field_target(attribute(inner, "instr")) or href, depth + 1)
            else:
                self._walk(inner, href, depth + 1)

    def _formula(self, element: Element) -> None:
        piece = Piece(formula_text(element).strip())
        if len(self.inline.pieces) == self.inline.formulas:
            self.inline.formulas += 1
        self.inline.pieces.append(piece)

    def _run(self, run: Element, href: str, depth: int) -> None:
        properties = child(run, "rPr")
        if self._says(properties, "vanish"):
            return
        style_id = value(properties, "rStyle")
        look = Piece(
            "",
            bold=self._says(properties, "b"),
            italic=self._says(properties, "i"),
            code=style_id is not None and self.styles.is_code(style_id),
            href=href or next((target for target in reversed(self._fields) if target), ""),
        )
        for part in run:
            self._part(part, look, depth)

    def _says(self, properties: Element | None, name: str) -> bool:
        said = switched_on(properties, name)
        return bool(said if said is not None else self.styles.run_says(value(properties, "rStyle"), name))

    def _part(self, part: Element, look: Piece, depth: int) -> None:
        name = local(part)
        text = _text_of(part, name)
        if text:
            self.inline.pieces.append(replace(look, text=text))
        if name == "br" and attribute(part, "type") == "page":
            self.inline.page_break = True
        elif name in ("footnoteReference", "endnoteReference"):
            self.inline.pieces.append(Piece("", mark=self.note(name, attribute(part, "id"))))
        elif name == "fldChar":
            self._field(attribute(part, "fldCharType"))
        elif name == "instrText" and self._fields:
            self._fields[-1] = (self._fields[-1] or "") + (part.text or "")
        elif name in ("drawing", "pict", "object", "AlternateContent"):
            self._drawn(part, depth)
        elif name == "ruby":
            self._walk(part, look.href, depth + 1)

    def _field(self, step: str) -> None:
        if step == "begin":
            self._fields.append("")
        elif step == "separate" and self._fields:
            self._fields[-1] = _field_target(self._fields[-1] or "")
        elif step == "end" and self._fields:
            self._fields.pop()

    def _drawn(self, element: Element, depth: int) -> None:
        """A picture, chart or text box; of two versions of the same thing only the first."""
        name = local(element)
        if depth > MAX_DEPTH:
            return
        if name == "AlternateContent":
            first = next((e for e in element if local(e) in ("Choice", "Fallback")), None)
            for inner in first if first is not None else ():
                self._drawn(inner, depth + 1)
        elif name in ("txbxContent",):
            self.inline.boxes.append(element)
        elif name in ("blip", "imagedata"):
            self._picture(element)
        elif name == "chart":
            self.inline.charts.append(attribute(element, "id"))
        else:
            for inner in element:
                self._drawn(inner, depth + 1)

    def _picture(self, element: Element) -> None:
        rel_id = attribute(element, "embed") or attribute(element, "id")
        frame = next((e for e in element.iterancestors() if local(e) in ("inline", "anchor", "shape")), None)
        text, size = "", (0.0, 0.0)
        if frame is not None and local(frame) != "shape":
            told, extent = child(frame, "docPr"), child(frame, "extent")
            text = (told.get("descr") or told.get("title") or "") if told is not None else ""
            if extent is not None:
                width, height = number(extent.get("cx", "")), number(extent.get("cy", ""))
                size = width / EMU_PER_POINT, height / EMU_PER_POINT
        elif frame is not None:
            text = frame.get("alt") or ""
        if rel_id:
            self.inline.pictures.append(Picture(rel_id, text, size))


def _text_of(part: Element, name: str) -> str:
    """What a run's part prints by itself."""
    if name == "t":
        return part.text or ""
    if name == "sym":
        return _SYMBOLS.get(attribute(part, "char").upper(), "")
    return {"tab": "\t", "ptab": "\t", "cr": "\n", "br": "\n", "noBreakHyphen": "-"}.get(name, "")


def _field_target(instruction: str) -> str:
    match = _FIELD_LINK.match(instruction[:3_000])
    return safe_href(match[1]) if match else ""
