"""Upload → settled on the running stack: `python -m bench.pipeline [FILE_OR_FOLDER] [--documents 60]`.

Needs a running `make run` in this checkout (`RATE_LIMITS=off make run` for more than 60 documents) and sends
documents to the Globex workspace of its demo, so it does write to that database. Without an argument it sends
the sample German invoice. Prints one JSON line: documents, docs_per_s, cpu_s_per_doc over all processes,
idle_p50_s and idle_p90_s (one document at a time), pss_mb.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from itertools import cycle, islice
from pathlib import Path

import httpx

from bench.live import VAR, client, cpu_seconds, family, pss_mb, send, settled, statuses, supervisor

SINGLES = 11
LIMIT_S = 900


def one_by_one(api: httpx.Client, paths: list[Path]) -> list[float]:
    """Seconds from upload to settled, one document at a time on an otherwise idle stack."""
    spent = []
    for path in islice(cycle(paths), SINGLES):
        started = time.monotonic()
        send(api, path, wait="60")
        spent.append(time.monotonic() - started)
    return sorted(spent)


def all_at_once(api: httpx.Client, paths: list[Path], count: int) -> tuple[float, float]:
    """Seconds and CPU-seconds until all are settled."""
    started, cpu = time.monotonic(), cpu_seconds(family(supervisor()))
    ids = [str(send(api, path)["document_id"]) for path in islice(cycle(paths), count)]
    while settled(statuses(api, ids)) < count and time.monotonic() - started < LIMIT_S:
        time.sleep(0.3)
    return time.monotonic() - started, cpu_seconds(family(supervisor())) - cpu


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", nargs="?", type=Path, default=VAR / "samples" / "rechnung-de.pdf")
    parser.add_argument("--documents", type=int, default=60)
    wanted = parser.parse_args()
    paths = sorted(wanted.source.iterdir()) if wanted.source.is_dir() else [wanted.source]
    api = client()
    singles = one_by_one(api, paths)
    seconds, cpu = all_at_once(api, paths, wanted.documents)
    figures = {
        "documents": wanted.documents,
        "docs_per_s": round(wanted.documents / seconds, 2),
        "cpu_s_per_doc": round(cpu / wanted.documents, 3),
        "idle_p50_s": round(statistics.median(singles), 3),
        "idle_p90_s": round(singles[int(0.9 * len(singles))], 3),
        "pss_mb": round(pss_mb(family(supervisor()))),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
