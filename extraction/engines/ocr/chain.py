"""Several OCR engines one after the other, until one result is good enough."""

from __future__ import annotations

import logging
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from extraction.engines.ocr import tesseract, upright
from extraction.engines.ocr.base import OcrEngine, OcrError, OcrPage
from extraction.engines.ocr.easyocr import EasyEngine
from extraction.engines.ocr.rapid import RapidEngine
from extraction.engines.ocr.scripts import languages_of, script_of
from extraction.engines.ocr.tesseract import TesseractEngine

if TYPE_CHECKING:
    from PIL.Image import Image

logger = logging.getLogger(__name__)

# When the next engine is asked. Measured on 50 scanned receipts: RapidOCR expects .86 of its letters or more
# to be right on all of them; Tesseract less than .82 on eight, of whose characters .13 to .32 are wrong (its
# page mean is then under .70). Letters read per mark on the page were .70 or more with both.
LOW_CERTAINTY = 0.82
FEW_LETTERS = 0.4
# A page with fewer marks may well hold nothing but a logo, and no engine has to find words there.
FEW_MARKS = 30


@dataclass(frozen=True, slots=True)
class Attempt:
    """An engine that was asked, and why its result was not enough; empty for one that was."""

    engine: str
    reason: str


@dataclass(frozen=True, slots=True)
class PageReading:
    """The best result for a page: its boxes are fractions of the upright picture that `view` brings back.

    `script` is told from the page, or by the languages asked for; empty where there was no reason to ask.
    """

    result: OcrPage
    view: upright.View
    script: str
    tried: tuple[Attempt, ...]


def engines_of(names: Sequence[str], *, easyocr_models: str = "") -> list[OcrEngine]:
    """The engines of these names that this machine has, in the same order; unknown names are left out."""
    makers: dict[str, Callable[[], OcrEngine]] = {
        "rapidocr": RapidEngine,
        "tesseract": TesseractEngine,
        "easyocr": partial(EasyEngine, easyocr_models),
    }
    engines = [makers[name]() for name in names if name in makers]
    return [engine for engine in engines if engine.available()]


def read_page(image: Image, engines: Sequence[OcrEngine], *, languages: Sequence[str]) -> PageReading:
    """The first satisfactory result of the engines in order, else the best of all.

    Engines with a model for the likeliest of `languages` come first. Without languages the script is told
    from the page as soon as a result is in doubt, and engines that know the script take over.
    Raises: OcrError if there is no engine or every one failed.
    """
    import numpy
    from PIL import Image as Pictures

    pixels, view = upright.make_upright(numpy.ascontiguousarray(image.convert("RGB")))
    reader = _Reader(Pictures.fromarray(pixels), view.marks)
    script = script_of(languages[0]) if languages else ""
    best = reader.read(engines, languages)
    if best is None:
        raise OcrError("no OCR engine could read the page")
    return PageReading(best[1], view, script or reader.script, tuple(reader.tried))


class _Reader:
    """Asks engines for one upright page and keeps the record."""

    def __init__(self, picture: Image, marks: int) -> None:
        self._picture = picture
        self._marks = marks
        self.tried: list[Attempt] = []
        self.script = ""

    def read(self, engines: Sequence[OcrEngine], languages: Sequence[str]) -> tuple[float, OcrPage] | None:
        """The best result and its worth; None if every engine failed."""
        results: list[tuple[float, OcrPage]] = []
        for engine in sorted(engines, key=lambda engine: not engine.supports(languages)):
            result = self._ask(engine, languages)
            if result is not None:
                results.append((worth(result, engine), result))
            if self.tried[-1].reason and not languages and len(self.tried) == 1:
                results += self._in_its_script(engines)
            if not self.tried[-1].reason:
                return results[-1]
        return max(results, key=lambda pair: pair[0]) if results else None

    def _ask(self, engine: OcrEngine, languages: Sequence[str]) -> OcrPage | None:
        try:
            result = engine.read(self._picture, languages=languages)
        except subprocess.TimeoutExpired:
            self.tried.append(Attempt(engine.name, "out of time"))
            return None
        except Exception as error:  # noqa: BLE001 - engines wrap native code and raise anything
            logger.warning("OCR engine %s failed: %s", engine.name, type(error).__name__)
            self.tried.append(Attempt(engine.name, f"failed: {type(error).__name__}"))
            return None
        self.tried.append(Attempt(engine.name, doubt(result, engine, self._marks)))
        return result

    def _in_its_script(self, engines: Sequence[OcrEngine]) -> list[tuple[float, OcrPage]]:
        """The best reading for the script that the page shows, if it is one most models do not know."""
        self.script = tesseract.script_on(self._picture)
        languages = languages_of(self.script)
        able = [engine for engine in engines if languages and engine.supports(languages)]
        best = self.read(able, languages) if able else None
        if best is None or self.tried[-1].reason:
            # A guess that its own engine does not bear out.
            self.script = "" if languages else self.script
        return [best] if best else []


def doubt(result: OcrPage, engine: OcrEngine, marks: int) -> str:
    """Why another engine should be asked; empty if the result will do. `marks`: about the page's letters."""
    letters = sum(len(word.text) for word in result.words)
    if marks >= FEW_MARKS and letters < FEW_LETTERS * marks:
        return "few words"
    if letters and certainty(result, engine) < LOW_CERTAINTY:
        return "low score"
    return ""


def certainty(result: OcrPage, engine: OcrEngine) -> float:
    """The share of the letters read that is probably right, 0–1."""
    letters = sum(len(word.text) for word in result.words)
    right = sum(len(word.text) * engine.certainty(word.score or 0.0) for word in result.words)
    return right / letters if letters else 0.0


def worth(result: OcrPage, engine: OcrEngine) -> float:
    """Letters probably right less those probably wrong: nonsense adds nothing, however long it is."""
    return sum(len(word.text) * (2 * engine.certainty(word.score or 0.0) - 1) for word in result.words)
