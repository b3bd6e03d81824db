"""Tesseract's command line, where it is installed: many scripts, weaker on receipts."""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING

from extraction.engines.blocks import Box, Word
from extraction.engines.ocr.base import OcrError, OcrPage, page_of

if TYPE_CHECKING:
    from PIL.Image import Image

_TIMEOUT_S = 60
_CODES = {
    "am": "amh", "ar": "ara", "be": "bel", "bg": "bul", "bn": "ben", "cs": "ces", "da": "dan", "de": "deu",
    "el": "ell", "en": "eng", "es": "spa", "et": "est", "fa": "fas", "fi": "fin", "fr": "fra", "gu": "guj",
    "he": "heb", "hi": "hin", "hr": "hrv", "hu": "hun", "hy": "hye", "it": "ita", "ja": "jpn", "ka": "kat",
    "km": "khm", "kn": "kan", "ko": "kor", "lo": "lao", "lt": "lit", "lv": "lav", "mk": "mkd", "ml": "mal",
    "mr": "mar", "my": "mya", "ne": "nep", "nl": "nld", "no": "nor", "or": "ori", "pa": "pan", "pl": "pol",
    "pt": "por", "ro": "ron", "ru": "rus", "si": "sin", "sk": "slk", "sl": "slv", "sr": "srp", "sv": "swe",
    "ta": "tam", "te": "tel", "th": "tha", "tr": "tur", "uk": "ukr", "ur": "urd", "vi": "vie",
    "zh": "chi_sim",
}  # fmt: skip


@cache
def installed_languages() -> frozenset[str]:
    """Tesseract's own codes of the installed models; empty without Tesseract."""
    if shutil.which("tesseract") is None:
        return frozenset()
    run = subprocess.run(
        ["tesseract", "--list-langs"],  # noqa: S607 - found by PATH on purpose
        capture_output=True, text=True, timeout=_TIMEOUT_S, check=False,
    )  # fmt: skip
    return frozenset(run.stdout.split("\n")[1:]) - {"", "osd"}


class TesseractEngine:
    """The second engine, and the first for scripts the default one has no model for."""

    name = "tesseract"

    def available(self) -> bool:
        return bool(installed_languages())

    def supports(self, languages: Sequence[str]) -> bool:
        return not languages or _CODES.get(languages[0]) in installed_languages()

    def read(self, image: Image, *, languages: Sequence[str]) -> OcrPage:
        codes = [code for code in map(_CODES.get, languages) if code in installed_languages()]
        spoken = "+".join(filter(None, codes)) or "eng"
        picture = io.BytesIO()
        image.convert("RGB").save(picture, "BMP")
        # By pipes in both directions: the sandbox lets nobody write files.
        run = subprocess.run(  # noqa: S603 - a fixed command; languages come from the table above
            ["tesseract", "stdin", "stdout", "-l", spoken, "--psm", "4", "tsv"],  # noqa: S607 - see above
            input=picture.getvalue(), capture_output=True, timeout=_TIMEOUT_S, check=False,
        )  # fmt: skip
        if run.returncode != 0:
            raise OcrError(f"tesseract ended with status {run.returncode}")
        return page_of(list(_words(run.stdout.decode("utf-8", "replace"), image.size)), self.name)


def _words(tsv: str, size: tuple[int, int]) -> Iterator[Word]:
    width, height = size
    lines: dict[tuple[str, ...], int] = {}
    for row in csv.DictReader(io.StringIO(tsv), delimiter="\t", quoting=csv.QUOTE_NONE):
        text = (row.get("text") or "").strip()
        if row["level"] != "5" or not text:
            continue
        line = lines.setdefault((row["block_num"], row["par_num"], row["line_num"]), len(lines))
        box = Box(
            1,
            int(row["left"]) / width,
            int(row["top"]) / height,
            int(row["width"]) / width,
            int(row["height"]) / height,
        )
        yield Word(text, box, line, min(max(float(row["conf"]) / 100, 0.0), 1.0))
