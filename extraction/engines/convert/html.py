"""HTML files: visible text only. Nothing is fetched and no script or style is kept."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

from bs4 import BeautifulSoup, Comment, Tag
from bs4.element import NavigableString

from extraction.engines.blocks import Cell, ConvertedDocument
from extraction.engines.convert.builder import Builder
from extraction.engines.convert.errors import corrupt, unsupported
from extraction.engines.convert.filetypes import decode

MAX_DEPTH = 200
MAX_COLUMNS = 50
_DROPPED = frozenset(
    {
        "script", "style", "noscript", "template", "head", "iframe", "object", "embed", "svg",
        "canvas", "audio", "video", "select", "textarea",
    }
)  # fmt: skip
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BREAKS = frozenset(
    {
        "address", "article", "aside", "blockquote", "body", "dd", "div", "dl", "dt", "fieldset",
        "figcaption", "figure", "footer", "form", "header", "hr", "html", "li", "main", "nav", "ol",
        "p", "pre", "section", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul", "h1",
        "h2", "h3", "h4", "h5", "h6",
    }
)  # fmt: skip


def read_html(path: Path) -> ConvertedDocument:
    """Blocks of an HTML page on made-up pages (`meta["synthetic_layout"]`).

    Raises: EngineError `corrupt_file` if it is not text, `unsupported_content` if nested absurdly deep.
    """
    text = decode(path.read_bytes())
    if text is None:
        raise corrupt("HTML file")
    builder = Builder()
    try:
        _Walker(builder).walk(BeautifulSoup(text, "html.parser"), depth=0, list_depth=-1)
    except RecursionError as error:
        raise unsupported("its elements are nested too deeply") from error
    return builder.document("beautifulsoup4", version("beautifulsoup4"))


class _Walker:
    """Goes through the tree once, gathering inline text until a block element ends it."""

    def __init__(self, builder: Builder) -> None:
        self.builder = builder
        self.inline: list[str] = []

    def walk(self, parent: Tag, *, depth: int, list_depth: int) -> None:
        if depth > MAX_DEPTH:
            raise unsupported("its elements are nested too deeply")
        for child in parent.children:
            if isinstance(child, Tag):
                self._element(child, depth, list_depth)
            elif isinstance(child, NavigableString) and not isinstance(child, Comment):
                self.inline.append(str(child))
        if parent.name in _BREAKS:
            self._flush()

    def _element(self, tag: Tag, depth: int, list_depth: int) -> None:
        if tag.name in _DROPPED or tag.has_attr("hidden"):
            return
        if tag.name == "br":
            self.inline.append("\n")
            return
        if tag.name in _BREAKS:
            self._flush()
        if tag.name in _HEADINGS:
            self.builder.text("heading", _squeezed(tag.get_text()), level=_HEADINGS[tag.name])
        elif tag.name == "pre":
            self.builder.text("code", tag.get_text())
        elif tag.name == "table" and tag.find("table") is None:
            self.builder.table(_rows(tag))
        elif tag.name == "li":
            self._item(tag, depth, max(list_depth, 0))
        else:
            self.walk(tag, depth=depth + 1, list_depth=list_depth + (tag.name in ("ul", "ol")))

    def _item(self, tag: Tag, depth: int, list_depth: int) -> None:
        """The item's own text, then the lists inside it one level deeper."""
        lists = [child for child in tag.children if isinstance(child, Tag) and child.name in ("ul", "ol")]
        for inner in lists:
            inner.extract()
        ordered = tag.parent is not None and tag.parent.name == "ol"
        self.builder.text("list_item", _squeezed(tag.get_text(" ")), level=list_depth, ordered=ordered)
        for inner in lists:
            self.walk(inner, depth=depth + 1, list_depth=list_depth + 1)

    def _flush(self) -> None:
        text = "".join(self.inline)
        self.inline.clear()
        self.builder.text("paragraph", "\n".join(map(_squeezed, text.split("\n"))) if text.strip() else "")


def _squeezed(text: str) -> str:
    return " ".join(text.split())


def _rows(table: Tag) -> list[list[Cell]]:
    rows: list[list[Cell]] = []
    taken: set[tuple[int, int]] = set()
    for number, tr in enumerate(table.find_all("tr")):
        row: list[Cell] = []
        column = 0
        for td in tr.find_all(["td", "th"]):
            while (number, column) in taken:
                column += 1
            if column >= MAX_COLUMNS:
                break
            colspan = min(_span(td, "colspan"), MAX_COLUMNS - column)
            rowspan = _span(td, "rowspan")
            taken |= {
                (number + down, column + across) for down in range(rowspan) for across in range(colspan)
            }
            row.append(Cell(number, column, _squeezed(td.get_text(" ")), rowspan, colspan, td.name == "th"))
            column += colspan
        rows.append(row)
    return rows


def _span(cell: Tag, name: str) -> int:
    value = str(cell.get(name) or "1")
    return min(max(int(value), 1), 100) if value.isdigit() and len(value) < 6 else 1
