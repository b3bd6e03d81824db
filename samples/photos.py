"""Photographs and scans in the formats of telephones and fax machines."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from samples.degrade import page_image


def write_heic(path: Path, picture: Image.Image) -> None:
    """The picture as a telephone saves it."""
    import pillow_heif

    pillow_heif.from_pillow(picture.convert("RGB")).save(str(path), quality=60)


def write_fax(path: Path, pdf: Path, pages: int) -> None:
    """A TIFF of `pages` black-and-white pages at 200 dpi, each the first page of the PDF."""
    page = page_image(pdf, 200).convert("1")
    page.save(
        path, "TIFF", compression="group4", save_all=True, append_images=[page] * (pages - 1), dpi=(200, 200)
    )
