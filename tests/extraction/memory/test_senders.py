"""Whose document it is: recognised by its letterhead, not confused with others."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from extraction.engines.blocks import ConvertedDocument
from extraction.engines.fields.builtin import INVOICE
from extraction.engines.fields.candidates import Reading
from extraction.engines.fields.memory.prints import (
    SenderPrint,
    fingerprint,
    recognise,
    search_keys,
    similarity,
)
from tests.extraction.fields.paper import document

from .papers import bakery, sawmill


def print_of(paper: ConvertedDocument) -> SenderPrint:
    return fingerprint(Reading(paper, INVOICE, "invoice", None))


def misread(paper: ConvertedDocument) -> ConvertedDocument:
    """The same page as a poor scan gives it: every seventh word with a wrong letter."""
    page = paper.pages[0]
    words = tuple(
        replace(word, text=word.text[:-1] + "l") if at % 7 == 0 and len(word.text) > 4 else word
        for at, word in enumerate(page.words)
    )
    return replace(paper, pages=(replace(page, words=words),), method="ocr")


FIRST = sawmill("T-1041", "03.11.2026", "231,00")
SECOND = sawmill("T-1077", "17.12.2026", "1.404,50", extra=5)


def test_two_documents_of_a_sender_have_nearly_the_same_print():
    assert similarity(print_of(FIRST), print_of(SECOND)) > 0.9


def test_a_poor_scan_is_still_recognised():
    assert similarity(print_of(FIRST), print_of(misread(SECOND))) > 0.6


def test_two_senders_with_the_same_buyer_are_not_confused():
    assert similarity(print_of(FIRST), print_of(bakery("B-7", "53,55"))) < 0.4
    assert recognise(print_of(bakery("B-7", "53,55")), {"sawmill": [print_of(FIRST)]}) is None


def test_the_right_one_of_several_senders_is_recognised():
    known = {"sawmill": [print_of(FIRST)], "bakery": [print_of(bakery("B-7", "53,55"))]}
    found = recognise(print_of(bakery("B-9", "11,00")), known)
    assert found is not None
    assert found[0] == "bakery"


def test_what_everybody_prints_tells_nobody():
    shared = tuple(f"printed by the same program line {letter}" for letter in "abcdef")
    known = {name: [SenderPrint((f"{name} trading house", *shared))] for name in ("alder", "beech", "cedar")}
    assert recognise(SenderPrint(("quite another firm", *shared)), known) is None
    found = recognise(SenderPrint(("beech trading house", *shared)), known)
    assert found is not None
    assert found[0] == "beech"


@pytest.mark.parametrize("host", ["www.tannhof.com.my", "rechnung@tannhof.de", "https://shop.tannhof.co.uk"])
def test_a_web_address_names_its_owner(host):
    assert "web:tannhof" in print_of(document([f"Some Firm {host}"])).ids


def test_a_print_survives_json_and_an_old_version_matches_nobody():
    seen = print_of(FIRST)
    assert SenderPrint.from_json(json.loads(json.dumps(seen.to_json()))) == seen
    assert not SenderPrint.from_json({**seen.to_json(), "v": 0})


def test_a_print_is_small():
    assert len(json.dumps(print_of(SECOND).to_json())) < 1000


def test_an_empty_page_has_no_print():
    empty = print_of(document([]))
    assert not empty
    assert similarity(empty, print_of(FIRST)) == 0.0


def test_documents_of_a_sender_share_search_keys_others_few():
    mine, again = set(search_keys(print_of(FIRST))), set(search_keys(print_of(misread(SECOND))))
    other = set(search_keys(print_of(bakery("B-7", "53,55"))))
    assert len(mine & again) >= 5
    assert len(mine & other) < len(mine & again)
