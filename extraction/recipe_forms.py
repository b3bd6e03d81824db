"""Forms of the pages on which flows, templates and document types are made."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings

from accounts.models import Workspace
from common.errors import AppError, ValidationFailed
from extraction.engines.fields.template_match import DEFAULT_MIN_SCORE
from extraction.forms import IMAGES, LANGUAGES, MODELS, OCR, TABLES
from extraction.models import Flow, Template
from extraction.type_registry import types_of


class RecipeForm(forms.Form):
    """A form whose fields look as everywhere, and which takes a service's refusals."""

    def __init__(self, *args: Any, workspace: Workspace, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.workspace = workspace
        for item in self.fields.values():
            item.widget.attrs.setdefault("class", _look(item.widget))

    def refuse(self, error: AppError) -> None:
        """Puts the service's sentences beside the fields they are about, others above the form."""
        if isinstance(error, ValidationFailed):
            problems = {str(name): texts for name, texts in error.details["fields"].items()}
        else:
            problems = {str(error.details.get("field", "")): [error.message]}
        for path, texts in problems.items():
            name = self.aliases.get(path, path.rpartition(".")[2])
            self.add_error(name if name in self.fields else None, texts)

    # What a service calls a field, where the form calls it otherwise.
    aliases: dict[str, str] = {}

    def type_choices(self, blank: str) -> list[tuple[str, str]]:
        """The workspace's types that are on, by name."""
        found = [(info.slug, info.name) for info in types_of(self.workspace).values() if info.enabled]
        return [("", blank), *sorted(found, key=lambda pair: pair[1])]


def _look(widget: forms.Widget) -> str:
    if isinstance(widget, forms.CheckboxInput):
        return ""
    return "form-select" if isinstance(widget, forms.Select) else "form-control"


class FlowForm(RecipeForm):
    aliases = {"template_id": "template"}
    name = forms.CharField(max_length=120)
    description = forms.CharField(max_length=1000, required=False)
    document_type = forms.ChoiceField(
        required=False, label="Takes by itself", help_text="Documents of this type need not name the flow."
    )
    active = forms.BooleanField(required=False, label="Active")
    is_default = forms.BooleanField(required=False, label="Takes documents that no other flow fits")
    template = forms.ModelChoiceField(
        Template.objects.none(), required=False, label="Fields", empty_label="Fields of its own"
    )
    review_below_score = forms.FloatField(min_value=0, max_value=100, label="Review below (%)")
    auto_approve = forms.BooleanField(required=False, label="Approve sure documents by itself")
    auto_approve_min_score = forms.FloatField(min_value=50, max_value=100, label="Approve from (%)")
    always_review = forms.BooleanField(required=False, label="A person looks at every document")
    review_sample_percent = forms.FloatField(
        min_value=0,
        max_value=100,
        required=False,
        label="Spot checks (%)",
        help_text="Of those that would pass.",
    )
    model = forms.ChoiceField(label="Model")
    temperature = forms.FloatField(min_value=0, max_value=1, label="Temperature")
    prompt = forms.CharField(max_length=20000, required=False, widget=forms.Textarea({"rows": 4}))
    instructions = forms.CharField(max_length=4000, required=False, widget=forms.Textarea({"rows": 3}))
    language = forms.ChoiceField(choices=LANGUAGES)
    pages = forms.CharField(max_length=100, required=False, help_text="Such as 1-5,8; empty for all.")
    ocr = forms.ChoiceField(choices=OCR, label="Text recognition")
    table_mode = forms.ChoiceField(choices=TABLES, label="Tables")
    image_handling = forms.ChoiceField(choices=IMAGES, label="Figures")
    tags = forms.CharField(max_length=3300, required=False, help_text="Separated by commas.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._choices("document_type").choices = self.type_choices("nothing by itself")
        self._choices("model").choices = self._models()
        self._choices("language").choices = self._languages()
        templates = Template.objects.filter(workspace=self.workspace, version__gt=0)
        self._choices("template").queryset = templates

    def clean_review_sample_percent(self) -> float:
        return self.cleaned_data["review_sample_percent"] or 0.0

    def clean_tags(self) -> list[str]:
        tags = [part.strip() for part in self.cleaned_data["tags"].split(",") if part.strip()]
        if len(tags) > 50 or any(len(tag) > 64 for tag in tags):
            raise forms.ValidationError("Up to 50 tags of 64 characters each.")
        return list(dict.fromkeys(tags))

    def _choices(self, name: str) -> Any:
        return self.fields[name]

    def _models(self) -> list[tuple[str, str]]:
        """What can be chosen here, and what the flow has."""
        named = [(name, name) for name in settings.LLM_MODELS] if settings.LLM_BASE_URL else []
        known = MODELS if settings.LLM_BASE_URL else MODELS[:1]
        return with_current([*known, *named], self.initial.get("model"))

    def _languages(self) -> list[tuple[str, str]]:
        return with_current(LANGUAGES, self.initial.get("language"))


def with_current(choices: list[tuple[str, str]], value: Any) -> list[tuple[str, str]]:
    """The choices, with what stands there now though nobody can choose it any more."""
    known = {name for name, _ in choices}
    return choices if value in (None, "", *known) else [*choices, (str(value), str(value))]


FLOW_NAMES = tuple(FlowForm.base_fields)


def flow_initial(flow: Flow | None) -> dict[str, Any]:
    """What the form shows of a flow, or of a new one."""
    shown = flow or Flow()
    initial = {name: getattr(shown, name) for name in FLOW_NAMES if name not in ("tags", "template")}
    initial = {name: _short(value) for name, value in initial.items()}
    return {**initial, "tags": ", ".join(shown.tags), "template": shown.template_id}


def _short(value: Any) -> Any:
    """70.0 as 70."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


class LinesField(forms.CharField):
    """One entry per line."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea({"rows": 3}))
        super().__init__(**{"required": False, **kwargs})

    def clean(self, value: Any) -> Any:
        text: str = super().clean(value)
        return [line.strip() for line in text.splitlines() if line.strip()]


class TemplateForm(RecipeForm):
    name = forms.CharField(max_length=200)
    slug = forms.SlugField(max_length=64, required=False, help_text="Made of the name when empty.")
    document_type_hint = forms.ChoiceField(required=False, label="Type of its documents")
    keywords_all = LinesField(label="All of these words", help_text="One per line, in any spelling of case.")
    keywords_any = LinesField(label="At least one of these")
    regex = forms.CharField(max_length=500, required=False, label="A line that fits this pattern")
    min_score = forms.FloatField(
        min_value=0, max_value=100, initial=DEFAULT_MIN_SCORE, label="Recognised from (%)"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hint: Any = self.fields["document_type_hint"]
        hint.choices = with_current(self.type_choices("any"), self.initial.get("document_type_hint"))

    def values(self) -> dict[str, Any]:
        """What the service takes of it, the fields aside."""
        data = self.cleaned_data
        rules = ("keywords_all", "keywords_any", "min_score")
        match = {**{name: data[name] for name in rules}, "regex": data["regex"] or None}
        return {
            "name": data["name"],
            "document_type_hint": data["document_type_hint"],
            "match": match,
            **({"slug": data["slug"]} if data["slug"] else {}),
        }


def template_initial(template: Template | None) -> dict[str, Any]:
    """What the form shows of a template, or of a new one."""
    if template is None:
        return {"min_score": _short(DEFAULT_MIN_SCORE)}
    rules = template.match
    words = {name: "\n".join(rules[name]) for name in ("keywords_all", "keywords_any")}
    own = {name: getattr(template, name) for name in ("name", "slug", "document_type_hint")}
    return {**own, **words, "regex": rules["regex"] or "", "min_score": _short(float(rules["min_score"]))}


class TypeForm(RecipeForm):
    name = forms.CharField(max_length=120)
    slug = forms.RegexField(
        r"^[a-z0-9][a-z0-9_-]*$", max_length=64, error_messages={"invalid": "Small letters, digits, - and _."}
    )
    group = forms.SlugField(max_length=64, initial="custom")
    description = forms.CharField(max_length=1000, required=False)
    keywords = LinesField(help_text="Words that such documents hold, one per line.")
    enabled = forms.BooleanField(required=False, initial=True, label="On")
