"""Features of addresses: what the lines of a run hold, and what stands right above and below it."""

from __future__ import annotations

from collections.abc import Mapping

from extraction.engines.fields.addresses import HEAD_ROWS, LineMarks, marks_of
from extraction.engines.fields.candidates import Candidate, Reading
from extraction.engines.fields.layout import Segment

_NO_LINE = 99.0


def address_features(reading: Reading, candidate: Candidate) -> dict[str, float]:
    seen = candidate.seen
    found = {
        "near_top": max(0.0, 1 - seen.get("line", _NO_LINE) / 12),
        "length": min(seen.get("lines", 0.0), 4.0) / 4,
    }
    if not candidate.spans:
        return found
    lines = reading.once("head_lines", head_lines)
    inside = [span.segment for span in candidate.spans]
    marks = reading.once("head_marks", head_marks)
    first, last = lines.index(inside[0]), lines.index(inside[-1])
    within = [marks[segment] for segment in inside]
    found |= _within(within)
    found |= _edge("above", marks[lines[first - 1]] if first else None)
    found |= _edge("below", marks[lines[last + 1]] if last + 1 < len(lines) else None)
    found["comma_above"] = 1.0 if first and lines[first - 1].text.rstrip().endswith(",") else 0.0
    found["comma_end"] = 1.0 if inside[-1].text.rstrip().endswith(",") else 0.0
    found["stop_end"] = 1.0 if inside[-1].text.rstrip().endswith(".") else 0.0
    found["firms_above"] = float(min(3, sum(marks[line].firm for line in lines[:first])))
    found["gap_below"] = _gap(inside[-1], lines[last + 1]) if last + 1 < len(lines) else 3.0
    found["gap_above"] = _gap(lines[first - 1], inside[0]) if first else 3.0
    return found


def head_lines(reading: Reading) -> list[Segment]:
    """The first segments of the first page's top rows, where a receipt has its address."""
    return [row[0] for row in reading.layout.pages[0].rows[:HEAD_ROWS]] if reading.layout.pages else []


def head_marks(reading: Reading) -> Mapping[Segment, LineMarks]:
    return {segment: marks_of(segment.text) for segment in reading.once("head_lines", head_lines)}


def _within(marks: list[LineMarks]) -> dict[str, float]:
    count = len(marks)
    codes = [place for place, mark in enumerate(marks) if mark.postcode]
    return {
        "streets": sum(mark.street for mark in marks) / count,
        "houses": sum(mark.house for mark in marks) / count,
        "commas": sum(mark.commas for mark in marks) / count,
        "stops": float(sum(mark.stop for mark in marks)),
        "firms": float(sum(mark.firm for mark in marks)),
        "amounts": float(sum(mark.amount for mark in marks)),
        "count": float(count),
        "starts_house": float(marks[0].house),
        "starts_street": float(marks[0].street),
        "starts_postcode": float(marks[0].postcode),
        "postcodes": float(len(codes)),
        "after_postcode": float(count - 1 - codes[-1]) if codes else -1.0,
        "last_words": float(min(marks[-1].words, 8)),
        "last_digits": marks[-1].digits,
        "branch_end": float(marks[-1].branch),
        "plain": sum(mark.plain for mark in marks) / count,
    }


def _edge(side: str, mark: LineMarks | None) -> dict[str, float]:
    if mark is None:
        return {f"{side}_none": 1.0}
    return {
        f"{side}_street": float(mark.street),
        f"{side}_house": float(mark.house),
        f"{side}_postcode": float(mark.postcode),
        f"{side}_stop": float(mark.stop),
        f"{side}_firm": float(mark.firm),
        f"{side}_commas": float(mark.commas),
        f"{side}_digits": mark.digits,
        f"{side}_words": float(min(mark.words, 8)),
        f"{side}_branch": float(mark.branch),
        f"{side}_region": float(mark.plain and mark.words <= 3),
    }


def _gap(upper: Segment, lower: Segment) -> float:
    """The white between two lines in letter heights, at most 3."""
    return min(3.0, max(0.0, (lower.y0 - upper.y1) / max(upper.height, 1.0)))
