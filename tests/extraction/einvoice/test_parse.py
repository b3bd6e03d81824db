"""E-invoices are read exactly, whatever their syntax, version and profile."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from extraction.engines.einvoice.invoice import EInvoice
from extraction.engines.einvoice.parse import read_invoice
from extraction.engines.einvoice.source import named_values
from samples.einvoices import COMFORT, XRECHNUNG, Syntax, facts_of, write_xml
from samples.invoices import papers

from .xml import e_invoice, xml

SYNTAXES: tuple[Syntax, ...] = ("cii", "zugferd1", "ubl")


@pytest.mark.parametrize("syntax", SYNTAXES)
@pytest.mark.parametrize("seed", [7, 8])
def test_every_fact_of_the_samples_comes_back(syntax: Syntax, seed: int) -> None:
    for paper in papers(seed):
        invoice = read_invoice(write_xml(facts_of(paper.invoice), syntax))
        values = named_values(invoice)
        expected = paper.invoice.expected()
        assert {name: values[name] for name in expected} == expected
        assert values["buyer_vat_id"] == paper.invoice.buyer.vat_id


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_line_items_keep_quantity_unit_price_tax_and_amount(syntax: Syntax) -> None:
    first, second = e_invoice(syntax).lines
    assert (first.number, first.description, first.quantity, first.unit) == ("1", "Consulting", 10, "h")
    assert (first.unit_price, first.tax_rate, first.amount) == (80, 19, 800)
    assert (second.unit, second.amount) == ("flat", 200)


@pytest.mark.parametrize(
    ("guideline", "profile"),
    [
        ("urn:cen.eu:en16931:2017", "EN 16931"),
        (XRECHNUNG, "XRechnung 3.0"),
        (COMFORT, "COMFORT"),
        ("urn:factur-x.eu:1p0:minimum", "MINIMUM"),
        ("urn:factur-x.eu:1p0:basicwl", "BASIC WL"),
        ("urn:cen.eu:en16931:2017#compliant#urn:factur-x.eu:1p0:basic", "BASIC"),
        ("urn:cen.eu:en16931:2017#conformant#urn:factur-x.eu:1p0:extended", "EXTENDED"),
        ("urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0", "Peppol BIS Billing"),
    ],
)
def test_the_profile_has_its_usual_name(guideline: str, profile: str) -> None:
    assert e_invoice(guideline=guideline).profile == profile


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_a_credit_note_is_known_as_one(syntax: Syntax) -> None:
    note = e_invoice(syntax, type_code="381")
    assert note.is_credit_note
    assert (note.sums.total, note.due_date, len(note.lines)) == (Decimal("1190.00"), "2026-12-03", 2)


def test_the_smallest_profile_gives_what_it_has_and_nothing_else() -> None:
    values = named_values(
        e_invoice(items=(), iban="", due=None, rate=None, guideline="urn:factur-x.eu:1p0:minimum")
    )
    assert values["total"] == "1190.00"
    assert not {"iban", "due_date"} & values.keys()


def test_of_two_tax_totals_the_one_in_the_invoice_currency_counts() -> None:
    own, other = b'<ram:TaxTotalAmount currencyID="GBP">', b'<ram:TaxTotalAmount currencyID="EUR">'
    doubled = xml().replace(own, other + b"221.70</ram:TaxTotalAmount>" + own)
    assert read_invoice(doubled).sums.tax == Decimal("190.00")


def test_a_discount_date_is_no_due_date() -> None:
    terms = b"<ram:SpecifiedTradePaymentTerms>"
    early = (
        terms
        + b"<ram:DueDateDateTime><udt:DateTimeString>20261110</udt:DateTimeString></ram:DueDateDateTime>"
        b"<ram:ApplicableTradePaymentDiscountTerms/></ram:SpecifiedTradePaymentTerms>" + terms
    )
    assert read_invoice(xml().replace(terms, early)).due_date == "2026-12-03"


def test_the_account_to_debit_is_not_the_account_to_pay_to() -> None:
    debit = xml().replace(b"PayeePartyCreditorFinancialAccount", b"PayerPartyDebtorFinancialAccount")
    invoice = read_invoice(debit)
    assert (invoice.iban, invoice.ibans) == ("", ("GB29NWBK60161331926819",))


def test_an_amount_that_is_no_number_is_told_and_not_guessed() -> None:
    odd = xml().replace(
        b"<ram:GrandTotalAmount>1190.00</ram:GrandTotalAmount>",
        b"<ram:GrandTotalAmount>1.190,00</ram:GrandTotalAmount>",
    )
    invoice = read_invoice(odd)
    assert invoice.sums.total is None
    assert invoice.problems == {"total": "The XML's “1.190,00” is not a number."}


def test_any_prefix_comments_and_a_byte_order_mark_do_not_matter() -> None:
    odd = xml().replace(b"rsm:", b"ns0:").replace(b":rsm", b":ns0")
    odd = b"\xef\xbb\xbf" + odd.replace(b"?>\n", b"?>\n<!-- made by hand -->\n", 1)
    assert named_values(read_invoice(odd)) == named_values(e_invoice())


def test_files_attached_inside_the_xml_are_passed_over() -> None:
    big = (
        b"<ram:AttachmentBinaryObject mimeCode='application/pdf'>"
        + b"QUJD" * 4_000_000
        + b"</ram:AttachmentBinaryObject>"
    )
    data = xml().replace(
        b"<ram:ApplicableHeaderTradeAgreement>", b"<ram:ApplicableHeaderTradeAgreement>" + big
    )
    assert named_values(read_invoice(data)) == named_values(e_invoice())


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_an_invoice_travels_as_json(syntax: Syntax) -> None:
    invoice = e_invoice(syntax)
    assert EInvoice.from_json(json.loads(json.dumps(invoice.to_json()))) == invoice


@pytest.mark.parametrize(
    "wrong",
    [
        None,
        [],
        {},
        {"syntax": "edi"},
        {"syntax": "cii", "number": 7},
        {"syntax": "cii", "lines": 3},
        {"syntax": "cii", "seller": []},
        {"syntax": "cii", "sums": {"total": "NaN"}},
        {"syntax": "cii", "sums": {"total": "ten"}},
    ],
)
def test_json_of_another_form_is_refused(wrong: object) -> None:
    with pytest.raises(ValueError, match=r"not |another kind"):
        EInvoice.from_json(wrong)
