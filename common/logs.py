"""Log filters: the request id on each line, and no secret in any."""

import logging
import re

from .request_context import request_id_var

# An API key keeps its visible prefix and its last four characters; passwords in URLs vanish.
API_KEY = re.compile(r"(recto_[0-9A-Za-z]{11}_)[0-9A-Za-z]{34}([0-9A-Za-z]{4})")
URL_PASSWORD = re.compile(r"(\w+://[^:/@\s]*:)[^@\s]+@")


def redact(text: str) -> str:
    """The text without secrets: API keys cut to prefix and last four, passwords in URLs removed."""
    return URL_PASSWORD.sub(r"\1***@", API_KEY.sub(r"\1…\2", text))


class RequestIdFilter(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id_var.get()
        return True


class RedactFilter(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        try:
            message = record.getMessage()
        except (TypeError, ValueError):
            return True  # the handler reports the wrong format string; raising here would break its caller
        clean = redact(message)
        if clean != message:
            record.msg, record.args = clean, None
        if record.exc_info and record.exc_info[0]:
            record.exc_text = redact(record.exc_text or logging.Formatter().formatException(record.exc_info))
        return True
