"""Asks a model for a document's fields: the question, the ladder of answer forms, long documents."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from extraction.engines.fields.defs import FieldDef
from extraction.engines.fields.layout import Layout
from extraction.engines.llm import errors
from extraction.engines.llm.answers import ModelAnswers, Tree, read_answers
from extraction.engines.llm.client import Answer, ChatClient, Message, Tick, estimated_tokens
from extraction.engines.llm.errors import LlmError
from extraction.engines.llm.habits import adapted, format_of
from extraction.engines.llm.lines import Line, keys_in, parcels, rows_to_a_model
from extraction.engines.llm.prompt import answer_format, answer_tokens, field_messages
from extraction.engines.llm.salvage import object_in

# Text in one question at the least, whatever the fields' descriptions leave of the limit.
MIN_TEXT_TOKENS = 200
_HALVINGS = 3
# An endpoint that counts less than this share of our estimate has cut the prompt to what it can read.
_MIN_READ = 0.3


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, and how much it may take: tokens of one prompt, calls, seconds for all of them.

    `prompt` is what people say about the documents, `pictures` pages as JPEG for a model that can see.
    """

    model: str
    prompt: str = ""
    temperature: float = 0.0
    prompt_tokens: int = 16_000
    max_calls: int = 4
    time_s: float = 300.0
    pictures: Mapping[int, bytes] = field(default_factory=dict)


@dataclass(slots=True)
class _Asking:
    client: ChatClient
    layout: Layout
    question: Question
    tick: Tick | None
    deadline: float
    calls: int = 0
    incomplete: bool = False
    said: dict[str, Tree] = field(default_factory=dict)

    def ask_all(self, fields: Sequence[FieldDef], tokens: int) -> None:
        """Asks parcel by parcel, each only for what the ones before it did not say."""
        for parcel in parcels(self.layout, fields, tokens) or self._nothing_printed():
            wanted = [item for item in fields if item.type == "array" or item.name not in self.said]
            if not wanted:
                return
            if self.calls >= self.question.max_calls or time.monotonic() >= self.deadline:
                self.incomplete = True
                return
            self.calls += 1
            self._take(self._ask(parcel, wanted))

    def _take(self, said: Mapping[str, Tree]) -> None:
        """Keeps what was said; rows go on after those of earlier parcels, in the order of their lines."""
        for name, tree in said.items():
            before = self.said.get(name)
            if isinstance(before, tuple) and isinstance(tree, tuple):
                rows: list[Any] = sorted([*before, *tree], key=lambda row: keys_in(row.lines)[:1])
                self.said[name] = tuple(rows)
            else:
                self.said[name] = tree

    def _nothing_printed(self) -> list[list[Line]]:
        return [[]] if self.question.pictures else []

    def forget_rows(self) -> None:
        """For asking anew: rows would be said twice."""
        self.said = {name: tree for name, tree in self.said.items() if not isinstance(tree, tuple)}

    def _ask(self, lines: Sequence[Line], fields: Sequence[FieldDef]) -> dict[str, Tree]:
        messages = field_messages(
            lines, fields, prompt=self.question.prompt, pictures=self._pictures_of(lines)
        )
        wanted: dict[str, Any] = {"response_format": answer_format(fields)}
        names = {item.name for item in fields}
        while True:
            refused = self.client.habits.refused(self.question.model)
            kind = format_of(adapted(wanted, refused))
            answer = self._chat(messages, fields, wanted["response_format"])
            data, whole = object_in(answer.text, names)
            if data is not None or answer.outcome != "ok" or not kind:
                self.incomplete |= 0 < answer.usage.prompt_tokens < _MIN_READ * estimated_tokens(messages)
                return self._read(answer, data, whole, fields)
            # It takes the form and does not keep to it: the next weaker one is all it can do.
            self.client.habits.refuse(self.question.model, kind)

    def _read(
        self, answer: Answer, data: Mapping[str, Any] | None, whole: bool, fields: Sequence[FieldDef]
    ) -> dict[str, Tree]:
        if answer.outcome == "refused":
            raise errors.no_fields("it refused to answer")
        if data is None:
            raise errors.no_fields("it broke off" if answer.outcome == "cut_off" else "no JSON in it")
        self.incomplete |= not whole
        return read_answers(data, fields)

    def _chat(
        self, messages: Sequence[Message], fields: Sequence[FieldDef], form: Mapping[str, Any]
    ) -> Answer:
        left = self.deadline - time.monotonic()
        return self.client.chat(
            messages,
            model=self.question.model,
            response_format=form,
            max_tokens=answer_tokens(fields),
            temperature=self.question.temperature,
            timeout=max(min(self.client.endpoint.timeout_s, left), 0.0),
            tick=self.tick,
        )

    def _pictures_of(self, lines: Sequence[Line]) -> dict[int, bytes]:
        """The pictures of the parcel's pages, and of pages without any line with the first parcel."""
        printed = {page.number for page in self.layout.pages if page.rows}
        here = {line.page for line in lines}
        return {
            page: picture
            for page, picture in self.question.pictures.items()
            if page in here or (page not in printed and self.calls == 1)
        }


def ask_for_fields(
    client: ChatClient,
    layout: Layout,
    fields: Sequence[FieldDef],
    question: Question,
    *,
    tick: Tick | None = None,
) -> ModelAnswers:
    """What the model says of the fields. What goes wrong is told in `error`, with what was said before it.

    A document that fits into one question is asked about once. A longer one is cut into parcels, the most
    useful pages first; later parcels are asked only for the fields that earlier ones did not answer (for
    arrays always), up to `max_calls`. A model that can read less than we thought is asked in smaller parcels.
    Raises: what `tick` raises.
    """
    asking = _Asking(client, layout, question, tick, time.monotonic() + question.time_s)
    to_a_model = bool(rows_to_a_model(layout))
    overhead = estimated_tokens(field_messages([], fields, prompt=question.prompt))
    tokens = max(question.prompt_tokens - overhead, MIN_TEXT_TOKENS)
    error: LlmError | None = None
    for _ in range(_HALVINGS + 1):
        try:
            asking.ask_all(fields, tokens)
            error = None
        except LlmError as failure:
            error = failure
        if error is None or not error.too_much or tokens <= MIN_TEXT_TOKENS:
            break
        tokens = max(tokens // 2, MIN_TEXT_TOKENS)
        asking.forget_rows()
    incomplete = asking.incomplete or bool(error and asking.said)
    return ModelAnswers(question.model, asking.said, error, incomplete, to_a_model)
