"""Trees from scikit-learn, written as the plain lists that the product evaluates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

from bench.extraction.rows import Row

# More of these never makes a candidate likelier wrong (1) or likelier right (-1).
MONOTONE = {"label": 1, "certainty": 1, "hand": 1, "lead": 1, "rival": -1, "regex_miss": -1, "better": -1}
# Left to the trees by other features: which the place in the file would only teach by heart.
UNUSED = frozenset({"own", "page", "line"})
DIGITS = 5
# Trees and leaves: few, since invented papers teach habits that real ones do not have. Where a run of lines
# starts and ends is another matter, with more marks to tell it by.
USUAL_SIZE = (70, 6)
SIZES = {"address": (120, 12), "company": (100, 8)}


def fit(family: str, rows: Sequence[Row]) -> dict[str, Any]:
    """The trees of one family; the same rows give the same trees."""
    trees, leaves = SIZES.get(family, USUAL_SIZE)
    names = sorted({name for row in rows for name in row.features} - UNUSED)
    seen = np.array([[row.features.get(name, 0.0) for name in names] for row in rows])
    model = HistGradientBoostingClassifier(
        learning_rate=0.1,
        max_iter=trees,
        max_leaf_nodes=leaves,
        min_samples_leaf=60,
        l2_regularization=20.0,
        early_stopping=False,
        monotonic_cst=[MONOTONE.get(name, 0) for name in names],
        random_state=0,
    )
    model.fit(seen, [row.right for row in rows], sample_weight=[row.weight for row in rows])
    return {
        "features": names,
        "start": round(float(model._baseline_prediction.ravel()[0]), DIGITS),
        "depth": max(int(stage[0].get_max_depth()) for stage in model._predictors),
        "trees": [_tree(stage[0].nodes) for stage in model._predictors],
    }


def _tree(nodes: Any) -> dict[str, list[Any]]:
    leaf = nodes["is_leaf"].astype(bool)
    own = np.arange(len(nodes))
    return {
        "feature": np.where(leaf, 0, nodes["feature_idx"]).tolist(),
        "threshold": [round(float(value), DIGITS) for value in np.where(leaf, 0.0, nodes["num_threshold"])],
        "left": np.where(leaf, own, nodes["left"]).tolist(),
        "right": np.where(leaf, own, nodes["right"]).tolist(),
        "value": [round(float(value), DIGITS) for value in np.where(leaf, nodes["value"], 0.0)],
    }
