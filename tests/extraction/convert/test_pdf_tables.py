"""Tables of PDF pages: their rows, columns, headers and spans, and that nothing printed is lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from extraction.engines.blocks import Block
from extraction.engines.convert import ConvertOptions, convert

TOP = A4[1]
COLUMNS = (60, 220, 320, 420)
RIGHT = 520
STEP = 20
PROSE = "The figures below were gathered in all branches of the company during the last year and checked."
NUMBERS = [
    ["Region", "2021", "2022", "2023"],
    ["North branch", "1,204", "1,310", "1,498"],
    ["South branch", "980", "1,021", "995"],
    ["East branch", "455", "470", "512"],
    ["West branch", "2,300", "2,410", "2,388"],
]

Draw = Callable[[Canvas], None]


def page(path: Path, draw: Draw) -> Path:
    canvas = Canvas(str(path), pagesize=A4)
    canvas.setFont("Helvetica", 10)
    canvas.drawString(60, TOP - 80, PROSE)
    draw(canvas)
    canvas.drawString(60, TOP - 500, PROSE)
    canvas.save()
    return path


def put(canvas: Canvas, rows: Iterable[Iterable[str]], *, y: float = 140, step: float = STEP) -> None:
    for row in rows:
        for x, text in zip(COLUMNS, row, strict=False):
            canvas.drawString(x + 4, TOP - y, text)
        y += step


def across(canvas: Canvas, *ys: float, start: float = 60, end: float = RIGHT) -> None:
    for y in ys:
        canvas.line(start, TOP - y, end, TOP - y)


def down(canvas: Canvas, top: float, bottom: float, *xs: float) -> None:
    for x in xs:
        canvas.line(x, TOP - top, x, TOP - bottom)


def tables(path: Path, options: ConvertOptions | None = None) -> list[Block]:
    return [block for block in convert(path, options).blocks if block.kind == "table"]


def rows(table: Block) -> list[list[str]]:
    found: dict[int, list[str]] = {}
    for cell in table.cells:
        found.setdefault(cell.row, []).append(cell.text)
    return list(found.values())


def spans(table: Block) -> dict[str, tuple[int, int]]:
    return {c.text: (c.rowspan, c.colspan) for c in table.cells if (c.rowspan, c.colspan) != (1, 1)}


def boxed(canvas: Canvas) -> None:
    put(canvas, NUMBERS)
    across(canvas, *(126 + STEP * number for number in range(6)))
    down(canvas, 126, 226, *COLUMNS, RIGHT)


def lined(canvas: Canvas) -> None:
    put(canvas, NUMBERS)
    across(canvas, *(126 + STEP * number for number in range(6)))


def three_lines(canvas: Canvas) -> None:
    put(canvas, NUMBERS)
    across(canvas, 126, 146, 226)


def bare(canvas: Canvas) -> None:
    put(canvas, NUMBERS)


def shaded(canvas: Canvas) -> None:
    canvas.setFillGray(0.9)
    for number in (0, 2, 4):
        canvas.rect(60, TOP - 146 - STEP * number, RIGHT - 60, STEP, stroke=0, fill=1)
    canvas.setFillGray(0)
    put(canvas, NUMBERS)


@pytest.mark.parametrize("draw", [boxed, lined, three_lines, bare, shaded])
def test_rows_and_columns_come_back_however_the_table_is_drawn(tmp_path: Path, draw: Draw) -> None:
    (table,) = tables(page(tmp_path / "t.pdf", draw))
    assert rows(table) == NUMBERS
    assert [cell.header for cell in table.cells] == [True] * 4 + [False] * 16


def wrapped(canvas: Canvas) -> None:
    put(canvas, [["Step", "What was done", "By", "Result"]])
    put(canvas, [["First", "All the meters", "Ann", "Passed"], ["", "were read"]], y=170, step=12)
    put(canvas, [["Second", "The pump", "Bob", "Failed"], ["", "was opened", "", "twice"]], y=212, step=12)
    across(canvas, 126, 152, 194, 236)


def test_wrapped_text_joins_its_row(tmp_path: Path) -> None:
    (table,) = tables(page(tmp_path / "t.pdf", wrapped))
    assert rows(table) == [
        ["Step", "What was done", "By", "Result"],
        ["First", "All the meters were read", "Ann", "Passed"],
        ["Second", "The pump was opened", "Bob", "Failed twice"],
    ]


def grouped(canvas: Canvas) -> None:
    canvas.drawString(64, TOP - 150, "Branch")
    canvas.drawCentredString(320, TOP - 140, "Income and costs")
    put(canvas, [["", "Income", "Costs"]], y=160)
    canvas.drawString(424, TOP - 150, "Staff")
    put(canvas, [["North", "10", "4", "33"], ["South", "20", "5", "41"]], y=180)
    across(canvas, 126, 166, 186, 206)
    across(canvas, 146, start=220, end=420)
    down(canvas, 126, 206, 60, 220, 420, RIGHT)
    down(canvas, 146, 206, 320)


def test_a_grid_with_merged_cells_gives_spans(tmp_path: Path) -> None:
    (table,) = tables(page(tmp_path / "t.pdf", grouped))
    assert spans(table) == {"Branch": (2, 1), "Income and costs": (1, 2), "Staff": (2, 1)}
    assert rows(table)[2:] == [["North", "10", "4", "33"], ["South", "20", "5", "41"]]
    assert {cell.row for cell in table.cells if cell.header} == {0, 1}


def underlined(canvas: Canvas) -> None:
    canvas.drawString(64, TOP - 140, "Branch")
    canvas.drawCentredString(370, TOP - 140, "Income by year")
    put(
        canvas,
        [["", "2021", "2022", "2023"], ["North", "10", "14", "33"], ["South", "20", "25", "41"]],
        y=160,
    )
    across(canvas, 126, 166, 206)
    across(canvas, 146, start=222, end=500)


def test_a_heading_over_a_line_spans_the_columns_under_it(tmp_path: Path) -> None:
    (table,) = tables(page(tmp_path / "t.pdf", underlined))
    assert spans(table) == {"Branch": (2, 1), "Income by year": (1, 3)}


def two_tables(canvas: Canvas) -> None:
    for left in (60, 320):
        for number, (name, value) in enumerate((("Item", "Pieces"), ("Nails", "400"), ("Screws", "250"))):
            canvas.drawString(left + 4, TOP - 140 - STEP * number, name)
            canvas.drawString(left + 104, TOP - 140 - STEP * number, value)
        across(canvas, 126, 146, 166, 186, start=left, end=left + 180)
        down(canvas, 126, 186, left, left + 100, left + 180)


def test_tables_side_by_side_stay_two(tmp_path: Path) -> None:
    first, second = tables(page(tmp_path / "t.pdf", two_tables))
    assert rows(first) == rows(second) == [["Item", "Pieces"], ["Nails", "400"], ["Screws", "250"]]
    assert first.box is not None
    assert second.box is not None
    assert first.box.right < second.box.x


def in_columns(canvas: Canvas) -> None:
    for number in range(16):
        canvas.drawString(60, TOP - 140 - 12 * number, "a line of text in the left column of it")
        canvas.drawString(310, TOP - 140 - 12 * number, "and one in the right column of the page")


def test_text_in_two_columns_is_no_table(tmp_path: Path) -> None:
    assert tables(page(tmp_path / "t.pdf", in_columns)) == []


def chart(canvas: Canvas) -> None:
    across(canvas, *(140 + 20 * number for number in range(6)), start=100, end=500)
    for number in range(6):
        canvas.drawRightString(95, TOP - 143 - 20 * number, str(50 - 10 * number))
    for number in range(5):
        canvas.rect(130 + 70 * number, TOP - 240, 30, 20 + 12 * number, fill=1)


def test_the_scale_of_a_chart_is_no_table(tmp_path: Path) -> None:
    assert tables(page(tmp_path / "t.pdf", chart)) == []


@pytest.mark.parametrize("draw", [boxed, lined, bare, wrapped, grouped, underlined, two_tables, in_columns])
def test_every_word_is_printed_once(tmp_path: Path, draw: Draw) -> None:
    found = convert(page(tmp_path / "t.pdf", draw))
    printed = Counter(word.text for word in found.pages[0].words)
    texts = [cell.text for block in found.blocks for cell in block.cells]
    texts += [f"{block.marker} {block.text}" for block in found.blocks if not block.cells]
    assert Counter(" ".join(texts).split()) == printed


@pytest.mark.parametrize("draw", [boxed, bare, grouped])
def test_every_cell_says_where_it_is(tmp_path: Path, draw: Draw) -> None:
    (table,) = tables(page(tmp_path / "t.pdf", draw))
    for cell in table.cells:
        assert cell.box is not None
        assert 0 <= cell.box.x < cell.box.right <= 1
        assert 0 <= cell.box.y < cell.box.bottom <= 1


def test_tables_switched_off_are_text(tmp_path: Path) -> None:
    found = convert(page(tmp_path / "t.pdf", boxed), ConvertOptions(tables="off"))
    assert not any(block.kind == "table" for block in found.blocks)
    assert "North branch" in " ".join(block.text for block in found.blocks)


def hatched(canvas: Canvas) -> None:
    put(canvas, NUMBERS)
    for number in range(6000):
        canvas.line(60, 100 + number / 20, 500, 100 + number / 20)


def test_a_page_of_thousands_of_lines_is_still_read(tmp_path: Path) -> None:
    found = convert(page(tmp_path / "t.pdf", hatched))
    words = " ".join(block.text for block in found.blocks).split()
    assert {"North", "2,388"} <= set(words)
