"""Bad days of an endpoint: what is tried again, what is said, and what is kept secret."""

from __future__ import annotations

import gzip
import json
import logging
import socket
import time
from dataclasses import replace

import pytest

from extraction.engines.llm import wire
from extraction.engines.llm.client import ATTEMPTS, Call, ChatClient, Endpoint
from extraction.engines.llm.errors import LlmError, over_budget
from extraction.engines.llm.habits import OwnHabits
from tests.vision_server import KEY, MODEL, Reply, VisionServer

pytestmark = pytest.mark.usefixtures("short_pauses")
QUESTION = [{"role": "user", "content": "Anything."}]
FINE = Reply(text="Fine.")


def answer(endpoint: Endpoint) -> str:
    with ChatClient(endpoint) as client:
        return client.chat(QUESTION, model=MODEL).text


def failure(endpoint: Endpoint) -> LlmError:
    with pytest.raises(LlmError) as caught:
        answer(endpoint)
    return caught.value


@pytest.mark.parametrize(
    "bad",
    [
        Reply(500, body=b'{"error": {"message": "oops", "type": "server_error"}}'),
        Reply(503, body=b"<html>busy</html>"),
        Reply(body=b"not json"),
        Reply(body=b'{"choices": []}'),
        Reply(body=b'["choices"]'),
        Reply(body=b"[" * 100_000),
    ],
)
def test_what_may_pass_is_tried_again_and_then_told(vision: VisionServer, bad: Reply) -> None:
    vision.replies += [bad, bad, FINE]
    assert answer(vision.endpoint) == "Fine."
    vision.replies += [bad] * ATTEMPTS
    assert failure(vision.endpoint).code == "llm_failed"
    assert len(vision.requests) == 3 + ATTEMPTS


def test_a_flood_is_waited_out_as_long_as_the_endpoint_says(vision: VisionServer) -> None:
    vision.replies += [Reply(429, headers={"Retry-After": "1"}), FINE]
    started = time.monotonic()
    assert answer(vision.endpoint) == "Fine."
    assert time.monotonic() - started >= 1


def test_a_flood_longer_than_the_call_may_take_is_told_at_once(vision: VisionServer) -> None:
    vision.replies.append(Reply(429, headers={"Retry-After": "3600"}))
    error = failure(vision.endpoint)
    assert (error.code, error.retry_after) == ("llm_rate_limited", 3600)
    assert len(vision.requests) == 1


def test_a_flood_may_end_at_a_date(vision: VisionServer) -> None:
    vision.replies.append(Reply(429, headers={"Retry-After": "Fri, 31 Dec 2100 23:59:59 GMT"}))
    assert (failure(vision.endpoint).retry_after or 0) > 3600


def test_a_wrong_key_is_told_once_and_stays_secret(
    vision: VisionServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="extraction")
    error = failure(replace(vision.endpoint, api_key="sk-wrong-7"))
    assert (error.code, len(vision.requests)) == ("llm_failed", 1)
    assert "LLM_API_KEY" in error.message
    assert "invalid_api_key" in caplog.text
    for told in (error.message, caplog.text, repr(vision.endpoint)):
        assert "sk-wrong-7" not in told
        assert KEY not in told
        assert str(vision.server_port) not in told


def test_an_unknown_model_is_told_once(vision: VisionServer) -> None:
    vision.replies.append(Reply(404, body=b'{"error": {"message": "no such model"}}'))
    assert failure(vision.endpoint).message.endswith(f"does not know the model {MODEL}.")
    assert len(vision.requests) == 1


def test_an_endpoint_that_moved_is_not_followed_with_the_key(vision: VisionServer) -> None:
    vision.replies.append(Reply(307, headers={"Location": "http://127.0.0.1:9/elsewhere"}))
    assert failure(vision.endpoint).code == "llm_failed"
    assert len(vision.requests) == 1


@pytest.mark.parametrize("address", ["http://127.0.0.1:{port}/v1", "not an address", "ftp://127.0.0.1/v1"])
def test_nobody_there_is_told_without_the_address(address: str) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        endpoint = Endpoint(address.format(port=probe.getsockname()[1]), KEY, timeout_s=10.0)
    error = failure(endpoint)
    assert (error.code, error.transient) == ("llm_failed", True)
    assert endpoint.base_url not in error.message


def test_a_slow_answer_ends_at_the_time_limit(vision: VisionServer) -> None:
    vision.replies.append(replace(FINE, delay_s=2.0))
    started = time.monotonic()
    assert failure(replace(vision.endpoint, timeout_s=0.3)).code == "timeout"
    assert time.monotonic() - started < 1.5


def test_an_endless_answer_is_cut_off(vision: VisionServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "MAX_ANSWER_BYTES", 100_000)
    vision.replies.append(Reply(text="again " * 50_000))
    assert "too long" in failure(vision.endpoint).message
    assert len(vision.requests) == 1


