"""Learning from people: what they correct and approve is remembered per sender, and can be forgotten.

A lesson is what one document said about one field; a field's facts and counts are reckoned from its lessons,
so that the same document teaches once however often it is corrected, and takes its lessons with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils import timezone

from accounts.actors import Actor
from accounts.models import Workspace
from accounts.services.audit import audit_record
from common.errors import NotFound
from documents.models import Document
from extraction.engines.blocks import box_from_json
from extraction.engines.fields.candidates import Candidate, Reading
from extraction.engines.fields.defs import NESTING, FieldDef
from extraction.engines.fields.memory.facts import Remembered, locate, newest_first, remember
from extraction.engines.fields.memory.prints import SenderPrint, fingerprint, search_keys
from extraction.engines.fields.parse import comparable
from extraction.memories import sender_of
from extraction.models import (
    Conversion,
    Extraction,
    ExtractionMethod,
    Lesson,
    LessonSource,
    MemoryKey,
    RememberedField,
    SenderMemory,
)

PRINTS = 4  # letterheads kept per sender
# A key that so many senders have (the buyer's address, a town) finds nobody; it is not written once more, so
# that a look-up stays quick however many senders there are.
COMMON = 20
WINDOW = 20  # lessons kept per field: what failed long ago is forgiven
WEAK = 0.6  # a proposal of less trust that the page outdid does not count as a failure
NAME_ROLES = ("seller_name", "company")


@dataclass(frozen=True, slots=True)
class _Taught:
    """What one document says about a field: a fact where the memory did not know it, and if it was right."""

    definition: FieldDef
    right: bool | None
    fact: Remembered | None


def memory_learn(
    *,
    document: Document,
    actor: Actor,
    extraction: Extraction,
    source: LessonSource,
    names: Iterable[str] | None = None,
) -> SenderMemory | None:
    """Remembers the values of these fields (of all without names) for the document's sender.

    Call it in the transaction of the correction or approval. None where nothing was learned: no text, no
    letterhead, or nothing to recognise a value by. Some ten milliseconds and a dozen SQL queries.
    """
    reading = _reading(document, extraction)
    seen = fingerprint(reading) if reading else SenderPrint()
    if reading is None or not seen:
        return None
    _take_turns(document.workspace_id)
    wanted = _open_names(document, extraction, source, names)
    lessons = list(_lessons(reading, document, extraction, wanted))
    if not lessons:
        return None
    memory = _memory_of(document, seen, _sender_name(reading, extraction, seen))
    fields = _fields(memory, lessons)
    Lesson.objects.bulk_create(
        [
            Lesson(
                field=fields[item.definition.name], document=document, source=source, right=item.right,
                fact=item.fact.to_json() if item.fact else None, taught_at=timezone.now(),
            )
            for item in lessons
        ],
        update_conflicts=True,
        unique_fields=["field", "document"],
        update_fields=["source", "right", "fact", "taught_at"],
    )  # fmt: skip
    _recount(list(fields.values()))
    _record_learned(memory, document, actor, [item.definition.name for item in lessons if item.fact])
    return memory


def memory_unlearn(*, document: Document) -> None:
    """Takes back what the approval of a document taught; what a person corrected in it stays learned."""
    with transaction.atomic():
        _take_turns(document.workspace_id)
        _drop(Lesson.objects.filter(document=document, source=LessonSource.APPROVAL))


def memory_forget(*, document: Document) -> None:
    """For erasure: removes what a document taught, and senders of whom nothing else is known."""
    with transaction.atomic():
        _take_turns(document.workspace_id)
        memories = list(SenderMemory.objects.filter(fields__lessons__document=document).distinct())
        _drop(Lesson.objects.filter(document=document))
        for memory in memories:
            _forget_print(memory, document)


def memory_delete(*, memory: SenderMemory, actor: Actor) -> None:
    """Forgets a sender. Documents keep what was read with its help."""
    with transaction.atomic():
        _take_turns(memory.workspace_id)
        audit_record(
            actor=actor,
            action="memory.deleted",
            object_type="memory",
            object_id=memory.pk,
            changes={"name": memory.name},
        )
        memory.delete()


def memory_field_delete(*, memory: SenderMemory, name: str, actor: Actor) -> None:
    """Forgets one field of a sender; the sender with its last field. Raises: NotFound."""
    with transaction.atomic():
        _take_turns(memory.workspace_id)
        row = RememberedField.objects.filter(memory=memory, name=name).first()
        if row is None:
            raise NotFound("field")
        audit_record(
            actor=actor,
            action="memory.field_deleted",
            object_type="memory",
            object_id=memory.pk,
            changes={"field": name},
        )
        row.delete()
        _delete_if_empty([memory.pk])


def _take_turns(workspace_id: UUID) -> None:
    """One change of what a workspace learned at a time; whoever locks a document too locks that first.

    Otherwise two documents of a new sender would make it twice, and a reckoning begun before another one's
    lessons were dropped would write them back.
    """
    Workspace.objects.select_for_update(no_key=True).get(pk=workspace_id)


def _reading(document: Document, extraction: Extraction) -> Reading | None:
    conversion = Conversion.objects.filter(document=document).select_related("document").first()
    if conversion is None:
        return None
    defs = [FieldDef.from_json(item) for item in extraction.schema]
    return Reading(conversion.to_converted(), defs, document.type or None, document.language or None)


def _open_names(
    document: Document, extraction: Extraction, source: LessonSource, names: Iterable[str] | None
) -> set[str]:
    """The fields to learn: an approval does not say again what a correction said."""
    wanted = set(names if names is not None else extraction.fields)
    if source == LessonSource.APPROVAL:
        corrected = Lesson.objects.filter(document=document, source=LessonSource.CORRECTION)
        wanted -= set(corrected.values_list("field__name", flat=True))
    return wanted


def _lessons(
    reading: Reading, document: Document, extraction: Extraction, names: set[str]
) -> Iterable[_Taught]:
    machine = _machine_fields(document, extraction)
    for definition in (FieldDef.from_json(item) for item in extraction.schema):
        if definition.name in names and definition.type not in NESTING:
            final = extraction.fields[definition.name]
            taught = _taught(reading, definition, final, machine.get(definition.name, {}))
            if taught.fact or taught.right is not None:
                yield taught


def _machine_fields(document: Document, extraction: Extraction) -> Mapping[str, Any]:
    """The fields as the last run had read them, before any person."""
    runs = Extraction.objects.filter(document=document).exclude(method=ExtractionMethod.MANUAL_CORRECTION)
    run = runs.order_by("-created_at").first()
    fields: Mapping[str, Any] = run.fields if run else extraction.fields
    return fields


def _taught(
    reading: Reading, definition: FieldDef, final: Mapping[str, Any], machine: Mapping[str, Any]
) -> _Taught:
    value, said = final["value"], machine.get("memory")
    right = _was_right(said, value)
    if right or (value is None and machine.get("value") is None):
        return _Taught(definition, right, None)
    by_memory = said is not None and comparable(said["value"]) == comparable(machine.get("value"))
    alone = None if by_memory else _read_alone(reading, definition, machine)
    box = box_from_json(final.get("box"))
    return _Taught(definition, right, remember(reading, definition, value, box, alone=alone))


def _was_right(said: Mapping[str, Any] | None, value: Any) -> bool | None:
    if said is None:
        return None
    if comparable(said["value"]) == comparable(value):
        return True
    return False if said["trust"] >= WEAK else None


def _read_alone(reading: Reading, definition: FieldDef, machine: Mapping[str, Any]) -> Candidate | None:
    """What the page was read to say, where it stands."""
    value = machine.get("value")
    if value is None:
        return None
    found = locate(reading, definition, value, box_from_json(machine.get("box")))
    return found[0] if found else Candidate("text", value, "", ())


def _memory_of(document: Document, seen: SenderPrint, name: str) -> SenderMemory:
    """The sender's memory: that of the document's earlier lessons, else the recognised, else a new one."""
    earlier = SenderMemory.objects.filter(fields__lessons__document=document).first()
    found = earlier or _recognised(document, seen)
    memory = found or SenderMemory(workspace=document.workspace, document_type=document.type)
    memory.name = name or memory.name
    kept = [item for item in memory.prints if item["document"] != str(document.pk)]
    memory.prints = [{"document": str(document.pk), "print": seen.to_json()}, *kept][:PRINTS]
    memory.save()
    _write_keys(memory)
    return memory


def _recognised(document: Document, seen: SenderPrint) -> SenderMemory | None:
    found = sender_of(workspace_id=document.workspace_id, document_type=document.type, seen=seen)
    return SenderMemory.objects.filter(workspace=document.workspace, pk=found[0]).first() if found else None


def _sender_name(reading: Reading, extraction: Extraction, seen: SenderPrint) -> str:
    names = (name for name, role in reading.roles.items() if role in NAME_ROLES)
    values = (extraction.fields.get(name, {}).get("value") for name in names)
    return str(next((value for value in values if value), seen.head[0].title() if seen.head else ""))[:120]


def _write_keys(memory: SenderMemory) -> None:
    prints = [SenderPrint.from_json(item["print"]) for item in memory.prints]
    wanted = {key for one in prints for key in search_keys(one, memory.document_type)}
    present = set(memory.keys.values_list("key", flat=True))
    memory.keys.filter(key__in=present - wanted).delete()
    counted = MemoryKey.objects.filter(workspace_id=memory.workspace_id, key__in=wanted - present)
    common = counted.values("key").annotate(senders=Count("id")).filter(senders__gte=COMMON)
    new = wanted - present - set(common.values_list("key", flat=True))
    MemoryKey.objects.bulk_create(
        MemoryKey(workspace_id=memory.workspace_id, memory=memory, key=key) for key in sorted(new)
    )


def _fields(memory: SenderMemory, lessons: Sequence[_Taught]) -> dict[str, RememberedField]:
    """The remembered fields of these lessons by name, new ones made."""
    rows = {row.name: row for row in memory.fields.all()}
    new = [
        RememberedField(memory=memory, name=item.definition.name, label=item.definition.label)
        for item in lessons
        if item.definition.name not in rows
    ]
    rows |= {row.name: row for row in RememberedField.objects.bulk_create(new)}
    return {item.definition.name: rows[item.definition.name] for item in lessons}


def _recount(fields: Sequence[RememberedField]) -> None:
    """Facts and counts of these fields from their newest lessons; a field without a fact goes."""
    lessons: dict[int, list[Lesson]] = {row.pk: [] for row in fields}
    for lesson in Lesson.objects.filter(field__in=fields):
        lessons[lesson.field_id].append(lesson)
    old = [lesson.pk for rows in lessons.values() for lesson in rows[WINDOW:]]
    Lesson.objects.filter(pk__in=old).delete()
    for row in fields:
        _reckon(row, lessons[row.pk][:WINDOW])
    RememberedField.objects.bulk_update(
        fields, ["facts", "what", "example", "successes", "failures", "last_document", "updated_at"]
    )
    RememberedField.objects.filter(pk__in=[row.pk for row in fields if not row.facts]).delete()
    _delete_if_empty({row.memory_id for row in fields})


def _reckon(row: RememberedField, lessons: Sequence[Lesson]) -> None:
    teaching = _believed(lessons)
    facts = newest_first([Remembered.from_json(lesson.fact) for lesson in teaching if lesson.fact])
    row.facts = [fact.to_json() for fact in facts]
    row.what = facts[0].what if facts else ""
    row.example = _text(facts[0].value)[:200] if facts else ""
    row.successes = sum(lesson.right is True for lesson in lessons)
    row.failures = sum(lesson.right is False for lesson in lessons)
    row.last_document_id = teaching[0].document_id if teaching else None
    row.updated_at = timezone.now()


def _believed(lessons: Sequence[Lesson]) -> list[Lesson]:
    """The lessons with a fact, the newest first, down to the last that corrected the memory itself."""
    kept = []
    for lesson in lessons:
        if lesson.fact:
            kept.append(lesson)
        if lesson.fact and lesson.right is False and lesson.source == LessonSource.CORRECTION:
            break
    return kept


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _drop(lessons: QuerySet[Lesson]) -> None:
    fields = list(RememberedField.objects.filter(lessons__in=lessons).distinct())
    lessons.delete()
    if fields:
        _recount(fields)


def _forget_print(memory: SenderMemory, document: Document) -> None:
    """Drops a document's letterhead; that of another taught document takes the place of the last one."""
    row = SenderMemory.objects.filter(pk=memory.pk).first()
    if row is None:
        return
    row.prints = [item for item in row.prints if item["document"] != str(document.pk)]
    row.prints = row.prints or _other_prints(row)
    if not row.prints:
        row.delete()
        return
    row.save(update_fields=["prints", "updated_at"])
    _write_keys(row)


def _other_prints(memory: SenderMemory) -> list[dict[str, Any]]:
    taught = Extraction.objects.filter(document__lessons__field__memory=memory, is_current=True)
    extraction = taught.select_related("document").order_by("-created_at").first()
    reading = _reading(extraction.document, extraction) if extraction else None
    seen = fingerprint(reading) if reading else SenderPrint()
    return [{"document": str(extraction.document_id), "print": seen.to_json()}] if extraction and seen else []


def _delete_if_empty(memories: Iterable[Any]) -> None:
    SenderMemory.objects.filter(pk__in=memories, fields=None).delete()


def _record_learned(memory: SenderMemory, document: Document, actor: Actor, names: Sequence[str]) -> None:
    if names:
        audit_record(
            actor=actor,
            action="memory.learned",
            object_type="memory",
            object_id=memory.pk,
            changes={"name": memory.name, "fields": list(names), "document_id": str(document.pk)},
        )
