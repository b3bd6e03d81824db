"""One document corrected, the next ones right: what is remembered and how it is proposed."""

from __future__ import annotations

import json
from typing import Any

import pytest

from extraction.engines.blocks import ConvertedDocument
from extraction.engines.fields.builtin import INVOICE, RECEIPT, fields_of
from extraction.engines.fields.candidates import Reading
from extraction.engines.fields.defs import FieldDef
from extraction.engines.fields.extract import Extraction, extract
from extraction.engines.fields.memory.facts import Remembered, remember
from extraction.engines.fields.memory.recall import FieldMemory, Match, Recall, place_trust
from extraction.engines.fields.memory.store import Memory, lessons, memory_of
from extraction.engines.fields.sources import LOCAL_SOURCES
from tests.extraction.fields.paper import document

from .papers import bakery, sawmill

TAUGHT = {"invoice_number": "T-1041", "issue_date": "2026-11-03", "total": "231.00", "seller_name": "Tannhof"}


def read(paper: ConvertedDocument, memory: Memory | None = None, slug: str = "invoice") -> Extraction:
    if memory is None:
        return extract(paper, fields_of(slug), type_slug=slug)
    recall = memory.recall(slug)
    sources = (*LOCAL_SOURCES, recall.source)
    return extract(paper, fields_of(slug), type_slug=slug, sources=sources, ranker=recall.ranker())


@pytest.fixture
def memory() -> Memory:
    return memory_of([(sawmill("T-1041", "03.11.2026", "231,00"), "invoice", TAUGHT)])


def test_the_page_alone_does_not_find_what_stands_in_odd_places():
    values = read(sawmill("T-1077", "17.12.2026", "1.404,50")).values
    assert values["invoice_number"].value != "T-1077"
    assert values["total"].value != "1404.50"


@pytest.mark.parametrize("extra", [0, 3, 9])
def test_a_corrected_sender_is_read_right_on_longer_documents_too(memory, extra):
    values = read(sawmill("T-1077", "17.12.2026", "1.404,50", extra=extra), memory).values
    assert (values["invoice_number"].value, values["total"].value) == ("T-1077", "1404.50")
    assert values["issue_date"].value == "2026-12-17"


def test_what_is_found_by_memory_has_a_box_where_it_stands(memory):
    paper = sawmill("T-1077", "17.12.2026", "1.404,50", extra=4)
    value = read(paper, memory).values["invoice_number"]
    printed = next(word for word in paper.pages[0].words if word.text == "T-1077")
    assert value.origin == "memory"
    assert value.boxes[0].x == pytest.approx(printed.box.x)


def test_another_sender_is_read_as_without_memory(memory):
    assert read(bakery("B-7", "53,55"), memory) == read(bakery("B-7", "53,55"))


def test_a_name_is_spelled_as_the_person_spelled_it():
    taught = {"seller_name": "Sägewerk TANNHOF e. K."}
    known = memory_of([(sawmill("T-1041", "03.11.2026", "231,00"), "invoice", taught)])
    value = read(sawmill("T-9", "01.02.2026", "12,00"), known).values["seller_name"]
    assert value.value == "Sägewerk TANNHOF e. K."
    assert value.boxes


def test_a_value_that_only_stood_on_the_taught_document_is_not_repeated(memory):
    paper = document(["Sägewerk Tannhof e.K.", "Am Bergbach 7", "87534 Oberstaufen", "Telefon 08386 555170"])
    values = read(paper, memory).values
    assert values["invoice_number"].value is None
    assert values["total"].value is None


def branch(street: str, place: str) -> ConvertedDocument:
    return document(
        [
            "Kaufhalle Nord",
            street,
            place,
            "Filiale Nummer 3",
            "Tel 040 123456",
            "",
            "Summe 3,50",
            "05.11.2026",
        ],
        score=0.98,
    )


def test_the_address_of_another_branch_is_read_from_its_own_page():
    taught = {"company": "Kaufhalle Nord", "address": "Deich 1 20457 Hamburg Filiale Nummer 3"}
    known = memory_of([(branch("Deich 1", "20457 Hamburg"), "receipt", taught)])
    value = read(branch("Markt 22", "24103 Kiel"), known, "receipt").values["address"]
    assert value.value == "Markt 22 24103 Kiel Filiale Nummer 3"


