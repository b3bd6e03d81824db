"""What people send from the review page: corrected fields with their boxes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.conf import settings

from accounts.actors import Actor
from accounts.models import Workspace
from extraction.models import Extraction, Flow, Template
from extraction.presenters import entry_text, field_lines
from extraction.structured import Shape, rows_of, shape_of
from extraction.structured_forms import (
    BAD_JSON,
    is_unchanged,
    lines_value,
    rows_value,
    typed_parts,
    typed_rows,
)
from extraction.type_registry import types_of

BOX_KEYS = ("x", "y", "w", "h")
MODELS = [("standard", "Standard"), ("premium", "Premium"), ("local", "Local only")]
READING_OPTIONS = ("language", "pages", "ocr", "table_mode", "image_handling")
LANGUAGES = [
    ("auto", "Told from the text"), ("de", "German"), ("en", "English"), ("es", "Spanish"), ("fr", "French"),
    ("hi", "Hindi"), ("id", "Indonesian"), ("it", "Italian"), ("ja", "Japanese"), ("nl", "Dutch"),
    ("pl", "Polish"), ("pt", "Portuguese"), ("sv", "Swedish"), ("zh", "Chinese"),
]  # fmt: skip
OCR = [("auto", "Where a page has no text"), ("force", "On every page"), ("off", "Never")]
TABLES = [("fast", "Fast"), ("accurate", "Look twice"), ("off", "As text")]
IMAGES = [
    ("referenced", "As files beside the text"), ("embedded", "Inside the Markdown"), ("none", "Left out"),
]  # fmt: skip


@dataclass
class Corrections:
    """Changed values by field name, boxes beside them, and everything as it was typed."""

    fields: dict[str, Any] = field(default_factory=dict)
    boxes: dict[str, dict[str, Any]] = field(default_factory=dict)
    typed: dict[str, Any] = field(default_factory=dict)
    problems: dict[str, list[str]] = field(default_factory=dict)


def read_corrections(post: Mapping[str, str], extraction: Extraction | None) -> Corrections:
    """The fields whose text differs from what stands there, and those picked by number."""
    found = Corrections()
    for item in extraction.schema if extraction else []:
        value = (extraction.fields.get(item["name"]) or {}).get("value") if extraction else None
        shape = shape_of(item, value)
        if shape in ("table", "parts"):
            _take_rows(found, item, value, post)
        elif f"f-{item['name']}" in post:
            _take_text(found, item, value, post, shape)
    _pick(found, post.get("pick", ""), extraction)
    return found


def _take_rows(found: Corrections, item: dict[str, Any], value: Any, post: Mapping[str, str]) -> None:
    """The cells of a list or object, if the form showed them and any of them was changed."""
    name, is_list = item["name"], item["type"] == "array"
    if f"t-{name}" not in post:
        return
    typed = typed_rows(post, item, len(rows_of(value))) if is_list else typed_parts(post, item)
    if is_unchanged(item, value, typed):
        return
    found.typed[name] = [texts for _, texts in typed]
    found.fields[name], problems = rows_value(item, value, typed)
    found.problems |= problems


def _take_text(
    found: Corrections, item: dict[str, Any], value: Any, post: Mapping[str, str], shape: Shape
) -> None:
    name = item["name"]
    text = post[f"f-{name}"].replace("\r\n", "\n").strip()
    box = read_box(post.get(f"b-{name}", ""))
    if text == entry_text(value, shape).strip() and not box:
        return
    found.typed[name] = text
    try:
        found.fields[name] = _text_value(text, shape)
    except (ValueError, RecursionError):
        found.problems[name] = [BAD_JSON]
    if box:
        found.boxes[name] = box


def _text_value(text: str, shape: Shape) -> Any:
    if shape == "lines":
        return lines_value(text)
    return json.loads(text) if shape == "json" and text else text


def _pick(found: Corrections, picked: str, extraction: Extraction | None) -> None:
    """`total:2` takes the second value offered for the total, with its place on the page."""
    name, _, number = picked.partition(":")
    for line in field_lines(extraction, 0):
        for choice in line.choices:
            if line.name == name and str(choice.number) == number:
                found.fields[name] = choice.value
                found.typed.pop(name, None)
                _forget_problems(found, name)
                if choice.box:
                    found.boxes[name] = choice.box


def _forget_problems(found: Corrections, name: str) -> None:
    for path in [path for path in found.problems if path == name or path.startswith(f"{name}.")]:
        del found.problems[path]


def read_box(text: str) -> dict[str, Any] | None:
    """A box drawn on the page, in fractions of it; None for anything else."""
    try:
        data = json.loads(text)
        box = {key: min(1.0, max(0.0, float(data[key]))) for key in BOX_KEYS}
        page = int(data["page"])
    except (ValueError, TypeError, KeyError):
        return None
    return {"page": page, **box} if page >= 1 else None


def read_version(post: Mapping[str, str]) -> int | None:
    """The document's version that the person saw; None when the form does not say."""
    text = post.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


