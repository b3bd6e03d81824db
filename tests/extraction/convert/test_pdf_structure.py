"""Headings, captions, furniture, lists, footnotes and links of a PDF's text layer."""

from __future__ import annotations

from pathlib import Path

import pytest

from extraction.engines.blocks import Block, ConvertedDocument
from extraction.engines.convert import ConvertOptions, convert
from extraction.engines.convert.render import to_markdown
from tests.extraction.convert.files import cyclic_outline_pdf
from tests.extraction.convert.pdf_files import HEIGHT, PROSE, Sheet, pages

NO_OCR = ConvertOptions(ocr="off")
PLAIN = ConvertOptions(ocr="off", plain_pdf=True)


def read(path: Path, options: ConvertOptions = NO_OCR) -> ConvertedDocument:
    return convert(path, options)


def of_kind(document: ConvertedDocument, kind: str) -> list[Block]:
    return [block for block in document.blocks if block.kind == kind]


def chapter(sheet: Sheet, number: int) -> None:
    sheet.heading(f"{number} About the tides", size=18).prose()
    sheet.heading(f"{number}.1 Mornings", size=13).prose()
    sheet.heading("Remarks", size=13).prose()


@pytest.mark.parametrize("options", [NO_OCR, PLAIN], ids=["liteparse", "pdfium"])
def test_headings_have_one_level_per_look_on_all_pages(tmp_path: Path, options: ConvertOptions) -> None:
    document = read(pages(tmp_path / "a.pdf", 3, chapter), options)
    found = [(block.text, block.level) for block in of_kind(document, "heading")]
    expected = [
        [(f"{number} About the tides", 1), (f"{number}.1 Mornings", 2), ("Remarks", 2)]
        for number in (1, 2, 3)
    ]
    assert found == [entry for part in expected for entry in part]


def test_numbers_set_levels_where_all_headings_look_alike(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "a.pdf")
    for title in ("1 Water", "1.1 Salt", "1.1.1 Taste", "2 Wind"):
        sheet.heading(title, size=13).prose()
    levels = {block.text: block.level for block in of_kind(read(sheet.save()), "heading")}
    assert levels == {"1 Water": 1, "1.1 Salt": 2, "1.1.1 Taste": 3, "2 Wind": 1}


def test_the_outline_of_the_file_sets_levels(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "a.pdf")
    for title, depth in (("Water", 0), ("Salt", 1), ("Wind", 0)):
        sheet.canvas.bookmarkPage(title)
        sheet.canvas.addOutlineEntry(title, title, depth)
        sheet.heading(title, size=13).prose()
    levels = {block.text: block.level for block in of_kind(read(sheet.save()), "heading")}
    assert levels == {"Water": 1, "Salt": 2, "Wind": 1}


def test_an_outline_that_goes_round_in_circles_ends(tmp_path: Path) -> None:
    document = read(cyclic_outline_pdf(tmp_path / "a.pdf", "Hello there"), PLAIN)
    assert document.pages[0].text == "Hello there"


def test_a_bold_beginning_of_a_sentence_is_no_heading(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "a.pdf").heading("Report").prose()
    sheet.line(
        "The council has decided that the wall along the old harbour must be", font="Helvetica-Bold", gap=14
    )
    sheet.line("rebuilt before the winter, whatever the surveyors may say about its age.")
    assert [block.text for block in of_kind(read(sheet.save()), "heading")] == ["Report"]


def test_captions_are_no_headings_and_sentences_are_no_captions(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "a.pdf").heading("Report").prose()
    sheet.line("Figure 2: Water levels at noon", font="Helvetica-Bold", size=13, gap=20).prose(gap=20)
    sheet.prose("Figure 3 shows what the surveyors saw on that day. " + PROSE, gap=20)
    document = read(sheet.save())
    assert [block.text for block in of_kind(document, "caption")] == ["Figure 2: Water levels at noon"]
    assert [block.text for block in of_kind(document, "heading")] == ["Report"]


