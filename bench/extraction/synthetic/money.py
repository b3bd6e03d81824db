"""How a paper prints amounts: decimal mark, grouping, sign of the currency."""

from __future__ import annotations

import random
from dataclasses import dataclass
from decimal import Decimal

from bench.extraction.synthetic.pools import Land

CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Print:
    """A till's or office's habit: `sign` stands before, or after when it starts with a space."""

    comma: bool
    grouping: str
    sign: str
    places: int = 2

    @classmethod
    def of(cls, rng: random.Random, land: Land) -> Print:
        grouping = rng.choice((".", ".", " ", "") if land.comma else (",", ",", ",", ""))
        if land.key == "CH":
            grouping = rng.choice(("'", "’", ""))
        places = 0 if land.currency == "IDR" and rng.random() < 0.7 else 2
        return cls(land.comma, grouping, rng.choice(land.signs), places)


def printed(value: Decimal, how: Print) -> str:
    """The amount as this paper prints it."""
    text = f"{abs(value):,.{how.places}f}"
    if how.comma:
        text = text.replace(",", "\0").replace(".", ",").replace("\0", how.grouping)
    else:
        text = text.replace(",", how.grouping)
    minus = "-" if value < 0 else ""
    if how.sign.startswith(" "):
        return f"{minus}{text}{how.sign}"
    return f"{minus}{how.sign}{text}"


@dataclass(slots=True)
class Making:
    """A paper in the making: the chance at work, the country, its words and how it prints amounts."""

    rng: random.Random
    land: Land
    words: dict[str, list[str]]
    printing: Print

    def word(self, key: str) -> str:
        return self.rng.choice(self.words[key])

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def money(self, value: Decimal) -> str:
        return printed(value, self.printing)
