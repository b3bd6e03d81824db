"""What the review page's form sends, from the plain to the hostile."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from documents.models import Document, Status
from extraction.engines.fields.defs import FieldDef
from extraction.models import Extraction
from extraction.selectors import current_extraction
from extraction.services.places import kept_places
from extraction.services.review import fields_correct
from extraction.structured import summary
from tests.contract.made import read_document

__all__ = ["read_document"]

pytestmark = pytest.mark.django_db

LINES = {
    "name": "lines", "label": "Lines", "type": "array",
    "items": [
        {"name": "text", "label": "Text", "type": "string"},
        {"name": "amount", "label": "Amount", "type": "currency"},
        {"name": "codes", "label": "Codes", "type": "array"},
    ],
}  # fmt: skip
ROWS = [{"text": "Paper,\nA4", "amount": "3.00", "codes": ["a", "b"]}, {"text": "Pens", "amount": "4.00"}]
FREE = {"name": "notes", "label": "Notes", "type": "object"}


def place(value: Any, score: float = 90.0) -> dict[str, Any]:
    box = {"page": 1, "x": 0.1, "y": 0.2, "w": 0.3, "h": 0.05}
    return {"value": value, "raw": str(value), "score": score, "box": box, "boxes": [box]}


PLACES = [{name: place(value) for name, value in row.items()} for row in ROWS]


@pytest.fixture
def document(read_document: Document) -> Document:
    current = current_extraction(read_document)
    assert current is not None
    rich = {**current.fields["total"], "value": ROWS, "needs_review": False, "items": PLACES}
    current.schema = [*current.schema[:4], *(FieldDef.from_json(item).to_json() for item in (LINES, FREE))]
    current.fields |= {"lines": rich, "notes": {**rich, "value": {"a": [1]}, "items": []}}
    current.save()
    return read_document


@pytest.fixture
def browser(reviewer: Any) -> Client:
    client = Client()
    client.force_login(reviewer.user)
    return client


def form(**changes: Any) -> dict[str, Any]:
    """The form as the page sends it when nothing was touched."""
    cells = {
        "t-lines": "1", "f-lines.0.text": "Paper, A4", "f-lines.0.amount": "3.00",
        "f-lines.0.codes": '["a", "b"]', "f-lines.1.text": "Pens", "f-lines.1.amount": "4.00",
        "f-lines.1.codes": "", "f-lines.2.text": "", "f-lines.2.amount": "", "f-lines.2.codes": "",
        "f-notes": json.dumps({"a": [1]}, indent=1), "f-total": "12.00",
    }  # fmt: skip
    return {name: value for name, value in (cells | changes).items() if value is not None}


def save(browser: Client, document: Document, **changes: Any) -> Any:
    return browser.post(f"/review/{document.pk}/fields", form(**changes), headers={"HX-Request": "true"})


def lines(document: Document) -> Any:
    current = current_extraction(document)
    assert current is not None
    return current.values()["lines"]


def test_what_was_not_touched_is_no_correction(browser, document):
    assert save(browser, document).status_code == 200
    assert not Extraction.objects.filter(method="manual_correction").exists()
    browser.post(f"/review/{document.pk}/approve", form())
    document.refresh_from_db()
    assert document.status == Status.APPROVED
    assert lines(document) == ROWS


def test_one_changed_cell_leaves_its_neighbours_as_they_were(browser, document):
    save(browser, document, **{"f-lines.0.amount": "3,50"})
    assert lines(document) == [{**ROWS[0], "text": "Paper, A4", "amount": "3.50"}, ROWS[1]]


def test_parts_of_parts_are_edited_as_json(browser, document):
    save(browser, document, **{"f-lines.1.codes": '["c"]', "f-notes": '{"b": 2}'})
    current = current_extraction(document)
    assert lines(document)[1]["codes"] == ["c"]
    assert current.values()["notes"] == {"b": 2}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"f-lines.1.codes": "[c"}, "Row 2, Codes: This is not valid JSON."),
        ({"f-lines.1.codes": "[" * 100_000}, "Row 2, Codes: This is not valid JSON."),
        ({"f-notes": "[" * 100_000}, "This is not valid JSON."),
        ({"f-notes": "[1]"}, "Enter an object."),
        ({"f-lines.1.amount": "much", "f-lines.0.amount": "more"}, "Row 1, Amount: Enter an amount"),
        ({"f-lines.1.text": "x" * 10_001}, "Row 2, Text: At most 10,000 characters."),
    ],
)
def test_what_cannot_be_kept_comes_back_as_it_was_typed_with_a_sentence(browser, document, changes, said):
    response = save(browser, document, **changes)
    assert response.status_code == 422
    page = response.content.decode()
    assert said in page
    assert 'aria-invalid="true"' in page
    assert all(str(value)[:40].replace('"', "&quot;") in page for value in changes.values())
    assert lines(document) == ROWS


def test_all_rows_can_be_removed_and_a_form_without_the_table_removes_none(browser, document):
    gone = {name: None for name in form() if name.startswith("f-lines")}
    save(browser, document, **gone, **{"t-lines": None})
    assert lines(document) == ROWS
    save(browser, document, **gone)
    assert lines(document) == []


def test_row_numbers_that_no_page_sends_break_nothing(browser, document):
    odd = {f"f-lines.{number}.text": "x" for number in ("99999999999999", "-1", "٣", "1e9", "")}
    assert save(browser, document, **odd, **{"f-lines.5.surprise": "y"}).status_code == 200
    assert lines(document) == [{**ROWS[0], "text": "Paper, A4"}, ROWS[1], {"text": "x"}]


def test_a_table_as_long_as_a_value_may_be_is_saved(browser, document):
    many = {f"f-lines.{n}.{part}": "1" for n in range(2, 1000) for part in ("text", "amount")}
    assert save(browser, document, **many).status_code == 200
    assert len(lines(document)) == 1000
    more = {f"f-lines.{n}.text": "1" for n in range(1000, 3000)}
    response = save(browser, document, **many, **more, **{"f-lines.0.amount": "9.00"})
    assert response.status_code == 422
    assert "At most 1,000 entries." in response.content.decode()


def test_the_places_of_a_list_go_with_its_rows(admin, document):
    changed = [{"text": "New"}, ROWS[1], {**ROWS[0], "amount": "5.00"}]
    after = fields_correct(document=document, actor=admin, fields={"lines": changed})
    new, moved, _ = after.fields["lines"]["items"]
    assert new["text"]["value"] == "New"
    assert moved == PLACES[1]
    assert after.fields["lines"]["boxes"] == current_extraction(document).fields["lines"]["boxes"]


def test_a_changed_part_keeps_its_place_and_is_sure():
    field = {"value": ROWS, "items": PLACES}
    first, second = kept_places(field, [{**ROWS[0], "amount": "5.00"}, ROWS[1]])
    assert first["amount"] == {**PLACES[0]["amount"], "value": "5.00", "raw": None, "score": 100.0}
    assert first["text"] == PLACES[0]["text"]
    assert second == PLACES[1]
    assert kept_places({"value": {"a": 1}, "items": [{"a": place(1)}]}, {"a": 1}) == [{"a": place(1)}]
    assert kept_places({"value": ["x"], "items": [{}]}, ["y"]) == [{}]
    assert kept_places({"value": ROWS}, ROWS) == []


def test_a_list_is_named_by_the_first_words_of_its_entries():
    parts = [{"name": "text"}, {"name": "amount"}]
    assert summary([{"amount": "x9", "text": "Paper"}, {"text": "Pens"}], parts) == "2 entries: Paper, Pens"
    assert summary(["a"] * 5) == "5 entries: a, a, a …"
    assert summary([{"amount": "3.00"}]) == "1 entry"


def test_an_unknown_flow_says_so_and_nothing_runs(browser, document):
    response = browser.post(
        f"/review/{document.pk}/again", {"again-flow_id": "00000000-0000-0000-0000-000000000000"}, follow=True
    )
    assert "Select a valid choice" in response.content.decode()
    document.refresh_from_db()
    assert document.status == Status.REQUIRES_REVIEW


def test_an_unknown_type_says_so_and_nothing_runs(browser, document):
    response = browser.post(f"/review/{document.pk}/again", {"again-type": "odd"}, follow=True)
    assert "Choose one of" in response.content.decode()
    document.refresh_from_db()
    assert document.status == Status.REQUIRES_REVIEW


def test_a_reading_of_another_document_is_not_shown(browser, document, stranger):
    assert browser.get(f"/review/{document.pk}/readings").status_code == 200
    wrong = browser.get(f"/review/{document.pk}/readings?show=00000000-0000-0000-0000-000000000000")
    assert wrong.status_code == 404
    other = Client()
    other.force_login(stranger.user)
    assert other.get(f"/review/{document.pk}/readings").status_code == 404
