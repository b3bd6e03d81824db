"""The hostile files are small and really hostile."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image

from samples.hostile import BOMB_BYTES, make_hostile


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("hostile")
    make_hostile(made)
    return made


def test_every_file_is_small_and_the_same_on_every_run(folder: Path, tmp_path: Path) -> None:
    for path in make_hostile(tmp_path):
        assert path.stat().st_size < 400_000
        assert path.read_bytes() == (folder / path.name).read_bytes()


def test_the_png_claims_more_pixels_than_it_holds(folder: Path) -> None:
    with pytest.raises(Image.DecompressionBombError):
        Image.open(folder / "huge-50000x50000.png")


def test_the_zip_bomb_unpacks_to_what_it_threatens(folder: Path) -> None:
    with zipfile.ZipFile(folder / "zip-bomb.docx") as archive:
        assert archive.getinfo("word/document.xml").file_size > BOMB_BYTES


@pytest.mark.parametrize("name", ["external-entity.docx", "billion-laughs.docx"])
def test_the_word_files_declare_entities(folder: Path, name: str) -> None:
    with zipfile.ZipFile(folder / name) as archive:
        assert b"<!ENTITY" in archive.read("word/document.xml")


def test_the_cyclic_outline_sits_in_a_page_that_opens(folder: Path) -> None:
    path = folder / "cyclic-outline.pdf"
    assert path.stat().st_size < 2048
    document = pypdfium2.PdfDocument(str(path))
    assert "circular" in document[0].get_textpage().get_text_bounded()
    document.close()


@pytest.mark.parametrize("name", ["empty.pdf", "noise.pdf", "text.pdf", "head-only.pdf"])
def test_no_reader_finds_a_page_in_what_is_no_pdf(folder: Path, name: str) -> None:
    with pytest.raises(pypdfium2.PdfiumError):
        pypdfium2.PdfDocument(str(folder / name))


def test_the_jpeg_breaks_off(folder: Path) -> None:
    with Image.open(folder / "cut.jpg") as picture, pytest.raises(OSError, match="truncated"):
        picture.load()
