"""Boosted trees read from a file and evaluated with numpy, so that workers need no training library.

The file is written by `python -m bench.extraction train` from scikit-learn's histogram gradient boosting
(HistGradientBoostingClassifier, after LightGBM: Ke et al., 2017): per family of fields the names of the
features, the score every candidate starts with, trees whose leaves add to it, and the confidence curve
(slope, lead, shift; see calibrate.py). Scores are log-odds.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

MODEL = Path(__file__).parent / "models" / "ranker.json"


@dataclass(frozen=True, slots=True)
class Forest:
    """The trees of one family as arrays of shape (trees, nodes); a leaf points to itself."""

    names: tuple[str, ...]
    start: float
    feature: NDArray[np.int64]
    threshold: NDArray[np.float64]
    left: NDArray[np.int64]
    right: NDArray[np.int64]
    value: NDArray[np.float64]
    depth: int
    curve: tuple[float, float, float] | None

    def scores(self, rows: Sequence[Mapping[str, float]]) -> list[float]:
        """The log-odds of every row of features; features that a row does not name are 0."""
        seen = np.array([[row.get(name, 0.0) for name in self.names] for row in rows])
        trees = np.arange(len(self.feature))[None, :]
        lines = np.arange(len(rows))[:, None]
        node = np.zeros((len(rows), len(self.feature)), dtype=np.int64)
        for _ in range(self.depth):
            goes_left = seen[lines, self.feature[trees, node]] <= self.threshold[trees, node]
            node = np.where(goes_left, self.left[trees, node], self.right[trees, node])
        total: NDArray[np.float64] = self.start + self.value[trees, node].sum(axis=1)
        return [float(score) for score in total]


@lru_cache(maxsize=1)
def shipped() -> dict[str, Forest]:
    """The trained families. Reads the model file the first time."""
    return forests(json.loads(MODEL.read_text(encoding="utf-8"))) if MODEL.exists() else {}


def forests(data: Mapping[str, Any]) -> dict[str, Forest]:
    return {family: _forest(entry) for family, entry in data.items()}


def _forest(entry: Mapping[str, Any]) -> Forest:
    trees = entry["trees"]
    widest = max(len(tree["value"]) for tree in trees)

    def padded(key: str, kind: type) -> NDArray[Any]:
        return np.array([tree[key] + [0] * (widest - len(tree[key])) for tree in trees], dtype=kind)

    return Forest(
        names=tuple(entry["features"]),
        start=float(entry["start"]),
        feature=padded("feature", np.int64),
        threshold=padded("threshold", np.float64),
        left=padded("left", np.int64),
        right=padded("right", np.int64),
        value=padded("value", np.float64),
        depth=int(entry["depth"]),
        curve=tuple(entry["curve"]) if "curve" in entry else None,
    )
