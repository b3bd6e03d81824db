"""Servers that the tests of language models call."""

from __future__ import annotations

import pytest

from extraction.engines.llm import client
from tests.llm_server import text_model
from tests.vision_server import vision

__all__ = ["text_model", "vision"]


@pytest.fixture
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tries again at once, unless the endpoint names a time."""
    monkeypatch.setattr(client, "FIRST_PAUSE_S", 0.01)
