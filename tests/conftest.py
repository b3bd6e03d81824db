"""What every test may use: a workspace with people and keys, files, and a way to run the pipeline."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.core.cache import cache
from django.db import connections
from rest_framework.test import APIClient

from accounts.actors import Actor, actor_for_member
from accounts.models import Membership, User, Workspace
from accounts.scopes import MANAGE, READ, REVIEW, WRITE
from accounts.services.api_keys import api_key_create
from accounts.services.members import member_add, workspace_create
from documents.models import Document, Status
from documents.services.intake import Upload, document_create
from documents.services.pipeline import document_process
from samples.make import Sample, make_all

EVERY_SCOPE = [*READ, *WRITE, REVIEW, *MANAGE]
PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def files_in_tmp(settings: Any, tmp_path: Path) -> None:
    """No test writes into the checkout."""
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path / "media")},
        },
    }
    settings.RATE_LIMITS = {}


@pytest.fixture(autouse=True)
def quick_settings(settings: Any) -> None:
    """No walk through all static files for each new client, no slow password hash for each new person."""
    settings.WHITENOISE_AUTOREFRESH = True
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
async def connections_of_threads_closed() -> AsyncIterator[None]:
    """Async tests reach the database from a thread, whose connection must not outlive them."""
    yield
    await sync_to_async(connections.close_all)()


@pytest.fixture(autouse=True)
def clean_cache() -> Iterator[None]:
    yield
    cache.clear()


@pytest.fixture(scope="session")
def samples(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Sample, Path]]:
    """The project's sample documents by file name."""
    folder = tmp_path_factory.mktemp("samples")
    return {sample.filename: (sample, folder / sample.filename) for sample in make_all(folder)}


def make_member(workspace: Workspace, role: str) -> Actor:
    email = f"{role}@{workspace.slug}.example"
    user = User.objects.create_user(email, PASSWORD, full_name=role.title())
    member_add(workspace=workspace, user=user, role=role)
    membership = Membership.objects.select_related("workspace", "user").get(workspace=workspace, user=user)
    return actor_for_member(membership)


@pytest.fixture
def workspace(db: None) -> Workspace:
    return workspace_create(name="Acme")


@pytest.fixture
def admin(workspace: Workspace) -> Actor:
    return make_member(workspace, "admin")


@pytest.fixture
def reviewer(workspace: Workspace) -> Actor:
    return make_member(workspace, "reviewer")


@pytest.fixture
def member(workspace: Workspace) -> Actor:
    return make_member(workspace, "member")


@pytest.fixture
def stranger(db: None) -> Actor:
    """The admin of another workspace."""
    return make_member(workspace_create(name="Globex"), "admin")


def client_of(actor: Actor, scopes: list[str] | None = None) -> APIClient:
    """A REST client with a key of this actor."""
    _, token = api_key_create(actor=actor, name="test", scopes=scopes or EVERY_SCOPE)
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    return client


@pytest.fixture
def api(admin: Actor) -> APIClient:
    """A REST client whose key holds every scope."""
    return client_of(admin)


@pytest.fixture
def stranger_api(stranger: Actor) -> APIClient:
    return client_of(stranger)


@pytest.fixture
def upload(admin: Actor) -> Callable[..., Document]:
    """Stores bytes or a file as a document without running anything."""

    def make(
        content: bytes | Path = b"Invoice No. 7\nTotal 12.00 EUR\n", filename: str = "", **options: Any
    ) -> Document:
        data = content.read_bytes() if isinstance(content, Path) else content
        name = filename or (content.name if isinstance(content, Path) else "note.txt")
        options.setdefault("process", False)
        actor = options.pop("actor", admin)
        return document_create(upload=Upload(io.BytesIO(data), name, **options), actor=actor).document

    return make


@pytest.fixture
def process(upload: Callable[..., Document]) -> Callable[..., Document]:
    """Stores a file and runs the whole pipeline on it in this process."""

    def run(content: bytes | Path, filename: str = "", **options: Any) -> Document:
        document = upload(content, filename, process=True, **options)
        document_process(document_id=document.pk, queue=document.queue)
        document.refresh_from_db()
        while document.status == Status.PROCESSING and document.lease_until is None:
            # Handed over to the workers of another queue.
            document_process(document_id=document.pk, queue=document.queue)
            document.refresh_from_db()
        return document

    return run
