"""What checks look at and what they say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from extraction.engines.fields.aliases import Role
from extraction.engines.fields.builtin import meanings_of
from extraction.engines.fields.candidates import Candidate, Reading
from extraction.engines.fields.defs import FieldDef
from extraction.engines.fields.identity import zone_of
from extraction.engines.fields.mrz import Mrz
from extraction.engines.fields.rank import Ranked
from extraction.engines.fields.structured.values import Structured


@dataclass(slots=True)
class Verdict:
    """Errors in plain words per field, fields an independent sum confirmed, fields that passed a check.

    `doubted` are tables whose amounts add up to nothing printed, without the table itself being sure.
    `as_printed` are fields whose error is the document's own, not one of reading it: a person has to look,
    but the value is what the page says.
    """

    errors: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    held: set[str] = field(default_factory=set)
    passed: set[str] = field(default_factory=set)
    doubted: set[str] = field(default_factory=set)
    as_printed: set[str] = field(default_factory=set)

    def misread(self, name: str) -> bool:
        """Whether an error speaks against the value having been read rightly."""
        own = 1 if name in self.as_printed else 0
        return len(self.errors.get(name, ())) > own

    def blame(self, names: Iterable[str], text: str) -> None:
        """The same sentence against every one of the fields."""
        for name in names:
            self.errors[name].append(text)

    def confirm(self, names: Iterable[str]) -> None:
        """An independent sum or a second reading says the same."""
        kept = list(names)
        self.held.update(kept)
        self.passed.update(kept)


class Chosen:
    """The first candidate of every field and the tables, asked by name, by role or by meaning."""

    def __init__(
        self,
        fields: Sequence[FieldDef],
        roles: Mapping[str, Role],
        by_name: Mapping[str, Candidate],
        *,
        tables: Mapping[str, Structured] | None = None,
        ranked: Mapping[str, Sequence[Ranked]] | None = None,
        reading: Reading | None = None,
    ) -> None:
        self.fields = fields
        self.by_name = by_name
        self.names: dict[Role, str] = {roles[item.name]: item.name for item in fields}
        self.tables = tables or {}
        self.ranked = ranked or {}
        self.reading = reading
        self._meaning: dict[str, str] = {}
        for item in fields:
            for place, meaning in enumerate(meanings_of(item)):
                if place == 0 or meaning not in self._meaning:
                    self._meaning[meaning] = item.name

    @property
    def zone(self) -> Mrz | None:
        return self.reading.once("zone", zone_of) if self.reading else None

    def role(self, role: Role) -> Candidate | None:
        return self.by_name.get(self.names.get(role, ""))

    def name_of(self, meaning: str) -> str:
        """The field that means this; empty without one."""
        return self._meaning.get(meaning, "")

    def number(self, meaning: str) -> Decimal | None:
        candidate = self.by_name.get(self.name_of(meaning))
        return candidate.number if candidate else None


def money(value: Decimal) -> str:
    return f"{value:,.2f}"
