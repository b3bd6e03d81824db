"""PowerPoint files: a page per slide, text where its shape stands."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pptx
import pytest
from pptx.util import Cm

from extraction.engines.blocks import ConvertedDocument
from extraction.engines.convert import EngineError, convert
from extraction.engines.convert.filetypes import PPTX
from extraction.engines.convert.office_media import embedded_images
from extraction.engines.convert.render import to_markdown
from samples.deck import write_deck


@pytest.fixture(scope="module")
def deck(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("deck") / "deck.pptx"
    write_deck(path, 7)
    return path


def read(path: Path) -> ConvertedDocument:
    return convert(path, content_type=PPTX)


def test_titles_bullets_and_notes_come_in_order(deck: Path) -> None:
    text = to_markdown(read(deck))
    assert text.startswith(
        "# Records office: the first half of 2026\n\nReport to the committee\n\n## What went well"
    )
    assert (
        "- Backlog down to three days\n    - letters: two days\n    - plans: four days\n- New scanner" in text
    )
    assert "[Figures on our pages](https://archive.example/figures)" in text
    assert "**Speaker notes:** Thank the reception.\n\nMention the two trainees." in text


def test_each_slide_is_a_page_of_its_shape_and_size(deck: Path) -> None:
    pages = read(deck).pages
    assert [page.number for page in pages] == [1, 2, 3, 4]
    assert (pages[0].width, pages[0].height) == (720, 540)
    # Notes are printed below the slide.
    assert pages[1].height > 540
    for page in pages:
        for word in page.words:
            assert 0 <= word.box.x < word.box.right <= 1.001
            assert 0 <= word.box.y < word.box.bottom <= 1.001
    words = {word.text: word for word in pages[2].words}
    assert words["quarter"].box.y < words["Quarter"].box.y < words["First"].box.y


def test_tables_pictures_and_charts(deck: Path) -> None:
    document = read(deck)
    table, chart = [block for block in document.blocks if block.kind == "table"]
    assert [(c.text, c.rowspan, c.colspan) for c in table.cells[:2]] == [("Quarter", 2, 1), ("Readers", 1, 2)]
    assert chart.text.splitlines()[0] == "\t2025\t2026"
    assert chart.text.splitlines()[1].startswith("Travel\t")
    (figure,) = document.figures
    assert (figure.text, figure.page) == ("Plan of the new reading room", 3)
    assert figure.box is not None
    assert figure.box.x * 720 == pytest.approx(16.5 / 2.54 * 72, abs=1)
    (image,) = embedded_images(deck, [figure.ref])
    assert image is not None
    assert image.size == (420, 260)


def test_groups_are_opened_and_hidden_slides_left_out(tmp_path: Path) -> None:
    source = pptx.Presentation()
    shown = source.slides.add_slide(source.slide_layouts[6])
    shapes = shown.shapes
    for _ in range(3):
        shapes = shapes.add_group_shape().shapes
    shapes.add_textbox(Cm(2), Cm(2), Cm(5), Cm(1)).text_frame.text = "deep inside"
    hidden = source.slides.add_slide(source.slide_layouts[6])
    hidden.shapes.add_textbox(0, 0, Cm(5), Cm(1)).text_frame.text = "hidden"
    hidden._element.set("show", "0")
    source.save(tmp_path / "a.pptx")
    document = read(tmp_path / "a.pptx")
    assert document.text == "deep inside"
    assert document.meta["hidden_slides"] == 1


def test_a_damaged_deck_says_so(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.pptx", "w") as archive:
        archive.writestr("ppt/presentation.xml", "<p>")
    with pytest.raises(EngineError, match="PowerPoint file") as caught:
        read(tmp_path / "a.pptx")
    assert caught.value.code == "corrupt_file"
