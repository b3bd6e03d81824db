"""HTML files: what a browser shows. Nothing is fetched and no script or style is kept."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path

from bs4 import BeautifulSoup, Comment, Tag
from bs4.element import NavigableString, PreformattedString

from extraction.engines.blocks import BlockKind, Cell, ConvertedDocument
from extraction.engines.convert.builder import Builder
from extraction.engines.convert.errors import corrupt, unsupported
from extraction.engines.convert.filetypes import decode
from extraction.engines.convert.inline import Piece, plain, safe_href, squeezed
from extraction.engines.convert.office_media import data_ref

MAX_DEPTH = 200
MAX_COLUMNS = 50
MAX_SPANNED = 200_000
MAX_CHARS = 20_000_000
_DROPPED = frozenset(
    {
        "script", "style", "noscript", "template", "head", "iframe", "object", "embed", "svg",
        "canvas", "audio", "video", "select", "textarea",
    }
)  # fmt: skip
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BREAKS = frozenset(
    {
        "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "div",
        "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "header", "hr", "html", "legend",
        "li", "main", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th",
        "thead", "tr", "ul", "h1", "h2", "h3", "h4", "h5", "h6",
    }
)  # fmt: skip
_BOLD, _ITALIC = frozenset({"b", "strong", "dt"}), frozenset({"i", "em", "cite", "dfn", "var"})
_CODE = frozenset({"code", "kbd", "samp", "tt"})
_KINDS: dict[str, BlockKind] = {"figcaption": "caption", "caption": "caption"}
_INVISIBLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d])", re.I)

# Gives the name of a picture for its address, empty for one that is not in the file.
PictureOf = Callable[[str], str]


def read_html(path: Path) -> ConvertedDocument:
    """Blocks of an HTML page on made-up pages (`meta["synthetic_layout"]`).

    Raises: EngineError `corrupt_file` if it is not text, `unsupported_content` if nested absurdly deep.
    """
    text = decode(path.read_bytes())
    if text is None:
        raise corrupt("HTML file")
    builder = Builder()
    add_html(builder, text)
    return builder.document("beautifulsoup4", version("beautifulsoup4"))


def add_html(builder: Builder, text: str, *, picture: PictureOf = data_ref) -> None:
    """Add what a browser would show of the page or fragment.

    Raises: EngineError `unsupported_content` if nested absurdly deep.
    """
    if len(text) > MAX_CHARS:
        builder.meta["truncated"] = True
    try:
        _Walker(builder, picture).read(BeautifulSoup(_without_comments(text[:MAX_CHARS]), "html.parser"))
    except RecursionError as error:
        raise unsupported("its elements are nested too deeply") from error


def _without_comments(text: str) -> str:
    """The page without its comments: the parser looks at an open one again and again to its end."""
    parts: list[str] = []
    position = 0
    while (start := text.find("<!--", position)) >= 0:
        parts.append(text[position:start])
        end = text.find("-->", start + 4)
        position = end + 3 if end >= 0 else len(text)
    return "".join([*parts, text[position:]])


class _Walker:
    """Goes through the tree once, gathering inline pieces until a block element ends them."""

    def __init__(self, builder: Builder, picture: PictureOf) -> None:
        self.builder, self.picture = builder, picture
        self.pieces: list[Piece] = []
        self.look = Piece("")
        self.depth = self.quotes = 0
        self.list_depth = -1

    def read(self, page: BeautifulSoup) -> None:
        self.walk(page)
        self._flush()

    def walk(self, parent: Tag) -> None:
        if self.depth > MAX_DEPTH:
            raise unsupported("its elements are nested too deeply")
        self.depth += 1
        for child in parent.children:
            if self.builder.full:
                self.builder.meta["truncated"] = True
                break
            if isinstance(child, Tag):
                self._element(child)
            elif isinstance(child, NavigableString) and not isinstance(child, Comment | PreformattedString):
                self._say(str(child).replace("\n", " "))
        self.depth -= 1

    def _say(self, text: str) -> None:
        look = self.look
        self.pieces.append(Piece(text, look.bold, look.italic, look.code, look.href))

    def _element(self, tag: Tag) -> None:
        name = tag.name
        if name in _DROPPED or _is_hidden(tag):
            return
        if name in _BREAKS:
            self._flush()
            self._block(tag)
            self._flush(_KINDS.get(name, "paragraph"))
        elif name == "br":
            self._say("\n")
        elif name == "img":
            self._image(tag)
        elif name == "input":
            self._input(tag)
        elif name == "math":
            self.builder.text("formula", _squeezed(tag.get_text(" ")))
        else:
            self._inline(tag)

    def _inline(self, tag: Tag) -> None:
        before = self.look
        self.look = Piece(
            "",
            before.bold or tag.name in _BOLD,
            before.italic or tag.name in _ITALIC,
            before.code or tag.name in _CODE,
            safe_href(str(tag.get("href") or "")) if tag.name == "a" else before.href,
        )
        self.walk(tag)
        self.look = before

    def _block(self, tag: Tag) -> None:
        name = tag.name
        if name in _HEADINGS:
            self.walk(tag)
            self._flush("heading", level=_HEADINGS[name])
        elif name == "pre":
            self.builder.text("code", tag.get_text())
        elif name == "table":
            self._table(tag)
        elif name == "li":
            self._item(tag)
        elif name in ("ul", "ol"):
            self.list_depth += 1
            self.walk(tag)
            self.list_depth -= 1
        elif name == "blockquote":
            self.quotes += 1
            self.walk(tag)
            self._flush()
            self.quotes -= 1
        elif name == "dd":
            self.list_depth += 1
            self.walk(tag)
            self._flush("list_item", level=self.list_depth)
            self.list_depth -= 1
        else:
            self._inline(tag)

    def _item(self, tag: Tag) -> None:
        """The item's own text, then what else it holds: the first flush inside it is the item."""
        ordered = tag.parent is not None and tag.parent.name == "ol"
        level = max(self.list_depth, 0)
        said = len(self.builder.blocks)
        for child in tag.children:
            if isinstance(child, Tag) and child.name in _BREAKS:
                first = len(self.builder.blocks) == said
                if first and child.name in ("p", "div"):
                    self._inline(child)
                self._flush_item(level, ordered, first)
                if first and child.name in ("p", "div"):
                    continue
            if isinstance(child, Tag):
                self._element(child)
            elif isinstance(child, NavigableString) and not isinstance(child, Comment | PreformattedString):
                self._say(str(child).replace("\n", " "))
        self._flush_item(level, ordered, len(self.builder.blocks) == said)

    def _flush_item(self, level: int, ordered: bool, first: bool) -> None:
        if first:
            self._flush("list_item", level=level, ordered=ordered)
        else:
            self._flush()

    def _image(self, tag: Tag) -> None:
        ref = self.picture(str(tag.get("src") or ""))
        size = _pixels(tag, "width"), _pixels(tag, "height")
        alt = str(tag.get("alt") or "")
        if ref and not 0 < max(size) < 12:
            self._flush()
            self.builder.figure(ref, alt, size=size)

    def _input(self, tag: Tag) -> None:
        kind = str(tag.get("type") or "text").lower()
        if kind in ("checkbox", "radio"):
            self._say("☑ " if tag.has_attr("checked") else "☐ ")
        elif kind in ("text", "email", "tel", "number", "date", "url", "submit", "button"):
            self._say(f" {tag.get('value') or ''} ")

    def _flush(self, kind: BlockKind = "paragraph", *, level: int = 0, ordered: bool = False) -> None:
        pieces, self.pieces = squeezed(self.pieces), []
        if plain(pieces).strip():
            prefix = "> " * min(self.quotes, 5) if kind == "paragraph" else ""
            self.builder.text(kind, pieces, level=level, ordered=ordered, prefix=prefix)

    def _table(self, table: Tag) -> None:
        rows = list(_own_rows(table))
        cells = [list(_own_cells(row)) for row in rows]
        nested = table.find("table") is not None
        headed = any(cell.name == "th" for row in cells for cell in row)
        if (
            table.get("role") == "presentation"
            or (nested and not headed)
            or max(map(len, cells), default=0) < 2
        ):
            # A frame for the page's layout, no data.
            self.walk(table)
            return
        caption = table.find("caption")
        if isinstance(caption, Tag) and caption.find_parent("table") is table:
            self.builder.text("caption", _squeezed(caption.get_text(" ")))
        self.builder.table(_grid(cells, self.builder))
        for image in table.find_all("img"):
            self._image(image)


