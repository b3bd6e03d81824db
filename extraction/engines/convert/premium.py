"""The pages of a document as a vision model reads them, confirmed by the words read on this machine."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

from extraction.engines.blocks import Block, ConvertedDocument, Page
from extraction.engines.convert.options import OnPage
from extraction.engines.llm.client import Answer, ChatClient
from extraction.engines.llm.errors import LlmError
from extraction.engines.llm.markdown import read_blocks
from extraction.engines.llm.merge import merge
from extraction.engines.llm.pages import ask_for_page

MODEL_TIME_S = 300.0
# Measured. True Markdown of 60 pages against their text layers: 95 % of pages are supported above 0.60 (the
# rest prints its text as pictures), all covered above 0.94; another page's Markdown reaches 0.30 and 0.36.
# 24 poor receipts, one OCR engine held against another: all supported above 0.60, all but one covered above
# 0.62; a receipt of another shop reaches 0.33.
MIN_SUPPORTED = 0.5
MIN_COVERED = 0.5
_MAX_CHARS = 200_000
_MAX_LISTED = 20

Reason = Literal[
    "",
    "no_words",
    "time_is_up",
    "failed",
    "cut_off",
    "refused",
    "empty",
    "too_long",
    "little_support",
    "left_out",
]


@dataclass(frozen=True, slots=True)
class PageReading:
    """What came of one page; an entry of `meta["premium"]`.

    `supported` is the share (0–1) of the model's text that the page prints, `covered` the share of the page's
    text that the model gave. Unless `used`, the local reading stands, for `reason`.
    """

    page: int
    model: str
    used: bool = False
    reason: Reason = ""
    supported: float = 0.0
    covered: float = 0.0
    unsupported_numbers: tuple[str, ...] = ()
    prompt_tokens: int = 0
    completion_tokens: int = 0


@dataclass(slots=True)
class _Reader:
    found: ConvertedDocument
    client: ChatClient
    model: str
    watch: OnPage | None
    time_s: float
    spent_s: float = 0.0
    error: LlmError | None = None
    readings: list[PageReading] = field(default_factory=list)
    blocks: dict[int, tuple[Block, ...]] = field(default_factory=dict)

    def tick(self) -> None:
        if self.watch:
            self.watch(len(self.readings), len(self.found.pages))

    def read(self, page: Page, picture: bytes) -> PageReading:
        if not page.words:
            return PageReading(page.number, self.model, reason="no_words")
        if self.error:
            return PageReading(page.number, self.model, reason="failed")
        if self.spent_s >= self.time_s:
            return PageReading(page.number, self.model, reason="time_is_up")
        before = self.client.usage
        answer = self._ask(picture)
        if answer is None:
            return PageReading(page.number, self.model, reason="failed" if self.error else "time_is_up")
        reading, blocks = read_answer(answer, page, _blocks_of(self.found, page.number), model=self.model)
        if reading.used:
            self.blocks[page.number] = blocks
        after = self.client.usage
        return replace(
            reading,
            prompt_tokens=after.prompt_tokens - before.prompt_tokens,
            completion_tokens=after.completion_tokens - before.completion_tokens,
        )

    def _ask(self, picture: bytes) -> Answer | None:
        """The model's answer; None if it fails, or the document's time ends first, some pages being read."""
        left = self.time_s - self.spent_s
        timeout = min(self.client.endpoint.timeout_s, left)
        started = time.monotonic()
        try:
            return ask_for_page(self.client, picture, model=self.model, timeout=timeout, tick=self.tick)
        except LlmError as error:
            if not (error.code == "timeout" and timeout == left and self.blocks):
                self.error = error
            return None
        finally:
            self.spent_s += time.monotonic() - started


def premium_reading(
    found: ConvertedDocument,
    pictures: Iterable[tuple[int, bytes]],
    client: ChatClient,
    *,
    model: str,
    watch: OnPage | None = None,
    time_s: float = MODEL_TIME_S,
) -> ConvertedDocument:
    """`found` with the blocks of each pictured page as the model reads them, and `meta["premium"]`.

    `pictures` are page numbers with their JPEG. The pages' words stay, and `method` goes on saying where they
    come from. Pages without words are not asked for: nothing could confirm what a model says of them.
    `watch(done, total)` is called between pages and while waiting; what it raises ends the reading. After
    `time_s` seconds of the model's time, or a failure of it, the pages left keep their local reading;
    `meta["llm"]` tells of a failure.
    """
    pages = {page.number: page for page in found.pages}
    reader = _Reader(found, client, model, watch, time_s)
    for number, picture in pictures:
        reader.tick()
        reader.readings.append(reader.read(pages[number], picture))
    reader.tick()
    blocks = [
        block
        for page in found.pages
        for block in reader.blocks.get(page.number, _blocks_of(found, page.number))
    ]
    meta = {**found.meta, "premium": [_to_json(reading) for reading in reader.readings]}
    read = replace(found, blocks=tuple(blocks), meta=meta)
    return without_model(read, reader.error.flag, reader.error.message) if reader.error else read


def without_model(found: ConvertedDocument, flag: str, note: str) -> ConvertedDocument:
    """The document with `meta["llm"]`: a flag and a sentence on why a model did not read all it should."""
    return replace(found, meta={**found.meta, "llm": {"flag": flag, "note": note}})


def read_answer(
    answer: Answer, page: Page, local: Sequence[Block], *, model: str
) -> tuple[PageReading, tuple[Block, ...]]:
    """What the model's answer is worth for this page, and its blocks with places if it is used."""
    reading = PageReading(page.number, model)
    if reason := _unusable(answer):
        return replace(reading, reason=reason), ()
    merged = merge(read_blocks(answer.text, page.number), page, local)
    if merged is None:
        return replace(reading, reason="too_long"), ()
    reading = replace(
        reading,
        supported=merged.supported,
        covered=merged.covered,
        unsupported_numbers=merged.unsupported_numbers[:_MAX_LISTED],
    )
    if merged.supported < MIN_SUPPORTED:
        return replace(reading, reason="little_support"), ()
    if merged.covered < MIN_COVERED:
        return replace(reading, reason="left_out"), ()
    return replace(reading, used=True), merged.blocks


def _unusable(answer: Answer) -> Reason:
    if answer.finish_reason == "content_filter":
        return "refused"
    if not answer.text.strip():
        return "empty"
    if answer.finish_reason == "length":
        return "cut_off"
    return "too_long" if len(answer.text) > _MAX_CHARS else ""


def _blocks_of(found: ConvertedDocument, number: int) -> tuple[Block, ...]:
    return tuple(block for block in found.blocks if block.page == number)


def _to_json(reading: PageReading) -> dict[str, Any]:
    return {
        **asdict(reading),
        "supported": round(reading.supported, 3),
        "covered": round(reading.covered, 3),
        "unsupported_numbers": list(reading.unsupported_numbers),
    }
