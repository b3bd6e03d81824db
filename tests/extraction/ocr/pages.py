"""Pages of text as pictures, and what is read on them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

LINES = (
    "Riverside Garden Centre",
    "Twelve Mill Lane Oxford",
    "Flower pots and saucers 24.50",
    "Compost in large bags 18.00",
    "Watering can of brass 33.75",
    "Delivery to your door 6.00",
    "Total amount to pay 82.25",
    "Thank you for your visit",
)


def text_page(lines: tuple[str, ...] = LINES, *, font: str = "", size: int = 40) -> Image.Image:
    """Black letters on white, one line below the other."""
    image = Image.new("RGB", (1000, 120 * len(lines) + 160), "white")
    pen = ImageDraw.Draw(image)
    for number, line in enumerate(lines):
        pen.text((100, 100 + 120 * number), line, fill="black", font=ImageFont.truetype(font or vera(), size))
    return image


@cache
def vera() -> str:
    """A font that is there wherever ReportLab is."""
    import reportlab

    return str(Path(reportlab.__file__).parent / "fonts" / "Vera.ttf")


def devanagari() -> str | None:
    """A font file with Devanagari letters, if this machine has one."""
    folder = Path("/usr/share/fonts")
    names = ("Lohit-Devanagari.ttf", "NotoSansDevanagari-Regular.ttf", "gargi.ttf")
    return next((str(path) for name in names for path in folder.rglob(name)), None)
