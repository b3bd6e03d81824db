"""Arrays and objects: tables as rows, lists, parts with places, and what their sums say."""

from __future__ import annotations

from typing import Any

import pytest

from extraction.engines.fields.aliases import Role
from extraction.engines.fields.builtin import INVOICE
from extraction.engines.fields.candidates import Candidate, Reading
from extraction.engines.fields.check import cross_check
from extraction.engines.fields.defs import FieldDef
from extraction.engines.fields.extract import Extraction, FieldValue, extract
from extraction.engines.fields.sources import LOCAL_SOURCES

from .paper import Line, document, invoice

COURSES = FieldDef(
    "courses",
    "Kurse",
    "array",
    items=(
        FieldDef("title", "Kurs"),
        FieldDef("start", "Beginn", "date"),
        FieldDef("seats", "Plätze", "integer"),
        FieldDef("fee", "Gebühr", "currency"),
        FieldDef("kind", "Art", "enum", values=("online", "vor Ort")),
    ),
)
HEAD: Line = (
    (50.0, "Kurs"), (250.0, "Beginn"), (330.0, "Plätze"), (400.0, "Gebühr"), (480.0, "Art"),
)  # fmt: skip


def course(title: str, start: str, seats: str, fee: str, kind: str) -> Line:
    return ((50.0, title), (250.0, start), (340.0, seats), (400.0, fee), (480.0, kind))


def rows_of(value: FieldValue) -> list[dict[str, Any]]:
    assert isinstance(value.value, list)
    return value.value


def read_courses(*pages: list[Line], score: float | None = None) -> FieldValue:
    paper = document(*pages, score=score)
    return extract(paper, [COURSES], type_slug=None, language="de").values["courses"]


def test_a_users_own_table_is_read_with_typed_values() -> None:
    value = read_courses([
        HEAD,
        course("Buchbinden", "3.11.2026", "12", "1.240,50", "vor Ort"),
        course("Kalligraphie", "4.12.2026", "8", "90,00", "Online"),
    ])  # fmt: skip
    assert value.value == [
        {"title": "Buchbinden", "start": "2026-11-03", "seats": 12, "fee": "1240.50", "kind": "vor Ort"},
        {"title": "Kalligraphie", "start": "2026-12-04", "seats": 8, "fee": "90.00", "kind": "online"},
    ]


def test_a_description_may_run_over_several_lines() -> None:
    value = read_courses([
        HEAD,
        course("Buchbinden für alle, die", "3.11.2026", "12", "240,50", "online"),
        ((50.0, "es schon immer lernen wollten"),),
        course("Kalligraphie", "4.12.2026", "8", "90,00", "online"),
    ])  # fmt: skip
    assert [row["title"] for row in rows_of(value)] == [
        "Buchbinden für alle, die es schon immer lernen wollten",
        "Kalligraphie",
    ]


def test_a_table_goes_on_when_its_header_is_repeated_on_the_next_page() -> None:
    first: list[Line] = [HEAD, *[course(f"Kurs {n}", "3.11.2026", "5", "10,00", "online") for n in range(40)]]
    second: list[Line] = ["Seite 2", HEAD, course("Letzter", "4.11.2026", "5", "10,00", "online")]
    value = read_courses(first, second)
    assert len(rows_of(value)) == 41
    assert rows_of(value)[-1]["title"] == "Letzter"
    assert {box.page for box in value.boxes} == {1, 2}


def test_a_table_goes_on_at_the_top_of_a_page_without_header() -> None:
    first: list[Line] = [HEAD, *[course(f"Kurs {n}", "3.11.2026", "5", "10,00", "online") for n in range(44)]]
    second: list[Line] = [course("Letzter", "4.11.2026", "5", "10,00", "online"), "", "", "", "", "Ende"]
    assert rows_of(read_courses(first, second))[-1]["title"] == "Letzter"


