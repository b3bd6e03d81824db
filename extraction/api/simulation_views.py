"""What other thresholds of a flow would have done."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import require_actor
from common.api.requests import checked
from common.api.serializers import ErrorOutput, FiniteFloatField, StrictSerializer
from common.api.views import ApiView
from extraction.api.flow_views import flow_get
from extraction.simulation import answer_json, question_of, simulate

Fields = dict[str, serializers.Field[Any, Any, Any, Any]]


class SimulateInput(StrictSerializer):
    """Thresholds to try; what is left out is taken from the flow."""

    review_below_score = FiniteFloatField(min_value=0, max_value=100, required=False, allow_null=True)
    auto_approve = serializers.BooleanField(required=False, allow_null=True)
    auto_approve_min_score = FiniteFloatField(min_value=50, max_value=100, required=False, allow_null=True)
    always_review = serializers.BooleanField(required=False, allow_null=True)
    floors = serializers.DictField(
        child=FiniteFloatField(min_value=0, max_value=100, allow_null=True),
        required=False,
        help_text="`require_score_above` by field name; null for none.",
    )
    target_precision = FiniteFloatField(
        min_value=0.5, max_value=0.9999, default=0.99, help_text="The share that has to be right, 0–1."
    )

    def get_fields(self) -> Fields:
        moment = {"required": False, "allow_null": True}
        # `from` is a Python keyword, so it cannot stand as an attribute.
        times = {name: serializers.DateTimeField(**moment) for name in ("from", "to")}  # type: ignore[arg-type]
        return {**super().get_fields(), **times}


class PointOutput(serializers.Serializer[Any]):
    """What passes at a threshold (0–100); shares and rates are fractions."""

    threshold = serializers.FloatField()
    documents = serializers.IntegerField(help_text="How many of all that were read would pass.")
    pass_share = serializers.FloatField()
    reviewed = serializers.IntegerField(help_text="How many of those a person has looked at.")
    wrong = serializers.IntegerField()
    error_rate = serializers.FloatField(allow_null=True)
    error_upper = serializers.FloatField(allow_null=True, help_text="At most this, with 95 % confidence.")


class SimulationOutput(serializers.Serializer[Any]):
    review_below_score = serializers.FloatField()
    auto_approve_min_score = serializers.FloatField()
    processed = serializers.IntegerField(help_text="All documents that were read under this flow.")
    documents = serializers.IntegerField(help_text="Those of them that a person has looked at.")
    would_pass = serializers.IntegerField(help_text="How many of the reviewed ones would pass.")
    would_pass_share = serializers.FloatField(help_text="The share of all that were read.")
    would_approve = serializers.IntegerField()
    would_approve_share = serializers.FloatField()
    errors_passed = serializers.IntegerField()
    error_rate = serializers.FloatField(allow_null=True)
    error_upper = serializers.FloatField(allow_null=True, help_text="At most this, with 95 % confidence.")
    field_errors = serializers.DictField(child=serializers.IntegerField())
    by_threshold = PointOutput(many=True)
    target_precision = serializers.FloatField()
    recommended_threshold = serializers.IntegerField(allow_null=True)
    recommended_reason = serializers.ChoiceField(
        choices=["too_few_reviews", "not_precise_enough"], allow_null=True
    )
    reviews_needed = serializers.IntegerField()


class SimulateView(ApiView):
    scopes = {"POST": "flows:read"}

    @extend_schema(
        operation_id="flows_simulate",
        request=SimulateInput,
        responses={200: SimulationOutput, 400: ErrorOutput},
    )
    def post(self, request: Request, flow_id: UUID) -> Response:
        actor = require_actor(request)
        flow = flow_get(flow_id, actor)
        data = checked(SimulateInput, request)
        question = question_of(
            flow,
            precision=data.pop("target_precision"),
            since=data.pop("from", None),
            until=data.pop("to", None),
            **data,
        )
        return Response(answer_json(question, simulate(flow, question, actor)))
