"""Reads of what was learned: whose document this is, what is known of its sender, and the lists of it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from heapq import nlargest
from typing import Any
from uuid import UUID

from django.utils import timezone

from accounts.actors import Actor
from common.errors import NotFound
from documents.models import Document
from documents.selectors import stamp
from extraction.engines.fields.memory.facts import Remembered
from extraction.engines.fields.memory.prints import SenderPrint, recognise, search_keys
from extraction.engines.fields.memory.recall import FieldMemory, Match, Recall
from extraction.engines.fields.parse import comparable
from extraction.models import Extraction, MemoryKey, RememberedField, SenderMemory

# So many senders that share most keys with a document are compared with it letter by letter.
CANDIDATES = 10
EXPORT_VERSION = 1


def memory_find(*, workspace_id: UUID, document_type: str, seen: SenderPrint) -> Match | None:
    """The sender whose letterhead this is, of the same workspace and type, with what is known of its fields.

    Causes up to three SQL queries; some milliseconds however many senders the workspace knows.
    """
    sender = sender_of(workspace_id=workspace_id, document_type=document_type, seen=seen)
    if sender is None:
        return None
    fields = RememberedField.objects.filter(memory_id=sender[0])
    return Match(sender[0], sender[1], {row.name: field_memory(row) for row in fields})


def sender_of(*, workspace_id: UUID, document_type: str, seen: SenderPrint) -> tuple[UUID, float] | None:
    """The id of the sender whose letterhead this is and how alike it is (0–1). Two SQL queries."""
    if not seen:
        return None
    ids = _likely(workspace_id, search_keys(seen, document_type))
    rows = SenderMemory.objects.filter(
        pk__in=ids, workspace_id=workspace_id, document_type=document_type
    ).values_list("pk", "prints")
    known = {pk: [SenderPrint.from_json(item["print"]) for item in prints] for pk, prints in rows}
    return recognise(seen, known)


def _likely(workspace_id: UUID, keys: Sequence[int]) -> list[UUID]:
    """The senders that share the most telling keys with a document: the fewer have it, the more it tells."""
    shared = MemoryKey.objects.filter(workspace_id=workspace_id, key__in=keys)
    pairs = list(shared.values_list("key", "memory_id"))
    senders = Counter(key for key, _ in pairs)
    weights: dict[UUID, float] = defaultdict(float)
    for key, memory_id in pairs:
        weights[memory_id] += 1 / senders[key]
    return nlargest(CANDIDATES, weights, key=lambda pk: (weights[pk], pk))


def field_memory(row: RememberedField) -> FieldMemory:
    facts = tuple(Remembered.from_json(fact) for fact in row.facts)
    return FieldMemory(facts, row.successes, row.failures, taught_by=row.last_document_id)


def said_json(recall: Recall, name: str) -> dict[str, Any] | None:
    """What the memory proposed for a field: the value, how sure (0–1), and the document it was learned from.

    The document is named by its id alone: its file name must not outlive it in other documents' results.
    """
    match = recall.match
    known = match.fields.get(name) if match else None
    if match is None or known is None:
        return None
    said = recall.said.get(name)
    if not said and not known.emptiness:
        return None
    return {
        "memory_id": str(match.key),
        "document_id": str(known.taught_by) if known.taught_by else None,
        "value": said[0].value if said else None,
        "trust": round(said[0].trust if said else known.emptiness, 4),
    }


def learned_from(extraction: Extraction, actor: Actor) -> dict[str, Document]:
    """The fields whose value the memory named, with the documents these were learned from. One SQL query."""
    ids = {
        name: field["memory"]["document_id"]
        for name, field in extraction.fields.items()
        if field.get("memory") and comparable(field["memory"]["value"]) == comparable(field["value"])
    }
    documents = Document.objects.visible_to(actor).live().in_bulk({pk for pk in ids.values() if pk})
    return {name: documents[UUID(pk)] for name, pk in ids.items() if pk and UUID(pk) in documents}


def memory_get(*, memory_id: UUID, actor: Actor) -> SenderMemory:
    """The memory with counts and fields. Raises: NotFound."""
    rows = SenderMemory.objects.visible_to(actor).with_counts().with_fields()
    memory = rows.filter(pk=memory_id).first()
    if memory is None:
        raise NotFound("memory")
    return memory


def memory_json(memory: SenderMemory) -> dict[str, Any]:
    """A memory of `with_counts().with_fields()` as the API shows it."""
    return {
        "id": str(memory.pk),
        "name": memory.name,
        "document_type": memory.document_type or None,
        "field_count": memory.field_count,  # type: ignore[attr-defined]
        "right": memory.right,  # type: ignore[attr-defined]
        "wrong": memory.wrong,  # type: ignore[attr-defined]
        "fields": [_field_json(row) for row in memory.fields.all()],
        "created_at": memory.created_at,
        "updated_at": memory.updated_at,
    }


def memory_export(actor: Actor) -> dict[str, Any]:
    """Everything that the workspace's memory knows, for another system or for the record."""
    rows = SenderMemory.objects.visible_to(actor).with_counts().with_fields().order_by("name", "pk")
    return {
        "version": EXPORT_VERSION,
        "exported_at": stamp(timezone.now()),
        "memories": [_exported(row) for row in rows.iterator(chunk_size=500)],
    }


def _exported(memory: SenderMemory) -> dict[str, Any]:
    facts = {row.name: row.facts for row in memory.fields.all()}
    data = memory_json(memory)
    return {
        **data,
        "created_at": stamp(memory.created_at),
        "updated_at": stamp(memory.updated_at),
        "prints": [item["print"] for item in memory.prints],
        "fields": [{**field, "facts": facts[field["name"]]} for field in data["fields"]],
    }


def _field_json(row: RememberedField) -> Mapping[str, Any]:
    document = row.last_document
    alive = document is not None and document.erased_at is None
    return {
        "name": row.name,
        "label": row.label,
        "what": row.what,
        "example": row.example or None,
        "right": row.successes,
        "wrong": row.failures,
        "document": {"id": str(document.pk), "filename": document.filename} if document and alive else None,
        "updated_at": stamp(row.updated_at),
    }
