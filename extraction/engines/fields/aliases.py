"""The words documents print beside values, by role and language.

A role is what a printed label means; it covers more than the fields people ask for, because a label such as
"Delivery date" must be known to be *not* the issue date. Weights are 0–1: how surely the words mean the role.
Words are compared without case, accents and punctuation.
"""

from __future__ import annotations

from typing import Literal

Role = str
RoleKind = Literal["date", "money", "code", "vat", "iban", "currency", "party", "heading"]

ROLE_KINDS: dict[Role, RoleKind] = {
    "issue_date": "date", "due_date": "date", "date": "date", "other_date": "date",
    "net": "money", "tax": "money", "total": "money", "amount_due": "money", "subtotal": "money",
    "other_money": "money", "column_money": "money", "net_total": "money",
    "paid": "money", "change": "money", "rounding": "money",
    "invoice_number": "code", "number": "code", "title": "code", "other_number": "code",
    "seller_vat_id": "vat", "buyer_vat_id": "vat", "iban": "iban", "currency": "currency",
    "seller_name": "party", "buyer_name": "party", "other_party": "party", "name": "party", "holder": "party",
    "address": "heading", "tax_summary": "heading", "word": "heading",
}  # fmt: skip

# role → weight → aliases, separated by "|".
ALIASES: dict[Role, dict[float, str]] = {
    "issue_date": {
        1.0: "invoice date|date of invoice|issue date|date of issue|issued on|issued at|bill date"
        "|tax invoice date|billing date|rechnungsdatum|ausstellungsdatum|rechnung vom|belegdatum"
        "|date de facture|date facture|date de la facture|date d emission|facture du"
        "|fecha de factura|fecha factura|fecha de emision|data fattura|data emissione|factuurdatum"
        "|tanggal faktur|tanggal invoice|tarikh invois|receipt date|transaction date|data da fatura"
        "|data de emissao|fakturadatum|fakturadato|data wystawienia",
    },
    "date": {
        0.8: "date|datum|fecha|data|tanggal|tarikh|tgl|dato|dated",
        0.55: "trans|time|bill|transaction|receipt|cashier|von|du|vom|le|den",
    },
    "due_date": {
        1.0: "due date|date due|payment due|payment due date|due by|due on|pay by|payable by|fallig am"
        "|uberweisen sie bis zum|remit until|zahlbar bis|falligkeit|falligkeitsdatum|zahlungsziel"
        "|zahlbar bis zum|zahlungsfrist|bis zum|spatestens|date d echeance|echeance"
        "|date limite de paiement|a payer avant le|a regler avant le|fecha de vencimiento"
        "|vencimiento|data scadenza|scadenza|vervaldatum|uiterste betaaldatum|te betalen voor"
        "|jatuh tempo|tanggal jatuh tempo|tarikh akhir bayaran|data de vencimento|forfallodatum"
        "|forfallsdato|termin platnosci",
        0.7: "due|amount due on|zahlbar|netto bis|uberweisen sie bis zum|ohne abschlag bis",
    },
    "other_date": {
        1.0: "delivery date|date of delivery|service date|order date|ship date|shipping date"
        "|date shipped|print date|printed date|lieferdatum|leistungsdatum|liefer und leistungsdatum"
        "|liefer leistungsdatum|bestelldatum|auftragsdatum|leistungszeitraum|lieferzeitraum"
        "|liefer leistungszeitraum|druckdatum|buchungsdatum|skonto bis|valuta|date de livraison"
        "|date de commande|date de la commande|date de prestation|date de naissance"
        "|fecha de entrega|fecha de pedido|data di consegna|data ordine|leverdatum|orderdatum"
        "|besteldatum|date of birth|geburtsdatum|billing period|period|period from|expiry date"
        "|expiration date|valid until|gultig bis|statement date|tanggal pengiriman|tanggal lahir"
        "|discount until|2 skonto bis|3 skonto bis|version|stand|gedruckt am|printed on"
        "|rechnung gemass bestellung vom|bestellung vom|order of|exp date|expires|member since"
        "|prelevement a partir du|abschlag bis|mit 2 skonto bis",
    },
    "total": {
        1.0: "grand total|invoice total|total amount|total incl vat|total including vat|total inc vat"
        "|total incl tax|total incl gst|total including gst|total inclusive gst"
        "|total inclusive of gst|total with gst|total gross|gross total|gross amount|total with tax"
        "|total for this invoice|total sales incl gst|total inc gst|total sales inclusive of gst"
        "|total sales inclusive gst|total amount payable|total payable|rounded total|round d total"
        "|net total rounded|total rounded|final total|total after rounding|total after round"
        "|total amt incl gst|summe inkl ust|summe inkl mwst|inkl ust|inkl mwst"
        "|rechnungssumme brutto|rechnungsbeitrag|rechnungssumme brutto inkl ust|total incl"
        "|total inclusive|total inkl ust|total inclusive of tax|total inc tax|total incl of gst"
        "|total rm incl of gst|total amount incl gst|total amt payable|total amount with gst"
        "|total amount inclusive of gst|amount total|total after adj incl gst|order total"
        "|gesamtbetrag|gesamtsumme|bruttobetrag|bruttosumme|rechnungsbetrag|rechnungsbetrag brutto"
        "|endbetrag|endsumme|gesamt brutto|summe brutto|gesamt inkl mwst|betrag inkl mwst"
        "|total inkl mwst|gesamtbetrag brutto|rechnungssumme|rechnungsendbetrag|total ttc"
        "|montant ttc|montant total ttc|total toutes taxes comprises|montant total|total general"
        "|importe total|total factura|total con iva|totale fattura|totale documento"
        "|totale iva inclusa|totaal incl btw|totaal inclusief btw|totaalbedrag|factuurbedrag"
        "|total keseluruhan|jumlah total|total tagihan|jumlah keseluruhan|total pembayaran"
        "|total da fatura|att betala totalt",
        0.85: "total|totale|totaal|gesamt|total eur|total rm|total myr|total usd|total chf|jumlah"
        "|total facture|totalt|total ringgit|suma|total due rm",
        0.6: "summe|ttc|brutto|total sales|total amt|gross|incl btw|inclusief btw|total bill|total sale",
    },
    "amount_due": {
        1.0: "amount due|balance due|due payable|total due|amount payable|balance payable"
        "|outstanding amount|amount to pay|total amount due|please pay|zahlbetrag|zu zahlen"
        "|zu zahlender betrag|offener betrag|fallige summe|falliger betrag|noch zu zahlen"
        "|restbetrag|zahllast|net a payer|solde a payer|reste a payer|somme a payer|montant a payer"
        "|montant du|a payer|total a pagar|importe a pagar|saldo pendiente|totale da pagare"
        "|importo dovuto|netto a pagare|te betalen|te betalen bedrag|openstaand bedrag"
        "|jumlah yang harus dibayar|jumlah perlu dibayar|sisa tagihan|att betala|do zaplaty"
        "|valor a pagar|balance",
        0.6: "uberweisungsbetrag|payable|solde|saldo",
    },
    "net": {
        1.0: "net amount|total excl vat|total excluding vat|total ex vat|total without tax"
        "|total before tax|total excl gst|total excluding gst|amount before tax|taxable amount"
        "|amount excl vat|untaxed amount|total amount excl tax|nettobetrag|nettosumme|netto summe"
        "|summe netto|gesamt netto|netto gesamt|warenwert netto|rechnungssumme ohne ust"
        "|betrag ohne mwst|zwischensumme netto|gesamtbetrag netto|total netto|total ht|montant ht"
        "|total hors taxe|total hors taxes|montant total ht|montant hors taxe|base imponible"
        "|total sin iva|imponibile|totale imponibile|exclusief btw|excl btw|totaal excl btw"
        "|totaal exclusief btw|dasar pengenaan pajak|dpp|montant eur ht|base ht"
        "|rechnungsbetrag netto|summe ohne mwst|rechnungssumme netto|rechnungssumme netto excl ust"
        "|summe ohne ust",
        0.65: "netto|net|base|ht|basisbetrag|hors taxe|hors taxes",
    },
    "net_total": {
        1.0: "net total|nett total|nett amount|nett",
    },
    "subtotal": {
        0.9: "subtotal|sub total|zwischensumme|positionssumme|sous total|subtotale|subtotaal|sub jumlah"
        "|summe positionen|warenwert|charges",
    },
    "tax": {
        1.0: "tax amount|vat amount|total vat|total tax|total taxes|sales tax|gst amount|steuerbetrag"
        "|umsatzsteuerbetrag|mwst betrag|ust betrag|ust gesamt|mehrwertsteuerbetrag|gesamt mwst"
        "|montant tva|total tva|montant de la tva|cuota iva|importe iva|totale iva|importo iva"
        "|btw bedrag|totaal btw|total gst|summe mwst|summe ust|total ppn|steuer gesamt|zzgl mwst"
        "|zuzuglich mwst|zzgl ust|zuzuglich umsatzsteuer|plus mwst|gesamtsteuerbetrag",
        0.8: "vat|tax|gst|mwst|ust|umsatzsteuer|mehrwertsteuer|tva|iva|btw|ppn|sst|hst|taxe|taxes|steuer"
        "|moms|service tax|vat total|taxes totales|igst|cgst",
    },
    "other_money": {
        1.0: "discount|disc|deposit|tip|service charge|unit price|price|rabatt|skonto|anzahlung"
        "|erhaltene anzahlungen|einzelpreis|stuckpreis|nettopreis|remise|acompte|prix unitaire|pu ht"
        "|p u ht|versand|versandkosten|shipping|freight|delivery charge|frais de port|descuento"
        "|precio|sconto|prezzo|korting|prijs|prijs per stuk|credit|credits|diskon|harga"
        "|gesamtbetrag der zuschlage|gesamtbetrag der abschlage|zuschlag|abschlag|zu abschlag"
        "|capital|capital de|stammkapital|au capital de|sarl au capital de|saving|savings"
        "|total saving|total savings|total discount|item discount|total qty|qty|quantity|menge"
        "|quantite|anzahl|aantal|item count|no of items|total items|total item|items|total quantity"
        "|preisbasis|umrechnungskurs|gst summary|fee|fees|points|member points|loyalty|porto|avance"
        "|prepaid|vorauszahlung|teilzahlung|bruttopreis|approval code|kurs|einkaufspreis|disc amt"
        "|discount amount",
    },
    "paid": {
        1.0: "cash|cash received|cash tendered|cash paid|tendered|amount tendered|tender|paid|paid amount"
        "|amount paid|payment|payments|visa|visa card|mastercard|master|debit|credit card|card"
        "|eftpos|bereits bezahlt|gezahlt|gegeben|gegeben bar|bar|bargeld|erhalten|kartenzahlung"
        "|ec karte|girocard|especes|regle especes|carte bancaire|carte bleue|cb|deja paye|deja regle"
        "|recu|efectivo|entregado|tarjeta|contanti|contante|pagamento contante|pagamento elettronico"
        "|bancomat|carta|contant|ontvangen|pin|pinpas|tunai|bayar|qris|kartu kredit|numerario"
        "|dinheiro|entregue|multibanco|cartao",
    },
    "change": {
        1.0: "change|change due|ruckgeld|wechselgeld|zuruck|rendu|monnaie rendue|a rendre|cambio"
        "|devolucion|resto|wisselgeld|kembali|kembalian|baki|troco",
    },
    "rounding": {
        1.0: "rounding|rounding adjustment|rounding adjustments|rounding adj|rounding amt|round adj"
        "|rnd adj|cash rounding|round off|rundung|rundungsdifferenz|rappen|arrondi|redondeo"
        "|arrotondamento|afronding|pembulatan|arredondamento",
    },
    "column_money": {
        0.5: "amount|betrag|montant|importe|importo|bedrag|amount rm|line total|item amount|zeilenbetrag"
        "|montant ttc",
    },
    "invoice_number": {
        1.0: "invoice number|invoice no|invoice nr|invoice num|invoice id|inv no|inv number|invoice ref"
        "|bill no|bill number|tax invoice no|rechnungsnummer|rechnungsnr|rechnungs nr|rechnung nr"
        "|rechnung nummer|re nr|numero de facture|facture n|facture no|facture numero|n facture"
        "|n de facture|no facture|numero facture|facture n°|n° facture|n° de facture"
        "|numero de factura|factura no|n factura|factura n|numero factura|numero fattura|fattura n"
        "|fattura numero|n fattura|factuurnummer|factuur nr|nomor faktur|no faktur|nomor invoice"
        "|no invoice|no invois|numero da fatura|fatura no|fakturanummer|faktura nr"
        "|gutschriftsnummer|gutschrift nr|avoir n|avoir n°|avoir no|credit note no"
        "|credit note number|invoice #|rechnung #|facture #|bill #|inv #|document no"
        "|document number|facture n º|invoice n°",
        0.75: "belegnummer|beleg nr|belegnr",
        0.6: "beleg|receipt no|receipt number|receipt #|slip no|reference number",
    },
    "number": {
        0.45: "nr|no|number|n°|№|#|num|nummer|numero|nomor|n",
    },
    "title": {
        0.6: "invoice|tax invoice|rechnung|handelsrechnung|facture|factura|fattura|factuur|faktur"
        "|faktura|fatura|invois|gutschrift|avoir|credit note|baurechnung|schlussrechnung"
        "|teilrechnung|abschlagsrechnung|bill",
    },
    "other_number": {
        1.0: "order number|order no|order id|purchase order|po number|po no|customer number|customer no"
        "|customer id|account number|account no|client no|delivery note|delivery no|tax number"
        "|tax no|tax id|registration no|reg no|co reg no|company no|gst no|gst reg no|gst id"
        "|gst id no|tel|phone|fax|mobile|telephone|telefon|handy|kundennummer|kundennr|kunden nr"
        "|bestellnummer|bestellnr|bestell nr|bestellung|auftragsnummer|auftrag nr|auftragsnr"
        "|lieferschein|lieferscheinnummer|lieferschein nr|steuernummer|steuer nr|st nr"
        "|handelsregister|handelsregisternummer|hrb|hra|kontonummer|konto nr|kto nr|blz|bic|swift"
        "|bankleitzahl|vertragsnummer|projektnummer|globale nummer|gln|gtin|ean|artikelnummer"
        "|art nr|artikel nr|seite|referenz|weitere referenz|zahlungsreferenz|buchungsreferenz"
        "|numero client|n client|code client|reference client|siret|siren|rcs|ape|naf|n commande"
        "|numero de commande|bon de commande|votre reference|ref marche|numero de dossier|id client"
        "|numero de ligne|numero de pedido|pedido no|numero cliente|cliente no|nif|cif|cod fiscale"
        "|codice fiscale|klantnummer|ordernummer|bestelnummer|kvk|serienummer|page|zip|postcode|plz"
        "|room|table|cashier|terminal|terminal no|trans|transaction no|approval code|auth code|npwp"
        "|nomor pesanan|nomor pelanggan|rekening|no rekening|pos|position|item|mandatsreferenz"
        "|glaubiger id|leitweg id|vertrag|contract no|rapport nr|customer ref|your ref|our ref"
        "|unser zeichen|ihr zeichen|user id|vat no|vat reg no",
    },
    "seller_vat_id": {
        1.0: "vat id|vat no|vat number|vat reg no|vat registration number|vat registration no|ust id"
        "|ust id nr|ust idnr|ust identnr|ust ident nr|ustid|ustidnr|umsatzsteuer id"
        "|umsatzsteuer identifikationsnummer|umsatzsteuer id nr|uid|uid nr|mwst nr"
        "|tva intracommunautaire|n tva|n° tva|numero de tva|n° de tva|tva intra|no tva"
        "|n° de tva intra communautaire|nif iva|cif|partita iva|p iva|btw nummer|btw nr|btw id"
        "|vat id no|vat registration|vat",
        0.8: "tva|btw|iva|tax id|mwst",
    },
    "buyer_vat_id": {
        1.0: "n° tva client|n tva client|tva client|customer vat|customer vat no|customer vat id"
        "|your vat id|your vat no|ihre ust id|ihre ust idnr|ihre ust id nr|buyer vat|client vat"
        "|kunden ust id|ust id kunde|uw btw nummer|votre n° tva|votre tva",
    },
    "iban": {
        1.0: "iban|iban no|iban nr|iban code",
        0.5: "bankverbindung|bank account|konto",
    },
    "currency": {
        1.0: "currency|invoice currency|wahrung|rechnungswahrung|devise|monnaie|moneda|valuta|divisa"
        "|mata uang|moeda",
    },
    "seller_name": {
        1.0: "seller|rechnungsersteller|vendor|supplier|from|verkaufer|lieferant|rechnungssteller"
        "|leistungserbringer|absender|vendeur|fournisseur|emetteur|vendedor|proveedor|emisor"
        "|venditore|fornitore|cedente|verkoper|leverancier|penjual|bill from|sold by"
        "|service provider|issued by|rechnung von|aussteller|merchant|verkaufer in",
    },
    "buyer_name": {
        1.0: "bill to|billed to|sold to|invoice to|buyer|customer|bill to address|billing address|client"
        "|invoice address|rechnung an|rechnungsempfanger|kaufer|kaufer leistungsempfanger"
        "|leistungsempfanger|kunde|auftraggeber|rechnungsadresse|rechnungsanschrift|empfanger"
        "|facture a|factures a|adresse de facturation|acheteur|factura a|adresse facturation"
        "|destinataire|comprador|facturar a|acquirente|cliente|destinatario|cessionario|fatturare a"
        "|koper|klant|factuuradres|gefactureerd aan|factuur aan|pembeli|pelanggan|kepada"
        "|ditagihkan kepada|kepada yth|customer name|name of customer|nom de l abonne|nom du client"
        "|kundenname|bill to party|attn|to",
    },
    "other_party": {
        1.0: "ship to|deliver to|delivery address|shipping address|ship to address|lieferadresse"
        "|lieferanschrift|warenempfanger|abweichender warenempfanger|zahlungsempfanger"
        "|abweichender zahlungsempfanger|payee|adresse de livraison|livrer a|direccion de entrega"
        "|indirizzo di consegna|afleveradres|alamat pengiriman"
        "|steuerbevollmachtigter des verkaufers|steuerbevollmachtigter|tax representative|contact"
        "|ansprechpartner|contact commercial|adresse de l installation|bank|banque",
    },
    "name": {
        0.6: "name|nom|nombre|nome|naam|nama|firma|company|company name|societe|raison sociale|empresa"
        "|azienda",
    },
    "holder": {
        0.8: "account holder|kontoinhaber|kontoname|account name|titulaire|titulaire du compte|titular"
        "|beneficiary|intestatario|rekeninghouder|atas nama|tenaamstelling",
    },
    "tax_summary": {
        1.0: "gst summary|tax summary|vat summary|gst analysis|summary of gst|mwst aufstellung"
        "|steueraufschlusselung|umsatzsteueraufschlusselung|detail tva|detail de la tva"
        "|btw specificatie|riepilogo iva|gst code|tax code",
    },
    "word": {
        0.7: "remarks|remark|notes|note|description|details|summary|subject|comments|terms|payment terms"
        "|bemerkungen|bemerkung|hinweis|hinweise|beschreibung|inhalt|betreff|zahlungsbedingungen"
        "|zahlungsart|belegsummen|positionsdaten|reglement|paiement|conditions de paiement"
        "|designation|observaciones|opmerking|catatan|keterangan|thank you|welcome|copy|original"
        "|duplicate|kopie|page|operated by|owned by|receipt|cash bill|cash sales"
        "|rechnungsbegleitende unterlagen|product|produkt|article|artikel|service|services",
    },
    "address": {
        0.7: "address|adresse|anschrift|direccion|indirizzo|adres|alamat",
    },
}

# What a field also accepts, and how much such a label counts for it.
ACCEPTS: dict[Role, dict[Role, float]] = {
    "issue_date": {"issue_date": 1.0, "date": 0.85, "title": 0.9},
    "date": {"issue_date": 1.0, "date": 1.0},
    "due_date": {"due_date": 1.0},
    "net": {"net": 1.0, "net_total": 0.8, "subtotal": 0.6},
    "tax": {"tax": 1.0},
    "total": {"total": 1.0, "amount_due": 0.6, "net_total": 0.5, "column_money": 0.3},
    "receipt_total": {
        "total": 1.0,
        "amount_due": 0.95,
        "net_total": 0.95,
        "subtotal": 0.3,
        "column_money": 0.3,
    },
    "amount_due": {"amount_due": 1.0, "total": 0.6},
    "invoice_number": {"invoice_number": 1.0, "number": 0.8, "title": 0.75},
    "seller_vat_id": {"seller_vat_id": 1.0},
    "iban": {"iban": 1.0},
    "currency": {"currency": 1.0},
}