class ReadingForm(forms.Form):
    """How files are to be read; an empty choice leaves what stands."""

    type = forms.CharField(required=False, max_length=64)
    language = forms.ChoiceField(required=False, choices=LANGUAGES)
    pages = forms.CharField(required=False, max_length=200)
    ocr = forms.ChoiceField(required=False, choices=OCR)
    table_mode = forms.ChoiceField(required=False, choices=TABLES)
    image_handling = forms.ChoiceField(required=False, choices=IMAGES)
    model = forms.CharField(required=False, max_length=64)

    def options(self) -> dict[str, str]:
        """The reading options that were chosen."""
        return {name: self.cleaned_data[name] for name in READING_OPTIONS if self.cleaned_data.get(name)}


def reading_choices(workspace: Workspace) -> dict[str, Any]:
    """What the pages offer of it: types, and name, label and values of each option. One SQL query."""
    known = [(info.slug, info.name) for info in types_of(workspace).values() if info.enabled]
    options = [
        ("language", "Language", LANGUAGES),
        ("ocr", "Text recognition", OCR),
        ("table_mode", "Tables", TABLES),
        ("image_handling", "Figures", IMAGES),
    ]
    if settings.LLM_BASE_URL:
        options.append(("model", "Model", MODELS))
    return {"types": sorted(known, key=lambda item: item[1]), "choices": options}


class RecipeChoiceForm(ReadingForm):
    """The same with a flow or a template that this person sees."""

    flow_id = forms.ModelChoiceField(queryset=Flow.objects.none(), required=False)
    template_id = forms.ModelChoiceField(queryset=Template.objects.none(), required=False)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        flows: Any = self.fields["flow_id"]
        templates: Any = self.fields["template_id"]
        flows.queryset = Flow.objects.visible_to(actor)
        templates.queryset = Template.objects.visible_to(actor).filter(version__gt=0)

    def recipe(self) -> dict[str, Any]:
        """The ids of what was chosen."""
        chosen = {name: self.cleaned_data[name] for name in ("flow_id", "template_id")}
        return {name: row.pk if row else None for name, row in chosen.items()}


class RunForm(RecipeChoiceForm):
    """Another run of a document that is here: with a flow, a template, a password, or read anew."""

    pdf_password = forms.CharField(required=False, max_length=255, strip=False)
    read_again = forms.BooleanField(required=False)


class AgainForm(forms.Form):
    """The values of a document read anew, with another flow, type or model where one is chosen."""

    flow_id = forms.ModelChoiceField(queryset=Flow.objects.none(), required=False)
    type = forms.CharField(required=False, max_length=64)
    model = forms.CharField(required=False, max_length=64)


class UploadForm(RecipeChoiceForm):
    """The upload page without JavaScript: one file and its choices."""

    file = forms.FileField(error_messages={"required": "Choose a file.", "empty": "The file is empty."})
    pdf_password = forms.CharField(required=False, max_length=255, strip=False)
