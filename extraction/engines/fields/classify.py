"""What kind of document this is, by the words that name it and the marks of its layout."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from extraction.engines.blocks import ConvertedDocument

from .amounts import find_numbers
from .codes import find_ibans
from .dates import find_dates
from .layout import Layout, Segment, fold, lay_out
from .locale import Locale

OTHER = "other"
HALF = 2.5  # evidence at which a type is as likely as not
OTHER_FLOOR = 0.35  # below it nothing stands out
_TITLE_LETTERS, _TITLE_ROWS = 60, 14
_READ_PAGES = 3

# Words that name the document (titles) and words that only occur in such documents.
TITLES = {
    "invoice": (
        "invoice|tax invoice|proforma invoice|pro forma invoice|beitragsrechnung|teilrechnung"
        "|baurechnung|sales invoice|commercial invoice|credit note|rechnung|handelsrechnung"
        "|schlussrechnung|gutschrift|rechnungskorrektur|facture|avoir|factura|nota de credito|fattura"
        "|nota di credito|factuur|creditnota|faktur|faktur penjualan|invois|fatura|faktura"
    ),
    "receipt": (
        "receipt|cash receipt|sales receipt|cash bill|cash sales|quittung|kassenbon|kassenbeleg|bon"
        "|beleg|recu|ticket de caisse|recibo|ticket|ricevuta|scontrino|kassabon|kwitansi|struk|nota"
        "|resit|simplified tax invoice"
    ),
    "purchase_order": (
        "purchase order|order confirmation|bestellung|auftragsbestatigung|bon de commande|commande"
        "|orden de compra|pedido|ordine d acquisto|ordine di acquisto|inkooporder|bestelbon"
        "|pesanan pembelian|surat pesanan"
    ),
    "delivery_note": (
        "delivery note|delivery order|packing slip|packing list|despatch note|lieferschein"
        "|bon de livraison|albaran|nota de entrega|documento di trasporto|ddt|pakbon|leveringsbon"
        "|surat jalan"
    ),
    "contract": (
        "contract|agreement|non disclosure agreement|lease agreement|service agreement"
        "|employment agreement|vertrag|mietvertrag|arbeitsvertrag|kaufvertrag|dienstvertrag|contrat"
        "|contrat de travail|bail|contrato|contratto|overeenkomst|perjanjian|surat perjanjian"
        "|perjanjian kerja"
    ),
    "rekening_koran": (
        "bank statement|account statement|statement of account|kontoauszug|releve de compte"
        "|releve bancaire|extracto bancario|extracto de cuenta|estratto conto|rekeningafschrift"
        "|rekening koran|laporan transaksi|penyata akaun"
    ),
    "slip_gaji": (
        "payslip|pay slip|salary slip|earnings statement|pay statement|lohnabrechnung|gehaltsabrechnung"
        "|entgeltabrechnung|verdienstabrechnung|bulletin de paie|bulletin de salaire|fiche de paie"
        "|nomina|recibo de nomina|busta paga|cedolino|loonstrook|salarisstrook|slip gaji"
    ),
    "report": (
        "report|annual report|quarterly report|research report|bericht|jahresbericht|geschaftsbericht"
        "|rapport|rapport annuel|informe|relazione|jaarverslag|laporan|laporan tahunan|white paper"
        "|executive summary"
    ),
}
HINTS = {
    "invoice": (
        "invoice number|invoice no|invoice date|due date|bill to|payment terms|vat|iban|rechnungsnummer"
        "|rechnungsdatum|zahlbar|ust id nr|umsatzsteuer|mwst|nettobetrag|date de facture|echeance|tva"
        "|total ttc|total ht|net a payer|base imponible|iva|partita iva|imponibile|factuurnummer|btw"
        "|amount due|balance due|jatuh tempo|ppn"
    ),
    "receipt": (
        "cashier|change|cash|subtotal|rounding|thank you|please come again|terminal|visa|mastercard"
        "|kasse|bar|ruckgeld|gegeben|kartenzahlung|rendu|especes|cb|caisse|cambio|efectivo|resto"
        "|contanti|wisselgeld|pin|kembali|tunai|kasir|terima kasih|gst|approval code|qty|item count"
        "|table no"
    ),
    "purchase_order": (
        "po number|po no|order number|ship to|deliver to|buyer|vendor|supplier|required by"
        "|bestellnummer|bestelldatum|lieferant|liefertermin|n de commande|fournisseur"
        "|delai de livraison|proveedor|fornitore|leverancier"
    ),
    "delivery_note": (
        "delivered|received by|shipped|quantity shipped|packages|weight|lieferdatum|empfangen|geliefert"
        "|versandart|livre|recu par|colis|poids|entregado|bultos|colli|bezorgd|penerima|pengirim"
        "|diterima oleh"
    ),
    "contract": (
        "hereinafter|hereby|whereas|the parties|party|witness whereof|governing law"
        "|term and termination|confidential information|vertragspartner|parteien|paragraph|kundigung"
        "|gerichtsstand|vereinbaren|les parties|article|ci apres|resiliation|las partes|clausula"
        "|le parti|partijen|artikel|pihak pertama|pihak kedua|pasal"
    ),
    "rekening_koran": (
        "opening balance|closing balance|balance|debit|credit|withdrawal|deposit|transaction"
        "|account number|alter saldo|neuer saldo|kontostand|soll|haben|buchung|wert|valuta|solde"
        "|ancien solde|nouveau solde|saldo|saldo awal|saldo akhir|mutasi|kredit|debet|saldo anterior"
        "|saldo iniziale|beginsaldo|eindsaldo"
    ),
    "slip_gaji": (
        "gross pay|net pay|employee|employer|deductions|earnings|tax withheld|social security"
        "|basic salary|allowance|bruttolohn|nettolohn|auszahlungsbetrag|lohnsteuer|sozialversicherung"
        "|rentenversicherung|steuerklasse|salaire brut|net a payer avant impot|cotisations|salaire net"
        "|salario bruto|liquido|gaji pokok|tunjangan|potongan|bpjs|loonheffing|brutoloon|retribuzione"
    ),
    "letter": (
        "dear|sincerely|yours faithfully|yours sincerely|kind regards|best regards|sehr geehrte"
        "|sehr geehrter|mit freundlichen grussen|freundliche grusse|betreff|madame|monsieur"
        "|cordialement|salutations distinguees|estimado|estimada|atentamente|gentile|egregio"
        "|cordiali saluti|distinti saluti|geachte|met vriendelijke groet|dengan hormat|hormat kami|yth"
    ),
    "report": (
        "table of contents|contents|introduction|summary|conclusion|conclusions|methodology|figure"
        "|chapter|abstract|inhaltsverzeichnis|einleitung|zusammenfassung|fazit|kapitel|abbildung"
        "|sommaire|resume|chapitre|indice|introduccion|conclusiones|inhoudsopgave|samenvatting"
        "|daftar isi|pendahuluan|kesimpulan|references"
    ),
}


@dataclass(frozen=True, slots=True)
class _Shape:
    """Layout marks of a document's first pages."""

    words: int
    pages: int
    amounts: int
    dates: int
    narrow: bool
    long_lines: float
    has_iban: bool


