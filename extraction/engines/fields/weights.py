"""What each feature of a candidate counts, by hand, per family of fields.

A weight is what a feature of 1 adds to the score; the features are made in rank.py and in the sources. No
weight and no floor is a fitted number: they were chosen and corrected while reading development documents.
"""

from __future__ import annotations

from collections.abc import Mapping

Weights = Mapping[str, float]

COMMON: Weights = {"label": 1.0, "rival": -0.55, "certainty": 0.3, "regex_miss": -0.8}
_PART: Weights = {
    **COMMON,
    "cents": 0.12,
    "bare": -0.5,
    "money_sign": 0.08,
    "depth": 0.15,
    "negative": -0.3,
    "repeats": 0.03,
}
_DUE: Weights = {**COMMON, "early": -0.05}
WEIGHTS: dict[str, Weights] = {
    "own_date": _DUE,
    "own_money": _PART,
    "date": {**COMMON, "early": 0.15, "first": 0.12, "only": 0.3, "repeats": 0.05},
    "due": _DUE,
    "money": {
        **COMMON,
        "cents": 0.12,
        "bare": -0.45,
        "money_sign": 0.08,
        "depth": 0.15,
        "largest": 0.2,
        "zero": -0.25,
        "negative": -0.4,
        "repeats": 0.06,
        "paid_less_change": 0.3,
        "tall": 0.1,
        "in_tax_summary": -0.5,
        "rounded": 0.45,
    },
    "part": _PART,
    "code": {**COMMON, "letters": 0.08, "early": 0.25, "repeats": 0.1, "short": -0.25},
    "iban": {**COMMON, "checksum": 0.2, "own": 0.4},
    "vat": {
        **COMMON,
        "checksum": 0.12,
        "own": 0.4,
        "under_buyer_name": -0.6,
        "under_seller_name": 0.4,
        "footer": 0.1,
    },
    "currency": {
        "label": 0.8,
        "share": 0.8,
        "certainty": 0.3,
        "guess": -0.5,
    },
    "seller": {
        "top": 0.25,
        "first_lines": 0.15,
        "footer": 0.15,
        "legal": 0.4,
        "repeats": 0.12,
        "site": 0.35,
        "tall": 0.12,
        "under_seller_name": 0.8,
        "under_buyer_name": -0.7,
        "under_other_party": -0.5,
        "address_below": 0.25,
        "contact_below": 0.15,
        "label_like": -0.7,
        "digits": -1.0,
        "wordy": -0.5,
        "named": 0.5,
        "titled": 0.5,
        "later_page": -0.4,
        "own": 0.05,
        "holder": 0.2,
        "contact": -0.4,
        "address_like": -0.9,
        "country": -0.8,
        "pair": 0.15,
        "starts_with_digit": -0.2,
    },
    "buyer": {
        "top": 0.1,
        "legal": 0.2,
        "repeats": -0.02,
        "site": -0.35,
        "under_buyer_name": 0.9,
        "under_seller_name": -0.7,
        "under_other_party": -0.35,
        "address_below": 0.5,
        "contact_below": -0.15,
        "label_like": -0.7,
        "digits": -1.0,
        "wordy": -0.5,
        "named": 0.35,
        "titled": 0.6,
        "later_page": -0.6,
        "footer": -0.5,
        "contact": -0.2,
        "first_lines": -0.15,
        "address_like": -0.9,
        "country": -0.8,
        "pair": 0.15,
        "starts_with_digit": -0.3,
    },
    "company": {
        "line_1": 0.45,
        "near_top": 0.35,
        "legal": 0.55,
        "pair": 0.1,
        "tall": 0.15,
        "site": 0.15,
        "address_below": 0.3,
        "label_like": -0.8,
        "digits": -1.2,
        "wordy": -0.4,
        "address_like": -0.6,
        "own": 0.3,
        "whole_pair": -0.5,
        "country": -0.8,
        "starts_with_digit": -0.15,
    },
    "address": {
        "postcode": 0.5,
        "street": 0.25,
        "near_top": 0.25,
        "length": 0.25,
        "own": 0.15,
        "commas": 0.05,
    },
    "choice": {"label": 1.0, "certainty": 0.3, "own": 0.3, "length": 0.01, "place": 0.6},
    "text": {**COMMON, "place": 0.6, "own": 0.2, "length": 0.005},
}

# From a hand-made score (0 nothing speaks for it, 1 a plain label) to log-odds, where no model is trained.
HAND_SLOPE, HAND_START = 4.0, -2.0

# Without any sign of their role, optional values are better left empty than guessed; log-odds of the best.
FLOORS: dict[str, float] = {
    "due": -0.7,
    "part": -1.2,
    "money": -1.5,
    "code": -1.5,
    "iban": -5.0,
    "vat": -4.0,
    "currency": -2.0,
    "seller": -3.0,
    "buyer": -2.0,
    "company": -4.0,
    "address": -3.0,
    "date": -2.0,
    "own_date": 0.6,
    "own_money": 0.9,
    "text": 0.0,
    "choice": 0.0,
}
