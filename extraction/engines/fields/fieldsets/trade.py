"""Papers of trade: invoice, receipt, order, delivery note, tax invoice, utility bill."""

from __future__ import annotations

from .base import Known, known

LINE_ITEMS = known(
    "line_items",
    "Line items",
    "array",
    items=(
        known(
            "description",
            "Description",
            "string",
            "description|item|items|item description|product|product description|product name"
            "|service|services"
            "|goods|details|particulars|description of goods|work|activity|bezeichnung|beschreibung|artikel"
            "|artikelbezeichnung|artikelbeschreibung|produktbezeichnung|warenbezeichnung"
            "|leistungsbeschreibung|positionsbeschreibung|leistung|leistungen|produkt|ware|text"
            "|designation|libelle|article|produit"
            "|prestation|descriptif|descripcion|concepto|articulo|producto|descrizione|articolo|prodotto"
            "|omschrijving|product omschrijving|uraian|uraian barang|keterangan|nama barang|nama produk"
            "|barang|deskripsi|nama barang kena pajak|nama barang kena pajak jasa kena pajak|perihal"
            "|butiran|perkara|descricao|produto|servico|beskrivning|benamning|beskrivelse|varenavn"
            "|opis|nazwa|nazwa towaru lub uslugi",
        ),
        known(
            "quantity",
            "Quantity",
            "number",
            "quantity|qty|oty|quant|hours|hrs|units|pcs|count|ordered|delivered|shipped|qty ordered"
            "|qty shipped"
            "|qty delivered|quantity ordered|quantity shipped|quantity delivered|menge|anzahl|stunden"
            "|liefermenge|bestellmenge|quantite|qte|nombre|heures|cantidad|cant|uds|unidades|quantita|qta"
            "|ore|aantal|uren|hoeveelheid|jumlah barang|kuantitas|kuantiti|banyaknya|banyak|jml|volume"
            "|quantidade|qtd|antal|ilosc",
        ),
        known(
            "unit",
            "Unit",
            "string",
            "unit|uom|unit of measure|measure|einheit|eh|me|unite|u|unidad|ud|unita|um|eenheid|satuan"
            "|sat|unidade|enhet|enhed|jm|j m",
        ),
        known(
            "unit_price",
            "Unit price",
            "currency",
            "unit price|price|price per unit|price each|unit cost|rate|each|cost|price unit|list price"
            "|net price|unit net price|einzelpreis|stuckpreis|preis|e preis|ep|einzel|preis einheit"
            "|preis pro einheit"
            "|preis je einheit|einzelpreis netto|einzelpreis eur|netto preis|nettopreis|prix unitaire"
            "|prix unitaire ht|unitaire prix|prix|pu|p u|pu ht|p u ht|precio unitario|precio unidad"
            "|precio|p unitario"
            "|prezzo unitario|prezzo|prezzo unit|prijs|stukprijs|eenheidsprijs|prijs per stuk"
            "|prijs per eenheid|harga satuan|harga|harga per unit|harga unit|harga seunit"
            "|preco unitario|preco"
            "|a pris|pris|enhetspris|enhedspris|cena|cena netto|cena jednostkowa",
        ),
        known(
            "tax_rate",
            "Tax rate",
            "number",
            "tax rate|vat rate|vat %|tax %|gst %|gst rate|vat|tax|gst|mwst|mwst %|ust|ust %|steuersatz|steuer"
            "|mwst satz|ust satz|tva|tva %|taux tva|taux de tva|taux|iva|iva %|% iva|% tva|% vat|% mwst"
            "|aliquota|aliquota iva|btw|btw %|% btw|btw tarief|ppn|ppn %|tarif ppn|tarif|moms|moms %"
            "|stawka vat",
        ),
        known(
            "amount",
            "Amount",
            "currency",
            "amount|total|line total|prijs incl btw|prijs excl btw|preis gesamt|total price|prix ht"
            "|entgelt|positions betrag"
            "|positionsbetrag ohne ust|net amount|extended|ext price|extension|line amount|subtotal"
            "|value|total amount|total net|net total|sum|gross amount|betrag|gesamt|gesamtpreis|summe"
            "|g preis|gp|nettobetrag|gesamtbetrag|netto|positionsbetrag|wert|gesamt netto|gesamtpreis netto"
            "|betrag netto|betrag eur|gesamt eur|montant|montant ht|total ht|prix total"
            "|prix total ht|total ttc"
            "|montant net|importe|total linea|precio total|importo|totale|prezzo totale|totale riga|bedrag"
            "|totaal|totaalprijs|jumlah|total harga|jumlah harga|sub total|subjumlah|nilai|harga jual"
            "|harga jual penggantian uang muka termin|amaun|valor|valor total|belopp|summa|belob|i alt"
            "|wartosc|wartosc netto|amount rm|amount usd|amount eur|total eur|total rm",
        ),
    ),
)
_ORDERED = known(
    "line_items",
    "Line items",
    "array",
    items=(
        known(
            "article_number",
            "Article number",
            "string",
            "article number|article no|article|item no|item number|item code|code|sku|part no|part number"
            "|product code|product no|material|material no|artikelnummer|artikel nr|art nr|artikelnr"
            "|bestellnummer|reference|ref|code article|codigo|referencia|codice|codice articolo|artikelcode"
            "|kode|kode barang|kode produk|kod|kod barang",
        ),
        *LINE_ITEMS.items,
    ),
)

