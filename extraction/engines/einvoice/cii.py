"""CII: ZUGFeRD 1.0 (CrossIndustryDocument), and Factur-X, ZUGFeRD 2, XRechnung (CrossIndustryInvoice).

Elements are found by their local names: the two generations differ in namespaces and in some names, senders
in how closely they keep to them.
"""

from __future__ import annotations

from collections.abc import Iterator

from extraction.engines.convert.xmltree import Element, attribute

from .codes import bank_account, number, profile_of, unit_name, vat_id
from .invoice import EInvoice, Line, Party, Sums, TaxShare
from .tree import MAX_LINES, MAX_TEXTS, Amounts, all_texts, find, find_all, gathered, text, texts

_TRADE = "SupplyChainTradeTransaction|SpecifiedSupplyChainTradeTransaction"
_AGREEMENT = "ApplicableHeaderTradeAgreement|ApplicableSupplyChainTradeAgreement"
_DELIVERY = "ApplicableHeaderTradeDelivery|ApplicableSupplyChainTradeDelivery"
_SETTLEMENT = "ApplicableHeaderTradeSettlement|ApplicableSupplyChainTradeSettlement"
_SUMMATION = "SpecifiedTradeSettlementHeaderMonetarySummation|SpecifiedTradeSettlementMonetarySummation"
_LINE_SUMMATION = "SpecifiedTradeSettlementLineMonetarySummation|SpecifiedTradeSettlementMonetarySummation"
_RATE = "RateApplicablePercent|ApplicablePercent"
_PAYEE_ACCOUNT, _PAYER_ACCOUNT = "PayeePartyCreditorFinancialAccount", "PayerPartyDebtorFinancialAccount"


def read_cii(root: Element) -> EInvoice:
    """The invoice of a CrossIndustryInvoice or CrossIndustryDocument element. Raises nothing."""
    header = find(root, "ExchangedDocument|HeaderExchangedDocument")
    trade = find(root, _TRADE)
    agreement, settlement = find(trade, _AGREEMENT), find(trade, _SETTLEMENT)
    amounts = Amounts(text(settlement, "InvoiceCurrencyCode"))
    guideline = text(
        root,
        "ExchangedDocumentContext|SpecifiedExchangedDocumentContext",
        "GuidelineSpecifiedDocumentContextParameter",
        "ID",
    )
    payee, all_accounts = _accounts(settlement)
    taxes = list(find_all(settlement, "ApplicableTradeTax"))
    lines = list(find_all(trade, "IncludedSupplyChainTradeLineItem"))
    return EInvoice(
        syntax="cii",
        guideline=guideline,
        profile=profile_of(guideline),
        type_code=text(header, "TypeCode"),
        number=text(header, "ID"),
        issue_date=amounts.date("issue_date", text(header, "IssueDateTime", "DateTimeString|DateTime")),
        due_date=amounts.date("due_date", _due(settlement)),
        delivery_date=amounts.date("delivery_date", _delivered(find(trade, _DELIVERY))),
        currency=amounts.currency,
        seller=_party(find(agreement, "SellerTradeParty")),
        buyer=_party(find(agreement, "BuyerTradeParty")),
        iban=payee,
        ibans=all_accounts,
        sums=_sums(settlement, amounts),
        taxes=tuple(_tax(item) for item in taxes[:MAX_TEXTS]),
        lines=tuple(_line(item) for item in lines[:MAX_LINES]),
        order_number=text(agreement, "BuyerOrderReferencedDocument", "IssuerAssignedID|ID"),
        buyer_reference=text(agreement, "BuyerReference"),
        payment_terms="; ".join(gathered(_terms(settlement), "Description")),
        notes=gathered(find_all(header, "IncludedNote"), "Content"),
        said=all_texts(root),
        problems=amounts.problems,
        truncated=len(lines) > MAX_LINES or len(taxes) > MAX_TEXTS,
    )