def _squeezed(text: str) -> str:
    return " ".join(text.split())


def _is_hidden(tag: Tag) -> bool:
    return tag.has_attr("hidden") or bool(_INVISIBLE.search(str(tag.get("style") or "")[:2_000]))


def _pixels(tag: Tag, name: str) -> float:
    """A side of a picture in points, 0 where it is not said in pixels."""
    match = re.fullmatch(r"(\d{1,5})(?:px)?", str(tag.get(name) or "").strip())
    return int(match[1]) * 0.75 if match else 0.0


def _own_rows(table: Tag) -> Iterator[Tag]:
    for child in table.children:
        if isinstance(child, Tag) and not _is_hidden(child):
            if child.name == "tr":
                yield child
            elif child.name in ("thead", "tbody", "tfoot"):
                yield from (
                    row
                    for row in child.children
                    if isinstance(row, Tag) and row.name == "tr" and not _is_hidden(row)
                )


def _own_cells(row: Tag) -> Iterator[Tag]:
    return (
        cell
        for cell in row.children
        if isinstance(cell, Tag) and cell.name in ("td", "th") and not _is_hidden(cell)
    )


def _grid(sources: list[list[Tag]], builder: Builder) -> list[list[Cell]]:
    rows: list[list[Cell]] = []
    taken: set[tuple[int, int]] = set()
    for number, tds in enumerate(sources):
        row: list[Cell] = []
        column = 0
        for td in tds:
            while (number, column) in taken:
                column += 1
            if column >= MAX_COLUMNS or len(taken) > MAX_SPANNED:
                builder.meta["truncated"] = True
                break
            across = min(_span(td, "colspan"), MAX_COLUMNS - column)
            down = min(_span(td, "rowspan") or len(sources), len(sources) - number)
            taken |= {(number + below, column + right) for below in range(down) for right in range(across)}
            row.append(Cell(number, column, _cell_text(td), down, across, td.name == "th"))
            column += across
        rows.append(row)
    return rows


def _span(cell: Tag, name: str) -> int:
    """The cell's span; for rows, 0 means "to the end of the table"."""
    value = str(cell.get(name) or "1").strip()
    if not (value.isascii() and value.isdigit() and len(value) < 6):
        return 1
    return min(int(value), 1_000) if name == "rowspan" else min(max(int(value), 1), 1_000)


def _cell_text(cell: Tag) -> str:
    """The cell's text, lines where its paragraphs, items and rows of tables inside it end."""
    text = "".join(map(_in_cell, cell.descendants))
    return "\n".join(line for line in map(_squeezed, text.split("\n")) if line)


def _in_cell(node: object) -> str:
    if isinstance(node, Tag):
        if node.name in ("td", "th") and node.find_previous_sibling(["td", "th"]) is not None:
            return " | "
        if node.name == "input" and node.get("type") in ("checkbox", "radio"):
            return "☑ " if node.has_attr("checked") else "☐ "
        return "\n" if node.name == "br" or node.name in _BREAKS else ""
    if not isinstance(node, NavigableString) or isinstance(node, Comment | PreformattedString):
        return ""
    return "" if node.parent is not None and node.parent.name in _DROPPED else str(node).replace("\n", " ")
