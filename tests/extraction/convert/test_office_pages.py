"""HTML, Markdown, CSV and text: structure, links and pictures, and nothing from outside."""

from __future__ import annotations

import base64
import io
import time
from pathlib import Path

import pytest
from PIL import Image

from extraction.engines.blocks import ConvertedDocument
from extraction.engines.convert import convert
from extraction.engines.convert.filetypes import CSV, HTML, MARKDOWN, TXT
from extraction.engines.convert.office_media import embedded_images
from extraction.engines.convert.render import to_markdown


def read(folder: Path, text: str, content_type: str) -> ConvertedDocument:
    (folder / "a.txt").write_text(text, encoding="utf-8")
    return convert(folder / "a.txt", content_type=content_type)


def shown(folder: Path, text: str, content_type: str) -> str:
    return to_markdown(read(folder, text, content_type))


def picture_address() -> str:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "blue").save(out, "PNG")
    return "data:image/png;base64," + base64.b64encode(out.getvalue()).decode()


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("<p>a <b>bold</b> and <i>thin</i> <code>x*y</code></p>", "a **bold** and *thin* `x*y`\n"),
        ("<p><b>a </b>b</p>", "**a** b\n"),
        ("<p>un<b>done:</b>yes</p>", "undone:yes\n"),
        ('<p><a href="https://a.example/(x)">b*</a></p>', "[b\\*](https://a.example/%28x%29)\n"),
        ('<p><a href="javascript:alert(1)">b</a></p>', "b\n"),
        ('<p><a href=" mailto:a@b.example">c</a></p>', "[c](mailto:a@b.example)\n"),
        ("<blockquote><p>one<br>two</p></blockquote>", "> one\n> two\n"),
        ("<dl><dt>Term</dt><dd>what it means</dd></dl>", "**Term**\n\n- what it means\n"),
        ("<ul><li><p>one</p><p>more</p></li><li>two</li></ul>", "- one\n\nmore\n\n- two\n"),
        ("<ul><li>a<ol><li>b</li><li>c</li></ol></li></ul>", "- a\n    1. b\n    2. c\n"),
        ("<ul><li><a href='https://a.example'>x</a><br>y</li></ul>", "- [x](https://a.example) y\n"),
        ("<pre>if a:\n    b</pre>", "```\nif a:\n    b\n```\n"),
        ("<p><input type=checkbox checked> done <input type=checkbox> open</p>", "☑ done ☐ open\n"),
        ("<p style='display: none'>x</p><p>y<!-- z --></p>", "y\n"),
        (
            "<table><caption>Sums</caption><tr><th>A</th><th>B</th></tr><tr><td>1<br>2</td><td>3</td></tr></table>",
            "*Sums*\n\n| A | B |\n| --- | --- |\n| 1<br>2 | 3 |\n",
        ),
        ("<table><tr><td><h1>Hi</h1><p>frame</p></td></tr></table>", "# Hi\n\nframe\n"),
        (
            "<table><tr><th>A</th><th>B</th></tr><tr><td>x</td><td><table><tr><td>1</td><td>2</td></tr></table>"
            "</td></tr></table>",
            "| A | B |\n| --- | --- |\n| x | 1 \\| 2 |\n",
        ),
    ],
)  # fmt: skip
def test_html_keeps_what_a_browser_shows(tmp_path: Path, html: str, markdown: str) -> None:
    assert shown(tmp_path, html, HTML) == markdown


@pytest.mark.parametrize("content_type", [HTML, MARKDOWN])
def test_only_pictures_inside_the_file_are_figures(tmp_path: Path, content_type: str) -> None:
    address = picture_address()
    sources = {
        HTML: f'<p>see</p><img src="http://a.example/x.png" alt="far"><img src="{address}" alt="near">',
        MARKDOWN: f"see ![far](http://a.example/x.png)\n\n![near]({address})\n",
    }
    document = read(tmp_path, sources[content_type], content_type)
    (figure,) = document.figures
    assert figure.text == "near"
    assert len(figure.ref) < 60
    near, missing = embedded_images(tmp_path / "a.txt", [figure.ref, "data:0"])
    assert missing is None
    assert near is not None
    assert near.getpixel((20, 15)) == (0, 0, 255)


