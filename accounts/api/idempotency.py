"""Idempotency-Key: the same request twice makes one thing and gives one answer."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actors import Actor, actor_of
from accounts.models import IdempotencyRecord
from common.crypto import seal, unseal
from common.errors import AppError, ValidationFailed

KEEP = timedelta(hours=24)
# A first call that never answered (the process died) blocks its key no longer than this.
ABANDONED = timedelta(minutes=5)
PURPOSE = "idempotency"
Handler = Callable[..., Response]


def idempotent(handler: Handler) -> Handler:
    """Decorates a view method: replays the stored answer with `Idempotent-Replayed: true`.

    Answers of 5xx and 429 are not stored, nor are errors raised before anything was made.
    """

    @wraps(handler)
    def wrapped(view: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        key = request.headers.get("Idempotency-Key")
        actor = actor_of(request)
        if key is None or actor is None:
            return handler(view, request, *args, **kwargs)
        _check_key(key)
        record = _claim(actor, request, key)
        if record.status is not None:
            return _replay(record)
        return _first_call(record, lambda: handler(view, request, *args, **kwargs))

    return wrapped


def _first_call(record: IdempotencyRecord, call: Callable[[], Response]) -> Response:
    try:
        response = call()
    except BaseException:
        record.delete()
        raise
    kept = {"body": response.data, "location": response.headers.get("Location")}
    body = seal(JSONRenderer().render(kept).decode(), purpose=PURPOSE)
    IdempotencyRecord.objects.filter(pk=record.pk).update(status=response.status_code, response=body)
    return response


def _replay(record: IdempotencyRecord) -> Response:
    kept = json.loads(unseal(record.response or "", purpose=PURPOSE) or "{}")
    headers = {"Idempotent-Replayed": "true"}
    if kept.get("location"):
        headers["Location"] = kept["location"]
    return Response(kept.get("body"), record.status, headers=headers)


def _claim(actor: Actor, request: Request, key: str) -> IdempotencyRecord:
    """The record of this key: our own new one, or the first call's finished one."""
    scope, body_hash = _scope(actor, request, key), _body_hash(request)
    now = timezone.now()
    IdempotencyRecord.objects.filter(scope=scope, created_at__lt=now - KEEP).delete()
    IdempotencyRecord.objects.filter(scope=scope, status=None, created_at__lt=now - ABANDONED).delete()
    try:
        with transaction.atomic():
            return IdempotencyRecord.objects.create(
                workspace=actor.workspace, scope=scope, body_hash=body_hash
            )
    except IntegrityError:
        record = IdempotencyRecord.objects.filter(scope=scope).first()
    if record is not None and record.body_hash != body_hash:
        raise AppError(
            "idempotency_key_reused", 422, "This Idempotency-Key was used with another body. Use a new one."
        )
    if record is None or record.status is None:
        raise AppError(
            "idempotency_in_progress",
            409,
            "The first call with this Idempotency-Key still runs.",
            retry_after=1,
        )
    return record


def _scope(actor: Actor, request: Request, key: str) -> str:
    caller = actor.api_key.pk if actor.api_key else actor.user.pk if actor.user else "-"
    room = actor.workspace.pk  # a person may be in several workspaces
    return hashlib.sha256(f"{room}\n{caller}\n{request.method}\n{request.path}\n{key}".encode()).hexdigest()


def _body_hash(request: Request) -> str:
    """SHA-256 over the parsed body; files count by their own SHA-256."""
    digest = hashlib.sha256()
    data: Any = request.data
    fields = data.lists() if hasattr(data, "lists") else data.items()
    for name, value in sorted(fields, key=lambda item: item[0]):
        if name in request.FILES:
            continue
        digest.update(json.dumps([name, value], sort_keys=True, default=str).encode())
    for name, file in sorted(request.FILES.items()):
        digest.update(name.encode())
        for chunk in file.chunks():
            digest.update(chunk)
        file.seek(0)
    return digest.hexdigest()


def _check_key(key: str) -> None:
    if not 1 <= len(key) <= 255 or not key.isascii() or not key.isprintable():
        raise ValidationFailed({"Idempotency-Key": ["Must be 1 to 255 printable ASCII characters."]})
