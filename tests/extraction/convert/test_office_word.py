"""Word files: what Word shows is what comes out."""

from __future__ import annotations

from pathlib import Path

import pytest

from extraction.engines.blocks import ConvertedDocument
from extraction.engines.convert import EngineError, convert
from extraction.engines.convert.filetypes import DOCX
from extraction.engines.convert.office_media import embedded_images
from extraction.engines.convert.render import to_markdown
from samples.handbook import write_handbook
from tests.extraction.convert.office_files import W, word_file


def read(path: Path) -> ConvertedDocument:
    return convert(path, content_type=DOCX)


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(*content: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{''.join(content)}</w:p>"


@pytest.fixture(scope="module")
def handbook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("word") / "handbook.docx"
    write_handbook(path, 7)
    return path


def test_footnotes_links_and_emphasis_reach_the_markdown(handbook: Path) -> None:
    text = to_markdown(read(handbook))
    assert "open to **everybody** who" in text
    assert "*children* come with an adult.[^1]" in text
    assert "[our pages](https://archive.example/forms).[^2]" in text
    assert "[^1]: Up to the age of fourteen.\n" in text


def test_headers_and_footers_are_told_apart_from_the_text(handbook: Path) -> None:
    kinds = {block.kind: block.text for block in read(handbook).blocks}
    assert kinds["header"] == "Records office, internal"
    assert kinds["footer"].startswith("Version")
    assert "internal" not in to_markdown(read(handbook))


def test_a_picture_keeps_its_description_and_can_be_taken_out(handbook: Path) -> None:
    document = read(handbook)
    (figure,) = document.figures
    assert figure.text == "Plan of the ground floor"
    assert figure.box is not None
    assert document.blocks[document.blocks.index(figure) + 1].kind == "caption"
    (image,) = embedded_images(handbook, [figure.ref])
    assert image is not None
    assert image.size == (420, 260)
    assert image.getpixel((300, 80)) == (200, 200, 200)


@pytest.mark.parametrize("ref", ["../../etc/passwd", "/etc/passwd", "word/styles.xml", "word/none.png", ""])
def test_only_pictures_of_the_file_come_out_of_it(handbook: Path, ref: str) -> None:
    assert list(embedded_images(handbook, [ref])) == [None]


def test_every_word_of_the_text_stands_on_a_page(handbook: Path) -> None:
    document = read(handbook)
    words = {word.text for page in document.pages for word in page.words}
    for block in document.blocks:
        assert set(block.text.split()) <= words


def test_tracked_deletions_go_and_insertions_stay(tmp_path: Path) -> None:
    deleted = '<w:del w:id="1"><w:r><w:delText>old </w:delText></w:r></w:del>'
    inserted = f'<w:ins w:id="2">{run("new ")}</w:ins>'
    hidden = run("secret ", "<w:vanish/>")
    path = word_file(tmp_path / "a.docx", paragraph(run("The "), deleted, inserted, hidden, run("price")))
    assert [block.text for block in read(path).blocks] == ["The new price"]


def test_headings_are_known_by_outline_level_and_by_translated_names(tmp_path: Path) -> None:
    styles = (
        f'<w:styles xmlns:w="{W}"><w:style w:type="paragraph" w:styleId="berschrift2">'
        '<w:name w:val="heading 2"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="Eigen"><w:name w:val="Eigen"/>'
        '<w:basedOn w:val="berschrift2"/></w:style><w:style w:type="paragraph" w:styleId="X">'
        '<w:name w:val="Überschrift 3"/></w:style></w:styles>'
    )
    path = word_file(
        tmp_path / "a.docx",
        paragraph(run("by name"), properties='<w:pStyle w:val="berschrift2"/>'),
        paragraph(run("by its base"), properties='<w:pStyle w:val="Eigen"/>'),
        paragraph(run("translated"), properties='<w:pStyle w:val="X"/>'),
        paragraph(run("by outline"), properties='<w:outlineLvl w:val="3"/>'),
        paragraph(run("no heading"), properties='<w:pStyle w:val="Eigen"/><w:outlineLvl w:val="9"/>'),
        parts={"word/styles.xml": styles},
    )
    found = [(block.kind, block.level) for block in read(path).blocks]
    assert found == [("heading", 2), ("heading", 2), ("heading", 3), ("heading", 4), ("paragraph", 0)]


def test_numbers_of_lists_are_those_that_word_prints(tmp_path: Path) -> None:
    levels = "".join(
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="{start}"/><w:numFmt w:val="{form}"/>'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
        for depth, start, form, text in (
            (0, 3, "decimal", "%1."),
            (1, 1, "lowerLetter", "%2)"),
            (2, 1, "lowerRoman", "%1.%2.%3"),
            (3, 1, "bullet", "x"),
        )
    )
    numbering = (
        f'<w:numbering xmlns:w="{W}"><w:abstractNum w:abstractNumId="5">{levels}</w:abstractNum>'
        '<w:num w:numId="9"><w:abstractNumId w:val="5"/></w:num></w:numbering>'
    )
    places = [0, 1, 1, 2, 3, 0, 1]
    body = [
        paragraph(
            run(f"item {n}"), properties=f'<w:numPr><w:ilvl w:val="{d}"/><w:numId w:val="9"/></w:numPr>'
        )
        for n, d in enumerate(places)
    ]
    blocks = read(word_file(tmp_path / "a.docx", *body, parts={"word/numbering.xml": numbering})).blocks
    assert [block.marker for block in blocks] == ["3.", "a)", "b)", "3.b.i", "", "4.", "a)"]
    assert [block.level for block in blocks] == places
    assert [block.ordered for block in blocks] == [True, True, True, True, False, True, True]


def test_a_formula_becomes_one_line(tmp_path: Path) -> None:
    def m(text: str) -> str:
        return f"<m:r><m:t>{text}</m:t></m:r>"

    fraction = f"<m:f><m:num>{m('a+b')}</m:num><m:den>{m('2')}</m:den></m:f>"
    power = f"<m:sSup><m:e>{m('x')}</m:e><m:sup>{m('2')}</m:sup></m:sSup>"
    maths = f"<m:oMathPara><m:oMath>{power}{m('=')}{fraction}</m:oMath></m:oMathPara>"
    blocks = read(word_file(tmp_path / "a.docx", paragraph(maths), paragraph(run("so "), maths))).blocks
    assert [(block.kind, block.text) for block in blocks] == [
        ("formula", "x^2=(a+b)/2"),
        ("paragraph", "so x^2=(a+b)/2"),
    ]


def test_a_text_box_is_read_once_and_a_page_break_starts_a_page(tmp_path: Path) -> None:
    box = f"<w:txbxContent>{paragraph(run('in the box'))}</w:txbxContent>"
    both = (
        '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        f"<mc:Choice><w:drawing>{box}</w:drawing></mc:Choice><mc:Fallback><w:pict>{box}</w:pict></mc:Fallback>"
        "</mc:AlternateContent>"
    )
    body = paragraph(run("before"), f"<w:r>{both}</w:r>") + paragraph('<w:r><w:br w:type="page"/></w:r>')
    blocks = read(word_file(tmp_path / "a.docx", body, paragraph(run("after")))).blocks
    assert [(block.text, block.page) for block in blocks] == [("before", 1), ("in the box", 1), ("after", 2)]


def test_a_field_link_counts_and_a_script_link_does_not(tmp_path: Path) -> None:
    def field(target: str, text: str) -> str:
        steps = (f'<w:r><w:fldChar w:fldCharType="{step}"/></w:r>' for step in ("begin", "separate", "end"))
        begin, separate, end = steps
        return (
            f'{begin}<w:r><w:instrText> HYPERLINK "{target}" </w:instrText></w:r>{separate}{run(text)}{end}'
        )

    body = paragraph(field("https://a.example/b", "good"), run(" "), field("javascript:alert(1)", "bad"))
    (block,) = read(word_file(tmp_path / "a.docx", body)).blocks
    assert block.text == "good bad"
    assert block.markup == "[good](https://a.example/b) bad"


def test_a_table_inside_a_cell_becomes_lines_of_it(tmp_path: Path) -> None:
    def table(*rows: list[str]) -> str:
        lines = ("<w:tr>" + "".join(f"<w:tc>{cell}</w:tc>" for cell in row) + "</w:tr>" for row in rows)
        return f"<w:tbl>{''.join(lines)}</w:tbl>"

    inner = table([paragraph(run("a")), paragraph(run("b"))], [paragraph(run("c")), paragraph(run("d"))])
    outer = table(
        [paragraph(run("left")), paragraph(run("right"))], [paragraph(run("x")), inner + paragraph()]
    )
    frame = table([paragraph(run("framed")) + outer])
    blocks = read(word_file(tmp_path / "a.docx", frame)).blocks
    assert [block.kind for block in blocks] == ["paragraph", "table"]
    assert [cell.text for cell in blocks[1].cells] == ["left", "right", "x", "a | b\nc | d"]


def test_a_word_file_without_its_body_is_damaged(tmp_path: Path) -> None:
    path = word_file(tmp_path / "a.docx", parts={"word/document.xml": f'<w:document xmlns:w="{W}"/>'})
    with pytest.raises(EngineError, match="Word file") as caught:
        read(path)
    assert caught.value.code == "corrupt_file"


def test_a_table_of_more_cells_than_anyone_reads_is_cut(tmp_path: Path) -> None:
    row = "<w:tr>" + "<w:tc><w:p/></w:tc>" * 3 + f"<w:tc>{paragraph(run('x'))}</w:tc></w:tr>"
    body = f'<w:document xmlns:w="{W}"><w:body><w:tbl>{row * 26_000}</w:tbl></w:body></w:document>'
    document = read(word_file(tmp_path / "a.docx", parts={"word/document.xml": body}))
    assert document.meta["truncated"] is True
    assert len(document.blocks[0].cells) <= 100_000


def test_merged_cells_that_claim_a_billion_columns_are_cheap(tmp_path: Path) -> None:
    wide = '<w:tcPr><w:gridSpan w:val="999999999"/></w:tcPr>'
    row = f"<w:tr><w:tc>{wide}{paragraph(run('a'))}</w:tc><w:tc>{paragraph(run('b'))}</w:tc></w:tr>"
    document = read(word_file(tmp_path / "a.docx", f"<w:tbl>{row * 2}</w:tbl>"))
    assert [cell.text for cell in document.blocks[0].cells] == ["a", "a"]
