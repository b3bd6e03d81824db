"""Fields of a document with an e-invoice in it: the XML's values, held against page and arithmetic."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from extraction.engines.blocks import Box, ConvertedDocument
from extraction.engines.fields.amounts import money_text
from extraction.engines.fields.builtin import INVOICE
from extraction.engines.fields.calibrate import FAILED_CAP
from extraction.engines.fields.candidates import CandidateSource, Reading
from extraction.engines.fields.defs import FieldDef, FieldType
from extraction.engines.fields.extract import Extraction, FieldValue, extract, overall
from extraction.engines.fields.parse import JsonValue, json_number
from extraction.engines.fields.rank import Ranker, rank
from extraction.engines.fields.sources import LOCAL_SOURCES

from .crosscheck import Comparison, compare
from .invoice import EInvoice, Line
from .rules import broken_rules
from .source import value_name, xml_first, xml_source

LABELS = {item.name: item.label for item in INVOICE}
LINE_FIELDS = frozenset({"line_items", "lines", "items", "positions"})


@dataclass(frozen=True, slots=True)
class EInvoiceReading:
    """The extraction, and how page and XML agree."""

    extraction: Extraction
    comparison: Comparison

    @property
    def flags(self) -> list[str]:
        """Marks for the document: the page contradicts the XML; the page does not print the XML's total."""
        contradicted = ["e_invoice_mismatch"] if self.comparison.conflicts else []
        return contradicted + ([] if self.comparison.total_shown else ["e_invoice_total_not_shown"])


def read_e_invoice(
    document: ConvertedDocument,
    invoice: EInvoice,
    fields: Sequence[FieldDef],
    *,
    type_slug: str | None = "invoice",
    language: str | None = None,
    sources: Sequence[CandidateSource] = LOCAL_SOURCES,
    ranker: Ranker = rank,
) -> EInvoiceReading:
    """As `extract`: the XML's values where it has them, the page's for the rest.

    A value that the page shows otherwise, or that the XML's own figures contradict, has an error in words and
    a confidence below every review threshold. A page made from the XML itself is not held against it.
    """
    found = extract(
        document,
        fields,
        type_slug=type_slug,
        language=language,
        sources=(*sources, xml_source(invoice)),
        ranker=xml_first(ranker),
    )
    reading = Reading(document, fields, type_slug, language)
    made_from_xml = bool(document.meta.get("synthetic_layout"))
    comparison = Comparison() if made_from_xml else compare(reading, invoice)
    errors = _errors_of(reading, fields, invoice, comparison)
    return EInvoiceReading(_with_errors(_with_lines(found, invoice, fields), fields, errors), comparison)


def _errors_of(
    reading: Reading, fields: Sequence[FieldDef], invoice: EInvoice, comparison: Comparison
) -> dict[str, list[str]]:
    """Sentences by field; a contradiction about a field that nobody asks for is told at the first field."""
    by_role = {value_name(reading.roles[item.name]): item.name for item in fields}
    errors: dict[str, list[str]] = {}
    for name, sentence in comparison.conflicts.items():
        told = sentence if name in by_role else f"{LABELS[name]}: {sentence}"
        if fields:
            errors.setdefault(by_role.get(name, fields[0].name), []).append(told)
    for name, sentences in broken_rules(invoice).items():
        if name in by_role:
            errors.setdefault(by_role[name], []).extend(sentences)
    return errors


def _with_errors(
    found: Extraction, fields: Sequence[FieldDef], errors: Mapping[str, Sequence[str]]
) -> Extraction:
    if not errors:
        return found
    values = {
        name: _doubted(value, errors[name]) if name in errors else value
        for name, value in found.values.items()
    }
    flags = list(found.flags) if "validation_failed" in found.flags else [*found.flags, "validation_failed"]
    return Extraction(values, overall(fields, values), flags)


def _doubted(value: FieldValue, sentences: Sequence[str]) -> FieldValue:
    sure = min(value.confidence, FAILED_CAP)
    return replace(value, confidence=sure, validated=False, errors=(*sentences, *value.errors))


def _with_lines(found: Extraction, invoice: EInvoice, fields: Sequence[FieldDef]) -> Extraction:
    """Line items for a field that asks for them; a field without parts gets all."""
    wanted = [item for item in fields if item.type == "array" and item.name in LINE_FIELDS]
    if not wanted or not invoice.lines:
        return found
    values = dict(found.values)
    for item in wanted:
        values[item.name] = FieldValue(
            name=item.name, value=line_items(invoice, item), confidence=0.995, confidence_unchecked=0.995,
            boxes=_places(found.values[item.name], invoice), source="rule", origin="xml", validated=True,
        )  # fmt: skip
    flags = list(found.flags)
    missing = [item for item in fields if item.required and values[item.name].value is None]
    if not missing and "required_missing" in flags:
        flags.remove("required_missing")
    return Extraction(values, overall(fields, values), flags)


def _places(read: FieldValue, invoice: EInvoice) -> tuple[Box, ...]:
    """Where the page prints the lines, if it was read with as many."""
    same = isinstance(read.value, list) and len(read.value) == len(invoice.lines)
    return read.boxes if same else ()


def line_items(invoice: EInvoice, definition: FieldDef) -> list[dict[str, Any]]:
    """The lines as JSON objects with the parts that the field names, each in its own type."""
    types = {part.name: part.type for part in definition.items}
    return [_line_json(line, types) for line in invoice.lines]


def _line_json(line: Line, types: Mapping[str, FieldType]) -> dict[str, Any]:
    """A line's parts; amounts as decimal texts, unless the field wants numbers."""
    said: dict[str, str | Decimal | None] = {
        "number": line.number or None,
        "description": line.description or None,
        "quantity": line.quantity,
        "unit": line.unit or None,
        "unit_price": line.unit_price,
        "tax_rate": line.tax_rate,
        "amount": line.amount,
    }
    return {name: _typed(said.get(name), types.get(name)) for name in types or said}


def _typed(value: str | Decimal | None, kind: FieldType | None) -> JsonValue:
    if not isinstance(value, Decimal):
        return value
    return json_number(value) if kind in ("number", "integer") else money_text(value)
