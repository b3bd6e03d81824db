"""The figures of a document: cut out, stored, replaced, removed."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.files.storage import default_storage

from documents.services.files import file_read
from documents.services.lifecycle import LeaseLost, document_cancel
from documents.services.passwords import password_get
from extraction import stages
from extraction.models import Figure, Page
from tests.extraction.illustrated import picture_of

pytestmark = pytest.mark.django_db(transaction=True)


def files_of(document) -> set[str]:
    folder = f"{document.workspace_id}/{document.pk}"
    return {f"{folder}/{name}" for name in default_storage.listdir(folder)[1]}


def named_files(document) -> set[str]:
    pages = Page.objects.filter(document=document).exclude(image_key="").values_list("image_key", flat=True)
    figures = Figure.objects.filter(document=document).values_list("key", flat=True)
    return {document.storage_key, *pages, *figures}


def test_each_figure_is_cut_out_and_stored_with_its_place(illustrate):
    document, _ = illustrate("navy", "darkred")
    first, second = Figure.objects.filter(document=document)
    assert [(f.index, f.page, f.name, f.title) for f in (first, second)] == [
        (1, 1, "p1-1.png", "Rings on navy"),
        (2, 2, "p2-1.png", "Rings on darkred"),
    ]
    picture = picture_of(file_read(first.key))
    assert picture.size == (first.width, first.height)
    assert picture.getpixel((first.width - 9, first.height - 9)) == (0, 0, 128)
    assert first.size_bytes == len(file_read(first.key))
    assert first.box is not None
    assert first.box["page"] == 1


def test_a_second_run_replaces_the_figures_and_their_files(illustrate):
    document, claim = illustrate("navy", "darkred", "green")
    before = set(Figure.objects.values_list("key", flat=True))
    stages.figures(document.pk, claim.attempt)
    after = set(Figure.objects.values_list("key", flat=True))
    assert len(after) == 3
    assert not before & after
    assert files_of(document) == named_files(document)


def test_a_run_without_figures_takes_the_earlier_ones_away(illustrate):
    from extraction.models import Conversion

    document, claim = illustrate("navy")
    Conversion.objects.filter(document=document).update(blocks=[])
    stages.figures(document.pk, claim.attempt)
    assert not Figure.objects.exists()
    assert files_of(document) == named_files(document)


def test_a_worker_without_the_lease_leaves_no_figure_and_no_file(illustrate, admin):
    document, claim = illustrate("navy")
    before = files_of(document)
    document_cancel(document=document, actor=admin)
    with pytest.raises(LeaseLost):
        stages.figures(document.pk, claim.attempt)
    assert files_of(document) == before


def test_figures_of_a_protected_file_are_drawn_before_its_password_is_forgotten(in_work, tmp_path: Path):
    from extraction.services.conversion import conversion_store
    from tests.extraction.conftest import found_in
    from tests.extraction.illustrated import illustrated_pdf

    colors = ("navy", "darkred")
    path = illustrated_pdf(tmp_path / "locked.pdf", colors=colors, password="secret")
    document, claim = in_work(path, pdf_password="secret")
    conversion_store(document_id=document.pk, attempt=claim.attempt, found=found_in(colors))
    stages.render(document.pk, claim.attempt)
    stages.figures(document.pk, claim.attempt)
    assert Figure.objects.count() == 2
    assert Page.objects.exclude(image_key="").count() == 2  # nobody could draw the others later
    assert password_get(document.pk) is None


def test_pictures_that_cannot_be_drawn_do_not_fail_the_document(in_work, tmp_path: Path):
    from extraction.services.conversion import conversion_store
    from tests.extraction.conftest import found_in
    from tests.extraction.illustrated import illustrated_pdf

    document, claim = in_work(illustrated_pdf(tmp_path / "rings.pdf", colors=("navy",)))
    found = found_in(("navy", "a page that the file does not have"))
    conversion_store(document_id=document.pk, attempt=claim.attempt, found=found)
    stages.figures(document.pk, claim.attempt)
    assert [figure.page for figure in Figure.objects.all()] == [1]


def test_upload_without_images_has_none(process, tmp_path: Path):
    from extraction.models import Conversion
    from tests.extraction.illustrated import illustrated_pdf

    document = process(illustrated_pdf(tmp_path / "rings.pdf"), options={"image_handling": "none"})
    assert document.has_result
    assert not Figure.objects.exists()
    conversion = Conversion.objects.get(document=document)
    assert "figures/" not in conversion.markdown
    assert conversion.blocks_of("figure") == []


def test_figures_of_an_office_file_are_taken_from_it_by_a_whole_run(process, tmp_path: Path):
    from tests.extraction.illustrated import illustrated_docx

    document = process(illustrated_docx(tmp_path / "rings.docx"))
    assert document.has_result
    [figure] = Figure.objects.filter(document=document)
    assert picture_of(file_read(figure.key)).size == (figure.width, figure.height) == (600, 400)
    assert picture_of(file_read(figure.key)).getpixel((591, 391)) == (0, 0, 128)


def test_figures_are_found_and_stored_by_a_whole_run(process, tmp_path: Path):
    from tests.extraction.illustrated import illustrated_pdf

    document = process(illustrated_pdf(tmp_path / "rings.pdf"))
    assert document.has_result
    assert [(figure.index, figure.page) for figure in Figure.objects.filter(document=document)] == [
        (1, 1),
        (2, 2),
    ]
    for figure, color in zip(Figure.objects.all(), [(0, 0, 128), (139, 0, 0)], strict=True):
        assert color in {pixel for _, pixel in picture_of(file_read(figure.key)).getcolors(1_000_000)}
