"""EasyOCR, where it is installed (`make install-easyocr`): slow, and for pages on which the others fail."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from extraction.engines.blocks import Box, Word
from extraction.engines.ocr.base import OcrPage, interpolated, page_of
from extraction.engines.ocr.scripts import script_of

if TYPE_CHECKING:
    from PIL.Image import Image

# The detector's picture; twice as much takes twice the time. An A4 page takes 2.2 GB of addresses with it.
CANVAS = 1280
_DETECTOR = "craft_mlt_25k.pth"
# EasyOCR's file of weights for each script, and what it calls languages differently.
_WEIGHTS = {
    "Latin": "latin_g2.pth",
    "Cyrillic": "cyrillic_g2.pth",
    "Devanagari": "devanagari.pth",
    "Arabic": "arabic.pth",
    "Bengali": "bengali.pth",
    "Hangul": "korean_g2.pth",
    "Japanese": "japanese_g2.pth",
    "Han": "zh_sim_g2.pth",
    "Kannada": "kannada_g2.pth",
    "Tamil": "tamil.pth",
    "Telugu": "telugu_g2.pth",
    "Thai": "thai.pth",
}
_ENGLISH = "english_g2.pth"
_NAMES = {"zh": "ch_sim", "sr": "rs_cyrillic"}
# Its scores were seen to say less than the others': sure lines are often right, low ones may be as well.
_RIGHT = ((0.1, 0.4), (0.5, 0.6), (0.8, 0.8), (1.0, 0.93))


def _folder(models: str) -> Path | None:
    """The folder of weights: the given one, else that of the package with the English weights."""
    if models:
        return Path(models)
    spec = find_spec("easyocr_en_models")
    return Path(spec.origin).parent / "models" if spec is not None and spec.origin else None


@cache
def _reader(folder: Path, languages: tuple[str, ...]) -> Any:
    """EasyOCR's reader. It checks its weights' MD5 against its own list, and downloads nothing."""
    # torch looks for a folder to write to when it is imported, and there is none in the sandbox.
    os.environ.setdefault("TORCHINDUCTOR_CACHE_DIR", str(folder))
    torch: Any = import_module("torch")
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    _declare_operators(torch)
    return import_module("easyocr").Reader(
        list(languages),
        gpu=False,
        model_storage_directory=str(folder),
        # Only a place to look for networks of one's own, of which there are none.
        user_network_directory=str(folder),
        download_enabled=False,
        verbose=False,
    )


def _declare_operators(torch: Any) -> None:
    """Let torchvision be imported beside a torch that it was not built for.

    EasyOCR takes a network and two transforms from torchvision, all plain Python. The package's compiled
    operators do not load into a CPU build of torch, and importing it then fails where it describes them; with
    their signatures declared it goes through. The real package rather than a stand-in for it: where the two
    fit, nothing here has any effect, and no copy of torchvision's network has to be kept.
    """
    library = torch.library.Library("torchvision", "FRAGMENT")
    for name in ("nms", "qnms"):
        try:
            library.define(f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
        except RuntimeError:
            return  # torchvision's own are there
    _LIBRARIES.append(library)


# A library's declarations last as long as it does.
_LIBRARIES: list[Any] = []


class EasyEngine:
    """`models` is a folder with EasyOCR's weights; empty for the English ones of their package."""

    name = "easyocr"

    def __init__(self, models: str = "") -> None:
        self._folder = _folder(models)

    def available(self) -> bool:
        installed = all(find_spec(name) is not None for name in ("torch", "torchvision", "easyocr"))
        return installed and self._folder is not None and (self._folder / _DETECTOR).is_file()

    def supports(self, languages: Sequence[str]) -> bool:
        return self._weights(languages[0] if languages else "en") is not None

    def certainty(self, score: float) -> float:
        return interpolated(score, _RIGHT)

    def read(self, image: Image, *, languages: Sequence[str]) -> OcrPage:
        import numpy

        assert self._folder is not None
        spoken = self._languages(languages)
        pixels = numpy.asarray(image.convert("RGB"))
        found = _reader(self._folder, spoken).readtext(pixels, canvas_size=CANVAS, batch_size=1)
        words: list[Word] = []
        for number, (corners, text, score) in enumerate(found):
            words += _line_words(corners, text, float(score), line=number, size=image.size)
        return page_of(words, self.name)

    def _languages(self, languages: Sequence[str]) -> tuple[str, ...]:
        """EasyOCR's names of the likeliest language that has weights, and English with it."""
        first = next((language for language in languages if self._weights(language)), "en")
        return ("en",) if first == "en" else (_NAMES.get(first, first), "en")

    def _weights(self, language: str) -> Path | None:
        name = _ENGLISH if language == "en" else _WEIGHTS.get(script_of(language), "")
        path = self._folder / name if self._folder is not None and name else None
        return path if path is not None and path.is_file() else None


def _line_words(
    corners: Sequence[Sequence[float]], text: str, score: float, *, line: int, size: tuple[int, int]
) -> Iterator[Word]:
    """The line's words, each with its share of the line's box by characters."""
    left, right = min(x for x, _ in corners) / size[0], max(x for x, _ in corners) / size[0]
    top, bottom = min(y for _, y in corners) / size[1], max(y for _, y in corners) / size[1]
    step = (right - left) / max(len(text), 1)
    place = 0
    for token in text.split():
        place = text.index(token, place)
        x = max(float(left + place * step), 0.0)
        width = min(float(len(token) * step), 1.0 - x)
        yield Word(
            token,
            Box(1, x, max(float(top), 0.0), width, float(min(bottom, 1.0) - max(top, 0.0))),
            line,
            score,
        )
        place += len(token)
