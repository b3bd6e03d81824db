"""A searchable PDF of a scan: its pages as they look, with the words that OCR read invisibly over them."""

from __future__ import annotations

import ctypes
import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pypdfium2
import pypdfium2.raw as pdfium

from extraction.engines.blocks import Page, Word
from extraction.engines.convert.errors import unsupported
from extraction.engines.convert.filetypes import IMAGES, JPEG, PDF
from extraction.engines.convert.glyphless import ADVANCE, UNITS_PER_EM, glyphless_font
from extraction.engines.convert.pdf_open import open_pdf
from extraction.engines.convert.picture import MAX_SIDE, frame, open_image

if TYPE_CHECKING:
    from PIL.Image import Image

_INVISIBLE = 3
# Of pictures that are not JPEG already.
QUALITY = 85
# PDFium tells places on a page in whole device pixels; so many across and down are fine enough.
_DEVICE = 100_000
_ORIENTATION = 0x0112


def searchable_pdf(
    path: Path,
    pages: Sequence[Page],
    *,
    content_type: str,
    password: str | None = None,
    turned: Mapping[int, int] | None = None,
) -> bytes:
    """The file as a PDF whose OCR pages (`Page.ocr_engine`) can be searched and copied from.

    A PDF keeps all it has and stays locked with its password; an image becomes a PDF at its size in points.
    `turned` tells by page number how far its text lies turned clockwise, in degrees (0, 90, 180, 270).
    Raises: PasswordRequired; EngineError. Native code: call it in a sandbox child only.
    """
    read = {page.number: page for page in pages if page.ocr_engine and page.words}
    with _document(path, pages, content_type, password) as (document, numbers):
        font = _font(document, read.values())
        for index, number in enumerate(numbers):
            if number in read:
                _add_words(document, index, read[number].words, font, (turned or {}).get(number, 0))
        output = io.BytesIO()
        document.save(output)
    return output.getvalue()


@contextmanager
def _document(
    path: Path, pages: Sequence[Page], content_type: str, password: str | None
) -> Iterator[tuple[Any, list[int]]]:
    """The PDF to add words to, and the page number of each of its pages."""
    if content_type == PDF:
        with open_pdf(path, password=password) as document:
            yield document, list(range(1, len(document) + 1))
        return
    if content_type not in IMAGES:
        raise unsupported("only PDFs and images can be made searchable")
    document = pypdfium2.PdfDocument.new()
    try:
        for page in pages:
            _add_picture(document, path, page, content_type)
        yield document, [page.number for page in pages]
    finally:
        document.close()


def _add_picture(document: Any, path: Path, page: Page, content_type: str) -> None:
    picture = pypdfium2.PdfImage.new(document)
    with open_image(path, content_type=content_type) as image:
        if content_type == JPEG and image.getexif().get(_ORIENTATION, 1) == 1:
            # As it is: decoding and encoding again would only lose sharpness.
            picture.load_jpeg(io.BytesIO(path.read_bytes()), inline=True)
        else:
            _set_picture(picture, image, page.number)
    picture.set_matrix(pypdfium2.PdfMatrix().scale(page.width, page.height))
    sheet = document.new_page(page.width, page.height)
    sheet.insert_obj(picture)
    sheet.gen_content()
    sheet.close()


def _set_picture(picture: Any, image: Image, number: int) -> None:
    plain = image.mode == "1"
    shown = frame(image, number, max_side=MAX_SIDE)
    if plain:
        # Black and white alone packs better without loss than as JPEG.
        picture.set_bitmap(pypdfium2.PdfBitmap.from_pil(shown.convert("L")))
        return
    encoded = io.BytesIO()
    shown.save(encoded, "JPEG", quality=QUALITY)
    encoded.seek(0)
    picture.load_jpeg(encoded, inline=True)


def _font(document: Any, pages: Sequence[Page] | Any) -> Any:
    """An invisible font for all characters of these pages, loaded into the document."""
    data = glyphless_font(character for page in pages for word in page.words for character in word.text)
    buffer = (ctypes.c_uint8 * len(data)).from_buffer_copy(data)
    return pdfium.FPDFText_LoadFont(document, buffer, len(data), pdfium.FPDF_FONT_TRUETYPE, True)


def _add_words(document: Any, index: int, words: Sequence[Word], font: Any, turned: int) -> None:
    page = document[index]
    try:
        for word in words:
            text = pdfium.FPDFPageObj_CreateTextObj(document, font, 1.0)
            pdfium.FPDFText_SetText(text, _utf16(word.text))
            pdfium.FPDFTextObj_SetTextRenderMode(text, _INVISIBLE)
            pdfium.FPDFPageObj_SetMatrix(text, _matrix(page, word, turned))
            pdfium.FPDFPage_InsertObject(page, text)
        page.gen_content()
    finally:
        page.close()


def _utf16(text: str) -> Any:
    data = (text + "\0").encode("utf-16-le")
    return ctypes.cast(ctypes.create_string_buffer(data, len(data)), ctypes.POINTER(ctypes.c_ushort))


def _matrix(page: Any, word: Word, turned: int) -> Any:
    """What takes the word's letters, one unit high, to its box, along the direction it is read in."""
    box = word.box
    corners = [(box.x, box.bottom), (box.x, box.y), (box.right, box.y), (box.right, box.bottom)]
    # The box's corners clockwise from where the word starts at its foot.
    start = turned // 90
    foot, top, end = (_on_page(page, *corners[(start + step) % 4]) for step in (0, 1, 3))
    length = len(word.text) * ADVANCE / UNITS_PER_EM
    return pdfium.FS_MATRIX(
        (end[0] - foot[0]) / length, (end[1] - foot[1]) / length, top[0] - foot[0], top[1] - foot[1], *foot
    )


def _on_page(page: Any, x: float, y: float) -> tuple[float, float]:
    """Where a fraction of the page as shown is in the page's own space, which knows no rotation."""
    across, down = ctypes.c_double(), ctypes.c_double()
    pdfium.FPDF_DeviceToPage(
        page, 0, 0, _DEVICE, _DEVICE, 0, round(x * _DEVICE), round(y * _DEVICE), across, down
    )
    return across.value, down.value
