"""Health, readiness and facts about this installation."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.permissions import PUBLIC
from common.api.serializers import ErrorOutput
from common.api.views import ApiView
from common.errors import AppError
from config.celery import app as celery_app
from documents.selectors import stamp
from extraction.engines.convert.filetypes import SUPPORTED


class HealthOutput(serializers.Serializer[Any]):
    status = serializers.CharField()
    version = serializers.CharField()
    timestamp = serializers.DateTimeField()


class ReadyOutput(serializers.Serializer[Any]):
    status = serializers.CharField()
    checks = serializers.DictField()


class MetaOutput(serializers.Serializer[Any]):
    app_name = serializers.CharField()
    environment = serializers.CharField()
    version = serializers.CharField()
    debug = serializers.BooleanField()
    queue = serializers.CharField()
    features = serializers.DictField()
    limits = serializers.DictField()


class RootOutput(serializers.Serializer[Any]):
    name = serializers.CharField()
    version = serializers.CharField()
    links = serializers.DictField()


class PublicView(ApiView):
    """An endpoint for everybody, outside the rate limits: probes must never be throttled."""

    scopes = {"GET": PUBLIC}
    authentication_classes = []
    throttle_classes = []


class HealthView(PublicView):
    """Says that the process lives; touches nothing."""

    @extend_schema(operation_id="health", responses=HealthOutput)
    def get(self, request: Request) -> Response:
        return Response({"status": "ok", "version": settings.VERSION, "timestamp": stamp(datetime.now(UTC))})


class ReadyView(PublicView):
    @extend_schema(operation_id="ready", responses={200: ReadyOutput, 503: ErrorOutput})
    def get(self, request: Request) -> Response:
        checks = {name: run_check(check) for name, check in CHECKS.items()}
        if all(check["status"] == "ok" for check in checks.values()):
            return Response({"status": "ready", "checks": checks})
        broken = ", ".join(name for name, check in checks.items() if check["status"] != "ok")
        raise AppError(
            "not_ready",
            503,
            f"Not ready: {broken}. Look at the server's log.",
            details={"checks": checks},
            retry_after=5,
        )


class MetaView(PublicView):
    @extend_schema(operation_id="meta", responses=MetaOutput)
    def get(self, request: Request) -> Response:
        limits = {
            "max_file_bytes": settings.MAX_FILE_BYTES,
            "max_pages": settings.MAX_PAGES,
            "file_types": sorted(SUPPORTED),
        }
        features = dict.fromkeys(("ai", "rag", "paperless", "guest", "registration"), False)
        return Response(
            {
                "app_name": settings.APP_NAME,
                "environment": settings.ENVIRONMENT,
                "version": settings.VERSION,
                "debug": settings.DEBUG,
                "queue": "celery",
                "features": features,
                "limits": limits,
            }
        )


class RootView(PublicView):
    @extend_schema(operation_id="root", responses=RootOutput)
    def get(self, request: Request) -> Response:
        links = {"docs": "/api/v1/docs", "schema": "/api/v1/schema", "health": "/api/v1/health"}
        return Response({"name": settings.APP_NAME, "version": settings.VERSION, "links": links})


def run_check(check: Callable[[], None]) -> dict[str, str]:
    """The outcome without host names or messages from inside."""
    try:
        check()
    except Exception as error:  # noqa: BLE001  (any failure of a part means the same here: not ready)
        return {"status": "error", "error": type(error).__name__}
    return {"status": "ok"}


def check_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def check_redis() -> None:
    cache.set("ready", timezone.now().timestamp(), timeout=10)


def check_storage() -> None:
    default_storage.exists("ready")


def check_worker() -> None:
    """Asks the workers for a sign of life; costs up to a second when there is none."""
    if not celery_app.control.ping(timeout=1.0, limit=1):
        raise TimeoutError


CHECKS: dict[str, Callable[[], None]] = {
    "database": check_database,
    "redis": check_redis,
    "storage": check_storage,
    "worker": check_worker,
}
