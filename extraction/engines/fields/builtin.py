"""The field sets that ship with the product, and what role each field plays."""

from __future__ import annotations

from dataclasses import dataclass

from .aliases import ALIASES, ROLE_KINDS, Role
from .defs import FieldDef, FieldType
from .layout import tokens_of

INVOICE = (
    FieldDef("invoice_number", "Invoice number", "string", required=True),
    FieldDef("issue_date", "Issue date", "date", required=True),
    FieldDef("due_date", "Due date", "date"),
    FieldDef("seller_name", "Seller", "string"),
    FieldDef("seller_vat_id", "Seller VAT ID", "string"),
    FieldDef("buyer_name", "Buyer", "string"),
    FieldDef("net", "Net amount", "currency"),
    FieldDef("tax", "Tax", "currency"),
    FieldDef("total", "Total", "currency", required=True),
    FieldDef("amount_due", "Amount due", "currency"),
    FieldDef("currency", "Currency", "string"),
    FieldDef("iban", "IBAN", "string"),
)
RECEIPT = (
    FieldDef("company", "Company", "string", required=True),
    FieldDef("date", "Date", "date", required=True),
    FieldDef("address", "Address", "string"),
    FieldDef("total", "Total", "currency", required=True),
)
FIELD_SETS: dict[str, tuple[FieldDef, ...]] = {"invoice": INVOICE, "receipt": RECEIPT}

# Field name → role, where they differ by document type.
_RECEIPT_ROLES: dict[str, Role] = {
    "company": "company",
    "date": "date",
    "address": "receipt_address",
    "total": "receipt_total",
}
_SAME_NAME = frozenset(field.name for field in INVOICE)

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
    if type_slug == "receipt" and definition.name in _RECEIPT_ROLES:
        return _RECEIPT_ROLES[definition.name]
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


def custom_aliases(definition: FieldDef, role: Role) -> list[Alias]:
    """The labels of a user's own field: its label, its name, and what the hint quotes or keeps short."""
    texts = {definition.label: 1.0, definition.name.replace("_", " "): 0.9}
    for quoted in _quoted(definition.hint):
        texts.setdefault(quoted, 0.95)
    if definition.hint and len(definition.hint.split()) <= 5:
        texts.setdefault(definition.hint, 0.8)
    made = (
        Alias(tuple(token.text for token in tokens_of(text)), role, weight) for text, weight in texts.items()
    )
    return [alias for alias in made if alias.tokens]


def _quoted(text: str) -> list[str]:
    for marks in ("“”", "„“", "«»"):
        for mark in marks:
            text = text.replace(mark, '"')
    return [part.strip() for part in text.split('"')[1::2] if part.strip()]


def _fits(role: Role, definition: FieldDef) -> bool:
    kind = ROLE_KINDS[role]
    return definition.type in _ROLE_TYPES.get(kind, frozenset())


def _role_by_label(definition: FieldDef) -> Role | None:
    wanted = tuple(token.text for token in tokens_of(definition.label))
    for alias in known_aliases():
        if (
            alias.tokens == wanted
            and alias.role in _SAME_NAME
            and alias.weight >= 1.0
            and _fits(alias.role, definition)
        ):
            return alias.role
    return None
