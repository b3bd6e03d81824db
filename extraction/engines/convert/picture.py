"""Opening image files with the limits every other step relies on."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from PIL import Image, ImageOps, UnidentifiedImageError

from extraction.engines.convert.errors import EngineError, corrupt, unsupported
from extraction.engines.convert.filetypes import BMP, HEIC, JPEG, PNG, TIFF, WEBP

MAX_PIXELS = 100_000_000
MAX_SIDE = 20_000
MAX_FRAMES = 500
_FORMATS = {PNG: "PNG", JPEG: "JPEG", TIFF: "TIFF", BMP: "BMP", WEBP: "WEBP", HEIC: "HEIF"}
_A4_LONG_SIDE = 842.0


@contextmanager
def open_image(path: Path, *, content_type: str, max_pages: int = MAX_FRAMES) -> Iterator[Image.Image]:
    """The image file, opened but not decoded; only by the decoder of its content type.

    Raises: EngineError `corrupt_file`, `unsupported_content`, `too_many_pages`; also from the body of the
    `with`, for what Pillow raises while decoding.
    """
    with opened(path, [_FORMATS[content_type]]) as image:
        _check(image, min(max_pages, MAX_FRAMES))
        yield image


@contextmanager
def opened(source: Path | BinaryIO, formats: Sequence[str]) -> Iterator[Image.Image]:
    """The picture, if one of these decoders knows it (Pillow's names of formats); not decoded yet.

    Raises: EngineError `corrupt_file`, `unsupported_content`; also from the body of the `with`.
    """
    if "HEIF" in formats:
        import pillow_heif

        pillow_heif.register_heif_opener(thumbnails=False)
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            with Image.open(source, formats=list(formats)) as image:
                _check_size(image)
                yield image
        except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
            raise _too_large() from error
        except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError) as error:
            raise corrupt("image") from error


def _check(image: Image.Image, max_pages: int) -> None:
    pages = page_count(image)
    if pages > max_pages:
        raise EngineError(
            "too_many_pages",
            f"This image has {pages} pages; split it into parts of at most {max_pages} pages.",
        )


def _check_size(image: Image.Image) -> None:
    if max(image.size) > MAX_SIDE or image.width * image.height > MAX_PIXELS:
        raise _too_large()


def _too_large() -> EngineError:
    return unsupported("the image has more than 100 million pixels, scan it at 300 dpi")


def page_count(image: Image.Image) -> int:
    """Pages of a TIFF; one for every other kind, animated or not."""
    return int(getattr(image, "n_frames", 1)) if image.format == "TIFF" else 1


def frame(image: Image.Image, number: int, *, max_side: int) -> Image.Image:
    """Page `number` upright and in RGB on white, shrunk to at most `max_side` pixels a side."""
    if image.format == "TIFF":
        image.seek(number - 1)
        _check_size(image)
    # JPEG decodes straight to a smaller size: a third of the time and memory.
    image.draft("RGB", (max_side, max_side))
    upright = ImageOps.exif_transpose(image)
    upright.thumbnail((max_side, max_side))
    if upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info:
        layered = upright.convert("RGBA")
        paper = Image.new("RGBA", layered.size, "white")
        return Image.alpha_composite(paper, layered).convert("RGB")
    if upright.mode.startswith("I;16"):
        return upright.point(lambda value: value / 256).convert("L").convert("RGB")
    return upright.convert("RGB")


def points(image: Image.Image, size: tuple[int, int]) -> tuple[float, float]:
    """Width and height in points of a page of `size` full pixels: by the file's resolution, else as A4."""
    dpi = image.info.get("dpi")
    resolution = float(dpi[0]) if isinstance(dpi, tuple) and dpi and dpi[0] else 0.0
    # Cameras and screenshots write 72 or 96 without meaning paper.
    if not 97 <= resolution <= 2400:
        resolution = max(size) * 72 / _A4_LONG_SIDE
    return size[0] * 72 / resolution, size[1] * 72 / resolution
