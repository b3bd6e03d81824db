"""The errors that callers see: one class, one body, a sentence that says what to do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


class AppError(Exception):
    """An error that is safe to show. `retry_after` is in seconds and only set where waiting helps."""

    def __init__(
        self,
        code: str,
        http_status: int,
        message: str,
        *,
        details: Mapping[str, Any] | None = None,
        retry_after: int | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.http_status = http_status
        self.message = message
        self.details = dict(details or {})
        self.retry_after = retry_after

    def body(self) -> dict[str, Any]:
        """The one error body of the API, all four keys always present."""
        return {
            "error": self.code,
            "message": self.message,
            "details": self.details,
            "retry_after": self.retry_after,
        }


class NotFound(AppError):
    """Absent or not visible to the caller; the two are never told apart."""

    def __init__(self, resource: str, **details: Any) -> None:
        message = f"There is no such {resource.replace('_', ' ')}."
        super().__init__("not_found", 404, message, details={"resource": resource, **details})


class ValidationFailed(AppError):
    """Input that is not valid; `fields` maps each name to its sentences."""

    def __init__(self, fields: Mapping[str, Any]) -> None:
        count = len(fields)
        message = "1 field is not valid." if count == 1 else f"{count} fields are not valid."
        super().__init__("validation_failed", 400, message, details={"fields": dict(fields)})


class InvalidState(AppError):
    """A transition that the state machine does not draw."""

    def __init__(self, status: str, allowed: Iterable[str], *, what: str = "document") -> None:
        allowed = sorted(allowed)
        message = f"The {what} is {status.replace('_', ' ')}; this needs: {', '.join(allowed)}."
        super().__init__("invalid_state", 409, message, details={"status": status, "allowed": allowed})


class VersionConflict(AppError):
    """Somebody else changed the row since the caller read it."""

    def __init__(self, current: int) -> None:
        super().__init__(
            "version_conflict",
            409,
            "It was changed by somebody else meanwhile. Read it again and repeat your change.",
            details={"version": current},
        )
