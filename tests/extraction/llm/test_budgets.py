"""What calls cost, who stops them, and what the ledger says."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.cache import cache
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.db import connections
from django.test import Client
from django.utils import timezone

from accounts.actors import Actor
from accounts.models import Workspace
from config.settings.env import env_decimal, env_prices
from documents.models import Document
from extraction.engines.llm import errors
from extraction.engines.llm.client import Call, Usage
from extraction.engines.llm.errors import LlmError
from extraction.llm_selectors import llm_costs
from extraction.models import LlmCall
from extraction.selectors import current_extraction
from extraction.services.llm_calls import llm_call_end, llm_call_start
from extraction.services.llm_endpoint import Breaker
from tests.vision_server import MODEL, Reply, VisionServer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("short_pauses")]
NOTE = b"Invoice\nInvoice No.: 4711-B\nTotal 12.50 EUR\nThank you for your order of last week.\n"
URL = "http://127.0.0.1:9/v1"


@pytest.fixture
def model_on(settings: Any, vision: VisionServer) -> VisionServer:
    settings.LLM_BASE_URL, settings.LLM_API_KEY = vision.endpoint.base_url, vision.endpoint.api_key
    settings.LLM_STANDARD_MODEL = MODEL
    settings.LLM_PRICES = {MODEL: (Decimal(2), Decimal(10))}
    return vision


@pytest.fixture
def read(process: Callable[..., Document]) -> Callable[[], Document]:
    count = 0

    def run() -> Document:
        nonlocal count
        count += 1
        return process(NOTE + b"x" * count, "note.txt", type="invoice")

    return run


def start(workspace: Workspace, document: Document | None = None, tokens: int = 1000) -> LlmCall:
    return llm_call_start(
        workspace_id=workspace.pk,
        document_id=document.pk if document else None,
        purpose="fields",
        model=MODEL,
        host="127.0.0.1",
        most=Usage(tokens, 0),
    )


def end(row: LlmCall, spent: Usage, outcome: str = "ok") -> None:
    llm_call_end(row=row, call=Call(MODEL, Usage(1000, 0), spent, 1, outcome, 0.25))


def test_a_call_is_priced_by_what_it_read_and_wrote(model_on: VisionServer, workspace: Workspace) -> None:
    row = start(workspace)
    assert (row.outcome, row.cost_usd) == ("running", Decimal("0.002"))
    end(row, Usage(500, 100))
    row.refresh_from_db()
    assert (row.cost_usd, row.duration_ms, row.outcome) == (Decimal("0.002"), 250, "ok")


def test_retried_calls_are_counted_with_all_their_tokens(
    model_on: VisionServer, read: Callable[[], Document]
) -> None:
    useless = b'{"choices": [], "usage": {"prompt_tokens": 300, "completion_tokens": 20}}'
    model_on.replies.append(Reply(body=useless))
    read()
    call = LlmCall.objects.get()
    assert (call.tries, call.prompt_tokens) == (2, 1300)
    assert call.cost_usd == (Decimal(2) * 1300 + Decimal(10) * call.completion_tokens) / 1_000_000


@pytest.mark.parametrize(
    ("name", "cap"),
    [
        ("LLM_MONTHLY_CAP", Decimal("0.022")),
        ("LLM_DOCUMENT_CAP", Decimal("0.0001")),
        ("LLM_MONTHLY_TOKENS", 2000),
        ("LLM_DOCUMENT_TOKENS", 1000),
    ],
)
def test_over_budget_the_local_engine_reads_alone_and_nobody_is_called(
    model_on: VisionServer, settings: Any, read: Callable[[], Document], name: str, cap: Any
) -> None:
    setattr(settings, name, cap)
    documents = [read() for _ in range(3)]
    last = documents[-1]
    assert last.is_settled
    assert "llm_over_budget" in last.flags
    assert "budget" in current_extraction(last).reason  # type: ignore[union-attr]
    assert len(model_on.requests) == LlmCall.objects.count() < 3
    used = sum(call.cost_usd or 0 for call in LlmCall.objects.all())
    assert name != "LLM_MONTHLY_CAP" or used <= cap


def test_a_budget_in_money_does_not_ask_models_without_a_price(
    model_on: VisionServer, settings: Any, read: Callable[[], Document]
) -> None:
    settings.LLM_PRICES, settings.LLM_MONTHLY_CAP = {}, Decimal(5)
    assert "llm_over_budget" in read().flags
    assert model_on.requests == []
    assert [warning.id for warning in run_checks()] == ["extraction.W002"]
    settings.LLM_PRICES = {"*": (Decimal(1), Decimal(1))}
    assert "llm_over_budget" not in read().flags
    assert run_checks() == []


def test_last_months_calls_are_no_longer_counted(
    model_on: VisionServer, settings: Any, workspace: Workspace
) -> None:
    settings.LLM_MONTHLY_TOKENS = 1500
    old = start(workspace)
    with pytest.raises(LlmError):
        start(workspace)
    first = timezone.now().replace(day=1, hour=0, minute=0, second=0)
    LlmCall.objects.filter(pk=old.pk).update(created_at=first - timedelta(minutes=1))
    start(workspace)


def test_a_running_call_counts_with_what_it_may_come_to(
    model_on: VisionServer, settings: Any, workspace: Workspace, stranger: Actor
) -> None:
    settings.LLM_MONTHLY_TOKENS = 1500
    row = start(workspace)
    with pytest.raises(LlmError) as caught:
        start(workspace)
    assert caught.value.flag == "llm_over_budget"
    start(stranger.workspace)  # has a budget of its own
    end(row, Usage(100, 0))
    start(workspace)


@pytest.mark.django_db(transaction=True)
def test_calls_at_the_same_time_do_not_share_the_rest_of_a_budget(
    settings: Any, workspace: Workspace
) -> None:
    settings.LLM_MONTHLY_TOKENS = 3500
    refused: list[LlmError] = []
    gate = threading.Barrier(8)

    def call() -> None:
        gate.wait()
        try:
            start(workspace)
        except LlmError as error:
            refused.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=call) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (LlmCall.objects.count(), len(refused)) == (3, 5)


def test_the_ledger_outlives_the_document(model_on: VisionServer, read: Callable[[], Document]) -> None:
    document = read()
    Document.objects.filter(pk=document.pk).delete()
    assert LlmCall.objects.get().document is None


def test_costs_are_summed_up_by_model_provider_and_day(
    model_on: VisionServer,
    settings: Any,
    workspace: Workspace,
    stranger: Actor,
    django_assert_num_queries: Any,
) -> None:
    for spent in (Usage(1_000_000, 0), Usage(0, 100_000)):
        end(start(workspace), spent)
    settings.LLM_PRICES = {}
    LlmCall.objects.filter(pk=start(workspace).pk).update(
        model="other", created_at=timezone.now() - timedelta(days=40)
    )
    end(start(workspace), Usage(7, 7))
    end(start(stranger.workspace), Usage(1_000_000, 0))
    with django_assert_num_queries(4):
        costs = llm_costs(workspace, 30)
    assert (costs["total_cost_usd"], costs["calls"], costs["unpriced_calls"]) == (Decimal(3), 3, 1)
    assert [(row["model"], row["cost_usd"]) for row in costs["cost_by_model"]] == [(MODEL, Decimal(3))]
    assert [row["provider"] for row in costs["cost_by_provider"]] == ["127.0.0.1"]
    assert [row["date"] for row in costs["cost_over_time"]] == [timezone.now().date()]
    assert {row["model"] for row in llm_costs(workspace, 60)["cost_by_model"]} == {MODEL, "other"}


def test_an_admin_sees_the_ledger_and_cannot_change_it(
    model_on: VisionServer, workspace: Workspace, admin: Actor, reviewer: Actor
) -> None:
    row = start(workspace)
    client = Client()
    client.force_login(admin.user)
    assert MODEL in client.get("/admin/extraction/llmcall/").content.decode()
    assert client.get(f"/admin/extraction/llmcall/{row.pk}/change/").status_code == 200
    assert client.post(f"/admin/extraction/llmcall/{row.pk}/change/", {"model": "x"}).status_code == 403
    client.force_login(reviewer.user)
    assert client.get("/admin/extraction/llmcall/").status_code == 403


def test_an_endpoint_that_keeps_failing_is_left_alone_and_then_probed_once(settings: Any) -> None:
    settings.LLM_BREAKER_FAILURES, settings.LLM_BREAKER_SECONDS = 3, 60
    one, other = Breaker(URL), Breaker(URL)
    for breaker in (one, other, one):
        breaker.admit()
        breaker.heard(errors.unreachable())
    for breaker in (one, other):
        with pytest.raises(LlmError, match="left alone"):
            breaker.admit()
    Breaker("http://127.0.0.1:10/v1").admit()
    cache.set(one._until, 0.0)  # the time is over
    one.admit()
    with pytest.raises(LlmError):
        other.admit()
    one.heard(errors.too_slow())
    with pytest.raises(LlmError):
        other.admit()
    cache.set(one._until, 0.0)
    other.admit()
    other.heard(None)
    one.admit()
    one.heard(errors.unreachable())
    one.admit()


def test_answers_that_are_no_outage_close_the_breaker(settings: Any) -> None:
    settings.LLM_BREAKER_FAILURES = 2
    breaker = Breaker(URL)
    for error in (errors.unreachable(), errors.not_valid(), errors.unreachable()):
        breaker.heard(error)
    breaker.admit()


def test_while_the_breaker_is_open_documents_settle_without_a_call(
    model_on: VisionServer, settings: Any, read: Callable[[], Document]
) -> None:
    settings.LLM_BREAKER_FAILURES = 1
    model_on.replies.append(Reply(401))
    assert "llm_unavailable" in read().flags
    document = read()
    assert "llm_unavailable" in document.flags
    assert "left alone" in current_extraction(document).reason  # type: ignore[union-attr]
    assert (len(model_on.requests), LlmCall.objects.count()) == (1, 1)


def test_without_the_cache_models_are_still_asked(
    model_on: VisionServer, settings: Any, workspace: Workspace
) -> None:
    backend = "django.core.cache.backends.redis.RedisCache"
    settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": "redis://127.0.0.1:1"}}
    breaker = Breaker(URL)
    breaker.heard(errors.unreachable())
    breaker.admit()
    breaker.release()


@pytest.mark.parametrize("text", ["gpt", "gpt=1", "gpt=a/b", "gpt=1/2/3"])
def test_a_price_that_is_none_is_told_at_the_start(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("LLM_PRICES", text)
    with pytest.raises(ImproperlyConfigured, match="LLM_PRICES must look like"):
        env_prices("LLM_PRICES")


def test_prices_and_caps_are_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LLM_PRICES", "meta/llama-3:free=0/0, *=0.15/0.60")
    assert env_prices("LLM_PRICES") == {
        "meta/llama-3:free": (Decimal(0), Decimal(0)),
        "*": (Decimal("0.15"), Decimal("0.60")),
    }
    monkeypatch.setenv("LLM_MONTHLY_CAP", "-3")
    with pytest.raises(ImproperlyConfigured):
        env_decimal("LLM_MONTHLY_CAP")
