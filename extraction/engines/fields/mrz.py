"""Machine-readable zones of travel documents (ICAO 9303): found, repaired, parsed and checked.

Three formats: TD3 (passports, two lines of 44), TD2 (two of 36), TD1 (cards, three of 30). Each number and
date carries a check digit: the sum of the characters' values, weighted 7-3-1, modulo 10.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from .layout import Layout, PageLayout, Segment, Span

WEIGHTS = (7, 3, 1)
_FILLERS = str.maketrans({"«": "<<", "»": "<<", "‹": "<", "≤": "<", "(": "<", "{": "<", "[": "<", "＜": "<"})
_TO_DIGIT = str.maketrans("OQDILZSGTB", "0001125678")
_TO_LETTER = str.maketrans("01258", "OIZSB")
_SWAPS = {"O": "0", "0": "O", "I": "1", "1": "I", "S": "5", "5": "S", "B": "8", "8": "B", "Z": "2", "2": "Z"}
_SLACK = 4  # letters a line may be too long or too short by
MAX_SWAPS = 2


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands: `line` from 0, `start` and `end` in it, and where its check digit is."""

    line: int
    start: int
    end: int
    check: int | None = None


@dataclass(frozen=True, slots=True)
class Format:
    """The places of one format; `composite` are the pieces its last check digit covers."""

    name: str
    lines: int
    length: int
    places: Mapping[str, Place]
    composite: tuple[tuple[int, int, int], ...]
    composite_check: tuple[int, int]


_SECOND_LINE = {
    "number": Place(1, 0, 9, 9),
    "nationality": Place(1, 10, 13),
    "date_of_birth": Place(1, 13, 19, 19),
    "sex": Place(1, 20, 21),
    "expiry_date": Place(1, 21, 27, 27),
}
FORMATS = (
    Format(
        "TD3",
        2,
        44,
        {
            "type": Place(0, 0, 2), "issuer": Place(0, 2, 5), "names": Place(0, 5, 44), **_SECOND_LINE,
            "personal_number": Place(1, 28, 42, 42),
        },
        ((1, 0, 10), (1, 13, 20), (1, 21, 43)),
        (1, 43),
    ),
    Format(
        "TD2",
        2,
        36,
        {
            "type": Place(0, 0, 2), "issuer": Place(0, 2, 5), "names": Place(0, 5, 36), **_SECOND_LINE,
            "personal_number": Place(1, 28, 35),
        },
        ((1, 0, 10), (1, 13, 20), (1, 21, 35)),
        (1, 35),
    ),
    Format(
        "TD1",
        3,
        30,
        {
            "type": Place(0, 0, 2), "issuer": Place(0, 2, 5), "number": Place(0, 5, 14, 14),
            "personal_number": Place(0, 15, 30), "date_of_birth": Place(1, 0, 6, 6), "sex": Place(1, 7, 8),
            "expiry_date": Place(1, 8, 14, 14), "nationality": Place(1, 15, 18), "names": Place(2, 0, 30),
        },
        ((0, 5, 30), (1, 0, 7), (1, 8, 15), (1, 18, 29)),
        (1, 29),
    ),
)  # fmt: skip
_DATES, _NUMBERS = ("date_of_birth", "expiry_date"), ("number", "personal_number")


@dataclass(frozen=True, slots=True)
class Mrz:
    """A parsed zone. `fields` hold ISO dates and plain names; `valid` says per value whether its check digit
    fits (only values that have one), and "composite" whether the last digit over all of them does.
    """

    format: str
    lines: tuple[str, ...]
    fields: Mapping[str, str]
    valid: Mapping[str, bool]
    spans: Mapping[str, tuple[Span, ...]]

    @property
    def all_valid(self) -> bool:
        return all(self.valid.values())


def find_mrz(layout: Layout) -> Mrz | None:
    """The zone of a document, or None; of several the one with most check digits right."""
    found = [zone for page in layout.pages for zone in _zones(page)]
    return max(found, key=lambda zone: sum(zone.valid.values()), default=None)


def check_digit(text: str) -> str:
    """The ICAO check digit of a text of A–Z, 0–9 and "<"."""
    return str(sum(_value(char) * WEIGHTS[at % 3] for at, char in enumerate(text)) % 10)


def _value(char: str) -> int:
    if char.isdigit():
        return int(char)
    return ord(char) - 55 if "A" <= char <= "Z" else 0


def _zones(page: PageLayout) -> Iterable[Mrz]:
    lines = [(row, _letters(row)) for row in page.rows]
    for at in range(len(lines)):
        for shape in FORMATS:
            rows = lines[at : at + shape.lines]
            fits = all(_is_zone(text) and _fits(text, shape.length) for _, text in rows)
            if len(rows) == shape.lines and fits and sum(text.count("<") for _, text in rows) >= 4:
                texts = [_fitted(text, shape.length) for _, text in rows]
                zone = _parsed(shape, texts, [row for row, _ in rows])
                if zone:
                    yield zone


def _letters(row: Sequence[Segment]) -> str:
    return re.sub(r"\s", "", "".join(segment.text for segment in row)).upper().translate(_FILLERS)


def _is_zone(text: str) -> bool:
    return len(text) > 20 and sum(char == "<" or char.isalnum() for char in text) >= 0.95 * len(text)