def test_every_cell_points_at_its_own_words() -> None:
    value = read_courses([HEAD, course("Buchbinden", "3.11.2026", "12", "240,50", "online")])
    (row,) = value.parts
    assert row["fee"].raw == "240,50"
    (box,) = row["fee"].boxes
    assert box.x == pytest.approx(400 / 595)
    (whole,) = value.boxes
    assert whole.x <= 50 / 595 + 0.001
    assert whole.right >= 500 / 595


def test_a_cell_that_is_not_of_its_type_stays_empty_and_lowers_confidence() -> None:
    good = read_courses([HEAD, course("A", "3.11.2026", "12", "1,00", "online")] * 1)
    bad = read_courses([HEAD, course("A", "3.11.2026", "viele", "1,00", "online")])
    assert rows_of(bad)[0]["seats"] is None
    assert bad.parts[0]["seats"].raw == "viele"
    assert bad.confidence < good.confidence


def test_badly_read_rows_lower_confidence() -> None:
    lines: list[Line] = [HEAD, course("Buchbinden", "3.11.2026", "12", "240,50", "online")]
    assert read_courses(lines, score=0.6).confidence < read_courses(lines, score=0.99).confidence - 0.2


def test_a_cell_that_only_one_row_leaves_empty_asks_for_a_look() -> None:
    lines = [
        row if isinstance(row, str) else tuple((x, text) for x, text in row if (x, text) != (300, "1"))
        for row in invoice()
    ]
    value = line_items(lines)
    assert rows_of(value)[1]["quantity"] is None
    assert value.confidence < 0.7


def test_a_quantity_printed_with_its_unit_is_taken_apart() -> None:
    lines: list[Line] = [
        ((50.0, "Description"), (300.0, "Unit"), (360.0, "Price"), (460.0, "Amount")),
        ((50.0, "Paper"), (300.0, "24 pcs"), (360.0, "2.00"), (460.0, "48.00")),
        ((50.0, "Moving"), (300.0, "1.5 h"), (360.0, "40.00"), (460.0, "60.00")),
    ]
    rows = rows_of(line_items(lines))
    assert [(row["quantity"], row["unit"]) for row in rows] == [(24, "pcs"), (1.5, "h")]


def test_no_header_no_rows() -> None:
    value = read_courses(["Nur ein Satz über Kurs und Beginn.", "12 Plätze für 240,50"])
    assert (value.value, value.parts, value.confidence) == (None, (), 0.0)


def line_items(lines: list[Line]) -> FieldValue:
    return extract(document(lines), INVOICE, type_slug="invoice").values["line_items"]


def test_lines_that_add_up_to_the_net_amount_are_sure() -> None:
    value = line_items(invoice())
    assert value.validated
    assert value.confidence > 0.95 > value.confidence_unchecked


def changed(old: str, new: str) -> list[Line]:
    return [
        row if isinstance(row, str) else tuple((x, new if text == old else text) for x, text in row)
        for row in invoice()
    ]


def test_lines_that_do_not_add_up_say_so_in_words() -> None:
    dearer = {"10": "11", "800.00": "880.00"}
    lines = [
        row if isinstance(row, str) else tuple((x, dearer.get(text, text)) for x, text in row)
        for row in invoice()
    ]
    value = line_items(lines)
    assert value.errors == ("The line amounts add up to 1,080.00, but net is 1,000.00.",)
    assert value.confidence < 0.7


def test_a_wrong_row_of_a_doubtful_table_is_no_accusation() -> None:
    """Without quantities that multiply out the table itself may be misread: unsure, but no error."""
    value = line_items(changed("800.00", "700.00"))
    assert not any("add up" in text for text in value.errors)
    assert value.confidence < 0.7


def test_the_totals_below_a_table_are_no_rows() -> None:
    descriptions = [row["description"] for row in rows_of(line_items(invoice()))]
    assert descriptions == ["Consulting", "Travel"]


def test_a_correction_that_makes_the_lines_add_up_clears_the_error() -> None:
    roles: dict[str, Role] = {item.name: item.name for item in INVOICE}
    rows = [{"quantity": 2, "unit_price": "10.00", "amount": "20.00"}]
    wrong = cross_check(INVOICE, roles, {"net": ("25.00", "25.00"), "line_items": (rows, "")})
    right = cross_check(INVOICE, roles, {"net": ("20.00", "20.00"), "line_items": (rows, "")})
    assert "line_items" in wrong
    assert "line_items" not in right


