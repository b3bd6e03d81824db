from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.admin_base import WorkspaceAdmin
from accounts.models import ApiKey, AuditEvent, Membership
from accounts.scopes import ALL_SCOPES
from accounts.services.api_keys import api_key_create, api_key_revoke
from accounts.services.members import member_change_role, member_remove


class ApiKeyForm(forms.ModelForm[ApiKey]):
    scopes = forms.MultipleChoiceField(
        choices=[(scope, scope) for scope in ALL_SCOPES], widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = ApiKey
        fields = ["name", "scopes", "expires_at", "allowed_ips"]


@admin.register(ApiKey)
class ApiKeyAdmin(WorkspaceAdmin[ApiKey]):
    """Keys are made here and shown once; afterwards they can only be revoked."""

    form = ApiKeyForm
    read_scope = write_scope = "api_keys:manage"
    may_add = True
    list_display = [
        "name",
        "key_prefix",
        "last_four",
        "created_by",
        "last_used_at",
        "expires_at",
        "revoked_at",
    ]
    search_fields = ["name", "key_prefix"]
    actions = ["revoke"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is None and super().has_change_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: ApiKey, form: Any, change: bool) -> None:
        key, token = api_key_create(actor=self.actor(request), **form.cleaned_data)
        obj.pk = key.pk
        self.message_user(request, f"The key, shown only now: {token}", messages.WARNING)

    @admin.action(description="Revoke")
    def revoke(self, request: HttpRequest, rows: QuerySet[ApiKey]) -> None:
        actor = self.actor(request)
        self.apply(request, rows, lambda key: api_key_revoke(actor=actor, key=key), "revoked")


@admin.register(Membership)
class MembershipAdmin(WorkspaceAdmin[Membership]):
    read_scope = write_scope = "config:write"
    may_delete = True
    list_display = ["user", "role", "created_at"]
    list_select_related = ["user"]
    fields = ["user", "role"]
    readonly_fields = ["user"]

    def save_model(self, request: HttpRequest, obj: Membership, form: Any, change: bool) -> None:
        before = Membership.objects.select_related("workspace", "user").get(pk=obj.pk)
        self.apply(
            request,
            Membership.objects.filter(pk=obj.pk),
            lambda _: member_change_role(membership=before, role=obj.role, actor=self.actor(request)),
            "changed",
        )

    def delete_model(self, request: HttpRequest, obj: Membership) -> None:
        self.delete_queryset(request, Membership.objects.filter(pk=obj.pk))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Membership]) -> None:
        actor = self.actor(request)
        self.apply(request, queryset, lambda row: member_remove(membership=row, actor=actor), "removed")


@admin.register(AuditEvent)
class AuditEventAdmin(WorkspaceAdmin[AuditEvent]):
    read_scope = "config:write"
    list_display = [
        "at",
        "actor_label",
        "action",
        "object_type",
        "object_id",
        "from_state",
        "to_state",
        "reason",
    ]
    list_filter = ["action"]
    search_fields = ["actor_label", "object_id"]
    ordering = ["-id"]
