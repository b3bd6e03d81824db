"""Office's formulas (OMML) as one line of plain text."""

from __future__ import annotations

from collections.abc import Callable

from extraction.engines.convert.xmltree import Element, attribute, child, local

_MAX_DEPTH = 60


def formula_text(element: Element, depth: int = 0) -> str:
    """The formula read from left to right: "(a+b)/(2)", "x^2", "√(y)", "∑_(i=1)^(n) i"."""
    if depth > _MAX_DEPTH:
        return ""
    name = local(element)
    if name == "t":
        return element.text or ""

    def part(inner: str) -> str:
        found = child(element, inner)
        return "" if found is None else formula_text(found, depth + 1).strip()

    if name == "f":
        return f"{_grouped(part('num'))}/{_grouped(part('den'))}"
    if name in ("sSup", "sSub", "sSubSup"):
        return _grouped(part("e")) + _index("_", part("sub")) + _index("^", part("sup"))
    if name == "rad":
        return f"{part('deg')}√({part('e')})"
    if name in ("nary", "d"):
        return _operator(element, name, part, depth)
    if name.endswith("Pr"):
        return ""
    return "".join(formula_text(inner, depth + 1) for inner in element)


def _operator(element: Element, name: str, part: Callable[[str], str], depth: int) -> str:
    """A sum or integral with its bounds, or what stands between brackets."""
    if name == "nary":
        sign = _property(element, "naryPr", "chr") or "∫"
        return f"{sign}{_index('_', part('sub'))}{_index('^', part('sup'))} {part('e')}"
    opening, closing = _property(element, "dPr", "begChr"), _property(element, "dPr", "endChr")
    inner = ", ".join(formula_text(e, depth + 1) for e in element if local(e) == "e")
    return f"{'(' if opening is None else opening}{inner}{')' if closing is None else closing}"


def _property(element: Element, group: str, name: str) -> str | None:
    found = child(element, group, name)
    return None if found is None else attribute(found, "val")


def _grouped(text: str) -> str:
    return text if len(text) <= 1 or text.isalnum() else f"({text})"


def _index(sign: str, text: str) -> str:
    return sign + _grouped(text) if text else ""
