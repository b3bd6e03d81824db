"""A model's Markdown as blocks."""

from __future__ import annotations

from extraction.engines.blocks import Block
from extraction.engines.llm.markdown import read_blocks


def blocks(markdown: str) -> list[Block]:
    return read_blocks(markdown, 3)


def test_structure_is_kept() -> None:
    found = blocks(
        "# Title\n\nText\n\n1) one\n   - inner\n2) two\n\n| A | B |\n|---|---|\n| 1 | 2 |\n\n$$\nE=m\n$$\n"
    )
    assert [block.kind for block in found] == [
        "heading", "paragraph", "list_item", "list_item", "list_item", "table", "formula",
    ]  # fmt: skip
    assert [(block.marker, block.level) for block in found[2:5]] == [("1)", 0), ("", 1), ("2)", 0)]
    assert [(cell.row, cell.col, cell.text, cell.header) for cell in found[5].cells] == [
        (0, 0, "A", True), (0, 1, "B", True), (1, 0, "1", False), (1, 1, "2", False),
    ]  # fmt: skip
    assert {(block.page, block.box) for block in found} == {(3, None)}


def test_emphasis_goes_into_the_markup_and_escapes_are_undone() -> None:
    (block,) = blocks(r"Total **due** in \*7\* days")
    assert block.text == "Total due in *7* days"
    assert block.markup == r"Total **due** in \*7\* days"


def test_a_fence_around_the_whole_page_is_taken_off() -> None:
    assert [block.kind for block in blocks("```markdown\n# Title\n\nText\n```")] == ["heading", "paragraph"]


def test_targets_of_links_and_pictures_and_raw_tags_are_dropped() -> None:
    (block,) = blocks(
        'See [our site](http://evil.example/x) ![logo](http://evil.example/y.png) <b onclick="x()">now</b>'
    )
    assert block.text == "See our site logo now"
    assert "evil" not in block.markup
    assert "<" not in block.markup


def test_a_footnote_and_indented_print_stay_text() -> None:
    assert [(b.kind, b.text) for b in blocks("[^1]: http://x\n\n    12.50\n")] == [
        ("paragraph", "[^1]: http://x"),
        ("paragraph", "12.50"),
    ]
