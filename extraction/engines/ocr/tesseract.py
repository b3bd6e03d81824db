"""Tesseract's command line, where it is installed: many scripts, weaker on receipts."""

from __future__ import annotations

import csv
import io
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING

from extraction.engines.blocks import Box, Word
from extraction.engines.ocr.base import OcrError, OcrPage, interpolated, page_of
from extraction.engines.ocr.scripts import script_of

if TYPE_CHECKING:
    from PIL.Image import Image

_TIMEOUT_S = 60
_CODES = {
    "am": "amh", "ar": "ara", "be": "bel", "bg": "bul", "bn": "ben", "cs": "ces", "da": "dan", "de": "deu",
    "el": "ell", "en": "eng", "es": "spa", "et": "est", "fa": "fas", "fi": "fin", "fr": "fra", "gu": "guj",
    "he": "heb", "hi": "hin", "hr": "hrv", "hu": "hun", "hy": "hye", "it": "ita", "ja": "jpn", "ka": "kat",
    "km": "khm", "kn": "kan", "ko": "kor", "lo": "lao", "lt": "lit", "lv": "lav", "mk": "mkd", "ml": "mal",
    "mn": "mon", "mr": "mar", "my": "mya", "ne": "nep", "nl": "nld", "no": "nor", "or": "ori", "pa": "pan",
    "pl": "pol", "pt": "por", "ro": "ron", "ru": "rus", "si": "sin", "sk": "slk", "sl": "slv", "sr": "srp",
    "sv": "swe", "ta": "tam", "te": "tel", "th": "tha", "tr": "tur", "uk": "ukr", "ur": "urd", "vi": "vie",
    "zh": "chi_sim",
}  # fmt: skip
_SCRIPT = re.compile(r"^Script: (\w+)$", re.MULTILINE)
_SCRIPT_SURE = re.compile(r"^Script confidence: ([\d.]+)$", re.MULTILINE)
# Tesseract's own minimum of characters to judge by, 50, is more than many a receipt has.
_FEW = 10
# Below this ratio to the second likeliest script the answer is a guess.
_MIN_SCRIPT_SURE = 1.0
# Word scores and the share of words then right, over 60 scanned receipts.
_RIGHT = ((0.3, 0.4), (0.5, 0.65), (0.6, 0.78), (0.7, 0.82), (0.8, 0.91), (0.9, 0.98))


@cache
def _models() -> frozenset[str]:
    if shutil.which("tesseract") is None:
        return frozenset()
    run = subprocess.run(
        ["tesseract", "--list-langs"],  # noqa: S607 - found by PATH on purpose
        capture_output=True, text=True, timeout=_TIMEOUT_S, check=False,
    )  # fmt: skip
    return frozenset(run.stdout.split("\n")[1:]) - {""}


def installed_languages() -> frozenset[str]:
    """Tesseract's own codes of the installed models; empty without Tesseract."""
    return _models() - {"osd"}


def script_on(image: Image) -> str:
    """The script that most of the text is in, as Tesseract names it; empty where it cannot tell."""
    if "osd" not in _models():
        return ""
    try:
        report = _run(image, "--psm", "0", "-l", "osd", "-c", f"min_characters_to_try={_FEW}").decode(
            "utf-8", "replace"
        )
    except (OcrError, subprocess.TimeoutExpired):
        return ""
    script, sure = _SCRIPT.search(report), _SCRIPT_SURE.search(report)
    return script[1] if script and sure and float(sure[1]) >= _MIN_SCRIPT_SURE else ""


class TesseractEngine:
    """The second engine, and the first for scripts the default one has no model for."""

    name = "tesseract"

    def available(self) -> bool:
        return bool(installed_languages())

    def supports(self, languages: Sequence[str]) -> bool:
        return not languages or _CODES.get(languages[0]) in installed_languages()

    def certainty(self, score: float) -> float:
        return interpolated(score, _RIGHT)

    def read(self, image: Image, *, languages: Sequence[str]) -> OcrPage:
        table = _run(image, "-l", spoken(languages), "--psm", "4", "tsv")
        return page_of(list(_words(table.decode("utf-8", "replace"), image.size)), self.name)


def spoken(languages: Sequence[str]) -> str:
    """Tesseract's `-l` for languages (ISO 639-1): those with a model, English if there is none.

    English is added to another script, which receipts and forms mix with Latin; more models for Latin would
    only cost time and words.
    """
    codes = [code for code in map(_CODES.get, languages) if code and code in installed_languages()]
    if not codes:
        return "eng"
    if script_of(languages[0]) != "Latin" and "eng" in installed_languages():
        codes.append("eng")
    return "+".join(dict.fromkeys(codes))


def _run(image: Image, *arguments: str) -> bytes:
    picture = io.BytesIO()
    image.convert("RGB").save(picture, "BMP")
    # By pipes in both directions: the sandbox lets nobody write files.
    run = subprocess.run(  # noqa: S603 - a fixed command; arguments are built above
        ["tesseract", "stdin", "stdout", *arguments],  # noqa: S607 - see above
        input=picture.getvalue(), capture_output=True, timeout=_TIMEOUT_S, check=False,
        # Its threads wait for each other by spinning, which takes twice the CPU time and more.
        env={**os.environ, "OMP_THREAD_LIMIT": "1"},
    )  # fmt: skip
    if run.returncode != 0:
        raise OcrError(f"tesseract ended with status {run.returncode}")
    return run.stdout


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
