"""The field sets that ship with the product, and what role each field plays."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from .aliases import ALIASES, ROLE_KINDS, Role
from .defs import FieldDef, FieldType
from .fieldsets import KNOWN_SETS
from .fieldsets.base import Known
from .layout import tokens_of

FIELD_SETS: dict[str, tuple[FieldDef, ...]] = {
    slug: tuple(item.definition for item in items) for slug, items in KNOWN_SETS.items()
}
INVOICE, RECEIPT = FIELD_SETS["invoice"], FIELD_SETS["receipt"]

# Document type → field name → role, where the name alone does not tell it.
_ROLES: dict[str, dict[str, Role]] = {
    "receipt": {
        "company": "company",
        "date": "date",
        "address": "receipt_address",
        "total": "receipt_total",
    },
    "letter": {"date": "date"},
    "report": {"date": "date"},
}
_SAME_NAME = frozenset(field.name for field in INVOICE if field.name in ROLE_KINDS)

# The value types in which a role can be told.
_ROLE_TYPES: dict[str, frozenset[FieldType]] = {
    "date": frozenset({"date", "datetime"}),
    "money": frozenset({"currency", "number", "integer"}),
    "code": frozenset({"string"}),
    "vat": frozenset({"string"}),
    "iban": frozenset({"string"}),
    "currency": frozenset({"string", "enum"}),
    "party": frozenset({"string"}),
}


@dataclass(frozen=True, slots=True)
class Alias:
    """One way to print a role's label: folded tokens and how surely they mean the role (0–1)."""

    tokens: tuple[str, ...]
    role: Role
    weight: float


def fields_of(type_slug: str) -> tuple[FieldDef, ...]:
    """The built-in fields of a document type; none for a type without a field set."""
    return FIELD_SETS.get(type_slug, ())


def role_of(definition: FieldDef, type_slug: str | None) -> Role:
    """The role a field plays: a known one by name or by label, else its own, `custom:<name>`."""
    told = _ROLES.get(type_slug or "", {}).get(definition.name)
    if told:
        return told
    own = known_field(definition.name, definition.type, type_slug)
    if own is not None and own.labels:
        return f"custom:{definition.name}"
    if definition.name in _SAME_NAME and _fits(definition.name, definition):
        return definition.name
    by_label = _role_by_label(definition)
    return by_label or f"custom:{definition.name}"


def is_custom(role: Role) -> bool:
    return role.startswith("custom:")


def known_aliases() -> list[Alias]:
    """Every alias of every known role."""
    return [
        Alias(tuple(token.text for token in tokens_of(text)), role, weight)
        for role, groups in ALIASES.items()
        for weight, texts in groups.items()
        for text in texts.split("|")
    ]


def custom_aliases(definition: FieldDef, role: Role, type_slug: str | None = None) -> list[Alias]:
    """The labels of a field with a role of its own.

    Its label, its name, what the hint quotes or keeps short, and what is printed for a built-in field of the
    same meaning: of the same document type and name, or, less surely, with the same label.
    """
    texts = {definition.label: 1.0, definition.name.rsplit(".", 1)[-1].replace("_", " "): 0.9}
    for quoted in _quoted(definition.hint):
        texts.setdefault(quoted, 0.95)
    if definition.hint and len(definition.hint.split()) <= 5:
        texts.setdefault(definition.hint, 0.8)
    for label, weight in printed_labels(definition, type_slug).items():
        texts.setdefault(label, weight)
    return as_aliases(texts, role)


def as_aliases(texts: Mapping[str, float], role: Role) -> list[Alias]:
    """Labels with their weights as aliases of a role."""
    made = (
        Alias(tuple(token.text for token in tokens_of(text)), role, weight) for text, weight in texts.items()
    )
    return [alias for alias in made if alias.tokens]


def printed_labels(definition: FieldDef, type_slug: str | None) -> dict[str, float]:
    """The words that papers print for this field, with how surely they mean it (0–1)."""
    own = known_field(definition.name, definition.type, type_slug)
    if own is not None:
        return dict.fromkeys(_split(own.labels), 0.95)
    return {label: 0.85 for item in _alike(definition) for label in _split(item.labels)}


def meanings_of(definition: FieldDef) -> tuple[str, ...]:
    """The names of built-in fields that mean the same as this one: its own, and what its label mostly means.

    A label that means several things equally often ("Date") tells nothing.
    """
    names = Counter(item.name for item in _alike(definition))
    (best, count), *rest = [*names.most_common(2), ("", 0)]
    own = definition.name.rsplit(".", 1)[-1]
    return (own, best) if best and best != own and count > rest[0][1] else (own,)


def _alike(definition: FieldDef) -> list[Known]:
    """The built-in fields printed with this one's label or name; parts of tables for parts of tables."""
    own = definition.name.rsplit(".", 1)[-1].replace("_", " ")
    key = ("." in definition.name, _group(definition.type))
    index = _by_label()
    return [item for label in (definition.label, own) for item in index.get((_folded(label), *key), ())]


def known_field(name: str, kind: FieldType, type_slug: str | None) -> Known | None:
    """The built-in field of a document type that has this name and kind of value; None without one."""
    for item in _within(KNOWN_SETS.get(type_slug or "", ()), name):
        if _group(item.definition.type) == _group(kind):
            return item
    return None


def _within(items: Sequence[Known], name: str) -> list[Known]:
    """The field of a name such as "members.nik" among fields and their parts."""
    first, _, rest = name.partition(".")
    named = [item for item in items if item.name == first]
    return [part for item in named for part in _within(item.items, rest)] if rest else named


@lru_cache(maxsize=1)
def _by_label() -> dict[tuple[str, bool, str], list[Known]]:
    """The built-in fields by folded label, whether they are parts of a table, and group of types."""
    found: dict[tuple[str, bool, str], list[Known]] = {}
    fields = [item for items in KNOWN_SETS.values() for item in items]
    kinds = [(item, False) for item in fields] + [(part, True) for item in fields for part in item.items]
    for item, is_part in kinds:
        for label in {_folded(text) for text in (item.definition.label, *_split(item.labels)) if item.labels}:
            found.setdefault((label, is_part, _group(item.definition.type)), []).append(item)
    return found


def _group(kind: FieldType) -> str:
    """Kinds of values that papers print alike."""
    return {"integer": "number", "currency": "number", "datetime": "date", "enum": "string"}.get(kind, kind)


def _folded(text: str) -> str:
    return " ".join(token.text for token in tokens_of(text))


def _split(labels: str) -> list[str]:
    return [label for label in labels.split("|") if label]


def _quoted(text: str) -> list[str]:
    for marks in ("“”", "„“", "«»"):
        for mark in marks:
            text = text.replace(mark, '"')
    return [part.strip() for part in text.split('"')[1::2] if part.strip()]


def _fits(role: Role, definition: FieldDef) -> bool:
    kind = ROLE_KINDS[role]
    return definition.type in _ROLE_TYPES.get(kind, frozenset())


def _role_by_label(definition: FieldDef) -> Role | None:
    roles = _plain_labels().get(tuple(token.text for token in tokens_of(definition.label)), ())
    return next((role for role in roles if _fits(role, definition)), None)


@lru_cache(maxsize=1)
def _plain_labels() -> dict[tuple[str, ...], list[Role]]:
    """The labels that surely mean a field of an invoice, with their roles."""
    found: dict[tuple[str, ...], list[Role]] = {}
    for alias in known_aliases():
        if alias.role in _SAME_NAME and alias.weight >= 1.0:
            found.setdefault(alias.tokens, []).append(alias.role)
    return found
