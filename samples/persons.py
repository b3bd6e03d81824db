"""Invented persons and their papers: an Indonesian identity card, a family card, a passport page.

Nobody is meant; the passport is of Utopia (UTO), the country ICAO keeps for specimens.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from samples.draw import GREY, HAIR, MM, Face, Pen, new_canvas

CARD = (18 * MM, 18 * MM, 150 * MM, 95 * MM)
"""Left, top, width and height of the identity card on its page, in points: drawn at nearly twice its size."""
MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")


@dataclass(frozen=True, slots=True)
class Person:
    """One person as an Indonesian register knows her."""

    name: str
    place: str
    born: date
    female: bool
    serial: int
    job: str
    religion: str = "ISLAM"
    status: str = "KAWIN"
    relation: str = "ISTRI"
    schooling: str = "SLTA/SEDERAJAT"
    parents: tuple[str, str] = ("DARMO WIRATNO", "SUMI LESTARI")

    @property
    def nik(self) -> str:
        day = self.born.day + (40 if self.female else 0)
        return f"317406{day:02d}{self.born:%m%y}{self.serial:04d}"

    @property
    def gender(self) -> str:
        return "PEREMPUAN" if self.female else "LAKI-LAKI"


WIFE = Person("RATNA AYUDIANTI", "BANDUNG", date(1988, 8, 17), True, 2, "PERANCANG BUSANA")
HUSBAND = Person(
    "BAGAS WIRATNOKO", "SEMARANG", date(1985, 3, 4), False, 7, "KARYAWAN SWASTA", relation="KEPALA KELUARGA"
)
CHILD = Person(
    "KIRANA AYU WIRATNOKO", "JAKARTA", date(2014, 11, 29), True, 5, "PELAJAR/MAHASISWA",
    status="BELUM KAWIN", relation="ANAK", schooling="BELUM TAMAT SD/SEDERAJAT",
    parents=("BAGAS WIRATNOKO", "RATNA AYUDIANTI"),
)  # fmt: skip
FAMILY = (HUSBAND, WIFE, CHILD)
ADDRESS = ("JL. MELATI PUTIH NO. 12", "004/007", "CIPETE SELATAN", "CILANDAK")


def ktp(path: Path, person: Person = WIFE, *, misprint: str = "") -> dict[str, object]:
    """Draws the card into a PDF and gives what is printed on it; `misprint` replaces the NIK."""
    canvas = new_canvas(path, "KTP")
    pen = Pen(canvas, "helvetica", "#3a6ea5")
    left, top, width, height = CARD
    pen.box(left, top, width, height, pen.tint(0.14))
    pen.text(left + width / 2, top + 20, "PROVINSI DKI JAKARTA", Face(13, "bold"), "center")
    pen.text(left + width / 2, top + 35, "JAKARTA SELATAN", Face(13, "bold"), "center")
    nik = misprint or person.nik
    pen.text(left + 12, top + 56, "NIK", Face(14, "bold"))
    pen.text(left + 78, top + 56, f": {nik}", Face(14, "bold"))
    y = top + 74
    for label, value in _ktp_lines(person):
        pen.text(left + 12, y, label, Face(9.5))
        pen.text(left + 112, y, f": {value}", Face(9.5))
        y += 14.2
    pen.text(left + 232, top + 74 + 2 * 14.2, "Gol. Darah", Face(9.5))
    pen.text(left + 288, top + 74 + 2 * 14.2, ": O", Face(9.5))
    pen.box(left + width - 92, top + 52, 76, 98, HAIR)
    pen.text(left + width - 54, top + 168, "JAKARTA SELATAN", Face(7.5), "center")
    pen.text(left + width - 54, top + 179, "02-12-2012", Face(7.5), "center")
    canvas.save()
    return {
        "nik": nik,
        "full_name": person.name,
        "place_of_birth": person.place,
        "date_of_birth": person.born.isoformat(),
        "gender": person.gender,
        "blood_type": "O",
        "address": ADDRESS[0],
        "rt_rw": ADDRESS[1],
        "kelurahan": ADDRESS[2],
        "kecamatan": ADDRESS[3],
        "religion": person.religion,
        "marital_status": person.status,
        "occupation": person.job,
        "nationality": "WNI",
        "valid_until": "SEUMUR HIDUP",
    }


def _ktp_lines(person: Person) -> list[tuple[str, str]]:
    return [
        ("Nama", person.name),
        ("Tempat/Tgl Lahir", f"{person.place}, {person.born:%d-%m-%Y}"),
        ("Jenis kelamin", person.gender),
        ("Alamat", ADDRESS[0]),
        ("     RT/RW", ADDRESS[1]),
        ("     Kel/Desa", ADDRESS[2]),
        ("     Kecamatan", ADDRESS[3]),
        ("Agama", person.religion),
        ("Status Perkawinan", person.status),
        ("Pekerjaan", person.job),
        ("Kewarganegaraan", "WNI"),
        ("Berlaku Hingga", "SEUMUR HIDUP"),
    ]


_KK_LEFT = (
    ("No", 20), ("Nama Lengkap", 108), ("NIK", 82), ("Jenis Kelamin", 62), ("Tempat Lahir", 60),
    ("Tanggal Lahir", 62), ("Agama", 40), ("Jenis Pekerjaan", 96),
)  # fmt: skip
_KK_RIGHT = (
    ("No", 20), ("Status Perkawinan", 90), ("Status Hubungan Dalam Keluarga", 140), ("Kewarganegaraan", 80),
    ("Ayah", 100), ("Ibu", 100),
)  # fmt: skip


def family_card(path: Path, family: tuple[Person, ...] = FAMILY) -> dict[str, object]:
    """Draws a family card with its two tables and gives what is printed on it."""
    canvas = new_canvas(path, "Kartu Keluarga")
    pen = Pen(canvas, "helvetica", "#2f6f4f")
    number = "3174061203180011"
    pen.text(297, 50, "KARTU KELUARGA", Face(18, "bold"), "center")
    pen.text(297, 68, f"No. {number}", Face(12, "bold"), "center")
    facts = (
        ("Nama Kepala Keluarga", family[0].name), ("Alamat", ADDRESS[0]), ("RT/RW", ADDRESS[1]),
        ("Desa/Kelurahan", ADDRESS[2]), ("Kecamatan", ADDRESS[3]), ("Kabupaten/Kota", "JAKARTA SELATAN"),
        ("Kode Pos", "12410"), ("Provinsi", "DKI JAKARTA"),
    )  # fmt: skip
    for place, (label, value) in enumerate(facts):
        x, y = 30 + (place // 4) * 290, 96 + (place % 4) * 13
        pen.text(x, y, label, Face(8.5))
        pen.text(x + 110, y, f": {value}", Face(8.5))
    rows: list[tuple[str, ...]] = [
        (person.name, person.nik, person.gender, person.place, f"{person.born:%d-%m-%Y}", person.religion,
         person.job) for person in family
    ]  # fmt: skip
    bottom = _kk_table(pen, 170, _KK_LEFT, rows)
    more: list[tuple[str, ...]] = [
        (person.status, person.relation, "WNI", *person.parents) for person in family
    ]
    bottom = _kk_table(pen, bottom + 40, _KK_RIGHT, more)
    pen.text(30, bottom + 40, "Dikeluarkan Tanggal", Face(8.5))
    pen.text(140, bottom + 40, ": 14-03-2018", Face(8.5))
    canvas.save()
    return {
        "family_card_number": number,
        "head_of_family": family[0].name,
        "address": ADDRESS[0],
        "postal_code": "12410",
        "province": "DKI JAKARTA",
        "issue_date": "2018-03-14",
        "members": [
            {"full_name": person.name, "nik": person.nik, "date_of_birth": person.born.isoformat(),
             "gender": person.gender, "relationship": person.relation, "mother": person.parents[1]}
            for person in family
        ],
    }  # fmt: skip


def _kk_table(pen: Pen, y: float, heads: tuple[tuple[str, int], ...], rows: list[tuple[str, ...]]) -> float:
    x, places = 30.0, []
    for title, width in heads:
        pen.lines(x, y, pen.wrap(title, width - 6, Face(6.5, "bold")), Face(6.5, "bold"))
        places.append(x)
        x += width
    y += 24
    for count, left in enumerate(places, 1):
        pen.text(left, y, f"({count})", Face(6, color=GREY))
    for count, row in enumerate(rows, 1):
        y += 14
        for left, cell in zip(places, (str(count), *row), strict=True):
            pen.text(left, y, cell, Face(6.5))
    return y


@dataclass(frozen=True, slots=True)
class Traveller:
    """The holder of a passport of Utopia."""

    surname: str = "ÖRTEGREN"
    given: str = "MALIN SOFIA"
    number: str = "L8820K41U"
    born: date = date(1979, 5, 30)
    sex: str = "F"
    issued: date = date(2022, 2, 14)
    expires: date = date(2032, 2, 13)
    personal: str = "7905304412"
    plain: str = field(default="OERTEGREN", repr=False)


def zone(holder: Traveller) -> tuple[str, str]:
    """The two lines of the machine-readable zone (TD3) with right check digits."""
    names = f"{holder.plain}<<{holder.given.replace(' ', '<')}"
    first = f"P<UTO{names}".ljust(44, "<")
    number, born = f"{holder.number:<<9}", f"{holder.born:%y%m%d}"
    expires, personal = f"{holder.expires:%y%m%d}", f"{holder.personal:<<14}"
    body = (
        f"{number}{digit(number)}UTO{born}{digit(born)}{holder.sex}{expires}{digit(expires)}"
        f"{personal}{digit(personal)}"
    )
    return first, body + digit(body[:10] + body[13:20] + body[21:43])


def digit(text: str) -> str:
    """The check digit of ICAO 9303; not the product's code, so that each can find the other wrong."""
    values = {"<": 0, **{chr(code): code - 55 for code in range(65, 91)}, **{str(n): n for n in range(10)}}
    return str(sum(values[char] * (7, 3, 1)[at % 3] for at, char in enumerate(text)) % 10)


