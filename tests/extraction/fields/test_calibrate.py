"""Confidence curves: which way they may bend, and what they may be fitted on."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from bench.fit_calibration import LEAST, PRIOR, Answer, Example, Row, answer, e_invoices, fit, rows_of, worn
from extraction.engines.fields.calibrate import CURVES, DEFAULT_CURVE, Curve

from .paper import document, invoice

TRUTH = {"invoice_number": "INV-2026-0117", "total": "1190.00", "seller_name": "Northwind Traders Ltd"}


def example() -> Example:
    return Example(document(invoice()), "invoice", TRUTH, "northwind")


def rows(outcomes: list[tuple[float, bool]]) -> list[Row]:
    pairs = enumerate(outcomes)
    return [Row("money", f"sender {at}", score, score / 2, False, right) for at, (score, right) in pairs]


def read_and_wear(seed: int) -> tuple[Answer, Example]:
    plain = example()
    given = answer(plain)
    return given, worn(plain, given, random.Random(seed))


@pytest.mark.parametrize("curve", [*CURVES.values(), DEFAULT_CURVE])
def test_more_evidence_never_lowers_a_confidence(curve: Curve) -> None:
    assert curve(0.2, 0.1) < curve(0.6, 0.1) < curve(0.6, 0.5)


def test_a_family_without_errors_keeps_the_prior() -> None:
    assert fit(rows([(1.0, True)] * 50)) == PRIOR


def test_a_fit_lowers_the_confidence_in_what_was_often_wrong() -> None:
    curve = fit(rows([(0.4, at % 4 == 0) for at in range(80)] + [(1.4, True)] * 80))
    assert curve(0.4, 0.2) < 0.4
    assert curve(1.4, 0.7) > 0.9


def test_errors_on_high_scores_never_turn_the_curve_round() -> None:
    curve = fit(rows([(0.4, True)] * 80 + [(1.4, False)] * 80))
    assert min(curve.slope, curve.lead) >= LEAST


def test_values_that_failed_a_check_are_not_learnt_from() -> None:
    wrong_sum = Example(document(invoice(total="1,200.00")), "invoice", TRUTH, "northwind")
    assert {row.family for row in rows_of(wrong_sum, answer(wrong_sum))} == {"code", "seller"}


def test_the_same_seed_wears_a_page_in_the_same_way() -> None:
    (given, first), (_, second), (_, other) = read_and_wear(1), read_and_wear(1), read_and_wear(2)
    assert all(row.right for row in rows_of(example(), given))
    assert first.document == second.document
    assert first.document not in (other.document, example().document)


def test_sets_for_research_only_are_never_opened(tmp_path: Path) -> None:
    research = {"file": "sroie/1.pdf", "set": "sroie", "doc_type": "receipt", "sender": "x", "fields": {}}
    (tmp_path / "truth.json").write_text(json.dumps({"documents": [research]}), encoding="utf-8")
    assert list(e_invoices(tmp_path)) == []
