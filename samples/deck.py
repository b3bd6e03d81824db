"""A PowerPoint deck of four slides, the same bytes on every run."""

from __future__ import annotations

import io
import random
from pathlib import Path
from typing import Any, cast

from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Cm

from samples.handbook import plan
from samples.office import KINDS, fix_zip, stamp

TITLE = "Records office: the first half of 2026"


def write_deck(path: Path, seed: int) -> None:
    """A title, bullets with speaker notes, a table with merged cells beside a picture, and a chart."""
    rng = random.Random(f"{seed}:deck")
    deck = Presentation()
    stamp(deck, TITLE)
    _title(deck)
    _points(deck)
    _table(deck, rng)
    _chart(deck, rng)
    deck.save(str(path))
    fix_zip(path)


def _title(deck: Any) -> None:
    slide = deck.slides.add_slide(deck.slide_layouts[0])
    slide.shapes.title.text = TITLE
    slide.placeholders[1].text = "Report to the committee"


def _points(deck: Any) -> None:
    slide = deck.slides.add_slide(deck.slide_layouts[1])
    slide.shapes.title.text = "What went well"
    frame = slide.placeholders[1].text_frame
    frame.text = "Backlog down to three days"
    for level, text in ((1, "letters: two days"), (1, "plans: four days"), (0, "New scanner in use")):
        paragraph = frame.add_paragraph()
        paragraph.level, paragraph.text = level, text
    run = frame.add_paragraph().add_run()
    run.text, run.hyperlink.address = "Figures on our pages", "https://archive.example/figures"
    slide.notes_slide.notes_text_frame.text = "Thank the reception.\nMention the two trainees."


def _table(deck: Any, rng: random.Random) -> None:
    slide = deck.slides.add_slide(deck.slide_layouts[5])
    slide.shapes.title.text = "Readers by quarter"
    table = slide.shapes.add_table(4, 3, Cm(1.5), Cm(5), Cm(14), Cm(6)).table
    visits = [str(rng.randrange(200, 900)) for _ in range(4)]
    rows = (("Quarter", "Readers", ""), ("", "new", "known"), ("First", *visits[:2]), ("Second", *visits[2:]))
    for place, texts in enumerate(rows):
        for column, text in enumerate(texts):
            table.cell(place, column).text = text
    table.cell(0, 0).merge(table.cell(1, 0))
    table.cell(0, 1).merge(table.cell(0, 2))
    picture = slide.shapes.add_picture(io.BytesIO(plan(rng)), Cm(16.5), Cm(5), width=Cm(7.5))
    picture._element.nvPicPr.cNvPr.set("descr", "Plan of the new reading room")


def _chart(deck: Any, rng: random.Random) -> None:
    slide = deck.slides.add_slide(deck.slide_layouts[5])
    slide.shapes.title.text = "Expenses by kind"
    data: Any = cast("Any", CategoryChartData)(number_format="#,##0")
    data.categories = KINDS[:4]
    data.add_series("2025", [rng.randrange(900, 4000) for _ in range(4)])
    data.add_series("2026", [rng.randrange(900, 4000) for _ in range(4)])
    slide.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, Cm(2), Cm(5), Cm(20), Cm(12), data)
