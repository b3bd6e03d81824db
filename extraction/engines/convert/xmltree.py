"""Helpers for XML parts that have passed `guards.check_office_file`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Any

from lxml import etree

# What an element is; lxml comes without types.
Element = Any
_SAFE = {"resolve_entities": False, "no_network": True, "huge_tree": False}
XmlError = etree.XMLSyntaxError


def parse(data: bytes) -> Element:
    """The root element. Raises XmlError."""
    return etree.fromstring(data, etree.XMLParser(**_SAFE))


def stream(source: IO[bytes], *names: str) -> Iterator[Element]:
    """Each element with one of the local names as soon as it is complete; it is emptied afterwards.

    An element inside another of the names is emptied first, so ask for names that do not nest.
    """
    tags = [f"{{*}}{name}" for name in names]
    for _, element in etree.iterparse(source, events=("end",), tag=tags, **_SAFE):
        yield element
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]


def local(element: Element) -> str:
    """The element's name without its namespace, empty for comments and instructions."""
    tag = element.tag
    return tag[tag.rfind("}") + 1 :] if isinstance(tag, str) else ""


def attribute(element: Element, name: str) -> str:
    """The attribute of this local name in any namespace, or an empty string."""
    for key, value in element.attrib.items():
        if key == name or key.endswith("}" + name):
            return str(value)
    return ""


def child(element: Element, *path: str) -> Element | None:
    """The first descendant along local names, or None."""
    for name in path:
        element = next((inner for inner in element if local(inner) == name), None)
        if element is None:
            return None
    return element


def descendants(element: Element, *names: str) -> Iterator[Element]:
    """Every element below with one of the local names, in document order."""
    return iter(element.iter(*(f"{{*}}{name}" for name in names)))


def number(text: str, *, default: int = 0, most: int = 2**31) -> int:
    """A whole number out of an attribute; `default` for anything else or out of range."""
    digits = text.strip().removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 10):
        return default
    value = int(text)
    return value if abs(value) <= most else default
