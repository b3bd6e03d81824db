"""Numbers of persons: machine-readable zones, NIK, NPWP, and what the page prints beside them."""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path

import pytest

from extraction.engines.fields.builtin import fields_of
from extraction.engines.fields.defs import FieldDef
from extraction.engines.fields.extract import extract
from extraction.engines.fields.idnumbers import find_niks, find_npwps, nik_birth, nik_problem, npwp_problem
from extraction.engines.fields.layout import lay_out
from extraction.engines.fields.mrz import Mrz, check_digit, find_mrz
from samples import persons

from .paper import document
from .papers import drawn, read_as

# The specimens of ICAO 9303, parts 4 to 6.
TD3 = ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10")
TD2 = ("I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "D231458907UTO7408122F1204159<<<<<<<6")
TD1 = ("I<UTOD231458907<<<<<<<<<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<6", "ERIKSSON<<ANNA<MARIA<<<<<<<<<<")


def zone(*lines: str) -> Mrz | None:
    return find_mrz(lay_out(document(["PASSPORT", "UTOPIA", "", *lines])))


@pytest.mark.parametrize(("name", "lines"), [("TD3", TD3), ("TD2", TD2), ("TD1", TD1)])
def test_the_specimens_are_parsed_and_right(name: str, lines: tuple[str, ...]) -> None:
    found = zone(*lines)
    assert found is not None
    assert found.format == name
    assert found.all_valid
    assert found.lines == lines
    assert {key: found.fields[key] for key in ("surname", "given_names", "nationality", "sex")} == {
        "surname": "ERIKSSON",
        "given_names": "ANNA MARIA",
        "nationality": "UTO",
        "sex": "F",
    }
    assert (found.fields["date_of_birth"], found.fields["expiry_date"]) == ("1974-08-12", "2012-04-15")


def test_the_check_digit_is_that_of_the_standard() -> None:
    assert check_digit("D23145890") == "7"
    assert check_digit("740812") == "2"


@pytest.mark.parametrize(
    "lines",
    [
        ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10"),
        ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<10"),
        ("P<UTOERIKSSON<<ANNA<MARIA«««««««««<", "L898902C36UT074O8I22F12O4I59ZE184226B<<<<<10"),
        ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<KKKK<<<<<", "L8989O2C36UTO7408122F1204159ZE184226B<<<<<10"),
        ("P<UTO ERIKSSON<<ANNA<MARIA <<<<<<<<<<<<<<<<<<<", "L898902C36 UTO7408122F1204159 ZE184226B<<<<<10"),
    ],
)
def test_what_readers_misread_is_repaired(lines: tuple[str, str]) -> None:
    found = zone(*lines)
    assert found is not None
    assert found.all_valid
    assert found.fields["number"] == "L898902C3"
    assert found.fields["full_name"] == "ANNA MARIA ERIKSSON"


def test_a_changed_letter_is_found_by_the_check_digits() -> None:
    found = zone(TD3[0], TD3[1].replace("740812", "750812"))
    assert found is not None
    assert not found.valid["date_of_birth"]
    assert not found.valid["composite"]
    assert found.valid["expiry_date"]


@pytest.mark.parametrize("lines", [(), ("no zone here",), ("<<<<<<<<", "<<<<<<<<"), ("A" * 44, "B" * 44)])
def test_other_lines_are_no_zone(lines: tuple[str, ...]) -> None:
    assert zone(*lines) is None


def test_a_passport_whose_print_differs_from_its_zone_is_in_doubt(tmp_path: Path) -> None:
    wrong = partial(persons.passport, printed_birth=date(1979, 6, 30))
    paper, _ = drawn(wrong, tmp_path)
    result = read_as("passport", paper)
    birth = result.values["date_of_birth"]
    assert birth.errors == ('The machine-readable zone says "1979-05-30", the page prints "30 JUN 1979".',)
    assert birth.confidence < 0.7
    assert "validation_failed" in result.flags


def test_a_zone_with_wrong_digits_says_which(tmp_path: Path) -> None:
    lines = ["Passport No. L898902C3", TD3[0], TD3[1].replace("740812", "750812")]
    value = extract(document(lines), fields_of("passport"), type_slug="passport").values["mrz"]
    assert value.errors == (
        "Check digits of the machine-readable zone are wrong: date of birth, whole zone.",
    )


def test_a_users_own_field_is_filled_from_the_zone() -> None:
    fields = [FieldDef("geboren", "Geburtsdatum", "date"), FieldDef("nachname", "Familienname")]
    values = extract(document([*TD3]), fields, type_slug=None).values
    assert values["geboren"].value == "1974-08-12"
    assert values["nachname"].value == "ERIKSSON"
    assert values["geboren"].validated


NIK = persons.WIFE.nik


def test_a_nik_holds_place_date_and_sex() -> None:
    assert nik_problem(NIK) == ""
    assert date(1988, 8, 17) in nik_birth(NIK)


@pytest.mark.parametrize(
    ("nik", "words"),
    [
        (NIK[:15], "has 16 digits; this has 15"),
        ("99" + NIK[2:], "no code of an Indonesian province"),
        (NIK[:4] + "00" + NIK[6:], "district code 00"),
        (NIK[:6] + "321399" + NIK[12:], "no date of birth"),
        (NIK[:12] + "0000", "does not end in 0000"),
        (NIK[:-1] + "X", "nothing but digits"),
    ],
)
def test_what_is_wrong_with_a_nik_is_said_in_words(nik: str, words: str) -> None:
    assert words in nik_problem(nik)


def test_a_nik_is_found_among_letters_that_look_like_digits() -> None:
    misread = NIK.replace("0", "O", 1).replace("1", "l", 1)
    (found,) = find_niks(f"NIK : {misread}")
    assert (found.value, found.valid) == (NIK, True)
    assert list(find_niks("Rekening 1234567890123456789")) == []


def test_a_card_whose_nik_contradicts_the_print_is_in_doubt(tmp_path: Path) -> None:
    other = persons.HUSBAND.nik
    paper, _ = drawn(partial(persons.ktp, misprint=other), tmp_path)
    result = read_as("ktp", paper)
    said = " ".join(result.values["nik"].errors)
    assert "born on day 4, month 3, the date of birth is 1988-08-17" in said
    assert "that of a man, the gender is PEREMPUAN" in said
    assert result.values["date_of_birth"].confidence < 0.7


class Mistaken(persons.Person):
    """A member in whose row the number of another person stands."""

    @property
    def nik(self) -> str:
        return persons.CHILD.nik


def test_a_member_whose_nik_contradicts_the_row_is_named(tmp_path: Path) -> None:
    wrong = Mistaken("SEKAR WIRATNOKO", "JAKARTA", date(2016, 2, 3), True, 6, "PELAJAR")
    paper, _ = drawn(partial(persons.family_card, family=(*persons.FAMILY[:2], wrong)), tmp_path)
    members = read_as("kartu_keluarga", paper).values["members"]
    assert members.errors == ("Row 3: the NIK does not hold the date of birth 2016-02-03.",)
    assert members.confidence < 0.7


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("01.312.166.0-091.000", "013121660091000"),
        ("0013 1216 6009 1000".replace(" ", ""), "0013121660091000"),
        ("NPWP: 01.312.166.0-091.000", "013121660091000"),
    ],
)
def test_a_npwp_is_found_in_its_forms(printed: str, value: str) -> None:
    found = next(iter(find_npwps(printed)))
    assert (found.value, found.valid) == (value, True)


