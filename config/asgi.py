"""The ASGI application: HTTP by Django, WebSockets by Channels."""

import os

from channels.routing import ProtocolTypeRouter, URLRouter
from channels.sessions import SessionMiddlewareStack
from django.conf import settings
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
http = get_asgi_application()

# These need the apps that the line above loads.
from config.body_limit import BodyLimit  # noqa: E402
from documents.routing import websocket_urlpatterns  # noqa: E402

# Twice the largest file, so that one a little too large still gets the message about files.
LIMIT = max(2 * settings.MAX_FILE_BYTES, settings.MAX_JSON_BODY_BYTES) + 1024 * 1024

websocket = SessionMiddlewareStack(URLRouter(websocket_urlpatterns))
application = ProtocolTypeRouter(
    {
        "http": BodyLimit(http, max_bytes=LIMIT),
        "websocket": websocket,
    }
)
