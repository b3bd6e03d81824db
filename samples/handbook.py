"""A Word document with footnotes, a picture, nested lists and merged cells."""

from __future__ import annotations

import io
import random
from pathlib import Path
from typing import Any

import docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm
from PIL import Image, ImageDraw

from samples.catalogue import COUNTRIES
from samples.hostile import WORD_SPACE
from samples.office import fix_zip, stamp

FOOTNOTES = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
TITLE = "Handbook of the reading room"


def write_handbook(path: Path, seed: int) -> None:
    """Headings, footnotes, a picture with its caption, nested lists, a table with merged cells."""
    rng = random.Random(f"{seed}:handbook")
    document = docx.Document()
    stamp(document, TITLE)
    document.sections[0].header.paragraphs[0].text = "Records office, internal"
    document.sections[0].footer.paragraphs[0].text = f"Version {rng.randrange(2, 9)}"
    document.add_heading(TITLE, 0)
    _opening(document)
    _steps(document)
    _hours(document, rng)
    _picture(document, rng)
    document.save(str(path))
    fix_zip(path)


def _opening(document: Any) -> None:
    document.add_heading("1 Opening", 1)
    paragraph = document.add_paragraph("The room is open to ")
    paragraph.add_run("everybody").bold = True
    paragraph.add_run(" who has a reader's card; ")
    paragraph.add_run("children").italic = True
    paragraph.add_run(" come with an adult.")
    _note_mark(paragraph, 1)
    paragraph = document.add_paragraph("Rules and forms are on ")
    _link(document, paragraph, "https://archive.example/forms", "our pages")
    paragraph.add_run(".")
    _note_mark(paragraph, 2)
    _add_notes(document, ("Up to the age of fourteen.", "Printed copies lie at the desk."))


def _note_mark(paragraph: Any, note: int) -> None:
    run = paragraph.add_run()
    run.font.superscript = True
    mark = OxmlElement("w:footnoteReference")
    mark.set(qn("w:id"), str(note))
    run._r.append(mark)


def _add_notes(document: Any, texts: tuple[str, ...]) -> None:
    notes = "".join(
        f'<w:footnote w:id="{place}"><w:p><w:r><w:footnoteRef/></w:r>'
        f'<w:r><w:t xml:space="preserve"> {text}</w:t></w:r></w:p></w:footnote>'
        for place, text in enumerate(texts, 1)
    )
    xml = f'<w:footnotes xmlns:w="{WORD_SPACE}">{notes}</w:footnotes>'
    part = Part(PackURI("/word/footnotes.xml"), FOOTNOTES, xml.encode(), document.part.package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)


def _link(document: Any, paragraph: Any, target: str, text: str) -> None:
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), document.part.relate_to(target, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    run = OxmlElement("w:r")
    inner = OxmlElement("w:t")
    inner.text = text
    run.append(inner)
    link.append(run)
    paragraph._p.append(link)


def _steps(document: Any) -> None:
    document.add_heading("2 Ordering", 1)
    document.add_heading("2.1 At the desk", 2)
    for text in ("Show your card", "Fill in one slip per box", "Wait for your number"):
        document.add_paragraph(text, style="List Number")
    document.add_heading("2.2 What to bring", 2)
    for level, text in (
        (1, "Card"),
        (2, "new readers: passport"),
        (2, "students: proof"),
        (1, "Pencil, no ink"),
    ):
        document.add_paragraph(text, style="List Bullet" if level == 1 else f"List Bullet {level}")


def _hours(document: Any, rng: random.Random) -> None:
    document.add_heading("3 Hours and people", 1)
    names = rng.sample(COUNTRIES["GB"].first_names, 3)
    table = document.add_table(rows=4, cols=3, style="Table Grid")
    rows = (
        ("Hours", "", "At the desk"),
        ("Weekdays", "9.30 to 17.00", names[0]),
        ("", "17.00 to 20.00", names[1]),
        ("Saturday", "10.00 to 14.00", names[2]),
    )
    for cells, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(cells.cells, texts, strict=True):
            cell.text = text
    table.cell(0, 0).merge(table.cell(0, 1))
    table.cell(1, 0).merge(table.cell(2, 0))


def _picture(document: Any, rng: random.Random) -> None:
    document.add_heading("4 The way to us", 1)
    document.add_picture(io.BytesIO(plan(rng)), width=Cm(7))
    properties = document.inline_shapes[0]._inline.docPr
    properties.set("descr", "Plan of the ground floor")
    document.add_paragraph("Figure 1. Ground floor; the reading room is grey.", style="Caption")
    document.add_paragraph("Lifts and stairs are on the left of the entrance.")


def plan(rng: random.Random) -> bytes:
    """A small floor plan as PNG."""
    image = Image.new("RGB", (420, 260), "white")
    pen = ImageDraw.Draw(image)
    edge = rng.randrange(140, 220)
    pen.rectangle((10, 10, 410, 250), outline="black", width=3)
    pen.rectangle((edge, 10, 410, 150), outline="black", fill=(200, 200, 200), width=3)
    pen.line((edge, 150, edge, 250), fill="black", width=3)
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()
