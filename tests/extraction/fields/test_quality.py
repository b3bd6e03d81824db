"""A poor photo is told from a good one, with a reason that says what to do."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from extraction.engines.blocks import ConvertedDocument, Page
from extraction.engines.fields.quality import photo_quality
from samples.degrade import Wear
from samples.persons import ktp

from .paper import document, invoice
from .papers import drawn


def test_a_digital_page_is_never_poor() -> None:
    assert photo_quality(document(invoice())).poor is False
    assert photo_quality(document([])).poor is False


def test_a_blurred_scan_is_poor(tmp_path: Path) -> None:
    paper, _ = drawn(ktp, tmp_path, Wear(tilt=0.6, noise=20, blur=4.5))
    quality = photo_quality(paper)
    assert quality.poor
    assert quality.reasons[0].startswith("Page 1: ")


def test_uncertain_letters_are_named() -> None:
    (reason,) = photo_quality(document(invoice(), score=0.7)).reasons
    assert reason == "Page 1: the letters are hard to read (70 % sure). Use a sharper, evenly lit picture."


def test_a_page_on_which_nothing_was_read_is_poor() -> None:
    blank = ConvertedDocument((Page(1, 595, 842),), (), "ocr", "t", "1", {"ocr": [{"page": 1, "angle": 0.0}]})
    assert "hardly any text" in photo_quality(blank).reasons[0]


def test_small_letters_and_a_strong_tilt_are_named() -> None:
    paper = document(invoice(), score=0.93)
    page = replace(paper.pages[0], width=4000.0, height=6000.0)
    small = tuple(replace(word, box=replace(word.box, h=word.box.h / 8)) for word in page.words)
    tilted = replace(paper, pages=(replace(page, words=small),), meta={"ocr": [{"page": 1, "angle": -15.2}]})
    reasons = " ".join(photo_quality(tilted).reasons)
    assert "very small" in reasons
    assert "tilted by 15 degrees" in reasons
