"""What people choose about how a file is read, and how they see the result."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.actors import Actor
from documents.models import Document
from extraction.markdown import markdown_to_html
from tests.extraction.convert.files import text_pdf

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(admin: Actor) -> Client:
    client = Client()
    assert admin.user is not None
    client.force_login(admin.user)
    return client


def test_the_upload_page_passes_the_choices_on(browser: Client) -> None:
    sent = {"pages": "1-2", "ocr": "off", "image_handling": "none", "type": "letter"}
    file = SimpleUploadedFile("a.txt", b"Dear Sir or Madam")
    assert browser.post("/upload", {**sent, "file": file}).status_code == 302
    document = Document.objects.get()
    assert document.options == {"pages": "1-2", "ocr": "off", "image_handling": "none"}
    assert (document.type, document.type_source) == ("letter", "hint")


def test_reading_again_takes_new_choices_and_keeps_the_others(
    browser: Client, process: Any, tmp_path: Any
) -> None:
    path = text_pdf(tmp_path / "a.pdf", [(72, 72, "Hello")], pages=2)
    document = process(path, options={"language": "de"})
    answer = browser.post(f"/documents/{document.pk}/run", {"pages": "2"})
    assert answer.status_code == 302
    document.refresh_from_db()
    assert document.options == {"language": "de", "pages": "2"}
    assert document.next_stage == "extraction.stages.parse"


def test_a_choice_that_cannot_be_is_refused_in_words(browser: Client, process: Any) -> None:
    document = process(b"Hello")
    answer = browser.post(f"/documents/{document.pk}/run", {"pages": "two"}, follow=True)
    assert "Pages: Write page numbers such as 1-5,8,10-12." in answer.content.decode()
    document.refresh_from_db()
    assert document.is_settled


def test_only_the_documents_own_pictures_are_shown() -> None:
    html = markdown_to_html(
        "![Plan](figures/p1-1.png) ![Spy](https://spy.example/x.png)<img src=https://spy.example/y.png>",
        {"figures/p1-1.png": "/api/v1/documents/1/figures/1/download"},
    )
    assert 'src="/api/v1/documents/1/figures/1/download"' in html
    assert "spy.example" not in html
    assert "Spy" in html


def test_footnotes_and_formulas_are_shown_as_such_and_money_is_not() -> None:
    html = markdown_to_html("It costs $5 and $6.[^1]\n\n$$\na = b\n$$\n\n[^1]: Net.\n")
    assert "costs $5 and $6." in html
    assert 'class="math block"' in html
    assert 'href="#fn1"' in html
    assert "Net." in html
