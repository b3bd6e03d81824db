"""Papers of every kind are read by the fields of their type."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from extraction.document_types import DOCUMENT_TYPES, GROUPS
from extraction.engines.fields.builtin import FIELD_SETS, fields_of
from extraction.engines.fields.classify import classify
from extraction.engines.fields.defs import fields_from_json
from extraction.engines.fields.fieldsets import KNOWN_SETS
from extraction.engines.fields.layout import tokens_of
from extraction.engines.fields.quality import photo_quality
from samples import ledgers, persons, trade
from samples.degrade import Wear

from .papers import Draw, differences, drawn, read_as

PAPERS: dict[str, tuple[str, Draw]] = {
    "identity card": ("ktp", persons.ktp),
    "family card": ("kartu_keluarga", persons.family_card),
    "passport": ("passport", persons.passport),
    "German statement": ("rekening_koran", partial(ledgers.statement, paper=ledgers.GERMAN)),
    "Indonesian statement": ("rekening_koran", partial(ledgers.statement, paper=ledgers.INDONESIAN)),
    "English statement": ("rekening_koran", partial(ledgers.statement, paper=ledgers.ENGLISH)),
    "Indonesian payslip": ("slip_gaji", partial(ledgers.payslip, language="id")),
    "English payslip": ("slip_gaji", partial(ledgers.payslip, language="en")),
    "English order": ("purchase_order", partial(trade.purchase_order, language="en")),
    "German order": ("purchase_order", partial(trade.purchase_order, language="de")),
    "English delivery note": ("delivery_note", partial(trade.delivery_note, language="en")),
    "German delivery note": ("delivery_note", partial(trade.delivery_note, language="de")),
    "contract": ("contract", trade.contract),
}


@pytest.mark.parametrize("name", PAPERS)
def test_a_clean_paper_is_known_and_read_in_full(name: str, tmp_path: Path) -> None:
    slug, draw = PAPERS[name]
    document, printed = drawn(draw, tmp_path)
    assert classify(document)[0][0] == slug
    result = read_as(slug, document)
    assert differences(result, printed) == {}
    assert result.flags == []


@pytest.mark.parametrize("name", ["identity card", "passport"])
def test_a_scanned_card_is_known_and_read(name: str, tmp_path: Path) -> None:
    slug, draw = PAPERS[name]
    document, printed = drawn(draw, tmp_path, Wear(tilt=0.6, noise=6, blur=0.7))
    assert document.method == "ocr"
    assert not photo_quality(document).poor
    assert classify(document)[0][0] == slug
    assert differences(read_as(slug, document), printed) == {}


def test_a_statement_of_two_pages_is_one_table(tmp_path: Path) -> None:
    document, _ = drawn(PAPERS["English statement"][1], tmp_path)
    table = read_as("rekening_koran", document).values["transactions"]
    assert len(document.pages) == 2
    assert {box.page for box in table.boxes} == {1, 2}
    assert table.validated


def test_every_field_set_belongs_to_a_type_and_is_a_valid_definition() -> None:
    assert set(FIELD_SETS) <= set(DOCUMENT_TYPES)
    for slug in FIELD_SETS:
        assert fields_from_json([item.to_json() for item in fields_of(slug)]) == fields_of(slug)


def test_every_type_stands_in_one_group() -> None:
    listed = [slug for slugs in GROUPS.values() for slug in slugs]
    assert sorted(listed) == sorted(DOCUMENT_TYPES)


def test_every_printed_label_has_words_and_stands_once() -> None:
    for items in KNOWN_SETS.values():
        for item in (part for field in items for part in (field, *field.items)):
            labels = item.labels.split("|") if item.labels else []
            assert all(tokens_of(label) for label in labels), item.name


def test_the_sets_that_clients_rely_on_keep_their_names() -> None:
    assert [item.name for item in fields_of("invoice")] == [
        "invoice_number", "issue_date", "due_date", "seller_name", "seller_vat_id", "buyer_name", "net",
        "tax", "total", "amount_due", "currency", "iban", "line_items",
    ]  # fmt: skip
    assert [item.name for item in fields_of("receipt")] == ["company", "date", "address", "total"]
    assert [item.name for item in fields_of("ktp")] == [
        "nik", "full_name", "place_of_birth", "date_of_birth", "gender", "blood_type", "address", "rt_rw",
        "kelurahan", "kecamatan", "religion", "marital_status", "occupation", "nationality", "valid_until",
        "issue_date",
    ]  # fmt: skip
    assert {"npwp_number", "name", "address", "registered_at", "kpp_code"} <= {
        item.name for item in fields_of("npwp")
    }
    assert "members" in {item.name for item in fields_of("kartu_keluarga")}
