"""What the chosen values say about each other: the checks of `checks/` run over them in one order."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, InvalidOperation

from .aliases import Role
from .candidates import Candidate, Reading
from .checks.base import Chosen, Verdict
from .checks.dates import check_dates
from .checks.identity import check_member_niks, check_nik, check_npwp, check_zone
from .checks.single import check_single
from .checks.sums import check_currency, check_due, check_pay, check_rate, check_total
from .checks.tables import check_balances, check_lines, check_products, table_of
from .defs import FieldDef
from .parse import JsonValue
from .rank import Ranked
from .structured.values import Structured

Check = Callable[[Chosen, Verdict], None]

# Checks that need nothing but the values: they run again after a person's correction.
BETWEEN_VALUES: tuple[Check, ...] = (
    check_total,
    check_due,
    check_pay,
    check_dates,
    check_currency,
    check_lines,
    check_balances,
    check_nik,
    check_npwp,
    check_member_niks,
)
ALL_CHECKS: tuple[Check, ...] = (check_single, *BETWEEN_VALUES, check_rate, check_products, check_zone)


def check(
    fields: Sequence[FieldDef],
    roles: Mapping[str, Role],
    ranked: Mapping[str, Sequence[Ranked]],
    *,
    tables: Mapping[str, Structured] | None = None,
    reading: Reading | None = None,
) -> Verdict:
    """The verdict over the best candidate of every field and over the tables."""
    by_name = {item.name: ranked[item.name][0].candidate for item in fields if ranked.get(item.name)}
    chosen = Chosen(fields, roles, by_name, tables=tables, ranked=ranked, reading=reading)
    return _judged(chosen, ALL_CHECKS)


def cross_check(
    fields: Sequence[FieldDef],
    roles: Mapping[str, Role],
    values: Mapping[str, tuple[JsonValue, str]],
) -> dict[str, list[str]]:
    """What values (each with its text as printed) say against each other, as sentences per field."""
    by_name, tables = {}, {}
    for item in fields:
        value, raw = values.get(item.name, (None, ""))
        if isinstance(value, list):
            tables[item.name] = table_of(item, value)
        elif value is not None and not isinstance(value, dict):
            by_name[item.name] = Candidate("text", value, raw, (), number=_number(item, value))
    chosen = Chosen(fields, roles, by_name, tables=tables)
    return dict(_judged(chosen, BETWEEN_VALUES).errors)


def _judged(chosen: Chosen, checks: Sequence[Check]) -> Verdict:
    verdict = Verdict()
    for rule in checks:
        rule(chosen, verdict)
    return verdict


def _number(definition: FieldDef, value: JsonValue) -> Decimal | None:
    if definition.type not in ("currency", "number", "integer"):
        return None
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None
