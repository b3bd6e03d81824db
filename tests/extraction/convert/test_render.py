"""Blocks as Markdown."""

from __future__ import annotations

import pytest
from markdown_it import MarkdownIt

from extraction.engines.blocks import Block, Cell, ConvertedDocument
from extraction.engines.convert.render import to_markdown


def document(*blocks: Block) -> ConvertedDocument:
    return ConvertedDocument((), blocks, "text_layer", "test", "1")


def test_every_kind_of_block() -> None:
    cells = (
        Cell(0, 0, "A|B", header=True),
        Cell(0, 1, "C", header=True),
        Cell(1, 0, "1"),
        Cell(1, 1, "two\nlines"),
    )
    source = document(
        Block("header", "Acme Ltd", 1),
        Block("heading", "Offer", 1, level=2),
        Block("paragraph", "Good day", 1),
        Block("list_item", "apples", 1),
        Block("list_item", "green", 1, level=1),
        Block("list_item", "seventh", 1, ordered=True, marker="7."),
        Block("table", "", 1, cells=cells),
        Block("figure", "A map", 2),
        Block("figure", "", 2),
        Block("code", "x = 1", 2),
    )
    assert to_markdown(source) == (
        "## Offer\n\nGood day\n\n- apples\n    - green\n7. seventh\n\n"
        "| A\\|B | C |\n| --- | --- |\n| 1 | two<br>lines |\n\n"
        "![A map](figures/p2-1.png)\n\n![](figures/p2-2.png)\n\n```\nx = 1\n```\n"
    )
    assert to_markdown(source, profile="plain").startswith("Acme Ltd\n\n## Offer")


def test_cells_that_span_become_an_html_table() -> None:
    cells = (Cell(0, 0, "Sum <all>", colspan=2, header=True), Cell(1, 0, "a"), Cell(1, 1, "b"))
    assert to_markdown(document(Block("table", "", 1, cells=cells))) == (
        '<table>\n<tr><th colspan="2">Sum &lt;all&gt;</th></tr>\n<tr><td>a</td><td>b</td></tr>\n</table>\n'
    )


@pytest.mark.parametrize(
    "text",
    [
        "2 * 3 * 4 and *stars*",
        "_under_ and file_name_here",
        "# not a heading",
        "1. not a list",
        "- not a list",
        "> not a quote",
        "<script>alert(1)</script> &amp; [a](javascript:b) ![x](y)",
        "`code` and ~~gone~~ and back\\slash",
        "---",
        "first\n===",
    ],
)
def test_text_comes_out_of_a_markdown_reader_as_it_went_in(text: str) -> None:
    tokens = (
        MarkdownIt("commonmark")
        .enable(["table", "strikethrough"])
        .parse(to_markdown(document(Block("paragraph", text, 1))))
    )
    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    children = tokens[1].children or []
    assert {child.type for child in children} <= {"text", "softbreak", "text_special"}
    assert "".join("\n" if child.type == "softbreak" else child.content for child in children) == text
