"""Rate limits: counted per credential and bucket, told in headers."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings
from rest_framework.test import APIClient

from accounts.models import ApiKey
from tests.conftest import PASSWORD, client_of
from tests.contract.checks import error_body, error_of

pytestmark = pytest.mark.django_db
HOUR = 3600


def test_past_the_limit_the_answer_is_429_with_the_time_to_wait(api, settings):
    settings.RATE_LIMITS = {"read": (3, HOUR)}
    left = [api.get("/api/v1/jobs")["X-RateLimit-Remaining"] for _ in range(3)]
    assert left == ["2", "1", "0"]
    response = api.get("/api/v1/jobs")
    assert error_of(response, 429, "rate_limit_exceeded") == {"bucket": "read", "limit": 3}
    assert 1 <= error_body(response)["retry_after"] <= HOUR
    assert (response["X-RateLimit-Limit"], response["X-RateLimit-Remaining"]) == ("3", "0")
    assert int(response["X-RateLimit-Reset"]) % HOUR == 0


def test_each_key_and_each_bucket_counts_for_itself(api, admin, settings):
    settings.RATE_LIMITS = {"read": (1, HOUR), "write": (1, HOUR)}
    other = client_of(admin)
    assert [client.get("/api/v1/jobs").status_code for client in (api, other, api)] == [200, 200, 429]
    assert api.post("/api/v1/auth/ws-ticket").status_code == 201


def test_a_key_whose_maker_is_gone_counts_for_itself(api, admin, settings):
    settings.RATE_LIMITS = {"read": (1, HOUR)}
    other = client_of(admin)
    ApiKey.objects.update(created_by=None)
    assert [client.get("/api/v1/jobs").status_code for client in (api, other)] == [200, 200]


def test_a_person_may_upload_more_than_a_key(api, admin, settings):
    settings.RATE_LIMITS = {"upload": (1, HOUR), "upload_session": (2, HOUR)}
    person = APIClient()
    person.login(email=admin.label, password=PASSWORD)

    def upload(client: APIClient) -> int:
        body = {"file": SimpleUploadedFile("a.txt", b"hello"), "process": "false"}
        return int(client.post("/api/v1/documents", body, format="multipart").status_code)

    assert [upload(api) for _ in range(2)] == [201, 429]
    assert [upload(person) for _ in range(3)] == [200, 200, 429]


def test_probes_are_never_throttled(settings):
    settings.RATE_LIMITS = {"read": (1, HOUR)}
    assert {APIClient().get("/health").status_code for _ in range(3)} == {200}


def test_without_the_counter_the_api_goes_on(api, settings):
    settings.RATE_LIMITS = {"read": (1, HOUR)}
    away = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1"}
    with override_settings(CACHES={"default": away}):
        assert [api.get("/api/v1/jobs").status_code for _ in range(2)] == [200, 200]
