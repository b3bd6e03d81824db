"""PowerPoint files: each slide a page of its own, text where its shape stands."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pptx
from pptx.exc import PythonPptxError

from extraction.engines.blocks import Cell, ConvertedDocument
from extraction.engines.convert.builder import Builder
from extraction.engines.convert.charts import add_chart
from extraction.engines.convert.counting import numeral
from extraction.engines.convert.errors import EngineError, corrupt
from extraction.engines.convert.formula import formula_text
from extraction.engines.convert.guards import check_office_file
from extraction.engines.convert.inline import Piece, plain, safe_href
from extraction.engines.convert.office_media import is_picture
from extraction.engines.convert.slide_pages import SlidePages
from extraction.engines.convert.xmltree import (
    Element,
    XmlError,
    attribute,
    child,
    descendants,
    local,
    number,
    parse,
)

PARSER_VERSION = "1"
NOTES = "Speaker notes:"
MAX_SLIDES = 1_000
MAX_GROUP_DEPTH = 10
MAX_COLUMNS = 200
_EMU_PER_POINT = 12_700
_LEAST_PICTURE_PT = 12.0
_FURNITURE = frozenset({"dt", "ftr", "sldNum"})
_TITLES = frozenset({"title", "ctrTitle"})
_NUMBER_FORMS = {
    "arabic": "decimal", "alphaLc": "lowerLetter", "alphaUc": "upperLetter", "romanLc": "lowerRoman",
    "romanUc": "upperRoman",
}  # fmt: skip


def read_pptx(path: Path) -> ConvertedDocument:
    """Blocks of a presentation; a slide's page is longer by its speaker notes. Hidden slides are left out.

    Raises: PasswordRequired; EngineError `corrupt_file`, `unsupported_content`. Call it in a sandbox child.
    """
    check_office_file(path, "PowerPoint file")
    try:
        with path.open("rb") as file:
            return _read(pptx.Presentation(file))
    except EngineError:
        raise
    except (
        PythonPptxError, zipfile.BadZipFile, zlib.error, XmlError, KeyError, ValueError, TypeError,
        AttributeError, IndexError, OSError,
    ) as error:  # fmt: skip
        raise corrupt("PowerPoint file") from error


def _read(presentation: Any) -> ConvertedDocument:
    width = _points(presentation.slide_width or 9_144_000)
    height = _points(presentation.slide_height or 6_858_000)
    pages = SlidePages(min(max(width, 72.0), 4_000.0), min(max(height, 72.0), 4_000.0))
    builder = Builder(pages=pages)
    hidden = 0
    for place, slide in enumerate(presentation.slides):
        if builder.full or place >= MAX_SLIDES:
            builder.meta["truncated"] = True
            break
        if slide._element.get("show") in ("0", "false"):
            hidden += 1
            continue
        _Slide(builder, pages, slide, first=not builder.blocks).read()
    if hidden:
        builder.meta["hidden_slides"] = hidden
    return builder.document("python-pptx", f"{pptx.__version__}/{PARSER_VERSION}")


def _points(emu: int) -> float:
    return emu / _EMU_PER_POINT


class _Slide:
    def __init__(self, builder: Builder, pages: SlidePages, slide: Any, *, first: bool) -> None:
        self.builder, self.pages, self.slide = builder, pages, slide
        self.title_level = 1 if first else 2

    def read(self) -> None:
        notes = self._notes()
        self.pages.open_slide(notes)
        shapes = list(self._shapes(self.slide.shapes, 0))
        # The title is read first wherever it stands in the file.
        shapes.sort(key=lambda shape: _placeholder(shape) not in _TITLES)
        for shape in shapes:
            self._shape(shape)
        if notes:
            self.pages.open_notes()
            for line in notes.splitlines():
                label = NOTES if line.startswith(NOTES) else ""
                self.builder.text("paragraph", [Piece(label, bold=True), Piece(line.removeprefix(NOTES))])

    def _notes(self) -> str:
        if not self.slide.has_notes_slide:
            return ""
        frame = self.slide.notes_slide.notes_text_frame
        text = "\n".join(line.strip() for line in frame.text.splitlines() if line.strip()) if frame else ""
        return f"{NOTES} {text.replace(chr(11), ' ')}" if text else ""

    def _shapes(self, shapes: Any, depth: int) -> Iterator[Any]:
        for shape in shapes:
            element = shape._element
            told = next(descendants(element, "cNvPr"), None)
            if told is not None and told.get("hidden") in ("1", "true"):
                continue
            if local(element) == "grpSp":
                if depth < MAX_GROUP_DEPTH:
                    yield from self._shapes(shape.shapes, depth + 1)
            else:
                yield shape

    def _open(self, shape: Any, text: str) -> None:
        x, y, width, height = (
            _points(value or 0) for value in (shape.left, shape.top, shape.width, shape.height)
        )
        self.pages.open_frame(x, y, width or self.pages.width / 2, height or 20.0, text)

    def _shape(self, shape: Any) -> None:
        element = shape._element
        if local(element) == "graphicFrame":
            self._graphic(shape, element)
            return
        blip = next(descendants(element, "blip"), None) if local(element) == "pic" else None
        if blip is not None:
            self._picture(shape, attribute(blip, "embed"), element)
        self._text(shape, element)

    def _text(self, shape: Any, element: Element) -> None:
        body = child(element, "txBody")
        kind = _placeholder(shape)
        if body is None:
            return
        paragraphs = [(p, self._pieces(p)) for p in body if local(p) == "p"]
        everything = "\n".join(plain(pieces) for _, pieces in paragraphs)
        if not everything.strip():
            return
        self._open(shape, everything)
        if kind in _TITLES:
            text = " ".join(everything.split())
            self.builder.text("heading", text, level=self.title_level)
        elif kind in _FURNITURE:
            self.builder.text("footer", everything)
        else:
            self._paragraphs(shape, body, paragraphs)

    def _paragraphs(self, shape: Any, body: Element, paragraphs: list[tuple[Element, list[Piece]]]) -> None:
        sources = list(_list_styles(shape, body))
        counters: dict[int, int] = {}
        for paragraph, pieces in paragraphs:
            properties = child(paragraph, "pPr")
            depth = min(max(number(properties.get("lvl", "0")), 0), 8) if properties is not None else 0
            bullet = _bullet(properties, sources, depth)
            if not plain(pieces).strip():
                continue
            if bullet is None:
                counters.clear()
                self.builder.text("paragraph", pieces)
                continue
            counters = {level: count for level, count in counters.items() if level <= depth}
            marker = ""
            if local(bullet) == "buAutoNum":
                start = number(bullet.get("startAt", "1"), default=1)
                counters[depth] = counters[depth] + 1 if depth in counters else start
                marker = _auto_number(counters[depth], bullet.get("type", ""))
            self.builder.text("list_item", pieces, level=depth, ordered=bool(marker), marker=marker)

    def _pieces(self, paragraph: Element) -> list[Piece]:
        pieces = []
        for run in paragraph:
            name = local(run)
            if name in ("r", "fld"):
                pieces.append(self._run(run))
            elif name == "br":
                pieces.append(Piece("\n"))
            elif name not in ("pPr", "endParaRPr"):
                maths = next(descendants(run, "oMath"), None)
                pieces.append(Piece(formula_text(maths) if maths is not None else ""))
        return pieces

    def _run(self, run: Element) -> Piece:
        text = "".join(t.text or "" for t in run if local(t) == "t").replace("\v", "\n")
        properties = child(run, "rPr")
        if properties is None:
            return Piece(text)
        link = child(properties, "hlinkClick")
        href = ""
        if link is not None:
            relation = self.slide.part.rels.get(attribute(link, "id"))
            href = safe_href(relation.target_ref) if relation is not None and relation.is_external else ""
        bold, italic = (properties.get(name) in ("1", "true") for name in ("b", "i"))
        return Piece(text, bold=bold, italic=italic, href=href)

    def _picture(self, shape: Any, rel_id: str, element: Element) -> None:
        told = next(descendants(element, "cNvPr"), None)
        text = (told.get("descr") or told.get("title") or "") if told is not None else ""
        relation = self.slide.part.rels.get(rel_id)
        if relation is None or relation.is_external:
            return
        size = _points(shape.width or 0), _points(shape.height or 0)
        if 0 < max(size) < _LEAST_PICTURE_PT:
            return
        self._open(shape, text)
        part = relation.target_part
        if is_picture(part.blob[:32]):
            self.builder.figure(str(part.partname).lstrip("/"), text, size=size)
        else:
            self.builder.text("figure_text", text)

    def _graphic(self, shape: Any, element: Element) -> None:
        table = next(descendants(element, "tbl"), None)
        if table is not None:
            rows = _table(self, table)
            self._open(shape, "\n".join(" ".join(cell.text for cell in row) for row in rows))
            self.builder.table(rows)
            return
        for inner in descendants(element, "chart", "relIds"):
            self._open(shape, "\n" * 12)
            relation = self.slide.part.rels.get(attribute(inner, "id" if local(inner) == "chart" else "dm"))
            if relation is not None and not relation.is_external:
                self._linked(parse(relation.target_part.blob))

    def _linked(self, root: Element) -> None:
        """What a frame shows out of another part: a chart, or the points of a diagram."""
        if local(root) == "chartSpace":
            add_chart(self.builder, root)
            return
        for point in descendants(root, "pt"):
            if point.get("type", "node") == "node":
                text = "".join(t.text or "" for t in descendants(point, "t"))
                self.builder.text("list_item", text)


def _placeholder(shape: Any) -> str:
    """The kind of placeholder ("title", "body" …), empty for other shapes; "obj" where none is named."""
    element = next(descendants(shape._element, "ph"), None)
    return "" if element is None else element.get("type", "obj")


def _list_styles(shape: Any, body: Element) -> Iterator[Element]:
    """Where bullets may be said, nearest first: the shape, its layout's and master's shapes, the master."""
    own = child(body, "lstStyle")
    if own is not None:
        yield own
    kind = _placeholder(shape)
    if not kind:
        return
    place = shape.placeholder_format.idx
    layout = shape.part.slide_layout
    for source in (layout, layout.slide_master):
        for other in source.placeholders:
            same = (
                other.placeholder_format.idx == place
                if source is layout
                else _placeholder(other) in (kind, "body")
            )
            style = child(other._element, "txBody", "lstStyle") if same else None
            if style is not None:
                yield style
    which = "bodyStyle" if kind in ("obj", "body", "subTitle") else "otherStyle"
    style = child(layout.slide_master._element, "txStyles", which)
    if style is not None:
        yield style


def _bullet(properties: Element | None, sources: list[Element], depth: int) -> Element | None:
    """The bullet that the paragraph shows, None for running text."""
    said = [properties, *(child(source, f"lvl{depth + 1}pPr") for source in sources)]
    for level in said:
        for element in level if level is not None else ():
            if local(element) == "buNone":
                return None
            if local(element) in ("buChar", "buAutoNum", "buBlip"):
                return element
    return None


def _auto_number(count: int, form: str) -> str:
    start = next((key for key in _NUMBER_FORMS if form.startswith(key)), "arabic")
    text = numeral(count, _NUMBER_FORMS[start])
    if form.endswith("ParenBoth"):
        return f"({text})"
    return text + (")" if form.endswith("ParenR") else "." if form.endswith("Period") else "")


def _table(slide: _Slide, table: Element) -> list[list[Cell]]:
    properties = child(table, "tblPr")
    head = properties is not None and properties.get("firstRow") in ("1", "true")
    rows: list[list[Cell]] = []
    sources = [row for row in table if local(row) == "tr"]
    for place, source in enumerate(sources):
        row: list[Cell] = []
        for column, tc in enumerate([tc for tc in source if local(tc) == "tc"][:MAX_COLUMNS]):
            if tc.get("hMerge") in ("1", "true") or tc.get("vMerge") in ("1", "true"):
                continue
            across = min(max(number(tc.get("gridSpan", "1"), default=1), 1), MAX_COLUMNS - column)
            down = min(max(number(tc.get("rowSpan", "1"), default=1), 1), len(sources) - place)
            lines = (plain(slide._pieces(p)) for p in descendants(tc, "p"))
            text = "\n".join(line for line in lines if line.strip())
            row.append(Cell(place, column, text, down, across, head and place == 0))
        rows.append(row)
    return rows
