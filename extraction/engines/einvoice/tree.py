"""The XML of an invoice as a tree, and how its parts are asked for. The XML is hostile until parsed here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import islice

from extraction.engines.convert.errors import EngineError
from extraction.engines.convert.guards import check_xml
from extraction.engines.convert.xmltree import Element, XmlError, attribute, local, parse

from .codes import day, number

MAX_BYTES = 32 * 1024 * 1024
MAX_SAID, MAX_SAID_CHARS = 3_000, 120
MAX_TEXT, MAX_TEXTS, MAX_LINES = 2_000, 50, 2_000

# Files attached inside the XML (drawings, time sheets) are not looked at; they may outweigh all the rest.
_ATTACHED = re.compile(rb"(<[\w.:-]{0,40}BinaryObject\b[^<>]*+>)[^<]++")


class BadInvoice(ValueError):
    """XML that cannot be read; the text is one sentence, safe to show. `unsafe` XML may hide an attack."""

    def __init__(self, sentence: str, *, unsafe: bool = False) -> None:
        super().__init__(sentence)
        self.unsafe = unsafe


def root_of(data: bytes) -> Element:
    """The root element. Raises: BadInvoice for too long, broken or unsafe XML."""
    if len(data) > MAX_BYTES:
        raise BadInvoice(f"The XML is larger than {MAX_BYTES // 1024 // 1024} MB.")
    data = _ATTACHED.sub(rb"\1", data)
    try:
        check_xml(data, "XML")
        return parse(data)
    except EngineError as error:
        unsafe = error.code == "unsupported_content"
        sentence = "The XML is unsafe to read." if unsafe else "The XML is damaged."
        raise BadInvoice(sentence, unsafe=unsafe) from error
    except (XmlError, ValueError, LookupError) as error:
        raise BadInvoice("The XML is damaged.") from error


def find(element: Element | None, *path: str) -> Element | None:
    """The first element along local names; a step such as "A|B" takes either. None if one is missing."""
    for step in path:
        if element is None:
            return None
        names = step.split("|")
        element = next((inner for inner in element if local(inner) in names), None)
    return element


def find_all(element: Element | None, *path: str) -> Iterator[Element]:
    """All children of the last name, below the first elements along the names before it."""
    parent = find(element, *path[:-1])
    names = path[-1].split("|")
    return iter(()) if parent is None else (inner for inner in parent if local(inner) in names)


def text(element: Element | None, *path: str) -> str:
    """The text of an element on one line, cut at MAX_TEXT characters; empty if it is missing."""
    found = find(element, *path)
    return "" if found is None else " ".join((found.text or "").split())[:MAX_TEXT]


def texts(element: Element | None, *path: str) -> tuple[str, ...]:
    """The texts of the elements of the last name, without empty ones, at most MAX_TEXTS."""
    return gathered(find_all(element, *path))


def gathered(elements: Iterable[Element], *path: str) -> tuple[str, ...]:
    """The text below each element along the path, without empty ones, at most MAX_TEXTS."""
    said = (text(element, *path) for element in elements)
    return tuple(islice(filter(None, said), MAX_TEXTS))


def all_texts(root: Element) -> tuple[str, ...]:
    """The short texts of all elements without children, each once."""
    found: dict[str, None] = {}
    for element in root.iter():
        said = " ".join((element.text or "").split()) if local(element) else ""
        if said and len(said) <= MAX_SAID_CHARS:
            found[said] = None
        if len(found) >= MAX_SAID:
            break
    return tuple(found)


class Amounts:
    """Reads amounts and dates of named fields, and keeps a sentence about each that cannot be read."""

    def __init__(self, currency: str) -> None:
        self.currency = currency
        self.problems: dict[str, str] = {}

    def amount(self, name: str, element: Element | None, *path: str) -> Decimal | None:
        """The amount in the invoice's currency, or in none; other currencies' amounts are passed over."""
        found = sorted(find_all(element, *path), key=lambda item: attribute(item, "currencyID") == "")
        own = [item for item in found if attribute(item, "currencyID") in (self.currency, "")]
        said = text(own[0]) if own else ""
        value = number(said)
        if said and value is None:
            self.problems[name] = f"The XML's “{said[:40]}” is not a number."
        return value

    def date(self, name: str, said: str) -> str:
        value = day(said)
        if said and not value:
            self.problems[name] = f"The XML's “{said[:40]}” is not a date."
        return value
