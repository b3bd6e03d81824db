"""Pictures of figures as PNG: cut out of the page, or taken from the file where it holds them whole."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from extraction.engines.blocks import Block, Box
from extraction.engines.convert.filetypes import IMAGES, PDF

if TYPE_CHECKING:
    from PIL.Image import Image

# Sharp enough to zoom in once on a screen.
DPI = 180
MAX_SIDE = 4000


@dataclass(frozen=True, slots=True)
class FigureImage:
    """One figure's picture; `index` counts the document's figures from 1, sizes are in pixels."""

    index: int
    name: str
    png: bytes
    width: int
    height: int


def figure_names(figures: Sequence[Block]) -> list[str]:
    """The file name of each figure: its page and its place among that page's figures."""
    seen: Counter[int] = Counter()
    names = []
    for figure in figures:
        seen[figure.page] += 1
        names.append(f"p{figure.page}-{seen[figure.page]}.png")
    return names


def figure_images(
    path: Path, figures: Sequence[Block], *, content_type: str, password: str | None = None
) -> Iterator[FigureImage]:
    """The figures' pictures in order; a figure without a picture that can be drawn is left out.

    Raises: PasswordRequired; EngineError. Native code: call it in a sandbox child only.
    """
    for index, (name, image) in enumerate(
        zip(figure_names(figures), _images(path, figures, content_type, password), strict=True), start=1
    ):
        if image is not None:
            image.thumbnail((MAX_SIDE, MAX_SIDE))
            yield FigureImage(index, name, _png(image), image.width, image.height)


def _images(
    path: Path, figures: Sequence[Block], content_type: str, password: str | None
) -> Iterator[Image | None]:
    if content_type == PDF or content_type in IMAGES:
        yield from _crops(path, figures, content_type, password)
    else:
        from extraction.engines.convert.office_media import embedded_images

        yield from embedded_images(path, [figure.ref for figure in figures])


def _crops(
    path: Path, figures: Sequence[Block], content_type: str, password: str | None
) -> Iterator[Image | None]:
    from extraction.engines.convert.images import open_pages

    with open_pages(path, content_type=content_type, password=password) as pages:
        drawn: tuple[int, Image] | None = None
        for figure in figures:
            if drawn is None or drawn[0] != figure.page:
                width = round(pages.size(figure.page)[0] * DPI / 72)
                drawn = figure.page, pages.draw(figure.page, width)
            yield _cut(drawn[1], figure.box)


def _cut(page: Image, box: Box | None) -> Image | None:
    if box is None:
        return None
    edges = (box.x * page.width, box.y * page.height, box.right * page.width, box.bottom * page.height)
    left, top, right, bottom = (round(edge) for edge in edges)
    return page.crop((left, top, right, bottom)) if right > left and bottom > top else None


def _png(image: Image) -> bytes:
    out = io.BytesIO()
    image.convert("RGB").save(out, "PNG", optimize=False)
    return out.getvalue()
