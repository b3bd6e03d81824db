"""The XML as a source of candidates, and the ranking that lets it speak first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import cast

from extraction.engines.fields.aliases import ROLE_KINDS, Role
from extraction.engines.fields.amounts import money_text
from extraction.engines.fields.candidates import Candidate, CandidateSource, Kind, Reading
from extraction.engines.fields.codes import is_iban, is_vat_id
from extraction.engines.fields.defs import FieldDef
from extraction.engines.fields.features.observe import family_of
from extraction.engines.fields.parse import JsonValue, comparable, json_number
from extraction.engines.fields.rank import Ranked, Ranker

from .invoice import EInvoice
from .printed import spans_of

TRUST = 0.99
_LEAD = 6.0  # log-odds: nothing printed comes near
_SAME: dict[Role, str] = {"company": "seller_name", "date": "issue_date", "receipt_total": "total"}
_MORE_KINDS: dict[str, Kind] = {
    "buyer_vat_id": "vat",
    "delivery_date": "date",
    "prepaid": "money",
    "seller_tax_number": "code",
    "order_number": "code",
    "buyer_reference": "code",
}


def named_values(invoice: EInvoice) -> dict[str, str]:
    """What the XML says, by the names of the invoice fields; only values that it has."""
    sums = invoice.sums
    amounts = {
        "net": sums.net,
        "tax": sums.tax,
        "total": sums.total,
        "amount_due": sums.due,
        "prepaid": sums.prepaid,
    }
    texts = {
        "invoice_number": invoice.number,
        "issue_date": invoice.issue_date,
        "due_date": invoice.due_date,
        "delivery_date": invoice.delivery_date,
        "seller_name": invoice.seller.name,
        "seller_vat_id": invoice.seller.vat_id,
        "seller_tax_number": invoice.seller.tax_number,
        "buyer_name": invoice.buyer.name,
        "buyer_vat_id": invoice.buyer.vat_id,
        "buyer_reference": invoice.buyer_reference,
        "order_number": invoice.order_number,
        "currency": invoice.currency,
        "iban": invoice.iban,
    }
    written = {name: money_text(value) for name, value in amounts.items() if value is not None}
    return {**{name: text for name, text in texts.items() if text}, **written}


def value_name(role: Role) -> str:
    """The name by which `named_values` knows a role; a receipt's roles are other words for an invoice's."""
    return _SAME.get(role) or role.removeprefix("custom:")


def kind_of_value(name: str) -> Kind:
    return _MORE_KINDS.get(name) or cast(Kind, ROLE_KINDS[name])


def xml_source(invoice: EInvoice) -> CandidateSource:
    """The values of an e-invoice as candidates, each with the place where the page prints it, if it does."""
    values = named_values(invoice)

    def source(reading: Reading, definition: FieldDef, role: Role) -> list[Candidate]:
        name = value_name(role)
        value = typed(values[name], kind_of_value(name), definition) if name in values else None
        return [_candidate(reading, role, name, values[name], value)] if value is not None else []

    return source


def _candidate(reading: Reading, role: Role, name: str, text: str, value: JsonValue) -> Candidate:
    kind = kind_of_value(name)
    spans = spans_of(reading, role, kind, text)
    return Candidate(
        kind=kind,
        value=value,
        raw=" ".join(span.raw for span in spans) or text,
        spans=spans,
        number=Decimal(text) if kind == "money" else None,
        origin="xml",
        seen={"trust": TRUST, **_checksum(kind, text)},
    )


def _checksum(kind: Kind, text: str) -> dict[str, float]:
    if kind == "iban":
        return {"checksum": 1.0 if is_iban(text) else -1.0}
    if kind == "vat":
        return {"checksum": 1.0 if is_vat_id(text) else -1.0}
    return {}


def typed(text: str, kind: Kind, definition: FieldDef) -> JsonValue:
    """The value as the field's type wants it; None where the type cannot hold it."""
    if definition.type == "string" or (definition.type, kind) in (("currency", "money"), ("date", "date")):
        return text
    if definition.type == "datetime" and kind == "date":
        return f"{text}T00:00:00"
    if definition.type == "enum":
        return text if text in definition.values else None
    if definition.type in ("number", "integer") and kind == "money":
        value = json_number(Decimal(text))
        return value if definition.type == "number" or isinstance(value, int) else None
    return None


def xml_first(ranker: Ranker) -> Ranker:
    """The ranking of `ranker`, where a value of the XML leads and what the page says otherwise comes after.

    By the standards the XML is the invoice and the page its picture. That the two differ is no question of
    rank: `crosscheck` says so, and a person decides.
    """

    def rank(
        reading: Reading, candidates: Mapping[str, Sequence[Candidate]], fields: Sequence[FieldDef]
    ) -> dict[str, list[Ranked]]:
        ranked = ranker(reading, candidates, fields)
        return {
            item.name: _led(ranked.get(item.name, []), _voice(reading, item, candidates)) for item in fields
        }

    return rank


def _voice(
    reading: Reading, definition: FieldDef, candidates: Mapping[str, Sequence[Candidate]]
) -> Ranked | None:
    """What the XML says of a field."""
    said = (item for item in candidates.get(definition.name, ()) if item.origin == "xml")
    voice = next(said, None)
    if voice is None:
        return None
    family = family_of(reading.roles[definition.name], voice, definition)
    return Ranked(voice, _LEAD, {"label": 1.0, "said_by_xml": TRUST}, family)


def _led(items: list[Ranked], voice: Ranked | None) -> list[Ranked]:
    if voice is None:
        return items
    mine = comparable(voice.candidate.value)
    same = [item for item in items if comparable(item.candidate.value) == mine]
    others = [item for item in items if comparable(item.candidate.value) != mine]
    # A name that the XML spells otherwise is not found by itself: then it stands where the page's stands.
    spans = voice.candidate.spans or (same[0].candidate.spans if same else ())
    score = voice.score + max([0.0, *(item.score for item in items)])
    return [replace(voice, candidate=replace(voice.candidate, spans=spans), score=score), *others]