def test_a_field_that_this_sender_leaves_empty_stays_empty():
    paper = sawmill("T-1041", "03.11.2026", "231,00", due="04.11.2026")
    known = memory_of([(paper, "invoice", {"due_date": None})])
    again = sawmill("T-1077", "17.12.2026", "1.404,50", due="18.12.2026")
    assert read(again).values["due_date"].value == "2026-12-18"
    assert read(again, known).values["due_date"].value is None


def test_two_places_of_one_value_are_told_apart_by_the_second_document():
    first = sawmill("T-1041", "03.11.2026", "212,00")  # as much as the line above it
    second = sawmill("T-1050", "04.11.2026", "231,00")
    known = memory_of(
        [(first, "invoice", {"total": "212.00"}), (second, "invoice", {"total": "231.00"})], k=2
    )
    assert read(sawmill("T-1077", "17.12.2026", "1.404,50"), known).values["total"].value == "1404.50"


def test_a_memory_that_fails_fades_and_one_that_helps_grows():
    fact = (Remembered("constant", "Acme"),)
    fresh, good, bad = (FieldMemory(fact, right, wrong) for right, wrong in ((0, 0), (9, 0), (0, 3)))
    assert good.reliability > fresh.reliability > 0.9
    assert bad.reliability < 0.6


def test_a_faded_memory_says_nothing():
    paper = sawmill("T-1041", "03.11.2026", "231,00")
    reading = Reading(paper, INVOICE, "invoice", None)
    facts = lessons(reading, INVOICE, {"invoice_number": "T-1041"})
    known = {name: FieldMemory((fact,), failures=3) for name, fact in facts.items()}
    recall = Recall(lambda _: Match("sawmill", 1.0, known))
    assert recall.source(reading, INVOICE[0], "invoice_number") == []


def test_a_better_fit_and_a_clearer_lead_earn_more_trust():
    assert place_trust(0.95, 0.3) > place_trust(0.7, 0.3) > place_trust(0.55, 0.3)
    assert place_trust(0.9, 0.3) > place_trust(0.9, 0.0)
    assert place_trust(1.0, 1.0) < 0.99


def test_a_box_that_does_not_hold_the_value_is_not_believed():
    paper = sawmill("T-1041", "03.11.2026", "231,00")
    reading = Reading(paper, INVOICE, "invoice", None)
    elsewhere = next(word.box for word in paper.pages[0].words if word.text == "Fracht")
    assert remember(reading, INVOICE[0], "T-1041", elsewhere) == remember(reading, INVOICE[0], "T-1041")


def test_what_is_printed_nowhere_teaches_nothing_unless_every_document_has_it():
    reading = Reading(sawmill("T-1041", "03.11.2026", "231,00"), INVOICE, "invoice", None)
    by_name = {item.name: item for item in INVOICE}
    assert remember(reading, by_name["invoice_number"], "NOT-HERE-1") is None
    logo = remember(reading, by_name["seller_name"], "Holz & Söhne")
    assert logo is not None
    assert (logo.what, logo.places) == ("constant", ())


OWN = FieldDef("site", "Building site", "string")


def test_a_text_field_of_ones_own_is_found_behind_its_odd_label():
    def note(site: str) -> ConvertedDocument:
        return document(["Krahn Verleih Ost", "Hafenstr. 9", "", f"verwendet bei {site}", "Danke"])

    reading = Reading(note("Neubau Halle"), [OWN], None, None)
    facts = lessons(reading, [OWN], {"site": "Neubau Halle"})
    recall = Recall(lambda _: Match(1, 1.0, {"site": FieldMemory((facts["site"],))}))
    sources = (*LOCAL_SOURCES, recall.source)
    found = extract(note("Turm Süd"), [OWN], type_slug=None, sources=sources, ranker=recall.ranker())
    assert found.values["site"].value == "Turm Süd"


@pytest.mark.parametrize("value", [None, "T-1041", "231.00"])
def test_a_fact_survives_json(value: Any):
    reading = Reading(sawmill("T-1041", "03.11.2026", "231,00"), INVOICE, "invoice", None)
    for definition in (INVOICE[0], INVOICE[8]):
        fact = remember(reading, definition, value)
        if fact:
            assert Remembered.from_json(json.loads(json.dumps(fact.to_json()))) == fact


def test_without_a_match_nothing_is_said():
    reading = Reading(bakery("B-7", "53,55"), RECEIPT, "receipt", None)
    assert Recall(lambda _: None).source(reading, RECEIPT[0], "company") == []
