"""Flows, templates and document types made on their pages, also without JavaScript."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.actors import Actor
from documents.models import Job
from documents.services.job_runs import job_run
from extraction import sandbox
from extraction.engines.fields.defs import FieldDef
from extraction.models import Flow, Template
from extraction.services.flows import flow_create
from extraction.services.templates import template_create
from extraction.type_registry import type_of
from tests.vision_server import MODEL, Reply, VisionServer, vision

__all__ = ["vision"]

pytestmark = pytest.mark.django_db
PATHS = ["/flows", "/flows/new", "/templates", "/templates/new", "/types", "/types/new", "/types/invoice"]


@pytest.fixture
def browser(admin: Actor) -> Client:
    client = Client()
    assert admin.user is not None
    client.force_login(admin.user)
    return client


def rows(*items: dict[str, Any], above: str = "") -> dict[str, Any]:
    """The table's part of a form."""
    form: dict[str, Any] = {"row": []}
    for number, item in enumerate(items):
        path = f"{above}{number}"
        form["row"].append(path)
        parts = item.get("parts", ())
        form |= {f"f-{path}-{name}": value for name, value in item.items() if name != "parts"}
        inner = rows(*parts, above=f"{path}.")
        form["row"] += inner.pop("row")
        form |= inner
    return form


def flow_form(*fields: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {
        "name": "Loans", "active": "on", "review_below_score": "70", "auto_approve_min_score": "85",
        "model": "standard", "temperature": "0", "language": "auto", "ocr": "auto", "table_mode": "fast",
        "image_handling": "referenced", **rows(*fields), **changes,
    }  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_the_pages_are_for_admins(browser, reviewer, path):
    assert browser.get(path).status_code == 200
    other = Client()
    other.force_login(reviewer.user)
    assert other.get(path).status_code == 403
    assert Client().get(path).status_code == 302


def test_a_flow_is_made_with_all_that_a_field_can_be(browser, admin):
    response = browser.post(
        "/flows/new",
        flow_form(
            {
                "label": "Loan number",
                "required": "on",
                "floor": "90",
                "regex": "KL-[0-9]{4}",
                "hint": "on top",
            },
            {"label": "Currency", "type": "enum", "values": "EUR\r\n\r\nGBP", "default": "EUR"},
            {"label": ""},
            {"label": "Lines", "type": "array", "parts": [{"label": "Amount", "type": "currency"}]},
            tags="loan, kestrel, loan",
        ),
    )
    flow = Flow.objects.get(name="Loans")
    assert response["Location"] == f"/flows/{flow.pk}"
    number, currency, lines = flow.field_defs()
    assert (number.required, number.require_score_above, number.regex) == (True, 90, "KL-[0-9]{4}")
    assert (currency.values, currency.default) == (("EUR", "GBP"), "EUR")
    assert [(part.name, part.type) for part in lines.items] == [("amount", "currency")]
    assert flow.tags == ["loan", "kestrel"]


def test_a_flow_is_changed_as_its_next_version_and_shows_what_it_has(browser, admin):
    fields = [FieldDef("total", "Total", "currency", hint="at the bottom")]
    flow = flow_create(actor=admin, name="Loans", fields=fields)
    page = browser.get(f"/flows/{flow.pk}").content.decode()
    assert "at the bottom" in page
    browser.post(f"/flows/{flow.pk}", flow_form({"label": "Total"}, name="Credits", version="1"))
    flow.refresh_from_db()
    assert (flow.name, flow.version, flow.active) == ("Credits", 2, True)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": ""}, "This field is required"),
        ({"name": "Invoices"}, "There is a flow of this name"),
        ({"auto_approve_min_score": "40"}, "greater than or equal to 50"),
        ({"version": "7"}, "changed by somebody else"),
        ({"pages": "all of them"}, "Write page numbers such as"),
        ({"tags": ",".join("abcdefg" * 8 + str(n) for n in range(51))}, "Up to 50 tags"),
        ({"f-0-regex": "(a+)+$"}, "A repeated group may not contain"),
        ({"f-0-floor": "much"}, "The lowest score is a number"),
        ({"f-0-floor": "120"}, "The score lies between 0 and 100"),
        ({"f-0-type": "enum"}, "An enum field has 1 to"),
        ({"f-0-type": "date", "f-0-default": "soon"}, "Default: Enter a date"),
        ({"f-0-type": "colour"}, "The type is one of"),
    ],
)
def test_what_is_wrong_stands_on_the_page_and_nothing_is_saved(browser, admin, changes, sentence):
    flow = flow_create(actor=admin, name="Loans", fields=[FieldDef("total", "Total")])
    response = browser.post(f"/flows/{flow.pk}", flow_form({"label": "Sum"}, version="1") | changes)
    assert response.status_code == 422
    assert sentence in response.content.decode()
    flow.refresh_from_db()
    assert (flow.version, [field.name for field in flow.field_defs()]) == (1, ["total"])


