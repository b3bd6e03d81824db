from __future__ import annotations

from typing import Any

from rest_framework.renderers import BaseRenderer, JSONRenderer


class AnyTypeRenderer(BaseRenderer):
    """Lets a client ask for the file's own type; errors are JSON all the same."""

    media_type = "*/*"
    format = "any"

    def render(self, data: Any, *args: Any, **kwargs: Any) -> Any:
        return JSONRenderer().render(data)
