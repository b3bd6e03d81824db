"""What the pages show of an extraction: lines of text, boxes, reasons in words."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.formats import number_format

from extraction.engines.fields.extract import MISSING
from extraction.models import Extraction
from extraction.structured import Shape, Table, cell_text, in_order, shape_of, summary, table_of

MAX_CHOICES = 3
LEARNED = "Learned"
MARKS = {"From the e-invoice": "XML", LEARNED: "learned", "Read by": "model"}
SENDERS = ("seller_name", "company", "sender", "supplier", "vendor", "issuer")
AMOUNTS = ("total", "amount_due", "gross_amount", "amount")


@dataclass(frozen=True)
class Choice:
    """A value to pick by its number key; number 1 is the value as it stands."""

    number: int
    text: str
    value: Any
    box: dict[str, Any] | None

    @property
    def box_json(self) -> str:
        return json.dumps([self.box] if self.box else [])


@dataclass(frozen=True)
class FieldLine:
    """One field on a page. `score` is 0–100; `typed` is what a person entered that was not accepted.

    `origin` says in words where the value comes from, unless it was simply read off the page, `learned_from`
    is the id of the document that taught it.
    """

    name: str
    label: str
    type: str
    value: Any
    score: float
    boxes: list[dict[str, Any]]
    doubtful: bool
    by_person: bool
    required: bool
    reasons: list[str]
    choices: list[Choice]
    values: list[str]
    parts: list[dict[str, Any]] = field(default_factory=list)
    shape: Shape = "simple"
    table: Table | None = None
    origin: str = ""
    learned_from: str = ""
    checked: bool = False
    typed: Any = None
    problem: str = ""

    @property
    def mark(self) -> str:
        """The origin in a word, for the quiet line of a field."""
        return next((word for start, word in MARKS.items() if self.origin.startswith(start)), "")

    @property
    def text(self) -> str:
        return shown_text(self.value, self.type, self.parts)

    @property
    def entry(self) -> str:
        """The value as a person edits it."""
        return str(entry_text(self.value, self.shape) if self.typed is None else self.typed)

    @property
    def is_empty(self) -> bool:
        return self.value in (None, "", [], {})

    @property
    def boxes_json(self) -> str:
        return json.dumps(self.boxes)

    @property
    def no_source(self) -> bool:
        return not self.is_empty and not self.boxes


def field_lines(
    extraction: Extraction | None,
    threshold: float,
    *,
    typed: dict[str, Any] | None = None,
    problems: dict[str, list[str]] | None = None,
) -> list[FieldLine]:
    """The fields, doubtful ones first with the least sure on top; the others in the flow's order."""
    if extraction is None:
        return []
    typed, problems = typed or {}, problems or {}
    lines = [
        _line(item, extraction.fields.get(item["name"]) or {}, threshold, typed.get(item["name"]),
              _problems_of(item["name"], problems), extraction)
        for item in extraction.schema
    ]  # fmt: skip
    return sorted(lines, key=lambda line: (not line.doubtful, line.score if line.doubtful else 0.0))


def _line(
    item: dict[str, Any],
    field: dict[str, Any],
    threshold: float,
    typed: Any,
    problems: dict[str, str],
    extraction: Extraction,
) -> FieldLine:
    value, score = field.get("value"), float(field.get("score", 0))
    doubtful = bool(field.get("needs_review")) or bool(problems)
    shape, by_person = shape_of(item, value), field.get("source") == "user"
    table = None
    if shape in ("table", "parts"):
        table = table_of(item, field, threshold=threshold, typed=typed, problems=problems)
    return FieldLine(
        name=item["name"], label=item["label"], type=item["type"], value=value, score=score,
        boxes=field.get("boxes") or [], doubtful=doubtful, by_person=by_person,
        required=item["required"], reasons=_reasons(item, field, threshold) if doubtful else [],
        choices=_choices(field, item), values=list(item.get("values") or []),
        parts=item.get("items") or [], shape=shape, table=table,
        origin="" if by_person else origin_words(field, extraction.model_used),
        learned_from="" if by_person else _teacher(field),
        checked=bool(field.get("validated")) and value is not None and not (by_person or doubtful),
        typed=typed, problem=_problem_words(item, problems),
    )  # fmt: skip


