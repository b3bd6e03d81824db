"""Our conversion beside other converters, on the same PDFs in the same run.

    python -m bench.peers IN_DIR OUT_DIR [--truth DIR --scorer SCORE.PY] [--rounds 3]

Each engine reads every PDF of IN_DIR in this one process, turn by turn: the machine is equally busy for all;
 OUT_DIR/<engine>/<stem>.md is what it wrote. A speed is the median of the rounds after one round of
warming up. With a truth folder, `SCORE.PY OUT_DIR/<engine> DIR --json FILE` is run for each. The last line is
one JSON object.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from statistics import median
from typing import Any

from extraction.engines.convert import ConvertOptions, convert
from extraction.engines.convert.render import to_markdown


def recto(path: Path) -> str:
    return to_markdown(convert(path, ConvertOptions()), profile="plain")


@cache
def _liteparse() -> Any:
    import liteparse

    return liteparse.LiteParse(
        ocr_enabled=False, output_format="markdown", keep_headers_footers=True, extract_links=False,
        image_mode="off", quiet=True,
    )  # fmt: skip


def liteparse(path: Path) -> str:
    """Without OCR and with headers kept: its best setting for this measure that we know of."""
    return str(_liteparse().parse(path.read_bytes()).text)


def liteparse_boxes(path: Path) -> str:
    """The same with blocks and word boxes, which is what we ask of it and start from."""
    import liteparse

    parser = liteparse.LiteParse(
        ocr_enabled=False, output_format="markdown", keep_headers_footers=True, extract_links=False,
        image_mode="off", quiet=True, extract_blocks=True, emit_word_boxes=True, include_complexity=True,
    )  # fmt: skip
    return str(parser.parse(path.read_bytes()).text)


def pdfplumber(path: Path) -> str:
    """Text, then the tables it finds as HTML."""
    import pdfplumber

    parts: list[str] = []
    with pdfplumber.open(path) as document:
        for page in document.pages:
            parts.append(page.extract_text() or "")
            parts += map(_html, page.extract_tables())
    return "\n\n".join(parts)


def _html(table: list[list[str | None]]) -> str:
    rows = ("".join(f"<td>{cell or ''}</td>" for cell in row) for row in table)
    return "<table>" + "".join(f"<tr>{row}</tr>" for row in rows) + "</table>"


@cache
def _markitdown() -> Any:
    from markitdown import MarkItDown

    return MarkItDown()


def markitdown(path: Path) -> str:
    return str(_markitdown().convert(path).text_content)


ENGINES: dict[str, Callable[[Path], str]] = {
    "recto": recto,
    "liteparse": liteparse,
    "liteparse_boxes": liteparse_boxes,
    "pdfplumber": pdfplumber,
    "markitdown": markitdown,
}


def main() -> None:
    arguments = _arguments()
    sources = sorted(arguments.in_dir.glob("*.pdf"))
    for path in sources:
        _turn(path, arguments.out_dir)
    rounds = [_round(sources, arguments.out_dir) for _ in range(arguments.rounds)]
    result: dict[str, dict[str, float]] = {}
    for name in ENGINES:
        cpu_s = median(spent[name] for spent in rounds)
        result[name] = {"documents_per_cpu_s": round(len(sources) / cpu_s, 1)}
        if arguments.truth and arguments.scorer:
            result[name] |= _scores(arguments.out_dir / name, arguments)
    print(json.dumps({"documents": len(sources), "rounds": len(rounds), "engines": result}))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.peers")
    parser.add_argument("in_dir", type=Path)
    parser.add_argument("out_dir", type=Path)
    parser.add_argument("--truth", type=Path)
    parser.add_argument("--scorer", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    return parser.parse_args()


def _round(sources: list[Path], out_dir: Path) -> dict[str, float]:
    """CPU seconds of each engine over all files; the engines take turns at every file."""
    spent = dict.fromkeys(ENGINES, 0.0)
    for path in sources:
        for name, seconds in _turn(path, out_dir).items():
            spent[name] += seconds
    return spent


def _turn(path: Path, out_dir: Path) -> dict[str, float]:
    spent: dict[str, float] = {}
    for name, read in ENGINES.items():
        target = out_dir / name / f"{path.stem}.md"
        target.parent.mkdir(parents=True, exist_ok=True)
        started = time.process_time()
        text = read(path)
        spent[name] = time.process_time() - started
        target.write_text(text, encoding="utf-8")
    return spent


def _scores(written: Path, arguments: argparse.Namespace) -> dict[str, float]:
    """The scorer's mean figures for one engine."""
    report = written.with_suffix(".json")
    command = [sys.executable, arguments.scorer, written, arguments.truth, "--json", report]
    subprocess.run(list(map(str, command)), check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our arguments
    found = json.loads(report.read_text())
    return {name: round(found["mean"][name], 4) for name in ("overall", "nid", "teds", "mhs")}


if __name__ == "__main__":
    main()
