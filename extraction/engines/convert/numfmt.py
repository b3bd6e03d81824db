"""Numbers and dates as a spreadsheet shows them, by Excel's number formats.

Format codes: ECMA-376 part 1, section 18.8.31. Where a code leaves the look to the reader's country (the
"short date" of the system) the ISO form is shown.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from fractions import Fraction
from functools import lru_cache
from typing import Literal

BUILTIN = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00",
    12: "# ?/?", 13: "# ??/??", 14: "yyyy-mm-dd", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "yyyy-mm-dd h:mm", 37: "#,##0 ;(#,##0)",
    38: "#,##0 ;(#,##0)", 39: "#,##0.00;(#,##0.00)", 40: "#,##0.00;(#,##0.00)", 45: "mm:ss", 46: "[h]:mm:ss",
    47: "mm:ss.0", 48: "##0.0E+0", 49: "@",
    **{number: "yyyy-mm-dd" for number in (*range(27, 37), *range(50, 59))},
}  # fmt: skip
# Windows' numbers of languages, for the names of months and days.
_LANGUAGES = {
    0x05: "cs", 0x06: "da", 0x07: "de", 0x09: "en", 0x0A: "es", 0x0B: "fi", 0x0C: "fr", 0x0E: "hu",
    0x10: "it",
    0x13: "nl", 0x14: "nb", 0x15: "pl", 0x16: "pt", 0x18: "ro", 0x1D: "sv", 0x1F: "tr",
}  # fmt: skip
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|[_*].|\[(?P<bracket>[^\]]*)\]'
    r"|(?P<half>AM/PM|A/P)|(?P<general>General)|(?P<date>y+|m+|d+|h+|s+(?:\.0+)?)|(?P<exponent>E[+-])"
    r"|(?P<digits>[0#?.,]+)|(?P<other>.)",
    re.I | re.S,
)
_ELAPSED = re.compile(r"h+|m+|s+", re.I)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?\d+(?:\.\d+)?)")
_MAX_CODE = 255
_MAX_SERIAL = 2_958_466


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class _Section:
    tokens: tuple[_Token, ...]
    condition: tuple[str, float] | None
    language: str

    @property
    def is_date(self) -> bool:
        return any(token.kind in ("date", "elapsed") for token in self.tokens)


def shown_number(value: float, code: str, *, from_1904: bool = False) -> str:
    """The number as the format code shows it; as it is where the code makes no sense.

    Dates count days from the end of 1899, or of 1903 with `from_1904`.
    """
    try:
        return _shown(value, code, from_1904)
    except (ValueError, OverflowError, InvalidOperation, ZeroDivisionError):
        return general(value)


def shown_text(text: str, code: str) -> str:
    """Text as the format code shows it: only a section with "@" changes anything."""
    sections = _sections(code)
    if "@" not in code or (len(sections) < 4 and len(sections) != 1):
        return text
    tokens = sections[-1].tokens
    return "".join(
        text if token.text == "@" and token.kind == "other" else token.text for token in tokens
    ).strip()


def general(value: float) -> str:
    """The number without any format: whole numbers whole, others to ten significant digits."""
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    text = f"{value:.10G}"
    return text if "E" not in text or abs(value) >= 1e15 or abs(value) < 1e-9 else f"{value:.10f}".rstrip("0")


def _shown(value: float, code: str, from_1904: bool) -> str:
    sections = _sections(code)
    section, signed = _chosen(value, sections)
    if section.is_date:
        return _date(value, section, from_1904)
    if any(token.kind == "general" for token in section.tokens) or not section.tokens:
        text = general(value if signed else abs(value))
        return "".join(text if t.kind == "general" else t.text for t in section.tokens).strip() or text
    if any(token.text == "@" for token in section.tokens):
        return general(value)
    text = _number(abs(value), section)
    negative = value < 0 and signed and re.search(r"[1-9]", text)
    return f"-{text}" if negative else text


def _chosen(value: float, sections: tuple[_Section, ...]) -> tuple[_Section, bool]:
    """The section for the value, and whether it needs a minus sign of its own."""
    if any(section.condition for section in sections[:2]):
        for section in sections[:3]:
            if section.condition is None or _holds(value, *section.condition):
                return section, True
        return sections[0], True
    if len(sections) == 1 or value > 0:
        return sections[0], True
    if value < 0:
        return sections[1], False
    return (sections[2] if len(sections) > 2 else sections[0]), True


def _holds(value: float, sign: str, limit: float) -> bool:
    return {
        "<": value < limit, ">": value > limit, "<=": value <= limit, ">=": value >= limit,
        "=": value == limit, "<>": value != limit,
    }[sign]  # fmt: skip


@lru_cache(maxsize=1_000)
def _sections(code: str) -> tuple[_Section, ...]:
    parts: list[list[_Token]] = [[]]
    conditions: list[tuple[str, float] | None] = [None]
    language = "en"
    for match in _TOKEN.finditer(code[:_MAX_CODE]):
        if match["other"] == ";":
            parts.append([])
            conditions.append(None)
            continue
        if match["bracket"] is not None:
            language = _language(match["bracket"]) or language
            if condition := _CONDITION.fullmatch(match["bracket"]):
                conditions[-1] = condition[1], float(condition[2])
        parts[-1] += _tokens(match)
    return tuple(
        _Section(tuple(_minutes(tokens)), condition, language)
        for tokens, condition in zip(parts[:4], conditions, strict=False)
    )


def _tokens(match: re.Match[str]) -> list[_Token]:
    if match["bracket"] is not None:
        return _bracket(match["bracket"])
    for kind in ("half", "general", "date", "exponent", "digits"):
        if match[kind] is not None:
            return [_Token(kind, match[kind])]
    literal = match["quoted"] if match["quoted"] is not None else match["escaped"]
    if literal is not None:
        return [_Token("literal", literal)]
    if match["other"] is None:
        return []
    return [_Token("percent" if match["other"] == "%" else "other", match["other"])]


def _bracket(text: str) -> list[_Token]:
    if text.startswith("$"):
        symbol, _, country = text[1:].partition("-")
        # The system's long date and time.
        if country.upper() == "F800":
            return [_Token("system", "yyyy-mm-dd")]
        return [_Token("literal", symbol)] if symbol else []
    return [_Token("elapsed", text.lower())] if _ELAPSED.fullmatch(text) else []


def _language(bracket: str) -> str:
    number = re.fullmatch(r"\$[^-]*-(?:[0-9A-F]*?)([0-9A-F]{3,4})", bracket, re.I)
    return _LANGUAGES.get(int(number[1], 16) & 0x3FF, "") if number else ""


def _minutes(tokens: list[_Token]) -> list[_Token]:
    """The tokens with every `m` that means minutes marked as such: next to hours or seconds."""
    if any(token.kind == "system" for token in tokens):
        return [
            _Token("date", "yyyy"),
            _Token("literal", "-"),
            _Token("date", "mm"),
            _Token("literal", "-"),
            _Token("date", "dd"),
        ]
    times = [i for i, token in enumerate(tokens) if token.kind in ("date", "elapsed")]
    for place, index in enumerate(times):
        before = tokens[times[place - 1]].text.lower() if place else ""
        after = tokens[times[place + 1]].text.lower() if place + 1 < len(times) else ""
        text = tokens[index].text.lower()
        if text in ("m", "mm") and tokens[index].kind == "date" and (before[:1] == "h" or after[:1] == "s"):
            tokens[index] = _Token("date", "n" * len(text))
    return tokens


def _number(value: float, section: _Section) -> str:
    tokens = section.tokens
    percents = sum(token.kind == "percent" for token in tokens)
    exact = Decimal(repr(value)) * 100**percents
    if any(token.kind == "exponent" for token in tokens):
        return _scientific(exact, tokens)
    slash = next((i for i, token in enumerate(tokens) if token.text == "/"), None)
    places = [i for i, token in enumerate(tokens) if token.kind == "digits"]
    if slash is not None and places and places[0] < slash < places[-1]:
        return _fraction(exact, tokens[places[-1]].text)
    if not places:
        return _tidy("".join(token.text for token in tokens))
    # All runs of digits are one number with literals in between, such as 00-000.
    pattern = "".join(tokens[i].text for i in places)
    if len(places) == 1 or "." in pattern:
        texts = {places[0]: _digits(exact, pattern), **dict.fromkeys(places[1:], "")}
    else:
        texts = _spread(exact, [tokens[i].text for i in places], places)
    return _tidy("".join(texts.get(i, token.text) for i, token in enumerate(tokens)))


def _digits(value: Decimal, pattern: str) -> str:
    whole, dot, decimals = pattern.partition(".")
    stripped = whole.rstrip(",")
    value /= Decimal(1000) ** (len(whole) - len(stripped) if not dot or whole.endswith(",") else 0)
    if dot:
        value /= Decimal(1000) ** (len(decimals) - len(decimals.rstrip(",")))
    decimals = decimals.replace(",", "").replace(".", "")
    rounded = value.quantize(Decimal(1).scaleb(-len(decimals)), ROUND_HALF_UP)
    before, _, after = f"{rounded:f}".partition(".")
    least = len(decimals.rstrip("#?")) if decimals else 0
    while len(after) > least and after.endswith("0"):
        after = after[:-1]
    zeros = sum(sign == "0" for sign in stripped)
    before = before.lstrip("0").rjust(zeros, "0")
    if "," in stripped:
        before = re.sub(r"(?<=\d)(?=(?:\d{3})+$)", ",", before)
    return before + ("." + after if after else "." if dot and least else "")


def _spread(value: Decimal, patterns: list[str], places: list[int]) -> dict[int, str]:
    """A whole number filled from the right into several runs of digits."""
    digits = f"{value.quantize(Decimal(1), ROUND_HALF_UP):f}"
    texts: dict[int, str] = {}
    for place, pattern in zip(reversed(places), reversed(patterns), strict=True):
        take = len(digits) if place == places[0] else len(pattern)
        part, digits = (digits[-take:] if take else ""), digits[:-take] if take else digits
        texts[place] = part.rjust(pattern.count("0"), "0")
    return texts


def _scientific(value: Decimal, tokens: tuple[_Token, ...]) -> str:
    digits = [token.text for token in tokens if token.kind == "digits"]
    places = len(digits[0].partition(".")[2]) if digits else 0
    mantissa, exponent = f"{value:.{places}E}".split("E")
    width = len(digits[1]) if len(digits) > 1 else 2
    power = int(exponent)
    sign = (
        "-" if power < 0 else "+" if any(t.text.endswith("+") for t in tokens if t.kind == "exponent") else ""
    )
    return f"{mantissa}E{sign}{abs(power):0{width}d}"


def _fraction(value: Decimal, denominator: str) -> str:
    whole = int(value)
    largest = 10 ** max(len(denominator.strip(".,")), 1) - 1
    rest = Fraction(value - whole).limit_denominator(min(largest, 999))
    if rest.denominator == 1:
        return str(whole + rest.numerator)
    return f"{whole} {rest}" if whole else str(rest)


def _date(value: float, section: _Section, from_1904: bool) -> str:
    if not 0 <= value < _MAX_SERIAL:
        return general(value)
    moment = _moment(value, section, from_1904)
    half = any(token.kind == "half" for token in section.tokens)
    parts = []
    for token in section.tokens:
        if token.kind == "date":
            parts.append(_date_part(moment, token.text.lower(), half, section.language))
        elif token.kind == "elapsed":
            parts.append(_elapsed(value, token.text))
        elif token.kind == "half":
            parts.append(("AM" if moment.hour < 12 else "PM")[: 2 if "M" in token.text.upper() else 1])
        elif token.text != "@":
            parts.append(token.text)
    return _tidy("".join(parts))


def _moment(value: float, section: _Section, from_1904: bool) -> dt.datetime:
    # Days before March 1900 are one off: the first spreadsheets took 1900 for a leap year.
    start = dt.datetime(1904, 1, 1) if from_1904 else dt.datetime(1899, 12, 30 + (value < 60))
    places = max((len(t.text.partition(".")[2]) for t in section.tokens if t.kind == "date"), default=0)
    seconds = round(value * 86_400, places)
    return start + dt.timedelta(seconds=seconds)


def _elapsed(value: float, unit: str) -> str:
    seconds = round(value * 86_400)
    count = {"h": seconds // 3600, "m": seconds // 60, "s": seconds}[unit[0]]
    return str(count).rjust(len(unit), "0")


def _date_part(moment: dt.datetime, text: str, half: bool, language: str) -> str:
    kind, length = text[0], len(text)
    if kind == "y":
        return f"{moment.year % 100:02d}" if length <= 2 else f"{moment.year:04d}"
    if kind in "md" and length >= 3:
        return _name(moment, kind, length, language)
    if kind == "s":
        whole, _, decimals = text.partition(".")
        tail = f".{moment.microsecond:06d}"[: len(decimals) + 1] if decimals else ""
        return str(moment.second).rjust(len(whole), "0") + tail
    hour = (moment.hour % 12 or 12) if half else moment.hour
    number = {"m": moment.month, "d": moment.day, "h": hour, "n": moment.minute}[kind]
    return str(number).rjust(min(length, 2), "0")


def _name(moment: dt.datetime, kind: str, length: int, language: str) -> str:
    from babel.dates import get_day_names, get_month_names

    width: Literal["abbreviated", "wide"] = "abbreviated" if length == 3 else "wide"
    if kind == "d":
        return str(get_day_names(width, locale=language)[moment.weekday()])
    name = str(get_month_names(width, locale=language)[moment.month])
    return name[:1] if length == 5 else name


def _tidy(text: str) -> str:
    return " ".join(text.split())
