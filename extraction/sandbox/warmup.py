"""Makes native libraries do their first-use work in the zygote, so that no child pays for it."""

from __future__ import annotations

import liteparse
import pypdfium2


def _tiny_pdf() -> bytes:
    """A one-page PDF with one word in each base font that everyday documents use."""
    fonts = ("Helvetica", "Helvetica-Bold", "Times-Roman", "Courier")
    names = " ".join(f"/F{n} {n + 5} 0 R" for n in range(len(fonts)))
    content = " ".join(f"BT /F{n} 12 Tf 20 {20 + 20 * n} Td (Word) Tj ET" for n in range(len(fonts)))
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R/Resources<</Font<<{names}>>>>>>",
        f"<</Length {len(content)}>>stream\n{content}\nendstream",
        *(f"<</Type/Font/Subtype/Type1/BaseFont/{font}>>" for font in fonts),
    ]
    body = "%PDF-1.4\n"
    offsets = []
    for number, source in enumerate(objects, start=1):
        offsets.append(len(body))
        body += f"{number} 0 obj{source}endobj\n"
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    size = len(objects) + 1
    trailer = f"trailer<</Size {size}/Root 1 0 R>>\nstartxref\n{len(body)}\n%%EOF"
    return f"{body}xref\n0 {size}\n0000000000 65535 f \n{table}{trailer}".encode()


def pdf() -> None:
    """Load fonts and tables of both PDF libraries (about 40 ms that every child would spend again)."""
    data = _tiny_pdf()
    liteparse.LiteParse(ocr_enabled=False, quiet=True, extract_blocks=True, emit_word_boxes=True).parse(data)
    document = pypdfium2.PdfDocument(data)
    document[0].render(scale=1).to_pil()
    document.close()
