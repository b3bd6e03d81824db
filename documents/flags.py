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