def voice(rows: list[Any], trust: float = 0.98) -> Extraction:
    def source(reading: Reading, definition: FieldDef, role: Role) -> list[Candidate]:
        if definition.name != "line_items":
            return []
        return [Candidate("rows", rows, "", (), origin="xml", seen={"trust": trust})]

    return extract(document(invoice()), INVOICE, type_slug="invoice", sources=(*LOCAL_SOURCES, source))


def test_a_voice_that_says_what_the_page_says_confirms_it() -> None:
    rows = [
        {"description": "Consulting", "quantity": 10, "amount": "800.00"},
        {"description": "Travel", "quantity": 1, "amount": "200.00"},
    ]
    value = voice(rows).values["line_items"]
    assert value.origin == "page"
    assert value.confidence > 0.99
    assert value.boxes


def test_a_voice_that_says_something_else_points_at_the_rows_it_resembles() -> None:
    rows = [{"description": "Consulting", "amount": "800.00"}, {"description": "Hotel", "amount": "200.00"}]
    value = voice(rows).values["line_items"]
    assert value.origin == "xml"
    assert value.value == rows
    assert value.parts[0]["amount"].boxes
    assert value.parts[1]["description"].boxes == ()
    assert value.confidence < 0.95


PEOPLE = FieldDef("tags", "Keywords", "array")


@pytest.mark.parametrize(
    "lines",
    [
        ["Keywords: paper, ink; glue"],
        ["Keywords", "- paper", "- ink", "- glue", "", "", "Something else"],
        ["Keywords", "1. paper", "2. ink", "3. glue"],
    ],
)
def test_a_list_of_plain_values_is_read(lines: list[Line]) -> None:
    value = extract(document(lines), [PEOPLE], type_slug=None).values["tags"]
    assert value.value == ["paper", "ink", "glue"]
    assert [part["value"].raw for part in value.parts] == ["paper", "ink", "glue"]


PARTY = (
    FieldDef("name", "Name", required=True),
    FieldDef("city", "City"),
    FieldDef("since", "Since", "date"),
)
OBJECTS = [
    FieldDef("sender", "Sender", "object", items=PARTY),
    FieldDef("receiver", "Receiver", "object", items=PARTY),
]


def test_objects_with_the_same_parts_are_told_apart_by_their_headings() -> None:
    lines: list[Line] = [
        ((50.0, "Sender"), (320.0, "Receiver")),
        ((50.0, "Name: Ada Quill"), (320.0, "Name: Ben Marsh")),
        ((50.0, "City: Leeds"), (320.0, "City: York")),
        ((50.0, "Since: 3 May 2020"), (320.0, "Since: 4 June 2021")),
    ]
    values = extract(document(lines), OBJECTS, type_slug=None).values
    assert values["sender"].value == {"name": "Ada Quill", "city": "Leeds", "since": "2020-05-03"}
    assert values["receiver"].value == {"name": "Ben Marsh", "city": "York", "since": "2021-06-04"}
    assert values["sender"].parts[0]["city"].boxes[0].x < 0.5 < values["receiver"].parts[0]["city"].boxes[0].x


def test_an_object_in_an_object_is_read() -> None:
    outer = FieldDef("order", "Order", "object", items=(FieldDef("number", "Order reference"), OBJECTS[0]))
    lines: list[Line] = ["Order reference: 4711-A", "Sender", "Name: Ada Quill"]
    value = extract(document(lines), [outer], type_slug=None).values["order"].value
    assert value == {"number": "4711-A", "sender": {"name": "Ada Quill", "city": None, "since": None}}


def test_an_object_without_any_part_is_missing() -> None:
    value = extract(document(["nothing"]), [OBJECTS[0]], type_slug=None).values["sender"]
    assert (value.value, value.confidence) == (None, 0.0)
