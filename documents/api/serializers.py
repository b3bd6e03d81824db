from __future__ import annotations

import json
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from common.api.parsers import unstorable
from common.api.serializers import FiniteFloatField, StrictSerializer
from documents.models import Document, Job
from documents.models.document import Status
from documents.models.job import JobStatus
from documents.selectors import job_json


class PersonOutput(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    email = serializers.EmailField()


class ReviewReasonOutput(serializers.Serializer[Any]):
    """Why a document waits for a person; `field` names the field that it is about."""

    code = serializers.CharField()
    message = serializers.CharField()
    field = serializers.CharField(allow_null=True)


class ReviewOutput(serializers.Serializer[Any]):
    assigned_to = serializers.EmailField(allow_null=True)
    reviewed_by = serializers.EmailField(allow_null=True)
    reviewed_at = serializers.DateTimeField(allow_null=True)
    reason = serializers.CharField(allow_null=True)
    reasons = ReviewReasonOutput(many=True)


class NullableText(serializers.CharField):
    """Text that the database keeps as "" and the API shows as null."""

    def to_representation(self, value: Any) -> Any:
        return value or None


class DocumentOutput(serializers.Serializer[Document]):
    """A document as the API shows it. Rooms that are not built yet leave their keys null or empty."""

    id = serializers.UUIDField()
    document_id = serializers.UUIDField(source="id")
    filename = serializers.CharField()
    title = NullableText(allow_null=True)
    source = serializers.CharField()  # type: ignore[assignment]
    source_url = serializers.SerializerMethodField()
    content_type = serializers.CharField()
    size_bytes = serializers.IntegerField()
    sha256 = NullableText(allow_null=True)
    page_count = serializers.IntegerField(allow_null=True)
    status = serializers.ChoiceField(choices=Status.choices)
    phase = serializers.CharField()
    stage = NullableText(allow_null=True)
    progress = serializers.FloatField()
    type = NullableText(allow_null=True)
    type_source = NullableText(allow_null=True)
    type_score = serializers.FloatField(allow_null=True)
    flow_id = serializers.UUIDField(allow_null=True)
    template_id = serializers.UUIDField(allow_null=True)
    template_version = serializers.IntegerField(allow_null=True)
    folder_id = serializers.SerializerMethodField()
    model = serializers.CharField()
    external_ref = NullableText(allow_null=True)
    external_refs = serializers.ListField(child=serializers.CharField())
    customer = serializers.SerializerMethodField()
    correspondent = serializers.SerializerMethodField()
    tags = serializers.ListField(child=serializers.CharField())
    metadata = serializers.DictField()
    confidence_score = serializers.FloatField(allow_null=True)
    flags = serializers.ListField(child=serializers.CharField())
    language = NullableText(allow_null=True)
    is_scanned = serializers.BooleanField(allow_null=True)
    extraction_method = NullableText(allow_null=True)
    ocr_score = serializers.FloatField(allow_null=True)
    word_count = serializers.IntegerField(allow_null=True)
    error_code = NullableText(allow_null=True)
    error_message = NullableText(allow_null=True)
    error_stage = NullableText(allow_null=True)
    review = serializers.SerializerMethodField()
    dedup_status = serializers.CharField()
    duplicate_group_count = serializers.SerializerMethodField()
    suggestion_status = serializers.SerializerMethodField()
    indexed_at = serializers.SerializerMethodField()
    paperless_id = serializers.SerializerMethodField()
    job_id = serializers.UUIDField(allow_null=True)
    owner = PersonOutput(allow_null=True)
    version = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    processed_at = serializers.DateTimeField(allow_null=True)
    erased_at = serializers.DateTimeField(allow_null=True)
    trashed_at = serializers.DateTimeField(allow_null=True)
    retention_until = serializers.SerializerMethodField()

    @extend_schema_field(ReviewOutput)
    def get_review(self, document: Document) -> dict[str, Any]:
        return {
            "assigned_to": document.assigned_to.email if document.assigned_to else None,
            "reviewed_by": document.reviewed_by.email if document.reviewed_by else None,
            "reviewed_at": document.reviewed_at,
            "reason": document.review_reason or None,
            "reasons": document.reasons_to_review,
        }

    def get_duplicate_group_count(self, document: Document) -> int:
        return 0

    def _nothing(self, document: Document) -> str | None:
        return None

    get_source_url = get_folder_id = get_suggestion_status = _nothing
    get_indexed_at = get_retention_until = _nothing

    def get_paperless_id(self, document: Document) -> int | None:
        return None

    def get_customer(self, document: Document) -> dict[str, Any] | None:
        return None

    def get_correspondent(self, document: Document) -> dict[str, Any] | None:
        return None


ONLY_WHEN_EXPANDED = ("metadata", "flags", "review", "error_message")


class DocumentRowOutput(DocumentOutput):
    """A row of a list: `metadata, flags, review, error_message` only with `?expand=all`."""

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        fields = super().get_fields()
        if self.context.get("expand") != "all":
            for name in ONLY_WHEN_EXPANDED:
                fields.pop(name)
        return fields


class JsonField(serializers.JSONField):
    """An object; multipart forms send it as text."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, str):
            try:
                data = json.loads(data)
            except (ValueError, RecursionError):
                raise serializers.ValidationError("Must be a JSON object.") from None
            if problem := unstorable(data):
                raise serializers.ValidationError(problem)
        if not isinstance(data, dict) or len(json.dumps(data)) > 16 * 1024:
            raise serializers.ValidationError("Must be a JSON object of at most 16 KB.")
        return super().to_internal_value(data)


class TagsField(serializers.ListField):
    """Up to 50 tags of 64 characters; a form may send one text with commas."""

    child = serializers.CharField(max_length=64)

    def to_internal_value(self, data: Any) -> list[str]:
        if isinstance(data, list) and len(data) == 1 and isinstance(data[0], str):
            data = data[0]
        if isinstance(data, str):
            data = [part.strip() for part in data.split(",") if part.strip()]
        found: list[str] = super().to_internal_value(data)
        return list(dict.fromkeys(found))


class ReadingInput(StrictSerializer):
    """How a document is to be read; all choices are optional."""

    model = serializers.CharField(max_length=64, required=False)
    language = serializers.RegexField(
        r"^(auto|[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*)$", max_length=35, required=False
    )
    pages = serializers.CharField(max_length=200, required=False, allow_null=True)
    instructions = serializers.CharField(max_length=4000, required=False, allow_null=True)
    ocr = serializers.ChoiceField(choices=["auto", "force", "off"], required=False)
    table_mode = serializers.ChoiceField(choices=["off", "fast", "accurate"], required=False)
    image_handling = serializers.ChoiceField(choices=["none", "referenced", "embedded"], required=False)
    temperature = FiniteFloatField(min_value=0, max_value=1, required=False)


class UploadInput(ReadingInput):
    """What may accompany an upload."""

    flow_id = serializers.UUIDField(required=False, allow_null=True)
    folder_id = serializers.UUIDField(required=False, allow_null=True)
    template_id = serializers.UUIDField(required=False, allow_null=True)
    customer_id = serializers.UUIDField(required=False, allow_null=True)
    type = serializers.SlugField(max_length=64, required=False, allow_null=True)
    external_ref = serializers.CharField(max_length=255, required=False, allow_null=True)
    pdf_password = serializers.CharField(
        max_length=255, required=False, allow_null=True, trim_whitespace=False
    )
    title = serializers.CharField(max_length=500, required=False, allow_blank=True, allow_null=True)
    tags = TagsField(max_length=50, required=False)
    metadata = JsonField(required=False)
    process = serializers.BooleanField(required=False, allow_null=True, default=None)
    on_duplicate = serializers.ChoiceField(choices=["return", "allow", "reject"], default="return")
    wait = FiniteFloatField(min_value=0, max_value=60, default=0)


class FileUploadInput(UploadInput):
    """multipart/form-data: the file itself beside the choices."""

    file = serializers.FileField(allow_empty_file=True)

    def to_internal_value(self, data: Any) -> Any:
        value = super().to_internal_value(data)
        assert isinstance(value["file"], UploadedFile)
        return value


class Base64UploadInput(UploadInput):
    """application/json: the file as base64."""

    filename = serializers.CharField(allow_blank=True, max_length=1000, trim_whitespace=False)
    content_type = serializers.CharField(max_length=128, required=False, allow_null=True)
    content_base64 = serializers.CharField(trim_whitespace=False, allow_blank=True)


class JobOutput(serializers.Serializer[Job]):
    """A job as the API shows it."""

    id = serializers.UUIDField()
    type = serializers.CharField()
    status = serializers.ChoiceField(choices=JobStatus.choices)
    requested_action = serializers.CharField(allow_null=True)
    progress = serializers.FloatField()
    progress_message = serializers.CharField(allow_null=True)
    total = serializers.IntegerField()
    processed_count = serializers.IntegerField()
    success_count = serializers.IntegerField()
    failed_count = serializers.IntegerField()
    skipped_count = serializers.IntegerField()
    eta_seconds = serializers.IntegerField(allow_null=True)
    parameters = serializers.DictField()
    result = serializers.DictField(allow_null=True)
    error_code = serializers.CharField(allow_null=True)
    error_message = serializers.CharField(allow_null=True)
    created_by = serializers.UUIDField(allow_null=True)
    created_at = serializers.DateTimeField()
    started_at = serializers.DateTimeField(allow_null=True)
    completed_at = serializers.DateTimeField(allow_null=True)
    heartbeat_at = serializers.DateTimeField(allow_null=True)

    def to_representation(self, instance: Job) -> dict[str, Any]:
        return job_json(instance)


class JobItemOutput(serializers.Serializer[Any]):
    """A row of a job."""

    row_id = serializers.CharField()
    row_number = serializers.IntegerField()
    title = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]
    path = serializers.CharField()
    document_id = serializers.UUIDField()
    status = serializers.CharField()
    progress = serializers.FloatField()
    tags = serializers.ListField(child=serializers.CharField())
    error_code = serializers.CharField(allow_null=True)
    error = serializers.CharField(allow_null=True)
    retry_count = serializers.IntegerField()
    duration_ms = serializers.IntegerField(allow_null=True)


class JobWithItemsOutput(JobOutput):
    items = JobItemOutput(many=True, required=False)


class UploadOutput(serializers.Serializer[Any]):
    document_id = serializers.UUIDField()
    deduped = serializers.BooleanField()
    document = DocumentOutput()
    job = JobOutput(allow_null=True)


class StatusOutput(serializers.Serializer[Document]):
    document_id = serializers.UUIDField(source="id")
    status = serializers.ChoiceField(choices=Status.choices)
    phase = serializers.CharField()
    stage = NullableText(allow_null=True)
    progress = serializers.FloatField()
    confidence_score = serializers.FloatField(allow_null=True)
    error_code = NullableText(allow_null=True)
    error_message = NullableText(allow_null=True)
    job_id = serializers.UUIDField(allow_null=True)
    updated_at = serializers.DateTimeField()


class EventOutput(serializers.Serializer[Any]):
    at = serializers.DateTimeField()
    actor = serializers.CharField()
    action = serializers.CharField()
    to = serializers.CharField(allow_null=True)
    reason = serializers.CharField(allow_null=True)
    changes = serializers.DictField()

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        # `from` is a Python keyword, so it cannot stand as an attribute.
        return {**super().get_fields(), "from": serializers.CharField(allow_null=True)}


class EventListOutput(serializers.Serializer[Any]):
    results = EventOutput(many=True)
