"""The ledger of calls to language models, and the budgets it is held against."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F, Sum
from django.utils import timezone

from accounts.models import Workspace
from extraction.engines.llm import errors
from extraction.engines.llm.client import Call, Usage
from extraction.models import LlmCall

# What the endpoint may have worked on although no answer came.
_WITHOUT_ANSWER = ("timeout", "cancelled")


@dataclass(frozen=True)
class Spent:
    """What calls of this month came to, running ones with what they may come to."""

    cost_usd: Decimal
    tokens: int


def llm_call_start(
    *, workspace_id: UUID, document_id: UUID | None, purpose: str, model: str, host: str, most: Usage
) -> LlmCall:
    """The call's row, with the most it may cost set aside.

    Calls of one workspace are weighed one after the other, so that no two take the same rest of a budget.
    Raises: LlmError with the flag `llm_over_budget`.
    """
    cost = cost_of(model, most)
    with transaction.atomic():
        # Not in the way of rows that merely refer to the workspace.
        Workspace.objects.select_for_update(no_key=True).get(pk=workspace_id)
        _check_budgets(workspace_id, document_id, model, Spent(cost or Decimal(0), _tokens(most)))
        return LlmCall.objects.create(
            workspace_id=workspace_id,
            document_id=document_id,
            purpose=purpose,
            model=model[:128],
            host=host[:255],
            prompt_tokens=most.prompt_tokens,
            completion_tokens=most.completion_tokens,
            cost_usd=cost,
        )


def llm_call_end(*, row: LlmCall, call: Call) -> None:
    """Writes down what the call came to."""
    spent = call.spent
    if call.outcome in _WITHOUT_ANSWER and not _tokens(spent):
        spent = Usage(call.most.prompt_tokens)
    row.prompt_tokens, row.completion_tokens = spent.prompt_tokens, spent.completion_tokens
    row.cost_usd = cost_of(call.model, spent)
    row.tries, row.outcome = call.tries, call.outcome
    row.duration_ms = round(1000 * call.duration_s)
    row.save(
        update_fields=[
            "prompt_tokens", "completion_tokens", "cost_usd", "tries", "outcome", "duration_ms"
        ]
    )  # fmt: skip


def cost_of(model: str, usage: Usage) -> Decimal | None:
    """US dollars, None where the model has no price."""
    price = settings.LLM_PRICES.get(model) or settings.LLM_PRICES.get("*")
    if price is None:
        return None
    cost = (price[0] * usage.prompt_tokens + price[1] * usage.completion_tokens) / 1_000_000
    return Decimal(cost).quantize(Decimal("0.000001"))


def spent_this_month(**whose: UUID | None) -> Spent:
    """What a workspace's or a document's calls came to since the first of the month, UTC."""
    start = timezone.now().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    sums = LlmCall.objects.filter(created_at__gte=start, **whose).aggregate(
        cost=Sum("cost_usd"), tokens=Sum(F("prompt_tokens") + F("completion_tokens"))
    )
    return Spent(sums["cost"] or Decimal(0), sums["tokens"] or 0)


def _check_budgets(workspace_id: UUID, document_id: UUID | None, model: str, more: Spent) -> None:
    if (settings.LLM_MONTHLY_CAP or settings.LLM_DOCUMENT_CAP) and cost_of(model, Usage()) is None:
        raise errors.without_price(model)
    budgets = [
        (
            "The workspace's budget for language models",
            {"workspace_id": workspace_id},
            Spent(settings.LLM_MONTHLY_CAP, settings.LLM_MONTHLY_TOKENS),
        )
    ]
    if document_id:
        budgets.append(
            (
                "The document's budget for language models",
                {"document_id": document_id},
                Spent(settings.LLM_DOCUMENT_CAP, settings.LLM_DOCUMENT_TOKENS),
            )
        )
    for name, whose, cap in budgets:
        if _exceeds(cap, whose, more):
            raise errors.over_budget(name)


def _exceeds(cap: Spent, whose: dict[str, UUID], more: Spent) -> bool:
    if not (cap.cost_usd or cap.tokens):
        return False
    spent = spent_this_month(**whose)
    too_dear = bool(cap.cost_usd) and spent.cost_usd + more.cost_usd > cap.cost_usd
    return too_dear or (bool(cap.tokens) and spent.tokens + more.tokens > cap.tokens)


def _tokens(usage: Usage) -> int:
    return usage.prompt_tokens + usage.completion_tokens