def test_what_is_wrong_with_a_npwp_is_said_in_words() -> None:
    assert npwp_problem("013121670091000") == "The check digit of the NPWP is wrong."
    assert npwp_problem("0131216600") == "A NPWP has 15 or 16 digits; this has 10."
    assert npwp_problem(NIK) == ""


def test_a_tax_card_is_read_and_checked() -> None:
    lines = [
        "KEMENTERIAN KEUANGAN REPUBLIK INDONESIA", "DIREKTORAT JENDERAL PAJAK", "NPWP : 01.312.166.0-091.000",
        "Nama : BAGAS WIRATNOKO", "Alamat : JL. MELATI PUTIH NO. 12", "Terdaftar : 01/02/2010",
        "KPP : PRATAMA CILANDAK",
    ]  # fmt: skip
    values = extract(document(lines), fields_of("npwp"), type_slug="npwp").values
    assert values["npwp_number"].value == "013121660091000"
    assert values["npwp_number"].validated
    assert (values["name"].value, values["registered_at"].value) == ("BAGAS WIRATNOKO", "2010-02-01")
    wrong = [line.replace("166.0", "167.0") for line in lines]
    errors = extract(document(wrong), fields_of("npwp"), type_slug="npwp").values["npwp_number"].errors
    assert errors == ("The check digit of the NPWP is wrong.",)
