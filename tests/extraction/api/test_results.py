"""What was read: result, text, Markdown, pages, preview, thumb."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image

from extraction.models import Page
from tests.contract.checks import error_body, error_of
from tests.contract.made import set_status

pytestmark = pytest.mark.django_db
PARTS = ["result", "content", "markdown", "pages", "preview", "thumb"]


@pytest.fixture
def read_invoice(process: Any, samples: Any) -> Any:
    return process(samples["invoice-en-classic.pdf"][1])


def url(document: Any, part: str = "") -> str:
    return f"/api/v1/documents/{document.pk}/{part}"


def test_an_invoice_is_given_in_every_form(api, read_invoice, samples):
    """One real run for all forms: the run is what costs time."""
    expected = samples["invoice-en-classic.pdf"][0].expected
    result = api.get(url(read_invoice, "result")).json()
    assert result["extracted_data"]["total"] == expected["total"]
    assert set(result["fields"]["total"]) >= {"value", "raw", "score", "box", "source", "validated", "errors"}
    assert 0 <= result["field_scores"]["total"] <= 100
    assert result["stale"] is False

    content = api.get(url(read_invoice, "content")).json()
    assert content["word_count"] == len(content["full_text"].split()) > 20
    assert [page["page"] for page in content["pages"]] == [1]
    error_of(api.get(url(read_invoice, "content?page=99")), 404, "not_found")

    markdown = api.get(url(read_invoice, "markdown"))
    assert markdown["Content-Type"] == "text/markdown; charset=utf-8"
    assert expected["invoice_number"] in markdown.content.decode()
    assert (
        api.get(url(read_invoice, "markdown"), headers={"if-none-match": markdown["ETag"]}).status_code == 304
    )
    saved = api.get(url(read_invoice, "markdown?download=true"))
    assert saved["Content-Disposition"] == "attachment; filename*=UTF-8''invoice-en-classic.md"

    pages = api.get(url(read_invoice, "pages?words=true")).json()["results"]
    assert pages[0]["page"] == 1
    assert pages[0]["words"][0].keys() == {"text", "box", "score"}
    assert "words" not in api.get(url(read_invoice, "pages")).json()["results"][0]

    image = api.get(pages[0]["image_url"] + "&width=300")
    assert Image.open(io.BytesIO(image.content)).size[0] == 300
    thumb = api.get(url(read_invoice, "thumb?width=120"))
    assert (thumb["Content-Type"], Image.open(io.BytesIO(thumb.content)).width) == ("image/webp", 120)
    error_of(api.get(url(read_invoice, "preview?page=99")), 404, "not_found")


def test_a_pdf_is_streamed_whole_or_in_part_and_never_sniffed(api, upload, samples):
    path = samples["invoice-en-classic.pdf"][1]
    document, data = upload(path), path.read_bytes()
    whole = api.get(url(document, "preview"))
    assert whole.getvalue() == data
    assert whole["X-Content-Type-Options"] == "nosniff"
    assert whole["Content-Security-Policy"].startswith("sandbox")
    for asked, part in [("0-9", data[:10]), ("-10", data[-10:]), (f"{len(data) - 5}-", data[-5:])]:
        response = api.get(url(document, "preview"), headers={"range": f"bytes={asked}"})
        assert (response.status_code, response.getvalue()) == (206, part)
    assert api.get(url(document, "preview"), headers={"range": f"bytes={len(data)}-"}).status_code == 416
    head = api.head(url(document, "preview"))
    head.close()  # what a server does; the file must not stay open then
    assert (head.status_code, head["Content-Length"]) == (200, str(len(data)))


def test_a_lost_file_is_a_bad_gateway_not_a_crash(api, upload, samples, settings):
    from documents.services.files import file_delete

    document = upload(samples["invoice-en-classic.pdf"][1])
    file_delete(document.storage_key)
    response = api.get(url(document, "preview"))
    assert error_of(response, 502, "bad_gateway") == {"upstream": "storage"}


@pytest.mark.parametrize(
    "status", ["pending", "queued", "processing", "failed", "cancelled", "password_required"]
)
@pytest.mark.parametrize("part", ["result", "markdown", "pages", "preview"])
def test_a_result_asked_too_early_is_409(api, upload, part, status):
    document = set_status(upload(), status)
    response = api.get(url(document, part))
    assert error_of(response, 409, "result_not_ready") == {"status": status}
    assert (error_body(response)["retry_after"] is not None) == (status in ("queued", "processing"))


def test_a_text_asked_too_early_is_404(api, upload):
    document = upload()
    for part in ("content", "thumb"):
        error_of(api.get(url(document, part)), 404, "not_found")


@pytest.mark.parametrize("part", [*PARTS, "extractions"])
def test_every_part_of_an_erased_document_is_gone(api, read_document, part):
    set_status(read_document, "erased")
    error_of(api.get(url(read_document, part)), 410, "document_erased")


def test_a_document_links_to_its_parts(api, read_document):
    body = api.get(url(read_document).rstrip("/")).json()
    Page.objects.update(image_key="")
    links = body["links"]
    assert (links.pop("parent"), links.pop("children")) == (None, [])
    for link in links.values():
        assert api.get(link).status_code == 200
    assert body["group_memberships"] == []
