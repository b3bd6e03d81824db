"""Documents while the worker is killed: `python -m bench.faults [--documents 50] [--kills 2]`.

Needs a running `make run` in this checkout and sends the sample documents to the Globex workspace of its demo,
so it does write to that database. Prints one JSON line: documents, kills, settled, lost, doubled, seconds.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import time
from collections import Counter
from pathlib import Path
from typing import Any

import httpx

VAR = Path(os.environ.get("RECTO_VAR") or Path(__file__).resolve().parents[1] / "var")
FILES = ["rechnung-de.pdf", "facture-fr.pdf", "invoice-en-long.pdf", "report-two-columns.pdf", "minutes.docx"]
OPEN = {"pending", "queued", "processing"}
LIMIT_S = 300


def client() -> httpx.Client:
    facts = json.loads((VAR / "demo.json").read_text())
    headers = {"Authorization": f"Bearer {facts['workspaces'][1]['api_key']}"}
    return httpx.Client(base_url=f"{facts['base_url']}/api/v1", headers=headers, timeout=60)


def send(api: httpx.Client, number: int) -> str:
    name = FILES[number % len(FILES)]
    files = {"file": (f"{number}-{name}", (VAR / "samples" / name).read_bytes())}
    response = api.post("/documents", files=files, data={"on_duplicate": "allow"})
    response.raise_for_status()
    return str(response.json()["document_id"])


def statuses(api: httpx.Client, ids: list[str]) -> Counter[str]:
    found: Counter[str] = Counter()
    for start in range(0, len(ids), 100):
        query: dict[str, Any] = {"ids": ",".join(ids[start : start + 100]), "limit": 200}
        found.update(row["status"] for row in api.get("/documents", params=query).json()["results"])
    return found


def kill_worker() -> bool:
    """Sends SIGKILL to the worker's main process; False when none runs at this moment."""
    supervisor = json.loads((VAR / "services.json").read_text())["pid"]
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1])
            if parent == supervisor and b"celery" in (folder / "cmdline").read_bytes():
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
    ids = [send(api, number) for number in range(wanted.documents)]
    killed, found = 0, Counter[str]()
    while time.monotonic() - started < LIMIT_S:
        found = statuses(api, ids)
        done = sum(count for status, count in found.items() if status not in OPEN)
        if done == len(ids):
            break
        if killed < wanted.kills and done >= (killed + 1) * len(ids) / (wanted.kills + 2):
            killed += kill_worker()
        time.sleep(0.2)
    settled = sum(count for status, count in found.items() if status not in OPEN)
    figures = {
        "documents": len(ids),
        "kills": killed,
        "settled": settled,
        "lost": len(ids) - settled,
        "doubled": sum(extractions(api, document_id) > 1 for document_id in ids),
        "statuses": dict(found),
        "seconds": round(time.monotonic() - started, 1),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
