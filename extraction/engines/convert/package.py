"""Office packages: a zip of XML parts that refer to each other by relationships."""

from __future__ import annotations

import posixpath
from urllib.parse import unquote
from zipfile import ZipFile

from extraction.engines.convert.office_media import is_picture
from extraction.engines.convert.xmltree import Element, descendants, parse


class Package:
    """A package that has passed `guards.check_office_file`. `main` is the name of its entry part.

    Raises XmlError or KeyError for what is not there or not XML.
    """

    def __init__(self, archive: ZipFile, entry: str, usual: str) -> None:
        self._archive = archive
        self._names = set(archive.namelist())
        self._relations: dict[str, dict[str, tuple[str, str, bool]]] = {}
        found = [target for kind, target, outside in self._rels("").values() if kind == entry and not outside]
        self.main = next((name for name in found if name in self._names), usual)
        self.root = self.parse(self.main)

    def parse(self, name: str) -> Element:
        """The root element of a part."""
        return parse(self._archive.read(name))

    def read(self, name: str) -> bytes:
        return self._archive.read(name)

    def target(self, part: str, rel_id: str) -> str:
        """The part that a relationship of `part` leads to, empty if it leads out or nowhere."""
        _, target, outside = self._rels(part).get(rel_id, ("", "", True))
        return "" if outside or target not in self._names else target

    def links(self, part: str) -> dict[str, str]:
        """The addresses outside the package that `part` refers to, by relationship."""
        return {rel_id: target for rel_id, (_, target, outside) in self._rels(part).items() if outside}

    def targets(self, part: str, kind: str) -> list[str]:
        """The parts of one kind that `part` refers to ("chart", "notesSlide" …)."""
        found = [t for k, t, outside in self._rels(part).values() if k == kind and not outside]
        return [name for name in found if name in self._names]

    def related_name(self, kind: str) -> str:
        """The name of the main part's companion of one kind, or an empty string."""
        return next(iter(self.targets(self.main, kind)), "")

    def related(self, kind: str) -> Element | None:
        """The root of the main part's companion of one kind ("styles" …), None if there is none."""
        name = self.related_name(kind)
        return self.parse(name) if name else None

    def is_picture(self, name: str) -> bool:
        """Whether the part can be shown as a picture, by its first bytes."""
        with self._archive.open(name) as part:
            return is_picture(part.read(32))

    def _rels(self, part: str) -> dict[str, tuple[str, str, bool]]:
        """Kind, target and whether it lies outside, by relationship id."""
        if part not in self._relations:
            folder, name = posixpath.split(part)
            path = posixpath.join(folder, "_rels", f"{name}.rels")
            links = (
                descendants(parse(self._archive.read(path)), "Relationship") if path in self._names else ()
            )
            self._relations[part] = {link.get("Id", ""): _relation(link, folder) for link in links}
        return self._relations[part]


def _relation(link: Element, folder: str) -> tuple[str, str, bool]:
    kind, target = posixpath.basename(link.get("Type", "")), link.get("Target", "")
    if link.get("TargetMode") == "External":
        return kind, target, True
    return kind, posixpath.normpath(posixpath.join("/" + folder, unquote(target))).lstrip("/"), False
