"""The words that name a kind of document, and those that only occur in such documents, by type."""

from __future__ import annotations

# Words that name the document. Compared without case, accents and punctuation.
TITLES: dict[str, str] = {
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
    "faktur_pajak": "faktur pajak|faktur pajak elektronik|e faktur",
    "utility_bill": (
        "electricity bill|gas bill|water bill|utility bill|energy bill|energy statement|stromrechnung"
        "|gasrechnung|wasserrechnung|jahresabrechnung strom|abschlagsrechnung strom|facture d electricite"
        "|facture d eau|factura de luz|factura de la luz|factura de agua|bolletta|bolletta luce"
        "|energierekening|jaarafrekening energie|tagihan listrik|tagihan air|rekening listrik|bil elektrik"
        "|bil air|struk pembayaran tagihan listrik"
    ),
    "financial_statement": (
        "financial statements|balance sheet|income statement|profit and loss|statement of financial position"
        "|cash flow statement|bilanz|gewinn und verlustrechnung|jahresabschluss|bilan|compte de resultat"
        "|cuenta de resultados|balance de situacion|stato patrimoniale|conto economico|jaarrekening"
        "|laporan keuangan|neraca|laporan laba rugi|laporan posisi keuangan"
    ),
    "tax_return": (
        "tax return|income tax return|u s individual income tax return|tax assessment|notice of assessment"
        "|einkommensteuererklarung|steuererklarung|einkommensteuerbescheid|declaration de revenus"
        "|avis d imposition|declaracion de la renta|dichiarazione dei redditi|aangifte inkomstenbelasting"
        "|aanslag inkomstenbelasting|spt tahunan|surat pemberitahuan tahunan|surat pemberitahuan"
    ),
    "ktp": "kartu tanda penduduk|ktp elektronik|e ktp",
    "npwp": "nomor pokok wajib pajak|kartu npwp",
    "kartu_keluarga": "kartu keluarga",
    "sim": (
        "surat izin mengemudi|driving licence|driving license|driver license|driver s license|fuhrerschein"
        "|permis de conduire|permiso de conduccion|patente di guida|rijbewijs|indonesia driving license"
    ),
    "passport": "passport|reisepass|passeport|pasaporte|passaporto|paspoort|paspor|pasport",
    "identity_document": (
        "identity card|identification card|id card|personalausweis|carte nationale d identite"
        "|carte d identite|documento nacional de identidad|carta d identita|identiteitskaart|residence permit"
        "|aufenthaltstitel|kad pengenalan|kartu identitas|mykad"
    ),
    "nib": "nomor induk berusaha|nib|perizinan berusaha berbasis risiko",
    "bpkb": "buku pemilik kendaraan bermotor|bpkb",
    "akta_lahir": (
        "akta kelahiran|kutipan akta kelahiran|birth certificate|certificate of birth|geburtsurkunde"
        "|acte de naissance|certificado de nacimiento|certificato di nascita"
    ),
    "surat_nikah": (
        "buku nikah|akta nikah|kutipan akta nikah|surat nikah|akta perkawinan|kutipan akta perkawinan"
        "|marriage certificate|heiratsurkunde|acte de mariage"
    ),
}
# Words that occur in such documents and hardly in others.
HINTS: dict[str, str] = {
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
    "faktur_pajak": (
        "kode dan nomor seri faktur pajak|pengusaha kena pajak|pembeli barang kena pajak"
        "|dasar pengenaan pajak"
        "|ppnbm|uang muka|dikurangi potongan harga|harga jual penggantian|penerima jasa kena pajak"
        "|direktorat jenderal pajak"
    ),
    "utility_bill": (
        "kwh|meter number|meter reading|standing charge|billing period|consumption|usage|supply address"
        "|zahlernummer|zahlerstand|arbeitspreis|grundpreis|verbrauch|abnahmestelle|compteur|consommation"
        "|abonnement|contador|consumo|potencia|contatore|meternummer|meterstand|verbruik|id pelanggan|idpel"
        "|stand meter|pemakaian|tarif daya|pln|pdam|previous reading|current reading|m3"
    ),
    "financial_statement": (
        "total assets|total liabilities|shareholders equity|current assets|retained earnings|net income"
        "|gross profit|operating income|cash and cash equivalents|aktiva|passiva|eigenkapital|anlagevermogen"
        "|umlaufvermogen|umsatzerlose|jahresuberschuss|actif|passif|capitaux propres|chiffre d affaires"
        "|activo corriente|patrimonio neto|attivo|ricavi|jumlah aset|liabilitas|ekuitas|laba bersih"
        "|pendapatan usaha"
    ),
    "tax_return": (
        "taxable income|adjusted gross income|filing status|tax year|taxpayer|deductions|refund"
        "|zu versteuerndes einkommen|steuernummer|finanzamt|veranlagungszeitraum|festgesetzt|revenu imposable"
        "|revenu fiscal de reference|base imponible general|reddito imponibile|belastbaar inkomen"
        "|wajib pajak|pph terutang|penghasilan kena pajak|tahun pajak|ptkp"
    ),
    "ktp": (
        "nik|tempat tgl lahir|gol darah|rt rw|kel desa|kecamatan|agama|status perkawinan|pekerjaan"
        "|kewarganegaraan|berlaku hingga|jenis kelamin|seumur hidup|wni"
    ),
    "npwp": (
        "npwp|wajib pajak|terdaftar|kpp pratama|direktorat jenderal pajak|kantor pelayanan pajak|djp|nik"
    ),
    "kartu_keluarga": (
        "nama kepala keluarga|kepala keluarga|status hubungan dalam keluarga|nama lengkap|jenis pekerjaan"
        "|nama orang tua|kode pos|ayah|ibu|istri|anak|desa kelurahan|kabupaten kota|no paspor|no kitap"
    ),
    "sim": (
        "sim|polri|kepolisian|gol sim|berlaku s d|berlaku sampai|no sim|categories|licence number|dl|class"
        "|klasse|restrictions|endorsements|4a|4b|4c"
    ),
    "passport": (
        "passport no|surname|given names|nationality|date of birth|place of birth|date of issue"
        "|date of expiry"
        "|country code|reisepass nr|staatsangehorigkeit|nationalite|lieu de naissance"
        "|no paspor|kewarganegaraan|tempat lahir|kantor yang mengeluarkan|immigration"
    ),
    "identity_document": (
        "surname|given names|nationality|date of birth|document no|card no|identity number|expires"
        "|geburtsname|staatsangehorigkeit|gultig bis|augenfarbe|grosse|nom|prenoms|nationalite|apellidos"
        "|nacimiento|cognome|cittadinanza|statura|geldig tot"
    ),
    "nib": "pelaku usaha|kbli|skala usaha|oss|lembaga oss|menteri investasi|status penanaman modal"
    "|nomor induk",
    "bpkb": "nomor rangka|nomor mesin|nama pemilik|merek|isi silinder|warna|no polisi"
    "|nomor registrasi|tahun pembuatan",
    "akta_lahir": (
        "telah lahir|anak ke|pencatatan sipil|kelahiran|dari suami istri|ayah|ibu|stbld|mother|father|born"
        "|registrar|standesamt|geboren|officier de l etat civil"
    ),
    "surat_nikah": (
        "kantor urusan agama|suami|istri|isteri|wali nikah|mas kawin|mahar|saksi|penghulu|akad nikah"
        "|pencatatan sipil|husband|wife|spouse|eheschliessung|epoux"
    ),
}
