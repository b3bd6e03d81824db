"""What was learned: listed, exported and forgotten over REST and on its pages."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import AuditEvent
from extraction.engines.fields.memory.facts import Remembered
from extraction.engines.fields.memory.prints import SenderPrint
from extraction.models import MemoryKey, RememberedField, SenderMemory
from extraction.services.review import fields_correct
from tests.contract.checks import error_of

pytestmark = pytest.mark.django_db
LIST = "/api/v1/memories"


@pytest.fixture
def taught(admin, sawmill_sends) -> SenderMemory:
    given = {"invoice_number": "T-1041", "total": "231.00"}
    fields_correct(document=sawmill_sends("T-1041"), actor=admin, fields=given)
    return SenderMemory.objects.get()


@pytest.fixture
def page(admin) -> Client:
    client = Client()
    client.force_login(admin.user)
    return client


def test_a_memory_says_what_it_knows_and_where_from(api, taught):
    body = api.get(f"{LIST}/{taught.pk}").json()
    assert (body["document_type"], body["field_count"], body["right"], body["wrong"]) == ("invoice", 2, 0, 0)
    number = body["fields"][0]
    assert (number["name"], number["what"], number["example"]) == ("invoice_number", "place", "T-1041")
    assert number["document"]["filename"] == "T-1041.pdf"
    assert api.get(LIST).json()["results"] == [body]


@pytest.mark.parametrize(
    ("query", "count"), [("q=tannhof", 1), ("q=other", 0), ("type=invoice", 1), ("type=receipt", 0)]
)
def test_memories_are_found_by_name_and_type(api, taught, query, count):
    assert api.get(f"{LIST}?{query}&limit=10&offset=0").json()["pagination"]["total_count"] == count


def test_a_long_list_costs_no_more_queries(api, workspace, taught):
    with CaptureQueriesContext(connection) as few:
        api.get(LIST)
    for number in range(5):
        memory = SenderMemory.objects.create(workspace=workspace, name=f"Firm {number}")
        RememberedField.objects.create(memory=memory, name="total", label="Total", what="place")
    with CaptureQueriesContext(connection) as many:
        assert len(api.get(LIST).json()["results"]) == 6
    assert len(many) <= len(few)  # the first call also notes that the key was used


def test_the_export_can_be_read_back_by_the_engine(api, taught):
    response = api.get(f"{LIST}/export")
    assert response["Content-Disposition"] == 'attachment; filename="learned.json"'
    body = json.loads(response.content)
    assert (body["version"], len(body["memories"])) == (1, 1)
    memory = body["memories"][0]
    assert SenderPrint.from_json(memory["prints"][0])
    assert Remembered.from_json(memory["fields"][0]["facts"][0]).value == "T-1041"


def test_the_export_holds_nothing_of_another_workspace(stranger_api, taught):
    assert stranger_api.get(f"{LIST}/export").json()["memories"] == []


def test_a_forgotten_field_is_read_from_the_page_alone_again(api, taught, sawmill_sends):
    assert api.delete(f"{LIST}/{taught.pk}/fields/total").json() == {"deleted": True}
    error_of(api.delete(f"{LIST}/{taught.pk}/fields/total"), 404, "not_found")
    document = sawmill_sends("T-1077", total="1.404,50")
    fields = api.get(f"/api/v1/documents/{document.pk}/result").json()["fields"]
    assert fields["invoice_number"]["value"] == "T-1077"
    assert fields["total"]["memory"] is None
    assert AuditEvent.objects.get(action="memory.field_deleted").changes == {"field": "total"}


def test_a_forgotten_sender_leaves_nothing(api, taught, sawmill_sends):
    assert api.delete(f"{LIST}/{taught.pk}").json() == {"deleted": True}
    assert not SenderMemory.objects.exists()
    assert not MemoryKey.objects.exists()
    assert AuditEvent.objects.get(action="memory.deleted").changes == {"name": taught.name}


def test_the_last_field_takes_the_sender_with_it(api, taught):
    for name in ("total", "invoice_number"):
        api.delete(f"{LIST}/{taught.pk}/fields/{name}")
    error_of(api.get(f"{LIST}/{taught.pk}"), 404, "not_found")


def text_of(response: Any) -> str:
    assert response.status_code == 200
    return str(response.content.decode())


def test_the_page_says_what_will_be_there_before_anything_was_learned(page):
    assert "Nothing learned yet" in text_of(page.get("/learned"))


def test_the_pages_show_senders_and_fields_with_their_documents(page, taught):
    row = RememberedField.objects.get(name="total")
    assert f"/learned/{taught.pk}" in text_of(page.get("/learned?q=tannhof"))
    assert "No such sender" in text_of(page.get("/learned?q=nobody"))
    detail = text_of(page.get(f"/learned/{taught.pk}"))
    assert f"/documents/{row.last_document_id}" in detail
    assert "231.00" in detail


def test_the_pages_forget_a_field_and_a_sender(page, taught):
    page.post(f"/learned/{taught.pk}/fields/total/forget")
    assert list(RememberedField.objects.values_list("name", flat=True)) == ["invoice_number"]
    assert page.post(f"/learned/{taught.pk}/forget").url == "/learned"
    assert not SenderMemory.objects.exists()


def test_a_reviewer_sees_what_was_learned_but_may_not_forget_it(reviewer, taught):
    client = Client()
    client.force_login(reviewer.user)
    assert "Forget" not in text_of(client.get(f"/learned/{taught.pk}"))
    assert client.post(f"/learned/{taught.pk}/forget").status_code == 403
    assert SenderMemory.objects.exists()


def test_the_page_of_another_workspaces_sender_is_absent(stranger, taught):
    client = Client()
    client.force_login(stranger.user)
    assert client.get(f"/learned/{taught.pk}").status_code == 404
    assert client.post(f"/learned/{taught.pk}/forget").status_code == 404
    assert SenderMemory.objects.exists()
