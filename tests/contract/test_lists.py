"""Lists: cursors, offsets, counts, and that a longer page costs no more queries."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import signing
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.services.api_keys import api_key_create
from documents.models import Document
from documents.services.jobs import job_create
from extraction.services.flows import flow_create
from tests.contract.checks import error_of
from tests.contract.made import give_result

pytestmark = pytest.mark.django_db
DATE_LIKE = [
    "2026-01-01",
    "2026-01-01 00:00:00",
    "2026-13-45",
    "2026-01-02",
    "20260101",
    "",
    "Å",
    "a",
    "A",
    "😀",
]


@pytest.fixture
def library(workspace: Any) -> list[Document]:
    """Twelve documents: scores with nulls and ties, titles that read like dates."""
    now = timezone.now()
    made = []
    for number in range(12):
        made.append(
            Document.objects.create(
                workspace=workspace,
                filename=f"{number}.txt",
                content_type="text/plain",
                size_bytes=100 + number % 3,
                title=DATE_LIKE[number % len(DATE_LIKE)],
                confidence_score=[None, 50.0, 70.1, None][number % 4],
            )
        )
        Document.objects.filter(pk=made[-1].pk).update(created_at=now - timedelta(minutes=number // 2))
    return made


def walk(api: Any, path: str, *, between: Any = None) -> list[dict[str, Any]]:
    """All rows by cursor."""
    rows: list[dict[str, Any]] = []
    cursor = ""
    for _ in range(30):
        body = api.get(path + (f"&cursor={cursor}" if cursor else "")).json()
        rows += body["results"]
        cursor = body["pagination"]["next_cursor"]
        assert body["pagination"]["has_more"] == bool(cursor)
        if not cursor:
            return rows
        if between:
            between()
    raise AssertionError("the walk never ends")


@pytest.mark.parametrize("field", ["created_at", "updated_at", "title", "confidence_score", "size_bytes"])
@pytest.mark.parametrize("sign", ["", "-"])
def test_a_walk_gives_every_row_once_in_order(api, library, field, sign):
    path = f"/api/v1/documents?ordering={sign}{field}"
    whole = [row["id"] for row in api.get(f"{path}&limit=200").json()["results"]]
    assert sorted(whole) == sorted(str(document.pk) for document in library)
    for limit in (1, 5):
        assert [row["id"] for row in walk(api, f"{path}&limit={limit}")] == whole


@pytest.mark.parametrize("sign", ["", "-"])
def test_rows_without_a_value_come_last_in_both_directions(api, library, sign):
    scores = [
        row["confidence_score"]
        for row in walk(api, f"/api/v1/documents?limit=4&ordering={sign}confidence_score")
    ]
    known = [score for score in scores if score is not None]
    assert scores == sorted(known, reverse=bool(sign)) + [None] * 6


def test_rows_added_meanwhile_do_not_shift_the_walk(api, library, upload):
    numbers = iter(range(30))
    rows = walk(api, "/api/v1/documents?limit=5", between=lambda: upload(f"new {next(numbers)}".encode()))
    assert [row["id"] for row in rows if not row["filename"].startswith("note")] == [
        row["id"] for row in rows
    ]
    assert {row["id"] for row in rows} == {str(document.pk) for document in library}


def test_a_cursor_works_only_where_it_was_given(api, library):
    cursor = api.get("/api/v1/documents?limit=2&status=pending").json()["pagination"]["next_cursor"]
    assert api.get(f"/api/v1/documents?limit=5&status=pending&count=false&cursor={cursor}").status_code == 200
    for query in ("status=failed", "", "status=pending&ordering=title", "status=pending&q=a"):
        error_of(api.get(f"/api/v1/documents?{query}&cursor={cursor}"), 400, "invalid_cursor")
    error_of(api.get(f"/api/v1/review/queue?status=pending&cursor={cursor}"), 400, "invalid_cursor")


def test_a_tampered_cursor_is_refused(api, library):
    cursor = api.get("/api/v1/documents?limit=2").json()["pagination"]["next_cursor"]
    forged = signing.dumps({"v": None, "i": "1", "f": "", "o": "-created_at"}, salt="other", compress=True)
    for text in (cursor[:-1], cursor[1:], cursor.replace(":", ""), "x", "", forged):
        error_of(api.get("/api/v1/documents", {"cursor": text}), 400, "invalid_cursor")


def test_offset_and_cursor_exclude_each_other(api, library):
    body = api.get("/api/v1/documents?limit=2&offset=2").json()
    assert body["pagination"] | {"next_cursor": ""} == {
        "next_cursor": "",
        "has_more": True,
        "total_count": 12,
        "limit": 2,
        "offset": 2,
    }
    cursor = body["pagination"]["next_cursor"]
    error_of(api.get(f"/api/v1/documents?limit=2&offset=2&cursor={cursor}"), 400, "invalid_pagination")
    rest = walk(api, f"/api/v1/documents?limit=5&cursor={cursor}"[: -len(f"&cursor={cursor}")])
    assert len(rest) == 12
    follow = api.get(f"/api/v1/documents?limit=200&cursor={cursor}").json()["results"]
    assert len(follow) == 8


def test_an_offset_has_an_end_and_is_not_offered_everywhere(api):
    assert api.get("/api/v1/documents?offset=10000").status_code == 200
    error_of(api.get("/api/v1/documents?offset=10001"), 400, "invalid_pagination")
    error_of(api.get("/api/v1/flows?offset=1"), 400, "invalid_pagination")
    for name in ("jobs", "api-keys"):
        assert api.get(f"/api/v1/{name}?offset=0").json()["pagination"]["offset"] == 0


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("limit", "0"),
        ("limit", "201"),
        ("limit", "x"),
        ("limit", ""),
        ("offset", "-1"),
        ("ordering", "password"),
    ],
)
def test_a_paging_value_out_of_range_is_named(api, name, text):
    assert set(error_of(api.get(f"/api/v1/documents?{name}={text}"), 400, "validation_failed")["fields"]) == {
        name
    }


def test_the_count_is_exact_or_left_out(api, library):
    assert api.get("/api/v1/documents?limit=3").json()["pagination"]["total_count"] == 12
    assert api.get("/api/v1/documents?limit=3&min_score=60").json()["pagination"]["total_count"] == 3
    assert api.get("/api/v1/documents?limit=3&count=false").json()["pagination"]["total_count"] is None


def test_jobs_are_found_by_time_state_and_type(api, admin):
    job = job_create(actor=admin, job_type="document_process", total=1, parameters={})
    stamp = job.created_at.isoformat().replace("+00:00", "Z")
    for query, found in [
        ("active=true", 1),
        ("status=completed,failed", 0),
        ("status=pending", 1),
        ("type=document_process", 1),
        (f"from={stamp}", 1),
        (f"to={stamp}", 1),
        ("from=2199-01-01T00:00:00Z", 0),
        ("to=2001-01-01", 0),
    ]:
        assert len(api.get(f"/api/v1/jobs?{query}").json()["results"]) == found, query
    error_of(api.get("/api/v1/jobs?status=nothing"), 400, "validation_failed")
    error_of(api.get("/api/v1/jobs?from=yesterday"), 400, "validation_failed")


def test_a_list_row_is_short_unless_expanded(api, library):
    short, whole = (
        api.get(f"/api/v1/documents?limit=1{more}").json()["results"][0] for more in ("", "&expand=all")
    )
    assert set(whole) - set(short) == {"metadata", "flags", "review", "error_message"}
    assert short.items() <= whole.items()


@pytest.mark.parametrize("path", ["documents?expand=all", "review/queue", "jobs", "flows", "api-keys"])
def test_a_page_of_fifty_costs_as_many_queries_as_one_of_five(api, admin, workspace, upload, path):
    make: dict[str, Callable[[int], Any]] = {
        "api-keys": lambda number: api_key_create(actor=admin, name=f"k{number}", scopes=["jobs:read"]),
        "flows": lambda number: flow_create(actor=admin, name=f"flow {number}", fields=()),
        "jobs": lambda number: job_create(actor=admin, job_type="document_process", total=1, parameters={}),
    }
    for number in range(50):
        make.get(path, lambda number: give_result(upload(f"note {number}".encode())))(number)
    costs = []
    api.get(f"/api/v1/{path}")
    for limit in (5, 50):
        with CaptureQueriesContext(connection) as queries:
            rows = api.get(f"/api/v1/{path}{'&' if '?' in path else '?'}limit={limit}").json()["results"]
        assert len(rows) == limit
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 8
