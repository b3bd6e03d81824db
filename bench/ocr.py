"""Reads a folder of page images by OCR and times it.

    python -m bench.ocr IN_DIR OUT_DIR [--engine chain|rapidocr|tesseract|easyocr] [--truth DIR]

Every image of IN_DIR becomes OUT_DIR/<stem>.json: {"engine", "tried", "lines": [{"text", "box", "score"}]}; a
box is {"page", "x", "y", "w", "h"} in fractions of the page as shown. `chain` does what the product does; the
other choices ask that engine alone. DIR holds transcripts <stem>.boxes.json, {"pages": [{"lines": [{"text",
"bbox": [x0, y0, x1, y1]}]}]}, and adds `word_f1` (bags of words) and `char_error` (edit distance in rows),
both of letters A–Z and digits only. The last line is one JSON object; CPU seconds are those of decoding and
reading, with the programs started for it and without the loading of models.
"""

from __future__ import annotations

import argparse
import json
import re
import resource
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import mean, median
from typing import Any

from rapidfuzz.distance import Levenshtein

from extraction.engines.blocks import Box, ConvertedDocument, Word, union
from extraction.engines.convert import ConvertOptions, EngineError, convert
from extraction.engines.convert.filetypes import IMAGES, kind_of
from extraction.engines.convert.layout import in_lines, lines_of
from extraction.engines.ocr import rapid, upright


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one image cost and gave; `word_f1` and `char_error` are None without a transcript."""

    pages: int = 0
    cpu_s: float = 0.0
    failure: str = ""
    word_f1: float | None = None
    char_error: float | None = None
    engines: list[str] = field(default_factory=list)


def read_file(source: Path, out_dir: Path, options: ConvertOptions, truth_dir: Path | None) -> Outcome:
    """Write what was read on the image, and compare it with its transcript if there is one."""
    started = _cpu_s()
    try:
        found = convert(source, options)
    except EngineError as error:
        return Outcome(cpu_s=_cpu_s() - started, failure=error.code)
    cpu_s = _cpu_s() - started
    records = found.meta["ocr"]
    answer = {
        "engine": records[0]["engine"] if records else "",
        "tried": [attempt for record in records for attempt in record["tried"]],
        "lines": [_line(words) for page in found.pages for words in lines_of(page.words)],
    }
    (out_dir / f"{source.stem}.json").write_text(json.dumps(answer, ensure_ascii=False), encoding="utf-8")
    engines = [record["engine"] for record in records]
    truth = truth_dir / f"{source.stem}.boxes.json" if truth_dir else None
    if truth is None or not truth.is_file():
        return Outcome(len(found.pages), cpu_s, engines=engines)
    wanted = _truth_words(json.loads(truth.read_text(encoding="utf-8")))
    got = " ".join(page.text for page in found.pages)
    return Outcome(
        len(found.pages),
        cpu_s,
        word_f1=word_f1(" ".join(word.text for word in wanted), got),
        char_error=char_error(" ".join(word.text for word in wanted), _in_rows(found)),
        engines=engines,
    )


def word_f1(truth: str, found: str) -> float:
    """F1 (0–1) of the two texts' bags of words, in capitals, cut at all but A–Z and digits."""
    wanted, got = Counter(_tokens(truth)), Counter(_tokens(found))
    both = sum((wanted & got).values())
    return 2 * both / max(wanted.total() + got.total(), 1)


def char_error(truth: str, found: str) -> float:
    """Edit distance of the two texts' letters A–Z and digits over the number of those in `truth`."""
    wanted, got = "".join(_tokens(truth)), "".join(_tokens(found))
    return Levenshtein.distance(wanted, got) / max(len(wanted), 1)


def _tokens(text: str) -> list[str]:
    return re.findall(r"[0-9A-Z]+", text.upper())


def _truth_words(data: dict[str, Any]) -> list[Word]:
    """The transcript's lines as words, row by row: transcripts do not say which lines share a row."""
    words: list[Word] = []
    for page in data["pages"]:
        boxed = []
        for line in page["lines"]:
            x0, y0, x1, y1 = line["bbox"]
            boxed.append(Word(line["text"], Box(1, x0, y0, x1 - x0, y1 - y0)))
        words += in_lines(boxed)
    return words


def _in_rows(found: ConvertedDocument) -> str:
    return " ".join(page.text for page in found.pages)


def _line(words: Sequence[Word]) -> dict[str, object]:
    scores = [word.score for word in words if word.score is not None]
    box = union([word.box for word in words])
    return {
        "text": " ".join(word.text for word in words),
        "box": asdict(box) if box else None,
        "score": round(mean(scores), 4) if scores else None,
    }


def _cpu_s() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def main() -> None:
    arguments = _arguments()
    arguments.out_dir.mkdir(parents=True, exist_ok=True)
    engines = ConvertOptions().ocr_engines if arguments.engine == "chain" else (arguments.engine,)
    options = ConvertOptions(ocr_engines=engines)
    if "rapidocr" in engines:
        rapid.preload()
    else:
        upright.preload()
    sources = sorted(
        path for path in arguments.in_dir.iterdir() if path.is_file() and kind_of(path) in IMAGES
    )
    started = time.perf_counter()
    outcomes = {path: read_file(path, arguments.out_dir, options, arguments.truth) for path in sources}
    print(json.dumps(_figures(outcomes, time.perf_counter() - started)))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.ocr")
    parser.add_argument("in_dir", type=Path)
    parser.add_argument("out_dir", type=Path)
    parser.add_argument("--engine", choices=("chain", "rapidocr", "tesseract", "easyocr"), default="chain")
    parser.add_argument("--truth", type=Path)
    return parser.parse_args()


def _figures(outcomes: dict[Path, Outcome], seconds: float) -> dict[str, object]:
    read = list(outcomes.values())
    pages = sum(outcome.pages for outcome in read)
    cpu_s = sum(outcome.cpu_s for outcome in read)
    figures: dict[str, object] = {
        "documents": len(outcomes),
        "pages": pages,
        "seconds": round(seconds, 3),
        "cpu_seconds": round(cpu_s, 3),
        "pages_per_cpu_s": round(pages / cpu_s, 3) if cpu_s else 0.0,
        "cpu_s_per_page": round(median(o.cpu_s / o.pages for o in read if o.pages), 3) if pages else 0.0,
        "engines": Counter(engine for outcome in read for engine in outcome.engines),
        "failures": {path.name: outcome.failure for path, outcome in outcomes.items() if outcome.failure},
    }
    # A failed page has read nothing of its transcript.
    scored = [o for o in read if o.word_f1 is not None or o.failure]
    if any(o.word_f1 is not None for o in read):
        figures["word_f1"] = round(mean(o.word_f1 or 0.0 for o in scored), 4)
        figures["char_error"] = round(mean(1.0 if o.char_error is None else o.char_error for o in scored), 4)
    return figures


if __name__ == "__main__":
    main()
