"""Invented firms, people and places of many countries, built from syllables and each country's habits."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_ONSETS = [
    "b",
    "br",
    "c",
    "ch",
    "d",
    "dr",
    "f",
    "fl",
    "g",
    "gr",
    "h",
    "j",
    "k",
    "kl",
    "l",
    "m",
    "n",
    "p",
    "pl",
    "q",
    "r",
    "s",
    "sh",
    "st",
    "t",
    "tr",
    "v",
    "w",
    "y",
    "z",
]
_VOWELS = ["a", "e", "i", "o", "u", "ai", "ee", "ou", "ia", "a", "e", "i", "o"]
_CODAS = ["", "", "", "n", "r", "l", "m", "ng", "s", "t", "k", "x"]


@dataclass(frozen=True, slots=True)
class Land:
    """A country's habits. `legal` forms stand after the name unless `legal_first`; `rates` are percent.

    In `street` and `town`, {n} is a house number, {name} an invented name, {code} a postcode made from `code`
    (9 = any digit, A = any letter), {region} one of the regions.
    """

    key: str
    name: str
    language: str
    currency: str
    signs: tuple[str, ...]
    legal: tuple[str, ...]
    trades: tuple[str, ...]
    units: tuple[str, ...]
    streets: tuple[str, ...]
    towns: tuple[str, ...]
    code: str
    regions: tuple[str, ...]
    rates: tuple[int, ...]
    register: tuple[str, ...]
    tax_ids: tuple[str, ...]
    dates: tuple[str, ...]
    comma: bool
    legal_first: bool = False
    rounds: bool = False
    phone: str = "099-999 9999"


def _lands() -> dict[str, Land]:
    data = tomllib.loads((Path(__file__).parent / "lands.toml").read_text(encoding="utf-8"))
    return {
        key: Land(
            key, **{name: tuple(value) if isinstance(value, list) else value for name, value in land.items()}
        )
        for key, land in data.items()
    }


LANDS = _lands()
FIRST_NAMES = [
    "Ana",
    "Ben",
    "Chen",
    "Devi",
    "Elif",
    "Farid",
    "Greta",
    "Hugo",
    "Ines",
    "Jamal",
    "Kei",
    "Lina",
    "Mei",
    "Nils",
    "Omar",
    "Pia",
    "Ravi",
    "Siti",
    "Tom",
    "Uma",
]


def name(rng: random.Random, syllables: tuple[int, int] = (2, 3)) -> str:
    """An invented word that starts with a capital."""
    count = rng.randint(*syllables)
    return "".join(_syllable(rng) for _ in range(count)).capitalize()


def _syllable(rng: random.Random) -> str:
    return rng.choice(_ONSETS) + rng.choice(_VOWELS) + rng.choice(_CODAS)


def person(rng: random.Random) -> str:
    return f"{rng.choice(FIRST_NAMES)} {name(rng)}"


def pattern(rng: random.Random, text: str) -> str:
    """The text with every 9 a digit and every A a capital."""
    made = (
        str(rng.randint(0, 9)) if char == "9" else rng.choice("ABDEHKMNPRSTWX") if char == "A" else char
        for char in text
    )
    return "".join(made)


def firm(rng: random.Random, land: Land, *, legal: bool = True) -> str:
    """A firm's name as its papers show it; without `legal` only what stands on the sign."""
    root = _root(rng)
    words = [root, rng.choice(land.trades)] if rng.random() < 0.75 else [root]
    if rng.random() < 0.15:
        words.reverse()
    form = rng.choice(land.legal) if legal else ""
    parts = [form, *words] if land.legal_first else [*words, form]
    return " ".join(part for part in parts if part)


def _root(rng: random.Random) -> str:
    style = rng.random()
    if style < 0.6:
        return name(rng)
    if style < 0.75:
        return f"{name(rng, (1, 2))} {name(rng, (1, 2))}"
    if style < 0.85:
        return f"{name(rng)} & {name(rng)}"
    if style < 0.93:
        return "".join(rng.choice("ABCDEFGHKLMNPRSTVW") for _ in range(rng.randint(2, 4)))
    return (
        f"{rng.choice(FIRST_NAMES)}'s {name(rng)}"
        if rng.random() < 0.5
        else f"{name(rng)} {rng.randint(1, 99)}"
    )


def street(rng: random.Random, land: Land) -> str:
    return _filled(rng, rng.choice(land.streets), land)


def town(rng: random.Random, land: Land) -> str:
    return _filled(rng, rng.choice(land.towns), land)


def address(rng: random.Random, land: Land) -> list[str]:
    """Two to five parts of an address, the street first and the town last."""
    parts = [street(rng, land)]
    if land.key in ("MY", "SG", "IN", "AU", "GB", "US") and rng.random() < 0.6:
        parts.insert(0, _filled(rng, rng.choice(land.units), land))
    if land.key in ("MY", "IN", "GB") and rng.random() < 0.4:
        parts.append(
            rng.choice((f"Taman {name(rng)}", f"Bandar {name(rng)}", f"{name(rng)} Industrial Park"))
            if land.key == "MY"
            else name(rng)
        )
    parts.append(town(rng, land))
    if rng.random() < 0.12:
        parts.append(rng.choice((*land.regions, land.name)))
    return parts


def registration(rng: random.Random, land: Land) -> str:
    return _filled(rng, rng.choice(land.register), land)


def tax_id(rng: random.Random, land: Land) -> str:
    return _filled(rng, rng.choice(land.tax_ids), land)


def phone(rng: random.Random, land: Land) -> str:
    return pattern(rng, land.phone)


def _filled(rng: random.Random, text: str, land: Land) -> str:
    for mark, make in (
        ("{n}", lambda: str(rng.choice((rng.randint(1, 30), rng.randint(1, 400))))),
        ("{name}", lambda: _place_name(rng)),
        ("{code}", lambda: pattern(rng, land.code)),
        ("{region}", lambda: rng.choice(land.regions)),
        ("{reg}", lambda: pattern(rng, rng.choice(("999999", "9999999", "999 999 999")))),
        ("{letter}", lambda: rng.choice("ABDHKMPTUVWX")),
        ("{tax}", lambda: pattern(rng, rng.choice(("999999999999", "999999999", "99.999.999.9")))),
    ):
        while mark in text:
            text = text.replace(mark, make(), 1)
    return text


def _place_name(rng: random.Random) -> str:
    return name(rng) if rng.random() < 0.75 else f"{name(rng, (1, 2))} {name(rng, (1, 2))}"


def pick(rng: random.Random, keys: Sequence[str], weights: Sequence[float]) -> Land:
    return LANDS[rng.choices(keys, weights)[0]]
