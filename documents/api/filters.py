from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import django_filters as filters
from django.db.models import Q, QuerySet

from common.errors import ValidationFailed
from documents.flags import FLAGS
from documents.models import Document, Job
from documents.models.document import PHASES, Status
from documents.models.job import ACTIVE, JobStatus, JobType


class CommaFilter(filters.CharFilter):
    """Several values separated by commas; an unknown one is an error, not an empty list."""

    def __init__(self, *args: Any, choices: list[str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.allowed = choices

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        if not value:
            return qs
        values = [part.strip() for part in value.split(",") if part.strip()]
        unknown = sorted(set(values) - set(self.allowed or values))
        if unknown:
            raise ValidationFailed({str(self.field_name): [f"Choose from: {', '.join(self.allowed or [])}."]})
        return qs.filter(**{f"{self.field_name}__in": values})


class TimeFilter(filters.IsoDateTimeFilter):
    """A moment; one outside UTC's calendar is an error, since the database could not compare it."""

    def filter(self, qs: QuerySet[Any], value: datetime | None) -> QuerySet[Any]:
        try:
            return super().filter(qs, value.astimezone(UTC) if value else None)
        except OverflowError:
            name = "from" if self.lookup_expr == "gte" else "to"
            raise ValidationFailed({name: ["Must be a time between the years 1 and 9999 in UTC."]}) from None


class DocumentFilter(filters.FilterSet):
    status = CommaFilter(choices=list(Status.values))
    phase = filters.CharFilter(method="by_phase")
    type = CommaFilter()
    document_type = CommaFilter(field_name="type")
    flow_id = filters.UUIDFilter()
    external_ref = filters.CharFilter(method="by_external_ref")
    q = filters.CharFilter(method="by_text", max_length=500)
    search = filters.CharFilter(field_name="title", lookup_expr="icontains")
    tag = filters.CharFilter(method="by_tag")
    source = CommaFilter()
    content_type = CommaFilter()
    file_type = CommaFilter(field_name="content_type")
    created_from = TimeFilter(field_name="created_at", lookup_expr="gte")
    created_to = TimeFilter(field_name="created_at", lookup_expr="lte")
    min_score = filters.NumberFilter(field_name="confidence_score", lookup_expr="gte")
    max_score = filters.NumberFilter(field_name="confidence_score", lookup_expr="lte")
    flag = filters.CharFilter(method="by_flag")
    assigned_to = filters.CharFilter(method="by_assignee")
    dedup_status = CommaFilter(choices=["pending", "analyzed", "skipped"])
    sha256 = filters.CharFilter()
    job_id = filters.UUIDFilter()
    ids = filters.CharFilter(method="by_ids")

    class Meta:
        model = Document
        fields: list[str] = []

    def by_phase(self, rows: QuerySet[Document], name: str, value: str) -> QuerySet[Document]:
        phases = [part.strip() for part in value.split(",")]
        if not set(phases) <= set(PHASES):
            raise ValidationFailed({"phase": [f"Choose from: {', '.join(PHASES)}."]})
        return rows.filter(status__in=[status for phase in phases for status in PHASES[phase]])

    def by_external_ref(self, rows: QuerySet[Document], name: str, value: str) -> QuerySet[Document]:
        return rows.filter(external_refs__contains=[value])

    def by_text(self, rows: QuerySet[Document], name: str, value: str) -> QuerySet[Document]:
        words = Q(title__icontains=value) | Q(filename__icontains=value) | Q(tags__contains=[value])
        return rows.filter(words | Q(text__full_text__icontains=value))

    def by_tag(self, rows: QuerySet[Document], name: str, value: str) -> QuerySet[Document]:
        return rows.filter(tags__overlap=[part.strip() for part in value.split(",")])

    def by_flag(self, rows: QuerySet[Document], name: str, value: str) -> QuerySet[Document]:
        flags = [part.strip() for part in value.split(",") if part.strip()]
        if not set(flags) <= set(FLAGS):
            raise ValidationFailed({"flag": [f"Choose from: {', '.join(FLAGS)}."]})
        return rows.filter(flags__overlap=flags)

    def by_assignee(self, rows: QuerySet[Document], name: str, value: str) -> QuerySet[Document]:
        if value == "none":
            return rows.filter(assigned_to=None)
        user = getattr(self.request, "user", None)
        if value != "me" or user is None:
            raise ValidationFailed({"assigned_to": ["Choose from: me, none."]})
        return rows.filter(assigned_to=user)

    def by_ids(self, rows: QuerySet[Document], name: str, value: str) -> QuerySet[Document]:
        ids = [part.strip() for part in value.split(",") if part.strip()]
        try:
            wanted = [UUID(part) for part in ids]
        except ValueError:
            wanted = []
        if not 1 <= len(wanted) <= 100:
            raise ValidationFailed({"ids": ["Must be 1 to 100 ids separated by commas."]})
        return rows.filter(pk__in=wanted)


class JobFilter(filters.FilterSet):
    type = CommaFilter(choices=list(JobType.values))
    status = CommaFilter(choices=list(JobStatus.values))
    active = filters.BooleanFilter(method="by_active")
    created_from = TimeFilter(field_name="created_at", lookup_expr="gte")
    created_to = TimeFilter(field_name="created_at", lookup_expr="lte")

    class Meta:
        model = Job
        fields: list[str] = []

    def by_active(self, rows: QuerySet[Job], name: str, value: bool) -> QuerySet[Job]:
        return rows.filter(status__in=ACTIVE) if value else rows


# `from` is a Python keyword, so these two are added by name.
for filterset in (DocumentFilter, JobFilter):
    filterset.base_filters["from"] = filterset.base_filters.pop("created_from")
    filterset.base_filters["to"] = filterset.base_filters.pop("created_to")
