"""Which engine reads a page, and what is kept about the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from PIL import Image

from extraction.engines.blocks import Box, Word
from extraction.engines.ocr.base import OcrEngine, OcrError, OcrPage, interpolated, page_of
from extraction.engines.ocr.chain import Attempt, engines_of, read_page
from extraction.engines.ocr.tesseract import installed_languages
from tests.extraction.ocr.pages import text_page

PAPER = Image.new("RGB", (100, 50), "white")


@dataclass
class Scripted:
    """An engine that answers as told: real ones cannot be made to fail, or to read badly, on demand."""

    name: str
    words: int = 60
    score: float = 0.9
    error: Exception | None = None
    speaks: tuple[str, ...] = ("en",)

    def available(self) -> bool:
        return True

    def supports(self, languages: Sequence[str]) -> bool:
        return not languages or languages[0] in self.speaks

    def certainty(self, score: float) -> float:
        return score

    def read(self, image: Image.Image, *, languages: Sequence[str]) -> OcrPage:
        if self.error:
            raise self.error
        return page_of([Word("word", Box(1, 0, 0, 0.1, 0.1), 0, self.score)] * self.words, self.name)


@pytest.mark.parametrize(
    ("engines", "chosen"),
    [
        ([Scripted("a"), Scripted("b", words=90)], "a"),
        ([Scripted("a", error=RuntimeError()), Scripted("b")], "b"),
        ([Scripted("a", words=1), Scripted("b")], "b"),
        ([Scripted("a", score=0.3), Scripted("b")], "b"),
        ([Scripted("a", words=2), Scripted("b", words=1)], "a"),
        ([Scripted("a", words=90, score=0.55), Scripted("b", words=60, score=0.75)], "b"),
        ([Scripted("a", words=0), Scripted("b", error=RuntimeError())], "a"),
    ],
)
def test_the_first_satisfactory_result_else_the_best(engines: list[OcrEngine], chosen: str) -> None:
    assert read_page(text_page(), engines, languages=("en",)).result.engine == chosen


def test_the_record_says_why_each_engine_was_not_enough() -> None:
    engines = [
        Scripted("broken", error=MemoryError()),
        Scripted("blind", words=1),
        Scripted("unsure", score=0.4),
        Scripted("good"),
        Scripted("spare"),
    ]
    assert read_page(text_page(), engines, languages=("en",)).tried == (
        Attempt("broken", "failed: MemoryError"),
        Attempt("blind", "few words"),
        Attempt("unsure", "low score"),
        Attempt("good", ""),
    )


def test_few_words_will_do_for_a_page_with_little_on_it() -> None:
    engines = [Scripted("a", words=0), Scripted("b")]
    assert read_page(PAPER, engines, languages=("en",)).result.engine == "a"


def test_no_engine_left_is_an_error() -> None:
    with pytest.raises(OcrError):
        read_page(PAPER, [Scripted("a", error=RuntimeError())], languages=())


def test_an_engine_for_the_language_is_asked_first() -> None:
    engines = [Scripted("latin"), Scripted("hindi", speaks=("hi",))]
    assert read_page(PAPER, engines, languages=("hi",)).result.engine == "hindi"


def test_engines_come_in_the_order_of_the_setting_and_unknown_names_are_left_out() -> None:
    names = [engine.name for engine in engines_of(("tesseract", "abbyy", "rapidocr"))]
    assert names == (["tesseract", "rapidocr"] if installed_languages() else ["rapidocr"])


@pytest.mark.parametrize(("score", "value"), [(0.1, 0.2), (0.5, 0.2), (0.6, 0.4), (0.7, 0.6), (0.9, 0.6)])
def test_values_between_measured_points_lie_on_the_line_between_them(score: float, value: float) -> None:
    assert interpolated(score, ((0.5, 0.2), (0.7, 0.6))) == pytest.approx(value)
