"""Correct a sender once over REST: its next documents are right without a touch, others are not harmed."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import AuditEvent
from documents.models import Document
from extraction.memories import learned_from
from extraction.models import Extraction, Lesson, RememberedField, SenderMemory
from extraction.selectors import current_extraction
from extraction.services.memory import memory_delete, memory_field_delete, memory_forget, memory_unlearn
from extraction.services.review import document_approve, document_unreview

pytestmark = pytest.mark.django_db
RIGHT = {"invoice_number": "T-1041", "total": "231.00"}


def fields_of(api: Any, document: Document) -> dict[str, Any]:
    body: dict[str, Any] = api.get(f"/api/v1/documents/{document.pk}/result").json()
    return dict(body["fields"])


def correct(api: Any, document: Document, fields: dict[str, Any], **more: Any) -> None:
    path = f"/api/v1/documents/{document.pk}/extractions"
    response = api.post(path, {"fields": fields, **more}, format="json")
    assert response.status_code == 201, response.content


def remembered(name: str) -> RememberedField:
    return RememberedField.objects.get(name=name)


def test_one_correction_makes_the_next_two_documents_right(api, sawmill_sends, bakery_sends):
    first = sawmill_sends("T-1041")
    before = fields_of(api, first)
    assert before["invoice_number"]["value"] != "T-1041"
    assert before["total"]["value"] != "231.00"
    stranger_before = fields_of(api, bakery_sends("BK-1001"))
    correct(api, first, RIGHT)
    for number, total, extra in (("T-1077", "1.404,50", 3), ("T-1102", "88,20", 0)):
        found = fields_of(api, sawmill_sends(number, "17.12.2026", total, extra=extra))
        plain = total.replace(".", "").replace(",", ".")
        assert (found["invoice_number"]["value"], found["total"]["value"]) == (number, plain)
        assert found["invoice_number"]["box"]["y"] < 0.07
        assert found["total"]["box"]["x"] == pytest.approx(460 / 595, abs=0.01)
        assert found["invoice_number"]["memory"]["document_id"] == str(first.pk)
    other = fields_of(api, bakery_sends("BK-1002", "61,00"))
    assert (other["invoice_number"]["value"], other["total"]["value"]) == ("BK-1002", "61.00")
    assert other["invoice_number"]["score"] == stranger_before["invoice_number"]["score"]
    assert other["total"]["memory"] is None


def test_a_value_learned_names_the_document_it_was_learned_from(api, admin, stranger, sawmill_sends):
    first = sawmill_sends("T-1041")
    correct(api, first, RIGHT)
    extraction = current_extraction(sawmill_sends("T-1077"))
    assert extraction is not None
    assert learned_from(extraction, admin)["invoice_number"] == first
    assert learned_from(extraction, stranger) == {}


def test_nothing_crosses_into_another_workspace(api, stranger_api, stranger, sawmill_sends):
    correct(api, sawmill_sends("T-1041"), RIGHT)
    theirs = fields_of(stranger_api, sawmill_sends("T-1077", actor=stranger))
    assert theirs["invoice_number"]["value"] != "T-1077"
    assert all(field["memory"] is None for field in theirs.values())
    correct(stranger_api, sawmill_sends("T-1078", actor=stranger), {"invoice_number": "T-1078"})
    assert SenderMemory.objects.values("workspace").distinct().count() == 2
    mine = fields_of(api, sawmill_sends("T-1079"))
    assert mine["invoice_number"]["memory"]["memory_id"] in {
        str(pk)
        for pk in SenderMemory.objects.exclude(workspace=stranger.workspace).values_list("pk", flat=True)
    }


def test_correcting_a_document_again_teaches_the_last_word_once(api, sawmill_sends):
    first = sawmill_sends("T-1041")
    correct(api, first, {"total": "212.00"})
    correct(api, first, {"total": "231.00"})
    row = remembered("total")
    assert (row.example, row.successes, row.failures) == ("231.00", 0, 0)
    assert Lesson.objects.filter(field=row).count() == 1
    assert SenderMemory.objects.count() == 1


def test_approving_a_document_that_memory_read_right_counts_for_it(api, admin, sawmill_sends):
    correct(api, sawmill_sends("T-1041"), RIGHT)
    document_approve(document=sawmill_sends("T-1077"), actor=admin)
    row = remembered("invoice_number")
    assert (row.successes, row.failures) == (1, 0)
    assert row.example == "T-1041"


def test_approving_twice_counts_once_and_undo_takes_it_back(api, admin, sawmill_sends):
    correct(api, sawmill_sends("T-1041"), RIGHT)
    second = sawmill_sends("T-1077")
    for _ in range(2):
        document_approve(document=second, actor=admin)
    assert remembered("invoice_number").successes == 1
    document_unreview(document=second, actor=admin)
    assert remembered("invoice_number").successes == 0
    assert not Lesson.objects.filter(document=second).exists()


def test_whatever_changes_the_memory_waits_for_its_turn_in_the_workspace(api, admin, sawmill_sends):
    first = sawmill_sends("T-1041")
    correct(api, first, RIGHT)
    memory = SenderMemory.objects.get()
    changes = (
        lambda: memory_unlearn(document=first),
        lambda: memory_field_delete(memory=memory, name="total", actor=admin),
        lambda: memory_forget(document=first),
        lambda: memory_delete(memory=memory, actor=admin),
    )
    for change in changes:
        with CaptureQueriesContext(connection) as seen:
            change()
        queries = [row["sql"] for row in seen if "SAVEPOINT" not in row["sql"]]
        assert "accounts_workspace" in queries[0]
        assert queries[0].endswith("FOR NO KEY UPDATE")


def test_a_correction_of_what_memory_said_counts_against_it_and_is_believed(api, sawmill_sends):
    correct(api, sawmill_sends("T-1041"), RIGHT)
    second = sawmill_sends("T-1077", total="1.404,50")
    assert fields_of(api, second)["total"]["value"] == "1404.50"
    correct(api, second, {"total": "212.00"})
    row = remembered("total")
    assert (row.failures, row.example, row.last_document_id) == (1, "212.00", second.pk)
    assert fields_of(api, sawmill_sends("T-1080", total="77,00"))["total"]["value"] == "212.00"


def test_a_memory_that_only_fails_falls_silent(api, sawmill_sends):
    for number, value in enumerate(("35.00", "96.00", "212.00") * 3):
        correct(api, sawmill_sends(f"T-11{number}0"), {"total": value})
    assert remembered("total").failures == 3
    assert fields_of(api, sawmill_sends("T-1200"))["total"]["memory"] is None


def test_an_approval_teaches_what_the_page_read_by_itself(admin, bakery_sends):
    document_approve(document=bakery_sends("BK-1001"), actor=admin)
    memory = SenderMemory.objects.get()
    assert memory.name == "Backhaus Krume GmbH"
    assert remembered("total").example == "53.55"
    assert not RememberedField.objects.filter(name="due_date").exists()


def test_a_rejected_document_teaches_nothing(api, admin, bakery_sends):
    document = bakery_sends("BK-1001")
    document_approve(document=document, actor=admin)
    api.post(f"/api/v1/documents/{document.pk}/reject", {"reason": "not ours"}, format="json")
    assert not SenderMemory.objects.exists()


def test_a_field_cleared_by_a_person_stays_empty_on_the_next_document(api, sawmill_sends):
    first = sawmill_sends("T-1041", due="04.11.2026")
    assert fields_of(api, first)["due_date"]["value"] == "2026-11-04"
    correct(api, first, {"due_date": None})
    assert fields_of(api, sawmill_sends("T-1077", due="18.12.2026"))["due_date"]["value"] is None


def test_a_box_that_a_person_drew_says_which_of_two_equal_amounts_is_meant(api, sawmill_sends):
    first = sawmill_sends("T-1041", total="35,00")  # as much as the freight above it
    words = api.get(f"/api/v1/documents/{first.pk}/pages?words=true").json()["results"][0]["words"]
    box = [word["box"] for word in words if word["text"] == "35,00"][-1]
    correct(api, first, {"total": "35.00"}, boxes={"total": box})
    assert fields_of(api, sawmill_sends("T-1077", total="1.404,50"))["total"]["value"] == "1404.50"


def test_erasing_the_only_document_forgets_the_sender(api, sawmill_sends):
    first = sawmill_sends("T-1041")
    correct(api, first, RIGHT)
    memory_forget(document=first)
    assert not SenderMemory.objects.exists()
    assert not Lesson.objects.exists()


def test_erasing_one_of_two_documents_keeps_only_what_the_other_taught(api, sawmill_sends):
    first, second = sawmill_sends("T-1041"), sawmill_sends("T-1050", total="99,00")
    correct(api, first, RIGHT)
    correct(api, second, {"total": "99.00"})
    memory_forget(document=first)
    assert list(RememberedField.objects.values_list("name", "example")) == [("total", "99.00")]
    memory = SenderMemory.objects.get()
    assert [item["document"] for item in memory.prints] == [str(second.pk)]
    assert fields_of(api, sawmill_sends("T-1077", total="1.404,50"))["total"]["value"] == "1404.50"


def test_a_deleted_document_leaves_what_it_taught(api, sawmill_sends):
    first = sawmill_sends("T-1041")
    correct(api, first, RIGHT)
    first.delete()
    found = fields_of(api, sawmill_sends("T-1077"))["invoice_number"]
    assert (found["value"], found["memory"]["document_id"]) == ("T-1077", None)


def test_learning_is_in_the_audit_trail(api, sawmill_sends):
    first = sawmill_sends("T-1041")
    correct(api, first, RIGHT)
    event = AuditEvent.objects.get(action="memory.learned")
    assert event.changes["fields"] == ["invoice_number", "total"]
    assert event.changes["document_id"] == str(first.pk)


def test_a_refused_correction_teaches_nothing(api, sawmill_sends):
    path = f"/api/v1/documents/{sawmill_sends('T-1041').pk}/extractions"
    assert api.post(path, {"fields": {"total": "much"}}, format="json").status_code == 400
    assert not SenderMemory.objects.exists()


def test_a_document_without_text_teaches_nothing(api, read_document):
    correct(api, read_document, {"total": "13.00"})
    assert Extraction.objects.count() == 2
    assert not SenderMemory.objects.exists()
