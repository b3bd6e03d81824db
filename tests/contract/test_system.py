"""Health, readiness, facts and the entrance."""

from __future__ import annotations

import pytest
from rest_framework.test import APIClient

from config import system_views
from tests.contract.checks import error_of


@pytest.mark.parametrize("path", ["/health", "/api/v1/health"])
@pytest.mark.django_db
def test_health_touches_no_server(path, django_assert_num_queries, settings):
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1",
        }
    }
    with django_assert_num_queries(0):
        body = APIClient().get(path).json()
    assert (body["status"], body["version"]) == ("ok", settings.VERSION)
    assert body["timestamp"].endswith("Z")


@pytest.mark.django_db
def test_ready_says_which_part_is_missing_and_nothing_about_the_inside(monkeypatch):
    def away() -> None:
        raise ConnectionError("10.1.2.3:5432 refused")

    monkeypatch.setitem(system_views.CHECKS, "worker", lambda: None)
    assert APIClient().get("/ready").json()["status"] == "ready"
    monkeypatch.setitem(system_views.CHECKS, "database", away)
    response = APIClient().get("/api/v1/ready")
    details = error_of(response, 503, "not_ready")
    assert details["checks"]["database"] == {"status": "error", "error": "ConnectionError"}
    assert details["checks"]["redis"] == details["checks"]["storage"] == {"status": "ok"}
    assert b"10.1.2.3" not in response.content
    assert response["Retry-After"] == "5"


@pytest.mark.django_db
def test_ready_notices_that_no_worker_listens():
    details = error_of(APIClient().get("/ready"), 503, "not_ready")
    assert details["checks"]["worker"]["status"] == "error"
    assert details["checks"]["database"]["status"] == "ok"


@pytest.mark.django_db
def test_meta_tells_the_limits_and_features(settings):
    body = APIClient().get("/api/v1/meta").json()
    assert body["app_name"] == "Recto"
    assert body["limits"]["max_file_bytes"] == settings.MAX_FILE_BYTES
    assert body["limits"]["max_pages"] == settings.MAX_PAGES
    assert "application/pdf" in body["limits"]["file_types"]
    assert set(body["features"]) == {"ai", "rag", "paperless", "guest", "registration"}
    assert body["debug"] is False


@pytest.mark.django_db
def test_the_entrance_links_to_pages_that_exist():
    body = APIClient().get("/api/v1/").json()
    assert body["name"] == "Recto"
    for link in body["links"].values():
        assert APIClient().get(link).status_code == 200
