"""A bank statement and a payslip of invented people, in several languages."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from samples.draw import GREY, Column, Face, Pen, new_canvas
from samples.numbers import grouped, iban

Booking = tuple[date, str, str]
"""Day, text, signed amount."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement; `words` are the labels of its language, amounts are written by `comma`."""

    bank: str
    holder: str
    account: str
    iban: str
    currency: str
    opening: str
    bookings: tuple[Booking, ...]
    words: dict[str, str]
    comma: bool
    short_dates: bool = False
    split: bool = True
    misprint: str = "0"

    @property
    def closing(self) -> Decimal:
        return Decimal(self.opening) + sum((Decimal(row[2]) for row in self.bookings), Decimal(0))


GERMAN = Statement(
    bank="Gewerbekasse Weserbogen",
    holder="Annika Vogtlaender",
    account="4471190",
    iban=grouped(iban(random.Random(4), "DE")),
    currency="EUR",
    opening="2140.55",
    bookings=(
        (date(2026, 3, 2), "Miete März, Hausverwaltung Lindenrain", "-880.00"),
        (date(2026, 3, 4), "Gehalt Ferrlach Messtechnik GmbH", "2915.40"),
        (date(2026, 3, 9), "Kartenzahlung Lebensmittel", "-64.18"),
        (date(2026, 3, 16), "Stadtwerke Abschlag Strom und Gas", "-112.00"),
        (date(2026, 3, 27), "Erstattung Krankenkasse", "38.90"),
    ),
    words={
        "title": "Kontoauszug", "holder": "Kontoinhaber", "account": "Kontonummer", "period": "Zeitraum vom",
        "to": "bis", "date": "Buchungstag", "text": "Verwendungszweck", "debit": "Soll", "credit": "Haben",
        "amount": "Betrag", "balance": "Saldo", "opening": "Alter Saldo", "closing": "Neuer Saldo",
    },
    comma=True,
    short_dates=True,
)  # fmt: skip
INDONESIAN = Statement(
    bank="Bank Nusa Karya",
    holder="BAGAS WIRATNOKO",
    account="731-00-4471190",
    iban="",
    currency="IDR",
    opening="12500000.00",
    bookings=(
        (date(2026, 1, 3), "TRSF E-BANKING GAJI", "8750000.00"),
        (date(2026, 1, 5), "BIAYA ADM", "-15000.00"),
        (date(2026, 1, 12), "PEMBAYARAN LISTRIK PLN", "-642350.00"),
        (date(2026, 1, 21), "TARIKAN ATM CIPETE", "-1000000.00"),
    ),
    words={
        "title": "REKENING KORAN", "holder": "Nama", "account": "No. Rekening", "period": "Periode",
        "to": "s/d", "date": "Tanggal", "text": "Keterangan", "debit": "Debet", "credit": "Kredit",
        "amount": "Mutasi", "balance": "Saldo", "opening": "Saldo Awal", "closing": "Saldo Akhir",
    },
    comma=False,
    split=False,
)  # fmt: skip
ENGLISH = Statement(
    bank="Severn & Tyne Bank",
    holder="Imogen Tarrowby",
    account="00447119",
    iban="",
    currency="GBP",
    opening="512.08",
    bookings=(
        *(
            (date(2026, 5, row // 3 + 1), f"Card payment {row + 1}, Cooper's Wharf", f"-{3 + row % 17}.{row}")
            for row in range(10, 68)
        ),
        (date(2026, 5, 30), "Salary Pellabourne Facilities Ltd", "1890.00"),
    ),
    words={
        "title": "Bank statement", "holder": "Account holder", "account": "Account number",
        "period": "Period", "to": "to", "date": "Date", "text": "Details", "debit": "Paid out",
        "credit": "Paid in", "amount": "Amount", "balance": "Balance",
        "opening": "Opening balance", "closing": "Closing balance",
    },
    comma=False,
)  # fmt: skip
STATEMENTS = {"de": GERMAN, "id": INDONESIAN, "en": ENGLISH}
PAGE_ROWS = 34


def statement(path: Path, paper: Statement = GERMAN) -> dict[str, object]:
    """Draws a bank statement, on several pages where it is long, and gives what is printed."""
    canvas = new_canvas(path, paper.words["title"])
    pen, words = Pen(canvas, "helvetica", "#22577a"), paper.words
    pen.text(50, 60, paper.bank, Face(15, "bold", pen.accent))
    pen.text(545, 60, words["title"], Face(13, "bold"), "right")
    first, last = date(2026, paper.bookings[0][0].month, 1), paper.bookings[-1][0]
    facts = [
        (words["holder"], paper.holder), (words["account"], paper.account),
        (words["period"], f"{_day(first, paper)} {words['to']} {_day(last, paper)}"),
        (words["opening"], f"{_money(Decimal(paper.opening), paper)} {paper.currency}"),
        (words["closing"], f"{_money(paper.closing + Decimal(paper.misprint), paper)} {paper.currency}"),
    ]  # fmt: skip
    if paper.iban:
        facts.insert(2, ("IBAN", paper.iban))
    y = pen.pairs(50, 92, 130, facts) + 20
    balance = Decimal(paper.opening)
    for page in range(0, len(paper.bookings), PAGE_ROWS):
        if page:
            canvas.showPage()
            y = 60
        y, balance = _bookings(pen, y, paper, paper.bookings[page : page + PAGE_ROWS], balance)
    canvas.save()
    return _expected(paper, first, last)


def _bookings(
    pen: Pen, y: float, paper: Statement, rows: tuple[Booking, ...], balance: Decimal
) -> tuple[float, Decimal]:
    words = paper.words
    money = ["debit", "credit"] if paper.split else ["amount"]
    heads = ["date", "text", *money, "balance"]
    places = [(50, 70), (125, 200), *[(330 + 72 * at, 66) for at in range(len(money))], (478, 67)]
    columns = [
        Column(words[head], x, width, "left" if head in ("date", "text") else "right")
        for head, (x, width) in zip(heads, places, strict=True)
    ]
    pen.head(y, columns, Face(8.5, "bold", GREY))
    pen.rule(50, y + 5, 495)
    y += 19
    for day, text, amount in rows:
        balance += Decimal(amount)
        cells = [_short(day, paper), text, *_amounts(Decimal(amount), paper), _money(balance, paper)]
        y += pen.row(y, columns, cells, Face(8.5)) + 4
    return y, balance


def _amounts(amount: Decimal, paper: Statement) -> list[str]:
    if paper.split:
        return [_money(-amount, paper), ""] if amount < 0 else ["", _money(amount, paper)]
    return [f"{_money(abs(amount), paper)} {'DB' if amount < 0 else 'CR'}"]


def _money(amount: Decimal, paper: Statement) -> str:
    text = f"{amount:,.2f}"
    return text.translate(str.maketrans(",.", ".,")) if paper.comma else text


def _day(day: date, paper: Statement) -> str:
    return f"{day:%d.%m.%Y}" if paper.comma else f"{day:%d/%m/%Y}"


def _short(day: date, paper: Statement) -> str:
    return f"{day:%d.%m.}" if paper.short_dates else _day(day, paper)


def _expected(paper: Statement, first: date, last: date) -> dict[str, object]:
    return {
        "account_holder": paper.holder,
        "account_number": paper.account,
        "period_start": first.isoformat(),
        "period_end": last.isoformat(),
        "opening_balance": paper.opening,
        "closing_balance": f"{paper.closing + Decimal(paper.misprint):.2f}",
        "currency": paper.currency,
        "transactions": [
            {"date": day.isoformat(), "description": text, "amount": amount}
            for day, text, amount in paper.bookings
        ],
    }


PAYSLIPS: dict[str, tuple[str, bool, tuple[tuple[str, str, object], ...]]] = {
    "id": (
        "SLIP GAJI",
        True,
        (
            ("Nama Karyawan", "employee_name", "RATNA AYUDIANTI"), ("NIK", "employee_id", "PB-0472"),
            ("Jabatan", "position", "Perancang Busana"), ("Perusahaan", "employer_name", "PT Sutra Melati"),
            ("Periode", "period", "Januari 2026"), ("Tanggal Pembayaran", "pay_date", date(2026, 1, 30)),
            ("Gaji Pokok", "base_salary", Decimal(7500000)), ("Total Pendapatan", "gross", Decimal(8750000)),
            ("PPh 21", "tax", Decimal(218750)), ("BPJS", "social_security", Decimal(350000)),
            ("Total Potongan", "deductions", Decimal(568750)), ("Gaji Bersih", "net", Decimal(8181250)),
        ),
    ),
    "en": (
        "Payslip",
        False,
        (
            ("Employee", "employee_name", "Rupert Kesterwood"), ("Employee number", "employee_id", "10447"),
            ("Job title", "position", "Archivist"),
            ("Employer", "employer_name", "Thrandle Archive Services Ltd"),
            ("Pay period", "period", "April 2026"), ("Pay date", "pay_date", date(2026, 4, 28)),
            ("Basic pay", "base_salary", Decimal("2650.00")), ("Gross pay", "gross", Decimal("2795.50")),
            ("Income tax", "tax", Decimal("349.40")),
            ("National insurance", "social_security", Decimal("209.46")),
            ("Total deductions", "deductions", Decimal("558.86")), ("Net pay", "net", Decimal("2236.64")),
        ),
    ),
}  # fmt: skip


def payslip(path: Path, language: str = "id", *, misprint: str = "0") -> dict[str, object]:
    """Draws a payslip and gives what is printed; `misprint` is added to the net pay, to make it wrong."""
    title, comma, rows = PAYSLIPS[language]
    canvas = new_canvas(path, title)
    pen = Pen(canvas, "helvetica", "#7a4b22")
    pen.text(297, 60, title, Face(16, "bold"), "center")
    expected: dict[str, object] = {}
    y = 100.0
    for label, name, right in rows:
        value = right + Decimal(misprint) if isinstance(right, Decimal) and name == "net" else right
        pen.text(60, y, label, Face(9.5))
        pen.text(230 if not isinstance(value, Decimal) else 360, y, _printed(value, comma), Face(9.5, "bold"))
        expected[name] = value.isoformat() if isinstance(value, date) else value
        if isinstance(value, Decimal):
            expected[name] = f"{value:.2f}"
        y += 20 if name != "pay_date" else 34
    canvas.save()
    return expected


def _printed(value: object, comma: bool) -> str:
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, Decimal):
        return f"Rp {value:,.0f}".replace(",", ".") if comma else f"£{value:,.2f}"
    return str(value)
