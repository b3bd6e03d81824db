"""Figures and assets by REST: places, pictures, signed addresses."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from documents.services.files import file_delete, file_read
from extraction import figure_links
from extraction.models import Conversion, Figure
from tests.contract.checks import error_of
from tests.contract.made import set_status

pytestmark = pytest.mark.django_db


def url(document: Any, part: str) -> str:
    return f"/api/v1/documents/{document.pk}/{part}"


def test_assets_tell_where_everything_is(api, illustrated):
    assets = api.get(url(illustrated, "assets")).json()
    assert (assets["parser"], assets["parser_version"]) == ("test", "1")
    assert [page["page"] for page in assets["pages"]] == [1, 2]
    first = assets["figures"][0]
    assert (first["index"], first["page"], first["title"]) == (1, 1, "Rings on navy")
    assert first["bbox"] == [150.0, 341.89, 450.0, 541.89]
    assert first["box"].keys() == {"page", "x", "y", "w", "h"}
    table = assets["tables"][0]
    assert (table["index"], table["page"], table["rows"], table["cols"]) == (1, 1, 2, 2)
    assert len(table["bbox"]) == 4


def test_a_document_of_which_nothing_was_kept_has_no_assets(api, illustrated):
    Conversion.objects.all().delete()
    error_of(api.get(url(illustrated, "assets")), 404, "not_found")


def test_figures_are_listed_with_addresses_that_need_no_key(api, illustrated):
    body = api.get(url(illustrated, "figures")).json()
    assert body["pagination"]["total_count"] == 2
    assert [row["figure_index"] for row in body["results"]] == [1, 2]
    first = body["results"][0]
    assert first["url"].startswith("http://testserver/api/v1/figures/")
    assert first["url_expires_at"].endswith("Z")
    picture = APIClient().get(first["url"])
    assert (picture.status_code, picture["Content-Type"]) == (200, "image/png")
    assert picture.getvalue() == file_read(Figure.objects.get(index=1).key)
    assert api.get(url(illustrated, "figures/1")).json() | {"url": "", "url_expires_at": ""} == first | {
        "url": "",
        "url_expires_at": "",
    }


def test_figures_page_by_offset_and_by_cursor(api, illustrated):
    second = api.get(url(illustrated, "figures?limit=1&offset=1")).json()
    assert [row["figure_index"] for row in second["results"]] == [2]
    assert second["pagination"]["offset"] == 1
    first = api.get(url(illustrated, "figures?limit=1")).json()
    cursor = first["pagination"]["next_cursor"]
    following = api.get(url(illustrated, f"figures?limit=1&cursor={cursor}")).json()
    assert [row["figure_index"] for row in following["results"]] == [2]


def test_a_picture_is_streamed_shown_or_saved(api, illustrated):
    data = file_read(Figure.objects.get(index=2).key)
    whole = api.get(url(illustrated, "figures/2/download"))
    assert (whole["Content-Type"], whole.getvalue()) == ("image/png", data)
    assert whole["X-Content-Type-Options"] == "nosniff"
    assert whole["Content-Disposition"].startswith("inline")
    saved = api.get(url(illustrated, "figures/2/download?download=true"))
    assert saved["Content-Disposition"] == "attachment; filename*=UTF-8''rings-p2-1.png"
    assert saved.getvalue() == data
    part = api.get(url(illustrated, "figures/2/download"), headers={"range": "bytes=0-3"})
    assert (part.status_code, part.getvalue()) == (206, data[:4])
    again = api.get(url(illustrated, "figures/2/download"), headers={"if-none-match": whole["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("part", ["figures/{}", "figures/{}/download"])
def test_a_number_that_is_no_figure_is_told(api, illustrated, part):
    for number in ("0", "-1", "x", "1.5", "9" * 30):
        response = api.get(url(illustrated, part.format(number)))
        assert set(error_of(response, 400, "validation_failed")["fields"]) == {"number"}
    assert error_of(api.get(url(illustrated, part.format(3))), 404, "not_found") == {"resource": "figure"}


def test_a_lost_picture_is_a_bad_gateway(api, illustrated):
    file_delete(Figure.objects.get(index=1).key)
    response = api.get(url(illustrated, "figures/1/download"))
    assert error_of(response, 502, "bad_gateway") == {"upstream": "storage"}


@pytest.mark.parametrize(
    "part", ["assets", "figures", "figures/1", "figures/1/download", "text", "export?format=json"]
)
def test_parts_are_asked_too_early_or_too_late(api, upload, illustrated, part):
    error_of(api.get(url(upload(b"other text", "b.txt"), part)), 409, "result_not_ready")
    set_status(illustrated, "erased")
    error_of(api.get(url(illustrated, part)), 410, "document_erased")


def test_a_signed_address_ends_and_cannot_be_forged(api, illustrated, monkeypatch):
    address = api.get(url(illustrated, "figures/1")).json()["url"]
    client = APIClient()
    error_of(client.get(address[:-3] + "abc"), 404, "not_found")
    error_of(client.get("/api/v1/figures/eyJ2IjoxfQ:1:2"), 404, "not_found")
    monkeypatch.setattr(figure_links, "LIFE", timedelta(seconds=-1))
    error_of(client.get(address), 410, "link_expired")
    monkeypatch.undo()
    assert client.get(address).getvalue() == file_read(Figure.objects.get(index=1).key)
    set_status(illustrated, "erased", erased_at=timezone.now())
    error_of(client.get(address), 410, "document_erased")


def test_markdown_gives_its_pictures_as_asked(api, illustrated):
    import base64

    links = api.get(url(illustrated, "markdown")).content.decode()
    assert f"![Rings on navy](http://testserver{url(illustrated, 'figures/1/download')})\n" in links
    assert api.get(url(illustrated, "markdown?images=links")).content.decode() == links
    inside = api.get(url(illustrated, "markdown?images=embedded")).content.decode()
    data = base64.b64encode(file_read(Figure.objects.get(index=2).key)).decode()
    assert f"![Rings on darkred](data:image/png;base64,{data})" in inside
    bare = api.get(url(illustrated, "markdown?images=none")).content.decode()
    assert "![" not in bare
    assert "Text of page 2" in bare
    error_of(api.get(url(illustrated, "markdown?images=all")), 400, "validation_failed")


def test_markdown_follows_the_documents_own_choice(api, illustrated):
    illustrated.options = {"image_handling": "embedded"}
    illustrated.save(update_fields=["options"])
    assert "data:image/png" in api.get(url(illustrated, "markdown")).content.decode()


def test_pictures_past_the_limit_are_links_and_lost_ones_are_left_out(api, illustrated, monkeypatch):
    first, second = Figure.objects.order_by("index")
    monkeypatch.setattr("extraction.markdown_images.MAX_EMBEDDED_BYTES", first.size_bytes)
    text = api.get(url(illustrated, "markdown?images=embedded")).content.decode()
    assert "data:image/png" in text
    assert url(illustrated, "figures/2/download") in text
    second.delete()
    assert text.count("![") == 2
    assert api.get(url(illustrated, "markdown")).content.decode().count("![") == 1


def test_the_result_links_to_the_pictures_too(api, illustrated):
    assert (
        f"]({url(illustrated, 'figures/1/download')})"
        in api.get(url(illustrated, "result")).json()["markdown"]
    )


def test_the_text_is_given_plain(api, illustrated):
    response = api.get(url(illustrated, "text"))
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response.content.decode() == "Rings1\n\nRings2"
    saved = api.get(url(illustrated, "text?download=true"))
    assert saved["Content-Disposition"] == "attachment; filename*=UTF-8''rings.txt"
