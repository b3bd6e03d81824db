"""What a person or client enters for a field, checked against its definition."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from extraction.engines.fields.defs import FieldDef
from extraction.engines.fields.locale import Locale
from extraction.engines.fields.parse import parse_value
from extraction.engines.fields.patterns import matches

EXAMPLES = {
    "date": "a date such as 2026-11-23",
    "datetime": "a time such as 2026-11-23T14:30",
    "currency": "an amount such as 1284.50",
    "number": "a number such as 12.5",
    "integer": "a whole number",
    "boolean": "yes or no",
    "array": "a list",
    "object": "an object",
}
MAX_TEXT = 10_000


def entered_value(given: Any, definition: FieldDef) -> Any:
    """The value in the field's own form; None and "" clear it.

    Raises: ValueError with a sentence for the person who entered it.
    """
    if given is None or given == "":
        return None
    if definition.type in ("array", "object"):
        return _nested(given, definition)
    if isinstance(given, bool):
        return _boolean(given, definition)
    if isinstance(given, int | float):
        return _number(given, definition)
    if not isinstance(given, str):
        raise ValueError(_wanted(definition))
    return _text(given, definition)


def _text(given: str, definition: FieldDef) -> Any:
    if len(given) > MAX_TEXT:
        raise ValueError(f"At most {MAX_TEXT:,} characters.")
    value, _ = parse_value(given.strip(), definition, Locale())
    if value is None:
        raise ValueError(_wanted(definition))
    _check_pattern(str(value), definition)
    return value


def _number(given: float, definition: FieldDef) -> Any:
    if definition.type == "currency":
        try:
            return f"{Decimal(str(given)):.2f}"
        except InvalidOperation:
            raise ValueError(_wanted(definition)) from None
    if definition.type == "number" or (definition.type == "integer" and given == int(given)):
        return int(given) if definition.type == "integer" else given
    if definition.type == "string":
        return str(given)
    raise ValueError(_wanted(definition))


def _boolean(given: bool, definition: FieldDef) -> bool:
    if definition.type != "boolean":
        raise ValueError(_wanted(definition))
    return given


def _nested(given: Any, definition: FieldDef) -> Any:
    kind: type = list if definition.type == "array" else dict
    if not isinstance(given, kind):
        raise ValueError(_wanted(definition))
    return given


def _wanted(definition: FieldDef) -> str:
    if definition.type == "enum":
        return f"Choose one of: {', '.join(definition.values)}."
    return f"Enter {EXAMPLES.get(definition.type, 'text')}."


def _check_pattern(text: str, definition: FieldDef) -> None:
    if definition.regex and not matches(definition.regex, text):
        raise ValueError("It does not have the form that the flow asks for.")
