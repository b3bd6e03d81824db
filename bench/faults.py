"""Documents while the worker is killed: `python -m bench.faults [--documents 50] [--kills 2]`.

Needs a running `make run` in this checkout and sends the sample documents to the Globex workspace of its
demo, so it does write to that database. Prints one JSON line: documents, kills, settled, lost, doubled,
seconds.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import time
from collections import Counter
from itertools import cycle, islice
from pathlib import Path

import httpx

from bench.live import VAR, client, send, settled, statuses, supervisor

FILES = ["rechnung-de.pdf", "facture-fr.pdf", "invoice-en-long.pdf", "report-two-columns.pdf", "minutes.docx"]
LIMIT_S = 300


def kill_worker() -> bool:
    """Sends SIGKILL to the worker's main process; False when none runs at this moment."""
    parent_pid = supervisor()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1])
            if parent == parent_pid and b"celery" in (folder / "cmdline").read_bytes():
                os.kill(int(folder.name), signal.SIGKILL)
                return True
        except OSError:
            continue
    return False


def extractions(api: httpx.Client, document_id: str) -> int:
    return int(api.get(f"/documents/{document_id}/extractions").json()["pagination"]["total_count"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=50)
    parser.add_argument("--kills", type=int, default=2)
    wanted = parser.parse_args()
    api, started = client(), time.monotonic()
    paths = islice(cycle(VAR / "samples" / name for name in FILES), wanted.documents)
    ids = [str(send(api, path)["document_id"]) for path in paths]
    killed, found = 0, Counter[str]()
    while time.monotonic() - started < LIMIT_S:
        found = statuses(api, ids)
        done = settled(found)
        if done == len(ids):
            break
        if killed < wanted.kills and done >= (killed + 1) * len(ids) / (wanted.kills + 2):
            killed += kill_worker()
        time.sleep(0.2)
    figures = {
        "documents": len(ids),
        "kills": killed,
        "settled": settled(found),
        "lost": len(ids) - settled(found),
        "doubled": sum(extractions(api, document_id) > 1 for document_id in ids),
        "statuses": dict(found),
        "seconds": round(time.monotonic() - started, 1),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
