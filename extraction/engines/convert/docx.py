"""Word files: headings, paragraphs, lists, tables, pictures and notes in document order."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from extraction.engines.blocks import BlockKind, Cell, ConvertedDocument
from extraction.engines.convert.builder import MAX_TABLE_CELLS, Builder
from extraction.engines.convert.charts import add_chart
from extraction.engines.convert.counting import roman
from extraction.engines.convert.docx_inline import Inline, Picture, Reader
from extraction.engines.convert.docx_styles import Numbering, Styles, switched_on, value
from extraction.engines.convert.errors import EngineError, corrupt
from extraction.engines.convert.guards import check_office_file
from extraction.engines.convert.inline import Piece, plain
from extraction.engines.convert.package import Package
from extraction.engines.convert.xmltree import Element, XmlError, attribute, child, descendants, local, number

PARSER_VERSION = "2"
# A cell may claim to span a thousand million columns.
MAX_COLUMNS = 200
MAX_NESTING = 20
_HOLDERS = frozenset({"sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag", "AlternateContent"})
# Smaller pictures are bullets, lines and pixels that count readers.
_LEAST_PICTURE_PT = 12.0


def read_docx(path: Path) -> ConvertedDocument:
    """Blocks of a Word file on made-up pages (`meta["synthetic_layout"]`).

    Raises: PasswordRequired; EngineError `corrupt_file`, `unsupported_content`. Call it in a sandbox child.
    """
    check_office_file(path, "Word file")
    builder = Builder()
    try:
        with zipfile.ZipFile(path) as archive:
            _WordReader(Package(archive, "officeDocument", "word/document.xml"), builder).read()
    except EngineError:
        raise
    except (zipfile.BadZipFile, XmlError, KeyError, ValueError, OSError, zlib.error) as error:
        raise corrupt("Word file") from error
    return builder.document("docx", PARSER_VERSION)


@dataclass(slots=True)
class _Notes:
    """Footnotes and endnotes in the order of their marks: figures for the former, Roman for the latter."""

    marks: dict[tuple[str, str], str] = field(default_factory=dict)

    def mark(self, kind: str, note_id: str) -> str:
        place = (kind, note_id)
        if place not in self.marks:
            count = sum(known == kind for known, _ in self.marks) + 1
            self.marks[place] = str(count) if kind == "footnoteReference" else roman(count)
        return self.marks[place]


class _WordReader:
    def __init__(self, package: Package, builder: Builder) -> None:
        self.package, self.builder = package, builder
        self.styles = Styles.read(package.related("styles"))
        self.numbering = Numbering.read(package.related("numbering"), self.styles)
        self.notes = _Notes()
        self.part = package.main
        self.links: dict[str, dict[str, str]] = {}
        self.body_pictures: list[Picture] = []

    def read(self) -> None:
        body = child(self.package.root, "body")
        if body is None:
            raise corrupt("Word file")
        self._furniture(body, "header")
        self._walk(body, 0)
        self._add_notes()
        self._furniture(body, "footer")

    def _reader(self) -> Reader:
        if self.part not in self.links:
            self.links[self.part] = self.package.links(self.part)
        return Reader(self.styles, self.links[self.part], self.notes.mark)

    def _walk(self, parent: Element, depth: int) -> None:
        """Add the blocks of a body, a text box or a cell that is only a frame."""
        if depth > MAX_NESTING:
            return
        for element in parent:
            if self.builder.full:
                self.builder.meta["truncated"] = True
                return
            name = local(element)
            if name == "p":
                self._paragraph(element, depth)
            elif name == "tbl":
                self._table(element, depth)
            elif name == "AlternateContent":
                first = next(iter(element), None)
                if first is not None:
                    self._walk(first, depth + 1)
            elif name in _HOLDERS:
                self._walk(element, depth + 1)

    def _paragraph(self, paragraph: Element, depth: int) -> None:
        properties = child(paragraph, "pPr")
        inline = self._reader().read(paragraph)
        if switched_on(properties, "pageBreakBefore"):
            self.builder.pages.page_break()
        starts_page = inline.page_break and not plain(inline.pieces).strip()
        self._text(paragraph, inline)
        self._hanging(inline, depth)
        if starts_page or inline.page_break or _ends_section_with_page(properties):
            self.builder.pages.page_break()

    def _text(self, paragraph: Element, inline: Inline) -> None:
        style_id = value(paragraph, "pPr", "pStyle")
        if not plain(inline.pieces).strip():
            return
        if inline.only_formulas:
            self.builder.text("formula", plain(inline.pieces))
            return
        level = self.styles.heading_level(paragraph)
        item = self.numbering.next(paragraph)
        if level is not None:
            number_ = [Piece(f"{item.label} ")] if item and item.label else []
            self.builder.text("heading", [*number_, *_unmarked_bold(inline.pieces)], level=level)
        elif item is not None:
            self.builder.text(
                "list_item", inline.pieces, level=item.depth, ordered=item.ordered, marker=item.label
            )
        else:
            self.builder.text(self._kind(style_id), inline.pieces)

    def _kind(self, style_id: str | None) -> BlockKind:
        if self.styles.is_caption(style_id):
            return "caption"
        return "code" if self.styles.is_code(style_id) else "paragraph"

    def _hanging(self, inline: Inline, depth: int) -> None:
        for picture in inline.pictures:
            self._picture(picture)
        for rel_id in inline.charts:
            chart = self.package.target(self.part, rel_id)
            if chart:
                add_chart(self.builder, self.package.parse(chart))
        for box in inline.boxes:
            self._walk(box, depth + 1)

    def _picture(self, picture: Picture) -> None:
        name = self.package.target(self.part, picture.rel_id)
        if 0 < max(picture.size) < _LEAST_PICTURE_PT or not name:
            return
        if self.package.is_picture(name):
            self.builder.figure(name, picture.text, size=picture.size)
        else:
            # Vector pictures cannot be drawn; what they show stays findable.
            self.builder.text("figure_text", picture.text)

    def _furniture(self, body: Element, which: BlockKind) -> None:
        """Headers or footers of all sections, each once."""
        done: set[str] = set()
        for reference in descendants(body, f"{which}Reference"):
            name = self.package.target(self.package.main, attribute(reference, "id"))
            if not name or name in done:
                continue
            done.add(name)
            self.part = name
            root = self.package.parse(name)
            lines = (plain(self._reader().read(p).pieces) for p in descendants(root, "p"))
            self.builder.text(which, "\n".join(line.strip() for line in lines if line.strip()))
            self.part = self.package.main

    def _add_notes(self) -> None:
        roots = {
            kind: (self.package.related_name(f"{kind}s"), self.package.related(f"{kind}s"))
            for kind in ("footnote", "endnote")
        }
        for (reference, note_id), mark in list(self.notes.marks.items()):
            kind = reference.removesuffix("Reference")
            name, root = roots[kind]
            note = next(
                (n for n in root if attribute(n, "id") == note_id) if root is not None else iter(()), None
            )
            if note is None:
                continue
            self.part = name
            pieces = [
                piece
                for paragraph in descendants(note, "p")
                for piece in (*self._reader().read(paragraph).pieces, Piece(" "))
                if not piece.mark
            ]
            self.builder.text("footnote", pieces, marker=mark)
            self.part = self.package.main

    def _table(self, table: Element, depth: int) -> None:
        rows = list(_table_rows(table))
        cells = [cell for row in rows for cell in _row_cells(row)]
        framed = len(rows) <= 1 and len(cells) <= 1
        column = all(len(list(_row_cells(row))) <= 1 for row in rows)
        if framed or (column and any(next(descendants(cell, "tbl"), None) is not None for cell in cells)):
            # A table of one cell, or one column around other tables, is a frame and no data.
            for cell in cells:
                self._walk(cell, depth + 1)
            return
        self.body_pictures = []
        self.builder.table(self._rows(rows))
        pictures, self.body_pictures = self.body_pictures, []
        for picture in pictures:
            self._picture(picture)

    def _rows(self, sources: Sequence[Element]) -> list[list[Cell]]:
        """Rows read off the XML itself, so that spans cost nothing and merged cells come once."""
        open_spans: dict[int, tuple[int, int]] = {}
        rows: list[list[Cell]] = []
        count = 0
        for number_, source in enumerate(sources):
            if count >= MAX_TABLE_CELLS:
                self.builder.meta["truncated"] = True
                break
            row: list[Cell] = []
            properties = child(source, "trPr")
            header = number_ == 0 or bool(switched_on(properties, "tblHeader"))
            column = min(max(number(value(properties, "gridBefore") or "0"), 0), MAX_COLUMNS)
            for tc in _row_cells(source):
                if column >= MAX_COLUMNS:
                    self.builder.meta["truncated"] = True
                    break
                span = min(_span(tc), MAX_COLUMNS - column)
                if _continues_above(tc) and column in open_spans:
                    _grow(rows, open_spans[column])
                else:
                    row.append(Cell(number_, column, self._cell_text(tc, 0), 1, span, header))
                    open_spans[column] = (number_, len(row) - 1)
                column += span
            rows.append(row)
            count += len(row)
        return rows

    def _cell_text(self, tc: Element, depth: int) -> str:
        lines: list[str] = []
        for element in _flat(tc, 0):
            if local(element) == "p":
                lines.append(self._cell_line(element))
            elif depth < MAX_NESTING:
                inner = (
                    [self._cell_text(cell, depth + 1).replace("\n", " ") for cell in _row_cells(row)]
                    for row in _table_rows(element)
                )
                lines += [" | ".join(texts) for texts in inner]
        return "\n".join(line for line in lines if line.strip())

    def _cell_line(self, paragraph: Element) -> str:
        inline = self._reader().read(paragraph)
        self.body_pictures += inline.pictures
        text = "".join(f"[{piece.mark}]" if piece.mark else piece.text for piece in inline.pieces)
        item = self.numbering.next(paragraph) if text.strip() else None
        boxes = [self._cell_text(box, MAX_NESTING) for box in inline.boxes]
        bullet = f"{item.label or '•'} " if item else ""
        return "\n".join([bullet + text, *boxes])


def _unmarked_bold(pieces: Sequence[Piece]) -> list[Piece]:
    """A heading's text without the bold that every heading has."""
    return [replace(piece, bold=False) for piece in pieces]


