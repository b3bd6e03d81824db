"""Page pictures for a vision model, drawn in a sandbox child."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from extraction.engines.convert.images import PageImages, open_pages

# The longer side in pixels: 170 dpi on A4. Hosted models shrink pictures to 1,500–2,000 pixels anyway.
MAX_SIDE = 2000
QUALITY = 85


def page_jpegs(
    source: Path, arguments: dict[str, Any], report: Callable[[int, int], None]
) -> Iterator[bytes]:
    """One frame for each of `arguments["pages"]`, in their order: its JPEG, a kind that every model takes.

    A sandbox job: the file is opened by native code. Raises: PasswordRequired; EngineError.
    """
    wanted = arguments["pages"]
    with open_pages(source, content_type=arguments["content_type"], password=arguments["password"]) as pages:
        for done, number in enumerate(wanted, start=1):
            yield _jpeg(pages, number)
            report(done, len(wanted))


def _jpeg(pages: PageImages, number: int) -> bytes:
    width, height = pages.size(number)
    picture = pages.draw(number, max(round(MAX_SIDE * width / max(width, height)), 1))
    output = io.BytesIO()
    picture.save(output, "JPEG", quality=QUALITY)
    return output.getvalue()
