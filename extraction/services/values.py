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
MAX_NUMBER = 10**18
MAX_ENTRIES = 1_000
MAX_KEYS = 100
# Parts of one value in all; a list of a thousand entries with twenty parts each is already a long document.
MAX_PARTS = 20_000
MAX_DEPTH = 4


class EntryError(ValueError):
    """What is wrong with an entered value: sentences by path in it, such as `0.amount`; "" is the whole."""

    def __init__(self, errors: dict[str, list[str]]) -> None:
        super().__init__(" ".join(text for texts in errors.values() for text in texts))
        self.errors = errors


def entered_value(given: Any, definition: FieldDef) -> Any:
    """The value in the field's own form; None and "" clear it. Parts of lists and objects are checked too.

    Raises: EntryError with sentences for the person who entered it.
    """
    entry = _Entry()
    value = entry.read(given, definition, "")
    if entry.errors:
        raise EntryError(entry.errors)
    return value


class _Entry:
    """One value on its way in, with what is wrong in it and how many parts it has had so far."""

    def __init__(self) -> None:
        self.errors: dict[str, list[str]] = {}
        self.parts = 0

    def read(self, given: Any, definition: FieldDef, path: str, depth: int = 1) -> Any:
        """The value at this path, or None with its sentence kept."""
        self.parts += 1
        if given is None or given == "" or self.parts > MAX_PARTS:
            return self._wrong(path, TOO_MANY) if self.parts > MAX_PARTS else None
        if definition.type not in ("array", "object"):
            return self._simple(given, definition, path)
        if not isinstance(given, list if definition.type == "array" else dict) or depth > MAX_DEPTH:
            return self._wrong(path, _wanted(definition))
        if not definition.items:
            return self._free(given, path, depth)
        if isinstance(given, list):
            return self._rows(given, definition, path, depth)
        return self._parts(given, definition, path, depth)

    def _wrong(self, path: str, sentence: str) -> None:
        # The first hundred are enough to go on with; each of a thousand rows may be wrong.
        if len(self.errors) < MAX_KEYS:
            self.errors[path] = [sentence]

    def _simple(self, given: Any, definition: FieldDef, path: str) -> Any:
        try:
            return simple_value(given, definition)
        except ValueError as error:
            return self._wrong(path, str(error))

    def _rows(self, given: list[Any], definition: FieldDef, path: str, depth: int) -> Any:
        """The entries that say something: objects of the parts, or plain values where there is one part."""
        if len(given) > MAX_ENTRIES:
            return self._wrong(path, f"At most {MAX_ENTRIES:,} entries.")
        only = definition.items[0] if len(definition.items) == 1 else None
        rows = []
        for index, item in enumerate(given):
            here = _join(path, index)
            if only and not isinstance(item, dict):
                rows.append(self.read(item, only, here, depth + 1))
            else:
                rows.append(self._parts(item, definition, here, depth + 1))
        return [row for row in rows if _says_something(row)]

    def _parts(self, given: Any, definition: FieldDef, path: str, depth: int) -> Any:
        """An object with the parts that the definition names; those left out stay out."""
        if given is None:
            return None
        if not isinstance(given, dict):
            return self._wrong(path, "Enter an object.")
        known = {item.name: item for item in definition.items}
        for key in [key for key in given if key not in known][:MAX_KEYS]:
            self._wrong(_join(path, str(key)[:64]), "This field is not known.")
        found = {
            name: self.read(given[name], item, _join(path, name), depth + 1)
            for name, item in known.items()
            if name in given
        }
        if _says_something(found):
            self._require(found, known, path)
        return found

    def _require(self, found: dict[str, Any], known: dict[str, FieldDef], path: str) -> None:
        for name, item in known.items():
            here = _join(path, name)
            if item.required and not _says_something(found.get(name)) and here not in self.errors:
                self._wrong(here, f"{item.label} is required.")

    def _free(self, given: Any, path: str, depth: int) -> Any:
        """A value whose parts nothing is said about: any JSON of a bounded size."""
        self.parts += 1
        if self.parts > MAX_PARTS or depth > MAX_DEPTH:
            return self._wrong(path, TOO_MANY if self.parts > MAX_PARTS else TOO_DEEP)
        if isinstance(given, list | dict) and len(given) > MAX_ENTRIES:
            return self._wrong(path, f"At most {MAX_ENTRIES:,} entries.")
        if isinstance(given, list):
            return [self._free(item, _join(path, index), depth + 1) for index, item in enumerate(given)]
        if isinstance(given, dict):
            return {key: self._free(item, _join(path, key[:64]), depth + 1) for key, item in given.items()}
        return self._free_simple(given, path)

    def _free_simple(self, given: Any, path: str) -> Any:
        if isinstance(given, str) and len(given) > MAX_TEXT:
            return self._wrong(path, f"At most {MAX_TEXT:,} characters.")
        if isinstance(given, int | float) and not abs(given) <= MAX_NUMBER:
            return self._wrong(path, "Enter a smaller number.")
        return given


TOO_MANY = f"At most {MAX_PARTS:,} values in all."
TOO_DEEP = f"At most {MAX_DEPTH} levels."


def _join(path: str, part: object) -> str:
    return f"{path}.{part}" if path else str(part)


def _says_something(value: Any) -> bool:
    """Whether a value, or any part of it, is there."""
    if isinstance(value, dict):
        return any(_says_something(part) for part in value.values())
    return value not in (None, "", [])


def simple_value(given: Any, definition: FieldDef) -> Any:
    """A value without parts in the field's own form. Raises: ValueError with a sentence."""
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
    if not abs(given) <= MAX_NUMBER:  # also what is not a number at all
        raise ValueError(_wanted(definition))
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


def _wanted(definition: FieldDef) -> str:
    if definition.type == "enum":
        return f"Choose one of: {', '.join(definition.values)}."
    return f"Enter {EXAMPLES.get(definition.type, 'text')}."


def _check_pattern(text: str, definition: FieldDef) -> None:
    if definition.regex and not matches(definition.regex, text):
        raise ValueError("It does not have the form that the flow asks for.")
