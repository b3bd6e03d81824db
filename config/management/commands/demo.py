"""Seeds two workspaces, sends the sample documents through the pipeline and shows what came out."""

from __future__ import annotations

import json
import secrets
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from accounts.actors import Actor, actor_for_member, system_actor
from accounts.models import ApiKey, Membership, User, Workspace
from accounts.scopes import MANAGE, READ, REVIEW, WRITE
from accounts.services.api_keys import api_key_create
from accounts.services.members import member_add, workspace_create
from config.settings.env import embedded_url
from documents.models import Document
from documents.services.intake import Upload, document_create
from extraction.engines.fields.builtin import fields_of
from extraction.models import Conversion, Flow
from extraction.selectors import current_extraction
from extraction.services.flows import flow_create
from samples.make import Sample, make_all

WORKSPACES = {"Acme": "acme", "Globex": "globex"}
ROLES = {"admin": "Ada Admin", "reviewer": "Rita Reviewer", "member": "Max Member"}
EVERY_SCOPE = [*READ, *WRITE, REVIEW, *MANAGE]
WAIT_S = 600
# A flow under which a person sees every document, so that the review queue has something to show.
CHECKED_FLOW = "Invoices, each one checked"
CHECKED_SAMPLES = 6


class Command(BaseCommand):
    help = "Seed the demo workspaces, process the sample documents and print the results."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--quiet-results", action="store_true", help="Do not print each document.")

    def handle(self, *args: Any, **options: Any) -> None:
        facts = load_facts() or seed()
        write_facts(facts)
        samples = make_all(settings.VAR_DIR / "samples")
        workspace = Workspace.objects.get(name="Acme")
        documents = send_samples(workspace, samples)
        wait_for(documents, self.stdout)
        if not options["quiet_results"]:
            self.show_all(samples, documents)
        self.stdout.write(where_to_look(facts, documents))
        if any(not document.is_settled for document in documents):
            raise CommandError("Some documents are not done. Look at the worker's log above.")

    def show_all(self, samples: list[Sample], documents: list[Document]) -> None:
        for sample, document in zip(samples, documents, strict=True):
            self.stdout.write("\n".join(describe(sample, document)) + "\n")


def facts_file() -> Path:
    path: Path = settings.VAR_DIR / "demo.json"
    return path


def load_facts() -> dict[str, Any] | None:
    """What an earlier seeding wrote, if the database still knows it."""
    try:
        facts: dict[str, Any] = json.loads(facts_file().read_text())
        emails = [user["email"] for workspace in facts["workspaces"] for user in workspace["users"]]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return facts if User.objects.filter(email__in=emails).count() == len(emails) else None


def seed() -> dict[str, Any]:
    """The two workspaces with people of each role and a key each; passwords are new every time."""
    with transaction.atomic():
        return {"base_url": "", "workspaces": [seed_workspace(name) for name in WORKSPACES]}


def seed_workspace(name: str) -> dict[str, Any]:
    workspace = Workspace.objects.filter(name=name).first() or workspace_create(name=name)
    users = [seed_user(workspace, role) for role in ROLES]
    admin = Membership.objects.select_related("workspace", "user").get(workspace=workspace, role="admin")
    ApiKey.objects.filter(workspace=workspace, name="Demo").delete()
    _, token = api_key_create(actor=actor_for_member(admin), name="Demo", scopes=EVERY_SCOPE)
    return {"name": name, "users": users, "api_key": token}


def seed_user(workspace: Workspace, role: str) -> dict[str, str]:
    email, password = f"{role}@{WORKSPACES[workspace.name]}.example", secrets.token_urlsafe(12)
    user = User.objects.filter(email=email).first() or User(email=email)
    user.full_name, user.is_verified = ROLES[role], True
    user.set_password(password)
    user.save()
    member_add(workspace=workspace, user=user, role=role)
    return {"email": email, "password": password, "role": role}


def write_facts(facts: dict[str, Any]) -> None:
    """var/demo.json, readable by its owner only."""
    facts["base_url"] = embedded_url(settings.SERVICES_FILE, "base_url") or facts["base_url"]
    facts["webhook_allow_private"] = settings.WEBHOOK_ALLOW_PRIVATE
    facts["url_fetch_allow_private"] = settings.URL_FETCH_ALLOW_PRIVATE
    path = facts_file()
    path.touch(mode=0o600)
    path.write_text(json.dumps(facts, indent=2) + "\n")


def send_samples(workspace: Workspace, samples: list[Sample]) -> list[Document]:
    """Each sample as a document; those sent before are found again by their bytes."""
    reviewer = Membership.objects.select_related("workspace", "user").get(
        workspace=workspace, role="reviewer"
    )
    actor, flow = actor_for_member(reviewer), checked_flow(workspace)
    return [send(actor, sample, flow if n < CHECKED_SAMPLES else None) for n, sample in enumerate(samples)]


def checked_flow(workspace: Workspace) -> Flow:
    found = Flow.objects.filter(workspace=workspace, name=CHECKED_FLOW).first()
    return found or flow_create(
        actor=system_actor(workspace), name=CHECKED_FLOW, always_review=True, fields=fields_of("invoice")
    )


def send(actor: Actor, sample: Sample, flow: Flow | None) -> Document:
    with (settings.VAR_DIR / "samples" / sample.filename).open("rb") as file:
        upload = Upload(file=file, filename=sample.filename, flow_id=flow.pk if flow else None)
        return document_create(upload=upload, actor=actor).document


def wait_for(documents: list[Document], out: Any) -> None:
    """Returns when all are settled, or after WAIT_S seconds."""
    started = time.monotonic()
    while time.monotonic() - started < WAIT_S:
        for document in documents:
            if not document.is_settled:
                document.refresh_from_db()
        if all(document.is_settled for document in documents):
            break
        time.sleep(0.2)
    out.write(f"{len(documents)} documents in {time.monotonic() - started:.1f} s\n")


def describe(sample: Sample, document: Document) -> list[str]:
    """The lines that show one document: status, first Markdown lines, fields with their confidence."""
    score = "" if document.confidence_score is None else f"  score {document.confidence_score:.0f}"
    lines = [
        f"── {document.filename}  ({sample.kind})",
        f"   {document.status}  {document.type or ''}{score}",
    ]
    if document.error_message:
        lines.append(f"   {document.error_code}: {document.error_message}".replace(" : ", " "))
    conversion = Conversion.objects.filter(document=document).first()
    text = [line for line in (conversion.markdown if conversion else "").splitlines() if line.strip()]
    lines += [f"   │ {line[:100]}" for line in text[:4]]
    extraction = current_extraction(document)
    for name, field in (extraction.ordered() if extraction else {}).items():
        if field["value"] is not None:
            lines.append(f"   {name:<16} {field['value']!s:<40} {field['score']:>5.1f}")
    return lines


def where_to_look(facts: dict[str, Any], documents: list[Document]) -> str:
    acme = facts["workspaces"][0]
    reviewer = next(user for user in acme["users"] if user["role"] == "reviewer")
    waiting = sum(document.status == "requires_review" for document in documents)
    return (
        f"\n{waiting} documents wait for review at {facts['base_url']}/review\n"
        f"  log in as {reviewer['email']} with {reviewer['password']}\n"
        f"  API key of Acme: {acme['api_key']}\n"
        f"  everything else: {facts_file()}\n"
    )
