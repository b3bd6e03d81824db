"""Flags of a document in words. A flag that is not listed here cannot be filtered for."""

from __future__ import annotations

# What each flag says, short enough for a list, and what it means for the person who looks.
FLAGS: dict[str, tuple[str, str]] = {
    "required_missing": ("Required value missing", "A required value was not found."),
    "validation_failed": ("Failed a check", "A value failed a check."),
    "field_below_floor": ("Below a field's floor", "A value is less sure than its field asks for."),
    "low_confidence": ("Low confidence", "The values are less sure than the flow asks for."),
    "e_invoice_mismatch": (
        "Differs from its XML",
        "The page shows something else than the e-invoice's XML says.",
    ),
    "e_invoice": ("E-invoice", "Its values come with it as XML."),
    "e_invoice_total_not_shown": (
        "Total only in its XML",
        "The page does not show the total that the e-invoice's XML says.",
    ),
    "e_invoice_unreadable": (
        "Broken e-invoice",
        "It carries an e-invoice that cannot be read, so the values come from the page.",
    ),
    "llm_ungrounded": ("Not on the page", "A language model named a value that the page does not show."),
    "llm_suspicious_text": (
        "Text speaks to a model",
        "Its text tries to tell a language model what to do.",
    ),
    "llm_unavailable": (
        "Read without a model",
        "The language model could not be asked, so the values are the local reading's.",
    ),
    "llm_over_budget": (
        "Model over budget",
        "The budget for language models is used up, so the values are the local reading's.",
    ),
    "template_partial": ("Template fits in part", "The template fits, but required values are missing."),
    "photo_quality_poor": (
        "Poor picture",
        "The picture is hard to read, so some words may be wrong. A sharper one gives better values.",
    ),
    "sampled": ("Spot check", "It was picked for a spot check."),
    "analyst_verified": ("Checked by a person", "A person has approved its values."),
}


def flag_label(flag: str) -> str:
    """The flag in a few words, also one that is not listed."""
    return FLAGS[flag][0] if flag in FLAGS else flag.replace("_", " ").capitalize()


def flag_sentence(flag: str) -> str:
    """What the flag means, as a sentence."""
    return FLAGS[flag][1] if flag in FLAGS else f"{flag_label(flag)}."
