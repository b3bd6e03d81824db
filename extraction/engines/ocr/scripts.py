"""Languages, the scripts they are written in, and what other programs call them."""

from __future__ import annotations

LATIN_AND_CJK = frozenset({"Latin", "Han", "Japanese"})
# Tesseract's names for scripts, and a language whose model reads each; the languages that use it.
_SCRIPTS = {
    "Arabic": ("ar", "fa", "ur"),
    "Armenian": ("hy",),
    "Bengali": ("bn",),
    "Cyrillic": ("ru", "be", "bg", "mk", "mn", "sr", "uk"),
    "Devanagari": ("hi", "mr", "ne"),
    "Ethiopic": ("am",),
    "Georgian": ("ka",),
    "Greek": ("el",),
    "Gujarati": ("gu",),
    "Gurmukhi": ("pa",),
    "Han": ("zh",),
    "Hangul": ("ko",),
    "Hebrew": ("he",),
    "Japanese": ("ja",),
    "Kannada": ("kn",),
    "Khmer": ("km",),
    "Lao": ("lo",),
    "Malayalam": ("ml",),
    "Myanmar": ("my",),
    "Oriya": ("or",),
    "Sinhala": ("si",),
    "Tamil": ("ta",),
    "Telugu": ("te",),
    "Thai": ("th",),
}
_SCRIPT_OF = {language: script for script, languages in _SCRIPTS.items() for language in languages}


def script_of(language: str) -> str:
    """The script of a language (ISO 639-1): "Latin" for all that are not written otherwise."""
    return _SCRIPT_OF.get(language, "Latin")


def languages_of(script: str) -> tuple[str, ...]:
    """The languages to read a script with, the most spoken first; none for Latin, which every model knows."""
    return _SCRIPTS.get(script, ())
