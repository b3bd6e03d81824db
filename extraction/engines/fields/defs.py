"""What a caller wants to know from a document: FieldDef, shared by flows, templates and document types."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Literal, cast, get_args

from .patterns import UnsafePatternError, compile_safe

FieldType = Literal[
    "string", "number", "integer", "date", "datetime", "currency", "boolean", "enum", "array", "object"
]
FIELD_TYPES: tuple[str, ...] = get_args(FieldType)
NESTING = ("array", "object")

MAX_LABEL, MAX_HINT, MAX_VALUES, MAX_FIELDS, MAX_DEPTH = 120, 1000, 500, 100, 3
MAX_ALL = 500  # fields and their parts together: lists that hold each other would multiply without end

_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")


class FieldDefError(ValueError):
    """Wrong field definitions; `errors` maps a path such as `fields.2.items.0.name` to messages."""

    def __init__(self, errors: Mapping[str, Sequence[str]]) -> None:
        self.errors = {path: list(messages) for path, messages in errors.items()}
        super().__init__("; ".join(f"{path}: {' '.join(texts)}" for path, texts in self.errors.items()))


@dataclass(frozen=True, slots=True)
class FieldDef:
    """One wanted field. `require_score_above` is 0–100; `items` describes the parts of an array or object."""

    name: str
    label: str
    type: FieldType = "string"
    required: bool = False
    require_score_above: float | None = None
    values: tuple[str, ...] = ()
    items: tuple[FieldDef, ...] = ()
    regex: str | None = None
    hint: str = ""
    default: Any = None

    def validate(self) -> None:
        """Raises FieldDefError when any part of the definition is not allowed."""
        errors = problems(self)
        if errors:
            raise FieldDefError(errors)

    @classmethod
    def from_json(cls, data: object) -> FieldDef:
        """The checked definition of one JSON object. Raises FieldDefError."""
        errors: Errors = {}
        made = _read(data, "", errors)
        if made is not None:
            _add_all(errors, problems(made))
        if made is None or errors:
            raise FieldDefError(errors)
        return made

    def to_json(self) -> dict[str, Any]:
        """A JSON object with every key, which `from_json` reads back."""
        data = {item.name: getattr(self, item.name) for item in fields(self)}
        return {**data, "values": list(self.values), "items": [item.to_json() for item in self.items]}


Errors = dict[str, list[str]]


def fields_from_json(data: object) -> tuple[FieldDef, ...]:
    """The checked definitions of a JSON list; paths in errors start with the index. Raises FieldDefError."""
    errors: Errors = {}
    made = _read_list(data, "", errors)
    _add_all(errors, _list_problems(made, ""))
    if errors:
        raise FieldDefError(errors)
    return made


def name_from_label(label: str) -> str:
    """A field name made from a label: ASCII, lower case, words joined by `_`; empty if nothing is left."""
    plain = unicodedata.normalize("NFKD", label.replace("ß", "ss")).encode("ascii", "ignore").decode().lower()
    name = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")
    if name[:1].isdigit():
        name = f"f_{name}"
    return name[:64].rstrip("_")


def problems(definition: FieldDef, path: str = "", depth: int = 1) -> Errors:
    """Everything wrong with a definition, by path; empty when it is fine."""
    errors: Errors = {}
    for key, check in _CHECKS.items():
        message = check(definition)
        if message:
            errors.setdefault(_join(path, key), []).append(message)
    if depth > MAX_DEPTH:
        errors.setdefault(path or "items", []).append(f"Fields nest at most {MAX_DEPTH} levels deep.")
    else:
        _add_all(errors, _list_problems(definition.items, _join(path, "items"), depth + 1))
    return errors


def _list_problems(definitions: Sequence[FieldDef], path: str, depth: int = 1) -> Errors:
    errors: Errors = {}
    if len(definitions) > MAX_FIELDS:
        errors[path or "fields"] = [f"At most {MAX_FIELDS} fields are allowed."]
    seen: set[str] = set()
    for index, definition in enumerate(definitions):
        here = _join(path, str(index))
        _add_all(errors, problems(definition, here, depth))
        if definition.name in seen:
            errors.setdefault(_join(here, "name"), []).append(f'The name "{definition.name}" is used twice.')
        seen.add(definition.name)
    return errors


def _check_name(definition: FieldDef) -> str:
    if _NAME.fullmatch(definition.name):
        return ""
    return "A name starts with a-z and has up to 64 of a-z, 0-9 and _."


def _check_label(definition: FieldDef) -> str:
    if definition.label.strip() and len(definition.label) <= MAX_LABEL:
        return ""
    return f"A label has 1 to {MAX_LABEL} characters."


def _check_type(definition: FieldDef) -> str:
    return "" if definition.type in FIELD_TYPES else f"The type is one of {', '.join(FIELD_TYPES)}."


def _check_score(definition: FieldDef) -> str:
    score = definition.require_score_above
    return "" if score is None or 0 <= score <= 100 else "The score lies between 0 and 100."


def _check_values(definition: FieldDef) -> str:
    if definition.type != "enum":
        return "Only an enum field has values." if definition.values else ""
    if not 1 <= len(definition.values) <= MAX_VALUES:
        return f"An enum field has 1 to {MAX_VALUES} values."
    if len(set(definition.values)) < len(definition.values):
        return "The values must differ from each other."
    return "" if all(value.strip() for value in definition.values) else "A value may not be empty."


def _check_items(definition: FieldDef) -> str:
    if definition.items and definition.type not in NESTING:
        return "Only an array or object field has items."
    return ""


def _check_regex(definition: FieldDef) -> str:
    if not definition.regex:
        return ""
    try:
        compile_safe(definition.regex)
    except UnsafePatternError as error:
        return str(error)
    return ""


def _check_hint(definition: FieldDef) -> str:
    return "" if len(definition.hint) <= MAX_HINT else f"A hint has at most {MAX_HINT} characters."


def _check_default(definition: FieldDef) -> str:
    value = definition.default
    if value is None or definition.type not in _DEFAULTS:
        return ""
    if definition.type == "enum":
        return "" if value in definition.values else "The default is one of the values."
    kinds, words = _DEFAULTS[definition.type]
    fits = isinstance(value, kinds) and (definition.type == "boolean" or not isinstance(value, bool))
    return "" if fits else f"The default of a field of type {definition.type} is {words}."


_DEFAULTS: dict[str, tuple[tuple[type, ...], str]] = {
    "string": ((str,), "a text"),
    "number": ((int, float), "a number"),
    "integer": ((int,), "a whole number"),
    "date": ((str,), "a text such as 2026-11-23"),
    "datetime": ((str,), "a text such as 2026-11-23T14:30"),
    "currency": ((str, int, float), "an amount such as 1284.50"),
    "boolean": ((bool,), "true or false"),
    "enum": ((str,), "one of the values"),
    "array": ((list,), "a list"),
    "object": ((dict,), "an object"),
}
_CHECKS = {
    "name": _check_name,
    "label": _check_label,
    "type": _check_type,
    "require_score_above": _check_score,
    "values": _check_values,
    "items": _check_items,
    "regex": _check_regex,
    "hint": _check_hint,
    "default": _check_default,
}


def _read_list(data: object, path: str, errors: Errors) -> tuple[FieldDef, ...]:
    return _read_items(data, path, errors, 0, [MAX_ALL])


def _read(
    data: object, path: str, errors: Errors, depth: int = 1, left: list[int] | None = None
) -> FieldDef | None:
    if not isinstance(data, Mapping):
        errors.setdefault(path or "field", []).append("A field is a JSON object.")
        return None
    wrong = _wrong_keys(data, path)
    if wrong:
        _add_all(errors, wrong)
        return None
    label = data.get("label") or ""
    name = data.get("name") or name_from_label(label)
    return FieldDef(
        name=name,
        label=label or name.replace("_", " ").capitalize(),
        type=cast(FieldType, data.get("type") or "string"),
        required=data.get("required") or False,
        require_score_above=data.get("require_score_above"),
        values=tuple(data.get("values") or ()),
        items=_read_items(
            data.get("items") or [], _join(path, "items"), errors, depth, [MAX_ALL] if left is None else left
        ),
        regex=data.get("regex") or None,
        hint=data.get("hint") or "",
        default=data.get("default"),
    )


def _read_items(data: object, path: str, errors: Errors, depth: int, left: list[int]) -> tuple[FieldDef, ...]:
    """The definitions of a list; `left` counts down how many may still be read. Stops at every limit."""
    problem = _list_problem(data, depth, left)
    if problem or not isinstance(data, list):
        errors.setdefault(path or "fields", []).append(problem)
        return ()
    left[0] -= len(data)
    made = (_read(item, _join(path, str(index)), errors, depth + 1, left) for index, item in enumerate(data))
    return tuple(definition for definition in made if definition)


def _list_problem(data: object, depth: int, left: Sequence[int]) -> str:
    if not isinstance(data, list):
        return "This must be a list of fields."
    if depth > MAX_DEPTH:  # stops before a hostile body can exhaust the stack
        return f"Fields nest at most {MAX_DEPTH} levels deep."
    if len(data) > MAX_FIELDS:
        return f"At most {MAX_FIELDS} fields are allowed."
    return "" if len(data) <= left[0] else f"At most {MAX_ALL} fields and parts are allowed altogether."


def _wrong_keys(data: Mapping[str, Any], path: str) -> Errors:
    errors: Errors = {}
    for key, value in data.items():
        if key not in _KINDS:
            errors[_join(path, str(key))] = ["Unknown key."]
        elif value is not None and not _is_kind(value, _KINDS[key]):
            errors[_join(path, key)] = [f"This must be {_KINDS[key]}."]
    values = data.get("values")
    if isinstance(values, list) and not all(isinstance(value, str) for value in values):
        errors[_join(path, "values")] = ["Every value must be a text."]
    return errors


_KINDS = {
    "name": "a text",
    "label": "a text",
    "type": "a text",
    "required": "true or false",
    "require_score_above": "a number",
    "values": "a list",
    "items": "a list",
    "regex": "a text",
    "hint": "a text",
    "default": "any value",
}


def _is_kind(value: object, kind: str) -> bool:
    if kind == "a number":
        return isinstance(value, int | float) and not isinstance(value, bool)
    wanted: dict[str, type] = {"a text": str, "true or false": bool, "a list": list}
    return isinstance(value, wanted.get(kind, object))


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def _add_all(errors: Errors, more: Errors) -> None:
    for path, messages in more.items():
        errors.setdefault(path, []).extend(messages)
