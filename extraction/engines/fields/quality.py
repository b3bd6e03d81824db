"""Whether a photo or scan is too poor for its values to be trusted, with the reason in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import mean

from extraction.engines.blocks import ConvertedDocument, Page

# Chosen on scans made worse step by step (samples/degrade.py): above them the fields of the same page are
# still read right, below them they begin to fail. All are fractions 0–1, the tilt is in degrees.
POOR_SCORE = 0.90  # mean reader's score of a page's words
BAD_WORD = 0.60  # a word below it is a guess
MANY_BAD_WORDS = 0.10  # share of such words
SMALL_LETTER = 0.0055  # letter height as a share of the page's longer side: some 16 pixels at 3000
STRONG_TILT = 12.0
_FEW_WORDS = 5


@dataclass(frozen=True, slots=True)
class Quality:
    """`poor` is the flag `photo_quality_poor`; `reasons` are sentences, one per page and cause."""

    poor: bool = False
    reasons: tuple[str, ...] = ()


def photo_quality(document: ConvertedDocument) -> Quality:
    """The quality of the pages that text recognition read; pages with a text layer are never poor."""
    records = {record.get("page"): record for record in document.meta.get("ocr") or []}
    reasons = []
    for page in document.pages:
        if page.ocr_score is None and page.number not in records:
            continue
        angle = float(records.get(page.number, {}).get("angle") or 0.0)
        reasons += [f"Page {page.number}: {reason}" for reason in _reasons(page, angle)]
    return Quality(bool(reasons), tuple(reasons))


def _reasons(page: Page, angle: float) -> Iterable[str]:
    words = [word for word in page.words if any(char.isalnum() for char in word.text)]
    scores = [word.score for word in words if word.score is not None]
    if len(words) < _FEW_WORDS:
        yield "hardly any text could be read. Photograph the whole document in good light."
        return
    score = page.ocr_score if page.ocr_score is not None else mean(scores or [1.0])
    bad = sum(value < BAD_WORD for value in scores) / max(len(scores), 1)
    if score < POOR_SCORE or bad > MANY_BAD_WORDS:
        sure = f"{round(100 * score)} % sure"
        yield f"the letters are hard to read ({sure}). Use a sharper, evenly lit picture."
    if _letter(page) < SMALL_LETTER and score < 0.95:
        yield "the letters are very small. Go nearer or scan at 300 dpi."
    if abs(angle) > STRONG_TILT:
        yield f"the picture is tilted by {abs(angle):.0f} degrees. Hold the camera straight above the page."


def _letter(page: Page) -> float:
    """The usual letter height as a share of the page's longer side."""
    heights = sorted(word.box.h * page.height for word in page.words)
    return heights[len(heights) // 2] / max(page.width, page.height, 1.0)
