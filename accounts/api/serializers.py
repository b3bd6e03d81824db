from __future__ import annotations

import json
from typing import Any

from rest_framework import serializers

from accounts.models import ApiKey
from accounts.scopes import ALL_SCOPES
from common.api.serializers import StrictSerializer

MAX_PREFERENCES = 16 * 1024


class MeOutput(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    email = serializers.EmailField()
    full_name = serializers.CharField()
    is_active = serializers.BooleanField()
    is_verified = serializers.BooleanField()
    role = serializers.CharField(allow_blank=True)
    created_at = serializers.DateTimeField()
    preferences = serializers.DictField()
    workspace = serializers.DictField()
    scopes = serializers.ListField(child=serializers.CharField())


class MeInput(StrictSerializer):
    full_name = serializers.CharField(max_length=255, required=False, allow_blank=True)
    preferences = serializers.DictField(required=False)

    def validate_preferences(self, value: dict[str, Any]) -> dict[str, Any]:
        if len(json.dumps(value)) > MAX_PREFERENCES:
            raise serializers.ValidationError("Must be at most 16 KB.")
        return value


class ApiKeyInput(StrictSerializer):
    name = serializers.CharField(max_length=100)
    scopes = serializers.ListField(child=serializers.ChoiceField(choices=ALL_SCOPES), min_length=1)
    expires_at = serializers.DateTimeField(required=False, allow_null=True)
    allowed_ips = serializers.ListField(
        child=serializers.CharField(max_length=49), required=False, max_length=50
    )


class ApiKeyOutput(serializers.ModelSerializer[ApiKey]):
    scopes = serializers.ListField(child=serializers.CharField())
    allowed_ips = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = ApiKey
        fields = [
            "id",
            "name",
            "key_prefix",
            "last_four",
            "scopes",
            "allowed_ips",
            "created_at",
            "last_used_at",
            "expires_at",
            "revoked_at",
        ]


class NewApiKeyOutput(ApiKeyOutput):
    token = serializers.CharField()

    class Meta(ApiKeyOutput.Meta):
        fields = [*ApiKeyOutput.Meta.fields, "token"]


class RevokedOutput(serializers.Serializer[Any]):
    revoked = serializers.BooleanField()


class TicketOutput(serializers.Serializer[Any]):
    ticket = serializers.CharField()
    expires_in = serializers.IntegerField()
