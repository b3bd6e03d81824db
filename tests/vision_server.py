"""An OpenAI-compatible vision endpoint for tests: it decodes the picture it is sent and truly reads it.

Text recognition stands in for a vision model; asked for fields, it reads what stands behind their labels.
What an endpoint does only on bad days (refusals, floods, nonsense) can be ordered for the next calls.
"""

from __future__ import annotations

import base64
import io
import json
import re
import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import groupby, pairwise
from statistics import median
from typing import Any

import pytest
from PIL import Image

from extraction.engines.blocks import Word
from extraction.engines.convert.layout import in_lines, lines_of
from extraction.engines.llm.client import Endpoint
from extraction.engines.ocr.base import OcrEngine
from extraction.engines.ocr.rapid import RapidEngine
from extraction.engines.ocr.tesseract import TesseractEngine

MODEL = "reader-vl"
KEY = "sk-tests-only-4242"


@dataclass(frozen=True)
class Reply:
    """An answer ordered for one call. `text` is put into a completion, `body` sent as it is."""

    status: int = 200
    text: str = ""
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    finish_reason: str = "stop"
    delay_s: float = 0.0


class VisionServer(ThreadingHTTPServer):
    """Listens on a free port of 127.0.0.1; `requests` are the bodies it got, `replies` those ordered."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.requests: list[dict[str, Any]] = []
        self.pictures: list[Image.Image] = []
        self.replies: deque[Reply] = deque()
        self.refused: set[str] = set()

    @property
    def endpoint(self) -> Endpoint:
        return Endpoint(f"http://127.0.0.1:{self.server_port}/v1", KEY, timeout_s=60.0)


class _Handler(BaseHTTPRequestHandler):
    server: VisionServer

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.requests.append(body)
        reply = self._checked(body) or (self.server.replies.popleft() if self.server.replies else None)
        if reply is None and "<document>" in str(body["messages"][1]["content"]):
            reply = Reply(text=json.dumps(read_fields(body)))
        if reply is None:
            picture = picture_in(body)
            self.server.pictures.append(picture)
            reply = Reply(text=read_markdown(picture))
        time.sleep(reply.delay_s)
        self._send(reply)

    def _checked(self, body: dict[str, Any]) -> Reply | None:
        if self.path != "/v1/chat/completions":
            return Reply(404, body=_error("not_found", "There is no such address."))
        if self.headers["Authorization"] != f"Bearer {KEY}":
            return Reply(401, body=_error("invalid_api_key", f"Incorrect: {self.headers['Authorization']}"))
        for name in self.server.refused & set(body):
            return Reply(400, body=_error("unsupported_parameter", f"Unsupported parameter: '{name}'."))
        return None

    def _send(self, reply: Reply) -> None:
        content = reply.body or json.dumps(completion(reply.text, reply.finish_reason)).encode()
        self.send_response(reply.status)
        for name, value in {"Content-Type": "application/json", **reply.headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        # A client that ran out of patience is gone by now.
        with suppress(ConnectionError):
            self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass


def completion(text: str, finish_reason: str = "stop") -> dict[str, Any]:
    """A chat completion as the API gives it; a picture counts 1,000 tokens, a word of the answer one."""
    words = len(text.split())
    return {
        "object": "chat.completion",
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", "content": text},
                "finish_reason": finish_reason,
            }
        ],
        "usage": {"prompt_tokens": 1000, "completion_tokens": words, "total_tokens": 1000 + words},
    }


def _error(code: str, message: str) -> bytes:
    return json.dumps({"error": {"message": message, "type": "invalid_request_error", "code": code}}).encode()


def picture_in(body: dict[str, Any]) -> Image.Image:
    parts = [part for message in body["messages"] for part in message["content"] if isinstance(part, dict)]
    url = next(part["image_url"]["url"] for part in parts if part["type"] == "image_url")
    found = re.fullmatch(r"data:image/(?:jpeg|png);base64,(.+)", url)
    assert found
    return Image.open(io.BytesIO(base64.b64decode(found[1], validate=True))).convert("RGB")


def read_fields(body: dict[str, Any]) -> dict[str, Any]:
    """For each field asked for, what stands behind its label on a line of the document."""
    task, text = (message["content"] for message in body["messages"])
    lines = dict(line.split("| ", 1) for line in text.splitlines() if "| " in line)
    fields = [json.loads(line) for line in task.splitlines() if line.startswith('{"name"')]
    return {field["name"]: _beside(field["label"], lines) for field in fields}


def _beside(label: str, lines: dict[str, str]) -> dict[str, Any]:
    for line_id, line in lines.items():
        found = re.search(rf"\b{re.escape(label)}\b[\s:]*(\S.*?)(?:   |$)", line, re.IGNORECASE)
        if found:
            return {"lines": line_id, "quote": found[1], "value": found[1]}
    return {"lines": "", "quote": "", "value": None}


def read_markdown(picture: Image.Image) -> str:
    """The picture's text: lines of pieces in as many columns are tables, the first line is the heading."""
    # Another engine than the one that reads scans here, and the faster one, where it is installed.
    engine: OcrEngine = TesseractEngine() if TesseractEngine().available() else RapidEngine()
    words = engine.read(picture, languages=("en",)).words
    if not words:
        return ""
    height = median(word.box.h for word in words)
    rows = [_pieces(line, height) for line in lines_of(in_lines(words))]
    parts: list[str] = []
    for columns, group in groupby(rows, key=len):
        lines = list(group)
        if columns > 1 and len(lines) > 1:
            lines.insert(1, ["---"] * columns)
            parts.append("\n".join(f"| {' | '.join(line)} |" for line in lines))
        else:
            parts += [" ".join(line) for line in lines]
    return "\n\n".join([f"# {parts[0]}", *parts[1:]])


def _pieces(line: Sequence[Word], height: float) -> list[str]:
    """The line cut where the space is wider than two letters are high."""
    pieces = [line[0].text]
    for before, word in pairwise(line):
        if word.box.x - before.box.right > 2 * height:
            pieces.append(word.text)
        else:
            pieces[-1] += f" {word.text}"
    return pieces


@pytest.fixture
def vision() -> Iterator[VisionServer]:
    with VisionServer() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()
