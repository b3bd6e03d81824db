"""What a correction does to the other fields."""

from __future__ import annotations

import pytest

from extraction.selectors import current_extraction
from extraction.services.review import fields_correct

pytestmark = pytest.mark.django_db


@pytest.fixture
def document(process, samples):
    return process(samples["invoice-en-wrong-sum.pdf"][1])


def total_that_fits(document):
    values = current_extraction(document).values()
    return f"{float(values['net']) + float(values['tax']):.2f}"


def test_the_right_total_clears_net_and_tax_as_well(document, admin):
    before = current_extraction(document)
    assert all(before.fields[name]["errors"] for name in ("net", "tax", "total"))
    after = fields_correct(document=document, actor=admin, fields={"total": total_that_fits(document)})
    for name in ("net", "tax"):
        assert after.fields[name]["errors"] == []
        assert after.fields[name]["needs_review"] is False
        assert after.fields[name]["score"] > before.fields[name]["score"]
    assert after.fields["total"]["score"] == 100
    assert "validation_failed" not in after.flags
    assert after.confidence_score > before.confidence_score


def test_a_correction_that_breaks_a_sum_is_shown_where_nobody_was(process, samples, admin):
    document = process(samples["invoice-en-classic.pdf"][1])
    after = fields_correct(document=document, actor=admin, fields={"total": "1.00"})
    assert any("is not total 1.00" in text for text in after.fields["net"]["errors"])
    assert after.fields["total"]["errors"] == [], "what a person entered is not argued with"
    assert "validation_failed" in after.flags


def test_a_correction_elsewhere_leaves_the_contradiction(document, admin):
    after = fields_correct(document=document, actor=admin, fields={"buyer_name": "Somebody Ltd"})
    assert after.fields["total"]["errors"]
    assert "validation_failed" in after.flags


def test_the_score_after_a_correction_follows_the_same_rule(process, samples, admin):
    document = process(samples["rechnung-de.pdf"][1])
    before = document.confidence_score
    after = fields_correct(document=document, actor=admin, fields={"invoice_number": "RE-1"})
    assert abs(after.confidence_score - before) < 3
