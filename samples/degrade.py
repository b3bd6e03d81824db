"""Turns clean pages into what a scanner makes of them: tilted, grey, noisy, a little out of focus."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pypdfium2
from PIL import Image, ImageFilter
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas


@dataclass(frozen=True, slots=True)
class Wear:
    """How bad a scan is: tilt in degrees, noise as a standard deviation of grey levels, blur in pixels."""

    tilt: float
    noise: float
    blur: float
    paper: int = 246
    """The grey level of the paper's white, 0–255."""
    ground: int = 246
    """The grey level of what shows around a tilted sheet."""


def scan(page: Image.Image, wear: Wear, seed: int) -> Image.Image:
    """A grey picture of `page` as scanned; the same seed gives the same noise."""
    picture = page.convert("L").rotate(
        wear.tilt, Image.Resampling.BICUBIC, expand=wear.ground != wear.paper, fillcolor=wear.ground
    )
    picture = picture.filter(ImageFilter.GaussianBlur(wear.blur))
    return _grain(picture, wear, seed)


def _grain(picture: Image.Image, wear: Wear, seed: int) -> Image.Image:
    levels = np.asarray(picture, dtype=np.float32) * (wear.paper / 255)
    height, width = levels.shape
    shade = np.linspace(0, -9, width, dtype=np.float32)[None, :]
    noise = np.random.default_rng(seed).normal(0, wear.noise, (height, width)).astype(np.float32)
    return Image.fromarray(np.clip(levels + shade + noise, 0, 255).astype(np.uint8))


def page_image(pdf: Path, dpi: int, page: int = 1) -> Image.Image:
    """One page of a PDF as a picture; pages count from 1."""
    document = pypdfium2.PdfDocument(str(pdf))
    try:
        picture: Image.Image = document[page - 1].render(scale=dpi / 72, grayscale=True).to_pil()
        return picture.copy()
    finally:
        document.close()


def jpeg(picture: Image.Image, quality: int, dpi: int) -> bytes:
    """`picture` as JPEG; `quality` 1–95."""
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality, dpi=(dpi, dpi))
    return out.getvalue()


def image_pdf(path: Path, picture: bytes, width: float, height: float) -> None:
    """A PDF of one page that holds nothing but a JPEG; sizes in points."""
    canvas = Canvas(str(path), pagesize=(width, height), invariant=1)
    canvas.drawImage(ImageReader(io.BytesIO(picture)), 0, 0, width, height)
    canvas.save()
