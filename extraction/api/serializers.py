from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from common.api.serializers import FiniteFloatField, StrictSerializer
from documents.api.serializers import DocumentRowOutput, JobOutput, ReadingInput, ReviewReasonOutput
from documents.models.document import Status
from documents.selectors import stamp
from extraction.engines.fields.defs import FIELD_TYPES, FieldDef, FieldDefError, fields_from_json
from extraction.figure_links import signed_path
from extraction.models import Extraction, Figure, Flow
from extraction.selectors import extraction_json, place

# A serializer's own `fields` hides an attribute of that name, so a key `fields` is added in get_fields().
Fields = dict[str, serializers.Field[Any, Any, Any, Any]]


class BoxField(serializers.Serializer[Any]):
    """A rectangle in fractions of the page, origin top left."""

    page = serializers.IntegerField(min_value=1)
    x = FiniteFloatField(min_value=0, max_value=1)
    y = FiniteFloatField(min_value=0, max_value=1)
    w = FiniteFloatField(min_value=0, max_value=1)
    h = FiniteFloatField(min_value=0, max_value=1)


class MemorySaidOutput(serializers.Serializer[Any]):
    """What the memory of the sender proposed, `trust` 0–1, and the document it was learned from."""

    memory_id = serializers.UUIDField()
    document_id = serializers.UUIDField(allow_null=True)
    value = serializers.JSONField(allow_null=True)
    trust = serializers.FloatField()


class FieldValueOutput(serializers.Serializer[Any]):
    value = serializers.JSONField(allow_null=True)
    raw = serializers.CharField(allow_null=True)
    score = serializers.FloatField()
    score_unchecked = serializers.FloatField()
    box = BoxField(allow_null=True)
    boxes = BoxField(many=True)
    source = serializers.CharField()  # type: ignore[assignment]
    origin = serializers.CharField(required=False, help_text="Who named it: page, xml, memory or model.")
    validated = serializers.BooleanField()
    errors = serializers.ListField(child=serializers.CharField())  # type: ignore[assignment]
    alternatives = serializers.ListField(child=serializers.DictField())
    items = serializers.ListField(child=serializers.DictField(), required=False)
    needs_review = serializers.BooleanField()
    memory = MemorySaidOutput(allow_null=True, required=False)


class ResultOutput(serializers.Serializer[Any]):
    document_id = serializers.UUIDField()
    status = serializers.ChoiceField(choices=Status.choices)
    markdown = serializers.CharField()
    extracted_data = serializers.DictField()
    confidence_score = serializers.FloatField(allow_null=True)
    field_scores = serializers.DictField(child=serializers.FloatField())
    flags = serializers.ListField(child=serializers.CharField())
    type = serializers.CharField(allow_null=True)
    tags = serializers.ListField(child=serializers.CharField())
    extraction_id = serializers.UUIDField(allow_null=True)
    model_used = serializers.CharField(allow_null=True)
    stale = serializers.BooleanField()
    processing_time = serializers.FloatField(allow_null=True)

    def get_fields(self) -> Fields:
        return {**super().get_fields(), "fields": serializers.DictField(child=FieldValueOutput())}


class ContentPageOutput(serializers.Serializer[Any]):
    page = serializers.IntegerField()
    text = serializers.CharField()
    ocr_score = serializers.FloatField(allow_null=True)


class ContentOutput(serializers.Serializer[Any]):
    full_text = serializers.CharField()
    word_count = serializers.IntegerField()
    pages = ContentPageOutput(many=True)


class WordOutput(serializers.Serializer[Any]):
    text = serializers.CharField()
    box = BoxField()
    score = serializers.FloatField(allow_null=True)


class PageOutput(serializers.Serializer[Any]):
    page = serializers.IntegerField()
    width = serializers.FloatField()
    height = serializers.FloatField()
    rotation = serializers.IntegerField()
    ocr_score = serializers.FloatField(allow_null=True)
    ocr_engine = serializers.CharField(allow_null=True)
    order_confidence = serializers.FloatField(allow_null=True)
    image_url = serializers.CharField()
    image_width = serializers.IntegerField(allow_null=True)
    image_height = serializers.IntegerField(allow_null=True)
    words = WordOutput(many=True, required=False)


class PageListOutput(serializers.Serializer[Any]):
    results = PageOutput(many=True)


class BoundsField(serializers.ListField):
    """Left, top, right, bottom in PDF points, origin top left."""

    child = serializers.FloatField()


class FigureOutput(serializers.Serializer[Figure]):
    """A figure as the API shows it; the context's `absolute` puts the host before a path."""

    figure_index = serializers.IntegerField(source="index")
    title = serializers.CharField(allow_null=True)
    page = serializers.IntegerField()
    bbox = BoundsField(allow_null=True)
    box = BoxField(allow_null=True)
    content_type = serializers.CharField()
    size_bytes = serializers.IntegerField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    url = serializers.CharField()
    url_expires_at = serializers.DateTimeField()

    def to_representation(self, figure: Any) -> dict[str, Any]:
        path, ends = signed_path(figure)
        names = ("content_type", "size_bytes", "width", "height")
        return {
            "figure_index": figure.index,
            "title": figure.title or None,
            **place(figure.page, figure.box, {figure.page: (figure.page_width, figure.page_height)}),
            **{name: getattr(figure, name) for name in names},
            "url": self.context["absolute"](path),
            "url_expires_at": stamp(ends),
        }


