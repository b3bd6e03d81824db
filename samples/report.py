"""A two-column report with three levels of headings, a vector chart with caption and a table."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

from reportlab.graphics.charts.barcharts import VerticalBarChart
from reportlab.graphics.shapes import Drawing
from reportlab.lib.colors import HexColor, white
from reportlab.lib.enums import TA_JUSTIFY
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    FrameBreak,
    KeepTogether,
    NextPageTemplate,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
    TableStyle,
)

from samples.draw import GREY, HAIR, INK, MM
from samples.prose import ABSTRACT, AFTER_FIGURE, AFTER_TABLE, CLOSING, OPENING, SITES, parts

WIDTH, HEIGHT = A4
MARGIN, GUTTER, HEAD = 18 * MM, 8 * MM, 42 * MM
COLUMN = (WIDTH - 2 * MARGIN - GUTTER) / 2
BLUE = HexColor("#24507a")
PALE = HexColor("#9db8d2")
TITLE = "Where the Paper Goes: Six Offices, One Year"


def _style(name: str, font: str, size: float, **more: Any) -> ParagraphStyle:
    return ParagraphStyle(name, fontName=font, fontSize=size, leading=size * 1.36, textColor=INK, **more)


STYLES = {
    "title": _style("title", "Helvetica-Bold", 21, spaceAfter=6),
    "byline": ParagraphStyle("byline", fontName="Helvetica", fontSize=9, leading=13, textColor=GREY),
    "abstract": _style("abstract", "Times-Italic", 10.5, spaceBefore=8),
    "h1": _style("h1", "Helvetica-Bold", 14, spaceBefore=10, spaceAfter=5, keepWithNext=1),
    "h2": _style("h2", "Helvetica-Bold", 11.5, spaceBefore=8, spaceAfter=4, keepWithNext=1),
    "h3": _style("h3", "Helvetica-BoldOblique", 10, spaceBefore=6, spaceAfter=3, keepWithNext=1),
    "body": _style("body", "Times-Roman", 10, spaceAfter=6, alignment=TA_JUSTIFY),
    "caption": _style("caption", "Helvetica", 8, spaceBefore=3, spaceAfter=8),
}


def write_report(path: Path, seed: int) -> None:
    """Writes the report; the figures in chart and table depend on `seed`, the text does not."""
    rng = random.Random(f"{seed}:report")
    pages = [rng.randrange(18, 64) for _ in SITES]
    found = [min(count - 3, round(count * rng.uniform(0.55, 0.9))) for count in pages]
    author = f"{rng.choice(('Imogen', 'Rupert', 'Della'))} {rng.choice(('Tarrowby', 'Dunnifer', 'Vosk'))}"
    document = BaseDocTemplate(str(path), pagesize=A4, title=TITLE, author=author, invariant=1)
    document.addPageTemplates([_first_page(), _later_page()])
    document.build(_story(author, pages, found))


def _frame(x: float, height: float, name: str, width: float = COLUMN) -> Frame:
    pads = {"leftPadding": 0, "rightPadding": 0, "topPadding": 0, "bottomPadding": 0}
    return Frame(x, 20 * MM, width, height, id=name, **pads)


def _first_page() -> PageTemplate:
    body = HEIGHT - 40 * MM - HEAD
    top = Frame(MARGIN, 20 * MM + body, WIDTH - 2 * MARGIN, HEAD, 0, 0, 0, 0, id="top")
    frames = [top, _frame(MARGIN, body, "left"), _frame(MARGIN + COLUMN + GUTTER, body, "right")]
    return PageTemplate("first", frames, onPage=_furniture)


def _later_page() -> PageTemplate:
    body = HEIGHT - 42 * MM
    frames = [_frame(MARGIN, body, "left"), _frame(MARGIN + COLUMN + GUTTER, body, "right")]
    return PageTemplate("later", frames, onPage=_furniture)


def _furniture(canvas: Canvas, document: BaseDocTemplate) -> None:
    """Running head and page number."""
    canvas.setFont("Helvetica", 7.5)
    canvas.setFillColor(GREY)
    canvas.drawString(MARGIN, HEIGHT - 12 * MM, "Fenland Records Review")
    canvas.drawRightString(WIDTH - MARGIN, HEIGHT - 12 * MM, "Working paper 11")
    canvas.drawCentredString(WIDTH / 2, 11 * MM, str(document.page))
    canvas.setStrokeColor(HAIR)
    canvas.line(MARGIN, HEIGHT - 14 * MM, WIDTH - MARGIN, HEIGHT - 14 * MM)


def _story(author: str, pages: list[int], found: list[int]) -> list[Flowable]:
    start = [
        Paragraph(TITLE, STYLES["title"]),
        Paragraph(f"{author}, Fenland Institute for Records · October 2026", STYLES["byline"]),
        Paragraph(ABSTRACT, STYLES["abstract"]),
        NextPageTemplate("later"),
        FrameBreak(),
    ]
    figure = KeepTogether([_chart(pages, found), _paragraph(("caption", FIGURE_CAPTION))])
    table = KeepTogether([_paragraph(("caption", TABLE_CAPTION)), _table(pages, found), Spacer(1, 8)])
    return [
        *start,
        *map(_paragraph, parts(OPENING)),
        figure,
        *map(_paragraph, parts(AFTER_FIGURE)),
        table,
        *map(_paragraph, parts(AFTER_TABLE)),
        FrameBreak(),
        *map(_paragraph, parts(CLOSING)),
    ]


FIGURE_CAPTION = "<b>Figure 1.</b> Thousands of pages scanned (dark) and found again (light), by office."
TABLE_CAPTION = "<b>Table 1.</b> Pages in thousands, and the share found again."


def _paragraph(part: tuple[str, str]) -> Paragraph:
    style, text = part
    return Paragraph(text, STYLES[style])


def _chart(pages: list[int], found: list[int]) -> Drawing:
    drawing = Drawing(COLUMN, 150)
    chart = VerticalBarChart()
    chart.x, chart.y, chart.width, chart.height = 24, 24, COLUMN - 30, 116
    chart.data = [pages, found]
    chart.categoryAxis.categoryNames = list(SITES)
    chart.categoryAxis.labels.fontSize = chart.valueAxis.labels.fontSize = 6.5
    chart.valueAxis.valueMin, chart.valueAxis.valueMax, chart.valueAxis.valueStep = 0, 70, 10
    chart.valueAxis.visibleGrid, chart.valueAxis.gridStrokeColor = 1, HAIR
    chart.bars.strokeColor = None
    chart.bars[0].fillColor, chart.bars[1].fillColor = BLUE, PALE
    chart.groupSpacing = 8
    drawing.add(chart)
    return drawing


def _table(pages: list[int], found: list[int]) -> Table:
    rows = [["Office", "Scanned", "Found", "Share"]]
    rows += [
        [site, f"{total}.0", f"{hits}.0", f"{hits / total:.0%}"]
        for site, total, hits in zip(SITES, pages, found, strict=True)
    ]
    rows.append(["All offices", f"{sum(pages)}.0", f"{sum(found)}.0", f"{sum(found) / sum(pages):.0%}"])
    table = Table(rows, colWidths=[COLUMN - 150, 50, 50, 50], rowHeights=15)
    table.setStyle(
        TableStyle(
            [
                ("FONT", (0, 0), (-1, -1), "Helvetica", 8.5),
                ("FONT", (0, 0), (-1, 0), "Helvetica-Bold", 8.5),
                ("FONT", (0, -1), (-1, -1), "Helvetica-Bold", 8.5),
                ("BACKGROUND", (0, 0), (-1, 0), BLUE),
                ("TEXTCOLOR", (0, 0), (-1, 0), white),
                ("ALIGN", (1, 0), (-1, -1), "RIGHT"),
                ("LINEBELOW", (0, 1), (-1, -1), 0.4, HAIR),
                ("LINEABOVE", (0, -1), (-1, -1), 0.8, INK),
                ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
            ]
        )
    )
    return table
