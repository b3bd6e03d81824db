"""Excel files: each sheet a heading and its tables, values as a person sees them."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from extraction.engines.blocks import ConvertedDocument
from extraction.engines.convert.builder import Builder
from extraction.engines.convert.charts import add_chart
from extraction.engines.convert.docx_inline import EMU_PER_POINT
from extraction.engines.convert.errors import EngineError, corrupt
from extraction.engines.convert.grid import MAX_SHEETS, Shown, add_sheet, without_hidden
from extraction.engines.convert.guards import check_office_file
from extraction.engines.convert.numfmt import BUILTIN, shown_number, shown_text
from extraction.engines.convert.package import Package
from extraction.engines.convert.xlsx_sheet import RawCell, Sheet, read_sheet, rich_text
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

PARSER_VERSION = "2"


def read_xlsx(path: Path) -> ConvertedDocument:
    """Blocks of a workbook on made-up pages (`meta["synthetic_layout"]`); hidden parts are left out.

    At most MAX_SHEETS sheets of MAX_ROWS rows and MAX_COLUMNS columns; `meta["truncated"]` tells if more.
    Raises: PasswordRequired; EngineError `corrupt_file`, `unsupported_content`. Call it in a sandbox child.
    """
    check_office_file(path, "Excel file")
    builder = Builder()
    try:
        with zipfile.ZipFile(path) as archive:
            _Workbook(archive, builder).read()
    except EngineError:
        raise
    except (zipfile.BadZipFile, XmlError, KeyError, ValueError, IndexError, OSError, zlib.error) as error:
        raise corrupt("Excel file") from error
    return builder.document("xlsx", PARSER_VERSION)


@dataclass(frozen=True, slots=True)
class _Formats:
    """The number format of each cell style."""

    codes: dict[int, str]
    styles: list[int]

    @classmethod
    def read(cls, root: Element | None) -> _Formats:
        if root is None:
            return cls({}, [])
        codes = {number(f.get("numFmtId", "")): f.get("formatCode", "") for f in descendants(root, "numFmt")}
        styles = child(root, "cellXfs")
        return cls(codes, [number(xf.get("numFmtId", "")) for xf in styles] if styles is not None else [])

    def code(self, style: int) -> str:
        number_ = self.styles[style] if 0 <= style < len(self.styles) else 0
        return self.codes.get(number_) or BUILTIN.get(number_, "General")


class _Workbook:
    def __init__(self, archive: zipfile.ZipFile, builder: Builder) -> None:
        self.archive, self.builder = archive, builder
        self.package = Package(archive, "officeDocument", "xl/workbook.xml")
        self.formats = _Formats.read(self.package.related("styles"))
        properties = child(self.package.root, "workbookPr")
        self.from_1904 = properties is not None and properties.get("date1904") in ("1", "true")

    def read(self) -> None:
        sheets = [
            s for s in descendants(self.package.root, "sheet") if s.get("state", "visible") == "visible"
        ]
        if len(sheets) > MAX_SHEETS:
            self.builder.meta["truncated"] = True
        parts = [
            (s.get("name", ""), self.package.target(self.package.main, attribute(s, "id"))) for s in sheets
        ]
        read = [(name, part, self._sheet(part)) for name, part in parts[:MAX_SHEETS] if part]
        if not read:
            raise corrupt("Excel file")
        strings = self._strings(sheet for _, _, sheet in read)
        for name, part, sheet in read:
            if sheet.truncated:
                self.builder.meta["truncated"] = True
            cells = {place: self._shown(cell, strings) for place, cell in sheet.cells.items()}
            add_sheet(
                self.builder,
                name,
                *without_hidden(cells, sheet.merges, sheet.hidden_rows, sheet.hidden_columns),
            )
            self._drawing(part, sheet.drawing)

    def _sheet(self, part: str) -> Sheet:
        with self.archive.open(part) as source:
            return read_sheet(source)

    def _strings(self, sheets: Iterable[Sheet]) -> dict[int, str]:
        """The shared strings that kept cells use: the part may hold millions more."""
        name = self.package.related_name("sharedStrings")
        wanted = {number(c.value, default=-1) for s in sheets for c in s.cells.values() if c.kind == "s"}
        strings: dict[int, str] = {}
        if not name or not wanted:
            return strings
        last = max(wanted)
        with self.archive.open(name) as source:
            for index, item in enumerate(stream(source, "si")):
                if index in wanted:
                    strings[index] = rich_text(item)
                if index >= last:
                    break
        return strings

    def _shown(self, cell: RawCell, strings: dict[int, str]) -> Shown:
        if cell.kind == "s":
            text = strings.get(number(cell.value, default=-1), "")
            return Shown(shown_text(text, self.formats.code(cell.style)), True)
        if cell.kind == "b":
            return Shown("TRUE" if cell.value.strip() == "1" else "FALSE", False)
        if cell.kind == "d":
            return Shown(cell.value.replace("T00:00:00", "").replace("T", " "), False)
        if cell.kind != "n":
            return Shown(cell.value.strip(), cell.kind != "e")
        try:
            value = float(cell.value)
        except ValueError:
            return Shown(cell.value.strip(), True)
        return Shown(shown_number(value, self.formats.code(cell.style), from_1904=self.from_1904), False)

    def _drawing(self, sheet: str, rel_id: str) -> None:
        """The sheet's pictures and charts, below its cells."""
        name = self.package.target(sheet, rel_id) if rel_id else ""
        if not name:
            return
        for anchor in self.package.parse(name):
            for element in descendants(anchor, "pic", "chart"):
                if local(element) == "chart":
                    chart = self.package.target(name, attribute(element, "id"))
                    if chart:
                        add_chart(self.builder, self.package.parse(chart))
                else:
                    self._picture(name, element)

    def _picture(self, drawing: str, element: Element) -> None:
        blip = next(descendants(element, "blip"), None)
        part = self.package.target(drawing, attribute(blip, "embed")) if blip is not None else ""
        told, extent = next(descendants(element, "cNvPr"), None), next(descendants(element, "ext"), None)
        text = (told.get("descr") or told.get("title") or "") if told is not None else ""
        if part and self.package.is_picture(part):
            size = (
                (number(extent.get(side, "")) / EMU_PER_POINT for side in ("cx", "cy"))
                if extent is not None
                else (0, 0)
            )
            width, height = size
            self.builder.figure(part, text, size=(width, height))
