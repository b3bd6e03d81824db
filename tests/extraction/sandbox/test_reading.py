"""Files from outside, read through the sandbox: what comes out, and what hostile ones cost."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import docx
import pytest
from PIL import Image

from extraction import sandbox
from extraction.engines.blocks import ConvertedDocument, Word
from extraction.engines.convert import ConvertOptions, EngineError, PasswordRequired
from extraction.engines.convert.filetypes import DOCX, HTML, JPEG, PDF, PNG, TIFF, XLSX
from tests.extraction.convert import files

OCR_OFF = ConvertOptions(ocr="off")


@pytest.fixture(autouse=True, scope="module")
def _end_zygote() -> Iterator[None]:
    yield
    sandbox.close()


def word(document: ConvertedDocument, text: str) -> Word:
    return next(word for page in document.pages for word in page.words if word.text == text)


def refused(path: Path, content_type: str, options: ConvertOptions | None = None) -> EngineError:
    with pytest.raises(EngineError) as caught:
        sandbox.convert(path, content_type=content_type, options=options)
    assert str(path) not in caught.value.message
    return caught.value


@pytest.mark.parametrize("plain", [False, True])
def test_words_of_a_pdf_have_boxes_where_they_were_drawn(tmp_path: Path, plain: bool) -> None:
    path = files.text_pdf(
        tmp_path / "a.pdf", [(72, 100, "Invoice"), (72, 500, "Total:"), (400, 500, "12.50")]
    )
    document = sandbox.convert(path, content_type=PDF, options=ConvertOptions(plain_pdf=plain))
    page = document.pages[0]
    assert (round(page.width), round(page.height), page.rotation) == (595, 842, 0)
    for text, x, y in (("Invoice", 72, 100), ("Total:", 72, 500), ("12.50", 400, 500)):
        box = word(document, text).box
        assert box.x * page.width == pytest.approx(x, abs=3)
        # The baseline lies inside the box, near its lower edge.
        assert box.y * page.height < y < box.bottom * page.height + 3
        assert box.h * page.height == pytest.approx(13, abs=5)
    assert word(document, "Total:").line == word(document, "12.50").line
    assert page.text.splitlines()[-1] == "Total: 12.50"
    assert document.method == "text_layer"


@pytest.mark.parametrize("plain", [False, True])
@pytest.mark.parametrize(
    ("rotation", "matrix"), [(90, "0 1 -1 0 100 200"), (180, "-1 0 0 -1 400 700"), (270, "0 -1 1 0 500 600")]
)
def test_boxes_of_a_turned_page_fit_its_image(
    tmp_path: Path, rotation: int, matrix: str, plain: bool
) -> None:
    path = files.turned_pdf(tmp_path / "a.pdf", "Corner", rotation=rotation, matrix=matrix)
    page = sandbox.convert(path, content_type=PDF, options=ConvertOptions(plain_pdf=plain)).pages[0]
    ((_, data),) = sandbox.render_pages(path, content_type=PDF, pages=[1], width=600)
    with Image.open(io.BytesIO(data)) as image:
        assert image.height == pytest.approx(600 * page.height / page.width, abs=1)
        ink = image.convert("L").point(lambda value: 255 if value < 128 else 0).getbbox()
        box = page.words[0].box
        inside = (
            box.x * 600 - 1,
            box.y * image.height - 1,
            box.right * 600 + 1,
            box.bottom * image.height + 1,
        )
    assert page.rotation == rotation
    assert ink is not None
    assert inside[0] <= ink[0] < ink[2] <= inside[2]
    assert inside[1] <= ink[1] < ink[3] <= inside[3]


def test_headings_paragraphs_and_tables_of_a_pdf(tmp_path: Path) -> None:
    document = sandbox.convert(files.report_pdf(tmp_path / "a.pdf"), content_type=PDF)
    kinds = [block.kind for block in document.blocks]
    assert kinds == ["heading", "paragraph", "table"]
    assert document.blocks[0].text == "Quarterly Report"
    cells = {(cell.row, cell.col): cell.text for cell in document.blocks[2].cells}
    assert cells[1, 0] == "Widget"
    assert cells[2, 2] == "5.50"


def test_only_the_chosen_pages_are_read_under_their_own_numbers(tmp_path: Path) -> None:
    path = files.text_pdf(tmp_path / "a.pdf", [(72, 100, "Hello")], pages=5)
    document = sandbox.convert(path, content_type=PDF, options=ConvertOptions(pages="2-3, 5"))
    assert [page.number for page in document.pages] == [2, 3, 5]
    assert document.meta["page_count"] == 5
    assert refused(path, PDF, ConvertOptions(pages="9")).code == "unsupported_content"


def test_a_pdf_with_too_many_pages_is_refused(tmp_path: Path) -> None:
    path = files.text_pdf(tmp_path / "a.pdf", [(72, 100, "Hello")], pages=4)
    assert refused(path, PDF, ConvertOptions(max_pages=3)).code == "too_many_pages"


def test_a_locked_pdf_asks_for_its_password(tmp_path: Path) -> None:
    path = files.text_pdf(tmp_path / "a.pdf", [(72, 100, "Secret")], password="opensesame")
    for password, wrong in ((None, False), ("guess", True)):
        with pytest.raises(PasswordRequired) as caught:
            sandbox.convert(path, content_type=PDF, options=ConvertOptions(password=password))
        assert caught.value.code == "password_required"
        assert caught.value.wrong is wrong
    document = sandbox.convert(path, content_type=PDF, options=ConvertOptions(password="opensesame"))
    assert document.text == "Secret"
    images = sandbox.render_pages(path, content_type=PDF, pages=[1], width=200, password="opensesame")
    assert [number for number, _ in images] == [1]


def test_a_pdf_without_its_pages_is_corrupt(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(b"%PDF-1.7\n1 0 obj<</Type/Catalog")
    assert refused(path, PDF).code == "corrupt_file"


def test_a_page_of_impossible_size_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200000 200000]>>"
    path.write_bytes(
        files.raw_pdf(["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>", page])
    )
    assert refused(path, PDF).code == "unsupported_content"


def test_a_cyclic_outline_kills_one_child_and_is_read_by_the_fall_back(tmp_path: Path) -> None:
    document = sandbox.convert(files.cyclic_outline_pdf(tmp_path / "a.pdf", "Still here"), content_type=PDF)
    assert document.parser == "pypdfium2"
    assert document.text == "Still here"
    after = sandbox.convert(files.text_pdf(tmp_path / "b.pdf", [(72, 100, "Next")]), content_type=PDF)
    assert after.parser == "liteparse"


def test_a_scanned_pdf_is_read_by_ocr_and_a_label_shares_its_values_line(tmp_path: Path) -> None:
    path = files.scanned_pdf(tmp_path / "a.pdf")
    document = sandbox.convert(path, content_type=PDF)
    assert document.method == "ocr"
    assert document.pages[0].text.splitlines() == ["CORNER SHOP", "Coffee 3.20", "Total: 12.50"]
    assert (document.pages[0].ocr_score or 0) > 0.9
    box = word(document, "12.50").box
    assert box.x == pytest.approx(600 / 900, abs=0.02)
    assert box.y == pytest.approx(360 / 700, abs=0.03)
    assert sandbox.convert(path, content_type=PDF, options=OCR_OFF).text == ""


def test_a_photo_lying_on_its_side_is_read_upright(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    exif = Image.Exif()
    exif[0x0112] = 6
    files.receipt_image().transpose(Image.Transpose.ROTATE_90).save(path, exif=exif)
    document = sandbox.convert(path, content_type=JPEG)
    assert "Total: 12.50" in document.text
    assert document.pages[0].width > document.pages[0].height
    ((_, data),) = sandbox.render_pages(path, content_type=JPEG, pages=[1], width=300)
    with Image.open(io.BytesIO(data)) as image:
        assert image.width == 300
        assert image.width > image.height


def test_every_page_of_a_tiff_counts(tmp_path: Path) -> None:
    path = tmp_path / "a.tiff"
    blank = Image.new("L", (300, 200), 255)
    blank.save(path, save_all=True, append_images=[blank, blank], dpi=(150, 150))
    document = sandbox.convert(path, content_type=TIFF)
    assert [(page.number, page.width, page.height) for page in document.pages] == [
        (number, 144.0, 96.0) for number in (1, 2, 3)
    ]
    assert sandbox.page_sizes(path, content_type=TIFF) == [(144.0, 96.0)] * 3


def test_a_picture_of_2500_million_pixels_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(files.png_header(50_000, 50_000))
    assert refused(path, PNG).code == "unsupported_content"
    path.write_bytes(files.png_header(100, 100)[:40])
    assert refused(path, PNG).code == "corrupt_file"


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    document = docx.Document()
    document.add_paragraph("Dear reader")
    document.save(str(tmp_path / "letter.docx"))
    return tmp_path / "letter.docx"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_word_file_with_a_document_type_is_refused(letter: Path, tmp_path: Path, encoding: str) -> None:
    attack = (
        f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
        '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r>'
        "<w:t>&x;</w:t></w:r></w:p></w:body></w:document>"
    )
    path = files.rewritten(letter, tmp_path / "a.docx", "word/document.xml", attack.encode(encoding))
    assert refused(path, DOCX).code == "unsupported_content"
    assert sandbox.convert(letter, content_type=DOCX).text == "Dear reader"


def test_a_zip_bomb_is_refused(letter: Path, tmp_path: Path) -> None:
    path = files.rewritten(letter, tmp_path / "a.docx", "word/styles.xml", b" " * 40_000_000)
    assert refused(path, DOCX).code == "unsupported_content"


def test_a_word_table_that_claims_a_billion_columns_is_cheap(letter: Path, tmp_path: Path) -> None:
    w = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    table = (
        f"<w:document {w}><w:body><w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val='999999999'/></w:tcPr>"
        "<w:p><w:r><w:t>wide</w:t></w:r></w:p></w:tc></w:tr></w:tbl></w:body></w:document>"
    )
    path = files.rewritten(letter, tmp_path / "a.docx", "word/document.xml", table.encode())
    assert sandbox.convert(path, content_type=DOCX).text == "wide"


@pytest.mark.parametrize("content_type", [DOCX, XLSX])
def test_an_encrypted_or_broken_office_file_says_so(tmp_path: Path, content_type: str) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600))
    assert isinstance(refused(path, content_type), PasswordRequired)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<not-closed>")
    assert refused(path, content_type).code == "corrupt_file"


def test_html_nested_without_end_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text("<html>" + "<div>" * 100_000)
    assert refused(path, HTML).code in ("unsupported_content", "processing_failed")


def test_pages_come_one_by_one_at_the_width_asked_for(tmp_path: Path) -> None:
    path = files.text_pdf(tmp_path / "a.pdf", [(72, 100, "Hello")], pages=3)
    images = sandbox.render_pages(path, content_type=PDF, pages=[3, 1], width=400)
    number, data = next(images)
    with Image.open(io.BytesIO(data)) as image:
        assert (number, image.format, image.width) == (3, "WEBP", 400)
        assert image.height == pytest.approx(566, abs=1)
        assert image.convert("L").getextrema()[0] < 100
    assert [number for number, _ in images] == [1]
    with pytest.raises(EngineError):
        list(sandbox.render_pages(path, content_type=PDF, pages=[4], width=400))


def test_a_text_file_has_a_page_image_too(letter: Path) -> None:
    ((_, data),) = sandbox.render_pages(letter, content_type=DOCX, pages=[1], width=600)
    with Image.open(io.BytesIO(data)) as image:
        dark = image.convert("L").point(lambda value: 255 if value < 128 else 0).getbbox()
    assert dark is not None
    assert dark[0] == pytest.approx(0.07 * 600, abs=4)
