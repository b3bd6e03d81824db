"""UBL 2: Invoice and CreditNote, as XRechnung and Peppol use them."""

from __future__ import annotations

from itertools import islice

from extraction.engines.convert.xmltree import Element, attribute, local

from .codes import bank_account, number, profile_of, unit_name, vat_id
from .invoice import EInvoice, Line, Party, Sums, TaxShare
from .tree import MAX_LINES, MAX_TEXTS, Amounts, all_texts, find, find_all, gathered, text, texts

_DEFAULT_TYPE = {"Invoice": "380", "CreditNote": "381"}


def read_ubl(root: Element) -> EInvoice:
    """The invoice of an Invoice or CreditNote element. Raises nothing."""
    amounts = Amounts(text(root, "DocumentCurrencyCode"))
    guideline = text(root, "CustomizationID")
    means = list(find_all(root, "PaymentMeans"))[:MAX_TEXTS]
    payee = [bank_account(text(item, "PayeeFinancialAccount", "ID")) for item in means]
    payer = [bank_account(text(item, "PaymentMandate", "PayerFinancialAccount", "ID")) for item in means]
    due = text(root, "DueDate") or next(filter(None, (text(item, "PaymentDueDate") for item in means)), "")
    lines = list(find_all(root, "InvoiceLine|CreditNoteLine"))
    return EInvoice(
        syntax="ubl",
        guideline=guideline,
        profile=profile_of(guideline),
        type_code=text(root, "InvoiceTypeCode|CreditNoteTypeCode") or _DEFAULT_TYPE.get(local(root), ""),
        number=text(root, "ID"),
        issue_date=amounts.date("issue_date", text(root, "IssueDate")),
        due_date=amounts.date("due_date", due),
        delivery_date=amounts.date("delivery_date", text(root, "Delivery", "ActualDeliveryDate")),
        currency=amounts.currency,
        seller=_party(find(root, "AccountingSupplierParty", "Party")),
        buyer=_party(find(root, "AccountingCustomerParty", "Party")),
        iban=next(filter(None, payee), ""),
        ibans=tuple(dict.fromkeys(filter(None, payee + payer))),
        sums=_sums(root, amounts),
        taxes=_taxes(root, amounts.currency),
        lines=tuple(_line(item) for item in lines[:MAX_LINES]),
        order_number=text(root, "OrderReference", "ID"),
        buyer_reference=text(root, "BuyerReference"),
        payment_terms="; ".join(gathered(find_all(root, "PaymentTerms"), "Note")),
        notes=texts(root, "Note"),
        said=all_texts(root),
        problems=amounts.problems,
        truncated=len(lines) > MAX_LINES,
    )


def _party(party: Element | None) -> Party:
    legal, trading = text(party, "PartyLegalEntity", "RegistrationName"), text(party, "PartyName", "Name")
    registered = {
        text(item, "TaxScheme", "ID"): text(item, "CompanyID") for item in find_all(party, "PartyTaxScheme")
    }
    address = find(party, "PostalAddress")
    place = f"{text(address, 'PostalZone')} {text(address, 'CityName')}".strip()
    country = text(address, "Country", "IdentificationCode")
    streets = (text(address, "StreetName"), text(address, "AdditionalStreetName"))
    others = {name for scheme, name in registered.items() if scheme != "VAT"}
    return Party(
        name=legal or trading,
        other_names=(trading,) if trading and legal else (),
        vat_id=vat_id(registered.get("VAT", "")),
        tax_number=next(iter(others), ""),
        address=tuple(part for part in (*streets, place, country) if part),
    )


def _sums(root: Element, amounts: Amounts) -> Sums:
    found = find(root, "LegalMonetaryTotal")
    return Sums(
        lines=amounts.amount("line_total", found, "LineExtensionAmount"),
        allowances=amounts.amount("allowances", found, "AllowanceTotalAmount"),
        charges=amounts.amount("charges", found, "ChargeTotalAmount"),
        net=amounts.amount("net", found, "TaxExclusiveAmount"),
        tax=amounts.amount("tax", _tax_total(root, amounts.currency), "TaxAmount"),
        total=amounts.amount("total", found, "TaxInclusiveAmount"),
        prepaid=amounts.amount("prepaid", found, "PrepaidAmount"),
        rounding=amounts.amount("rounding", found, "PayableRoundingAmount"),
        due=amounts.amount("amount_due", found, "PayableAmount"),
    )


def _tax_total(root: Element, currency: str) -> Element | None:
    """The tax total in the invoice's currency: a second one may repeat it in the currency of the books."""
    totals = list(find_all(root, "TaxTotal"))
    named = [item for item in totals if _currency(item) in (currency, "")]
    return next(iter(named), None)


def _currency(total: Element) -> str:
    amount = find(total, "TaxAmount")
    return "" if amount is None else attribute(amount, "currencyID")


def _taxes(root: Element, currency: str) -> tuple[TaxShare, ...]:
    return tuple(
        TaxShare(
            category=text(item, "TaxCategory", "ID"),
            rate=number(text(item, "TaxCategory", "Percent")),
            base=number(text(item, "TaxableAmount")),
            amount=number(text(item, "TaxAmount")),
        )
        for item in islice(find_all(_tax_total(root, currency), "TaxSubtotal"), MAX_TEXTS)
    )


def _line(line: Element) -> Line:
    item, price = find(line, "Item"), find(line, "Price")
    quantity = find(line, "InvoicedQuantity|CreditedQuantity")
    return Line(
        number=text(line, "ID"),
        description=text(item, "Name") or text(item, "Description"),
        quantity=number(text(quantity)),
        unit=unit_name(attribute(quantity, "unitCode")) if quantity is not None else "",
        unit_price=number(text(price, "PriceAmount")),
        price_base=number(text(price, "BaseQuantity")),
        tax_rate=number(text(item, "ClassifiedTaxCategory", "Percent")),
        amount=number(text(line, "LineExtensionAmount")),
    )
