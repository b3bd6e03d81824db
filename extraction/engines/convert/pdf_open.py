"""Opening and rendering PDFs with PDFium, with the limits every other step relies on."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pypdfium2
import pypdfium2.raw as pdfium

from extraction.engines.convert.errors import EngineError, PasswordRequired, corrupt, unsupported

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_SIDE_POINTS = 20_000
MAX_RENDER_PIXELS = 40_000_000


@contextmanager
def open_pdf(path: Path, *, password: str | None, max_pages: int | None = None) -> Iterator[Any]:
    """A `pypdfium2.PdfDocument`, closed afterwards.

    Raises: PasswordRequired; EngineError `corrupt_file`, `too_many_pages`.
    """
    try:
        document = pypdfium2.PdfDocument(str(path), password=password)
    except pypdfium2.PdfiumError as error:
        if error.err_code == pdfium.FPDF_ERR_PASSWORD:
            raise PasswordRequired(wrong=bool(password)) from error
        raise corrupt("PDF") from error
    try:
        count = len(document)
        if count < 1:
            raise corrupt("PDF")
        if max_pages is not None and count > max_pages:
            raise EngineError(
                "too_many_pages",
                f"This PDF has {count} pages; split it into parts of at most {max_pages} pages.",
            )
        yield document
    finally:
        document.close()


def page_size(document: Any, number: int) -> tuple[float, float]:
    """Width and height in points of a page as shown, that is after its own rotation.

    Raises: EngineError `unsupported_content` for a size no printer or screen can mean.
    """
    try:
        width, height = document.get_page_size(number - 1)
    except pypdfium2.PdfiumError as error:
        raise corrupt("PDF") from error
    if not (1 <= width <= MAX_SIDE_POINTS and 1 <= height <= MAX_SIDE_POINTS):
        raise unsupported(f"page {number} has an impossible size")
    return float(width), float(height)


def page_rotation(document: Any, number: int) -> int:
    """The page's own clockwise rotation in degrees: 0, 90, 180 or 270."""
    page = document[number - 1]
    try:
        return int(page.get_rotation())
    finally:
        page.close()


def render(document: Any, number: int, *, scale: float) -> Image:
    """The page as an RGB image of `scale` pixels per point, less if that were too many pixels."""
    width, height = page_size(document, number)
    scale = min(scale, math.sqrt(MAX_RENDER_PIXELS / (width * height)))
    try:
        page = document[number - 1]
    except pypdfium2.PdfiumError as error:
        raise corrupt("PDF") from error
    try:
        bitmap = page.render(scale=scale, rev_byteorder=True)
        image: Image = bitmap.to_pil()
        return image if image.mode == "RGB" else image.convert("RGB")
    finally:
        page.close()


def has_full_page_image(document: Any, number: int) -> bool:
    """Whether one picture covers nine tenths of the page, as a scan does."""
    page = document[number - 1]
    try:
        width, height = page.get_size()
        images = islice(page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=2), 200)
        return any(_area(image.get_bounds()) >= 0.9 * width * height for image in images)
    finally:
        page.close()


def _area(bounds: tuple[float, float, float, float]) -> float:
    left, bottom, right, top = bounds
    return abs(right - left) * abs(top - bottom)
