"""Papers about money: bank statement, payslip, financial statement, tax return."""

from __future__ import annotations

from .base import Known, known

BANK_STATEMENT: tuple[Known, ...] = (
    known(
        "account_holder",
        "Account holder",
        "string",
        "account holder|account name|customer name|name of account holder|customer|kontoinhaber"
        "|kontoinhaberin"
        "|titulaire|titulaire du compte|titular|titular de la cuenta|intestatario|intestatario del conto"
        "|rekeninghouder|tenaamstelling|nama pemilik rekening|nama nasabah|nama pemegang rekening"
        "|nama rekening|atas nama|pemilik rekening|nama|nama pemegang akaun",
        required=True,
    ),
    known(
        "account_number",
        "Account number",
        "string",
        "account number|account no|acct no|account nr|a c no|a c number|kontonummer|konto nr|konto nummer"
        "|numero de compte|n de compte|compte n|numero de cuenta|cuenta n|n cuenta|numero conto"
        "|numero di conto|conto n|rekeningnummer|rekening nr|nomor rekening|no rekening|no rek|nomor rek"
        "|nombor akaun|no akaun",
    ),
    known("iban", "IBAN"),
    known(
        "bank_name",
        "Bank name",
        "string",
        "bank name|name of bank|name of the bank|kreditinstitut|nom de la banque|nombre del banco|nama bank",
    ),
    known(
        "period_start",
        "Period from",
        "date",
        "period|statement period|period from|from|for the period|zeitraum|zeitraum vom|vom|von"
        "|kontoauszug vom"
        "|periode|periode du|du|desde|periodo|periodo dal|dal|van|periode van|dari|periode dari|tempoh",
    ),
    known(
        "period_end",
        "Period to",
        "date",
        "period to|to|until|through|statement date|bis|auszugsdatum|au|arrete au|hasta|periodo al|al|tot|t m"
        "|sampai|s d|sampai dengan|hingga|tarikh penyata",
    ),
    known(
        "opening_balance",
        "Opening balance",
        "currency",
        "opening balance|beginning balance|balance brought forward|previous balance|starting balance"
        "|balance b f|balance forward|alter saldo|alter kontostand|anfangssaldo|saldovortrag|kontostand alt"
        "|letzter kontostand|ancien solde|solde precedent|solde initial|solde anterieur|saldo anterior"
        "|saldo inicial|saldo iniziale|saldo precedente|beginsaldo|vorig saldo|oud saldo|saldo awal|baki awal"
        "|baki permulaan|baki bawa hadapan",
    ),
    known(
        "closing_balance",
        "Closing balance",
        "currency",
        "closing balance|ending balance|end balance|new balance|final balance|balance c f|neuer saldo"
        "|neuer kontostand|endsaldo|kontostand neu|nouveau solde|solde final|solde actuel|saldo final"
        "|saldo actual|nuevo saldo|saldo finale|nuovo saldo|eindsaldo|nieuw saldo|saldo akhir|baki akhir"
        "|baki penutup",
        required=True,
    ),
    known("currency", "Currency"),
    known(
        "transactions",
        "Transactions",
        "array",
        items=(
            known(
                "date",
                "Date",
                "date",
                "date|transaction date|posting date|booking date|trans date|value date|post date|datum"
                "|buchungstag|buchung|buchungsdatum|valuta|wert|wertstellung|date operation|date d operation"
                "|date comptable|date valeur|fecha|fecha operacion|f operacion|fecha valor|data"
                "|data operazione"
                "|data contabile|boekdatum|rentedatum|tanggal|tgl|tanggal transaksi|tgl transaksi|tarikh"
                "|tarikh transaksi",
            ),
            known(
                "description",
                "Description",
                "string",
                "description|details|transaction details|transaction|particulars|narrative|payee|remarks|memo"
                "|buchungstext|verwendungszweck|vorgang|erlauterung|text|umsatz|libelle|nature de l operation"
                "|operation|operations|designation|descripcion|concepto|descrizione|causale"
                "|descrizione operazioni"
                "|omschrijving|mededeling|keterangan|uraian|uraian transaksi|keterangan transaksi|rincian"
                "|transaksi|butiran|butir|urusniaga",
            ),
            known(
                "debit",
                "Debit",
                "currency",
                "debit|debits|withdrawal|withdrawals|paid out|money out|payments|payment|dr|soll|ausgang"
                "|lastschrift|belastung|debito|cargo|cargos|adeudo|addebiti|addebito|dare|uscite|af|debet"
                "|afschrijving|debet idr|penarikan|pengeluaran|keluar",
            ),
            known(
                "credit",
                "Credit",
                "currency",
                "credit|credits|deposit|deposits|paid in|money in|receipts|cr|haben|eingang|gutschrift"
                "|credito|abono|abonos|accrediti|accredito|avere|entrate|bij|bijschrijving|kredit|kredit idr"
                "|setoran|penerimaan|masuk",
            ),
            known(
                "amount",
                "Amount",
                "currency",
                "amount|betrag|betrag eur|betrag in eur|umsatz eur|montant|importe|importo|bedrag"
                "|jumlah|nominal"
                "|mutasi|amaun|nilai|transaction amount",
            ),
            known(
                "balance",
                "Balance",
                "currency",
                "balance|running balance|account balance|saldo|kontostand|solde|saldo idr|saldo akhir|baki",
            ),
        ),
    ),
)
_PAY_LINE = (
    known(
        "description",
        "Description",
        "string",
        "description|item|earnings|deductions|pay element|bezeichnung|lohnart|rubrique|libelle|concepto|voce"
        "|descrizione|omschrijving|keterangan|uraian|komponen|pendapatan|penerimaan|potongan|butiran",
    ),
    known(
        "amount",
        "Amount",
        "currency",
        "amount|betrag|montant|importe|importo|bedrag|jumlah|nominal|nilai|amaun|total",
    ),
)
PAYSLIP: tuple[Known, ...] = (
    known(
        "employee_name",
        "Employee",
        "string",
        "employee|employee name|name of employee|name|staff name|arbeitnehmer|mitarbeiter|mitarbeiterin"
        "|personalname|salarie|nom du salarie|nom|empleado|trabajador|nombre|dipendente|lavoratore|nome"
        "|werknemer|naam|nama|nama karyawan|nama pegawai|karyawan|pegawai|nama pekerja",
        required=True,
    ),
    known(
        "employee_id",
        "Employee number",
        "string",
        "employee id|employee no|employee number|staff id|staff no|payroll no|payroll number|personalnummer"
        "|personal nr|pers nr|matricule|numero de empleado|matricola|personeelsnummer|nik|nip"
        "|nomor induk karyawan|no karyawan|id karyawan|no pekerja",
    ),
    known(
        "employer_name",
        "Employer",
        "string",
        "employer|company|company name|arbeitgeber|firma|employeur|societe|entreprise|empresa"
        "|empleador|azienda"
        "|datore di lavoro|ditta|werkgever|bedrijf|perusahaan|nama perusahaan|majikan|syarikat",
    ),
    known(
        "position",
        "Position",
        "string",
        "position|job title|title|designation|tatigkeit|beruf|emploi|qualification|puesto|categoria|qualifica"
        "|mansione|functie|jabatan|posisi|bagian|jawatan",
    ),
    known(
        "period",
        "Pay period",
        "string",
        "pay period|period|payroll period|month|for the month of|for the month|abrechnungsmonat"
        "|abrechnungszeitraum|monat|zeitraum|periode|periode de paie|periodo|periodo de liquidacion"
        "|periodo di paga|mese|periode loon|loonperiode|tijdvak|bulan|periode gaji|tempoh gaji",
        required=True,
    ),
    known(
        "pay_date",
        "Pay date",
        "date",
        "pay date|payment date|date paid|paid on|date of payment|zahltag|auszahlungsdatum|zahlungsdatum"
        "|date de paiement|paye le|fecha de pago|data di pagamento|data pagamento|betaaldatum"
        "|datum uitbetaling|tanggal pembayaran|tanggal bayar|tanggal gajian|tarikh bayaran|tanggal transfer",
    ),
    known(
        "base_salary",
        "Basic salary",
        "currency",
        "basic salary|base salary|basic pay|basic|grundgehalt|grundlohn|gehalt|salaire de base|salario base"
        "|paga base|basisloon|basissalaris|gaji pokok|gaji asas|gaji dasar",
    ),
    known(
        "gross",
        "Gross pay",
        "currency",
        "gross pay|gross salary|gross earnings|total earnings|gross|total gross|gross wages|bruttolohn"
        "|bruttogehalt|gesamtbrutto|brutto|brutto gesamt|steuerbrutto|salaire brut|total brut|brut"
        "|remuneration brute|salario bruto|total devengado|devengos|retribuzione lorda"
        "|totale competenze|lordo"
        "|brutoloon|bruto loon|bruto|gaji kotor|gaji bruto|total pendapatan|total penerimaan"
        "|penghasilan bruto|jumlah pendapatan|jumlah penerimaan|total gaji",
    ),
    known(
        "tax",
        "Tax withheld",
        "currency",
        "income tax|tax withheld|tax|paye|federal tax|withholding tax|lohnsteuer|einkommensteuer"
        "|impot sur le revenu|prelevement a la source|irpf|retencion irpf|ritenute irpef|irpef|loonheffing"
        "|pph 21|pph21|pph pasal 21|pajak|potongan pajak|pcb",
    ),
    known(
        "social_security",
        "Social security",
        "currency",
        "social security|national insurance|ni|fica|pension contributions|sozialversicherung|sv beitrage"
        "|summe sozialversicherung|cotisations|total cotisations|cotisations sociales|seguridad social"
        "|contributi inps|contributi|premies|bpjs|iuran bpjs|total bpjs|kwsp|perkeso|epf",
    ),
    known(
        "deductions",
        "Total deductions",
        "currency",
        "total deductions|deductions|gross deductions|abzuge|summe abzuge|gesamtabzuge"
        "|total retenues|retenues"
        "|total des retenues|total deducciones|total a deducir|deducciones|totale trattenute|trattenute"
        "|totaal inhoudingen|inhoudingen|total potongan|jumlah potongan|potongan",
    ),
    known(
        "net",
        "Net pay",
        "currency",
        "net pay|net salary|take home pay|net wages|net amount|amount payable|nettolohn|nettogehalt"
        "|auszahlungsbetrag|auszahlung|netto|nettoverdienst|net a payer|salaire net|net paye"
        "|net a payer avant impot|liquido a percibir|liquido total a percibir|salario neto|neto"
        "|netto in busta|netto a pagare|netto del mese|nettoloon|netto loon|netto uitbetaald|gaji bersih"
        "|take home pay|penerimaan bersih|total diterima|jumlah diterima|gaji diterima|gaji netto"
        "|total gaji bersih",
        required=True,
    ),
    known("currency", "Currency"),
    known("iban", "IBAN"),
    known("pay_lines", "Earnings and deductions", "array", items=_PAY_LINE),
)
FINANCIAL_STATEMENT: tuple[Known, ...] = (
    known(
        "company_name", "Company", "string", "company|company name|firma|societe|empresa|azienda|perusahaan"
    ),
    known(
        "period_end",
        "Balance sheet date",
        "date",
        "as of|as at|for the year ended|year ended|for the period ended|zum|stichtag|bilanz zum|au"
        "|exercice clos le|a fecha de|al|per|per tanggal|untuk tahun yang berakhir",
    ),
    known(
        "revenue",
        "Revenue",
        "currency",
        "revenue|total revenue|sales|net sales|turnover|umsatzerlose|umsatz|chiffre d affaires|ventas"
        "|ingresos|ricavi|fatturato|omzet|pendapatan|penjualan|penjualan bersih",
    ),
    known(
        "net_income",
        "Net income",
        "currency",
        "net income|net profit|profit for the year|profit after tax|jahresuberschuss|resultat net"
        "|beneficio neto|resultado neto|utile netto|utile d esercizio|nettowinst|laba bersih"
        "|laba tahun berjalan",
    ),
    known(
        "total_assets",
        "Total assets",
        "currency",
        "total assets|bilanzsumme|summe aktiva|total actif|total activo|totale attivo|totaal activa"
        "|jumlah aset|total aset|total aktiva",
    ),
    known(
        "equity",
        "Equity",
        "currency",
        "total equity|equity|shareholders equity|eigenkapital|capitaux propres|patrimonio neto"
        "|patrimonio netto"
        "|eigen vermogen|jumlah ekuitas|total ekuitas|ekuitas",
    ),
    known("currency", "Currency"),
)
TAX_RETURN: tuple[Known, ...] = (
    known(
        "taxpayer_name",
        "Taxpayer",
        "string",
        "taxpayer|taxpayer name|name|name of taxpayer|steuerpflichtiger|contribuable|contribuyente"
        "|contribuente"
        "|belastingplichtige|nama wajib pajak|nama|wajib pajak",
    ),
    known(
        "tax_id",
        "Tax number",
        "string",
        "tax number|tax id|tin|ssn|taxpayer identification number|utr|steuernummer|steuer id"
        "|identifikationsnummer"
        "|numero fiscal|nif|codice fiscale|bsn|npwp",
    ),
    known(
        "tax_year",
        "Tax year",
        "string",
        "tax year|year|assessment year|steuerjahr|veranlagungszeitraum|annee|annee d imposition|ejercicio"
        "|anno d imposta|belastingjaar|tahun pajak|tahun taksiran",
    ),
    known(
        "income",
        "Taxable income",
        "currency",
        "taxable income|total income|adjusted gross income|zu versteuerndes einkommen|revenu imposable"
        "|base imponible|base liquidable|reddito imponibile|belastbaar inkomen|penghasilan kena pajak"
        "|penghasilan neto",
    ),
    known(
        "tax",
        "Tax due",
        "currency",
        "total tax|tax due|tax payable|festgesetzte steuer|festgesetzt|montant de l impot|impot a payer"
        "|cuota|imposta|imposta dovuta|te betalen belasting|pph terutang|pajak terutang",
    ),
)

MONEY: dict[str, tuple[Known, ...]] = {
    "rekening_koran": BANK_STATEMENT,
    "slip_gaji": PAYSLIP,
    "financial_statement": FINANCIAL_STATEMENT,
    "tax_return": TAX_RETURN,
}