def labels(page: str) -> list[str]:
    """The labels in the table, from top to bottom."""
    found = [part.partition('"')[0] for part in page.split('-label" value="')[1:]]
    assert page.count('name="row"') == len(found)
    return found


@pytest.mark.parametrize(
    ("action", "shown"),
    [
        ("add", ["A", "B", "B1", "B2", ""]),
        ("add:1", ["A", "B", "B1", "B2", ""]),
        ("remove:0", ["B", "B1", "B2"]),
        ("remove:1.0", ["A", "B", "B2"]),
        ("up:1", ["B", "B1", "B2", "A"]),
        ("down:1", ["A", "B", "B1", "B2"]),
        ("down:1.0", ["A", "B", "B2", "B1"]),
        ("show", ["A", "B", "B1", "B2"]),
        ("up:9", ["A", "B", "B1", "B2"]),
        ("nonsense", ["A", "B", "B1", "B2"]),
    ],
)
@pytest.mark.parametrize("htmx", [True, False])
def test_the_table_changes_without_being_saved(browser, action, shown, htmx):
    parts = [{"label": "B1"}, {"label": "B2"}]
    form = flow_form({"label": "A"}, {"label": "B", "type": "object", "parts": parts}, do=action)
    response = browser.post("/flows/new", form, headers={"HX-Request": "true"} if htmx else {})
    page = response.content.decode()
    assert labels(page) == shown
    assert ("<html" in page) is not htmx
    assert not Flow.objects.filter(name="Loans").exists()


def test_a_flow_with_a_templates_fields_forgets_its_own(browser, admin):
    template = template_create(actor=admin, name="T", fields=[FieldDef("total", "Total")], active=True)
    form = flow_form({"label": "Sum"}, template=str(template.pk))
    page = browser.post("/flows/new", {**form, "do": "show"}, headers={"HX-Request": "true"})
    assert 'class="field-table" hidden' in page.content.decode()
    browser.post("/flows/new", form)
    flow = Flow.objects.get(name="Loans")
    assert (flow.template, flow.field_defs()) == (template, [])


def test_a_flow_is_copied_and_deleted(browser, admin):
    flow = flow_create(actor=admin, name="Loans", fields=[])
    response = browser.post(f"/flows/{flow.pk}/copy")
    copy = Flow.objects.get(name="Loans (copy)")
    assert response["Location"] == f"/flows/{copy.pk}"
    assert browser.post(f"/flows/{flow.pk}/delete")["Location"] == "/flows"
    assert not Flow.objects.filter(pk=flow.pk).exists()


def template_form(*fields: dict[str, Any], **changes: Any) -> dict[str, Any]:
    form = {"name": "Kestrel", "min_score": "60", "keywords_all": "kestrel mutual\r\nloan"}
    return {**form, **rows(*fields), **changes}


