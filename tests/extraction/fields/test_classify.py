"""The kind of a document is told by its words and its shape."""

from __future__ import annotations

import pytest

from extraction.document_types import DOCUMENT_TYPES
from extraction.engines.blocks import ConvertedDocument
from extraction.engines.fields.classify import TypeHints, classify
from extraction.engines.fields.kinds import HINTS, TITLES

from .paper import Line, document, invoice
from .test_extract import FRENCH, GERMAN, SHOP

KINDS: list[tuple[str, list[Line]]] = [
    ("invoice", invoice()),
    ("invoice", GERMAN),
    ("invoice", FRENCH),
    ("receipt", SHOP),
    (
        "purchase_order",
        [
            "Purchase Order",
            "PO number: 4711",
            "Vendor: Acme Ltd",
            "Ship to: Plant 2",
            "Required by: 3 May 2026",
        ],
    ),
    (
        "delivery_note",
        ["Lieferschein", "Lieferdatum 03.11.2026", "Versandart: Spedition", "4 Colli", "Empfangen:"],
    ),
    (
        "contract",
        [
            "Service Agreement",
            "This agreement is made between the parties, hereinafter called the client and the provider.",
            "Whereas the client wishes to receive services, the parties hereby agree as follows below.",
            "Governing law: the courts of London have sole competence over any dispute that may arise.",
        ],
    ),
    (
        "rekening_koran",
        [
            "Rekening Koran",
            ((50.0, "Tanggal"), (200.0, "Keterangan"), (350.0, "Debet"), (420.0, "Kredit"), (500.0, "Saldo")),
            ((50.0, "01/11/2026"), (200.0, "Saldo awal"), (500.0, "1.000.000,00")),
            ((50.0, "02/11/2026"), (200.0, "Transfer"), (350.0, "50.000,00"), (500.0, "950.000,00")),
        ],
    ),
    (
        "slip_gaji",
        [
            "Gehaltsabrechnung",
            "Bruttolohn 3.000,00",
            "Lohnsteuer 410,00",
            "Steuerklasse 1",
            "Nettolohn 1.980,00",
        ],
    ),
    (
        "letter",
        [
            "Sehr geehrte Frau Muster,",
            "vielen Dank für Ihr Schreiben, das wir gern beantworten möchten.",
            "Wir melden uns in der kommenden Woche bei Ihnen.",
            "Mit freundlichen Grüßen",
            "Betreff: Ihr Schreiben",
        ],
    ),
    (
        "report",
        [
            "Annual Report 2026",
            "Table of contents",
            "Executive summary",
            "Introduction",
            "Methodology",
            "Conclusions",
        ],
    ),
]


@pytest.mark.parametrize(("slug", "lines"), KINDS)
def test_a_document_is_known_by_its_words(slug: str, lines: list[Line]) -> None:
    assert classify(document(lines))[0][0] == slug


@pytest.mark.parametrize("lines", [[], ["xyz 42 17"], ["One plain line about nothing in particular."]])
def test_a_document_without_signs_is_other(lines: list[Line]) -> None:
    assert classify(document(lines))[0][0] == "other"


def test_a_document_without_pages_is_other() -> None:
    assert classify(ConvertedDocument((), (), "ocr", "test", "1"))[0][0] == "other"


def test_every_type_is_scored_once_best_first() -> None:
    scores = classify(document(invoice()))
    assert {slug for slug, _ in scores} == {*HINTS, "other"}
    assert len(scores) == len(HINTS) + 1
    assert [score for _, score in scores] == sorted((score for _, score in scores), reverse=True)
    assert all(0 <= score <= 1 for _, score in scores)
    assert sum(score for _, score in scores) == pytest.approx(1, abs=0.01)


def test_every_built_in_kind_is_a_document_type() -> None:
    assert {*HINTS, *TITLES} <= set(DOCUMENT_TYPES)


def test_a_clear_document_is_nearly_certain_and_a_vague_one_is_not() -> None:
    assert classify(document(invoice()))[0][1] > 0.95
    assert classify(document(["Invoice or receipt", "Total 12.00"]))[0][1] < 0.8


def test_a_machine_readable_zone_makes_a_passport() -> None:
    lines: list[Line] = [
        "UTOPIA",
        "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<",
        "L898902C36UTO7408122F1204159ZE184226B<<<<<10",
    ]
    slug, score = classify(document(lines))[0]
    assert slug == "passport"
    assert score > 0.9


def test_an_identity_card_is_known_by_its_printed_labels() -> None:
    lines: list[Line] = [
        "PROVINSI JAWA BARAT", "NIK : 3273015708880002", "Nama : RATNA AYUDIANTI",
        "Tempat/Tgl Lahir : BANDUNG, 17-08-1988", "Jenis Kelamin : PEREMPUAN", "Agama : ISLAM",
        "Status Perkawinan : KAWIN", "Berlaku Hingga : SEUMUR HIDUP",
    ]  # fmt: skip
    assert classify(document(lines))[0][0] == "ktp"


OWN = [
    TypeHints("loan_application", ("Kreditantrag", "Darlehensbetrag", "Sollzinssatz")),
    TypeHints("visitor_slip", ("Besucherschein",)),
]


def test_a_users_own_type_is_known_by_its_keywords() -> None:
    lines: list[Line] = ["Kreditantrag", "Darlehensbetrag: 20.000,00 EUR", "Sollzinssatz: 3,9 %"]
    scores = classify(document(lines), OWN)
    assert scores[0][0] == "loan_application"
    assert scores[0][1] > 0.9
    assert {"visitor_slip", "invoice", "other"} <= {slug for slug, _ in scores}


def test_own_types_do_not_take_what_is_clearly_something_else() -> None:
    assert classify(document(invoice()), OWN)[0][0] == "invoice"
    assert classify(document(invoice()), [TypeHints("empty", ())])[0][0] == "invoice"


def test_a_keyword_matches_whole_words_without_case_and_accents() -> None:
    hints = [TypeHints("own", ("Gebührenbescheid",))]
    assert classify(document(["GEBUHRENBESCHEID"]), hints)[0][0] == "own"
    assert classify(document(["Gebührenbescheidung"]), hints)[0][0] == "other"
