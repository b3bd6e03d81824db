"""Which invoices the samples contain, and how each sender's paper looks."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from decimal import Decimal

from samples.content import CENT, Invoice, invoice, next_month
from samples.layouts import Look
from samples.words import Language

CLASSIC = Look("classic", "helvetica", "#1d4e79", "rings")
WINDOW = Look("window", "helvetica", "#7a1f2b", "hexagon")
COLUMNS = Look("columns", "times", "#2f5d50", "leaf")
BAND = Look("band", "vera", "#3b3a8f", "bars")
BAND_DE = Look("band", "helvetica", "#b0480f", "rings")
CLASSIC_FR = Look("classic", "times", "#5a2a6b", "bars")
CLASSIC_GREEN = Look("classic", "helvetica", "#3d6b1f", "leaf")


@dataclass(frozen=True, slots=True)
class Paper:
    """One invoice to print: its file name, what it shows, its content and its look."""

    filename: str
    kind: str
    invoice: Invoice
    look: Look
    status: str = "completed"


def papers(seed: int) -> list[Paper]:
    """All invoices with a text layer. The first one is the one that gets scanned again."""
    classic = _make(seed, "classic", "en", "GB", 6)
    window = _make(seed, "window", "de", "DE", 7)
    following = next_month(random.Random(f"{seed}:next"), window, 5)
    wrong = replace(_make(seed, "wrong", "en", "GB", 5), misprint=Decimal("90.00"))
    return [
        Paper("invoice-en-classic.pdf", "English invoice, labels left of their values.", classic, CLASSIC),
        Paper("rechnung-de.pdf", "German business letter with an address window.", window, WINDOW),
        Paper("rechnung-de-folgemonat.pdf", "Next month's invoice of the same sender.", following, WINDOW),
        Paper("facture-fr.pdf", "French invoice, two frames, with a deposit.", _with_deposit(seed), COLUMNS),
        Paper(
            "invoice-en-long.pdf",
            "English invoice of two pages with 36 items, labels above their values.",
            _make(seed, "long", "en", "IE", 36),
            BAND,
        ),
        Paper(
            "rechnung-de-band.pdf",
            "German invoice with a coloured head, labels above their values.",
            _make(seed, "band", "de", "DE", 9),
            BAND_DE,
        ),
        Paper(
            "facture-fr-services.pdf",
            "French invoice, labels left of their values.",
            _make(seed, "services", "fr", "FR", 4),
            CLASSIC_FR,
        ),
        Paper(
            "invoice-en-wrong-sum.pdf",
            "English invoice whose total is not net plus tax.",
            wrong,
            CLASSIC_GREEN,
            "requires_review",
        ),
    ]


def hybrid_papers(seed: int) -> list[Paper]:
    """Invoices that carry themselves as XML: a genuine one, and one whose printed total was raised."""
    genuine = _make(seed, "hybrid", "de", "DE", 5)
    forged = replace(_make(seed, "forged", "de", "DE", 4), misprint=Decimal("900.00"))
    return [
        Paper(
            "rechnung-de-zugferd.pdf",
            "German e-invoice: a PDF with the invoice as XML inside.",
            genuine,
            BAND_DE,
        ),
        Paper(
            "rechnung-de-zugferd-tampered.pdf",
            "German e-invoice whose page shows a higher total than its XML.",
            forged,
            CLASSIC_GREEN,
            "requires_review",
        ),
    ]


def _make(seed: int, name: str, language: Language, country: str, count: int) -> Invoice:
    return invoice(random.Random(f"{seed}:{name}"), language, country, count)


def _with_deposit(seed: int) -> Invoice:
    plain = _make(seed, "deposit", "fr", "FR", 6)
    return replace(plain, deposit=(plain.total * 3 / 10).quantize(CENT))


def protected(seed: int) -> Paper:
    """The invoice that is sent with a password."""
    content = _make(seed, "protected", "en", "IE", 7)
    kind = "English invoice that opens with a password only."
    return Paper("invoice-en-protected.pdf", kind, content, BAND, "password_required")