class AssetPageOutput(serializers.Serializer[Any]):
    page = serializers.IntegerField()
    width = serializers.FloatField()
    height = serializers.FloatField()
    rotation = serializers.IntegerField()


class AssetFigureOutput(serializers.Serializer[Any]):
    index = serializers.IntegerField()
    page = serializers.IntegerField()
    bbox = BoundsField(allow_null=True)
    box = BoxField(allow_null=True)
    title = serializers.CharField(allow_null=True)


class AssetTableOutput(serializers.Serializer[Any]):
    index = serializers.IntegerField()
    page = serializers.IntegerField()
    bbox = BoundsField(allow_null=True)
    box = BoxField(allow_null=True)
    rows = serializers.IntegerField()
    cols = serializers.IntegerField()


class AttachmentOutput(serializers.Serializer[Any]):
    index = serializers.IntegerField()
    name = serializers.CharField()
    content_type = serializers.CharField()
    size = serializers.IntegerField()
    document_id = serializers.UUIDField(allow_null=True)


class AssetsOutput(serializers.Serializer[Any]):
    parser = serializers.CharField()
    parser_version = serializers.CharField()
    pages = AssetPageOutput(many=True)
    figures = AssetFigureOutput(many=True)
    tables = AssetTableOutput(many=True)
    attachments = AttachmentOutput(many=True)


class ExtractionOutput(serializers.Serializer[Extraction]):
    id = serializers.UUIDField()
    document_id = serializers.UUIDField()
    method = serializers.CharField()
    model_used = serializers.CharField()
    template_id = serializers.UUIDField(allow_null=True)
    template_version = serializers.IntegerField(allow_null=True)
    flow_id = serializers.UUIDField(allow_null=True)
    flow_version = serializers.IntegerField(allow_null=True)
    confidence_score = serializers.FloatField(allow_null=True)
    field_scores = serializers.DictField(child=serializers.FloatField())
    boxes = serializers.DictField(child=BoxField(allow_null=True))
    flags = serializers.ListField(child=serializers.CharField())
    raw_text = serializers.CharField(allow_null=True)
    is_current = serializers.BooleanField()
    created_by = serializers.UUIDField(allow_null=True)
    created_at = serializers.DateTimeField()

    def get_fields(self) -> Fields:
        return {**super().get_fields(), "fields": serializers.DictField()}

    def to_representation(self, instance: Extraction) -> dict[str, Any]:
        return extraction_json(instance)


class CorrectionInput(StrictSerializer):
    boxes = serializers.DictField(child=BoxField(), required=False)
    reason = serializers.CharField(max_length=1000, required=False, allow_blank=True, default="")
    extraction_id = serializers.UUIDField(required=False, allow_null=True)
    approve = serializers.BooleanField(default=False)
    version = serializers.IntegerField(required=False, allow_null=True, min_value=1)

    def get_fields(self) -> Fields:
        return {**super().get_fields(), "fields": serializers.DictField(allow_empty=False)}


class ApproveInput(StrictSerializer):
    comment = serializers.CharField(max_length=1000, required=False, allow_blank=True, default="")
    version = serializers.IntegerField(required=False, allow_null=True, min_value=1, default=None)

    def get_fields(self) -> Fields:
        return {**super().get_fields(), "fields": serializers.DictField(required=False)}


class RejectInput(StrictSerializer):
    reason = serializers.CharField(max_length=1000)
    category = serializers.CharField(max_length=64, required=False, allow_blank=True, default="")
    version = serializers.IntegerField(required=False, allow_null=True, min_value=1, default=None)


class ConvertInput(ReadingInput):
    flow_id = serializers.UUIDField(required=False, allow_null=True)
    template_id = serializers.UUIDField(required=False, allow_null=True)
    type = serializers.SlugField(max_length=64, required=False, allow_null=True)


class ReextractInput(StrictSerializer):
    flow_id = serializers.UUIDField(required=False, allow_null=True)
    template_id = serializers.UUIDField(required=False, allow_null=True)
    model = serializers.CharField(max_length=64, required=False)
    type = serializers.SlugField(max_length=64, required=False, allow_null=True)
    pdf_password = serializers.CharField(
        max_length=255, required=False, allow_null=True, trim_whitespace=False
    )
    reuse_text = serializers.BooleanField(default=True)


class RunOutput(serializers.Serializer[Any]):
    job = JobOutput()
    document_id = serializers.UUIDField()
    status = serializers.CharField()


class WorstFieldOutput(serializers.Serializer[Any]):
    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    value = serializers.JSONField(allow_null=True)
    score = serializers.FloatField()
    errors = serializers.ListField(child=serializers.CharField())  # type: ignore[assignment]