def _fits(text: str, length: int) -> bool:
    """Whether a line may be one of this length; of a long row of fillers at its end many may be lost."""
    lost = 2 * _SLACK if text.endswith("<<") else _SLACK
    return -lost <= len(text) - length <= _SLACK


def _fitted(text: str, length: int) -> str:
    """A line of exactly the right length: fillers are what readers drop and double."""
    runs = list(re.finditer(r"<+", text))
    if len(text) < length:
        at = max(runs, key=lambda run: len(run.group())).end() if runs else len(text)
        return text[:at] + "<" * (length - len(text)) + text[at:]
    longest = max(runs, key=lambda run: len(run.group()), default=None)
    spare = len(text) - length
    if longest and len(longest.group()) > spare:
        return text[: longest.start()] + text[longest.start() + spare :]
    return text[:length]


def _parsed(shape: Format, lines: list[str], rows: list[Sequence[Segment]]) -> Mrz | None:
    if lines[0][0] not in "PVIACX":
        return None
    repaired = [_repaired(shape, index, line) for index, line in enumerate(lines)]
    values = {name: repaired[place.line][place.start : place.end] for name, place in shape.places.items()}
    valid = {name: value for name in shape.places if (value := _valid(shape, repaired, name)) is not None}
    valid["composite"] = _composite(shape, repaired)
    fields = _read(values)
    if sum(valid.values()) < 2 or "surname" not in fields:
        return None
    spans = {name: _spans(rows[place.line]) for name, place in shape.places.items()}
    spans |= {"surname": spans["names"], "given_names": spans["names"], "full_name": spans["names"]}
    spans["mrz"] = tuple(span for row in rows for span in _spans(row))
    return Mrz(shape.name, tuple(repaired), {**fields, "mrz": "\n".join(repaired)}, valid, spans)


def _spans(row: Sequence[Segment]) -> tuple[Span, ...]:
    return tuple(Span(segment, 0, len(segment.text)) for segment in row)


def _repaired(shape: Format, index: int, line: str) -> str:
    """A line with letters where letters must be and digits where digits must be."""
    chars = list(line)
    for name, place in shape.places.items():
        if place.line != index:
            continue
        if name in _DATES:
            _translate(chars, place.start, place.end, _TO_DIGIT)
        elif name in ("names", "nationality", "issuer"):
            _translate(chars, place.start, place.end, _TO_LETTER)
        if place.check is not None and chars[place.check] != "<":
            _translate(chars, place.check, place.check + 1, _TO_DIGIT)
    if shape.composite_check[0] == index:
        _translate(chars, shape.composite_check[1], shape.composite_check[1] + 1, _TO_DIGIT)
    number = shape.places["number"]
    if number.line == index and number.check is not None:
        text = "".join(chars[number.start : number.end])
        chars[number.start : number.end] = _swapped(text, chars[number.check])
    return "".join(chars)


def _translate(chars: list[str], start: int, end: int, table: Mapping[int, str | int | None]) -> None:
    chars[start:end] = "".join(chars[start:end]).translate(dict(table))


def _swapped(text: str, check: str) -> str:
    """A document number whose check digit fits, with at most two letters read as the digit they look like."""
    places = [at for at, char in enumerate(text) if char in _SWAPS]
    for count in range(MAX_SWAPS + 1):
        for chosen in combinations(places, count):
            tried = "".join(_SWAPS[char] if at in chosen else char for at, char in enumerate(text))
            if check_digit(tried) == check:
                return tried
    return text


def _valid(shape: Format, lines: Sequence[str], name: str) -> bool | None:
    place = shape.places[name]
    if place.check is None:
        return None
    text, digit = lines[place.line][place.start : place.end], lines[place.line][place.check]
    if digit == "<":  # an empty optional number may leave its digit out
        return None if not text.strip("<") else False
    return check_digit(text) == digit


def _composite(shape: Format, lines: Sequence[str]) -> bool:
    text = "".join(lines[line][start:end] for line, start, end in shape.composite)
    line, at = shape.composite_check
    return check_digit(text) == lines[line][at]


def _read(values: Mapping[str, str]) -> dict[str, str]:
    fields = {name: values[name].replace("<", "") for name in ("type", "issuer", "nationality", *_NUMBERS)}
    surname, _, given = _without_noise(values["names"]).partition("<<")
    fields["surname"] = _words(surname)
    fields["given_names"] = _words(given)
    fields["full_name"] = f"{fields['given_names']} {fields['surname']}".strip()
    fields["sex"] = values["sex"] if values["sex"] in "MF" else "X"
    expiry = _date(values["expiry_date"], after=70)
    fields["expiry_date"] = expiry
    fields["date_of_birth"] = _date(values["date_of_birth"], after=int(expiry[2:4]) if expiry else 30)
    return {name: value for name, value in fields.items() if value}


def _without_noise(names: str) -> str:
    """Names without the K and C that readers see in a long row of fillers."""
    return re.sub(r"[<KC]{4,}$", "", names)


def _words(text: str) -> str:
    return " ".join(text.replace("<", " ").split())


def _date(text: str, after: int) -> str:
    """YYMMDD as an ISO date; years above `after` lie in the last century. Empty when it is no date."""
    if not text.isdigit():
        return ""
    year = int(text[:2])
    try:
        return date(year + (1900 if year > after else 2000), int(text[2:4]), int(text[4:6])).isoformat()
    except ValueError:
        return ""