def test_spans_that_claim_everything_are_cheap(tmp_path: Path) -> None:
    rows = "<tr>" + "<td rowspan=99999 colspan=99999>x</td>" * 20 + "</tr>"
    document = read(tmp_path, f"<table>{rows * 2000}</table>", HTML)
    assert len(document.blocks[0].cells) <= 100_000
    assert document.meta["truncated"] is True


@pytest.mark.parametrize(
    ("source", "markdown"),
    [
        ("a **b** *c* `d` [e](https://f.example)", "a **b** *c* `d` [e](https://f.example)\n"),
        ("- [ ] open\n- [x] done\n", "- ☐ open\n- ☑ done\n"),
        ("4. four\n5. five\n   - in\n", "4. four\n5. five\n    - in\n"),
        ("---\ntitle: x\n---\n\nbody\n", "body\n"),
        ("text[^a]\n\n[^a]: the note\n", "text[^a]\n\n[^a]: the note\n"),
        ("$$\nx^2\n$$\n", "$$\nx^2\n$$\n"),
        ("> quoted\n> on\n", "> quoted\n> on\n"),
        ("<div><b>raw</b></div>\n", "**raw**\n"),
        ("Title\n=====\n\nit costs $5 or $6\n", "# Title\n\nit costs $5 or $6\n"),
        ("| A | B |\n|---|---|\n| a \\| b | *c* |\n", "| A | B |\n| --- | --- |\n| a \\| b | c |\n"),
    ],
)
def test_markdown_comes_out_as_it_went_in(tmp_path: Path, source: str, markdown: str) -> None:
    assert shown(tmp_path, source, MARKDOWN) == markdown


def test_a_text_file_has_headings_and_lists_only_where_they_are_certain(tmp_path: Path) -> None:
    text = "Report\n======\nFirst line\nsecond line\n\n- one\n- two\n  - deeper\n\n"
    text += "- 5 degrees\nwere cold\n\fNext page"
    document = read(tmp_path, text, TXT)
    assert [(b.kind, b.level, b.text, b.page) for b in document.blocks] == [
        ("heading", 1, "Report", 1),
        ("paragraph", 0, "First line\nsecond line", 1),
        ("list_item", 0, "one", 1),
        ("list_item", 0, "two", 1),
        ("list_item", 1, "deeper", 1),
        ("paragraph", 0, "- 5 degrees\nwere cold", 1),
        ("paragraph", 0, "Next page", 2),
    ]


def test_columns_of_a_text_file_stay_below_each_other(tmp_path: Path) -> None:
    page = read(tmp_path, "Coffee          3.20\nTea and cake    9.10\n", TXT).pages[0]
    words = {word.text: word for word in page.words}
    assert words["3.20"].box.x == pytest.approx(words["9.10"].box.x)


@pytest.mark.parametrize(
    ("data", "rows"),
    [
        ('a,b\n"1,5","x\ny"\n"2,5","z"\n', "a\tb\n1,5\tx y\n2,5\tz"),
        ("sep=;\na;b\n1,5;2,5\n", "a\tb\n1,5\t2,5"),
        ("a\tb\n1\t2\n3\t4\n", "a\tb\n1\t2\n3\t4"),
        ("a|b\n1|2\n", "a\tb\n1\t2"),
    ],
)
def test_separators_and_quotes_of_csv(tmp_path: Path, data: str, rows: str) -> None:
    assert read(tmp_path, data, CSV).blocks[0].text == rows


def test_a_comment_without_end_hides_the_rest_and_costs_nothing(tmp_path: Path) -> None:
    html = "<p>before</p><!-- a --><b>between</b>" + "<!--" * 100_000
    started = time.process_time()
    assert read(tmp_path, html, HTML).text == "before\nbetween"
    assert time.process_time() - started < 2


def test_a_very_long_text_is_cut_and_says_so(tmp_path: Path) -> None:
    document = read(tmp_path, "word " * 500_000, TXT)
    assert len(document.blocks[0].text) <= 2_000_000
    assert document.meta["truncated"] is True


def test_a_cell_of_a_csv_may_be_long(tmp_path: Path) -> None:
    document = read(tmp_path, f'a,b\n"{"word " * 40_000}",2\n', CSV)
    assert document.blocks[0].cells[-1].text == "2"
