"""Serializers that refuse what they do not know."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from rest_framework import serializers


class StrictSerializer(serializers.Serializer[Any]):
    """Input of an endpoint: an unknown key is an error, so that a typing mistake never goes unseen."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            unknown = sorted(set(data) - set(self.fields))
            if unknown:
                raise serializers.ValidationError({name: ["This field is not known."] for name in unknown})
        return super().to_internal_value(data)


class FiniteFloatField(serializers.FloatField):
    """A float that is a number: `nan` passes every minimum and maximum, and no JSON answer can hold it."""

    def to_internal_value(self, data: Any) -> float:
        value = super().to_internal_value(data)
        if not math.isfinite(value):
            self.fail("invalid")
        return value


class ErrorOutput(serializers.Serializer[Any]):
    """The one error body."""

    error = serializers.CharField()
    message = serializers.CharField()
    details = serializers.DictField()
    retry_after = serializers.IntegerField(allow_null=True)


class DeletedOutput(serializers.Serializer[Any]):
    deleted = serializers.BooleanField()
