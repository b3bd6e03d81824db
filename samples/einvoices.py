"""Invoices as XML, in the syntaxes that firms send: CII (Factur-X, XRechnung, ZUGFeRD 1.0) and UBL."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Literal
from xml.sax.saxutils import escape

import pypdfium2

from samples.content import Invoice, Party

Syntax = Literal["cii", "zugferd1", "ubl"]
EN16931 = "urn:cen.eu:en16931:2017"
XRECHNUNG = f"{EN16931}#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0"
COMFORT = "urn:ferd:CrossIndustryDocument:invoice:1p0:comfort"
_ID = re.compile(rb"/ID\[(<[0-9A-F]+>)<[0-9A-F]+>\]")
_COUNTRIES = {"United Kingdom": "GB", "Ireland": "IE", "Deutschland": "DE", "France": "FR"}
_UNITS = {"h": "HUR", "Std.": "HUR", "month": "MON", "flat": "LS", "psch.": "LS", "forfait": "LS"}


@dataclass(frozen=True, slots=True)
class Firm:
    """A party; only the name must be known. `country` is an ISO code."""

    name: str
    vat_id: str = ""
    street: str = ""
    postcode: str = ""
    town: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One line; `rate` in percent."""

    text: str
    quantity: Decimal
    unit: str
    price: Decimal
    rate: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is written into the XML; None and empty texts are left out."""

    number: str = ""
    issued: date | None = None
    due: date | None = None
    currency: str = ""
    seller: Firm = Firm("")
    buyer: Firm = Firm("")
    iban: str = ""
    items: tuple[Item, ...] = ()
    rate: Decimal | None = None
    net: Decimal | None = None
    tax: Decimal | None = None
    total: Decimal | None = None
    prepaid: Decimal | None = None
    amount_due: Decimal | None = None
    type_code: str = "380"
    guideline: str = EN16931
    note: str = ""


def facts_of(invoice: Invoice, **changes: object) -> Facts:
    """The facts that the page of an invoice shows, with `changes` to some of them."""
    rate = Decimal(invoice.rate)
    items = tuple(
        Item(line.text, line.quantity, _UNITS.get(line.unit, "C62"), line.price, rate, line.amount)
        for line in invoice.lines
    )
    facts = Facts(
        number=invoice.number,
        issued=invoice.issued,
        due=invoice.due,
        currency=invoice.currency,
        seller=_firm(invoice.seller),
        buyer=_firm(invoice.buyer),
        iban=invoice.seller.iban,
        items=items,
        rate=rate,
        net=invoice.net,
        tax=invoice.tax,
        total=invoice.total,
        prepaid=invoice.deposit or None,
        amount_due=invoice.amount_due,
    )
    return replace(facts, **changes)  # type: ignore[arg-type]


def write_xml(facts: Facts, syntax: Syntax = "cii") -> bytes:
    """The invoice as an XML file."""
    writers = {"cii": _cii, "zugferd1": _zugferd1, "ubl": _ubl}
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{writers[syntax](facts)}\n'.encode()


def embed(path: Path, data: bytes, name: str = "factur-x.xml") -> None:
    """Puts a file into the PDF at `path`, as hybrid invoices carry their XML. The page stays as it is."""
    document = pypdfium2.PdfDocument(path.read_bytes())
    try:
        file = document.new_attachment(name)
        file.set_data(data)
        # The library writes the clock here and chance into the second half of the file's id.
        file.set_str_value("CreationDate", "D:20260101000000")
        document.save(str(path))
    finally:
        document.close()
    path.write_bytes(_ID.sub(rb"/ID[\1\1]", path.read_bytes()))


def _firm(party: Party) -> Firm:
    head, tail = party.city.split(" ", 1)
    country = _COUNTRIES[party.country]
    if country in ("GB", "IE"):  # the town stands first there
        head, tail = tail, head
    return Firm(party.name, party.vat_id, party.street, head, tail, country)


def _tag(name: str, content: object, attributes: str = "") -> str:
    """An element with a text or with elements made before; nothing for an empty one."""
    if content is None or content == "":
        return ""
    text = content if isinstance(content, str) and content.startswith("<") else escape(str(content))
    return f"<{name}{attributes}>{text}</{name}>"


def _join(parts: Iterable[str]) -> str:
    return "".join(parts)


def _day(name: str, value: date | None) -> str:
    return _tag(name, _tag("udt:DateTimeString", f"{value:%Y%m%d}", ' format="102"')) if value else ""


def _cii_firm(name: str, firm: Firm) -> str:
    address = _join(
        (
            _tag("ram:PostcodeCode", firm.postcode),
            _tag("ram:LineOne", firm.street),
            _tag("ram:CityName", firm.town),
            _tag("ram:CountryID", firm.country),
        )
    )
    number = _tag("ram:ID", firm.vat_id, ' schemeID="VA"')
    inside = _tag("ram:Name", firm.name) + _tag("ram:PostalTradeAddress", address)
    return _tag(name, inside + _tag("ram:SpecifiedTaxRegistration", number))


def _cii(facts: Facts) -> str:
    root = (
        "rsm:CrossIndustryInvoice",
        ' xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"'
        ' xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"'
        ' xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100"',
    )
    guideline = _tag("ram:GuidelineSpecifiedDocumentContextParameter", _tag("ram:ID", facts.guideline))
    trade = _join(
        (
            *(_cii_item(n, item, facts) for n, item in enumerate(facts.items, start=1)),
            _tag("ram:ApplicableHeaderTradeAgreement", _cii_parties(facts)),
            "<ram:ApplicableHeaderTradeDelivery/>",
            _tag(
                "ram:ApplicableHeaderTradeSettlement",
                _cii_settlement(facts, "ram:SpecifiedTradeSettlementHeaderMonetarySummation"),
            ),
        )
    )
    return _tag(
        root[0],
        _tag("rsm:ExchangedDocumentContext", guideline)
        + _tag("rsm:ExchangedDocument", _cii_header(facts))
        + _tag("rsm:SupplyChainTradeTransaction", trade),
        root[1],
    )


def _cii_header(facts: Facts) -> str:
    note = _tag("ram:IncludedNote", _tag("ram:Content", facts.note))
    named = _tag("ram:ID", facts.number) + _tag("ram:TypeCode", facts.type_code)
    return named + _day("ram:IssueDateTime", facts.issued) + note


def _cii_parties(facts: Facts) -> str:
    return _cii_firm("ram:SellerTradeParty", facts.seller) + _cii_firm("ram:BuyerTradeParty", facts.buyer)


def _cii_item(
    number: int, item: Item, facts: Facts, era: tuple[str, str, str] = ("Line", "Line", "Rate")
) -> str:
    line, summed, rate = era
    price = _tag("ram:NetPriceProductTradePrice", _tag("ram:ChargeAmount", item.price))
    quantity = _tag("ram:BilledQuantity", item.quantity, f' unitCode="{item.unit}"')
    tax = (
        _tag("ram:TypeCode", "VAT")
        + _tag("ram:CategoryCode", "S")
        + _tag(f"ram:{rate}ApplicablePercent", item.rate)
    )
    total = _tag(
        f"ram:SpecifiedTradeSettlement{summed}MonetarySummation", _tag("ram:LineTotalAmount", item.amount)
    )
    return _tag(
        "ram:IncludedSupplyChainTradeLineItem",
        _join(
            (
                _tag("ram:AssociatedDocumentLineDocument", _tag("ram:LineID", number)),
                _tag("ram:SpecifiedTradeProduct", _tag("ram:Name", item.text)),
                _tag(f"ram:Specified{line}TradeAgreement", price),
                _tag(f"ram:Specified{line}TradeDelivery", quantity),
                _tag(f"ram:Specified{line}TradeSettlement", _tag("ram:ApplicableTradeTax", tax) + total),
            )
        ),
    )


def _cii_settlement(facts: Facts, summation: str, rate: str = "Rate") -> str:
    account = _tag("ram:PayeePartyCreditorFinancialAccount", _tag("ram:IBANID", facts.iban))
    means = _tag("ram:TypeCode", "58") + account if account else ""
    tax = _join(
        (
            _tag("ram:CalculatedAmount", facts.tax),
            _tag("ram:TypeCode", "VAT"),
            _tag("ram:BasisAmount", facts.net),
            _tag("ram:CategoryCode", "S"),
            _tag(f"ram:{rate}ApplicablePercent", facts.rate),
        )
    )
    lines = sum((item.amount for item in facts.items), Decimal(0)) if facts.items else facts.net
    sums = _join(
        (
            _tag("ram:LineTotalAmount", lines),
            _tag("ram:TaxBasisTotalAmount", facts.net),
            _tag("ram:TaxTotalAmount", facts.tax, f' currencyID="{facts.currency}"'),
            _tag("ram:GrandTotalAmount", facts.total),
            _tag("ram:TotalPrepaidAmount", facts.prepaid),
            _tag("ram:DuePayableAmount", facts.amount_due),
        )
    )
    return _join(
        (
            _tag("ram:InvoiceCurrencyCode", facts.currency),
            _tag("ram:SpecifiedTradeSettlementPaymentMeans", means),
            _tag("ram:ApplicableTradeTax", tax) if facts.rate is not None else "",
            _tag("ram:SpecifiedTradePaymentTerms", _day("ram:DueDateDateTime", facts.due)),
            _tag(summation, sums),
        )
    )


def _zugferd1(facts: Facts) -> str:
    facts = replace(facts, guideline=COMFORT) if facts.guideline == EN16931 else facts
    attributes = (
        ' xmlns:rsm="urn:ferd:CrossIndustryDocument:invoice:1p0"'
        ' xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:12"'
        ' xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:15"'
    )
    guideline = _tag("ram:GuidelineSpecifiedDocumentContextParameter", _tag("ram:ID", facts.guideline))
    summation = "ram:SpecifiedTradeSettlementMonetarySummation"
    era = ("SupplyChain", "", "")
    trade = _join(
        (
            _tag("ram:ApplicableSupplyChainTradeAgreement", _cii_parties(facts)),
            _tag("ram:ApplicableSupplyChainTradeSettlement", _cii_settlement(facts, summation, "")),
            *(_cii_item(n, item, facts, era) for n, item in enumerate(facts.items, start=1)),
        )
    )
    return _tag(
        "rsm:CrossIndustryDocument",
        _tag("rsm:SpecifiedExchangedDocumentContext", guideline)
        + _tag("rsm:HeaderExchangedDocument", _cii_header(facts))
        + _tag("rsm:SpecifiedSupplyChainTradeTransaction", trade),
        attributes,
    )


def _ubl(facts: Facts) -> str:
    kind = "CreditNote" if facts.type_code == "381" else "Invoice"
    attributes = (
        f' xmlns="urn:oasis:names:specification:ubl:schema:xsd:{kind}-2"'
        ' xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"'
        ' xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"'
    )
    return _tag(
        kind,
        _join(
            (
                _tag("cbc:CustomizationID", facts.guideline),
                _tag("cbc:ID", facts.number),
                _tag("cbc:IssueDate", facts.issued),
                _tag("cbc:DueDate", facts.due) if kind == "Invoice" else "",
                _tag(f"cbc:{kind}TypeCode", facts.type_code),
                _tag("cbc:Note", facts.note),
                _tag("cbc:DocumentCurrencyCode", facts.currency),
                _tag("cac:AccountingSupplierParty", _ubl_firm(facts.seller)),
                _tag("cac:AccountingCustomerParty", _ubl_firm(facts.buyer)),
                _ubl_payment(facts, kind),
                _ubl_sums(facts),
                *(_ubl_item(n, item, facts, kind) for n, item in enumerate(facts.items, start=1)),
            )
        ),
        attributes,
    )


def _ubl_payment(facts: Facts, kind: str) -> str:
    account = _tag("cac:PayeeFinancialAccount", _tag("cbc:ID", facts.iban))
    due = _tag("cbc:PaymentDueDate", facts.due) if kind == "CreditNote" else ""
    return _tag("cac:PaymentMeans", _tag("cbc:PaymentMeansCode", "58") + due + account) if account else ""


def _ubl_firm(firm: Firm) -> str:
    address = _join(
        (
            _tag("cbc:StreetName", firm.street),
            _tag("cbc:CityName", firm.town),
            _tag("cbc:PostalZone", firm.postcode),
            _tag("cac:Country", _tag("cbc:IdentificationCode", firm.country)),
        )
    )
    scheme = _tag("cac:TaxScheme", _tag("cbc:ID", "VAT"))
    tax = _tag("cbc:CompanyID", firm.vat_id) + scheme if firm.vat_id else ""
    legal = _tag("cac:PartyLegalEntity", _tag("cbc:RegistrationName", firm.name))
    return _tag("cac:Party", _tag("cac:PostalAddress", address) + _tag("cac:PartyTaxScheme", tax) + legal)


def _ubl_sums(facts: Facts) -> str:
    currency = f' currencyID="{facts.currency}"'
    lines = sum((item.amount for item in facts.items), Decimal(0)) if facts.items else facts.net
    named = (
        ("LineExtensionAmount", lines),
        ("TaxExclusiveAmount", facts.net),
        ("TaxInclusiveAmount", facts.total),
        ("PrepaidAmount", facts.prepaid),
        ("PayableAmount", facts.amount_due),
    )
    totals = _join(_tag(f"cbc:{name}", value, currency) for name, value in named)
    tax = _tag("cac:TaxTotal", _tag("cbc:TaxAmount", facts.tax, currency))
    return tax + _tag("cac:LegalMonetaryTotal", totals)


def _ubl_item(number: int, item: Item, facts: Facts, kind: str) -> str:
    currency = f' currencyID="{facts.currency}"'
    quantity = "CreditedQuantity" if kind == "CreditNote" else "InvoicedQuantity"
    category = _tag("cbc:ID", "S") + _tag("cbc:Percent", item.rate)
    tax = _tag("cac:ClassifiedTaxCategory", category + _tag("cac:TaxScheme", _tag("cbc:ID", "VAT")))
    return _tag(
        f"cac:{kind}Line",
        _join(
            (
                _tag("cbc:ID", number),
                _tag(f"cbc:{quantity}", item.quantity, f' unitCode="{item.unit}"'),
                _tag("cbc:LineExtensionAmount", item.amount, currency),
                _tag("cac:Item", _tag("cbc:Name", item.text) + tax),
                _tag("cac:Price", _tag("cbc:PriceAmount", item.price, currency)),
            )
        ),
    )
