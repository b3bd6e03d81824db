"""How a document is to be read: its own choices first, then its flow's, then the usual ones."""

from __future__ import annotations

import re
from typing import Any

from common.errors import ValidationFailed
from documents.models import Document
from extraction.models import Flow

PAGES = re.compile(r"^\s*\d{1,5}(\s*-\s*\d{1,5})?(\s*,\s*\d{1,5}(\s*-\s*\d{1,5})?)*\s*$")
USUAL = {
    "language": "auto",
    "pages": "",
    "ocr": "auto",
    "table_mode": "fast",
    "image_handling": "referenced",
}


def read_choices(document: Document) -> dict[str, Any]:
    """The five choices that a reading takes, by name. Causes an SQL query where a flow was asked for."""
    flow = None
    if document.flow_id:
        flow = Flow.objects.filter(workspace_id=document.workspace_id, pk=document.flow_id).first()
    return {
        name: document.options.get(name) or (getattr(flow, name) if flow else usual)
        for name, usual in USUAL.items()
    }


def check_pages(pages: str | None) -> None:
    """Raises: ValidationFailed for a selection that is not written as one."""
    if pages and not PAGES.match(pages):
        raise ValidationFailed({"pages": ["Write page numbers such as 1-5,8,10-12."]})
