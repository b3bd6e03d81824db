"""Field definitions come from users, so every mistake is named."""

from __future__ import annotations

import time
from typing import Any

import pytest

from extraction.engines.fields.defs import FieldDef, FieldDefError, fields_from_json, name_from_label
from extraction.engines.fields.patterns import UnsafePatternError, compile_safe, matches


def errors_of(data: object) -> dict[str, list[str]]:
    with pytest.raises(FieldDefError) as caught:
        FieldDef.from_json(data)
    return caught.value.errors


def test_a_name_is_made_from_the_label() -> None:
    assert FieldDef.from_json({"label": "Loan amount (€)"}).name == "loan_amount"
    assert name_from_label("Größe in m²") == "grosse_in_m2"
    assert name_from_label("2nd name") == "f_2nd_name"


def test_a_label_is_made_from_the_name() -> None:
    assert FieldDef.from_json({"name": "loan_amount"}).label == "Loan amount"


@pytest.mark.parametrize(
    ("data", "path"),
    [
        ({}, "name"),
        ({"name": "Bad Name", "label": "x"}, "name"),
        ({"label": "x" * 121}, "label"),
        ({"label": "x", "type": "text"}, "type"),
        ({"label": "x", "type": "enum"}, "values"),
        ({"label": "x", "type": "enum", "values": ["a", "a"]}, "values"),
        ({"label": "x", "type": "enum", "values": [1]}, "values"),
        ({"label": "x", "values": ["a"]}, "values"),
        ({"label": "x", "items": [{"label": "y"}]}, "items"),
        ({"label": "x", "require_score_above": 101}, "require_score_above"),
        ({"label": "x", "require_score_above": True}, "require_score_above"),
        ({"label": "x", "required": "yes"}, "required"),
        ({"label": "x", "regex": "("}, "regex"),
        ({"label": "x", "regex": "a" * 501}, "regex"),
        ({"label": "x", "regex": "(a+)+"}, "regex"),
        ({"label": "x", "hint": "h" * 1001}, "hint"),
        ({"label": "x", "colour": "red"}, "colour"),
        ({"label": "x", "type": "array", "items": [{"label": ""}]}, "items.0.name"),
        ("text", "field"),
    ],
)
def test_a_wrong_definition_names_the_place(data: object, path: str) -> None:
    assert path in errors_of(data)


def test_nesting_stops_at_three_levels() -> None:
    data: dict[str, Any] = {"label": "leaf"}
    for _ in range(3):
        data = {"label": "level", "type": "object", "items": [data]}
    assert any("levels deep" in text for texts in errors_of(data).values() for text in texts)


def test_very_deep_nesting_is_refused_without_a_crash() -> None:
    data: dict[str, Any] = {"label": "leaf"}
    for _ in range(5000):
        data = {"label": "level", "type": "object", "items": [data]}
    assert errors_of(data)


def test_a_definition_that_holds_itself_is_refused_without_a_crash() -> None:
    loop: dict[str, Any] = {"label": "loop", "type": "array"}
    loop["items"] = [loop]
    assert any("levels deep" in text for texts in errors_of(loop).values() for text in texts)


def test_lists_that_share_their_parts_do_not_multiply() -> None:
    shared: list[Any] = [{"label": f"part {at}"} for at in range(100)]
    for _ in range(2):
        shared = [{"label": f"group {at}", "type": "object", "items": shared} for at in range(100)]
    start = time.process_time()
    with pytest.raises(FieldDefError) as caught:
        fields_from_json(shared)
    assert "altogether" in str(caught.value)
    assert time.process_time() - start < 1


def test_a_list_of_too_many_fields_is_refused() -> None:
    with pytest.raises(FieldDefError, match="At most 100 fields"):
        fields_from_json([{"label": f"field {at}"} for at in range(101)])


@pytest.mark.parametrize(
    "data",
    [
        {"label": "x", "type": "enum", "values": ["a"], "default": "b"},
        {"label": "x", "type": "integer", "default": 1.5},
        {"label": "x", "type": "integer", "default": True},
        {"label": "x", "type": "boolean", "default": "yes"},
        {"label": "x", "type": "array", "default": "a, b"},
        {"label": "x", "default": ["a"]},
    ],
)
def test_a_default_of_another_type_is_refused(data: dict[str, Any]) -> None:
    assert "default" in errors_of(data)


@pytest.mark.parametrize(
    "data",
    [
        {"label": "x", "type": "enum", "values": ["a"], "default": "a"},
        {"label": "x", "type": "currency", "default": "12.50"},
        {"label": "x", "type": "array", "default": []},
        {"label": "x", "type": "boolean", "default": False},
    ],
)
def test_a_default_of_its_type_is_taken(data: dict[str, Any]) -> None:
    assert FieldDef.from_json(data).default == data["default"]


def test_a_list_refuses_a_name_used_twice() -> None:
    with pytest.raises(FieldDefError) as caught:
        fields_from_json([{"label": "Total"}, {"label": "Total"}])
    assert list(caught.value.errors) == ["1.name"]


def test_a_definition_survives_json() -> None:
    definition = FieldDef.from_json(
        {
            "label": "Lines",
            "type": "array",
            "required": True,
            "require_score_above": 90,
            "items": [{"label": "Kind", "type": "enum", "values": ["a", "b"]}],
        }
    )
    assert FieldDef.from_json(definition.to_json()) == definition


@pytest.mark.parametrize(
    "pattern", ["(a*)*b", "(a|a)*b", "(a|b){2,9}", r"(a)\1", "(?=a)b", "(.*a){12}", "a*" * 9]
)
def test_patterns_that_could_take_forever_are_refused(pattern: str) -> None:
    with pytest.raises(UnsafePatternError):
        compile_safe(pattern)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (r"INV-\d{4}-\d{4}", "INV-2026-0117"),
        (r"[A-Z]{2}\d+", "AB12"),
        (r"(?:DE|FR)\d{9,11}", "DE123456789"),
        (r"\d{1,3}(\.\d{3})*(,\d{2})?", "1.234,50"),
    ],
)
def test_ordinary_patterns_work(pattern: str, text: str) -> None:
    assert matches(pattern, text)
    assert not matches(pattern, text + "?")


def test_the_slowest_allowed_pattern_is_quick() -> None:
    start = time.perf_counter()
    assert not matches(".*.*.*.*x", "a" * 80)
    assert not matches(".*.*.*.*.*.*.*.*x", "a" * 30)
    assert time.perf_counter() - start < 2
