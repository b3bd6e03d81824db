"""Who gets in: every page asks who somebody is, what they may do, and whose rows they are."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from accounts.actors import Actor
from accounts.models import User
from accounts.services.members import member_add
from documents.models import Document, Status
from extraction.services.review import review_claim
from tests.browser.rows import invoice

PAGES = ["/", "/review", "/review/next", "/documents", "/upload", "/jobs", "/counts"]
OF_A_DOCUMENT = [
    "/review/{id}", "/documents/{id}", "/documents/{id}/row", "/documents/{id}/pages/1",
    "/documents/{id}/file",
]  # fmt: skip
POSTS = [
    "/review/{id}/fields", "/review/{id}/approve", "/review/{id}/reject", "/review/{id}/undo",
    "/documents/{id}/run", "/documents/{id}/cancel",
]  # fmt: skip


def client_of(actor: Actor) -> Client:
    client = Client()
    assert actor.user is not None
    client.force_login(actor.user)
    return client


def test_strangers_are_sent_to_the_login_page(reviewer: Actor) -> None:
    document = invoice(reviewer, 1)
    for path in [*PAGES, *OF_A_DOCUMENT]:
        answer = Client().get(path.format(id=document.pk))
        assert answer.status_code == 302, path
        assert answer.headers["Location"].startswith("/account/login/"), path


def test_documents_of_another_workspace_do_not_exist(reviewer: Actor, stranger: Actor) -> None:
    document = invoice(reviewer, 1)
    theirs = client_of(stranger)
    for path in OF_A_DOCUMENT:
        assert theirs.get(path.format(id=document.pk)).status_code == 404, path
    for path in POSTS:
        assert theirs.post(path.format(id=document.pk), {"reason": "no"}).status_code == 404, path
    theirs.post("/review/approve", {"ids": [str(document.pk)]})
    document.refresh_from_db()
    assert document.status == Status.REQUIRES_REVIEW


def test_members_may_not_review(member: Actor, reviewer: Actor) -> None:
    document = invoice(reviewer, 1)
    theirs = client_of(member)
    assert theirs.get("/").headers["Location"] == "/documents"
    assert theirs.get("/review").status_code == 403
    assert theirs.post(f"/review/{document.pk}/approve").status_code == 403
    assert b"/review" not in theirs.get("/documents").content


def test_a_person_without_workspace_is_told_so(db: None) -> None:
    user = User.objects.create_user("new@example.org", "a long password")
    client = Client()
    client.force_login(user)
    answer = client.get("/documents")
    assert answer.status_code == 403
    assert b"You are in no workspace yet" in answer.content


def test_the_workspace_switch_only_offers_ones_own(reviewer: Actor, stranger: Actor) -> None:
    mine = client_of(reviewer)
    wanted = {"workspace": str(stranger.workspace.pk)}
    assert mine.post("/workspace", wanted).status_code == 404
    assert reviewer.user is not None
    member_add(workspace=stranger.workspace, user=reviewer.user, role="member")
    assert mine.post("/workspace", wanted).status_code == 302
    assert b"Globex" in mine.get("/documents").content


def test_forms_need_their_token(reviewer: Actor) -> None:
    document = invoice(reviewer, 1)
    client = Client(enforce_csrf_checks=True)
    assert reviewer.user is not None
    client.force_login(reviewer.user)
    assert client.post(f"/review/{document.pk}/approve").status_code == 403


def test_next_passes_over_what_others_look_at(reviewer: Actor, admin: Actor) -> None:
    first, second = invoice(reviewer, 1, score=40.0), invoice(reviewer, 2, score=50.0)
    assert review_claim(document=first, actor=admin)
    assert client_of(reviewer).get("/review/next").headers["Location"] == f"/review/{second.pk}"


def test_selected_documents_are_approved_and_undone_together(reviewer: Actor) -> None:
    documents = [invoice(reviewer, number) for number in range(3)]
    mine = client_of(reviewer)
    page = mine.post("/review/approve", {"ids": [str(row.pk) for row in documents[:2]]}, follow=True)
    assert b"Approved 2 documents." in page.content
    assert Document.objects.filter(status=Status.APPROVED).count() == 2
    ids = "&".join(f"ids={row.pk}" for row in documents[:2])
    mine.post(f"/review/undo?{ids}")
    assert Document.objects.filter(status=Status.REQUIRES_REVIEW).count() == 3


@pytest.mark.parametrize("path", ["/review", "/documents", "/jobs"])
def test_a_list_costs_the_same_number_of_queries_however_long(
    reviewer: Actor, django_assert_max_num_queries: Any, path: str
) -> None:
    for number in range(12):
        invoice(reviewer, number)
    mine = client_of(reviewer)
    with django_assert_max_num_queries(14):
        mine.get(path)


def test_markdown_of_a_document_cannot_run_or_call_anything() -> None:
    from extraction.markdown import markdown_to_html

    html = markdown_to_html(
        "# A\n<script>alert(1)</script><img src=x onerror=alert(1)>[go](javascript:alert(1)) ![p](https://e.example/t.gif)"
        "\n\n| a |\n|---|\n| <b onclick=x>b</b> |\n"
    )
    for start in ("<script", "<img", "<a ", "onerror=", "onclick="):
        assert start not in html, start
    assert "<h3>A</h3>" in html
    assert "<table>" in html