def classify(document: ConvertedDocument) -> list[tuple[str, float]]:
    """Type slugs with scores 0–1, best first, every known type once; `other` leads when nothing stands out.

    A score is how clearly the evidence speaks for the type; scores of several types need not add up to 1.
    """
    layout = lay_out(document)
    text = _words("\n".join(segment.text for page in layout.pages[:_READ_PAGES] for segment in page.segments))
    shape = _shape(layout)
    evidence = {slug: _hinted(slug, text) for slug in HINTS}
    for slug, weight in _titled(layout):
        evidence[slug] = evidence.get(slug, 0.0) + weight
    for slug, weight in _shaped(shape):
        evidence[slug] = max(0.0, evidence[slug] + weight)
    return _scores(evidence)


def _scores(evidence: dict[str, float]) -> list[tuple[str, float]]:
    """Evidence → scores; a type loses what its strongest rival comes near to."""
    made = []
    for slug, value in evidence.items():
        rival = max((other for name, other in evidence.items() if name != slug), default=0.0)
        lead = value / (value + 0.5 * rival) if value else 0.0
        made.append((slug, round(value / (value + HALF) * (0.4 + 0.6 * lead), 4)))
    best = max(score for _, score in made)
    made.append((OTHER, round(OTHER_FLOOR if best < OTHER_FLOOR else max(0.0, OTHER_FLOOR - best / 2), 4)))
    return sorted(made, key=lambda item: (-item[1], item[0] != OTHER, item[0]))