def test_a_template_is_drafted_published_and_switched_off(browser):
    browser.post("/templates/new", template_form({"label": "Number"}))
    template = Template.objects.get()
    assert (template.status, template.match["keywords_all"]) == ("draft", ["kestrel mutual", "loan"])
    path = f"/templates/{template.pk}"
    browser.post(path, template_form({"label": "Number"}, {"label": "Sum"}, publish="yes"))
    template.refresh_from_db()
    assert (template.status, template.version, len(template.fields)) == ("active", 1, 2)
    assert "What you changed since" not in browser.get(path).content.decode()
    browser.post(path, template_form({"label": "Number"}))
    assert "What you changed since" in browser.get(path).content.decode()
    browser.post(f"{path}/switch", {"active": "no"})
    template.refresh_from_db()
    assert template.status == "inactive"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"row": []}, "A template has 1 to 100 fields"),
        ({"regex": "(a+)+$"}, "A repeated group may not contain"),
        ({"slug": "taken"}, "There is a template with this slug"),
    ],
)
def test_what_is_wrong_with_a_template_stands_on_the_page(browser, admin, changes, sentence):
    template_create(actor=admin, name="Other", slug="taken", fields=[FieldDef("total", "Total")])
    response = browser.post("/templates/new", template_form({"label": "Number"}) | changes)
    assert response.status_code == 422
    assert sentence in response.content.decode()


def test_a_template_in_use_stays_and_says_why(browser, admin):
    template = template_create(actor=admin, name="T", fields=[FieldDef("total", "Total")], active=True)
    flow_create(actor=admin, name="Loans", fields=(), template=template)
    page = browser.post(f"/templates/{template.pk}/delete", follow=True).content.decode()
    assert "Flows use this template" in page
    Flow.objects.filter(name="Loans").delete()
    browser.post(f"/templates/{template.pk}/delete")
    assert not Template.objects.exists()


def test_a_template_is_tried_on_a_document_as_it_is_being_edited(browser, admin, process):
    rules = {"keywords_all": ["kestrel mutual"]}
    template = template_create(
        actor=admin, name="T", fields=[FieldDef("loan_number", "Loan number")], match=rules
    )
    document = process(b"Kestrel Mutual\n\nLoan number: KL-4471\n", "loan.txt")
    response = browser.post(f"/templates/{template.pk}/try", {"document": str(document.pk)})
    page = response.content.decode()
    assert "Recognised with 100 %" in page
    assert "KL-4471" in page
    document.refresh_from_db()
    assert document.template_id is None
    assert browser.post(f"/templates/{template.pk}/try", {"document": ""}).status_code == 404


def test_a_flow_is_tried_on_a_document(browser, admin, process):
    fields = [FieldDef("loan_number", "Loan number"), FieldDef("collateral", "Collateral", required=True)]
    flow = flow_create(actor=admin, name="Loans", fields=fields)
    document = process(b"Kestrel Mutual\n\nLoan number: KL-4471\n", "loan.txt")
    page = browser.post(f"/flows/{flow.pk}/try", {"document": str(document.pk)}).content.decode()
    assert "KL-4471" in page
    assert "It would wait for a person" in page


def test_a_type_of_ones_own_is_made_changed_and_deleted(browser, admin):
    form = {"name": "Loan", "slug": "loan", "group": "lending", "keywords": "loan\r\ncredit", "enabled": "on"}
    assert browser.post("/types/new", form | rows({"label": "Sum"}))["Location"] == "/types/loan"
    info = type_of(admin.workspace, "loan")
    assert (info.keywords, info.group, len(info.fields)) == (("loan", "credit"), "lending", 1)
    browser.post("/types/loan", form | rows() | {"name": "Loans"})
    assert type_of(admin.workspace, "loan").fields == ()
    taken = browser.post("/types/new", form | {"slug": "kk"})
    assert "There is a type `kk` already" in taken.content.decode()
    browser.post("/types/loan/delete")
    assert type_of(admin.workspace, "loan") is None


