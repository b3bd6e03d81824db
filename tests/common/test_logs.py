"""Logs: no secret in any line, and a wrong log call never breaks its caller."""

from __future__ import annotations

import io
import logging

import pytest

from accounts.services.api_keys import new_token
from common.logs import RedactFilter, RequestIdFilter


@pytest.fixture
def lines() -> tuple[logging.Logger, io.StringIO]:
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(logging.Formatter("[%(request_id)s] %(message)s"))
    for each in (RequestIdFilter(), RedactFilter()):
        handler.addFilter(each)
    logger = logging.Logger("test")
    logger.addHandler(handler)
    return logger, out


def test_a_token_is_cut_to_prefix_and_last_four(lines):
    logger, out = lines
    token = new_token()
    logger.info("got %s twice: %s", token, token)
    assert token not in out.getvalue()
    assert out.getvalue().count(f"{token[:18]}…{token[-4:]}") == 2


def test_a_token_in_a_traceback_is_cut_too(lines):
    logger, out = lines
    token = new_token()
    try:
        raise ValueError(f"bad key {token}")
    except ValueError:
        logger.exception("failed")
    assert token not in out.getvalue()
    assert "ValueError: bad key recto_" in out.getvalue()


@pytest.mark.parametrize("url", ["postgres://recto:sesame@db/recto", "redis://:sesame@127.0.0.1:6380/0"])
def test_a_password_in_a_url_vanishes(lines, url):
    logger, out = lines
    logger.warning("cannot reach %s", url)
    assert "sesame" not in out.getvalue()


def test_a_wrong_format_string_does_not_break_the_caller(lines, monkeypatch):
    logger, out = lines
    monkeypatch.setattr(logging, "raiseExceptions", False)
    logger.info("%d", "x")
    logger.info("next")
    assert "next" in out.getvalue()
