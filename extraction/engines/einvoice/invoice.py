"""What an e-invoice says, the same for every syntax and profile. Pure data that travels as JSON."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

Syntax = Literal["cii", "ubl"]
D = TypeVar("D")
CREDIT_NOTES = frozenset({"81", "83", "261", "296", "308", "381", "396", "420", "458", "532"})


@dataclass(frozen=True, slots=True)
class Party:
    """A seller or buyer. `other_names` are trading names and the like that a page may show instead."""

    name: str = ""
    other_names: tuple[str, ...] = ()
    vat_id: str = ""
    tax_number: str = ""
    address: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One line item; `unit_price` is net and per `price_base` units, `tax_rate` in percent.

    `counts` is false for lines that only head or explain others: their amounts are no part of the sum.
    """

    number: str = ""
    description: str = ""
    quantity: Decimal | None = None
    unit: str = ""
    unit_price: Decimal | None = None
    price_base: Decimal | None = None
    tax_rate: Decimal | None = None
    amount: Decimal | None = None
    counts: bool = True


@dataclass(frozen=True, slots=True)
class TaxShare:
    """The tax of one category; `rate` in percent."""

    category: str = ""
    rate: Decimal | None = None
    base: Decimal | None = None
    amount: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Sums:
    """The totals as written; None where the XML does not name one."""

    lines: Decimal | None = None
    allowances: Decimal | None = None
    charges: Decimal | None = None
    net: Decimal | None = None
    tax: Decimal | None = None
    total: Decimal | None = None
    prepaid: Decimal | None = None
    rounding: Decimal | None = None
    due: Decimal | None = None


@dataclass(frozen=True, slots=True)
class EInvoice:
    """One invoice. Dates are YYYY-MM-DD, codes and ids as written, empty where the XML says nothing.

    `ibans` are all accounts named, the payer's among them; `said` every short text of the XML, by which a
    value on the page is known to be in the XML under another name. `problems` maps a field to a sentence
    about a value that could not be read.
    """

    syntax: Syntax
    guideline: str = ""
    profile: str = ""
    type_code: str = ""
    number: str = ""
    issue_date: str = ""
    due_date: str = ""
    delivery_date: str = ""
    currency: str = ""
    seller: Party = Party()
    buyer: Party = Party()
    iban: str = ""
    ibans: tuple[str, ...] = ()
    sums: Sums = Sums()
    taxes: tuple[TaxShare, ...] = ()
    lines: tuple[Line, ...] = ()
    order_number: str = ""
    buyer_reference: str = ""
    payment_terms: str = ""
    notes: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
    problems: dict[str, str] = field(default_factory=dict)
    truncated: bool = False

    @property
    def is_credit_note(self) -> bool:
        return self.type_code in CREDIT_NOTES

    def to_json(self) -> dict[str, Any]:
        """A JSON object that `from_json` reads back; amounts are decimal texts, empty values left out."""
        data = _out(self)
        assert isinstance(data, dict)
        return data

    @classmethod
    def from_json(cls, data: object) -> EInvoice:
        """Raises: ValueError for anything that `to_json` does not write."""
        try:
            return _in(cls, data)
        except (TypeError, AttributeError, InvalidOperation) as error:
            raise ValueError("not an e-invoice") from error


def _out(value: object) -> Any:
    if is_dataclass(value):
        named = ((item.name, getattr(value, item.name)) for item in fields(value))
        return {name: _out(part) for name, part in named if part not in ("", None, (), {})}
    if isinstance(value, tuple):
        return [_out(part) for part in value]
    return str(value) if isinstance(value, Decimal) else value


def _in(kind: type[D], data: object) -> D:
    """A dataclass out of JSON; every value must be of its field's kind."""
    if not isinstance(data, Mapping):
        raise ValueError("not an object")
    hints = get_type_hints(kind)
    return kind(**{name: _part(hints[name], data[name]) for name in hints if name in data})


def _part(kind: Any, data: Any) -> Any:
    if get_origin(kind) in (types.UnionType, Union):  # only `Decimal | None` occurs, and None is left out
        return _decimal(data)
    if get_origin(kind) is tuple:
        if not isinstance(data, list):
            raise ValueError("not a list")
        return tuple(_part(get_args(kind)[0], item) for item in data)
    if get_origin(kind) is Literal:
        if data not in get_args(kind):
            raise ValueError("not a known word")
        return data
    if get_origin(kind) is dict:
        return {str(name): str(text) for name, text in data.items()}
    if isinstance(kind, type) and is_dataclass(kind):
        return _in(kind, data)
    if not isinstance(data, kind):
        raise ValueError("of another kind")
    return data


def _decimal(data: Any) -> Decimal:
    value = Decimal(str(data))
    if not value.is_finite():
        raise ValueError("not a number")
    return value
