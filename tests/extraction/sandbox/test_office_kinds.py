"""The kinds without pages through the sandbox: they come out whole, and attacks end quickly."""

from __future__ import annotations

import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from extraction import sandbox
from extraction.engines.convert import EngineError
from extraction.engines.convert.filetypes import EML, ODS, PPTX, XLS, XLSX
from samples.deck import write_deck
from samples.hostile import far_corner_xlsx
from samples.mails import write_mail
from tests.extraction.convert import files
from tests.extraction.convert.office_files import old_excel, open_spreadsheet

DOCTYPE = '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>'


@pytest.fixture(autouse=True, scope="module")
def _end_zygote() -> Iterator[None]:
    yield
    sandbox.close()


def deck(path: Path) -> Path:
    write_deck(path, 7)
    return path


def mail(path: Path) -> Path:
    invoice = files.text_pdf(path.with_suffix(".pdf"), [(72, 72, "Invoice")])
    write_mail(path, invoice, b"\x89PNG", 7)
    return path


@pytest.mark.parametrize(
    ("content_type", "make", "text"),
    [
        (PPTX, deck, "Backlog down to three days"),
        (XLS, old_excel, "1,234.50 €"),
        (ODS, open_spreadsheet, "1.234,50 €"),
        (EML, mail, "arrived damaged"),
    ],
)
def test_words_and_page_pictures_of_every_kind(
    tmp_path: Path, content_type: str, make: Callable[[Path], Path], text: str
) -> None:
    path = make(tmp_path / "a")
    document = sandbox.convert(path, content_type=content_type)
    assert text in document.text
    assert {block.source for block in document.blocks} == {"office"}
    for page in document.pages:
        assert all(0 <= word.box.x < word.box.right <= 1.001 for word in page.words)
    ((number, data),) = sandbox.render_pages(path, content_type=content_type, pages=[1], width=300)
    assert number == 1
    assert len(data) > 500


@pytest.mark.parametrize(
    ("content_type", "make", "part"),
    [(PPTX, deck, "ppt/slides/slide1.xml"), (ODS, open_spreadsheet, "content.xml")],
)
def test_document_types_are_refused_in_every_part(
    tmp_path: Path, content_type: str, make: Callable[[Path], Path], part: str
) -> None:
    attack = f'<?xml version="1.0"?>{DOCTYPE}<d>&x;</d>'.encode()
    path = files.rewritten(make(tmp_path / "a"), tmp_path / "b", part, attack)
    with pytest.raises(EngineError) as caught:
        sandbox.convert(path, content_type=content_type)
    assert caught.value.code == "unsupported_content"
    assert "passwd" not in caught.value.message


@pytest.mark.parametrize("share", [0.0, 0.05, 0.2, 0.4, 0.6])
def test_an_old_excel_file_cut_short_is_damaged(tmp_path: Path, share: float) -> None:
    data = old_excel(tmp_path / "a").read_bytes()
    (tmp_path / "b").write_bytes(data[: int(len(data) * share)])
    with pytest.raises(EngineError, match="Excel file") as caught:
        sandbox.convert(tmp_path / "b", content_type=XLS)
    assert caught.value.code == "corrupt_file"


def test_an_old_excel_file_with_a_lonely_far_cell_is_refused_before_it_costs_memory(tmp_path: Path) -> None:
    import xlwt

    book = xlwt.Workbook()
    sheet = book.add_sheet("Far")
    sheet.write(0, 0, "near")
    sheet.write(65_535, 255, "far")
    book.save(str(tmp_path / "a.xls"))
    with pytest.raises(EngineError) as caught:
        sandbox.convert(tmp_path / "a.xls", content_type=XLS)
    assert caught.value.code == "unsupported_content"


def test_a_sheet_with_a_far_corner_and_a_lie_about_its_strings_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(far_corner_xlsx())
    assert "only one" in sandbox.convert(tmp_path / "a.xlsx", content_type=XLSX).text


def test_repeated_cells_of_an_open_spreadsheet_stay_few(tmp_path: Path) -> None:
    space = "urn:oasis:names:tc:opendocument:xmlns"
    names = f'xmlns:o="{space}:office:1.0" xmlns:t="{space}:table:1.0" xmlns:x="{space}:text:1.0"'
    rows = (
        '<t:table-row t:number-rows-repeated="1048576"><t:table-cell t:number-columns-repeated="16384" '
        't:number-columns-spanned="16384" t:number-rows-spanned="1048576"><x:p>bomb</x:p></t:table-cell>'
        "</t:table-row>"
    )
    content = (
        f"<o:document-content {names}>"
        f'<o:body><o:spreadsheet><t:table t:name="S">{rows * 3}</t:table></o:spreadsheet></o:body>'
        "</o:document-content>"
    )
    with zipfile.ZipFile(tmp_path / "a.ods", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", ODS)
        archive.writestr("content.xml", content)
    started = time.monotonic()
    document = sandbox.convert(tmp_path / "a.ods", content_type=ODS)
    assert document.meta["truncated"] is True
    assert time.monotonic() - started < 30
