"""Figures of PDF pages: pictures and drawings are found, named by their captions, and nothing else is."""

from __future__ import annotations

from pathlib import Path

from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from extraction.engines.blocks import Block, ConvertedDocument
from extraction.engines.convert import ConvertOptions, convert
from extraction.engines.convert.render import to_markdown

WIDTH, TOP = A4
PROSE = "The wind was measured on the roof of the building at noon on every day of the year that was dry."


def photo() -> ImageReader:
    return ImageReader(Image.effect_noise((120, 90), 80).convert("RGB"))


def read(path: Path, canvas: Canvas) -> ConvertedDocument:
    canvas.setFont("Helvetica", 10)
    for number in range(4):
        canvas.drawString(60, TOP - 60 - 12 * number, PROSE)
    canvas.save()
    return convert(path)


def figures(found: ConvertedDocument) -> list[Block]:
    return list(found.figures)


def test_a_picture_is_a_figure_named_by_the_caption_under_it(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "f.pdf"), pagesize=A4)
    canvas.drawImage(photo(), 100, TOP - 400, 300, 200)
    canvas.drawString(100, TOP - 418, "Figure 2: Wind at noon")
    found = read(tmp_path / "f.pdf", canvas)
    (figure,) = figures(found)
    assert figure.text == "Figure 2: Wind at noon"
    assert figure.box is not None
    assert abs(figure.box.x * WIDTH - 100) < 2
    assert abs(figure.box.bottom * TOP - 400) < 2
    kinds = [block.kind for block in found.blocks]
    assert kinds.index("figure") < kinds.index("caption")


def bar_chart(canvas: Canvas) -> None:
    canvas.setFont("Helvetica", 8)
    for number in range(6):
        canvas.line(120, TOP - 200 - 30 * number, 440, TOP - 200 - 30 * number)
        canvas.drawRightString(114, TOP - 203 - 30 * number, str(500 - 100 * number))
    for number, month in enumerate(("Jan", "Feb", "Mar", "Apr")):
        canvas.rect(150 + 70 * number, TOP - 350, 40, 40 + 25 * number, fill=1)
        canvas.drawString(160 + 70 * number, TOP - 362, month)


def test_a_drawn_chart_is_a_figure_and_its_labels_belong_to_it(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "f.pdf"), pagesize=A4)
    bar_chart(canvas)
    found = read(tmp_path / "f.pdf", canvas)
    (figure,) = figures(found)
    assert figure.box is not None
    assert figure.box.x * WIDTH < 122
    assert figure.box.bottom * TOP > 349
    labels = " ".join(block.text for block in found.blocks if block.kind == "figure_text")
    assert "Feb" in labels
    assert "Feb" not in to_markdown(found)
    assert "Feb" in to_markdown(found, profile="plain")


def test_pieces_of_one_picture_are_one_figure(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "f.pdf"), pagesize=A4)
    for number in range(4):
        canvas.drawImage(photo(), 100, TOP - 300 - 50 * number, 300, 50)
    assert len(figures(read(tmp_path / "f.pdf", canvas))) == 1


def test_pictures_apart_are_figures_apart(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "f.pdf"), pagesize=A4)
    canvas.drawImage(photo(), 100, TOP - 300, 200, 150)
    canvas.drawString(100, TOP - 315, "Figure 1: Roof")
    canvas.drawImage(photo(), 100, TOP - 520, 200, 150)
    canvas.drawString(100, TOP - 535, "Figure 2: Yard")
    assert [f.text for f in figures(read(tmp_path / "f.pdf", canvas))] == ["Figure 1: Roof", "Figure 2: Yard"]


def test_logos_backgrounds_frames_and_shaded_text_are_no_figures(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "f.pdf"), pagesize=A4)
    canvas.drawImage(photo(), 0, 0, WIDTH, TOP)
    canvas.drawImage(photo(), 500, TOP - 40, 30, 20)
    canvas.rect(50, TOP - 300, 500, 150)
    canvas.setFillGray(0.9)
    canvas.rect(55, TOP - 295, 490, 140, stroke=0, fill=1)
    canvas.setFillGray(0)
    canvas.setFont("Helvetica", 10)
    for number in range(8):
        canvas.drawString(60, TOP - 170 - 14 * number, PROSE)
    assert figures(read(tmp_path / "f.pdf", canvas)) == []


def test_the_lines_of_a_table_are_no_figure(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "f.pdf"), pagesize=A4)
    canvas.drawImage(photo(), 100, TOP - 700, 300, 200)
    canvas.setFont("Helvetica", 10)
    for row in range(6):
        canvas.line(60, TOP - 150 - 20 * row, 500, TOP - 150 - 20 * row)
        for column, x in enumerate((60, 200, 350)):
            if row < 5:
                canvas.drawString(x + 4, TOP - 164 - 20 * row, f"Cell {row} {column}")
    for x in (60, 200, 350, 500):
        canvas.line(x, TOP - 150, x, TOP - 250)
    found = read(tmp_path / "f.pdf", canvas)
    assert [block.kind for block in found.blocks if block.kind in ("table", "figure")] == ["table", "figure"]


def test_a_turned_page_has_its_figure_where_it_is_shown(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "f.pdf"), pagesize=A4)
    canvas.setPageRotation(90)
    canvas.drawImage(photo(), 40, 60, 300, 200)
    canvas.save()
    found = convert(tmp_path / "f.pdf", ConvertOptions(ocr="off"))
    (figure,) = figures(found)
    assert figure.box is not None
    shown = found.pages[0]
    # The sheet's lower left corner is shown at the upper left.
    assert abs(figure.box.x * shown.width - 60) < 2
    assert abs(figure.box.y * shown.height - 40) < 2
    assert abs(figure.box.w * shown.width - 200) < 2
