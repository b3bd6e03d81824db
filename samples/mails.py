"""A mail with two attachments and a picture in its text, the same bytes on every run."""

from __future__ import annotations

import random
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

from samples.handbook import plan
from samples.office import FIXED

SUBJECT = "Invoice and photo of the damaged box – Größe prüfen"


def write_mail(path: Path, invoice: Path, photo: bytes, seed: int) -> None:
    """A complaint with the PDF `invoice` and the PNG `photo` attached, as text and as HTML with a plan."""
    rng = random.Random(f"{seed}:mail")
    order = f"K-{rng.randrange(10_000, 99_999)}"
    mail = EmailMessage(policy=SMTP)
    mail["From"] = "Annika Vogtlaender <a.vogtlaender@oderland.example>"
    mail["To"] = "Purchasing <purchasing@archive.example>"
    mail["Cc"] = "Jörg Ziesenfuß <j.ziesenfuss@oderland.example>"
    mail["Date"] = FIXED
    mail["Subject"] = SUBJECT
    mail["Message-ID"] = f"<{order.lower()}@oderland.example>"
    mail.set_content(f"Good morning,\n\none box of order {order} arrived damaged. The invoice is attached.\n")
    mail.add_alternative(
        f"<html><body><p>Good morning,</p><p>one box of order <b>{order}</b> arrived damaged:</p>"
        "<ul><li>the lid is torn</li><li>two folders are wet</li></ul>"
        '<p>It stood here:</p><p><img src="cid:plan@oderland" width="210" alt="Where the box stood"></p>'
        "<p>The invoice is attached, see also "
        '<a href="https://oderland.example/claims">our claims page</a>.</p>'
        "</body></html>",
        subtype="html",
    )
    html = mail.get_payload()[1]  # type: ignore[index]
    assert isinstance(html, EmailMessage)
    html.add_related(plan(rng), "image", "png", cid="<plan@oderland>")
    mail.add_attachment(
        invoice.read_bytes(), maintype="application", subtype="pdf", filename="Rechnung März.pdf"
    )
    mail.add_attachment(photo, maintype="image", subtype="png", filename="box.png")
    for place, part in enumerate(part for part in mail.walk() if part.is_multipart()):
        part.set_boundary(f"=_part_{place}_{order}")
    path.write_bytes(mail.as_bytes())
