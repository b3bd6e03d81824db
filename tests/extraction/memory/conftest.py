from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from documents.models import Document
from tests.contract.made import read_document

from .papers import bakery_lines, pdf_of, sawmill_lines

__all__ = ["bakery_sends", "read_document", "sawmill_sends"]
Send = Callable[..., Document]


@pytest.fixture
def sawmill_sends(process: Callable[..., Document]) -> Send:
    """Uploads an invoice of the sawmill as a PDF and reads it."""

    def send(number: str, day: str = "03.11.2026", total: str = "231,00", **more: Any) -> Document:
        options = {name: more.pop(name) for name in ("actor", "filename") if name in more}
        filename = options.pop("filename", f"{number}.pdf")
        return process(pdf_of(sawmill_lines(number, day, total, **more)), filename, type="invoice", **options)

    return send


@pytest.fixture
def bakery_sends(process: Callable[..., Document]) -> Send:
    def send(number: str, total: str = "53,55", **options: Any) -> Document:
        return process(pdf_of(bakery_lines(number, total)), f"{number}.pdf", type="invoice", **options)

    return send
