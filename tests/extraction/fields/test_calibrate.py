"""Confidence curves: monotone, fitted on shared data only, near their prior where nothing speaks against it."""

from __future__ import annotations

import json
from pathlib import Path

from bench.extraction.calibration import LEAST, PRIOR, Answered, fit
from bench.extraction.examples import Example, invoice_examples, real_examples, receipt_examples
from extraction.engines.fields.calibrate import Curve, curve_of
from extraction.engines.fields.trees import shipped


def answered(pairs: list[tuple[float, bool]]) -> list[Answered]:
    return [
        Answered("money", f"firm {at % 9}", score, score, held=False, right=right, weight=1.0)
        for at, (score, right) in enumerate(pairs)
    ]


def test_a_family_without_errors_keeps_a_curve_that_rises() -> None:
    curve = fit(answered([(3.0, True)] * 40))
    assert curve(3.0, 3.0) >= PRIOR(3.0, 3.0)
    assert curve(4.0, 3.0) > curve(1.0, 1.0)


def test_many_errors_at_low_scores_make_low_scores_unsure() -> None:
    curve = fit(answered([(0.5, False)] * 80 + [(4.0, True)] * 80))
    assert curve(0.5, 0.5) < 0.4
    assert curve(4.0, 4.0) > 0.9


def test_errors_on_high_scores_never_turn_the_curve_round() -> None:
    curve = fit(answered([(0.5, True)] * 80 + [(4.0, False)] * 80))
    assert curve.slope >= LEAST[0]
    assert curve.lead >= LEAST[1]


def test_every_shipped_curve_rises_with_the_evidence() -> None:
    for family in shipped():
        curve = curve_of(family)
        assert isinstance(curve, Curve)
        assert curve(4.0, 6.0) > curve(0.0, 0.0), family


def test_sets_for_research_only_are_never_opened(tmp_path: Path) -> None:
    research = {
        "file": "sroie/1.pdf", "boxes": None, "set": "sroie", "doc_type": "receipt", "sender": "x", "fields": {},
    }  # fmt: skip
    truth = tmp_path / "truth.json"
    truth.write_text(json.dumps({"documents": [research]}), encoding="utf-8")
    assert list(real_examples(truth)) == []


def words(example: Example) -> list[str]:
    return [word.text for page in example.document.pages for word in page.words]


def test_invented_papers_are_the_same_for_the_same_seed_and_differ_otherwise() -> None:
    for make in (receipt_examples, invoice_examples):
        first, again, other = (words(next(iter(make(1, name)))) for name in ("a", "a", "b"))
        assert first == again
        assert first != other


def test_what_an_invented_paper_claims_to_be_true_is_printed_on_it() -> None:
    for example in invoice_examples(40):
        printed = "".join("".join(words(example)).split())
        number = example.truth.get("invoice_number", "")
        assert number in printed or example.document.method == "ocr"
