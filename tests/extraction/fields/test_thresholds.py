"""What a threshold lets pass, and how sure one can be of it."""

from __future__ import annotations

import random
from math import comb

import pytest

from extraction.engines.fields.thresholds import (
    CURVE,
    Tally,
    advise,
    curve,
    least_reviews,
    point,
    wilson,
)


@pytest.mark.parametrize(
    ("wrong", "reviewed", "lower", "upper"),
    [(0, 10, 0.0, 0.2129), (3, 412, 0.0029, 0.0181), (50, 100, 0.4187, 0.5813), (10, 10, 0.7871, 1.0)],
)
def test_the_bounds_are_wilsons(wrong, reviewed, lower, upper):
    assert wilson(wrong, reviewed) == (pytest.approx(lower, abs=2e-4), pytest.approx(upper, abs=2e-4))


def covered(rate: float, reviewed: int) -> float:
    """How often the upper bound is right when this share is really wrong."""
    return sum(
        comb(reviewed, wrong) * rate**wrong * (1 - rate) ** (reviewed - wrong)
        for wrong in range(reviewed + 1)
        if wilson(wrong, reviewed)[1] >= rate
    )


@pytest.mark.parametrize("reviewed", [60, 300, 1000])
def test_the_upper_bound_holds_about_as_often_as_it_says(reviewed):
    rates = [0.01, 0.02, 0.05, 0.1, 0.3]
    mean = sum(covered(rate, reviewed) for rate in rates) / len(rates)
    assert mean == pytest.approx(0.95, abs=0.03)


@pytest.mark.parametrize(("wrong", "reviewed"), [(0, 0), (-1, 5), (6, 5)])
def test_a_share_of_nothing_is_refused(wrong, reviewed):
    with pytest.raises(ValueError, match="share"):
        wilson(wrong, reviewed)


TALLIES = [Tally(60, 100, 50, 20), Tally(80, 200, 100, 3), Tally(95.5, 600, 300, 0)]


def test_what_is_at_the_threshold_passes_and_what_is_stopped_counts_in_the_whole():
    assert point(80, TALLIES, 1000).documents == 800
    found = point(80.1, TALLIES, 1000)
    assert (found.documents, found.reviewed, found.wrong, found.pass_share) == (600, 300, 0, 0.6)
    nothing = point(96, TALLIES, 1000)
    assert (nothing.pass_share, nothing.error_rate, nothing.error_upper) == (0.0, None, None)


def test_without_any_document_there_is_a_curve_of_nothing():
    assert {found.pass_share for found in curve([], 0)} == {0.0}
    assert advise([], 0).doubt == "too_few_reviews"


def test_the_curve_falls_and_has_about_twenty_points():
    shares = [found.pass_share for found in curve(TALLIES, 1000)]
    assert len(shares) == len(CURVE) == 21
    assert shares == sorted(shares, reverse=True)


def test_the_lowest_threshold_that_is_precise_enough_is_advised():
    assert advise(TALLIES, 1000, 0.99).threshold == 81
    assert advise(TALLIES, 1000, 0.98).threshold == 61
    assert advise(TALLIES, 1000, 0.9).threshold == 0, "all together 23 of 450 are wrong"


def test_advice_says_why_there_is_none():
    few = advise([Tally(99, 1000, 50, 0)], 1000, 0.99)
    assert (few.threshold, few.doubt, few.needed) == (None, "too_few_reviews", 268)
    bad = advise([Tally(99, 1000, 900, 200)], 1000, 0.99)
    assert (bad.threshold, bad.doubt) == (None, "not_precise_enough")


@pytest.mark.parametrize("precision", [0.5, 0.9, 0.95, 0.99, 0.999])
def test_one_review_fewer_than_needed_is_too_few(precision):
    needed = least_reviews(precision)
    assert 1 - wilson(0, needed)[1] >= precision
    assert 1 - wilson(0, needed - 1)[1] < precision


def test_advice_from_a_sample_holds_for_the_rest():
    """The advised threshold keeps its promise on documents that it has not seen."""
    rng = random.Random(7)
    kept = 0
    for _ in range(40):
        scores = [rng.uniform(80, 100) for _ in range(3000)]
        tallies = [Tally(score, 1, 1, int(rng.random() > score / 100)) for score in scores]
        found = advise(tallies, len(tallies), 0.95).threshold
        assert found is not None
        kept += (found + 100) / 200 >= 0.95
    assert kept >= 34
