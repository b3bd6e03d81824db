"""OpenDocument spreadsheets: values as the file itself says they are shown."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from extraction.engines.blocks import ConvertedDocument
from extraction.engines.convert.builder import Builder
from extraction.engines.convert.errors import EngineError, PasswordRequired, corrupt
from extraction.engines.convert.grid import (
    MAX_COLUMNS,
    MAX_ROWS,
    MAX_SHEETS,
    Place,
    Shown,
    Span,
    add_sheet,
    without_hidden,
)
from extraction.engines.convert.guards import check_office_file
from extraction.engines.convert.office_media import is_picture
from extraction.engines.convert.xmltree import (
    Element,
    XmlError,
    attribute,
    child,
    descendants,
    local,
    number,
    stream,
)

PARSER_VERSION = "1"
_LAST_ROW = 1_048_576
_POINTS = {"cm": 72 / 2.54, "mm": 7.2 / 2.54, "in": 72.0, "pt": 1.0}


def read_ods(path: Path) -> ConvertedDocument:
    """Blocks of a workbook on made-up pages (`meta["synthetic_layout"]`); hidden parts are left out.

    At most MAX_SHEETS sheets of MAX_ROWS rows and MAX_COLUMNS columns; `meta["truncated"]` tells if more.
    Raises: PasswordRequired; EngineError `corrupt_file`, `unsupported_content`. Call it in a sandbox child.
    """
    kind = "OpenDocument file"
    builder = Builder()
    try:
        with zipfile.ZipFile(path) as archive:
            if _is_locked(archive):
                raise PasswordRequired(wrong=False)
            check_office_file(path, kind)
            with archive.open("content.xml") as source:
                sheets = _sheets(source)
            for sheet in sheets:
                sheet.add_to(builder, archive)
    except EngineError:
        raise
    except (zipfile.BadZipFile, XmlError, KeyError, ValueError, OSError, RuntimeError, zlib.error) as error:
        raise corrupt(kind) from error
    if not sheets:
        raise corrupt(kind)
    return builder.document("ods", PARSER_VERSION)


def _is_locked(archive: zipfile.ZipFile) -> bool:
    name = "META-INF/manifest.xml"
    if name not in archive.namelist():
        return False
    with archive.open(name) as part:
        return b"encryption-data" in part.read(1_000_000)


@dataclass(slots=True)
class _Picture:
    name: str
    text: str
    size: tuple[float, float]


@dataclass(slots=True)
class _Sheet:
    name: str
    hidden: bool
    cells: dict[Place, Shown] = field(default_factory=dict)
    spans: list[Span] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    pictures: list[_Picture] = field(default_factory=list)
    row: int = 0
    column: int = 0
    kept: int = 0
    truncated: bool = False

    def add_columns(self, element: Element) -> None:
        count = min(_repeats(element, "number-columns-repeated"), MAX_COLUMNS * 10)
        if _is_hidden(element):
            self.hidden_columns |= set(range(self.column, self.column + count))
        self.column += count

    def add_row(self, element: Element) -> None:
        repeats = min(_repeats(element, "number-rows-repeated"), _LAST_ROW)
        if _is_hidden(element):
            self.hidden_rows |= set(range(self.row, self.row + min(repeats, 50 * MAX_ROWS)))
            self.row += repeats
            return
        for place, shown, span in self._cells(element):
            self.cells[place] = shown
            if span is not None:
                self.spans.append(span)
        filled = (
            [(place[1], shown) for place, shown in self.cells.items() if place[0] == self.row]
            if repeats > 1
            else []
        )
        for down in range(1, min(repeats, MAX_ROWS) if filled else 1):
            self.kept += 1
            if self.kept >= MAX_ROWS:
                self.truncated = True
                break
            self.cells |= {(self.row + down, column): shown for column, shown in filled}
        self.row += repeats

    def _cells(self, row: Element) -> Iterator[tuple[Place, Shown, Span | None]]:
        column, any_text = 0, False
        for cell in row:
            if local(cell) not in ("table-cell", "covered-table-cell"):
                continue
            repeats = _repeats(cell, "number-columns-repeated")
            text = _text(cell)
            self.pictures += _pictures(cell)
            if text and local(cell) == "table-cell" and self.kept < MAX_ROWS:
                any_text = True
                shown = Shown(text, attribute(cell, "value-type") in ("", "string"))
                for right in range(min(repeats, max(MAX_COLUMNS - column, 0))):
                    yield (self.row, column + right), shown, self._span(cell, column)
            if text and (column + repeats > MAX_COLUMNS or self.kept >= MAX_ROWS):
                self.truncated = True
            column = min(column + repeats, 10 * MAX_COLUMNS)
        self.kept += any_text

    def _span(self, cell: Element, column: int) -> Span | None:
        across = min(_repeats(cell, "number-columns-spanned"), 10 * MAX_COLUMNS)
        down = min(_repeats(cell, "number-rows-spanned"), _LAST_ROW)
        if across * down == 1:
            return None
        return Span(self.row, column, self.row + down - 1, column + across - 1)

    def add_to(self, builder: Builder, archive: zipfile.ZipFile) -> None:
        if self.truncated:
            builder.meta["truncated"] = True
        add_sheet(
            builder, self.name, *without_hidden(self.cells, self.spans, self.hidden_rows, self.hidden_columns)
        )
        for picture in self.pictures:
            if picture.name in archive.namelist():
                with archive.open(picture.name) as part:
                    if is_picture(part.read(32)):
                        builder.figure(picture.name, picture.text, size=picture.size)


def _sheets(source: zipfile.ZipExtFile | object) -> list[_Sheet]:
    """The visible sheets. Rows come one by one, so that a million blank ones cost nothing."""
    hidden_styles: set[str] = set()
    sheets: dict[str, _Sheet] = {}
    for element in stream(source, "style", "table-column", "table-row", "shapes"):  # type: ignore[arg-type]
        if local(element) == "style":
            properties = child(element, "table-properties")
            if properties is not None and attribute(properties, "display") == "false":
                hidden_styles.add(attribute(element, "name"))
            continue
        table = [above for above in element.iterancestors() if local(above) == "table"]
        if len(table) != 1:
            continue
        name = attribute(table[0], "name")
        if name not in sheets:
            sheets[name] = _Sheet(name, attribute(table[0], "style-name") in hidden_styles)
        sheet = sheets[name]
        if local(element) == "table-row":
            sheet.add_row(element)
        elif local(element) == "table-column":
            sheet.add_columns(element)
        else:
            sheet.pictures += _pictures(element)
    visible = [sheet for sheet in sheets.values() if not sheet.hidden]
    if len(visible) > MAX_SHEETS:
        visible[0].truncated = True
    return visible[:MAX_SHEETS]


def _repeats(element: Element, name: str) -> int:
    return max(number(attribute(element, name) or "1", default=1), 1)


def _is_hidden(element: Element) -> bool:
    if attribute(element, "visibility") in ("collapse", "filter"):
        return True
    groups = ("table-row-group", "table-column-group")
    return any(local(a) in groups and attribute(a, "display") == "false" for a in element.iterancestors())


def _text(cell: Element) -> str:
    """The cell's paragraphs as shown, without its comment."""
    lines = [_line(p) for p in cell if local(p) == "p"]
    return "\n".join(line for line in lines if line.strip())


def _line(element: Element) -> str:
    parts = [element.text or ""]
    for inner in element:
        name = local(inner)
        if name == "s":
            parts.append(" " * min(_repeats(inner, "c"), 100))
        elif name in ("tab", "line-break"):
            parts.append("\t" if name == "tab" else "\n")
        elif name not in ("annotation", "frame", ""):
            parts.append(_line(inner))
        parts.append(inner.tail or "")
    return "".join(parts)


def _pictures(element: Element) -> Iterator[_Picture]:
    for frame in descendants(element, "frame"):
        image = child(frame, "image")
        if image is None:
            continue
        told = [child(frame, name) for name in ("desc", "title")]
        text = next((t.text for t in told if t is not None and t.text), "")
        size = _length(attribute(frame, "width")), _length(attribute(frame, "height"))
        yield _Picture(attribute(image, "href").removeprefix("./"), text, size)


def _length(text: str) -> float:
    """A length such as "2.5cm" in points, 0 for anything else."""
    try:
        return min(float(text[:-2]) * _POINTS.get(text[-2:], 0), 10_000)
    except ValueError:
        return 0.0
