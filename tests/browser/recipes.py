"""Flows, templates and types as admins make them, for the tests of their pages."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.actors import Actor
from extraction.engines.fields.defs import FieldDef
from extraction.models import Flow, Template
from extraction.services.document_types import document_type_create
from extraction.services.flows import flow_create
from extraction.services.templates import template_create, template_update

LINES = FieldDef(
    "line_items", "Line items", "array",
    items=(FieldDef("text", "Text"), FieldDef("amount", "Amount", "currency")),
)  # fmt: skip
FIELDS = (
    FieldDef("loan_number", "Loan number", required=True, regex="KL-[0-9]{4}"),
    FieldDef("principal", "Principal", "currency", required=True, require_score_above=90),
    FieldDef("currency", "Currency", "enum", values=("EUR", "GBP")),
    LINES,
)


@dataclass(frozen=True)
class Recipes:
    flow: Flow
    template: Template
    slug: str

    def paths(self) -> list[str]:
        """Every page about them."""
        return [
            "/flows", "/flows/new", f"/flows/{self.flow.pk}",
            "/templates", "/templates/new", f"/templates/{self.template.pk}",
            "/types", "/types/new", f"/types/{self.slug}", "/types/invoice",
        ]  # fmt: skip


def make_recipes(actor: Actor) -> Recipes:
    """A flow with nested fields, a published template with a change in work, and a type of one's own."""
    template = template_create(
        actor=actor, name="Kestrel loans", fields=FIELDS[:2], active=True,
        match={"keywords_all": ["kestrel mutual"], "regex": "Loan KL-[0-9]{4}"},
    )  # fmt: skip
    template_update(actor=actor, template=template, fields=FIELDS[:3])
    document_type_create(
        actor=actor, slug="loan", name="Loan confirmation", keywords=["loan confirmation"], fields=FIELDS[:1]
    )
    flow = flow_create(
        actor=actor, name="Loan confirmations", description="Principal and parties of new loans.",
        fields=FIELDS, document_type="loan", auto_approve=True, auto_approve_min_score=92,
    )  # fmt: skip
    flow_create(actor=actor, name="Kestrel only", fields=(), template=template, active=False)
    return Recipes(flow, template, "loan")
