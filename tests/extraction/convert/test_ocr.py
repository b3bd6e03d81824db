"""The chain of OCR engines and the cutting of lines into words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import pytest
from PIL import Image

from extraction.engines.blocks import Box, Word
from extraction.engines.ocr.base import OcrError, OcrPage, page_of
from extraction.engines.ocr.chain import engines_for, read_page
from extraction.engines.ocr.rapid import _line_words

PAPER = Image.new("RGB", (100, 50), "white")


@dataclass
class Scripted:
    """An engine that answers as told."""

    name: str
    words: int = 5
    score: float = 0.9
    fails: bool = False
    speaks: tuple[str, ...] = ("en",)
    present: bool = True

    def available(self) -> bool:
        return self.present

    def supports(self, languages: Sequence[str]) -> bool:
        return not languages or languages[0] in self.speaks

    def read(self, image: Image.Image, *, languages: Sequence[str]) -> OcrPage:
        if self.fails:
            raise RuntimeError("native trouble")
        return page_of([Word("word", Box(1, 0, 0, 0.1, 0.1), 0, self.score)] * self.words, self.name)


@pytest.mark.parametrize(
    ("engines", "chosen"),
    [
        ([Scripted("a"), Scripted("b", words=50)], "a"),
        ([Scripted("a", fails=True), Scripted("b")], "b"),
        ([Scripted("a", words=1), Scripted("b")], "b"),
        ([Scripted("a", score=0.3), Scripted("b")], "b"),
        ([Scripted("a", words=2), Scripted("b", words=1)], "a"),
        ([Scripted("a", words=0), Scripted("b", fails=True)], "a"),
    ],
)
def test_the_first_satisfactory_result_else_the_best(engines: list[Scripted], chosen: str) -> None:
    assert read_page(PAPER, engines, languages=("en",)).engine == chosen


def test_no_engine_left_is_an_error() -> None:
    with pytest.raises(OcrError):
        read_page(PAPER, [Scripted("a", fails=True)], languages=())


def test_an_engine_for_the_language_comes_first_and_an_absent_one_not_at_all() -> None:
    engines = [Scripted("latin"), Scripted("hindi", speaks=("hi",)), Scripted("gone", present=False)]
    assert [engine.name for engine in engines_for(("hi",), engines)] == ["hindi", "latin"]
    assert [engine.name for engine in engines_for(("en",), engines)] == ["latin", "hindi"]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("Total: 12.50", ["Total:", "12.50"]),
        ("Total:12.50", ["Total:", "12.50"]),
        ("KEPONG,KL 52100", ["KEPONG,", "KL", "52100"]),
        ("08:30:00 1,234.50", ["08:30:00", "1,234.50"]),
    ],
)
def test_a_line_is_cut_into_words_with_their_share_of_its_box(line: str, words: list[str]) -> None:
    quad = [[10, 10], [90, 10], [90, 20], [10, 20]]
    found = list(_line_words(line, quad, (), line=0, score=0.9, size=(100, 50)))
    assert [word.text for word in found] == words
    assert found[0].box.x == pytest.approx(0.1)
    assert found[-1].box.right == pytest.approx(0.9)
    assert all(left.box.right <= right.box.x + 1e-9 for left, right in pairwise(found))
