"""Pictures of pages and figures: drawn in the sandbox, kept in the file storage."""

from __future__ import annotations

import io
import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

from django.db import transaction
from PIL import Image

from common.errors import AppError, NotFound
from documents.models import Document
from documents.services.files import StorageAway, file_delete, file_on_disk, file_read, file_store
from documents.services.lifecycle import document_locked
from extraction import sandbox
from extraction.engines.blocks import Block
from extraction.engines.convert.errors import EngineError, PasswordRequired
from extraction.engines.convert.figures import FigureImage
from extraction.engines.convert.filetypes import IMAGES, PDF
from extraction.models import Figure, Page
from extraction.sandbox import Limits

logger = logging.getLogger(__name__)
Watch = Callable[[int, int], None]

# Enough for reading small print at 100 % on the review page; a page of A4 gets about 130 dpi.
PAGE_WIDTH = 1080
# Somebody waits for the answer.
ON_REQUEST = Limits(wall_s=30.0, cpu_s=30)
# A file of ten thousand icons is no album.
MAX_FIGURES = 1000
# A review page asks for many pictures at once; more children than this only slow each other down.
_drawing = threading.BoundedSemaphore(2)


def page_image(document: Document, number: int) -> bytes:
    """The page as WebP, drawn now where nobody has asked for it before (then it takes about a second).

    Raises: NotFound; AppError `processing_failed`; StorageAway.
    """
    page = Page.objects.filter(document=document, number=number).defer("words", "text").first()
    if page is None:
        raise NotFound("page")
    return file_read(page.image_key) if page.image_key else _draw_on_request(document, page)


def _draw_on_request(document: Document, page: Page) -> bytes:
    with _drawing:
        key = Page.objects.filter(pk=page.pk).values_list("image_key", flat=True).first()
        if key:
            return file_read(key)
        rows = {page.number: page, **_following(document, page)}
        with file_on_disk(document.storage_key) as path:
            if not path.exists():
                raise StorageAway
            images = _draw(document, path, list(rows))
        for number, image in images.items():
            _keep_unless_there(document, rows[number], image)
    return images[page.number]


def _following(document: Document, page: Page) -> dict[int, Page]:
    """Pages to draw along with this one, where the file has to be read whole for each."""
    if document.content_type == PDF or document.content_type in IMAGES:
        return {}
    missing = Page.objects.filter(document=document, image_key="", number__gt=page.number)
    rows = missing.defer("words", "text").order_by("number")[:9]
    return {row.number: row for row in rows}


def _draw(document: Document, path: Path, numbers: Sequence[int]) -> dict[int, bytes]:
    """The pictures as far as they can be drawn, the first of them certainly."""
    images: dict[int, bytes] = {}
    try:
        images.update(
            sandbox.render_pages(
                path, content_type=document.content_type, pages=numbers, width=PAGE_WIDTH, limits=ON_REQUEST
            )
        )
    except PasswordRequired:
        # Pages of protected files are drawn while their password is known.
        raise NotFound("page") from None
    except EngineError as error:
        if numbers[0] not in images:
            raise AppError("processing_failed", 500, error.message) from None
    return {number: images[number] for number in numbers if number in images}


def _keep_unless_there(document: Document, page: Page, image: bytes) -> None:
    """Names the picture in the page's row, unless another request was faster or the page is gone."""
    key, size = _store_page(document, page.number, image)
    with deleted_on_error([key]):
        still_none = Page.objects.filter(pk=page.pk, image_key="")
        won = still_none.update(image_key=key, image_width=size[0], image_height=size[1])
    if not won:
        file_delete(key)


def pages_draw(
    *,
    document: Document,
    attempt: int,
    path: Path,
    numbers: Sequence[int],
    password: str | None,
    watch: Watch,
) -> None:
    """Draws and keeps these pages' pictures. Raises: EngineError, LeaseLost."""
    drawn = sandbox.render_pages(
        path,
        content_type=document.content_type,
        pages=numbers,
        width=PAGE_WIDTH,
        password=password,
        watch=watch,
    )
    for number, image in drawn:
        key, size = _store_page(document, number, image)
        with deleted_on_error([key]):
            _name_page_picture(document.pk, attempt, number, key, size)


