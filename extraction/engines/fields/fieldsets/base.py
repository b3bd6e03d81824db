"""How a built-in field is written down: what is asked for, and the words that stand beside it on paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from extraction.engines.fields.defs import FieldDef, FieldType


@dataclass(frozen=True, slots=True)
class Known:
    """A built-in field. `labels` are the words printed beside its value, in any language, separated by "|".

    They are compared without case, accents and punctuation. A field that has none is read by its role alone.
    """

    definition: FieldDef
    labels: str = ""
    items: tuple[Known, ...] = ()

    @property
    def name(self) -> str:
        return self.definition.name


def known(
    name: str,
    label: str,
    kind: FieldType = "string",
    labels: str = "",
    *,
    required: bool = False,
    values: Sequence[str] = (),
    items: Sequence[Known] = (),
    regex: str | None = None,
) -> Known:
    """One built-in field."""
    definition = FieldDef(
        name,
        label,
        kind,
        required=required,
        values=tuple(values),
        items=tuple(item.definition for item in items),
        regex=regex,
    )
    return Known(definition, labels, tuple(items))
