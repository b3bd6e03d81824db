"""Templates, document types, and what flows are asked beside themselves."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from common.api.serializers import FiniteFloatField, StrictSerializer
from documents.api.serializers import JobOutput
from extraction.api.serializers import FieldDefListField, Fields
from extraction.engines.fields.template_match import MAX_KEYWORD, MAX_KEYWORDS
from extraction.engines.llm.flow_draft import MAX_SAMPLES
from extraction.models import Template, TemplateVersion
from extraction.models.template import TemplateStatus


class KeywordsField(serializers.ListField):
    """Words or phrases, compared without case and accents."""

    child = serializers.CharField(max_length=MAX_KEYWORD)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": MAX_KEYWORDS, "required": False, **kwargs})


class MatchInput(StrictSerializer):
    """The rules that recognise a template's documents."""

    keywords_any = KeywordsField()
    keywords_all = KeywordsField()
    regex = serializers.CharField(required=False, allow_null=True, allow_blank=True, max_length=500)
    min_score = FiniteFloatField(required=False, min_value=0, max_value=100)


class MatchOutput(serializers.Serializer[Any]):
    keywords_any = serializers.ListField(child=serializers.CharField())
    keywords_all = serializers.ListField(child=serializers.CharField())
    regex = serializers.CharField(allow_null=True)
    min_score = serializers.FloatField()


class TemplateInput(StrictSerializer):
    name = serializers.CharField(max_length=200)
    slug = serializers.SlugField(max_length=64, required=False)
    document_type_hint = serializers.SlugField(
        max_length=64, required=False, allow_blank=True, allow_null=True
    )
    match = MatchInput(required=False)
    active = serializers.BooleanField(required=False)

    def get_fields(self) -> Fields:
        return {**super().get_fields(), "fields": FieldDefListField()}


class TemplateChangeInput(TemplateInput):
    name = serializers.CharField(max_length=200, required=False)

    def get_fields(self) -> Fields:
        return {**super().get_fields(), "fields": FieldDefListField(required=False)}


class TemplateOutput(serializers.Serializer[Template]):
    """A template as it is being edited; `version` is the one that documents are read with, 0 for none."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    slug = serializers.CharField()
    document_type_hint = serializers.CharField()
    match = MatchOutput()
    active = serializers.BooleanField()
    status = serializers.ChoiceField(choices=TemplateStatus.choices)
    version = serializers.IntegerField()
    published_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()

    def get_fields(self) -> Fields:
        return {**super().get_fields(), "fields": FieldDefListField()}


class TemplateVersionOutput(serializers.Serializer[Any]):
    version = serializers.IntegerField()
    name = serializers.CharField()
    document_type_hint = serializers.CharField()
    match = MatchOutput()
    created_at = serializers.DateTimeField()

    def get_fields(self) -> Fields:
        return {**super().get_fields(), "fields": FieldDefListField()}

    def to_representation(self, instance: TemplateVersion) -> dict[str, Any]:
        return {"version": instance.version, **instance.snapshot, "created_at": instance.created_at}


class TemplateVersionListOutput(serializers.Serializer[Any]):
    results = TemplateVersionOutput(many=True)


class ValidateInput(StrictSerializer):
    def get_fields(self) -> Fields:
        return {**super().get_fields(), "fields": serializers.DictField()}


class ValidateOutput(serializers.Serializer[Any]):
    valid = serializers.BooleanField()

    def get_fields(self) -> Fields:
        errors = serializers.DictField(child=serializers.ListField(child=serializers.CharField()))
        return {**super().get_fields(), "errors": errors}


class TypeInput(StrictSerializer):
    slug = serializers.RegexField(r"^[a-z0-9][a-z0-9_-]*$", max_length=64)
    name = serializers.CharField(max_length=120)
    group = serializers.SlugField(max_length=64, required=False)
    description = serializers.CharField(max_length=1000, required=False, allow_blank=True)
    keywords = KeywordsField()
    enabled = serializers.BooleanField(required=False)

    def get_fields(self) -> Fields:
        return {**super().get_fields(), "fields": FieldDefListField(required=False)}


class TypeChangeInput(TypeInput):
    name = serializers.CharField(max_length=120, required=False)

    def get_fields(self) -> Fields:
        fields = super().get_fields()
        fields.pop("slug")
        return fields


class TypeOutput(serializers.Serializer[Any]):
    slug = serializers.CharField()
    name = serializers.CharField()
    group = serializers.CharField()
    builtin = serializers.BooleanField()
    enabled = serializers.BooleanField()
    description = serializers.CharField()
    keywords = serializers.ListField(child=serializers.CharField())
    aliases = serializers.ListField(child=serializers.CharField())

    def get_fields(self) -> Fields:
        return {**super().get_fields(), "fields": FieldDefListField()}

    def to_representation(self, instance: Any) -> dict[str, Any]:
        names = ("slug", "name", "group", "builtin", "enabled", "description")
        return {
            **{name: getattr(instance, name) for name in names},
            "keywords": list(instance.keywords),
            "aliases": list(instance.aliases),
            "fields": [definition.to_json() for definition in instance.fields],
        }


class CandidateOutput(serializers.Serializer[Any]):
    type = serializers.CharField()
    score = serializers.FloatField()


class ClassifyOutput(serializers.Serializer[Any]):
    type = serializers.CharField()
    type_score = serializers.FloatField(allow_null=True)
    candidates = CandidateOutput(many=True)
    template_id = serializers.UUIDField(allow_null=True)


class FlowDuplicateInput(StrictSerializer):
    name = serializers.CharField(max_length=120, required=False)


class FlowTestInput(StrictSerializer):
    document_id = serializers.UUIDField()


class FlowSuggestInput(StrictSerializer):
    document_ids = serializers.ListField(
        child=serializers.UUIDField(), min_length=1, max_length=MAX_SAMPLES, required=False
    )
    model = serializers.CharField(max_length=64, required=False)


class FlowSuggestFilesInput(FlowSuggestInput):
    files = serializers.ListField(
        child=serializers.FileField(allow_empty_file=True),
        min_length=1,
        max_length=MAX_SAMPLES,
        required=False,
    )


class JobStartedOutput(serializers.Serializer[Any]):
    job = JobOutput()


class FlowStatsOutput(serializers.Serializer[Any]):
    processed = serializers.IntegerField()
    auto_approved = serializers.IntegerField()
    approved = serializers.IntegerField()
    rejected = serializers.IntegerField()
    corrected = serializers.DictField(child=serializers.IntegerField())
    average_score = serializers.FloatField(allow_null=True)
