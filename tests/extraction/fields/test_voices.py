"""What embedded XML, memory and models say is heard beside the page, never instead of it."""

from __future__ import annotations

import pytest

from extraction.engines.fields.aliases import Role
from extraction.engines.fields.builtin import INVOICE
from extraction.engines.fields.candidates import Candidate, CandidateSource, Origin, Reading
from extraction.engines.fields.defs import FieldDef
from extraction.engines.fields.extract import FieldValue, extract
from extraction.engines.fields.sources import LOCAL_SOURCES

from .paper import document, invoice


def saying(field: str, value: str, trust: float, origin: Origin = "model") -> CandidateSource:
    """A voice that says one value of one field."""

    def source(reading: Reading, definition: FieldDef, role: Role) -> list[Candidate]:
        if definition.name != field:
            return []
        return [Candidate("code", value, "", (), origin=origin, seen={"trust": trust})]

    return source


def number_with(*voices: CandidateSource) -> FieldValue:
    read = extract(document(invoice()), INVOICE, type_slug="invoice", sources=(*LOCAL_SOURCES, *voices))
    return read.values["invoice_number"]


def test_a_voice_that_agrees_makes_the_page_surer() -> None:
    alone, heard = number_with(), number_with(saying("invoice_number", "INV-2026-0117", 0.9))
    assert heard.value == alone.value == "INV-2026-0117"
    assert heard.confidence >= alone.confidence
    assert heard.boxes == alone.boxes


def test_a_weak_voice_does_not_override_a_plain_label() -> None:
    found = number_with(saying("invoice_number", "NONSENSE-1", 0.5))
    assert found.value == "INV-2026-0117"
    assert "NONSENSE-1" in [other.value for other in found.alternatives]


@pytest.mark.parametrize("origin", ["xml", "memory", "model"])
def test_a_value_that_only_a_voice_knows_keeps_its_origin_and_has_no_place(origin: Origin) -> None:
    page = document([line for line in invoice() if "Invoice No" not in str(line)])
    voice = saying("invoice_number", "RE-77", 0.9, origin)
    read = extract(page, INVOICE, type_slug="invoice", sources=(*LOCAL_SOURCES, voice))
    found = read.values["invoice_number"]
    assert (found.value, found.origin, found.boxes) == ("RE-77", origin, ())
