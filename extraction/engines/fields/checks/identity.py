"""Numbers of persons against what the page prints about them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from rapidfuzz import fuzz

from extraction.engines.fields.candidates import Candidate
from extraction.engines.fields.idnumbers import is_female, nik_birth, nik_problem, npwp_problem
from extraction.engines.fields.layout import fold
from extraction.engines.fields.mrz import Mrz
from extraction.engines.fields.parse import comparable
from extraction.engines.fields.structured.measures import column_meanings

from .base import Chosen, Verdict

_FEMALE = frozenset({"perempuan", "p", "female", "f", "wanita"})
_MALE = frozenset({"laki-laki", "laki laki", "l", "male", "m", "pria"})
_NPWPS = ("npwp_number", "npwp", "seller_npwp", "buyer_npwp")
_LABELLED = 0.5  # how strongly a printed value must be labelled to be held against the zone
_SAME_NAME = 70.0  # likeness of two spellings of one name (0–100)
_EXPANDED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "å": "aa", "ø": "oe", "æ": "ae"})
_ZONE_WORDS = {
    "number": "document number", "date_of_birth": "date of birth", "expiry_date": "expiry date",
    "personal_number": "personal number", "composite": "whole zone",
}  # fmt: skip


def check_nik(chosen: Chosen, verdict: Verdict) -> None:
    """The NIK's structure, and its date of birth and sex against the printed ones."""
    name = chosen.name_of("nik")
    candidate = chosen.by_name.get(name)
    if candidate is None:
        return
    problem = nik_problem(str(candidate.value))
    if problem:
        verdict.errors[name].append(problem)
        return
    verdict.passed.add(name)
    _born(chosen, verdict, name, str(candidate.value))
    _sex(chosen, verdict, name, str(candidate.value))


def _born(chosen: Chosen, verdict: Verdict, name: str, nik: str) -> None:
    other = chosen.name_of("date_of_birth")
    printed = _date(chosen.by_name.get(other))
    if printed is None:
        return
    if printed in nik_birth(nik):
        verdict.confirm((name, other))
        return
    said = nik_birth(nik)[0]
    text = f"The NIK says born on day {said.day}, month {said.month}, the date of birth is {printed}."
    verdict.blame((name, other), text)


def _sex(chosen: Chosen, verdict: Verdict, name: str, nik: str) -> None:
    other = chosen.name_of("gender")
    candidate = chosen.by_name.get(other)
    word = fold(str(candidate.value)) if candidate else ""
    if word not in _FEMALE | _MALE:
        return
    if (word in _FEMALE) == is_female(nik):
        verdict.confirm((other,))
        return
    said = "a woman" if is_female(nik) else "a man"
    verdict.blame(
        (name, other), f"The NIK is that of {said}, the gender is {candidate.value if candidate else ''}."
    )


def check_member_niks(chosen: Chosen, verdict: Verdict) -> None:
    """In a table of persons: every NIK against the date of birth in its row."""
    for definition in chosen.fields:
        table, columns = chosen.tables.get(definition.name), column_meanings(definition)
        if table is None or "nik" not in columns:
            continue
        for index, row in enumerate(table.parts, 1):
            nik = row.get(columns["nik"])
            born = row.get(columns.get("date_of_birth", ""))
            if nik is not None and nik.value is not None:
                text = _row_problem(str(nik.value).replace(" ", ""), str(born.value) if born else "")
                if text:
                    verdict.errors[definition.name].append(f"Row {index}: {text}")


def _row_problem(nik: str, born: str) -> str:
    problem = nik_problem(nik)
    if problem or not born:
        return problem
    said = {day.isoformat() for day in nik_birth(nik)}
    return "" if born in said or born == "None" else f"the NIK does not hold the date of birth {born}."


def check_npwp(chosen: Chosen, verdict: Verdict) -> None:
    """The tax number's length and check digit."""
    for name in {chosen.name_of(meaning) for meaning in _NPWPS} - {""}:
        candidate = chosen.by_name.get(name)
        if candidate is None:
            continue
        problem = npwp_problem("".join(char for char in str(candidate.value) if char.isdigit()))
        if problem:
            verdict.errors[name].append(problem)
        else:
            verdict.passed.add(name)


def check_zone(chosen: Chosen, verdict: Verdict) -> None:
    """The machine-readable zone's check digits, and its values against the printed ones."""
    zone: Mrz | None = chosen.zone
    if zone is None:
        return
    wrong = [_ZONE_WORDS[name] for name, valid in zone.valid.items() if not valid]
    holder = chosen.name_of("mrz") or next(iter(_from_zone(chosen)), "")
    if wrong and holder:
        text = f"Check digits of the machine-readable zone are wrong: {', '.join(wrong)}."
        verdict.errors[holder].append(text)
    elif holder:
        verdict.passed.add(holder)
    for name, candidate in _from_zone(chosen).items():
        _against_page(chosen, verdict, name, candidate)


def _from_zone(chosen: Chosen) -> Mapping[str, Candidate]:
    return {
        name: item.candidate
        for name, items in chosen.ranked.items()
        for item in items
        if item.candidate.seen.get("mrz")
    }


def _against_page(chosen: Chosen, verdict: Verdict, name: str, zone: Candidate) -> None:
    printed = _printed(chosen, name)
    if printed is None or zone.kind not in ("date", "text") or zone.seen.get("label", 0.0) <= 0.6:
        return
    if _agree(zone, printed):
        verdict.confirm((name,))
    else:
        text = f'The machine-readable zone says "{zone.value}", the page prints "{printed.raw}".'
        verdict.errors[name].append(text)


def _printed(chosen: Chosen, name: str) -> Candidate | None:
    """The best labelled value of a field outside the zone."""
    for item in chosen.ranked.get(name, ()):
        if not item.candidate.seen.get("mrz") and item.features.get("label", 0.0) >= _LABELLED:
            return item.candidate
    return None


def _agree(zone: Candidate, printed: Candidate) -> bool:
    if comparable(zone.value) == comparable(printed.value):
        return True
    if zone.kind == "date" or any(char.isdigit() for char in str(zone.value)):
        return False
    said = str(zone.value).lower()
    spellings = _spellings(str(printed.value))
    return any(fuzz.token_sort_ratio(said, text) >= _SAME_NAME for text in spellings)


def _spellings(name: str) -> Iterable[str]:
    """A name without accents, and with the letters that passports write for them."""
    return fold(name), fold(name.lower().translate(_EXPANDED))


def _date(candidate: Candidate | None) -> date | None:
    try:
        return date.fromisoformat(str(candidate.value)[:10]) if candidate else None
    except ValueError:
        return None