def _ends_section_with_page(properties: Element | None) -> bool:
    section = child(properties, "sectPr") if properties is not None else None
    return section is not None and value(section, "type") not in ("continuous", "nextColumn")


def _flat(parent: Element, depth: int) -> Iterator[Element]:
    """Paragraphs and tables of a cell, also inside content controls."""
    for element in parent:
        if local(element) in ("p", "tbl"):
            yield element
        elif local(element) in _HOLDERS and depth < MAX_NESTING:
            yield from _flat(element, depth + 1)


def _table_rows(table: Element, depth: int = 0) -> Iterator[Element]:
    """The rows that are not deleted, also inside content controls."""
    for element in table:
        if local(element) == "tr":
            if child(element, "trPr", "del") is None:
                yield element
        elif local(element) in _HOLDERS and depth < MAX_NESTING:
            yield from _table_rows(element, depth + 1)


def _row_cells(row: Element, depth: int = 0) -> Iterator[Element]:
    for element in row:
        if local(element) == "tc":
            yield element
        elif local(element) in _HOLDERS and depth < MAX_NESTING:
            yield from _row_cells(element, depth + 1)


def _span(tc: Element) -> int:
    return max(number(value(tc, "tcPr", "gridSpan") or "1", default=1), 1)


def _continues_above(tc: Element) -> bool:
    said = value(tc, "tcPr", "vMerge")
    return said is not None and said != "restart"


def _grow(rows: list[list[Cell]], place: tuple[int, int]) -> None:
    row, index = place
    rows[row][index] = replace(rows[row][index], rowspan=rows[row][index].rowspan + 1)
