"""Two people, one queue: nobody is given what another looks at."""

from __future__ import annotations

import pytest
from django.test import Client

from extraction.queue import next_in_queue
from extraction.services.review import review_claim, review_release

pytestmark = pytest.mark.django_db


@pytest.fixture
def document(process, samples):
    return process(samples["invoice-en-wrong-sum.pdf"][1])


def test_a_claimed_document_is_not_given_to_another(document, reviewer, admin):
    assert review_claim(document=document, actor=reviewer)
    assert not review_claim(document=document, actor=admin)
    assert next_in_queue(actor=admin) is None
    assert next_in_queue(actor=reviewer) == document


def test_leaving_it_undecided_gives_it_back(document, reviewer, admin):
    review_claim(document=document, actor=reviewer)
    review_release(document=document, actor=reviewer)
    assert review_claim(document=document, actor=admin)


def test_nobody_releases_what_another_holds(document, reviewer, admin):
    review_claim(document=document, actor=reviewer)
    review_release(document=document, actor=admin)
    assert not review_claim(document=document, actor=admin)


def test_skipping_in_the_browser_releases(document, process, samples, reviewer, admin):
    process(samples["invoice-en-wrong-sum.pdf"][1], on_duplicate="allow")
    client = Client()
    client.force_login(reviewer.user)
    client.get(f"/review/{document.pk}")
    assert not review_claim(document=document, actor=admin)
    client.get(f"/review/next?after={document.pk}")
    assert review_claim(document=document, actor=admin)
