"""Charts of Office files as tables: one column of categories, one per series."""

from __future__ import annotations

from extraction.engines.blocks import Cell
from extraction.engines.convert.builder import Builder
from extraction.engines.convert.numfmt import shown_number
from extraction.engines.convert.xmltree import Element, child, descendants, local, number

MAX_POINTS = 500
MAX_SERIES = 50


def add_chart(builder: Builder, root: Element) -> None:
    """Add the chart's title as a caption and what it shows as a table."""
    chart = child(root, "chart")
    if chart is None:
        return
    title = child(chart, "title")
    if title is not None:
        builder.text("caption", "".join(t.text or "" for t in descendants(title, "t")))
    series = [element for element in descendants(chart, "ser")][:MAX_SERIES]
    columns = [
        _points(child(one, "val") if child(one, "val") is not None else child(one, "yVal")) for one in series
    ]
    labels: dict[int, str] = {}
    for one in series:
        across = child(one, "cat")
        labels = labels or _points(across if across is not None else child(one, "xVal"))
    rows = sorted({place for column in columns for place in column})
    names = [_name(one) for one in series]
    table = [[Cell(0, col, text, header=True) for col, text in enumerate(["", *names])]]
    for number_, place in enumerate(rows, start=1):
        texts = [labels.get(place, str(place + 1)), *(column.get(place, "") for column in columns)]
        table.append([Cell(number_, col, text) for col, text in enumerate(texts)])
    if rows:
        builder.table(table)


def _name(series: Element) -> str:
    said = child(series, "tx")
    return "" if said is None else " ".join(v.text or "" for v in descendants(said, "v"))


def _points(source: Element | None) -> dict[int, str]:
    """The cached values by their index, numbers in their format."""
    points: dict[int, str] = {}
    for point in descendants(source, "pt") if source is not None else ():
        text = child(point, "v")
        if (
            text is None
            or len(points) >= MAX_POINTS
            or (local(point.getparent()) == "lvl" and points.get(number(point.get("idx", ""))))
        ):
            continue
        code = child(point.getparent(), "formatCode")
        points[number(point.get("idx", ""))] = _shown(
            text.text or "", code.text or "" if code is not None else None
        )
    return points


def _shown(text: str, code: str | None) -> str:
    if code is None:
        return text
    try:
        return shown_number(float(text), code)
    except ValueError:
        return text
