"""Page images as WebP, drawn at exactly the size asked for."""

from __future__ import annotations

import io
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from extraction.engines.blocks import ConvertedDocument, Word
from extraction.engines.convert.errors import EngineError
from extraction.engines.convert.filetypes import IMAGES, PDF
from extraction.engines.convert.layout import lines_of
from extraction.engines.convert.options import ConvertOptions
from extraction.engines.convert.picture import frame, open_image, page_count, points
from extraction.engines.convert.reader import convert

MIN_WIDTH, MAX_WIDTH = 16, 4000
# WebP allows 16,383 pixels a side; a receipt of this shape is already seven screens long.
MAX_HEIGHT = 12_000
QUALITY = 80
# Encoding effort 0–6: against 2, 0 takes a quarter less time for a quarter more bytes (text on A4).
METHOD = 0


class PageImages(ABC):
    """The pages of one open file."""

    @abstractmethod
    def count(self) -> int: ...

    @abstractmethod
    def size(self, page: int) -> tuple[float, float]:
        """Width and height of the page as shown, in points."""

    @abstractmethod
    def draw(self, page: int, width: int) -> Image.Image:
        """The page in RGB, about `width` pixels wide."""

    def webp(self, page: int, width: int) -> bytes:
        """The page as WebP, at most `width` pixels wide and MAX_HEIGHT high.

        Raises: EngineError `unsupported_content` for a page that the file does not have.
        """
        if not 1 <= page <= self.count():
            raise EngineError("unsupported_content", f"Choose a page between 1 and {self.count()}.")
        page_width, page_height = self.size(page)
        width = min(max(width, MIN_WIDTH), MAX_WIDTH, int(MAX_HEIGHT * page_width / page_height) or 1)
        output = io.BytesIO()
        self.draw(page, width).save(output, "WEBP", quality=QUALITY, method=METHOD)
        return output.getvalue()


@contextmanager
def open_pages(path: Path, *, content_type: str, password: str | None = None) -> Iterator[PageImages]:
    """The file's pages, ready to be drawn. Native code: call it in a sandbox child only.

    Raises: PasswordRequired; EngineError.
    """
    if content_type == PDF:
        from extraction.engines.convert.pdf_open import open_pdf

        with open_pdf(path, password=password) as document:
            yield _PdfPages(document)
    elif content_type in IMAGES:
        with open_image(path, content_type=content_type) as image:
            yield _ImagePages(image)
    else:
        document = convert(path, ConvertOptions(password=password), content_type=content_type)
        yield _TextPages(document, path)


class _PdfPages(PageImages):
    def __init__(self, document: Any) -> None:
        self.document = document

    def count(self) -> int:
        return len(self.document)

    def size(self, page: int) -> tuple[float, float]:
        from extraction.engines.convert.pdf_open import page_size

        return page_size(self.document, page)

    def draw(self, page: int, width: int) -> Image.Image:
        from extraction.engines.convert.pdf_open import render

        return render(self.document, page, scale=width / self.size(page)[0])


class _ImagePages(PageImages):
    def __init__(self, image: Image.Image) -> None:
        self.image = image

    def count(self) -> int:
        return page_count(self.image)

    def size(self, page: int) -> tuple[float, float]:
        if self.image.format == "TIFF":
            self.image.seek(page - 1)
        width, height = self.image.size
        # EXIF orientations from 5 on lie on their side.
        return points(self.image, (height, width) if self._orientation() >= 5 else (width, height))

    def _orientation(self) -> int:
        value = self.image.getexif().get(0x0112, 1)
        return value if isinstance(value, int) and 1 <= value <= 8 else 1

    def draw(self, page: int, width: int) -> Image.Image:
        page_width, page_height = self.size(page)
        height = round(width * page_height / page_width)
        picture = frame(self.image, page, max_side=max(width, height))
        return picture


class _TextPages(PageImages):
    """Made-up pages: their words, and the file's pictures in the places kept for them."""

    def __init__(self, document: ConvertedDocument, path: Path) -> None:
        self.pages, self.path = document.pages, path
        self.figures = [figure for figure in document.figures if figure.ref and figure.box]

    def count(self) -> int:
        return len(self.pages)

    def size(self, page: int) -> tuple[float, float]:
        return self.pages[page - 1].width, self.pages[page - 1].height

    def draw(self, page: int, width: int) -> Image.Image:
        source = self.pages[page - 1]
        height = round(width * source.height / source.width)
        paper = Image.new("RGB", (width, height), "white")
        pen = ImageDraw.Draw(paper)
        for line in lines_of(source.words):
            font = _fitting(line, width, height)
            for word in line:
                pen.text((word.box.x * width, word.box.y * height), word.text, fill="black", font=font)
        # Over the words: a picture's own wording stands where the picture is.
        self._paste(paper, page)
        return paper

    def _paste(self, paper: Image.Image, page: int) -> None:
        from extraction.engines.convert.office_media import embedded_images

        figures = [figure for figure in self.figures if figure.page == page]
        images = embedded_images(self.path, [figure.ref for figure in figures]) if figures else ()
        for figure, image in zip(figures, images, strict=True):
            if image is not None and figure.box is not None:
                room = figure.box.w * paper.width, figure.box.h * paper.height
                image.thumbnail((max(int(room[0]), 1), max(int(room[1]), 1)))
                paper.paste(image, (int(figure.box.x * paper.width), int(figure.box.y * paper.height)))


def _fitting(line: Sequence[Word], width: int, height: int) -> ImageFont.FreeTypeFont:
    """One size for the whole line: the largest at which no word runs into the next."""
    size = max(int(min(word.box.h for word in line) * height), 4)
    font = _font(size)
    need = max(font.getlength(word.text) / max(word.box.w * width, 1) for word in line)
    return font if need <= 1 else _font(max(int(size / need), 4))


@lru_cache(maxsize=64)
def _font(size: int) -> ImageFont.FreeTypeFont:
    # ReportLab's own font file is there on every machine, a system's fonts are not.
    import reportlab

    return ImageFont.truetype(str(Path(reportlab.__file__).parent / "fonts" / "Vera.ttf"), size)
