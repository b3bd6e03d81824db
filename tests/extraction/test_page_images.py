"""Pictures of pages: the first one is drawn with the document, the others when somebody looks."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.db import connections
from PIL import Image

from common.errors import AppError, NotFound
from documents.services.files import StorageAway, file_delete
from extraction import sandbox, stages
from extraction.models import Page
from extraction.services import pictures
from extraction.services.conversion import conversion_store
from extraction.services.pictures import page_image
from tests.conftest import PASSWORD
from tests.contract.checks import error_of
from tests.extraction.conftest import found_in

pytestmark = pytest.mark.django_db


def drawn(document) -> list[int]:
    return list(Page.objects.filter(document=document).exclude(image_key="").values_list("number", flat=True))


def test_only_the_first_page_is_drawn_with_the_document(illustrate):
    document, _ = illustrate("navy", "darkred", "green")
    assert drawn(document) == [1]
    drawn_one, *others = Page.objects.values_list("image_width", "image_height")
    for width, height in others:  # the place of a picture is known before it is drawn
        assert width == drawn_one[0] == 1080
        assert abs(height - drawn_one[1]) <= 1


def test_a_page_is_drawn_when_it_is_first_asked_for_and_then_read(illustrated, monkeypatch):
    image = page_image(illustrated, 2)
    assert Image.open(io.BytesIO(image)).width == 1080
    assert drawn(illustrated) == [1, 2]
    monkeypatch.setattr(sandbox, "render_pages", lambda *args, **options: pytest.fail("drawn twice"))
    assert page_image(illustrated, 2) == image


def test_pages_of_a_file_that_is_read_whole_are_drawn_together(process):
    document = process("\n".join(f"Line {number} of a long note." for number in range(900)).encode())
    assert document.page_count > 12
    page_image(document, 2)
    assert drawn(document) == list(range(1, 12))
    page_image(document, document.page_count)
    assert drawn(document) == [*range(1, 12), document.page_count]


def test_every_door_to_a_page_draws_it(api, admin, client, illustrated):
    pages = api.get(f"/api/v1/documents/{illustrated.pk}/pages").json()["results"]
    picture = api.get(pages[1]["image_url"])
    assert (picture["Content-Type"], Image.open(io.BytesIO(picture.content)).width) == ("image/png", 1080)
    Page.objects.update(image_key="")
    client.login(email=admin.label, password=PASSWORD)
    shown = client.get(f"/documents/{illustrated.pk}/pages/2")
    assert Image.open(io.BytesIO(shown.content)).format == "WEBP"
    assert drawn(illustrated) == [2]
    review = client.get(f"/review/{illustrated.pk}").content.decode()
    assert review.count('class="sheet"') == 2


def test_a_page_that_is_not_there_is_not_found(api, illustrated):
    with pytest.raises(NotFound):
        page_image(illustrated, 3)
    error_of(api.get(f"/api/v1/documents/{illustrated.pk}/preview?page=3"), 404, "not_found")


def test_a_page_whose_file_is_lost_is_a_bad_gateway(illustrated):
    file_delete(illustrated.storage_key)
    with pytest.raises(StorageAway):
        page_image(illustrated, 2)


def test_a_page_that_breaks_its_reader_is_told_in_words(in_work, tmp_path: Path):
    from tests.extraction.illustrated import illustrated_pdf

    document, claim = in_work(illustrated_pdf(tmp_path / "a.pdf", colors=("navy",)))
    conversion_store(document_id=document.pk, attempt=claim.attempt, found=found_in(("navy", "red")))
    with pytest.raises(AppError) as caught:
        page_image(document, 2)  # a page that the file does not have
    assert caught.value.code == "processing_failed"


def test_a_picture_for_a_page_that_was_read_anew_meanwhile_is_thrown_away(illustrated):
    page = Page.objects.get(document=illustrated, number=2)
    image = page_image(illustrated, 1)
    Page.objects.filter(pk=page.pk).delete()
    before = default_storage.listdir(f"{illustrated.workspace_id}/{illustrated.pk}")[1]
    pictures._keep_unless_there(illustrated, page, image)
    assert default_storage.listdir(f"{illustrated.workspace_id}/{illustrated.pk}")[1] == before


@pytest.mark.django_db(transaction=True)
def test_requests_for_the_same_page_at_once_all_get_it_and_one_file_stays(illustrate, monkeypatch):
    document, _ = illustrate("navy", "darkred")
    # As in two processes, where one cannot see that the other is drawing.
    monkeypatch.setattr(pictures, "_drawing", pictures.threading.BoundedSemaphore(8))

    def ask(_: int) -> bytes:
        try:
            return page_image(document, 2)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        images = list(pool.map(ask, range(4)))
    assert len(set(images)) == 1
    names = default_storage.listdir(f"{document.workspace_id}/{document.pk}")[1]
    assert len([name for name in names if name.endswith("page-2.webp")]) == 1


@pytest.mark.django_db(transaction=True)
def test_reading_again_takes_the_pictures_of_all_pages_away(illustrate):
    document, claim = illustrate("navy", "darkred")
    page_image(document, 2)
    conversion_store(document_id=document.pk, attempt=claim.attempt, found=found_in(("navy", "darkred")))
    names = default_storage.listdir(f"{document.workspace_id}/{document.pk}")[1]
    assert not [name for name in names if "page-" in name]
    stages.render(document.pk, claim.attempt)
    assert drawn(document) == [1]