def with_teachers(lines: Iterable[FieldLine], teachers: Mapping[str, str]) -> list[FieldLine]:
    """The lines, where a value was learned with the name of its document; `teachers` are the names by id."""
    return [_with_teacher(line, teachers) if line.learned_from else line for line in lines]


def _with_teacher(line: FieldLine, teachers: Mapping[str, str]) -> FieldLine:
    name = teachers.get(line.learned_from)
    return replace(line, origin=f"{LEARNED} from {name}.") if name else replace(line, learned_from="")


def _teacher(field: Mapping[str, Any]) -> str:
    """The id of the document that taught the value, if it was learned."""
    return (
        str((field.get("memory") or {}).get("document_id") or "") if field.get("origin") == "memory" else ""
    )


def _problems_of(name: str, problems: dict[str, list[str]]) -> dict[str, str]:
    """What is wrong with this field, by path inside it; "" is the whole."""
    return {
        path.removeprefix(name).removeprefix("."): " ".join(texts)
        for path, texts in problems.items()
        if path == name or path.startswith(f"{name}.")
    }


def _problem_words(item: dict[str, Any], problems: dict[str, str]) -> str:
    """The sentences with where they belong, the first few of them."""
    labels = {part["name"]: part["label"] for part in item.get("items") or []}
    said = [f"{_place_words(path, labels)}{text}" for path, text in list(problems.items())[:MAX_CHOICES]]
    more = len(problems) - len(said)
    return " ".join([*said, *([f"And {more} more."] if more > 0 else [])])


def _place_words(path: str, labels: dict[str, str]) -> str:
    """`0.amount` as "Row 1, Amount: "."""
    parts = [f"Row {int(part) + 1}" if part.isdigit() else labels.get(part, part) for part in path.split(".")]
    return f"{', '.join(parts)}: " if path else ""


def origin_words(field: dict[str, Any], model: str) -> str:
    """Where a value comes from that was not simply read off the page."""
    origin, source = field.get("origin"), field.get("source")
    if field.get("value") in (None, "", []):
        return ""
    if origin == "xml":
        return "From the e-invoice's XML."
    if origin == "memory":
        return "Learned from an earlier document."
    if origin == "model" or source == "llm":
        return f"Read by the model {model}." if model and model != "local" else "Read by a language model."
    return "Set by a rule, not read off the page." if source == "rule" and not field.get("boxes") else ""


def _reasons(item: dict[str, Any], field: dict[str, Any], threshold: float) -> list[str]:
    """Why a person should look, in words; never empty for a doubtful field."""
    errors = [str(error) for error in field.get("errors") or []]
    if field.get("value") is None:
        return [
            f"{item['label']} is required and was not found." if error == MISSING else error
            for error in errors
        ] or ["Nothing was found."]
    score = float(field.get("score", 0))
    if score < threshold and not errors:
        others = len(field.get("alternatives") or [])
        rivals = {0: "", 1: " Another value fits too."}.get(others, f" {others} other values fit too.")
        return [f"Only {score:.0f} % sure; this flow asks for {threshold:.0f} %.{rivals}"]
    return errors or ["The checks ask for a second look."]


def _choices(field: dict[str, Any], item: dict[str, Any]) -> list[Choice]:
    if field.get("value") is None:
        found = list(field.get("alternatives") or [])
    else:
        found = [{"value": field["value"], "boxes": field.get("boxes")}, *(field.get("alternatives") or [])]
    return [
        Choice(
            number,
            words_of(other["value"], item),
            other["value"],
            next(iter(other.get("boxes") or []), None),
        )
        for number, other in enumerate(found[:MAX_CHOICES], start=1)
    ]


