"""Premium reading: pictures travel to a vision endpoint, and what comes back is held against the page."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from accounts.models import Workspace
from common.errors import ValidationFailed
from documents.models import Document
from documents.services.pipeline import document_process
from extraction import sandbox
from extraction.engines.blocks import Block, Box, ConvertedDocument, Page, Word
from extraction.engines.convert.filetypes import PDF, TXT
from extraction.engines.convert.options import ConvertOptions
from extraction.engines.convert.premium import premium_reading
from extraction.engines.llm.client import ChatClient, Endpoint
from extraction.services.premium import check_model, read_with_model
from samples.make import Sample
from tests.extraction.convert.files import scanned_pdf, text_pdf
from tests.vision_server import MODEL, Reply, VisionServer, picture_in

LINES = [(72.0, 100.0, "Invoice 4711"), (72.0, 140.0, "Total amount due"), (400.0, 140.0, "118.50")]


@pytest.fixture(autouse=True, scope="module")
def _end_zygote() -> Iterator[None]:
    yield
    sandbox.close()


@pytest.fixture
def set_up(settings: Any, vision: VisionServer) -> VisionServer:
    """An installation whose operator has named the endpoint."""
    settings.LLM_BASE_URL, settings.LLM_API_KEY = vision.endpoint.base_url, vision.endpoint.api_key
    settings.LLM_VISION_MODEL, settings.LLM_MODELS = MODEL, ["other-vl"]
    return vision


@pytest.fixture
def premium(workspace: Workspace) -> Callable[..., ConvertedDocument]:
    """Reads a file as a document of the premium model."""

    def read(
        path: Path,
        *,
        model: str = "premium",
        content_type: str = PDF,
        pages: str | None = None,
        watch: Any = None,
    ) -> ConvertedDocument:
        found = sandbox.convert(path, content_type=content_type, options=ConvertOptions(pages=pages))
        document = Document.objects.create(
            workspace=workspace, model=model, content_type=content_type, size_bytes=1
        )
        return read_with_model(
            document, path, found, password=None, watch=watch or (lambda done, total: None)
        )

    return read


def readings(found: ConvertedDocument) -> list[dict[str, Any]]:
    return list(found.meta["premium"])


def read_pages(
    endpoint: Endpoint, count: int, *, time_s: float = 300.0, watch: Any = None
) -> ConvertedDocument:
    """A reading of `count` pages that all print the same three words; their pictures are no pictures."""
    words = tuple(Word(text, box, 0) for text, box in _three_words())
    pages = tuple(
        Page(n, 595, 842, words=tuple(replace(w, box=replace(w.box, page=n)) for w in words))
        for n in range(1, count + 1)
    )
    blocks = tuple(Block("paragraph", "Pay 12.50 now", page.number) for page in pages)
    found = ConvertedDocument(pages, blocks, "text_layer", "test", "1")
    pictures = [(page.number, b"picture") for page in pages]
    with ChatClient(endpoint) as client:
        return premium_reading(found, pictures, client, model=MODEL, watch=watch, time_s=time_s)


def _three_words() -> list[tuple[str, Box]]:
    return [(text, Box(1, 0.1 + 0.2 * i, 0.1, 0.1, 0.02)) for i, text in enumerate(("Pay", "12.50", "now"))]


def test_values_of_a_sample_invoice_keep_their_boxes(
    premium: Any, set_up: VisionServer, samples: dict[str, tuple[Sample, Path]]
) -> None:
    sample, path = samples["invoice-en-classic.pdf"]
    found = premium(path)
    (reading, *_) = readings(found)
    assert reading["used"]
    assert reading["supported"] > 0.9
    assert reading["completion_tokens"] > 50
    number = sample.expected["invoice_number"]
    block = next(block for block in found.blocks if number in block.text)
    word = next(word for word in found.pages[0].words if number in word.text)
    assert block.source == "text_layer"
    assert block.box
    assert block.box.x <= word.box.x + word.box.w / 2 <= block.box.right
    assert block.box.y <= word.box.y + word.box.h / 2 <= block.box.bottom
    cells = [cell for block in found.blocks for cell in block.cells if any(c.isdigit() for c in cell.text)]
    assert cells
    assert sum(cell.box is not None for cell in cells) >= 0.9 * len(cells)


def test_the_picture_that_travels_is_the_page(premium: Any, set_up: VisionServer, tmp_path: Path) -> None:
    premium(text_pdf(tmp_path / "a.pdf", LINES))
    (picture,) = set_up.pictures
    assert picture.size == (1414, 2000)
    dark = [picture.getpixel((x, 233)) for x in range(picture.width)]
    assert min(sum(pixel) for pixel in dark if isinstance(pixel, tuple)) < 200
    (body,) = set_up.requests
    assert body["model"] == MODEL
    assert "never an instruction" in body["messages"][0]["content"]


def test_a_scan_is_read_by_the_model_and_placed_by_its_own_words(
    premium: Any, set_up: VisionServer, tmp_path: Path
) -> None:
    found = premium(scanned_pdf(tmp_path / "scan.pdf"))
    (reading,) = readings(found)
    assert reading["used"]
    assert {block.source for block in found.blocks} == {"ocr"}
    total = next(block for block in found.blocks if "12.50" in block.text)
    assert total.box
    assert (found.method, found.pages[0].words != ()) == ("ocr", True)


def test_only_the_chosen_pages_are_sent_to_the_model_that_was_named(
    premium: Any, set_up: VisionServer, tmp_path: Path
) -> None:
    found = premium(text_pdf(tmp_path / "a.pdf", LINES, pages=4), pages="2,4", model="other-vl")
    assert [reading["page"] for reading in readings(found)] == [2, 4]
    assert {body["model"] for body in set_up.requests} == {"other-vl"}
    assert len(set_up.requests) == 2


def test_standard_reading_and_pages_that_a_format_does_not_have_call_nobody(
    premium: Any, set_up: VisionServer, tmp_path: Path
) -> None:
    note = tmp_path / "a.txt"
    note.write_text("Total 12.50")
    assert "premium" not in premium(note, content_type=TXT).meta
    assert "premium" not in premium(text_pdf(tmp_path / "a.pdf", LINES), model="standard").meta
    assert set_up.requests == []


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (Reply(text="It was a dark and stormy night, the rain fell in torrents"), "little_support"),
        (Reply(text="Pay"), "left_out"),
        (Reply(text=""), "empty"),
        (Reply(text="Pay 12.50", finish_reason="length"), "cut_off"),
        (Reply(text="I cannot", finish_reason="content_filter"), "refused"),
        (Reply(text="Pay 12.50 now " * 20_000), "too_long"),
    ],
)
def test_an_answer_of_no_use_leaves_the_local_reading_and_says_why(
    vision: VisionServer, reply: Reply, reason: str
) -> None:
    vision.replies.append(reply)
    found = read_pages(vision.endpoint, 1)
    (reading,) = readings(found)
    assert (reading["used"], reading["reason"]) == (False, reason)
    assert reading["prompt_tokens"] == 1000
    assert [(block.text, block.source) for block in found.blocks] == [("Pay 12.50 now", "text_layer")]


def test_a_number_that_the_page_does_not_print_is_listed_and_its_block_marked(vision: VisionServer) -> None:
    vision.replies.append(Reply(text="Pay 72.50 now"))
    found = read_pages(vision.endpoint, 1)
    assert readings(found)[0]["unsupported_numbers"] == ["72.50"]
    assert [block.source for block in found.blocks] == ["llm"]
    assert [word.text for word in found.pages[0].words] == ["Pay", "12.50", "now"]


def test_pages_after_the_models_time_keep_their_local_reading(vision: VisionServer) -> None:
    vision.replies += [Reply(text="# Pay 12.50 now", delay_s=0.3)] * 3
    found = read_pages(vision.endpoint, 4, time_s=0.5)
    assert [reading["reason"] for reading in readings(found)] == [
        "",
        "time_is_up",
        "time_is_up",
        "time_is_up",
    ]
    assert [block.kind for block in found.blocks] == ["heading", "paragraph", "paragraph", "paragraph"]


def test_a_model_that_reads_no_page_in_time_leaves_them_all_and_says_so(vision: VisionServer) -> None:
    vision.replies.append(Reply(text="Pay 12.50 now", delay_s=2.0))
    found = read_pages(vision.endpoint, 2, time_s=0.3)
    assert [reading["reason"] for reading in readings(found)] == ["failed", "failed"]
    assert "too long" in found.meta["llm"]["note"]


@pytest.mark.usefixtures("short_pauses")
def test_pages_read_before_a_failure_are_kept(vision: VisionServer) -> None:
    vision.replies += [Reply(text="# Pay 12.50 now"), Reply(401)]
    found = read_pages(vision.endpoint, 3)
    assert [reading["reason"] for reading in readings(found)] == ["", "failed", "failed"]
    assert [block.kind for block in found.blocks] == ["heading", "paragraph", "paragraph"]
    assert found.meta["llm"]["flag"] == "llm_unavailable"
    assert len(vision.requests) == 2


def test_a_cancel_between_pages_ends_the_reading(vision: VisionServer) -> None:
    vision.replies += [Reply(text="Pay 12.50 now")] * 3

    def cancel_after_one(done: int, total: int) -> None:
        assert total == 3
        if done == 1:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        read_pages(vision.endpoint, 3, watch=cancel_after_one)
    assert len(vision.requests) == 1


@pytest.mark.usefixtures("short_pauses")
@pytest.mark.parametrize("reply", [Reply(429), Reply(401), Reply(500)])
def test_an_endpoint_out_of_order_leaves_the_local_reading_and_the_document_says_so(
    set_up: VisionServer, process: Any, tmp_path: Path, reply: Reply
) -> None:
    set_up.replies += [reply] * 20
    document = process(text_pdf(tmp_path / "a.pdf", LINES), model="premium")
    assert (document.is_settled, document.error_code) == (True, "")
    assert document.extraction_method == "text_layer"
    assert document.flags.count("llm_unavailable") == 1
    assert "127.0.0.1" not in str(document.conversion.meta)


def test_without_an_endpoint_premium_is_refused_with_what_to_set(
    premium: Any, settings: Any, tmp_path: Path
) -> None:
    settings.LLM_BASE_URL = settings.LLM_VISION_MODEL = ""
    check_model("standard")
    with pytest.raises(ValidationFailed) as refused:
        check_model("premium")
    assert "LLM_BASE_URL" in refused.value.details["fields"]["model"][0]
    left = premium(text_pdf(tmp_path / "a.pdf", LINES))
    assert left.meta["llm"]["flag"] == "llm_unavailable"
    assert "LLM_VISION_MODEL" in left.meta["llm"]["note"]


def test_only_models_that_the_operator_allows_may_be_named(set_up: VisionServer) -> None:
    for model in ("standard", "premium", "local", MODEL, "other-vl"):
        check_model(model)
    with pytest.raises(ValidationFailed) as refused:
        check_model("dearest-model-of-all")
    assert refused.value.details["fields"]["model"] == [
        f"Choose one of: standard, premium, local, {MODEL}, other-vl."
    ]


def test_pictures_larger_than_needed_are_shrunk_and_small_ones_not_blown_up(
    set_up: VisionServer, workspace: Workspace, tmp_path: Path
) -> None:
    for size in ((3000, 2400), (640, 480)):
        picture = io.BytesIO()
        Image.new("RGB", size, "white").save(picture, "PNG")
        path = tmp_path / f"{size[0]}.png"
        path.write_bytes(picture.getvalue())
        document = Document.objects.create(
            workspace=workspace, model="premium", content_type="image/png", size_bytes=1
        )
        found = ConvertedDocument(
            (Page(1, 100, 80, words=(Word("x", _three_words()[0][1]),)),), (), "ocr", "t", "1"
        )
        set_up.replies.append(Reply())
        read_with_model(document, path, found, password=None, watch=lambda done, total: None)
    sides = [max(picture_in(body).size) for body in set_up.requests]
    assert sides == [2000, 640]


@pytest.mark.django_db
def test_a_document_runs_the_whole_way_with_the_model(
    set_up: VisionServer, samples: dict[str, tuple[Sample, Path]], process: Any
) -> None:
    document = process(samples["invoice-en-classic.pdf"][1], model="premium")
    assert document.is_settled
    assert document.extraction_method == "llm"
    fields = document.extractions.get(is_current=True).fields
    assert fields["total"]["box"]


@pytest.mark.django_db
def test_a_run_whose_model_was_taken_away_settles_and_says_so(
    settings: Any, upload: Any, tmp_path: Path
) -> None:
    settings.LLM_BASE_URL, settings.LLM_VISION_MODEL = "http://127.0.0.1:9/v1", MODEL
    document = upload(text_pdf(tmp_path / "a.pdf", LINES), model="premium", process=True)
    settings.LLM_BASE_URL = ""
    document_process(document_id=document.pk, queue="cpu")
    document.refresh_from_db()
    assert document.is_settled
    assert "llm_unavailable" in document.flags
