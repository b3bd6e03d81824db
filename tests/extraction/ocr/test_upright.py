"""Pages that lie on their side or are tilted."""

from __future__ import annotations

import numpy
import pytest
from PIL import Image

from extraction.engines.blocks import Box, Page, Word
from extraction.engines.convert.options import ConvertOptions
from extraction.engines.convert.scanned import read_image
from extraction.engines.ocr.upright import View, make_upright
from tests.extraction.ocr.pages import LINES, text_page

# Where "Total amount to pay 82.25" is on the upright page.
TOTAL = (100 + 30, 100 + 120 * 6 + 25)


def _turned(page: Image.Image, degrees: int) -> Image.Image:
    """The page turned clockwise."""
    return page.rotate(-degrees, expand=True, fillcolor="white", resample=Image.Resampling.BICUBIC)


def _read(page: Image.Image) -> tuple[dict[str, Word], list[str], dict[str, object]]:
    found = read_image(page, Page(1, *page.size), ConvertOptions(ocr_engines=("rapidocr",)))
    assert found is not None
    return {word.text: word for word in found.page.words}, found.page.text.split("\n"), found.record


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_a_page_on_its_side_is_read_upright_and_boxed_as_shown(degrees: int) -> None:
    page = text_page()
    words, lines, record = _read(_turned(page, degrees))
    assert record["turned"] == degrees
    assert lines == list(LINES)
    x, y = TOTAL[0] / page.width, TOTAL[1] / page.height
    x, y = {0: (x, y), 90: (1 - y, x), 180: (1 - x, 1 - y), 270: (y, 1 - x)}[degrees]
    assert _holds(words["Total"].box, x, y)


@pytest.mark.parametrize("degrees", [3, -7])
def test_a_tilted_page_is_read_in_rows_and_boxed_as_shown(degrees: int) -> None:
    page = text_page()
    tilted = _turned(page, degrees)
    words, lines, record = _read(tilted)
    assert record["angle"] == pytest.approx(degrees, abs=0.7)
    assert lines == list(LINES)
    assert _holds(words["Total"].box, *_rotated(page, tilted, degrees))


def _rotated(page: Image.Image, tilted: Image.Image, degrees: int) -> tuple[float, float]:
    slope = numpy.radians(degrees)
    across, down = TOTAL[0] - page.width / 2, TOTAL[1] - page.height / 2
    x = across * numpy.cos(slope) - down * numpy.sin(slope)
    y = across * numpy.sin(slope) + down * numpy.cos(slope)
    return 0.5 + x / tilted.width, 0.5 + y / tilted.height


def _holds(box: Box, x: float, y: float) -> bool:
    return box.x <= x <= box.right and box.y <= y <= box.bottom


def test_a_level_page_is_left_as_it_is() -> None:
    pixels = numpy.asarray(text_page())
    upright, view = make_upright(pixels)
    assert (view.turned, view.angle) == (0, 0.0)
    assert upright is pixels


def test_a_blank_page_has_nothing_to_turn_by() -> None:
    _, view = make_upright(numpy.full((400, 300, 3), 255, numpy.uint8))
    assert view == View(0, 0.0, 0, (300, 400), (300, 400))