def test_a_built_in_type_is_switched_on_its_page(browser, admin):
    browser.post("/types/kk/switch", {"enabled": "no"})
    assert type_of(admin.workspace, "kartu_keluarga").enabled is False
    assert "Switch on" in browser.get("/types/kartu_keluarga").content.decode()


def test_nothing_of_another_workspace_is_reached(browser, stranger):
    flow = flow_create(actor=stranger, name="Theirs", fields=[])
    template = template_create(actor=stranger, name="Theirs", fields=[FieldDef("total", "Total")])
    for path in (f"/flows/{flow.pk}", f"/templates/{template.pk}"):
        assert browser.get(path).status_code == 404
        assert browser.post(f"{path}/delete").status_code == 404
    for path in ("/flows", "/templates"):
        assert "Theirs" not in browser.get(path).content.decode()


def test_a_form_of_any_kind_never_breaks_the_editor(browser):
    strange = {"row": ["0", "0.0", "0.0.0", "0.0.0.0", "7.1", "x", "0", "-1", "9" * 30], "do": "add:0.0"}
    assert browser.post("/flows/new", strange).status_code == 200
    for text in ("\x00", "x" * 5000, "😀", "1e999", "nan"):
        form = flow_form({"label": text, "type": text, "floor": text, "regex": text, "values": text})
        assert browser.post("/flows/new", form | {"temperature": text, "pages": text}).status_code == 422


@pytest.fixture
def model(settings: Any, vision: VisionServer) -> VisionServer:
    settings.LLM_BASE_URL, settings.LLM_API_KEY = vision.endpoint.base_url, vision.endpoint.api_key
    settings.LLM_MODELS = [MODEL]
    return vision


def test_a_flow_is_drafted_from_samples_and_opens_in_the_editor(browser, model):
    fields = [{"label": "Loan number"}, {"label": "Principal", "type": "currency"}]
    model.replies.append(Reply(text=json.dumps({"name": "Kestrel loans", "fields": fields})))
    files = [SimpleUploadedFile("a.txt", b"Kestrel Mutual, loan KL-4471, principal 900.00 EUR")]
    waiting = browser.post("/flows/suggest", {"files": files})["Location"]
    assert "The model reads your samples" in browser.get(waiting).content.decode()
    job_run(job_id=Job.objects.get(type="flow_suggest").pk)
    sandbox.close()
    assert browser.get(waiting, headers={"HX-Request": "true"})["HX-Redirect"].startswith("/flows/new?draft=")
    page = browser.get(waiting, follow=True).content.decode()
    assert 'value="Kestrel loans"' in page
    assert labels(page) == ["Loan number", "Principal"]
    assert not Flow.objects.filter(name="Kestrel loans").exists()


def test_a_draft_that_failed_says_why(browser, model):
    model.replies.append(Reply(text="I would rather not."))
    files = [SimpleUploadedFile("a.txt", b"Kestrel Mutual, loan KL-4471, principal 900.00 EUR")]
    waiting = browser.post("/flows/suggest", {"files": files})["Location"]
    job_run(job_id=Job.objects.get(type="flow_suggest").pk)
    sandbox.close()
    page = browser.get(waiting).content.decode()
    assert "There is no draft" in page
    assert "answer was not valid" in page


def test_suggestions_need_samples_and_a_model(browser, model, settings):
    assert "Suggest" in browser.get("/flows").content.decode()
    assert browser.get("/flows/suggest").status_code == 200
    assert "Choose 1 to 4 files" in browser.post("/flows/suggest").content.decode()
    strange = [SimpleUploadedFile("a.bin", b"\x00\x01\x02" * 40)]
    assert "not supported" in browser.post("/flows/suggest", {"files": strange}).content.decode()
    settings.LLM_BASE_URL = ""
    assert browser.get("/flows/suggest").status_code == 404
    assert "/flows/suggest" not in browser.get("/flows").content.decode()
