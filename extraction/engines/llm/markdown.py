"""A model's Markdown as blocks without places."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode
from mdit_py_plugins.dollarmath import dollarmath_plugin

from extraction.engines.blocks import Block, BlockKind, Cell
from extraction.engines.convert.render import escape

_WHOLE_FENCE = re.compile(r"\s*```(?:markdown|md)?[ \t]*\n(.*)\n```\s*", re.S)
_TAG = re.compile(r"</?[a-zA-Z!][^<>]*>")
_MARKS = {"strong": "**", "em": "*", "s": "~~"}
_MAX_DEPTH = 8


def read_blocks(markdown: str, page: int) -> list[Block]:
    """The blocks of one page in order, without boxes.

    Only text counts: targets of links and pictures are dropped, a picture of a page cannot hold them.
    """
    fenced = _WHOLE_FENCE.fullmatch(markdown)
    root = SyntaxTreeNode(_parser().parse(fenced[1] if fenced else markdown))
    return [block for block in _blocks(root, page, depth=0) if block.text.strip() or block.cells]


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    parser.use(dollarmath_plugin).disable("math_inline")
    # A footnote would vanish as the definition of a link, and indented print is not code.
    return parser.disable(["reference", "code"])


def _blocks(parent: SyntaxTreeNode, page: int, *, depth: int) -> Iterator[Block]:
    for node in parent.children:
        if node.type == "heading":
            yield _text_block("heading", node, page, level=int(node.tag[1]))
        elif node.type == "paragraph":
            yield _text_block("paragraph", node, page)
        elif node.type in ("bullet_list", "ordered_list"):
            yield from _items(node, page, depth=depth)
        elif node.type == "table":
            yield _table(node, page)
        elif node.type == "fence":
            yield Block("code", node.content.rstrip("\n"), page)
        elif node.type == "math_block":
            yield Block("formula", node.content.strip(), page)
        elif node.type == "html_block":
            yield Block("paragraph", _TAG.sub(" ", node.content).strip(), page)
        elif node.children:
            yield from _blocks(node, page, depth=depth)


def _items(parent: SyntaxTreeNode, page: int, *, depth: int) -> Iterator[Block]:
    """Each item with its first paragraph, then what else it holds one level deeper."""
    ordered = parent.type == "ordered_list"
    for item in parent.children:
        first, rest = item.children[:1], item.children[1:]
        if first and first[0].type == "paragraph":
            text, markup = _inline(first[0])
            marker = f"{item.info}{item.markup}" if ordered else ""
            yield Block("list_item", text, page, level=depth, ordered=ordered, marker=marker, markup=markup)
        else:
            rest = item.children
        inner = SyntaxTreeNode()
        inner.children = rest
        yield from _blocks(inner, page, depth=min(depth + 1, _MAX_DEPTH))


def _table(table: SyntaxTreeNode, page: int) -> Block:
    rows = [(row, part.type == "thead") for part in table.children for row in part.children]
    cells = tuple(
        Cell(number, column, _inline(cell)[0], header=header)
        for number, (row, header) in enumerate(rows)
        for column, cell in enumerate(row.children)
    )
    lines = ["\t".join(_inline(cell)[0] for cell in row.children) for row, _ in rows]
    return Block("table", "\n".join(lines), page, cells=cells)


def _text_block(kind: BlockKind, node: SyntaxTreeNode, page: int, *, level: int = 0) -> Block:
    text, markup = _inline(node)
    return Block(kind, text, page, level=level, markup=markup)


def _inline(node: SyntaxTreeNode) -> tuple[str, str]:
    """The text of a node and the same as inline Markdown, empty if that says no more."""
    inline = node.children[0].children if node.children else []
    text = "".join(map(_plain, inline)).strip()
    markup = "".join(map(_marked, inline)).strip()
    return text, "" if markup == escape(text) else markup


def _plain(node: SyntaxTreeNode) -> str:
    if node.type in ("softbreak", "hardbreak"):
        return "\n"
    if node.type == "html_inline":
        return "\n" if node.content.lower().startswith("<br") else ""
    if node.children:
        return "".join(map(_plain, node.children))
    return node.content


def _marked(node: SyntaxTreeNode) -> str:
    inner = "".join(map(_marked, node.children)) if node.children else escape(_plain(node))
    mark = _MARKS.get(node.type)
    if node.type == "code_inline":
        return f"`{node.content}`" if "`" not in node.content else inner
    return f"{mark}{inner}{mark}" if mark and inner.strip() == inner != "" else inner