class QueueRowOutput(DocumentRowOutput):
    reasons = ReviewReasonOutput(many=True, source="reasons_to_review")
    worst_fields = serializers.SerializerMethodField()

    @extend_schema_field(WorstFieldOutput(many=True))
    def get_worst_fields(self, document: Any) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self.context["worst"].get(document.pk, [])
        return rows


FIELD_DEF_SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["label"],
    "properties": {
        "name": {"type": "string", "pattern": "^[a-z][a-z0-9_]{0,63}$"},
        "label": {"type": "string", "maxLength": 120},
        "type": {"type": "string", "enum": list(FIELD_TYPES), "default": "string"},
        "required": {"type": "boolean", "default": False},
        "require_score_above": {"type": ["number", "null"], "minimum": 0, "maximum": 100},
        "values": {"type": "array", "items": {"type": "string"}, "maxItems": 500},
        "items": {"type": "array", "items": {"type": "object"}},
        "regex": {"type": ["string", "null"], "maxLength": 500},
        "hint": {"type": "string", "maxLength": 1000},
        "default": {},
    },
}


@extend_schema_field({"type": "array", "items": FIELD_DEF_SCHEMA, "maxItems": 100})
class FieldDefListField(serializers.Field[Any, Any, Any, Any]):
    """A list of FieldDef objects, checked by the engine's own rules."""

    def to_internal_value(self, data: Any) -> tuple[FieldDef, ...]:
        if not isinstance(data, list):
            raise serializers.ValidationError("Must be a list of field definitions.")
        try:
            return fields_from_json(data)
        except FieldDefError as error:
            raise serializers.ValidationError(dict(error.errors)) from None

    def to_representation(self, value: Any) -> list[dict[str, Any]]:
        defs = [row.to_def() for row in value.all()] if hasattr(value, "all") else fields_from_json(value)
        return [definition.to_json() for definition in defs]


class FlowInput(StrictSerializer):
    """A flow as a client sends it."""

    name = serializers.CharField(max_length=120)
    description = serializers.CharField(max_length=1000, required=False, allow_blank=True)
    prompt = serializers.CharField(max_length=20000, required=False, allow_blank=True)
    instructions = serializers.CharField(max_length=4000, required=False, allow_blank=True)
    document_type = serializers.SlugField(max_length=64, required=False, allow_blank=True, allow_null=True)
    template_id = serializers.UUIDField(required=False, allow_null=True)
    folder_id = serializers.UUIDField(required=False, allow_null=True)
    model = serializers.CharField(max_length=64, required=False)
    temperature = FiniteFloatField(min_value=0, max_value=1, required=False)
    language = serializers.RegexField(
        r"^(auto|[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*)$", max_length=16, required=False
    )
    ocr = serializers.ChoiceField(choices=["auto", "force", "off"], required=False)
    table_mode = serializers.ChoiceField(choices=["off", "fast", "accurate"], required=False)
    image_handling = serializers.ChoiceField(choices=["none", "referenced", "embedded"], required=False)
    pages = serializers.CharField(max_length=100, required=False, allow_blank=True)
    auto_approve = serializers.BooleanField(required=False)
    auto_approve_min_score = FiniteFloatField(min_value=50, max_value=100, required=False)
    review_below_score = FiniteFloatField(min_value=0, max_value=100, required=False)
    always_review = serializers.BooleanField(required=False)
    review_sample_percent = FiniteFloatField(min_value=0, max_value=100, required=False)
    tags = serializers.ListField(child=serializers.CharField(max_length=64), max_length=50, required=False)
    suggest_metadata = serializers.BooleanField(required=False)
    active = serializers.BooleanField(required=False)
    is_default = serializers.BooleanField(required=False)

    def get_fields(self) -> Fields:
        return {**super().get_fields(), "fields": FieldDefListField(required=False)}


class FlowChangeInput(FlowInput):
    name = serializers.CharField(max_length=120, required=False)
    version = serializers.IntegerField(min_value=1, required=False, allow_null=True)


class FlowOutput(serializers.ModelSerializer[Flow]):
    tags = serializers.ListField(child=serializers.CharField())
    template_id = serializers.UUIDField(allow_null=True)
    folder_id = serializers.SerializerMethodField()

    class Meta:
        model = Flow
        fields = [
            "id",
            "name",
            "description",
            "prompt",
            "instructions",
            "document_type",
            "template_id",
            "model",
            "temperature",
            "language",
            "ocr",
            "table_mode",
            "image_handling",
            "pages",
            "auto_approve",
            "auto_approve_min_score",
            "review_below_score",
            "always_review",
            "review_sample_percent",
            "folder_id",
            "tags",
            "suggest_metadata",
            "active",
            "is_default",
            "version",
            "created_at",
            "updated_at",
        ]

    def get_folder_id(self, flow: Flow) -> str | None:
        return None

    def get_fields(self) -> Fields:
        return {**super().get_fields(), "fields": FieldDefListField()}
