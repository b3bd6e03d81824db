"""What language models cost."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import TruncDate
from django.utils import timezone

from accounts.models import Workspace
from extraction.models import LlmCall

_SUMS = {
    "number": Count("pk"),
    "read": Sum("prompt_tokens", default=0),
    "written": Sum("completion_tokens", default=0),
    "cost": Sum("cost_usd", default=Decimal(0)),
    "unpriced": Count("pk", filter=Q(cost_usd=None)),
}


def llm_costs(workspace: Workspace, days: int) -> dict[str, Any]:
    """The calls of the last `days` days (1–3650) by model, provider (the host) and day (UTC).

    Calls of models without a price are counted in `unpriced_calls` and cost nothing here. Four SQL queries.
    """
    since = timezone.now() - timedelta(days=days)
    rows = LlmCall.objects.filter(workspace=workspace, created_at__gte=since).order_by()
    total = _sums(rows.aggregate(**_SUMS))
    return {
        "total_cost_usd": total.pop("cost_usd"),
        **total,
        "cost_by_model": _grouped(rows, "model", "-cost"),
        "cost_by_provider": _grouped(rows.annotate(provider=F("host")), "provider", "-cost"),
        "cost_over_time": _grouped(rows.annotate(date=TruncDate("created_at")), "date", "date"),
    }


def _grouped(rows: QuerySet[LlmCall, Any], name: str, order: str) -> list[dict[str, Any]]:
    groups = rows.values(name).annotate(**_SUMS).order_by(order, name)
    return [{name: group[name], **_sums(group)} for group in groups]


def _sums(found: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "cost_usd": found["cost"],
        "calls": found["number"],
        "prompt_tokens": found["read"],
        "completion_tokens": found["written"],
        "unpriced_calls": found["unpriced"],
    }
