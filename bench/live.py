"""What the benchmarks against a running `make run` share: its address, its key, its processes."""

from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import Path
from typing import Any

import httpx

VAR = Path(os.environ.get("RECTO_VAR") or Path(__file__).resolve().parents[1] / "var")
OPEN = {"pending", "queued", "processing"}
TICKS = os.sysconf("SC_CLK_TCK")


def client() -> httpx.Client:
    """A REST client with the key of the demo's second workspace."""
    facts = json.loads((VAR / "demo.json").read_text())
    headers = {"Authorization": f"Bearer {facts['workspaces'][1]['api_key']}"}
    return httpx.Client(base_url=f"{facts['base_url']}/api/v1", headers=headers, timeout=60)


def send(api: httpx.Client, path: Path, **form: Any) -> dict[str, Any]:
    """Uploads the file as a document of its own; gives the answer."""
    data = {"on_duplicate": "allow", **form}
    response = api.post("/documents", files={"file": (path.name, path.read_bytes())}, data=data)
    response.raise_for_status()
    answer: dict[str, Any] = response.json()
    return answer


def statuses(api: httpx.Client, ids: list[str]) -> Counter[str]:
    """How many of the documents are in which state."""
    found: Counter[str] = Counter()
    for start in range(0, len(ids), 100):
        query: dict[str, Any] = {"ids": ",".join(ids[start : start + 100]), "limit": 200, "count": "false"}
        found.update(row["status"] for row in api.get("/documents", params=query).json()["results"])
    return found


def settled(found: Counter[str]) -> int:
    return sum(count for status, count in found.items() if status not in OPEN)


def supervisor() -> int:
    return int(json.loads((VAR / "services.json").read_text())["pid"])


def family(root: int) -> list[int]:
    """The process and everything below it, Postgres and Valkey included."""
    parents: dict[int, int] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(folder.name)] = int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1])
        except OSError:
            continue
    found = [root]
    for pid in found:
        found += [child for child, parent in parents.items() if parent == pid]
    return found


def cpu_seconds(pids: list[int]) -> float:
    """CPU time of the processes and of their ended children, so far."""
    total = 0
    for pid in pids:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        total += sum(int(value) for value in fields[11:15])
    return total / TICKS


def pss_mb(pids: list[int]) -> float:
    """Proportional set size of the processes together, in MB."""
    total = 0
    for pid in pids:
        try:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total / 1024
