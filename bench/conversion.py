"""Converts a folder of documents with the product's own engine and times it.

    python -m bench.conversion IN_DIR OUT_DIR [--profile plain|rich] [--jobs 1]

Every file of IN_DIR becomes OUT_DIR/<stem>.md; the rich profile puts figures into OUT_DIR/<stem>-figures/.
The last line is one JSON object; CPU seconds are those of reading and rendering, imports left out.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from extraction.engines.convert import ConvertOptions, EngineError, convert
from extraction.engines.convert.figures import figure_images
from extraction.engines.convert.filetypes import kind_of
from extraction.engines.convert.render import Profile, to_markdown


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one file cost and gave."""

    pages: int = 0
    cpu_s: float = 0.0
    failure: str = ""


def convert_file(source: Path, out_dir: Path, profile: Profile) -> Outcome:
    """Write the file's Markdown, and for the rich profile its figures."""
    started = time.process_time()
    try:
        found = convert(source, ConvertOptions())
    except EngineError as error:
        return Outcome(cpu_s=time.process_time() - started, failure=error.code)
    folder = f"{source.stem}-figures"
    markdown = to_markdown(found, profile=profile, figure_folder=folder)
    (out_dir / f"{source.stem}.md").write_text(markdown, encoding="utf-8")
    if profile == "rich" and found.figures:
        (out_dir / folder).mkdir(exist_ok=True)
        for figure in figure_images(source, found.figures, content_type=kind_of(source)):
            (out_dir / folder / figure.name).write_bytes(figure.png)
    return Outcome(len(found.pages), time.process_time() - started)


def main() -> None:
    arguments = _arguments()
    arguments.out_dir.mkdir(parents=True, exist_ok=True)
    sources = sorted(path for path in arguments.in_dir.iterdir() if path.is_file() and kind_of(path))
    work = partial(convert_file, out_dir=arguments.out_dir, profile=arguments.profile)
    started = time.perf_counter()
    outcomes = dict(_outcomes(sources, work, arguments.jobs))
    print(json.dumps(_figures(outcomes, time.perf_counter() - started)))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.conversion")
    parser.add_argument("in_dir", type=Path)
    parser.add_argument("out_dir", type=Path)
    parser.add_argument("--profile", choices=("plain", "rich"), default="plain")
    parser.add_argument("--jobs", type=int, default=1)
    return parser.parse_args()


def _outcomes(sources: list[Path], work: partial[Outcome], jobs: int) -> Iterator[tuple[Path, Outcome]]:
    """Each file's outcome. A file that kills its process is a failure; the files after it get a new pool."""
    waiting = list(sources)
    while waiting:
        with ProcessPoolExecutor(max_workers=jobs) as pool:
            futures = [(source, pool.submit(work, source)) for source in waiting]
            for source, future in futures:
                outcome = _outcome(future)
                waiting.remove(source)
                yield source, outcome
                if outcome.failure == "crash":
                    break


def _outcome(future: Future[Outcome]) -> Outcome:
    try:
        return future.result()
    except BrokenProcessPool:
        return Outcome(failure="crash")


def _figures(outcomes: dict[Path, Outcome], seconds: float) -> dict[str, object]:
    pages = sum(outcome.pages for outcome in outcomes.values())
    cpu_s = sum(outcome.cpu_s for outcome in outcomes.values())
    return {
        "documents": len(outcomes),
        "pages": pages,
        "seconds": round(seconds, 3),
        "cpu_seconds": round(cpu_s, 3),
        "pages_per_cpu_s": round(pages / cpu_s, 1) if cpu_s else 0.0,
        "failures": {path.name: outcome.failure for path, outcome in outcomes.items() if outcome.failure},
    }


if __name__ == "__main__":
    main()
