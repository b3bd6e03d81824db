"""The second door to the review queue, and the place where flows are made."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html

from accounts.admin_base import WorkspaceAdmin
from accounts.models import Workspace
from accounts.services.audit import audit_record
from documents.models import Document
from extraction.models import (
    DocumentType,
    Extraction,
    Flow,
    FlowField,
    LlmCall,
    Template,
    TemplateVersion,
)
from extraction.services.flows import flow_bump, flow_delete, flow_snapshot
from extraction.services.review import document_approve, document_reject
from extraction.services.templates import template_delete, template_publish
from extraction.type_registry import types_of


class ExtractionInline(admin.TabularInline[Extraction, Document]):
    model = Extraction
    readonly_fields = [
        "created_at",
        "method",
        "confidence_score",
        "flags",
        "is_current",
        "created_by",
    ]
    fields = (*readonly_fields,)
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True


@admin.register(Document)
class DocumentAdmin(WorkspaceAdmin[Document]):
    """Documents by state, with approve and reject; the page itself is read-only."""

    list_display = ["name", "status", "type", "confidence_score", "created_at", "reviewed_by", "open"]
    list_filter = ["status", "type", "is_scanned", "created_at"]
    search_fields = ["title", "filename", "external_ref"]
    list_select_related = ["reviewed_by"]
    ordering = ["-created_at"]
    inlines = [ExtractionInline]
    actions = ["approve", "reject"]
    exclude = ["storage_key", "dedupe_key"]

    @admin.display(description="Document")
    def name(self, document: Document) -> str:
        return str(document)

    @admin.display(description="Review")
    def open(self, document: Document) -> str:
        return format_html('<a href="{}">Open</a>', reverse("review_document", args=[document.pk]))

    def get_actions(self, request: HttpRequest) -> Any:
        return super().get_actions(request) if self._can(request, "reviews:write") else {}

    @admin.action(description="Approve")
    def approve(self, request: HttpRequest, rows: QuerySet[Document]) -> None:
        actor = self.actor(request)
        self.apply(request, rows, lambda row: document_approve(document=row, actor=actor), "approved")

    @admin.action(description="Reject…")
    def reject(self, request: HttpRequest, rows: QuerySet[Document]) -> HttpResponse | None:
        reason = request.POST.get("reason", "").strip()
        if not reason:
            context = {
                **self.admin_site.each_context(request),
                "documents": rows,
                "title": "Reject documents",
            }
            return TemplateResponse(request, "admin/reject_documents.html", context)
        actor = self.actor(request)
        self.apply(
            request, rows, lambda row: document_reject(document=row, actor=actor, reason=reason), "rejected"
        )
        return None


class FlowForm(forms.ModelForm[Flow]):
    document_type = forms.ChoiceField(
        required=False, help_text="Documents of this type take this flow by themselves."
    )

    class Meta:
        model = Flow
        exclude = ["workspace", "suggest_metadata", "version"]  # noqa: DJ006  (all but these)

    def offer(self, workspace: Workspace) -> None:
        """The types and the published templates of the workspace to choose from."""
        types: Any = self.fields["document_type"]
        types.choices = [("", "any"), *own_and_builtin(workspace)]
        templates: Any = self.fields["template"]
        templates.queryset = Template.objects.filter(workspace=workspace, version__gt=0)

    def clean(self) -> dict[str, Any]:
        """Uniqueness within the workspace, which the form does not show."""
        data = super().clean() or {}
        others = Flow.objects.filter(workspace=self.instance.workspace).exclude(pk=self.instance.pk)
        if others.filter(name=data.get("name")).exists():
            raise ValidationError({"name": "There is a flow of this name. Choose another name."})
        if data.get("is_default") and others.filter(is_default=True).exists():
            raise ValidationError({"is_default": "Another flow is the default. Take that from it first."})
        return data


def own_and_builtin(workspace: Workspace) -> list[tuple[str, str]]:
    return [(info.slug, info.name) for info in types_of(workspace).values()]


class FlowFieldForm(forms.ModelForm[FlowField]):
    """Inputs narrow enough for all columns to stand side by side."""

    class Meta:
        model = FlowField
        fields = "__all__"  # noqa: DJ007  (the inline names its columns)
        widgets = {
            "position": forms.NumberInput(attrs={"class": "vSmallIntegerField", "min": 0}),
            "label": forms.TextInput(attrs={"size": 20}),
            "name": forms.TextInput(attrs={"size": 16}),
            "require_score_above": forms.NumberInput(
                attrs={"class": "vSmallIntegerField", "min": 0, "max": 100}
            ),
            "values": forms.TextInput(attrs={"size": 12}),
            "regex": forms.TextInput(attrs={"size": 12}),
            "hint": forms.TextInput(attrs={"size": 16}),
        }


class FlowFieldInline(admin.TabularInline[FlowField, Flow]):
    model = FlowField
    form = FlowFieldForm
    extra = 1
    fields = [
        "position",
        "label",
        "name",
        "type",
        "required",
        "require_score_above",
        "values",
        "regex",
        "hint",
    ]

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    has_add_permission = has_change_permission = has_delete_permission = has_view_permission


@admin.register(Flow)
class FlowAdmin(WorkspaceAdmin[Flow]):
    """Flows with their fields in a table; each save is a new version."""

    form = FlowForm
    read_scope, write_scope = "flows:read", "flows:write"
    may_add = may_delete = True
    list_display = [
        "name",
        "document_type",
        "auto_approve",
        "review_below_score",
        "active",
        "version",
        "updated_at",
    ]
    list_filter = ["active", "document_type"]
    search_fields = ["name"]
    inlines = [FlowFieldInline]
    fieldsets = [
        (None, {"fields": ["name", "description", "document_type", "template", "active", "is_default"]}),
        (
            "When a person looks",
            {
                "fields": [
                    "review_below_score",
                    "always_review",
                    "auto_approve",
                    "auto_approve_min_score",
                    "review_sample_percent",
                ]
            },
        ),
        (
            "Reading",
            {"classes": ["collapse"], "fields": ["language", "pages", "ocr", "table_mode", "image_handling"]},
        ),
        (
            "Language model",
            {"classes": ["collapse"], "fields": ["model", "temperature", "prompt", "instructions", "tags"]},
        ),
    ]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """The form with the workspace already on its instance, so that it can check uniqueness."""
        workspace = self.actor(request).workspace
        form_class = super().get_form(request, obj, change, **kwargs)

        class BoundForm(form_class):  # type: ignore[misc,valid-type]
            def __init__(self, *args: Any, **inner: Any) -> None:
                super().__init__(*args, **inner)
                self.instance.workspace = workspace
                self.offer(workspace)

        return BoundForm

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Rows are saved by now; number them as a version in the same transaction."""
        super().save_related(request, form, formsets, change)
        actor = self.actor(request)
        if change:
            flow_bump(actor=actor, flow=form.instance, changed=form.changed_data)
            return
        flow_snapshot(flow=form.instance)
        audit_record(actor=actor, action="flow.created", object_type="flow", object_id=form.instance.pk)

    def delete_model(self, request: HttpRequest, obj: Flow) -> None:
        flow_delete(actor=self.actor(request), flow=obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Flow]) -> None:
        for flow in queryset:
            flow_delete(actor=self.actor(request), flow=flow)


