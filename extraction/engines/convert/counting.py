"""Numbers of list items as Office prints them."""

from __future__ import annotations

_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"),
    (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip


def numeral(count: int, form: str) -> str:
    """`count` in one of Word's number formats ("decimal", "lowerRoman" …); unknown ones are decimal."""
    if form == "none":
        return ""
    if form == "decimalZero":
        return f"{count:02d}"
    if form in ("lowerLetter", "upperLetter"):
        return _cased(letters(count), form)
    if form in ("lowerRoman", "upperRoman"):
        return _cased(roman(count), form)
    return str(count)


def _cased(text: str, form: str) -> str:
    return text.upper() if form.startswith("upper") else text


def letters(count: int) -> str:
    """1 → a, 26 → z, 27 → aa, 28 → bb: the way Word counts on."""
    if not 1 <= count <= 26 * 20:
        return str(count)
    return chr(ord("a") + (count - 1) % 26) * ((count - 1) // 26 + 1)


def roman(count: int) -> str:
    """1 → i, 4 → iv; figures where Romans had none."""
    if not 1 <= count < 4000:
        return str(count)
    text = ""
    for number, sign in _ROMAN:
        text += sign * (count // number)
        count %= number
    return text