def words_of(value: Any, item: Mapping[str, Any]) -> str:
    """A value of this definition as people read it, a list with its first entries."""
    parts = item.get("items") or []
    if isinstance(value, list) and value:
        return summary(value, parts)
    return shown_text(value, item["type"], parts)


def shown_text(value: Any, kind: str, parts: Sequence[Mapping[str, Any]] = ()) -> str:
    """A value as people read it; `parts` are the definitions inside an object."""
    if value in (None, "", [], {}):
        return ""
    if kind == "currency":
        return _amount(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return f"{len(value)} {'entry' if len(value) == 1 else 'entries'}"
    if isinstance(value, dict):
        return ", ".join(str(part) for part in in_order(value, parts) if part not in (None, ""))
    return str(value)


def _amount(value: Any) -> str:
    try:
        return number_format(Decimal(str(value)), decimal_pos=2, use_l10n=True, force_grouping=True)
    except (InvalidOperation, ValueError):
        return str(value)


def entry_text(value: Any, shape: Shape = "simple") -> str:
    """A value as text in an input; a list of plain values by lines, other nested ones as JSON."""
    if value is None:
        return ""
    if shape == "lines" and isinstance(value, list):
        return "\n".join(cell_text(entry) for entry in value)
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False, indent=1)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def with_facts(documents: Iterable[Any]) -> None:
    """Gives each document `headline` (sender, amount) and `worst`, the doubtful field to look at first.

    Causes one SQL query for all of them.
    """
    rows = list(documents)
    found = {row.document_id: row for row in Extraction.objects.filter(document__in=rows, is_current=True)}
    for document in rows:
        extraction = found.get(document.pk)
        document.headline = _headline(extraction) if extraction else {}
        document.worst = _worst_line(extraction, document.review_threshold) if extraction else None


def _headline(extraction: Extraction) -> dict[str, str]:
    values = extraction.values()
    amount = next((values[name] for name in AMOUNTS if values.get(name)), None)
    currency = str(values.get("currency") or "")
    return {
        "sender": str(next((values[name] for name in SENDERS if values.get(name)), "")),
        "amount": f"{shown_text(amount, 'currency')} {currency}".strip() if amount else "",
    }


def _worst_line(extraction: Extraction, threshold: float) -> FieldLine | None:
    first = next(iter(field_lines(extraction, threshold)), None)
    return first if first and first.doubtful else None


EVENT_WORDS = {
    "document.uploaded": "Uploaded",
    "document.queued": "Put in line",
    "document.processing": "Processing began",
    "document.classified": "Type told anew",
    "document.completed": "Done",
    "document.requires_review": "Sent to review",
    "document.approved": "Approved",
    "document.rejected": "Rejected",
    "document.failed": "Failed",
    "document.password_required": "Asked for a password",
    "document.cancelled": "Cancelled",
    "extraction.corrected": "Corrected",
}


def event_lines(events: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The history in words, newest first, with what each correction changed."""
    return [_event_line(event) for event in reversed(list(events))]


def _event_line(event: dict[str, Any]) -> dict[str, Any]:
    changes = event["changes"] if event["action"] == "extraction.corrected" else {}
    action = str(event["action"])
    return {
        "words": EVENT_WORDS.get(action, action.replace(".", " ").replace("_", " ").capitalize()),
        "actor": event["actor"],
        "when": datetime.fromisoformat(event["at"]),
        "reason": event["reason"],
        "changed": [
            {
                "name": name,
                "before": history_text(pair[0]),
                "after": history_text(pair[1]),
            }
            for name, pair in changes.items()
        ],
    }


def history_text(value: Any) -> str:
    """A value as the history names it, a list in a few words."""
    return (summary(value) if isinstance(value, list) and value else entry_text(value)) or "nothing"
