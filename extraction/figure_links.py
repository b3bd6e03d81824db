"""Addresses of figures: for callers with credentials, and signed ones that work without for a while."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.core import signing

from common.errors import AppError, NotFound
from extraction.models import Figure

SALT = "recto.figure"
# Long enough to read a page of them, short enough that a link that got around is soon worth nothing.
LIFE = timedelta(hours=1)


def figure_path(figure: Figure) -> str:
    """The address of its picture for those who may see the document."""
    return f"/api/v1/documents/{figure.document_id}/figures/{figure.index}/download"


def signed_path(figure: Figure) -> tuple[str, datetime]:
    """An address that needs no credentials, and when it ends."""
    token = signing.dumps([figure.document_id.hex, figure.index], salt=SALT)
    return f"/api/v1/figures/{token}", datetime.now(UTC) + LIFE


def figure_by_token(token: str) -> Figure:
    """The figure that a signed address names, as the document's last run left it.

    Raises: AppError `link_expired`; NotFound.
    """
    try:
        document, index = signing.loads(token, salt=SALT, max_age=LIFE)
    except signing.SignatureExpired:
        raise AppError("link_expired", 410, "This link has ended. Ask for the figure again.") from None
    except (signing.BadSignature, ValueError):
        raise NotFound("figure") from None
    rows = Figure.objects.select_related("document").filter(document=UUID(document), index=index)
    figure = rows.first()
    if figure is None:
        raise NotFound("figure")
    return figure
