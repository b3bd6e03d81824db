"""The field sets that ship with the product, one module per group of document types."""

from __future__ import annotations

from .base import Known
from .identity import IDENTITY
from .money import MONEY
from .papers import PAPERS
from .trade import TRADE

KNOWN_SETS: dict[str, tuple[Known, ...]] = {**TRADE, **MONEY, **IDENTITY, **PAPERS}
