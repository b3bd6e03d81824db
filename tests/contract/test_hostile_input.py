"""Every input of every endpoint with values of the wrong kind: an error in words, never a 500."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from documents.models import Document
from extraction.engines.fields.defs import FieldDef
from extraction.models import Flow, Template
from extraction.services.templates import template_create
from tests.contract.checks import error_body, error_of

pytestmark = pytest.mark.django_db

RAW_VALUES = [
    "null",
    "true",
    "0",
    "-1",
    "1e400",
    "-1e400",
    "1" + "0" * 400,
    "1" * 5000,
    "0.1",
    '""',
    '" "',
    '"\\u0000"',
    '"a\\u0000b"',
    '"\\ud800"',
    '"nan"',
    '"inf"',
    '"1e999"',
    '"' + "x" * 20000 + '"',
    "[]",
    "[null]",
    "[[[]]]",
    '[{"a":"\\udfff"}]',
    "{}",
    '{"\\u0000":1}',
    '{"\\ud800":1}',
    '{"a":{"b":1e999}}',
    "[" * 60 + "]" * 60,
    "[" * 900 + "]" * 900,
    '{"a":' * 900 + "1" + "}" * 900,
    '"9999-12-31T23:59:59-23:59"',
    '"0001-01-01"',
    '"2026-13-45"',
    '"😀"',
    '"\\u202egnp.exe"',
    '"../../etc/passwd"',
    "9223372036854775808",
]
BODIES: dict[str, tuple[str, dict[str, Any]]] = {
    "auth/me": ("patch", {"full_name": "Ada", "preferences": {}}),
    "api-keys": ("post", {"name": "k", "scopes": ["jobs:read"], "expires_at": None, "allowed_ips": []}),
    "documents": (
        "post",
        {
            "filename": "a.txt",
            "content_base64": "aGVsbG8=",
            "content_type": "text/plain",
            "flow_id": None,
            "folder_id": None,
            "template_id": None,
            "customer_id": None,
            "type": None,
            "model": "standard",
            "external_ref": "r",
            "pdf_password": "p",
            "title": "t",
            "tags": [],
            "metadata": {},
            "language": "auto",
            "pages": None,
            "instructions": None,
            "ocr": "auto",
            "table_mode": "fast",
            "image_handling": "none",
            "temperature": 0.5,
            "process": False,
            "on_duplicate": "allow",
            "wait": 0,
        },
    ),
    "flows": (
        "post",
        {
            "name": "Mine",
            "description": "",
            "prompt": "",
            "instructions": "",
            "document_type": None,
            "model": "standard",
            "temperature": 0,
            "language": "auto",
            "ocr": "auto",
            "table_mode": "fast",
            "image_handling": "none",
            "pages": "",
            "auto_approve": False,
            "auto_approve_min_score": 85,
            "review_below_score": 70,
            "always_review": False,
            "review_sample_percent": 5,
            "tags": [],
            "suggest_metadata": False,
            "active": True,
            "is_default": False,
            "fields": [],
        },
    ),
    "flows/{flow}": ("patch", {"name": "Mine", "version": 1, "template_id": None, "fields": []}),
    "flows/{flow}/duplicate": ("post", {"name": "Copy"}),
    "templates": (
        "post",
        {
            "name": "Mine",
            "slug": "mine",
            "document_type_hint": None,
            "fields": [{"label": "Number"}],
            "match": {"keywords_any": ["a"], "keywords_all": [], "regex": "[0-9]+", "min_score": 50},
            "active": True,
        },
    ),
    "templates/{template}": ("patch", {"name": "Mine", "match": {}, "fields": [{"label": "A"}]}),
    "templates/{template}/validate": ("post", {"fields": {"number": "1"}}),
    "document-types": (
        "post",
        {
            "slug": "mine",
            "name": "Mine",
            "group": "custom",
            "description": "",
            "keywords": [],
            "fields": [],
            "enabled": True,
        },
    ),
    "document-types/invoice": ("patch", {"enabled": True}),
    "flows/{flow}/simulate": (
        "post",
        {
            "review_below_score": 70,
            "auto_approve": False,
            "auto_approve_min_score": 85,
            "always_review": False,
            "floors": {},
            "target_precision": 0.99,
            "from": None,
            "to": None,
        },
    ),
    "documents/{document}/approve": ("post", {"comment": "", "version": 1, "fields": {}}),
    "documents/{document}/reject": ("post", {"reason": "r", "category": "", "version": 1}),
    "documents/{document}/extractions": (
        "post",
        {
            "fields": {"total": "1"},
            "boxes": {},
            "reason": "",
            "extraction_id": None,
            "approve": False,
            "version": 1,
        },
    ),
    "documents/{document}/reextract": (
        "post",
        {
            "flow_id": None,
            "template_id": None,
            "type": None,
            "model": "standard",
            "pdf_password": None,
            "reuse_text": True,
        },
    ),
    "documents/{document}/convert": (
        "post",
        {
            "flow_id": None,
            "template_id": None,
            "type": None,
            "model": "standard",
            "language": "auto",
            "pages": None,
            "instructions": None,
            "ocr": "auto",
            "table_mode": "fast",
            "image_handling": "none",
            "temperature": 0,
        },
    ),
}
INPUTS = [(route, name) for route, (_, body) in BODIES.items() for name in body]


def path_of(route: str, document: Document, admin: Any) -> str:
    flow = Flow.objects.visible_to(admin).first()
    assert flow is not None
    template = Template.objects.visible_to(admin).first() or template_create(
        actor=admin, name="Any", fields=[FieldDef("number", "Number")]
    )
    return "/api/v1/" + route.format(document=document.pk, flow=flow.pk, template=template.pk)


def check(response: Any, sent: str) -> None:
    assert response.status_code < 500, (sent[:80], response.content[:300])
    if response.status_code >= 400:
        error_body(response)
    elif response["Content-Type"].startswith("application/json"):
        json.loads(response.content)


@pytest.mark.parametrize(("route", "name"), INPUTS)
def test_a_value_of_any_kind_in_any_key_never_breaks_the_server(api, admin, read_document, route, name):
    path, (method, body) = path_of(route, read_document, admin), BODIES[route]
    for raw in RAW_VALUES:
        sent = (
            "{"
            + ",".join(
                f"{json.dumps(key)}:{raw if key == name else json.dumps(value)}"
                for key, value in body.items()
            )
            + "}"
        )
        check(getattr(api, method)(path, sent.encode(), content_type="application/json"), f"{name}={raw}")


def test_random_bodies_never_break_the_server(api, admin, read_document):
    chance = random.Random(7)
    for _ in range(150):
        route = chance.choice(list(BODIES))
        method, body = BODIES[route]
        changed = {
            key: chance.choice(RAW_VALUES) if chance.random() < 0.3 else json.dumps(value)
            for key, value in body.items()
            if chance.random() < 0.9
        }
        sent = "{" + ",".join(f"{json.dumps(key)}:{raw}" for key, raw in changed.items()) + "}"
        path = path_of(route, read_document, admin)
        check(getattr(api, method)(path, sent.encode(), content_type="application/json"), f"{route} {sent}")


TEXTS = [
    "",
    " ",
    "\x00",
    "nan",
    "inf",
    "1e999",
    "x" * 5000,
    "-1",
    "[",
    "{}",
    '{"a":"\\u0000"}',
    '{"a":NaN}',
    '{"a":1e999}',
    "[" * 5000,
    '{"a":' * 700 + "1" + "}" * 700,
    "😀",
    "\ud83d",
    "2026-13-45",
    "true",
]


@pytest.mark.parametrize("name", [key for key in BODIES["documents"][1] if not key.startswith("content")])
def test_a_text_of_any_kind_in_any_form_field_never_breaks_the_server(api, name):
    for text in TEXTS:
        value = text.encode("utf-8", "surrogatepass")
        form = {"file": SimpleUploadedFile("a.txt", b"hello"), "process": "false", "on_duplicate": "allow"}
        check(api.post("/api/v1/documents", form | {name: value}, format="multipart"), f"{name}={text!r}")
    form = {"file": SimpleUploadedFile("a.txt", b"hello"), name: SimpleUploadedFile("b.txt", b"no text")}
    check(api.post("/api/v1/documents", form, format="multipart"), f"{name}=file")


FILTERS = {
    "documents": (
        "status phase type document_type flow_id external_ref q search tag source content_type file_type "
        "from to min_score max_score flag assigned_to dedup_status sha256 job_id ids expand "
        "limit offset cursor ordering count"
    ),
    "jobs": "type status active from to",
    "flows": "q active cursor",
    "templates": "q active type limit cursor ordering count",
    "document-types": "group enabled limit cursor ordering count",
    "api-keys": "include_revoked",
    "review/queue": "next q cursor expand",
    "documents/{document}/markdown": "images",
    "documents/{document}/export": "format",
    "documents/{document}/figures": "limit offset cursor ordering count",
}
QUERIES = [
    "",
    "%20",
    "%00",
    "nan",
    "inf",
    "-inf",
    "1e999",
    "0",
    "-1",
    "1" * 400,
    "%F0%9F%98%80",
    "%ED%A0%80",
    "%FF",
    ",",
    ",,,",
    "true",
    "x" * 3000,
    "0001-01-01",
    "2026-13-45",
    "9999-12-31T23:59:59-23:59",
    "0001-01-01T00:00:00%2B23:59",
    "%25",
    "'",
    "\\",
    "%5Cx",
    "a:b:c",
    ".",
    "eyJ2IjoxfQ:1:2",
]


@pytest.mark.parametrize(
    ("route", "name"), [(route, name) for route, names in FILTERS.items() for name in names.split()]
)
def test_a_query_of_any_kind_never_breaks_the_server(api, read_document, route, name):
    for text in QUERIES:
        path = route.format(document=read_document.pk)
        check(api.get(f"/api/v1/{path}?{name}={text}"), f"{name}={text}")


@pytest.mark.parametrize(
    "part", ["content?page", "preview?page", "preview?width", "thumb?width", "status?wait"]
)
@pytest.mark.parametrize("text", ["-1", "nan", "x", "1" * 2000, "61000000"])
def test_a_number_out_of_its_range_is_named(api, read_document, part, text):
    name = part.partition("?")[2]
    response = api.get(f"/api/v1/documents/{read_document.pk}/{part}={text}")
    assert set(error_of(response, 400, "validation_failed")["fields"]) == {name}


def test_a_text_with_a_nul_says_so(api):
    response = api.post("/api/v1/flows", b'{"name":"a\\u0000b"}', content_type="application/json")
    fields = error_of(response, 400, "validation_failed")["fields"]
    assert "NUL" in fields["body"][0]