def _store_page(document: Document, number: int, image: bytes) -> tuple[str, tuple[int, int]]:
    size = Image.open(io.BytesIO(image)).size
    return _store(document, image, f"page-{number}.webp"), size


def _store(document: Document, image: bytes, name: str) -> str:
    return file_store(image, workspace_id=document.workspace_id, document_id=document.pk, name=name)


def _name_page_picture(document_id: UUID, attempt: int, number: int, key: str, size: tuple[int, int]) -> None:
    with transaction.atomic():
        document_locked(document_id=document_id, attempt=attempt)
        pages = Page.objects.filter(document_id=document_id, number=number)
        old = list(pages.exclude(image_key="").values_list("image_key", flat=True))
        pages.update(image_key=key, image_width=size[0], image_height=size[1])
        transaction.on_commit(lambda: files_delete(old), robust=True)


def figures_draw(
    *, document: Document, attempt: int, blocks: Sequence[Block], password: str | None, watch: Watch
) -> None:
    """Replaces the document's figures by those in `blocks`. One whose picture cannot be drawn is left out.

    Raises: LeaseLost, StorageAway.
    """
    keys: list[str] = []
    rows: list[Figure] = []
    with deleted_on_error(keys):
        for image in _figure_images(document, blocks[:MAX_FIGURES], password, watch):
            keys.append(_store(document, image.png, f"figure-{image.index}.png"))
            rows.append(_figure_row(document, blocks[image.index - 1], image, keys[-1]))
        _replace_figures(document.pk, attempt, rows)


def _figure_images(
    document: Document, blocks: Sequence[Block], password: str | None, watch: Watch
) -> Iterator[FigureImage]:
    """The pictures as far as they can be drawn: what was read stays worth having without the others."""
    if not blocks:
        return
    try:
        with file_on_disk(document.storage_key) as path:
            yield from sandbox.figures(
                path, blocks, content_type=document.content_type, password=password, watch=watch
            )
    except EngineError as error:
        logger.warning("Document %s has figures that cannot be drawn: %s", document.pk, error.code)


def _figure_row(document: Document, block: Block, image: FigureImage, key: str) -> Figure:
    box = block.box
    return Figure(
        document=document,
        index=image.index,
        page=block.page,
        x=box.x if box else None,
        y=box.y if box else None,
        w=box.w if box else None,
        h=box.h if box else None,
        title=block.text,
        name=image.name,
        key=key,
        size_bytes=len(image.png),
        width=image.width,
        height=image.height,
    )


def _replace_figures(document_id: UUID, attempt: int, rows: Sequence[Figure]) -> None:
    with transaction.atomic():
        document_locked(document_id=document_id, attempt=attempt)
        earlier = Figure.objects.filter(document_id=document_id)
        old = list(earlier.values_list("key", flat=True))
        earlier.delete()
        Figure.objects.bulk_create(rows)
        transaction.on_commit(lambda: files_delete(old), robust=True)


def picture_keys(document_id: UUID) -> list[str]:
    """The keys of the pictures of the document's pages and figures."""
    pages = Page.objects.filter(document=document_id).exclude(image_key="")
    figures = Figure.objects.filter(document=document_id)
    return [*pages.values_list("image_key", flat=True), *figures.values_list("key", flat=True)]


@contextmanager
def deleted_on_error(keys: list[str]) -> Iterator[None]:
    """Takes the stored files back when no row came to name them."""
    try:
        yield
    except BaseException:
        files_delete(keys)
        raise


def files_delete(keys: Iterable[str]) -> None:
    """Removes the files; missing ones are fine."""
    for key in keys:
        file_delete(key)