def passport(
    path: Path, holder: Traveller | None = None, *, printed_birth: date | None = None
) -> dict[str, object]:
    """Draws a passport's page of data; `printed_birth` differs from the zone to make it wrong."""
    holder = holder or Traveller()
    canvas = new_canvas(path, "Passport")
    pen = Pen(canvas, "helvetica", "#6b2437")
    pen.text(60, 90, "PASSPORT", Face(16, "bold", pen.accent))
    pen.text(200, 90, "UTOPIA", Face(16, "bold"))
    pen.box(60, 110, 110, 140, HAIR)
    born = printed_birth or holder.born
    facts = (
        ("Type", "P", 190, 0), ("Country code", "UTO", 270, 0), ("Passport No.", holder.number, 380, 0),
        ("Surname", holder.surname, 190, 1), ("Given names", holder.given, 190, 2),
        ("Nationality", "UTOPIAN", 190, 3), ("Date of birth", _day(born), 190, 4),
        ("Personal No.", holder.personal, 380, 4), ("Sex", holder.sex, 190, 5),
        ("Place of birth", "ZENITH", 270, 5), ("Date of issue", _day(holder.issued), 190, 6),
        ("Authority", "PASSPORT OFFICE", 380, 6), ("Date of expiry", _day(holder.expires), 190, 7),
    )  # fmt: skip
    for label, value, x, row in facts:
        pen.stacked(x, 118 + row * 27, label, value, Face(10, "bold"))
    for place, line in enumerate(zone(holder)):
        canvas.setFont("Courier", 15.5)
        canvas.setFillColorRGB(0.1, 0.1, 0.1)
        canvas.drawString(60, 842 - 372 - 20 * place, line)
    canvas.save()
    return {
        "passport_number": holder.number,
        "surname": holder.surname,
        "given_names": holder.given,
        "date_of_birth": holder.born.isoformat(),
        "gender": holder.sex,
        "issue_date": holder.issued.isoformat(),
        "expiry_date": holder.expires.isoformat(),
        "personal_number": holder.personal,
        "place_of_birth": "ZENITH",
        "issuing_authority": "PASSPORT OFFICE",
    }


def _day(day: date) -> str:
    return f"{day.day:02d} {MONTHS[day.month - 1]} {day.year}"
