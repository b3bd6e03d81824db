"""A memory that lives in Python, for measuring and for tests; the product keeps the same facts in rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from extraction.engines.blocks import ConvertedDocument
from extraction.engines.fields.builtin import fields_of
from extraction.engines.fields.candidates import Reading
from extraction.engines.fields.defs import FieldDef
from extraction.engines.fields.parse import JsonValue
from extraction.engines.fields.rank import Ranker, rank
from extraction.engines.fields.sources import gather

from .facts import Remembered, newest_first, remember
from .prints import SenderPrint, fingerprint, recognise
from .recall import FieldMemory, Match, Recall

Taught = tuple[ConvertedDocument, str, Mapping[str, JsonValue]]


@dataclass(slots=True)
class Sender:
    """One sender's prints and facts, the newest first."""

    slug: str
    prints: list[SenderPrint] = field(default_factory=list)
    facts: dict[str, list[Remembered]] = field(default_factory=dict)


class Memory:
    """Senders that were met before, asked document by document."""

    def __init__(self) -> None:
        self.senders: list[Sender] = []

    def teach(
        self, document: ConvertedDocument, slug: str, values: Mapping[str, JsonValue], k: int | None = None
    ) -> None:
        """Learns a document's true values, unless its sender has taught `k` documents already."""
        reading = Reading(document, fields_of(slug), slug, None)
        seen = fingerprint(reading)
        if not seen:
            return
        sender = self._sender(seen, slug) or Sender(slug)
        if not sender.prints:
            self.senders.append(sender)
        if k is not None and len(sender.prints) >= k:
            return
        sender.prints.insert(0, seen)
        for name, fact in lessons(reading, fields_of(slug), values).items():
            sender.facts.setdefault(name, []).insert(0, fact)

    def recall(self, slug: str) -> Recall:
        """The memory for one document of a type: its `source` and its `ranker` go into `extract`."""
        return Recall(lambda seen: self.match(seen, slug))

    def match(self, seen: SenderPrint, slug: str) -> Match | None:
        """The recognised sender of a print and what is known of its fields."""
        found = self._recognised(seen, slug)
        if found is None:
            return None
        sender = self.senders[found[0]]
        known = {
            name: FieldMemory(newest_first(facts), len(facts) - 1) for name, facts in sender.facts.items()
        }
        return Match(found[0], found[1], known)

    def _recognised(self, seen: SenderPrint, slug: str) -> tuple[int, float] | None:
        known = {at: one.prints for at, one in enumerate(self.senders) if one.slug == slug}
        return recognise(seen, known)

    def _sender(self, seen: SenderPrint, slug: str) -> Sender | None:
        found = self._recognised(seen, slug)
        return self.senders[found[0]] if found else None


def memory_of(documents: Sequence[Taught], k: int = 1) -> Memory:
    """What `k` documents of each sender teach: (document, type, true values by field name) each."""
    memory = Memory()
    for document, slug, values in documents:
        memory.teach(document, slug, values, k)
    return memory


def lessons(
    reading: Reading,
    fields: Sequence[FieldDef],
    values: Mapping[str, JsonValue],
    ranker: Ranker = rank,
) -> dict[str, Remembered]:
    """What the true values of a document teach, with what the page alone would have said instead."""
    candidates = {item.name: gather(reading, item) for item in fields}
    ranked = ranker(reading, candidates, fields)
    taught = {}
    for definition in fields:
        if definition.name not in values:
            continue
        first = ranked.get(definition.name, [])[:1]
        alone = first[0].candidate if first else None
        fact = remember(reading, definition, values[definition.name], alone=alone)
        if fact:
            taught[definition.name] = fact
    return taught
