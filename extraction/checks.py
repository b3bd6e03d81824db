"""Settings of this room that cannot work."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from extraction.engines.convert.options import OCR_ENGINES


@register()
def ocr_engines_exist(**_: Any) -> list[CheckMessage]:
    unknown = sorted(set(settings.OCR_ENGINES) - set(OCR_ENGINES))
    if not unknown:
        return []
    hint = f"Write some of these, separated by commas: {', '.join(OCR_ENGINES)}."
    return [Error(f"OCR_ENGINES names {', '.join(unknown)}.", hint=hint, id="extraction.E001")]