@lru_cache(maxsize=64)
def _pattern(slug: str, titles: bool) -> re.Pattern[str]:
    source = (TITLES if titles else HINTS)[slug]
    words = sorted({_words(text) for text in source.split("|")}, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(re.escape(word) for word in words)})(?!\w)")


def _words(text: str) -> str:
    return re.sub(r"[\W_]+", " ", fold(text)).strip()


def _hinted(slug: str, text: str) -> float:
    """Each different word counts, the second sight of it no more; up to 4."""
    return min(4.0, 0.45 * len({found.group() for found in _pattern(slug, False).finditer(text)}))


def _titled(layout: Layout) -> Iterable[tuple[str, float]]:
    """Type names found in short lines at the top of the first page; larger and earlier lines count more."""
    if not layout.pages:
        return
    page = layout.pages[0]
    best: dict[str, float] = {}
    for segment in (item for row in page.rows for item in row if len(item.text) <= _TITLE_LETTERS):
        weight = _title_weight(
            segment, page.letter, segment.row < _TITLE_ROWS or segment.y0 < 0.4 * page.height
        )
        for slug in TITLES:
            found = _pattern(slug, True).search(_words(segment.text))
            if found:
                share = len(found.group()) / max(len(_words(segment.text)), 1)
                best[slug] = max(best.get(slug, 0.0), weight * (0.4 + 0.6 * share))
    yield from best.items()


def _title_weight(segment: Segment, letter: float, on_top: bool) -> float:
    size = min(segment.height / max(letter, 1.0), 2.0)
    return (2.2 if on_top else 0.6) * (0.5 + 0.5 * size)


def _shape(layout: Layout) -> _Shape:
    segments = [segment for page in layout.pages[:_READ_PAGES] for segment in page.segments]
    habits = Locale()
    lines = [len(segment.words) for segment in segments]
    first = layout.pages[0] if layout.pages else None
    return _Shape(
        words=sum(lines),
        pages=len(layout.pages),
        amounts=sum(number.decimals == 2 for item in segments for number in find_numbers(item.text, habits)),
        dates=sum(1 for item in segments for _ in find_dates(item.text, habits)),
        narrow=bool(first and first.height > 1.7 * first.width) or (bool(segments) and max(lines) <= 8),
        long_lines=sum(1 for count in lines if count >= 9) / max(len(lines), 1),
        has_iban=any(True for item in segments for _ in find_ibans(item.text)),
    )


def _shaped(shape: _Shape) -> Iterable[tuple[str, float]]:
    prose = shape.long_lines > 0.4 and shape.words > 60
    if shape.narrow and shape.amounts >= 2:
        yield "receipt", 1.2
        yield "invoice", -0.4
    if shape.has_iban and shape.amounts >= 2:
        yield "invoice", 0.8
        yield "receipt", -0.8
    if shape.amounts == 0:
        yield "invoice", -0.8
        yield "receipt", -1.5
        yield "rekening_koran", -1.0
    if shape.dates >= 6 and shape.amounts >= 8:
        yield "rekening_koran", 1.0
    if prose:
        yield "contract", 0.5
        yield "report", 0.3 if shape.pages > 2 else -0.3
        yield "receipt", -1.0
    if shape.words > 900:
        yield "letter", -0.8
