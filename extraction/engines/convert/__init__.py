"""Bytes of any supported kind into the block model, and blocks into Markdown and page images."""

from extraction.engines.convert.errors import EngineError, PasswordRequired
from extraction.engines.convert.options import ConvertOptions
from extraction.engines.convert.reader import convert

__all__ = ["ConvertOptions", "EngineError", "PasswordRequired", "convert"]
