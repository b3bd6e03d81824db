"""Lists and objects over REST: every part is checked against its definition, and named when it is wrong."""

from __future__ import annotations

from typing import Any

import pytest

from extraction.engines.fields.defs import FieldDef
from extraction.models import Extraction
from extraction.services.values import MAX_ENTRIES, EntryError, entered_value
from tests.contract.checks import error_of

pytestmark = pytest.mark.django_db

LINES = {
    "name": "line_items", "label": "Line items", "type": "array",
    "items": [
        {"name": "description", "label": "Description", "type": "string", "required": True},
        {"name": "quantity", "label": "Quantity", "type": "number"},
        {"name": "amount", "label": "Amount", "type": "currency"},
        {"name": "day", "label": "Day", "type": "date"},
        {"name": "unit", "label": "Unit", "type": "enum", "values": ["kg", "t"]},
        {"name": "code", "label": "Code", "type": "string", "regex": "[A-Z]{2}"},
        {"name": "taxes", "label": "Taxes", "type": "array", "items": [{"label": "Rate", "type": "number"}]},
    ],
}  # fmt: skip
PARTIES = {
    "name": "parties",
    "label": "Parties",
    "type": "array",
    "items": [{"label": "Name", "type": "string"}],
}
SELLER = {
    "name": "seller", "label": "Seller", "type": "object",
    "items": [{"label": "Name", "type": "string"}, {"label": "Since", "type": "date"}],
}  # fmt: skip
FREE = {"name": "notes", "label": "Notes", "type": "array"}
SCHEMA = [LINES, PARTIES, SELLER, FREE]


@pytest.fixture
def document(read_document: Any) -> Any:
    schema = [FieldDef.from_json(item).to_json() for item in SCHEMA]
    Extraction.objects.filter(document=read_document).update(schema=schema, fields={
        item["name"]: {
            "value": None, "raw": None, "score": 0.0, "score_unchecked": 0.0, "box": None, "boxes": [],
            "source": "text_layer", "validated": False, "errors": [], "alternatives": [],
            "needs_review": False,
        } for item in schema
    })  # fmt: skip
    return read_document


def correct(api: Any, document: Any, fields: Any) -> Any:
    return api.post(f"/api/v1/documents/{document.pk}/extractions", {"fields": fields}, format="json")


@pytest.mark.parametrize(
    ("name", "given", "kept"),
    [
        (
            "line_items",
            [{"description": " Paper ", "quantity": "1,5", "amount": "1.284,50", "day": "23.11.2026"}],
            [{"description": "Paper", "quantity": 1.5, "amount": "1284.50", "day": "2026-11-23"}],
        ),
        ("line_items", [{"description": "a"}, {}, {"description": None}, None], [{"description": "a"}]),
        ("line_items", [{"description": "a", "taxes": [{"rate": "7"}, 19]}],
         [{"description": "a", "taxes": [{"rate": 7}, 19]}]),
        ("line_items", [], []),
        ("line_items", None, None),
        ("parties", ["Acme Ltd", " Globex "], ["Acme Ltd", "Globex"]),
        ("parties", [{"name": "Acme Ltd"}], [{"name": "Acme Ltd"}]),
        ("seller", {"name": "Acme", "since": "2 January 2020"}, {"name": "Acme", "since": "2020-01-02"}),
        ("seller", {"name": "Acme"}, {"name": "Acme"}),
        ("notes", ["a", 1, {"b": [True, None]}], ["a", 1, {"b": [True, None]}]),
    ],
)  # fmt: skip
def test_every_part_is_kept_in_its_own_form(api, document, name, given, kept):
    response = correct(api, document, {name: given})
    assert response.status_code == 201, response.content
    assert response.json()["fields"][name] == kept


@pytest.mark.parametrize(
    ("name", "given", "paths"),
    [
        ("line_items", [{"description": "a", "amount": "much"}], {"line_items.0.amount"}),
        ("line_items", [{"description": "a"}, {"amount": "1.00"}], {"line_items.1.description"}),
        ("line_items", [{"description": "a", "day": "31.02.2026", "unit": "lb", "code": "a"}],
         {"line_items.0.day", "line_items.0.unit", "line_items.0.code"}),
        ("line_items", [{"description": "a", "price": 1}], {"line_items.0.price"}),
        ("line_items", [{"description": ["a"]}], {"line_items.0.description"}),
        ("line_items", [{"description": "a", "taxes": [{"rate": 1}, {"rate": "x"}]}],
         {"line_items.0.taxes.1.rate"}),
        ("line_items", ["a"], {"line_items.0"}),
        ("line_items", "a", {"line_items"}),
        ("line_items", {"description": "a"}, {"line_items"}),
        ("line_items", [{"description": "a"}] * (MAX_ENTRIES + 1), {"line_items"}),
        ("parties", [{"name": {}}], {"parties.0.name"}),
        ("parties", [["a"]], {"parties.0"}),
        ("seller", {"name": "A", "since": "soon", "odd": 1}, {"seller.since", "seller.odd"}),
        ("notes", ["x" * 10_001], {"notes.0"}),
        ("notes", [[[[[["deep"]]]]]], {"notes.0.0.0.0"}),
    ],
)  # fmt: skip
def test_every_wrong_part_is_named_by_its_path(api, document, name, given, paths):
    fields = error_of(correct(api, document, {name: given}), 400, "validation_failed")["fields"]
    assert set(fields) == paths
    assert all(texts[0].endswith(".") for texts in fields.values())
    assert Extraction.objects.count() == 1


def test_a_wrong_part_does_not_hide_what_is_wrong_elsewhere(api, document):
    given = {"line_items": [{"description": "a", "amount": "x"}], "seller": {"since": "y"}, "odd": "z"}
    fields = error_of(correct(api, document, given), 400, "validation_failed")["fields"]
    assert set(fields) == {"line_items.0.amount", "seller.since", "odd"}


@pytest.mark.parametrize("number", [float("inf"), float("nan"), 10**400, -(10**19)])
@pytest.mark.parametrize("kind", ["currency", "number", "integer", "string"])
def test_a_number_beyond_all_measure_is_refused(number, kind):
    definition = FieldDef("amount", "Amount", kind)
    with pytest.raises(EntryError, match="Enter"):
        entered_value(number, definition)


def test_a_value_of_very_many_parts_is_refused_in_bounded_time():
    parts = [{"label": f"P {number}", "type": "string"} for number in range(90)]
    definition = FieldDef.from_json({"name": "rows", "label": "Rows", "type": "array", "items": parts})
    row = {f"p_{number}": "x" for number in range(90)}
    with pytest.raises(EntryError, match="values in all") as caught:
        entered_value([row] * MAX_ENTRIES, definition)
    assert len(caught.value.errors) <= 100
    free = FieldDef("rows", "Rows", "array")
    with pytest.raises(EntryError, match="values in all"):
        entered_value([["x"] * 900] * 900, free)