@admin.register(LlmCall)
class LlmCallAdmin(WorkspaceAdmin[LlmCall]):
    """The ledger of calls to language models; nobody writes in it."""

    read_scope = "config:write"
    list_display = [
        "created_at",
        "purpose",
        "model",
        "outcome",
        "prompt_tokens",
        "completion_tokens",
        "cost_usd",
        "duration_ms",
        "tries",
        "document",
    ]
    list_filter = ["purpose", "outcome", "model", "created_at"]
    search_fields = ["model", "document__filename"]
    list_select_related = ["document"]
    date_hierarchy = "created_at"


class TemplateVersionInline(admin.TabularInline[TemplateVersion, Template]):
    model = TemplateVersion
    fields = ["version", "created_at", "snapshot"]
    readonly_fields = ["version", "created_at", "snapshot"]
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True


@admin.register(Template)
class TemplateAdmin(WorkspaceAdmin[Template]):
    """Templates with their versions, to publish and to delete; their page edits them."""

    read_scope = "flows:read"
    list_display = ["name", "slug", "document_type_hint", "status", "version", "updated_at", "open"]
    list_filter = ["status", "document_type_hint"]
    search_fields = ["name", "slug"]
    inlines = [TemplateVersionInline]
    actions = ["publish", "remove"]

    def get_actions(self, request: HttpRequest) -> Any:
        return super().get_actions(request) if self._can(request, "flows:write") else {}

    @admin.display(description="Page")
    def open(self, template: Template) -> str:
        return format_html('<a href="{}">Open</a>', reverse("template", args=[template.pk]))

    @admin.action(description="Publish")
    def publish(self, request: HttpRequest, rows: QuerySet[Template]) -> None:
        actor = self.actor(request)
        self.apply(request, rows, lambda row: template_publish(actor=actor, template=row), "published")

    @admin.action(description="Delete")
    def remove(self, request: HttpRequest, rows: QuerySet[Template]) -> None:
        actor = self.actor(request)
        self.apply(request, rows, lambda row: template_delete(actor=actor, template=row), "deleted")


@admin.register(DocumentType)
class DocumentTypeAdmin(WorkspaceAdmin[DocumentType]):
    """The workspace's own types and its switches of built-in ones; their page edits them."""

    read_scope = "flows:read"
    list_display = ["slug", "name", "group", "enabled", "updated_at", "open"]
    list_filter = ["enabled", "group"]
    search_fields = ["slug", "name"]

    @admin.display(description="Page")
    def open(self, row: DocumentType) -> str:
        return format_html('<a href="{}">Open</a>', reverse("document_type", args=[row.slug]))
