"""Fields of a document that nobody described: what it prints as `label: value`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extraction.engines.blocks import ConvertedDocument

from .defs import FieldDef, name_from_label
from .layout import PageLayout, lay_out

MAX_PAIRS = 40
MAX_LABEL_WORDS = 5
_LABEL = re.compile(r"^\s*([^\W\d_][^:]{1,58}?)\s*:(?:\s+\S|\s*$)")


def pairs_of(document: ConvertedDocument) -> tuple[FieldDef, ...]:
    """A text field for each label that a value follows, in reading order, at most MAX_PAIRS.

    Best effort: sentences with a colon look alike, so only short labels count, each the first time.
    """
    found: dict[str, FieldDef] = {}
    for page in lay_out(document).pages:
        for label in _labels(page):
            name = name_from_label(label)
            if name and name not in found:
                found[name] = FieldDef(name, label)
            if len(found) == MAX_PAIRS:
                return tuple(found.values())
    return tuple(found.values())


def _labels(page: PageLayout) -> Iterator[str]:
    for row in page.rows:
        for place, segment in enumerate(row):
            match = _LABEL.match(segment.text)
            if not match or len(match[1].split()) > MAX_LABEL_WORDS:
                continue
            alone = segment.text.rstrip().endswith(":")
            if not alone or place + 1 < len(row):
                yield match[1]
