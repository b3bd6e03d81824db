"""How states, scores, times and icons look on every page."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.actors import Actor
from accounts.models import Membership, Workspace
from documents.flags import flag_label, flag_sentence
from documents.models import Document, Job, Status

register = template.Library()

# Word and tone of each state; the tone is a CSS class, the word is always beside it.
STATES: dict[str, tuple[str, str]] = {
    Status.PENDING: ("Waiting", "wait"),
    Status.QUEUED: ("Queued", "wait"),
    Status.PROCESSING: ("Processing", "run"),
    Status.COMPLETED: ("Done", "done"),
    Status.REQUIRES_REVIEW: ("To review", "look"),
    Status.APPROVED: ("Approved", "good"),
    Status.REJECTED: ("Rejected", "bad"),
    Status.FAILED: ("Failed", "bad"),
    Status.PASSWORD_REQUIRED: ("Needs password", "look"),
    Status.CANCELLED: ("Cancelled", "wait"),
    Status.ERASED: ("Erased", "wait"),
    "running": ("Running", "run"),
    "paused": ("Paused", "wait"),
}
STEPS = 5
RED_BELOW = 50.0
DAY = timedelta(days=1)


@register.simple_tag
def icon(name: str) -> SafeString:
    """One icon of the sprite, 16 px, decorative: the text beside it says the same."""
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        static("vendor/icons/sprite.svg"), name,
    )  # fmt: skip


@register.inclusion_tag("partials/state.html")
def state(row: Document | Job) -> dict[str, str]:
    """The dot and the word of a document's or job's state, with the stage while it runs."""
    word, tone = STATES.get(row.status, (row.status, "wait"))
    stage = getattr(row, "stage", "")
    if row.status == Status.COMPLETED and isinstance(row, Job) and row.failed_count:
        word, tone = "With errors", "bad"
    return {"word": stage.capitalize() if stage and tone == "run" else word, "tone": tone}


@register.inclusion_tag("partials/confidence.html")
def confidence(score: float | None, threshold: float = 70.0) -> dict[str, Any]:
    """A bar of five steps with its number (0–100); nothing when there is no score."""
    return {"score": score, "steps": steps_of(score), "tone": tone_of(score, threshold)}


def steps_of(score: float | None) -> list[bool]:
    full = 0 if score is None else max(1, math.ceil(score / 100 * STEPS))
    return [step < full for step in range(STEPS)]


def tone_of(score: float | None, threshold: float) -> str:
    if score is None or score >= threshold:
        return "sure"
    return "low" if score < RED_BELOW else "doubt"


@register.simple_tag
def ago(moment: datetime | None) -> SafeString | str:
    """Relative within a day, a date beyond; the full time on hover."""
    if moment is None:
        return ""
    local = timezone.localtime(moment)
    full = date_format(local, "DATETIME_FORMAT")
    text = _relative(timezone.now() - moment) or date_format(local, "j M Y")
    return format_html('<time datetime="{}" title="{}">{}</time>', moment.isoformat(), full, text)


def _relative(spent: timedelta) -> str:
    minutes = int(spent.total_seconds() // 60)
    if minutes < 1:
        return "just now"
    if minutes < 60:
        return f"{minutes} min ago"
    return f"{minutes // 60} h ago" if spent < DAY else ""


@register.filter(name="flag_label")
def flag_word(flag: str) -> str:
    """The flag in a few words."""
    return flag_label(flag)


@register.filter(name="flag_sentence")
def flag_meaning(flag: str) -> str:
    """What the flag means, as a sentence."""
    return flag_sentence(flag)


@register.filter
def percent(fraction: float | None) -> int:
    """0–1 as a whole percentage."""
    return round(100 * (fraction or 0))


@register.filter
def duration(seconds: float | None) -> str:
    """A length of time in words; empty for None."""
    if seconds is None:
        return ""
    if seconds < 60:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 3600 else f"{seconds / 3600:.1f} h"


@register.simple_tag
def workspaces_of(actor: Actor) -> list[Workspace]:
    """The workspaces this person can switch to. Causes a SQL query."""
    rows = Membership.objects.filter(user=actor.user).select_related("workspace").order_by("workspace__name")
    return [row.workspace for row in rows]


@register.simple_tag(takes_context=True)
def sort_link(context: dict[str, Any], column: str) -> str:
    """The query string that sorts by this column, the other way round when it does already."""
    params = context["request"].GET.copy()
    params.pop("page", None)
    params["sort"] = f"-{column}" if context.get("sort") == column else column
    return f"?{params.urlencode()}"
