"""Which document types a workspace knows: the built-in ones it has not switched off, and its own."""

from __future__ import annotations

from dataclasses import dataclass, replace

from accounts.models import Workspace
from common.errors import ValidationFailed
from extraction.document_types import ALIASES, DOCUMENT_TYPES, resolve_type
from extraction.engines.fields.builtin import fields_of
from extraction.engines.fields.defs import FieldDef
from extraction.models import DocumentType

GROUPS: dict[str, tuple[str, ...]] = {
    "identity": ("ktp", "npwp", "kartu_keluarga", "sim", "passport", "nib", "bpkb", "identity_document"),
    "civil": ("akta_lahir", "surat_nikah"),
    "commercial": (
        "invoice", "purchase_order", "delivery_note", "receipt", "faktur_pajak", "slip_gaji", "contract",
        "utility_bill",
    ),
    "financial": ("rekening_koran", "financial_statement", "tax_return"),
    "generic": ("generic_ocr", "other", "letter", "report"),
}  # fmt: skip
GROUP_OF = {slug: group for group, slugs in GROUPS.items() for slug in slugs}
# What is left when nothing stands out, and text without any type: a workspace cannot do without these.
ALWAYS_ON = ("other", "generic_ocr")


@dataclass(frozen=True)
class TypeInfo:
    """A document type as one workspace knows it."""

    slug: str
    name: str
    group: str
    builtin: bool
    enabled: bool = True
    description: str = ""
    keywords: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    fields: tuple[FieldDef, ...] = ()


def types_of(workspace: Workspace) -> dict[str, TypeInfo]:
    """All types by slug, in the order of slugs, switched-off ones too. One SQL query."""
    found = {slug: _builtin(slug) for slug in DOCUMENT_TYPES}
    for row in DocumentType.objects.filter(workspace=workspace):
        known = found.get(row.slug)
        found[row.slug] = replace(known, enabled=row.enabled) if known else _own(row)
    return dict(sorted(found.items()))


def type_of(workspace: Workspace, slug: str) -> TypeInfo | None:
    """The type of this slug or alias. One SQL query."""
    slug = resolve_type(slug) or slug
    row = DocumentType.objects.filter(workspace=workspace, slug=slug).first()
    if slug in DOCUMENT_TYPES:
        return replace(_builtin(slug), enabled=row.enabled if row else True)
    return _own(row) if row else None


def known_type(workspace: Workspace, slug: str, *, field: str = "type") -> str:
    """The slug with its alias resolved; empty stays empty. One SQL query, two for an unknown type.

    Raises: ValidationFailed that names the types of the workspace.
    """
    if not slug:
        return ""
    found = type_of(workspace, slug)
    if found is None or not found.enabled:
        choices = ", ".join(info.slug for info in types_of(workspace).values() if info.enabled)
        raise ValidationFailed({field: [f"Choose one of: {choices}."]})
    return found.slug


def own_type_names(workspace: Workspace) -> dict[str, str]:
    """The names of the workspace's own types by slug. One SQL query."""
    rows = DocumentType.objects.filter(workspace=workspace).exclude(slug__in=DOCUMENT_TYPES)
    return dict(rows.values_list("slug", "name"))


def _builtin(slug: str) -> TypeInfo:
    name = DOCUMENT_TYPES[slug]
    aliases = tuple(sorted(alias for alias, target in ALIASES.items() if target == slug))
    return TypeInfo(
        slug, name, GROUP_OF.get(slug, "generic"), True, aliases=aliases, fields=tuple(fields_of(slug))
    )


def _own(row: DocumentType) -> TypeInfo:
    return TypeInfo(
        row.slug, row.name, row.group, False, row.enabled, row.description, tuple(row.keywords),
        fields=row.field_defs(),
    )  # fmt: skip
