"""What the editors of flows, templates and document types share: the table of fields inside their forms."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from extraction.engines.fields.defs import FieldDef
from extraction.field_editor import TYPES, EditorProblems, FieldRow, changed_rows, defs_of, filled_in
from extraction.recipe_forms import RecipeForm

UNPROCESSABLE = 422
NOT_RIGHT = "Some fields are not right yet. Look at the marked ones."


def editor_context(form: RecipeForm, rows: list[FieldRow]) -> dict[str, Any]:
    """The form and its table."""
    return {"form": form, "rows": rows, "types": TYPES, "own_fields": True}


def table_changed(request: HttpRequest, rows: list[FieldRow]) -> HttpResponse | None:
    """Does what the pressed button of the table says to the rows: the table alone for htmx, else None."""
    changed_rows(rows, request.POST["do"])
    if not request.htmx:  # type: ignore[attr-defined]
        return None
    context = {"rows": rows, "types": TYPES, "own_fields": not request.POST.get("template")}
    return render(request, "flows/partials/field_table.html", context)


def checked_rows(form: RecipeForm, rows: list[FieldRow]) -> tuple[FieldDef, ...] | None:
    """The definitions in the rows, empty ones taken away; None when they say what is wrong."""
    rows[:] = filled_in(rows)
    try:
        return defs_of(rows)
    except EditorProblems as error:
        form.add_error(None, error.text or NOT_RIGHT)
        return None
