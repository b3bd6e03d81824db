"""Files with pictures in them, made for the tests of figures."""

from __future__ import annotations

import io
from pathlib import Path

import docx
from PIL import Image, ImageDraw
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

WIDTH, HEIGHT = A4


def photo(color: str) -> Image.Image:
    """A picture that nobody takes for text."""
    image = Image.new("RGB", (600, 400), color)
    pen = ImageDraw.Draw(image)
    for step in range(0, 400, 20):
        pen.ellipse((step, step // 2, step + 180, step // 2 + 150), outline="white", width=6)
    return image


def illustrated_pdf(path: Path, *, colors: tuple[str, ...] = ("navy", "darkred"), password: str = "") -> Path:
    """A page of text per picture, with the picture and its caption below."""
    canvas = Canvas(str(path), pagesize=A4, encrypt=password or None)
    for number, color in enumerate(colors, start=1):
        canvas.setFont("Helvetica", 11)
        for line in range(12):
            canvas.drawString(
                72, HEIGHT - 90 - 15 * line, f"Line {line} of page {number} says what is shown."
            )
        canvas.drawImage(ImageReader(photo(color)), 150, 300, 300, 200)
        canvas.drawString(150, 280, f"Figure {number}: rings on {color} ground")
        canvas.showPage()
    canvas.save()
    return path


def illustrated_docx(path: Path) -> Path:
    """A text with a picture in it."""
    picture = io.BytesIO()
    photo("navy").save(picture, "PNG")
    document = docx.Document()
    document.add_heading("Rings")
    document.add_paragraph("The picture below shows rings.")
    document.add_picture(picture)
    document.save(str(path))
    return path


def long_pdf(path: Path, pages: int) -> Path:
    """Many full pages, so that reading them takes seconds."""
    canvas = Canvas(str(path), pagesize=A4)
    for page in range(pages):
        canvas.setFont("Helvetica", 8)
        for line in range(80):
            canvas.drawString(
                40, HEIGHT - 40 - 9 * line, f"{page}.{line} " + "the words of a long report " * 4
            )
        canvas.showPage()
    canvas.save()
    return path


def scan_tiff(path: Path, pages: int) -> Path:
    """A scan of many pages, each of which has to be recognised."""
    from tests.extraction.convert.files import receipt_image

    page = receipt_image(1240, 1754)
    page.save(
        path, save_all=True, append_images=[page] * (pages - 1), resolution=150, compression="tiff_deflate"
    )
    return path


def picture_of(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content)).convert("RGB")