INVOICE: tuple[Known, ...] = (
    known("invoice_number", "Invoice number", required=True),
    known("issue_date", "Issue date", "date", required=True),
    known("due_date", "Due date", "date"),
    known("seller_name", "Seller"),
    known("seller_vat_id", "Seller VAT ID"),
    known("buyer_name", "Buyer"),
    known("net", "Net amount", "currency"),
    known("tax", "Tax", "currency"),
    known("total", "Total", "currency", required=True),
    known("amount_due", "Amount due", "currency"),
    known("currency", "Currency"),
    known("iban", "IBAN"),
    LINE_ITEMS,
)
RECEIPT: tuple[Known, ...] = (
    known("company", "Company", required=True),
    known("date", "Date", "date", required=True),
    known("address", "Address"),
    known("total", "Total", "currency", required=True),
)
PURCHASE_ORDER: tuple[Known, ...] = (
    known(
        "order_number",
        "Order number",
        "string",
        "order number|order no|order nr|purchase order|purchase order no|purchase order number"
        "|po number|po no"
        "|po nr|po #|p o no|order #|order id|bestellnummer|bestell nr|bestellung nr|bestellung|auftragsnummer"
        "|auftrags nr|auftragsbestatigung nr|n de commande|numero de commande|commande n|bon de commande n"
        "|commande no|n commande|numero de pedido|pedido n|pedido no|orden de compra n|numero d ordine"
        "|ordine n|numero ordine|bestelnummer|ordernummer|inkooporder nr|nomor po|no po|nomor pesanan"
        "|no pesanan|nomor purchase order|no pesanan pembelian|nomor pesanan pembelian",
        required=True,
    ),
    known(
        "order_date",
        "Order date",
        "date",
        "order date|date of order|po date|purchase order date|date|bestelldatum|auftragsdatum|datum"
        "|date de commande|date de la commande|fecha de pedido|fecha del pedido|fecha|data ordine|data"
        "|besteldatum|orderdatum|tanggal pesanan|tanggal po|tanggal|tgl|tgl po|tarikh",
        required=True,
    ),
    known(
        "delivery_date",
        "Delivery date",
        "date",
        "delivery date|requested delivery|required by|required date|ship by|deliver by|expected delivery"
        "|delivery by|needed by|liefertermin|lieferdatum|wunschtermin|lieferung bis|date de livraison"
        "|livraison souhaitee|delai de livraison|fecha de entrega|data di consegna|consegna prevista"
        "|leverdatum|gewenste leverdatum|tanggal pengiriman|tanggal kirim|tgl kirim|tarikh penghantaran",
    ),
    known(
        "buyer_name",
        "Buyer",
        "string",
        "buyer|ordered by|customer|purchaser|company|bill to|besteller|auftraggeber|kunde|acheteur|client"
        "|comprador|cliente|acquirente|koper|besteller|pembeli|pemesan|dipesan oleh",
    ),
    known(
        "supplier_name",
        "Supplier",
        "string",
        "supplier|vendor|seller|to|order to|supplier name|vendor name|lieferant|verkaufer|fournisseur"
        "|vendeur|proveedor|vendedor|fornitore|leverancier|pemasok|penjual|vendor|kepada|kepada yth|pembekal",
    ),
    known(
        "delivery_address",
        "Delivery address",
        "string",
        "ship to|deliver to|delivery address|shipping address|lieferadresse|lieferanschrift"
        "|adresse de livraison"
        "|livrer a|direccion de entrega|indirizzo di consegna|afleveradres|alamat pengiriman|dikirim ke"
        "|alamat kirim",
    ),
    known("net", "Net amount", "currency"),
    known("tax", "Tax", "currency"),
    known("total", "Total", "currency"),
    known("currency", "Currency"),
    known(
        "payment_terms",
        "Payment terms",
        "string",
        "payment terms|terms of payment|terms|zahlungsbedingungen|zahlungsziel|conditions de paiement"
        "|condiciones de pago|condizioni di pagamento|pagamento|betalingsvoorwaarden|syarat pembayaran"
        "|termin pembayaran|cara pembayaran",
    ),
    _ORDERED,
)
DELIVERY_NOTE: tuple[Known, ...] = (
    known(
        "delivery_number",
        "Delivery note number",
        "string",
        "delivery note|delivery note no|delivery note number|delivery number|delivery no|delivery order no"
        "|do no|do number|packing slip no|despatch no|note no|lieferscheinnummer|lieferschein nr|lieferschein"
        "|lieferscheinnr|bon de livraison n|bl n|n de bl|bon de livraison|numero de bl|albaran n|n albaran"
        "|numero de albaran|albaran|ddt n|numero ddt|documento di trasporto n|pakbonnummer|pakbon|pakbon nr"
        "|nomor surat jalan|no surat jalan|surat jalan no|surat jalan|no sj",
        required=True,
    ),
    known(
        "delivery_date",
        "Delivery date",
        "date",
        "delivery date|date of delivery|ship date|shipping date|date shipped|date|despatch date|lieferdatum"
        "|versanddatum|datum|date de livraison|date d expedition|date|fecha de entrega|fecha|data di consegna"
        "|data|leverdatum|tanggal pengiriman|tanggal kirim|tanggal|tgl|tarikh",
        required=True,
    ),
    known(
        "order_number",
        "Order number",
        "string",
        "order number|order no|your order|purchase order|po number|po no|po|customer order|bestellnummer"
        "|bestell nr|ihre bestellung|auftragsnummer|auftrag nr|n de commande|commande n|votre commande"
        "|numero de pedido|pedido n|numero ordine|vostro ordine|bestelnummer|uw bestelling|nomor po|no po"
        "|nomor pesanan|no pesanan",
    ),
    known(
        "sender_name",
        "Sender",
        "string",
        "from|sender|shipper|shipped from|supplier|consignor|absender|versender|lieferant|expediteur"
        "|fournisseur|remitente|proveedor|mittente|afzender|leverancier|pengirim|dari",
    ),
    known(
        "recipient_name",
        "Recipient",
        "string",
        "ship to|deliver to|delivered to|recipient|consignee|customer|delivery address|empfanger"
        "|warenempfanger"
        "|lieferadresse|lieferanschrift|kunde|destinataire|livrer a|adresse de livraison|client|destinatario"
        "|cliente|entregar a|consegnare a|ontvanger|afleveradres|klant|penerima|kepada|kepada yth|tujuan"
        "|dikirim kepada",
    ),
    known(
        "carrier",
        "Carrier",
        "string",
        "carrier|shipped via|ship via|transport|shipping method|vehicle no|versandart|spediteur|frachtfuhrer"
        "|transporteur|mode d expedition|transportista|vettore|trasportatore|vervoerder|ekspedisi|kurir"
        "|no polisi|no kendaraan|nomor kendaraan|kendaraan|pengangkutan",
    ),
    known(
        "packages",
        "Packages",
        "integer",
        "packages|number of packages|no of packages|parcels|cartons|boxes|colli|packstucke|anzahl packstucke"
        "|colis|nombre de colis|bultos|numero de bultos|numero colli|aantal colli|jumlah koli|koli"
        "|jumlah dus",
    ),
    known(
        "weight",
        "Weight",
        "string",
        "weight|gross weight|total weight|gewicht|bruttogewicht|gesamtgewicht|poids|poids brut"
        "|poids total|peso"
        "|peso bruto|peso lordo|berat|berat total|berat kotor",
    ),
    known(
        "received_by",
        "Received by",
        "string",
        "received by|receiver|empfangen von|empfangen durch|recu par|recibido por|ricevuto da|ontvangen door"
        "|diterima oleh|penerima barang|yang menerima",
    ),
    _ORDERED,
)
FAKTUR_PAJAK: tuple[Known, ...] = (
    known(
        "invoice_number",
        "Serial number",
        "string",
        "kode dan nomor seri faktur pajak|nomor seri faktur pajak|no seri faktur pajak|nsfp"
        "|nomor faktur pajak",
        required=True,
    ),
    known(
        "issue_date",
        "Issue date",
        "date",
        "tanggal faktur pajak|tanggal faktur|tanggal|tgl faktur",
    ),
    known("seller_name", "Seller", "string", "pengusaha kena pajak|nama penjual|penjual"),
    known("seller_npwp", "Seller NPWP", "string", "npwp penjual|npwp"),
    known(
        "buyer_name",
        "Buyer",
        "string",
        "pembeli barang kena pajak penerima jasa kena pajak|pembeli barang kena pajak|nama pembeli|pembeli",
    ),
    known("buyer_npwp", "Buyer NPWP", "string", "npwp pembeli"),
    known("net", "Tax base", "currency"),
    known("tax", "VAT", "currency"),
    known(
        "luxury_tax",
        "Luxury tax",
        "currency",
        "total ppnbm|ppnbm|jumlah ppnbm|total ppnbm pajak penjualan barang mewah",
    ),
    LINE_ITEMS,
)
UTILITY_BILL: tuple[Known, ...] = (
    known(
        "provider",
        "Provider",
        "string",
        "provider|supplier|company|utility|energieversorger|versorger|anbieter|fournisseur|proveedor"
        "|fornitore"
        "|leverancier|penyedia",
    ),
    known(
        "account_number",
        "Customer number",
        "string",
        "account number|account no|customer number|customer no|customer id|contract account|contract number"
        "|kundennummer|vertragskonto|vertragskontonummer|vertragsnummer|reference client|numero client"
        "|numero de contrat|numero de cliente|numero de contrato|numero cliente|codice cliente|klantnummer"
        "|contractnummer|id pelanggan|idpel|nomor pelanggan|no pelanggan|no akaun|nombor akaun",
    ),
    known(
        "customer_name",
        "Customer",
        "string",
        "customer name|customer|name|account name|kunde|client|nom"
        "|titular|cliente|intestatario|klant|naam|nama pelanggan|nama",
    ),
    known(
        "service_address",
        "Service address",
        "string",
        "service address|supply address|premises|property address|verbrauchsstelle|lieferstelle|abnahmestelle"
        "|lieu de consommation|adresse du point de livraison|direccion de suministro|indirizzo di fornitura"
        "|leveringsadres|alamat|alamat pelanggan|alamat premis",
    ),
    known("issue_date", "Bill date", "date"),
    known("due_date", "Due date", "date"),
    known(
        "period",
        "Billing period",
        "string",
        "billing period|period|service period|bill period|abrechnungszeitraum|zeitraum|verbrauchszeitraum"
        "|periode|periode de facturation|periodo de facturacion|periodo|periodo di fatturazione"
        "|factuurperiode|verbruiksperiode|periode tagihan|bulan tagihan|blth|tempoh bil",
    ),
    known(
        "meter_number",
        "Meter number",
        "string",
        "meter number|meter no|meter serial number|meter id|zahlernummer|zahler nr|numero de compteur"
        "|n de compteur|numero de contador|numero contatore|matricola contatore|meternummer|nomor meter"
        "|no meter|no meteran|nombor meter",
    ),
    known(
        "consumption",
        "Consumption",
        "string",
        "consumption|usage|total usage|units used|energy used|verbrauch|gesamtverbrauch|consommation|consumo"
        "|verbruik|pemakaian|jumlah pemakaian|penggunaan",
    ),
    known("total", "Total", "currency", required=True),
    known("amount_due", "Amount due", "currency"),
    known("currency", "Currency"),
)

TRADE: dict[str, tuple[Known, ...]] = {
    "invoice": INVOICE,
    "receipt": RECEIPT,
    "purchase_order": PURCHASE_ORDER,
    "delivery_note": DELIVERY_NOTE,
    "faktur_pajak": FAKTUR_PAJAK,
    "utility_bill": UTILITY_BILL,
}
