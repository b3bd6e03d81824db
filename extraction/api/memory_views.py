"""What was learned per sender: seen, exported, forgotten."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import django_filters as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import require_actor
from common.api.pagination import ListPagination
from common.api.requests import filter_rows
from common.api.serializers import DeletedOutput
from common.api.views import ApiView
from extraction.memories import memory_export, memory_get, memory_json
from extraction.models import SenderMemory
from extraction.services.memory import memory_delete, memory_field_delete


class MemoryFilter(filters.FilterSet):
    q = filters.CharFilter(field_name="name", lookup_expr="icontains", max_length=120)
    type = filters.CharFilter(field_name="document_type", max_length=64)

    class Meta:
        model = SenderMemory
        fields: list[str] = []


class LearnedFromOutput(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    filename = serializers.CharField()


class RememberedFieldOutput(serializers.Serializer[Any]):
    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    what = serializers.ChoiceField(choices=["constant", "place", "empty"])
    example = serializers.CharField(allow_null=True)
    right = serializers.IntegerField()
    wrong = serializers.IntegerField()
    document = LearnedFromOutput(allow_null=True)
    updated_at = serializers.DateTimeField()


class MemoryOutput(serializers.Serializer[Any]):
    """A sender with what is remembered of its fields and how often that was right and wrong."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    document_type = serializers.CharField(allow_null=True)
    field_count = serializers.IntegerField()
    right = serializers.IntegerField()
    wrong = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        return {**super().get_fields(), "fields": RememberedFieldOutput(many=True)}

    def to_representation(self, instance: Any) -> Any:
        data = memory_json(instance) if isinstance(instance, SenderMemory) else instance
        return super().to_representation(data)


class MemoryExportOutput(serializers.Serializer[Any]):
    version = serializers.IntegerField()
    exported_at = serializers.DateTimeField()
    memories = serializers.ListField(child=serializers.DictField())


class MemoryListView(ApiView):
    scopes = {"GET": "flows:read"}
    ordering_fields = {"name": "name", "created_at": "created_at", "updated_at": "updated_at"}
    default_ordering = "-updated_at"
    allow_offset = True
    pagination_class = ListPagination
    filterset_class = MemoryFilter

    @extend_schema(operation_id="memories_list", responses=MemoryOutput(many=True), filters=True)
    def get(self, request: Request) -> Response:
        rows = SenderMemory.objects.visible_to(require_actor(request)).with_counts().with_fields()
        return self.paged(request, filter_rows(MemoryFilter, request, rows), MemoryOutput)


class MemoryView(ApiView):
    scopes = {"GET": "flows:read", "DELETE": "flows:write"}

    @extend_schema(operation_id="memories_get", responses=MemoryOutput)
    def get(self, request: Request, memory_id: UUID) -> Response:
        return Response(MemoryOutput(memory_get(memory_id=memory_id, actor=require_actor(request))).data)

    @extend_schema(operation_id="memories_delete", responses=DeletedOutput)
    def delete(self, request: Request, memory_id: UUID) -> Response:
        actor = require_actor(request)
        memory_delete(memory=memory_get(memory_id=memory_id, actor=actor), actor=actor)
        return Response({"deleted": True})


class MemoryFieldView(ApiView):
    scopes = {"DELETE": "flows:write"}

    @extend_schema(operation_id="memories_fields_delete", responses=DeletedOutput)
    def delete(self, request: Request, memory_id: UUID, name: str) -> Response:
        actor = require_actor(request)
        memory_field_delete(memory=memory_get(memory_id=memory_id, actor=actor), name=name, actor=actor)
        return Response({"deleted": True})


class MemoryExportView(ApiView):
    scopes = {"GET": "flows:read"}

    @extend_schema(operation_id="memories_export", responses=MemoryExportOutput)
    def get(self, request: Request) -> Response:
        headers = {"Content-Disposition": 'attachment; filename="learned.json"'}
        return Response(memory_export(require_actor(request)), headers=headers)
