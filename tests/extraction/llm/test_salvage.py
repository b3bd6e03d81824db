"""JSON as models really write it."""

from __future__ import annotations

import pytest

from extraction.engines.llm.salvage import object_in

NAMES = {"total", "number"}
FINE = '{"total": {"value": "12.50"}, "number": {"value": "A-1"}}'
BOTH = {"total": {"value": "12.50"}, "number": {"value": "A-1"}}


@pytest.mark.parametrize(
    "text",
    [
        FINE,
        f"Here is the answer:\n```json\n{FINE}\n```\nAnything else?",
        f"[{FINE}]",
        f'{{"fields": {FINE}}}',
        FINE.replace(" ", "\u00a0"),
        f"\ufeff{FINE}",
        '{"total": {"value": "12.50",}, "number": {"value": "A-1",},}',
        '[{"name": "total", "value": "12.50"}, {"field": "number", "value": "A-1"}]',
        f'{{"thoughts": "none"}} {FINE}',
        f"The set {{a, b}} is not it. {FINE}",
    ],
)
def test_an_object_is_found_in_whatever_stands_around_it(text: str) -> None:
    found, whole = object_in(text, NAMES)
    assert found is not None
    assert whole
    assert {name: found[name]["value"] for name in NAMES} == {"total": "12.50", "number": "A-1"}


def test_line_breaks_inside_a_text_are_borne() -> None:
    found, _ = object_in('{"total": {"value": "12\n.50"}}', NAMES)
    assert found == {"total": {"value": "12\n.50"}}


@pytest.mark.parametrize("cut", range(len('{"total": {"value": "12.50"},'), len(FINE)))
def test_of_a_broken_off_answer_only_complete_entries_count(cut: int) -> None:
    found, whole = object_in(FINE[:cut], NAMES)
    assert found == {"total": {"value": "12.50"}}
    assert not whole


@pytest.mark.parametrize(
    "text",
    ["", "I cannot help with that.", "{}", "[]", "null", '{"other": 1}', '{"total": {"val', "{" * 50_000],
)
def test_where_nothing_was_said_nothing_is_found(text: str) -> None:
    assert object_in(text, NAMES) == (None, False)


@pytest.mark.parametrize("text", ["[" * 1_000_000, '{"a":' * 200_000, '{"total": "' + "x" * 3_000_000])
def test_endless_answers_take_no_time(text: str) -> None:
    assert object_in(text, NAMES)[0] is None
