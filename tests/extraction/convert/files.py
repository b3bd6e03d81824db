"""Small real files of every kind, made for the tests that read them."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont
from reportlab.lib import colors, pdfencrypt
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table

A4_WIDTH, A4_HEIGHT = A4


def text_pdf(
    path: Path, lines: list[tuple[float, float, str]], *, pages: int = 1, password: str | None = None
) -> Path:
    """Each line drawn at x points from the left and y points from the top, on every page."""
    encrypt = pdfencrypt.StandardEncryption(password, canPrint=0) if password else None
    canvas = Canvas(str(path), pagesize=A4, encrypt=encrypt)
    for _ in range(pages):
        canvas.setFont("Helvetica", 12)
        for x, y, text in lines:
            canvas.drawString(x, A4_HEIGHT - y, text)
        canvas.showPage()
    canvas.save()
    return path


def report_pdf(path: Path) -> Path:
    """A heading, running text and a ruled table."""
    styles = getSampleStyleSheet()
    table = Table([["Item", "Quantity", "Price"], ["Widget", "2", "10.00"], ["Gadget", "1", "5.50"]])
    table.setStyle([("GRID", (0, 0), (-1, -1), 0.5, colors.black)])
    story = [
        Paragraph("Quarterly Report", styles["Title"]),
        Spacer(1, 24),
        Paragraph("The quarter went well and all figures are below. " * 8, styles["BodyText"]),
        Spacer(1, 24),
        table,
    ]
    SimpleDocTemplate(str(path)).build(story)
    return path


def receipt_image(width: int = 900, height: int = 700) -> Image.Image:
    """A receipt in large clear letters."""
    import reportlab

    font = ImageFont.truetype(str(Path(reportlab.__file__).parent / "fonts" / "Vera.ttf"), 40)
    image = Image.new("RGB", (width, height), "white")
    pen = ImageDraw.Draw(image)
    for number, (label, value) in enumerate((("CORNER SHOP", ""), ("Coffee", "3.20"), ("Total:", "12.50"))):
        pen.text((60, 80 + 140 * number), label, fill="black", font=font)
        pen.text((600, 80 + 140 * number), value, fill="black", font=font)
    return image


def scanned_pdf(path: Path) -> Path:
    """A PDF that is nothing but a picture of a receipt."""
    canvas = Canvas(str(path), pagesize=(450, 350))
    picture = path.with_suffix(".png")
    receipt_image().save(picture)
    canvas.drawImage(str(picture), 0, 0, 450, 350)
    canvas.showPage()
    canvas.save()
    return path


def raw_pdf(objects: list[str]) -> bytes:
    """A PDF of hand-written objects, numbered from 1; the first is the catalog."""
    body, offsets = "%PDF-1.4\n", []
    for number, source in enumerate(objects, start=1):
        offsets.append(len(body))
        body += f"{number} 0 obj{source}endobj\n"
    size = len(objects) + 1
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    trailer = f"trailer<</Size {size}/Root 1 0 R>>\nstartxref\n{len(body)}\n%%EOF"
    return f"{body}xref\n0 {size}\n0000000000 65535 f \n{table}{trailer}".encode()


def cyclic_outline_pdf(path: Path, text: str) -> Path:
    """An outline whose entries are each other's children for ever."""
    content = f"BT /F0 12 Tf 72 700 Td ({text}) Tj ET"
    path.write_bytes(
        raw_pdf(
            [
                "<</Type/Catalog/Pages 2 0 R/Outlines 6 0 R>>",
                "<</Type/Pages/Kids[3 0 R]/Count 1>>",
                "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
                "/Resources<</Font<</F0 5 0 R>>>>>>",
                f"<</Length {len(content)}>>stream\n{content}\nendstream",
                "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
                "<</Type/Outlines/First 7 0 R/Last 7 0 R/Count 1>>",
                "<</Title(A)/Parent 6 0 R/First 8 0 R/Last 8 0 R/Next 8 0 R/Count 1>>",
                "<</Title(B)/Parent 7 0 R/First 7 0 R/Last 7 0 R/Next 7 0 R/Count 1>>",
            ]
        )
    )
    return path


def turned_pdf(path: Path, text: str, *, rotation: int, matrix: str) -> Path:
    """A 600 × 800 page with a rotation of its own; `matrix` places the text so that it is shown upright."""
    content = f"BT /F0 20 Tf {matrix} Tm ({text}) Tj ET"
    page = f"<</Type/Page/Parent 2 0 R/Rotate {rotation}/MediaBox[0 0 600 800]/Contents 4 0 R"
    path.write_bytes(
        raw_pdf(
            [
                "<</Type/Catalog/Pages 2 0 R>>",
                "<</Type/Pages/Kids[3 0 R]/Count 1>>",
                f"{page}/Resources<</Font<</F0 5 0 R>>>>>>",
                f"<</Length {len(content)}>>stream\n{content}\nendstream",
                "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
            ]
        )
    )
    return path


def rewritten(source: Path, target: Path, part: str, content: bytes) -> Path:
    """The zip file `source` with one part replaced."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, content if name == part else old.read(name))
    return target


def png_header(width: int, height: int) -> bytes:
    """A PNG that claims a size; its few pixels are never reached."""
    small = io.BytesIO()
    Image.new("L", (1, 1)).save(small, "PNG")
    data = bytearray(small.getvalue())
    header = b"IHDR" + struct.pack("!IIBBBBB", width, height, 8, 0, 0, 0, 0)
    data[12:33] = header + struct.pack("!I", zlib.crc32(header))
    return bytes(data)