def test_running_titles_and_page_numbers_are_hidden_from_readers(tmp_path: Path) -> None:
    def draw(sheet: Sheet, number: int) -> None:
        sheet.at(30).line("Harbour office" if number % 2 else "Annual report", size=8)
        sheet.at(90).prose(f"Page {number} of our story begins here. " + PROSE)
        sheet.at(800).line(f"- {number + 3} -", x=280, size=8)

    document = read(pages(tmp_path / "a.pdf", 6, draw))
    assert {block.text for block in of_kind(document, "header")} == {"Harbour office", "Annual report"}
    assert [block.text for block in of_kind(document, "footer")] == [f"- {n} -" for n in range(4, 10)]
    assert "Harbour office" not in to_markdown(document)
    assert to_markdown(document, profile="plain").count("Harbour office") == 3


def test_a_single_page_keeps_its_title_at_the_top(tmp_path: Path) -> None:
    sheet = (
        Sheet(tmp_path / "a.pdf").at(20).line("Harbour office", size=18, font="Helvetica-Bold").prose(gap=30)
    )
    document = read(sheet.save())
    assert "Harbour office" in to_markdown(document)


def test_lists_keep_their_depth_and_numbers(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "a.pdf").prose()
    sheet.line("• apples", x=80, gap=12).line("• pears", x=80)
    sheet.line("• green ones", x=100).line("• plums", x=80)
    sheet.line("3. weigh them", x=80, gap=16).line("4. eat them", x=80)
    items = of_kind(read(sheet.save()), "list_item")
    assert [(item.text, item.level) for item in items[:4]] == [
        ("apples", 0),
        ("pears", 0),
        ("green ones", 1),
        ("plums", 0),
    ]
    assert [(item.text, item.marker, item.ordered) for item in items[4:]] == [
        ("weigh them", "3.", True),
        ("eat them", "4.", True),
    ]


def test_a_footnote_is_marked_in_the_text_and_at_the_foot(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "a.pdf").prose().prose()
    sheet.line("The wall is old", gap=14)
    mark = 72 + sheet.canvas.stringWidth("The wall is old", "Helvetica", 10) + 1
    sheet.canvas.setFont("Times-Roman", 6)
    sheet.canvas.drawString(mark, HEIGHT - sheet.y + 4, "1")
    sheet.at(740).line("1 It was built by the first council.", size=7)
    document = read(sheet.save())
    (note,) = of_kind(document, "footnote")
    assert (note.marker, note.text) == ("1", "1 It was built by the first council.")
    markdown = to_markdown(document)
    assert "\n[^1]: It was built by the first council.\n" in markdown


def test_only_web_and_mail_links_become_links(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "a.pdf").prose()
    for text, target in (("the report", "https://example.org/r?a=1"), ("a trap", "javascript:alert(1)")):
        sheet.line(text, gap=30)
        y = HEIGHT - sheet.y
        sheet.canvas.linkURL(target, (72, y - 3, 72 + 100, y + 10))
    document = read(sheet.save())
    assert "[the report](https://example.org/r?a=1)" in to_markdown(document)
    assert "javascript" not in to_markdown(document)
    assert "](" not in to_markdown(document, profile="plain")


def test_text_that_looks_like_markdown_is_escaped_among_emphasis(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "a.pdf").prose()
    sheet.line("Stars *stay* stars", font="Times-Bold", gap=30)
    document = read(sheet.save())
    assert "Stars \\*stay\\* stars" in to_markdown(document)
    assert "Stars *stay* stars" in to_markdown(document, profile="plain")


def test_words_that_happen_to_end_far_apart_pages_are_text(tmp_path: Path) -> None:
    def draw(sheet: Sheet, number: int) -> None:
        sheet.at(72)
        sheet.line("tide." if number % 4 == 0 else f"{'abcdefghijklm'[number]} wall.").prose(gap=14)

    document = read(pages(tmp_path / "a.pdf", 12, draw))
    assert of_kind(document, "header") == []
