"""Files out: never sniffed, never run, with ETag and Range where they help."""

from __future__ import annotations

import hashlib
import re
from collections.abc import AsyncIterator, Iterator
from typing import BinaryIO
from urllib.parse import quote

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

# A file from outside may be shown, but nothing in it may run or load anything.
SANDBOX = "sandbox; default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; object-src 'self'"
RANGE = re.compile(r"^bytes=(\d*)-(\d*)$")
CHUNK = 256 * 1024


def text_response(
    request: HttpRequest, text: str, content_type: str, *, download_as: str | None
) -> HttpResponseBase:
    """The text with ETag and Range."""
    return bytes_response(request, text.encode(), content_type, download_as=download_as)


def bytes_response(
    request: HttpRequest, data: bytes, content_type: str, *, download_as: str | None = None, cache_s: int = 0
) -> HttpResponseBase:
    """The bytes with ETag and Range; `cache_s` lets the browser keep them that long."""
    etag = f'"{hashlib.sha256(data).hexdigest()[:32]}"'
    if request.headers.get("If-None-Match") == etag:
        response: HttpResponseBase = HttpResponse(status=304)
    else:
        window = _range(request, len(data))
        if window is None:
            response = HttpResponse(data, content_type=content_type)
        elif window == (0, 0):
            response = HttpResponse(status=416, headers={"Content-Range": f"bytes */{len(data)}"})
        else:
            start, end = window
            response = HttpResponse(data[start:end], content_type=content_type, status=206)
            response["Content-Range"] = f"bytes {start}-{end - 1}/{len(data)}"
    response["ETag"] = etag
    return guarded(response, download_as=download_as, cache_s=cache_s)


def file_response(
    request: HttpRequest, file: BinaryIO, size: int, content_type: str, *, filename: str, attachment: bool
) -> HttpResponseBase:
    """The stored file, streamed, with Range."""
    window = _range(request, size)
    if window == (0, 0):
        file.close()
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    start, end = window or (0, size)
    # Under ASGI Django would first read a synchronous iterator to its end, the whole file into memory.
    window_class = _AsyncWindow if isinstance(request, ASGIRequest) else _Window
    response = StreamingHttpResponse(window_class(file, start, end), content_type=content_type)
    response["Content-Length"] = str(end - start)
    if window:
        response.status_code = 206
        response["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    return guarded(response, download_as=filename if attachment else None, inline_as=filename)


def guarded(
    response: HttpResponseBase, *, download_as: str | None, inline_as: str | None = None, cache_s: int = 0
) -> HttpResponseBase:
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = SANDBOX
    response["Accept-Ranges"] = "bytes"
    response["Cache-Control"] = f"private, max-age={cache_s}" if cache_s else "private, no-cache"
    name = download_as or inline_as
    if name:
        kind = "attachment" if download_as else "inline"
        response["Content-Disposition"] = f"{kind}; filename*=UTF-8''{quote(name)}"
    return response


def _range(request: HttpRequest, size: int) -> tuple[int, int] | None:
    """Start and end of one asked-for range; None for the whole; (0, 0) for one that cannot be met."""
    found = RANGE.match(request.headers.get("Range", ""))
    if not found or not (found[1] or found[2]) or len(found[0]) > 60:
        return None
    if not found[1]:
        start, end = max(0, size - int(found[2])), size
    else:
        start, end = int(found[1]), min(size, int(found[2]) + 1) if found[2] else size
    return (start, end) if start < end else (0, 0)


class _AsyncWindow:
    """The same for an event loop; each read happens in a thread."""

    def __init__(self, file: BinaryIO, start: int, end: int) -> None:
        self.inner = _Window(file, start, end)
        self.close = file.close

    async def __aiter__(self) -> AsyncIterator[bytes]:
        chunks = iter(self.inner)
        while chunk := await sync_to_async(lambda: next(chunks, b""))():
            yield chunk


class _Window:
    """Part of a file in chunks. Django calls `close` also where nothing was read, as after HEAD."""

    def __init__(self, file: BinaryIO, start: int, end: int) -> None:
        self.file, self.start, self.end = file, start, end
        self.close = file.close

    def __iter__(self) -> Iterator[bytes]:
        self.file.seek(self.start)
        left = self.end - self.start
        while left > 0 and (chunk := self.file.read(min(CHUNK, left))):
            left -= len(chunk)
            yield chunk
