"""The thresholds that a person tries on the simulation page."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone

from extraction.models import Flow
from extraction.models.flow import PERCENT

PERIODS = [("", "All the time"), ("30", "Last 30 days"), ("90", "Last 90 days"), ("365", "Last year")]
PRECISIONS = [("95", "95 %"), ("98", "98 %"), ("99", "99 %"), ("99.5", "99.5 %"), ("99.9", "99.9 %")]
SWITCHES = ("auto_approve", "always_review")
SCORES = ("review_below_score", "auto_approve_min_score")


class SimulationForm(forms.Form):
    """Thresholds, switches, and a floor for each field of the flow; the flow's own until it is `asked`."""

    asked = forms.CharField(required=False, widget=forms.HiddenInput)
    review_below_score = forms.FloatField(min_value=0, max_value=100)
    auto_approve = forms.BooleanField(required=False)
    auto_approve_min_score = forms.FloatField(min_value=50, max_value=100)
    always_review = forms.BooleanField(required=False)
    precision = forms.ChoiceField(choices=PRECISIONS)
    period = forms.ChoiceField(choices=PERIODS, required=False)

    def __init__(self, data: Any, flow: Flow) -> None:
        self.floored = flow.field_defs()
        own = {name: getattr(flow, name) for name in (*SCORES, *SWITCHES)}
        own |= {f"floor-{item.name}": item.require_score_above for item in self.floored}
        own |= {"precision": "99", "period": ""}
        super().__init__(data if "asked" in data else own)
        for item in self.floored:
            self.fields[f"floor-{item.name}"] = forms.FloatField(
                required=False, validators=PERCENT, label=item.label
            )

    def floor_fields(self) -> list[forms.BoundField]:
        return [self[f"floor-{item.name}"] for item in self.floored]

    def floors(self) -> dict[str, float | None]:
        """The floors that were asked for, by field name."""
        return {item.name: self.cleaned_data[f"floor-{item.name}"] for item in self.floored}

    def thresholds(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in (*SCORES, *SWITCHES)}

    def question(self) -> dict[str, Any]:
        """What `question_of` takes."""
        days = self.cleaned_data["period"]
        return {
            **self.thresholds(),
            "floors": self.floors(),
            "precision": float(self.cleaned_data["precision"]) / 100,
            "since": timezone.now() - timedelta(days=int(days)) if days else None,
        }
