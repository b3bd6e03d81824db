"""The Django admin as the second door: by role, through the same services, within the workspace."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import ApiKey, AuditEvent
from documents.models import Status
from extraction.engines.fields.defs import FieldDef
from extraction.models import Flow, FlowVersion
from extraction.services.document_types import document_type_create
from extraction.services.templates import template_create

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(request):
    """A logged-in browser of the role that the test names."""
    actor = request.getfixturevalue(getattr(request, "param", "admin"))
    client = Client()
    client.force_login(actor.user)
    return client


PAGES = [
    "/admin/",
    "/admin/documents/document/",
    "/admin/documents/job/",
    "/admin/extraction/flow/",
    "/admin/extraction/template/",
    "/admin/extraction/documenttype/",
    "/admin/accounts/apikey/",
    "/admin/accounts/membership/",
    "/admin/accounts/auditevent/",
]


@pytest.mark.parametrize("page", PAGES)
def test_an_admin_sees_every_page(browser, page, upload):
    upload()
    assert browser.get(page).status_code == 200


@pytest.mark.parametrize("browser", ["reviewer"], indirect=True)
def test_a_reviewer_sees_documents_but_neither_keys_nor_members(browser):
    assert browser.get("/admin/documents/document/").status_code == 200
    assert browser.get("/admin/accounts/apikey/").status_code == 403
    assert browser.get("/admin/accounts/membership/").status_code == 403


@pytest.mark.parametrize("browser", ["member"], indirect=True)
def test_a_member_is_sent_away(browser):
    assert browser.get("/admin/").status_code == 302


def test_the_list_shows_only_the_own_workspace(browser, upload, stranger):
    upload(filename="ours.txt")
    upload(b"other bytes of text", filename="theirs.txt", actor=stranger)
    page = browser.get("/admin/documents/document/").content.decode()
    assert "ours.txt" in page
    assert "theirs.txt" not in page


def test_approving_in_the_list_goes_through_the_service(browser, process, samples):
    document = process(samples["invoice-en-wrong-sum.pdf"][1])
    browser.post(
        "/admin/documents/document/",
        {"action": "approve", "_selected_action": [str(document.pk)]},
        follow=True,
    )
    document.refresh_from_db()
    assert document.status == Status.APPROVED
    assert AuditEvent.objects.filter(object_id=document.pk, action="document.approved").exists()


def test_rejecting_asks_for_a_reason_first(browser, process, samples):
    document = process(samples["invoice-en-wrong-sum.pdf"][1])
    form = {"action": "reject", "_selected_action": [str(document.pk)]}
    assert "Reason" in browser.post("/admin/documents/document/", form).content.decode()
    browser.post("/admin/documents/document/", {**form, "reason": "not ours"})
    document.refresh_from_db()
    assert (document.status, document.review_reason) == (Status.REJECTED, "not ours")


def test_approving_what_cannot_be_approved_says_why(browser, upload):
    document = upload()
    form = {"action": "approve", "_selected_action": [str(document.pk)]}
    page = browser.post("/admin/documents/document/", form, follow=True).content.decode()
    assert "The document is pending" in page


def flow_form(flow: Flow, **changes: object) -> dict[str, object]:
    form: dict[str, object] = {
        "name": flow.name,
        "document_type": flow.document_type,
        "active": "on",
        "review_below_score": 70,
        "auto_approve_min_score": 85,
        "review_sample_percent": 0,
        "language": "auto",
        "ocr": "auto",
        "table_mode": "fast",
        "image_handling": "referenced",
        "model": "standard",
        "temperature": 0,
        "fields-TOTAL_FORMS": 1,
        "fields-INITIAL_FORMS": 0,
        "fields-0-position": 0,
        "fields-0-label": "Loan amount",
        "fields-0-type": "number",
    }
    return form | changes


def test_a_changed_flow_is_a_new_version(browser, workspace):
    flow = Flow.objects.get(workspace=workspace, document_type="invoice")
    before = flow.fields.count()
    page = browser.post(f"/admin/extraction/flow/{flow.pk}/change/", flow_form(flow, always_review="on"))
    assert page.status_code == 302, page.context["errors"]
    flow.refresh_from_db()
    assert (flow.version, flow.always_review) == (2, True)
    assert flow.fields.count() == before + 1
    assert flow.fields.filter(name="loan_amount", label="Loan amount").exists()
    assert FlowVersion.objects.filter(flow=flow).count() == 2


def test_a_name_that_is_taken_is_refused_with_a_sentence(browser, workspace):
    flow = Flow.objects.get(workspace=workspace, document_type="invoice")
    page = browser.post(f"/admin/extraction/flow/{flow.pk}/change/", flow_form(flow, name="Receipts"))
    assert "There is a flow of this name" in page.content.decode()


def test_a_new_key_is_shown_once_and_then_only_revoked(browser):
    form = {"name": "Accounting", "scopes": ["documents:read"], "allowed_ips": ""}
    page = browser.post("/admin/accounts/apikey/add/", form, follow=True).content.decode()
    key = ApiKey.objects.get(name="Accounting")
    assert key.key_prefix in page
    assert "shown only now" in page
    action = {"action": "revoke", "_selected_action": [str(key.pk)]}
    browser.post("/admin/accounts/apikey/", action)
    key.refresh_from_db()
    assert key.revoked_at


def test_the_last_admin_cannot_be_removed(browser, admin):
    membership = admin.user.memberships.get()
    browser.post(f"/admin/accounts/membership/{membership.pk}/delete/", {"post": "yes"}, follow=True)
    assert admin.user.memberships.exists()


def test_templates_are_published_and_deleted_and_types_are_seen(browser, admin):
    fields = [FieldDef("total", "Total")]
    template = template_create(actor=admin, name="Kestrel", fields=fields)
    document_type_create(actor=admin, slug="loan", name="Loan")
    path = "/admin/extraction/template/"
    choice = {"_selected_action": str(template.pk)}
    assert "1 published" in browser.post(path, {**choice, "action": "publish"}, follow=True).content.decode()
    assert browser.get(f"{path}{template.pk}/change/").status_code == 200
    assert "1 deleted" in browser.post(path, {**choice, "action": "remove"}, follow=True).content.decode()
    assert "/types/loan" in browser.get("/admin/extraction/documenttype/").content.decode()


def test_a_flow_takes_a_type_and_a_template_of_its_workspace(browser, admin, stranger):
    document_type_create(actor=admin, slug="loan", name="Loan")
    fields = [FieldDef("total", "Total")]
    template = template_create(actor=admin, name="Kestrel", fields=fields, active=True)
    theirs = template_create(actor=stranger, name="Theirs", fields=fields, active=True)
    flow = Flow.objects.visible_to(admin).get(name="Invoices")
    path = f"/admin/extraction/flow/{flow.pk}/change/"
    browser.post(path, flow_form(flow, document_type="loan", template=str(template.pk)))
    flow.refresh_from_db()
    assert (flow.document_type, flow.template) == ("loan", template)
    assert "Theirs" not in browser.get(path).content.decode()
    assert browser.post(path, flow_form(flow, template=str(theirs.pk))).status_code == 200
