"""Settings of this room that cannot work."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.checks import Warning as Caution

from extraction.engines.convert.options import OCR_ENGINES


@register()
def ocr_engines_exist(**_: Any) -> list[CheckMessage]:
    unknown = sorted(set(settings.OCR_ENGINES) - set(OCR_ENGINES))
    if not unknown:
        return []
    hint = f"Write some of these, separated by commas: {', '.join(OCR_ENGINES)}."
    return [Error(f"OCR_ENGINES names {', '.join(unknown)}.", hint=hint, id="extraction.E001")]


@register()
def language_models_can_be_asked(**_: Any) -> list[CheckMessage]:
    """Settings of language models that will never do what they say."""
    names = {settings.LLM_STANDARD_MODEL, settings.LLM_PREMIUM_MODEL, settings.LLM_VISION_MODEL}
    names = {*names, *settings.LLM_MODELS} - {""}
    found: list[CheckMessage] = []
    if names and not settings.LLM_BASE_URL:
        hint = "Set LLM_BASE_URL to the address that ends before /chat/completions."
        found.append(Caution("Language models are named, but no endpoint.", hint=hint, id="extraction.W001"))
    budget = settings.LLM_MONTHLY_CAP or settings.LLM_DOCUMENT_CAP
    unpriced = sorted(names - settings.LLM_PRICES.keys()) if "*" not in settings.LLM_PRICES else []
    if budget and unpriced:
        hint = "Add them, or a price for all others (*=1/4): models without a price are not asked."
        message = f"There is a budget, and no price in LLM_PRICES for {', '.join(unpriced)}."
        found.append(Caution(message, hint=hint, id="extraction.W002"))
    return found
