"""What the chosen values say about each other: sums, order of dates, one currency, check digits, patterns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation

from .aliases import Role
from .candidates import Candidate
from .defs import FieldDef
from .features.money import TOLERANCE as SUM_TOLERANCE
from .locale import MONEY, currency_code
from .parse import JsonValue
from .rank import Ranked
from .sources import fits_regex


@dataclass(slots=True)
class Verdict:
    """Errors in plain words per field, fields an independent sum confirmed, fields that passed a check."""

    errors: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    held: set[str] = field(default_factory=set)
    passed: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class _Chosen:
    """The first candidate of every field, asked by field name or by role."""

    by_name: Mapping[str, Candidate]
    names: Mapping[Role, str]

    def role(self, role: Role) -> Candidate | None:
        return self.by_name.get(self.names.get(role, ""))


def check(
    fields: Sequence[FieldDef], roles: Mapping[str, Role], ranked: Mapping[str, Sequence[Ranked]]
) -> Verdict:
    """The verdict over the best candidate of every field."""
    by_name = {item.name: ranked[item.name][0].candidate for item in fields if ranked.get(item.name)}
    chosen = _Chosen(by_name, {roles[item.name]: item.name for item in fields})
    verdict = Verdict()
    for definition in fields:
        if definition.name in by_name:
            _check_alone(definition, by_name[definition.name], verdict)
    _check_together(chosen, verdict)
    return verdict


def cross_check(
    fields: Sequence[FieldDef], roles: Mapping[str, Role], values: Mapping[str, tuple[JsonValue, str]]
) -> dict[str, list[str]]:
    """What values (each with its text as printed) say against each other, as sentences per field."""
    by_name = {}
    for item in fields:
        value, raw = values.get(item.name, (None, ""))
        if value is not None:
            by_name[item.name] = Candidate("text", value, raw, (), number=_number(item, value))
    verdict = Verdict()
    _check_together(_Chosen(by_name, {roles[item.name]: item.name for item in fields}), verdict)
    return dict(verdict.errors)


def _number(definition: FieldDef, value: JsonValue) -> Decimal | None:
    if definition.type not in ("currency", "number", "integer"):
        return None
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None


def _check_together(chosen: _Chosen, verdict: Verdict) -> None:
    _check_sum(chosen, verdict)
    _check_due(chosen, verdict)
    _check_dates(chosen, verdict)
    _check_currency(chosen, verdict)


def _check_alone(definition: FieldDef, candidate: Candidate, verdict: Verdict) -> None:
    name = definition.name
    errors = verdict.errors
    if candidate.seen.get("checksum", 1.0) < 0:
        errors[name].append(f'The check digits of "{candidate.raw}" are wrong.')
    if not fits_regex(candidate, definition):
        errors[name].append(f'"{candidate.raw}" does not fit the pattern of the field.')
    if candidate.seen.get("checksum", 0.0) > 0 or definition.regex or definition.type != "string":
        verdict.passed.add(name)


def _check_sum(chosen: _Chosen, verdict: Verdict) -> None:
    parts = [chosen.role(role) for role in ("net", "tax", "total")]
    numbers = [item.number for item in parts if item and item.number is not None]
    if len(numbers) < 3:
        return
    net, tax, total = numbers
    names = [chosen.names[role] for role in ("net", "tax", "total")]
    if abs(net + tax - total) <= SUM_TOLERANCE:
        verdict.held.update(names)
        verdict.passed.update(names)
        return
    text = f"{names[0]} {_money(net)} + {names[1]} {_money(tax)} is not {names[2]} {_money(total)}."
    for name in names:
        verdict.errors[name].append(text)


def _check_due(chosen: _Chosen, verdict: Verdict) -> None:
    total, due = chosen.role("total"), chosen.role("amount_due")
    if total and due and total.number is not None and total.number == due.number and total.spans != due.spans:
        verdict.held.add(chosen.names["amount_due"])


def _check_dates(chosen: _Chosen, verdict: Verdict) -> None:
    issue, due = chosen.role("issue_date"), chosen.role("due_date")
    if not issue or not due:
        return
    first, last = date.fromisoformat(str(issue.value)[:10]), date.fromisoformat(str(due.value)[:10])
    if last < first:
        for role in ("issue_date", "due_date"):
            verdict.errors[chosen.names[role]].append(
                f"The due date {last} lies before the issue date {first}."
            )


def _check_currency(chosen: _Chosen, verdict: Verdict) -> None:
    currency = chosen.role("currency")
    total = chosen.role("total")
    found = MONEY.search(total.raw) if total else None
    printed = currency_code(found.group()) if found else None
    if not currency or not printed or printed == currency.value or "$" in (found.group() if found else ""):
        return
    text = f"The total is printed in {printed}, the currency is {currency.value}."
    verdict.errors[chosen.names["currency"]].append(text)


def _money(value: Decimal) -> str:
    return f"{value:,.2f}"
