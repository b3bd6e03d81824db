"""Papers of samples/ drawn and read for tests."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from extraction.engines.blocks import ConvertedDocument
from extraction.engines.convert.reader import convert
from extraction.engines.fields.builtin import fields_of
from extraction.engines.fields.extract import Extraction, extract
from samples.degrade import Wear, image_pdf, jpeg, page_image, scan
from samples.draw import HEIGHT, WIDTH

Draw = Callable[[Path], dict[str, object]]


def drawn(draw: Draw, folder: Path, wear: Wear | None = None) -> tuple[ConvertedDocument, dict[str, object]]:
    """The paper as read (through OCR if it is worn) and what is printed on it."""
    path = folder / "paper.pdf"
    printed = draw(path)
    if wear:
        image_pdf(path, jpeg(scan(page_image(path, 200), wear, 3), 70, 200), WIDTH, HEIGHT)
    return convert(path), printed


def read_as(slug: str, document: ConvertedDocument) -> Extraction:
    return extract(document, fields_of(slug), type_slug=slug)


def differences(result: Extraction, printed: dict[str, object]) -> dict[str, tuple[object, object]]:
    """What was read and what is printed, where they differ; in tables only the printed parts count."""
    return {
        name: (result.values[name].value, value)
        for name, value in printed.items()
        if not _same(result.values[name].value, value)
    }


def _same(found: object, printed: object) -> bool:
    if not isinstance(printed, list) or not isinstance(found, list) or not printed:
        return found == printed
    if not isinstance(printed[0], dict):
        return found == printed
    return len(found) == len(printed) and all(
        {name: row.get(name) for name in wanted} == wanted for row, wanted in zip(found, printed, strict=True)
    )