def _party(party: Element | None) -> Party:
    registered = {
        attribute(item, "schemeID"): text(item)
        for registration in find_all(party, "SpecifiedTaxRegistration")
        for item in find_all(registration, "ID")
    }
    address = find(party, "PostalTradeAddress")
    place = f"{text(address, 'PostcodeCode')} {text(address, 'CityName')}".strip()
    streets = (text(address, name) for name in ("LineOne", "LineTwo", "LineThree"))
    return Party(
        name=text(party, "Name"),
        other_names=texts(party, "SpecifiedLegalOrganization", "TradingBusinessName"),
        vat_id=vat_id(registered.get("VA") or registered.get("VAT") or ""),
        tax_number=registered.get("FC", ""),
        address=tuple(part for part in (*streets, place, text(address, "CountryID")) if part),
    )


def _terms(settlement: Element | None) -> Iterator[Element]:
    return find_all(settlement, "SpecifiedTradePaymentTerms")


def _due(settlement: Element | None) -> str:
    """The due date of the terms without a discount, else of the first that have one."""
    dated = [item for item in _terms(settlement) if text(item, "DueDateDateTime", "DateTimeString|DateTime")]
    plain = [item for item in dated if find(item, "ApplicableTradePaymentDiscountTerms") is None]
    return next((text(item, "DueDateDateTime", "DateTimeString|DateTime") for item in [*plain, *dated]), "")


def _delivered(delivery: Element | None) -> str:
    return text(delivery, "ActualDeliverySupplyChainEvent", "OccurrenceDateTime", "DateTimeString|DateTime")


def _accounts(settlement: Element | None) -> tuple[str, tuple[str, ...]]:
    """The first account to pay to, and all accounts named."""
    means = list(find_all(settlement, "SpecifiedTradeSettlementPaymentMeans"))[:MAX_TEXTS]
    payee = [bank_account(text(item, _PAYEE_ACCOUNT, "IBANID")) for item in means]
    payer = [bank_account(text(item, _PAYER_ACCOUNT, "IBANID")) for item in means]
    return next(filter(None, payee), ""), tuple(dict.fromkeys(filter(None, payee + payer)))


def _sums(settlement: Element | None, amounts: Amounts) -> Sums:
    found = find(settlement, _SUMMATION)
    return Sums(
        lines=amounts.amount("line_total", found, "LineTotalAmount"),
        allowances=amounts.amount("allowances", found, "AllowanceTotalAmount"),
        charges=amounts.amount("charges", found, "ChargeTotalAmount"),
        net=amounts.amount("net", found, "TaxBasisTotalAmount"),
        tax=amounts.amount("tax", found, "TaxTotalAmount"),
        total=amounts.amount("total", found, "GrandTotalAmount"),
        prepaid=amounts.amount("prepaid", found, "TotalPrepaidAmount"),
        rounding=amounts.amount("rounding", found, "RoundingAmount"),
        due=amounts.amount("amount_due", found, "DuePayableAmount"),
    )


def _tax(tax: Element) -> TaxShare:
    return TaxShare(
        category=text(tax, "CategoryCode"),
        rate=number(text(tax, _RATE)),
        base=number(text(tax, "BasisAmount")),
        amount=number(text(tax, "CalculatedAmount")),
    )


def _line(line: Element) -> Line:
    agreement = find(line, "SpecifiedLineTradeAgreement|SpecifiedSupplyChainTradeAgreement")
    settlement = find(line, "SpecifiedLineTradeSettlement|SpecifiedSupplyChainTradeSettlement")
    quantity = find(line, "SpecifiedLineTradeDelivery|SpecifiedSupplyChainTradeDelivery", "BilledQuantity")
    price = find(agreement, "NetPriceProductTradePrice")
    document = find(line, "AssociatedDocumentLineDocument")
    product, notes = find(line, "SpecifiedTradeProduct"), texts(document, "IncludedNote", "Content")
    return Line(
        number=text(document, "LineID"),
        description=text(product, "Name") or text(product, "Description") or "; ".join(notes),
        quantity=number(text(quantity)),
        unit=unit_name(attribute(quantity, "unitCode")) if quantity is not None else "",
        unit_price=number(text(price, "ChargeAmount")),
        price_base=number(text(price, "BasisQuantity")),
        tax_rate=number(text(settlement, "ApplicableTradeTax", _RATE)),
        amount=number(text(settlement, _LINE_SUMMATION, "LineTotalAmount")),
        counts=text(document, "LineStatusReasonCode") not in ("GROUP", "INFORMATION"),
    )
