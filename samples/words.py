"""How the sample documents say things: labels, money and dates in English, German and French."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal

Language = Literal["en", "de", "fr"]

SYMBOLS = {"GBP": "£", "EUR": "€"}
NO_BREAK = "\u00a0"
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)

LABELS: dict[Language, dict[str, str]] = {
    "en": {
        "invoice": "Invoice",
        "number": "Invoice number",
        "issued": "Invoice date",
        "due": "Due date",
        "order": "Your order",
        "customer": "Account number",
        "from": "From",
        "to": "Bill to",
        "description": "Description",
        "quantity": "Qty",
        "unit": "Unit",
        "price": "Unit price",
        "amount": "Amount",
        "net": "Subtotal",
        "tax": "VAT",
        "total": "Total",
        "deposit": "Deposit received",
        "amount_due": "Amount due",
        "vat_id": "VAT registration no.",
        "payment": "Payment",
        "terms": "Please pay within {days} days of the invoice date, quoting the invoice number.",
        "bank": "Bank",
        "page": "Page {page} of {pages}",
        "continued": "Continued on page {page}",
    },
    "de": {
        "invoice": "Rechnung",
        "number": "Rechnungsnummer",
        "issued": "Rechnungsdatum",
        "due": "Fällig am",
        "order": "Ihre Bestellung",
        "customer": "Kundennummer",
        "from": "Rechnungssteller",
        "to": "Rechnungsempfänger",
        "description": "Bezeichnung",
        "quantity": "Menge",
        "unit": "Einheit",
        "price": "Einzelpreis",
        "amount": "Gesamt",
        "net": "Nettobetrag",
        "tax": "Umsatzsteuer",
        "total": "Rechnungsbetrag",
        "deposit": "Geleistete Anzahlung",
        "amount_due": "Zu zahlen",
        "vat_id": "USt-IdNr.",
        "payment": "Zahlung",
        "terms": "Zahlbar innerhalb von {days} Tagen ohne Abzug. Bitte geben Sie die Rechnungsnummer an.",
        "bank": "Bank",
        "page": "Seite {page} von {pages}",
        "continued": "Fortsetzung auf Seite {page}",
    },
    "fr": {
        "invoice": "Facture",
        "number": "Facture n°",
        "issued": "Date d’émission",
        "due": "Échéance",
        "order": "Votre commande",
        "customer": "Code client",
        "from": "Émetteur",
        "to": "Facturé à",
        "description": "Désignation",
        "quantity": "Qté",
        "unit": "Unité",
        "price": "P.U. HT",
        "amount": "Total HT",
        "net": "Total HT",
        "tax": "TVA",
        "total": "Total TTC",
        "deposit": "Acompte versé",
        "amount_due": "Net à payer",
        "vat_id": "N° TVA intracom.",
        "payment": "Règlement",
        "terms": "Paiement par virement à {days} jours date de facture, sans escompte.",
        "bank": "Banque",
        "page": "Page {page} sur {pages}",
        "continued": "Suite page {page}",
    },
}


def number(value: Decimal, language: Language, places: int = 2) -> str:
    """A number with the language's separators; `places` digits after the decimal mark."""
    english = f"{value:,.{places}f}"
    if language == "en":
        return english
    thousands = "." if language == "de" else NO_BREAK
    return english.replace(",", "\0").replace(".", ",").replace("\0", thousands)


def quantity(value: Decimal, language: Language) -> str:
    """A quantity without needless zeros: 3 but 2.5."""
    return number(value, language, 0 if value == value.to_integral_value() else 1)


def money(value: Decimal, language: Language, currency: str) -> str:
    """An amount with its currency sign where the language puts it."""
    symbol = SYMBOLS[currency]
    if language == "en":
        return f"{symbol}{number(value, language)}"
    return f"{number(value, language)}{NO_BREAK}{symbol}"


def day(value: date, language: Language) -> str:
    """A date as letters of that country print it: 4 March 2026, 04.03.2026, 04/03/2026."""
    if language == "en":
        return f"{value.day} {MONTHS[value.month - 1]} {value.year}"
    return value.strftime("%d.%m.%Y" if language == "de" else "%d/%m/%Y")


def percent(value: int, language: Language) -> str:
    """A tax rate: English sets the sign close, German and French after a space."""
    return f"{value}%" if language == "en" else f"{value}{NO_BREAK}%"