def test_a_parameter_that_the_endpoint_refuses_is_left_out_from_then_on(vision: VisionServer) -> None:
    vision.refused = {"max_tokens", "temperature"}
    vision.replies += [FINE, FINE]
    with ChatClient(vision.endpoint) as client:
        assert client.chat(QUESTION, model=MODEL, max_tokens=77).text == "Fine."
        assert client.chat(QUESTION, model=MODEL, max_tokens=78).text == "Fine."
    assert [body.get("max_completion_tokens") for body in vision.requests][-2:] == [77, 78]
    assert len(vision.requests) == 4


def test_waiting_can_be_ended_from_outside(vision: VisionServer) -> None:
    vision.replies.append(Reply(429, headers={"Retry-After": "30"}))

    def cancelled() -> None:
        raise InterruptedError

    with ChatClient(vision.endpoint) as client, pytest.raises(InterruptedError):
        client.chat(QUESTION, model=MODEL, tick=cancelled)


def test_a_models_thoughts_are_no_part_of_its_answer(vision: VisionServer) -> None:
    vision.replies.append(Reply(text="<think>Is it 5?\nNo.</think>\n\nIt is 6."))
    assert answer(vision.endpoint).strip() == "It is 6."


def test_a_call_under_way_can_be_ended_from_outside(vision: VisionServer) -> None:
    vision.replies.append(replace(FINE, delay_s=5.0))
    started = time.monotonic()

    def cancelled() -> None:
        raise InterruptedError

    with ChatClient(vision.endpoint) as client, pytest.raises(InterruptedError):
        client.chat(QUESTION, model=MODEL, tick=cancelled)
    assert time.monotonic() - started < 2


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("I think it is 5.\n</think>\nIt is 6.", "It is 6."),
        ("<think>It is 5, no, it is 6, no", ""),
        ("It is 6. <think> is a tag.", "It is 6. <think> is a tag."),
    ],
)
def test_thoughts_without_beginning_or_end_are_no_answer_either(
    vision: VisionServer, text: str, left: str
) -> None:
    vision.replies.append(Reply(text=text))
    assert answer(vision.endpoint).strip() == left


def test_a_refusal_in_words_is_told_as_one(vision: VisionServer) -> None:
    body = {"choices": [{"message": {"content": None, "refusal": "I cannot."}, "finish_reason": "stop"}]}
    vision.replies.append(Reply(body=json.dumps(body).encode()))
    with ChatClient(vision.endpoint) as client:
        assert client.chat(QUESTION, model=MODEL).outcome == "refused"


def test_a_packed_answer_is_not_unpacked(vision: VisionServer) -> None:
    bomb = gzip.compress(b"0" * 10_000_000)
    vision.replies += [Reply(body=bomb, headers={"Content-Encoding": "gzip"})] * ATTEMPTS
    assert "not valid" in failure(vision.endpoint).message


SCHEMA = {"type": "json_schema", "json_schema": {"name": "a", "schema": {"type": "object"}}}


@pytest.mark.parametrize(
    "sentence",
    [
        "'response_format' of type 'json_schema' is not supported with this model.",
        "Invalid parameter: 'response_format'",
        "Extra inputs are not permitted: response_format",
    ],
)
def test_an_answer_format_that_is_refused_is_asked_for_in_a_weaker_form(
    vision: VisionServer, sentence: str
) -> None:
    bad = Reply(400, body=json.dumps({"error": {"message": sentence}}).encode())
    vision.replies += [bad, bad, FINE, FINE]
    habits = OwnHabits()
    for _ in range(2):
        with ChatClient(vision.endpoint, habits=habits) as client:
            assert client.chat(QUESTION, model=MODEL, response_format=SCHEMA).text == "Fine."
    kinds = [body.get("response_format", {}).get("type") for body in vision.requests]
    assert kinds == ["json_schema", "json_object", None, None]


def test_a_limit_is_not_mistaken_for_a_refused_parameter(vision: VisionServer) -> None:
    said = b'{"error": {"message": "max_tokens is too large: 4096. At most 2048 are not supported."}}'
    vision.replies.append(Reply(400, body=said))
    assert failure(vision.endpoint).message.endswith("refused the call (HTTP 400).")
    assert len(vision.requests) == 1


def test_a_meter_may_forbid_a_call_and_hears_what_each_one_cost(vision: VisionServer) -> None:
    heard: list[tuple[str, int, int]] = []

    class Meter:
        def started(self, call: Call) -> None:
            if len(heard) == 2:
                raise over_budget("The budget")

        def ended(self, call: Call, error: LlmError | None) -> None:
            heard.append((call.outcome, call.tries, call.spent.prompt_tokens))

    useless = Reply(body=b'{"choices": [], "usage": {"prompt_tokens": 30, "completion_tokens": 2}}')
    vision.replies += [useless, FINE, Reply(401)]
    with ChatClient(vision.endpoint, meter=Meter()) as client:
        client.chat(QUESTION, model=MODEL)
        for _ in range(2):
            with pytest.raises(LlmError):
                client.chat(QUESTION, model=MODEL)
    assert heard == [("ok", 2, 1030), ("llm_failed", 1, 0)]
    assert len(vision.requests) == 3
