"""The trees that ship: the same rows give the same trees, and numpy walks them as the library would."""

from __future__ import annotations

import json
import random

import numpy as np
import pytest

from bench.extraction.boosting import fit
from bench.extraction.rows import Row
from extraction.engines.fields.trees import MODEL, forests, shipped


def rows(count: int = 600) -> list[Row]:
    rng = random.Random(4)
    made = []
    for _ in range(count):
        seen = {"label": rng.random(), "depth": rng.random(), "rival": rng.random()}
        right = seen["label"] + 0.3 * seen["depth"] > 0.8
        made.append(Row(seen, right, 1.0, "a"))
    return made


def test_the_same_rows_give_the_same_trees() -> None:
    assert json.dumps(fit("money", rows())) == json.dumps(fit("money", rows()))


def test_what_speaks_for_a_candidate_raises_its_score() -> None:
    forest = forests({"money": fit("money", rows())})["money"]
    low, high = forest.scores([{"label": 0.1, "depth": 0.5}, {"label": 0.95, "depth": 0.5}])
    assert low < 0 < high


def test_a_label_never_lowers_a_score_whatever_else_is_seen() -> None:
    forest = shipped()["money"]
    rng = random.Random(2)
    for _ in range(50):
        seen = {name: rng.choice((0.0, 0.5, 1.0)) for name in forest.names}
        scores = forest.scores([seen | {"label": label} for label in (0.0, 0.3, 0.6, 0.9)])
        assert scores == sorted(scores)


def test_rows_are_judged_one_by_one_as_together() -> None:
    forest = shipped()["date"]
    seen = [{"label": at / 7, "depth": 1 - at / 7, "certainty": 1.0} for at in range(8)]
    together = forest.scores(seen)
    assert together == pytest.approx([forest.scores([one])[0] for one in seen])
    assert len(set(np.round(together, 3))) > 1


def test_the_model_that_ships_is_small() -> None:
    assert MODEL.stat().st_size < 5 * 1024 * 1024
