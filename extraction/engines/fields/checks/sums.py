"""Amounts that must add up: invoices, payslips."""

from __future__ import annotations

import re
from decimal import Decimal

from extraction.engines.fields.features.money import TOLERANCE as SUM_TOLERANCE
from extraction.engines.fields.locale import MONEY, currency_code

from .base import Chosen, Verdict, money

_RATE = re.compile(r"(?<![\d.,])(\d{1,2}(?:[.,]\d{1,2})?)\s?%")
_RATE_TOLERANCE = Decimal("0.05")


def check_total(chosen: Chosen, verdict: Verdict) -> None:
    """net + tax = total."""
    roles = ("net", "tax", "total")
    parts = [chosen.role(role) for role in roles]
    numbers = [item.number for item in parts if item and item.number is not None]
    if len(numbers) < 3:
        return
    net, tax, total = numbers
    names = [chosen.names[role] for role in roles]
    if abs(net + tax - total) <= SUM_TOLERANCE:
        verdict.confirm(names)
        return
    verdict.blame(
        names, f"{names[0]} {money(net)} + {names[1]} {money(tax)} is not {names[2]} {money(total)}."
    )


def check_due(chosen: Chosen, verdict: Verdict) -> None:
    """The amount due printed a second time beside the total confirms it."""
    total, due = chosen.role("total"), chosen.role("amount_due")
    if total and due and total.number is not None and total.number == due.number and total.spans != due.spans:
        verdict.held.add(chosen.names["amount_due"])


def check_rate(chosen: Chosen, verdict: Verdict) -> None:
    """tax = net × the one rate printed beside it."""
    net, tax = chosen.role("net"), chosen.role("tax")
    if not net or not tax or not net.number or tax.number is None or not chosen.reading or not tax.spans:
        return
    row = chosen.reading.layout.row_of(tax.spans[0].segment)
    rates = {Decimal(found.replace(",", ".")) for part in row for found in _RATE.findall(part.text)}
    if len(rates) != 1:
        return
    rate = rates.pop()
    names = (chosen.names["net"], chosen.names["tax"])
    if abs(net.number * rate / 100 - tax.number) <= _RATE_TOLERANCE + abs(net.number) / 2000:
        verdict.passed.update(names)
    elif not set(names) <= verdict.held:  # several rates may share a net that adds up
        text = f"{rate:g} % of {names[0]} {money(net.number)} is not {names[1]} {money(tax.number)}."
        verdict.blame(names[1:], text)


def check_currency(chosen: Chosen, verdict: Verdict) -> None:
    """The currency beside the total is the document's."""
    currency, total = chosen.role("currency"), chosen.role("total")
    found = MONEY.search(total.raw) if total else None
    printed = currency_code(found.group()) if found else None
    if not currency or not printed or printed == currency.value or "$" in (found.group() if found else ""):
        return
    text = f"The total is printed in {printed}, the currency is {currency.value}."
    verdict.errors[chosen.names["currency"]].append(text)


def check_pay(chosen: Chosen, verdict: Verdict) -> None:
    """gross − deductions = net, on a payslip."""
    gross, deductions, net = (chosen.number(name) for name in ("gross", "deductions", "net"))
    if gross is None or deductions is None or net is None:
        return
    names = [chosen.name_of(name) for name in ("gross", "deductions", "net")]
    if abs(gross - abs(deductions) - net) <= SUM_TOLERANCE:
        verdict.confirm(names)
        return
    verdict.blame(
        names,
        f"Gross pay {money(gross)} less deductions {money(abs(deductions))} is not net pay {money(net)}.",
    )
