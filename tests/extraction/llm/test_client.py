"""The client against a real model: SmolLM2 in llama.cpp."""

from __future__ import annotations

import io
import json

import pytest

from extraction.engines.llm.client import ChatClient, Endpoint
from extraction.engines.llm.errors import LlmError
from extraction.engines.llm.pages import ask_for_page
from tests.extraction.convert.files import receipt_image
from tests.llm_server import CONTEXT_TOKENS, MODEL

RECEIPT = {
    "name": "receipt",
    "strict": True,
    "schema": {
        "type": "object",
        "properties": {"currency": {"enum": ["EUR", "USD"]}, "paid": {"type": "boolean"}},
        "required": ["currency", "paid"],
        "additionalProperties": False,
    },
}


def question(text: str) -> list[dict[str, str]]:
    return [{"role": "user", "content": text}]


def test_a_model_answers_and_its_tokens_are_counted(text_model: Endpoint) -> None:
    with ChatClient(text_model) as client:
        first = client.chat(question("Say hello."), model=MODEL, max_tokens=8)
        second = client.chat(question("Say good morning."), model=MODEL, max_tokens=8)
    assert first.text.strip()
    assert first.finish_reason in ("stop", "length")
    assert first.usage.prompt_tokens > 3
    assert 1 <= first.usage.completion_tokens <= 8
    assert client.usage == first.usage + second.usage


def test_an_answer_has_the_form_asked_for(text_model: Endpoint) -> None:
    with ChatClient(text_model) as client:
        answer = client.chat(
            question("Paid 12.50 in euros with card. Answer as JSON."),
            model=MODEL,
            max_tokens=60,
            response_format={"type": "json_schema", "json_schema": RECEIPT},
        )
    assert answer.finish_reason == "stop"
    value = json.loads(answer.text)
    assert value["currency"] in ("EUR", "USD")
    assert isinstance(value["paid"], bool)
    assert len(value) == 2


def test_a_model_without_vision_says_so_in_our_words(text_model: Endpoint) -> None:
    picture = io.BytesIO()
    receipt_image().save(picture, "JPEG")
    with ChatClient(text_model) as client, pytest.raises(LlmError) as caught:
        ask_for_page(client, picture.getvalue(), model=MODEL)
    assert caught.value.code == "llm_failed"
    assert not caught.value.transient
    assert caught.value.message.startswith(f"The model {MODEL} does not accept pictures")


def test_a_question_longer_than_the_model_can_read_is_not_asked_again(text_model: Endpoint) -> None:
    with ChatClient(text_model) as client, pytest.raises(LlmError) as caught:
        client.chat(question("word " * 2 * CONTEXT_TOKENS), model=MODEL, max_tokens=8)
    assert (caught.value.code, caught.value.transient) == ("llm_failed", False)
    assert client.usage.prompt_tokens == 0
