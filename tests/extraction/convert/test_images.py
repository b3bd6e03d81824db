"""Pictures of all kinds: upright, in colours, on white, and as many pages as they have."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pillow_heif
import pytest
from PIL import Image

from extraction import sandbox
from extraction.engines.convert import ConvertOptions, EngineError, convert
from extraction.engines.convert.filetypes import BMP, HEIC, JPEG, PNG, TIFF, WEBP, kind_of
from extraction.engines.convert.picture import frame, open_image
from samples.photos import write_fax, write_heic
from tests.extraction.convert import files

OCR_OFF = ConvertOptions(ocr="off")


@pytest.fixture(autouse=True, scope="module")
def _end_zygote() -> Iterator[None]:
    yield
    sandbox.close()


def two_tone(mode: str = "RGB", left: object = (200, 0, 0), right: object = (0, 0, 200)) -> Image.Image:
    """40 × 20 pixels, one half in each colour."""
    image = Image.new(mode, (40, 20), left)  # type: ignore[arg-type]
    image.paste(right, (20, 0, 40, 20))  # type: ignore[arg-type]
    return image


def decoded(path: Path, content_type: str) -> Image.Image:
    with open_image(path, content_type=content_type) as image:
        return frame(image, 1, max_side=1000)


def near(pixel: object, colour: tuple[int, int, int]) -> bool:
    assert isinstance(pixel, tuple)
    return all(abs(one - other) < 30 for one, other in zip(pixel, colour, strict=True))


@pytest.mark.parametrize(
    ("name", "content_type", "save"),
    [
        ("a.png", PNG, lambda path: two_tone().save(path)),
        ("a.bmp", BMP, lambda path: two_tone().save(path)),
        ("a.webp", WEBP, lambda path: two_tone().save(path, quality=95)),
        ("a.tiff", TIFF, lambda path: two_tone().save(path, compression="tiff_lzw")),
        ("a.jpg", JPEG, lambda path: two_tone().save(path, quality=95)),
        ("cmyk.jpg", JPEG, lambda path: two_tone().convert("CMYK").save(path, quality=95)),
        ("a.heic", HEIC, lambda path: pillow_heif.from_pillow(two_tone()).save(path, quality=95)),
        ("palette.png", PNG, lambda path: two_tone().quantize(8).save(path)),
        ("clear.png", PNG, lambda path: two_tone("RGBA", (200, 0, 0, 255), (0, 0, 200, 255)).save(path)),
    ],
)
def test_colours_survive(tmp_path: Path, name: str, content_type: str, save: Callable[[Path], None]) -> None:
    save(tmp_path / name)
    assert kind_of(tmp_path / name) == content_type
    image = decoded(tmp_path / name, content_type)
    assert (image.mode, image.size) == ("RGB", (40, 20))
    assert near(image.getpixel((5, 10)), (200, 0, 0))
    assert near(image.getpixel((34, 10)), (0, 0, 200))


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_what_is_transparent_stands_on_white(tmp_path: Path, mode: str) -> None:
    image = two_tone("RGBA", (0, 0, 0, 0), (0, 0, 0, 255))
    if mode == "LA":
        image = image.convert("LA")
    elif mode == "P":
        image = image.quantize(4, method=Image.Quantize.FASTOCTREE)
    image.save(tmp_path / "a.png")
    shown = decoded(tmp_path / "a.png", PNG)
    assert near(shown.getpixel((5, 10)), (255, 255, 255))
    assert near(shown.getpixel((34, 10)), (0, 0, 0))


@pytest.mark.parametrize(("file_format", "content_type"), [("PNG", PNG), ("TIFF", TIFF)])
def test_sixteen_bits_become_eight(tmp_path: Path, file_format: str, content_type: str) -> None:
    values = np.full((20, 40), 65_535, np.uint16)
    values[:, 20:] = 32_768
    image = Image.fromarray(values)
    image.save(tmp_path / "a", file_format)
    shown = decoded(tmp_path / "a", content_type)
    assert near(shown.getpixel((5, 10)), (255, 255, 255))
    assert near(shown.getpixel((34, 10)), (128, 128, 128))


@pytest.mark.parametrize("mode", ["I", "F"])
def test_measured_values_become_greys(tmp_path: Path, mode: str) -> None:
    two_tone(mode, 0, 4_000).save(tmp_path / "a.tiff")
    shown = decoded(tmp_path / "a.tiff", TIFF)
    assert near(shown.getpixel((5, 10)), (0, 0, 0))
    assert near(shown.getpixel((34, 10)), (255, 255, 255))


@pytest.mark.parametrize(("orientation", "corner"), [(3, (34, 10)), (6, (10, 5)), (8, (10, 34))])
def test_a_turned_photo_is_set_upright(tmp_path: Path, orientation: int, corner: tuple[int, int]) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    two_tone().save(tmp_path / "a.jpg", exif=exif, quality=95)
    image = decoded(tmp_path / "a.jpg", JPEG)
    assert image.size == ((40, 20) if orientation == 3 else (20, 40))
    assert near(image.getpixel(corner), (200, 0, 0))
    page = convert(tmp_path / "a.jpg", OCR_OFF, content_type=JPEG).pages[0]
    assert (page.width > page.height) == (orientation == 3)


def test_a_telephones_photo_is_read_and_drawn_in_the_sandbox(tmp_path: Path) -> None:
    path = tmp_path / "a.heic"
    write_heic(path, files.receipt_image())
    document = sandbox.convert(path, content_type=HEIC)
    assert "CORNER" in document.text
    assert "12.50" in document.text
    ((_, data),) = sandbox.render_pages(path, content_type=HEIC, pages=[1], width=300)
    with Image.open(io.BytesIO(data)) as image:
        assert image.width == 300


def test_every_page_of_a_fax_is_read(tmp_path: Path) -> None:
    lines = [(72.0, 100.0 + 20 * n, f"Delivery note 4711, line {n} of the goods") for n in range(8)]
    pdf = files.text_pdf(tmp_path / "a.pdf", lines)
    write_fax(tmp_path / "a.tiff", pdf, 3)
    document = sandbox.convert(tmp_path / "a.tiff", content_type=TIFF)
    assert [page.number for page in document.pages] == [1, 2, 3]
    assert all("4711" in page.text for page in document.pages)
    assert document.pages[2].width == pytest.approx(595, abs=2)


def test_a_picture_cut_short_is_damaged(tmp_path: Path) -> None:
    two_tone().resize((400, 200)).save(tmp_path / "a.jpg")
    data = (tmp_path / "a.jpg").read_bytes()
    (tmp_path / "a.jpg").write_bytes(data[: len(data) // 2])
    with pytest.raises(EngineError) as caught:
        decoded(tmp_path / "a.jpg", JPEG)
    assert caught.value.code == "corrupt_file"
