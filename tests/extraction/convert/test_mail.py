"""Mails: what a mail program shows, and their attachments one by one."""

from __future__ import annotations

import io
import time
from email.message import EmailMessage
from pathlib import Path

import pytest
from PIL import Image

from extraction.engines.blocks import ConvertedDocument
from extraction.engines.convert import EngineError, convert
from extraction.engines.convert.eml import read_attachment
from extraction.engines.convert.filetypes import EML, detect
from extraction.engines.convert.office_media import embedded_images
from extraction.engines.convert.render import to_markdown
from samples.mails import SUBJECT, write_mail
from tests.extraction.convert import files


def png() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (30, 20), "green").save(out, "PNG")
    return out.getvalue()


@pytest.fixture(scope="module")
def complaint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("mail")
    invoice = files.text_pdf(folder / "invoice.pdf", [(72, 72, "Invoice")])
    write_mail(folder / "mail.eml", invoice, png(), 7)
    return folder / "mail.eml"


def read(path: Path) -> ConvertedDocument:
    return convert(path, content_type=EML)


def raw(path: Path, text: str) -> ConvertedDocument:
    path.write_bytes(text.replace("\n", "\r\n").encode("latin-1"))
    return read(path)


def test_a_mail_reads_as_a_mail_program_shows_it(complaint: Path) -> None:
    document = read(complaint)
    text = to_markdown(document)
    assert text.startswith(f"# {SUBJECT}\n\n**From:** Annika Vogtlaender")
    assert "**Cc:** Jörg Ziesenfuß" in text
    assert "**Date:** 2026-01-02 09:30" in text
    assert "- the lid is torn\n- two folders are wet" in text
    assert "[our claims page](https://oderland.example/claims)" in text
    # The plain version of the same body is not read as well.
    assert text.count("arrived damaged") == 1
    assert "- Rechnung März.pdf (" in text


def test_a_picture_in_the_text_is_a_figure_and_no_attachment(complaint: Path) -> None:
    document = read(complaint)
    (figure,) = document.figures
    assert figure.text == "Where the box stood"
    (image,) = embedded_images(complaint, [figure.ref])
    assert image is not None
    assert image.size == (420, 260)
    assert list(embedded_images(complaint, ["mime:99", "mime:x", "mime:0"])) == [None, None, None]


def test_attachments_come_out_as_they_went_in(complaint: Path) -> None:
    listed = read(complaint).meta["attachments"]
    assert [(entry["index"], entry["name"], entry["content_type"]) for entry in listed] == [
        (1, "Rechnung März.pdf", "application/pdf"),
        (2, "box.png", "image/png"),
    ]
    assert read_attachment(complaint, 1) == (complaint.parent / "invoice.pdf").read_bytes()
    assert read_attachment(complaint, 2) == png()
    assert [entry["size"] for entry in listed] == [len(read_attachment(complaint, n)) for n in (1, 2)]
    for index in (0, 3, -1):
        with pytest.raises(EngineError) as caught:
            read_attachment(complaint, index)
        assert caught.value.code == "unsupported_content"


def test_a_mail_inside_a_mail_is_an_attachment_that_can_be_read_again(tmp_path: Path) -> None:
    inner, outer = EmailMessage(), EmailMessage()
    inner["From"], inner["To"], inner["Subject"] = "a@b.example", "c@d.example", "Order / 7"
    inner.set_content("inner text")
    inner.add_attachment(
        b"data", maintype="application", subtype="octet-stream", filename="../../evil\\x.bin"
    )
    outer["From"], outer["Subject"] = "c@d.example", "Fwd"
    outer.set_content("see below")
    outer.add_attachment(inner)
    (tmp_path / "a.eml").write_bytes(outer.as_bytes())
    document = read(tmp_path / "a.eml")
    assert [entry["name"] for entry in document.meta["attachments"]] == ["Order _ 7.eml"]
    assert "inner text" not in document.text
    (tmp_path / "b.eml").write_bytes(read_attachment(tmp_path / "a.eml", 1))
    again = read(tmp_path / "b.eml")
    assert "inner text" in again.text
    assert again.meta["attachments"][0]["name"] == "x.bin"
    assert read_attachment(tmp_path / "b.eml", 1) == b"data"


@pytest.mark.parametrize(
    ("charset", "body", "text"),
    [
        ("utf-8", "Grüße".encode().decode("latin-1"), "Grüße"),
        ("iso-8859-1", "Grüße 5 \x80", "Grüße 5 €"),
        ("no-such-charset", "Grüße", "Grüße"),
        ("us-ascii", "Grüße".encode().decode("latin-1"), "Grüße"),
    ],
)
def test_charsets_are_taken_as_they_are_meant(tmp_path: Path, charset: str, body: str, text: str) -> None:
    head = f"From: a@b.example\nSubject: x\nContent-Type: text/plain; charset={charset}\n"
    document = raw(tmp_path / "a.eml", f"{head}Content-Transfer-Encoding: 8bit\n\n{body}\n")
    assert document.blocks[-1].text == text


def test_a_mail_without_anything_still_opens(tmp_path: Path) -> None:
    document = raw(tmp_path / "a.eml", "From: a@b.example\n\n")
    assert [block.text for block in document.blocks] == ["(no subject)", "From: a@b.example"]
    assert document.meta["attachments"] == []


def test_a_broken_multipart_gives_what_can_be_read(tmp_path: Path) -> None:
    document = raw(
        tmp_path / "a.eml",
        "From: a@b.example\nSubject: =?utf-8?Q?Gr=C3=BC?= =?bad?Z?x?=\n"
        "Content-Type: multipart/mixed; boundary=x\n\n"
        "--x\nContent-Type: text/plain\n\nreadable\n--x\nContent-Type: application/pdf; name=a.pdf\n"
        "Content-Transfer-Encoding: base64\n\n!!! not base64 !!!\n",
    )
    assert "readable" in document.text
    assert document.meta["attachments"][0]["name"] == "a.pdf"


def test_nesting_without_end_is_refused_at_once(tmp_path: Path) -> None:
    for levels in (60, 900, 20_000):
        nested = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(levels))
        started = time.process_time()
        with pytest.raises(EngineError) as caught:
            raw(tmp_path / "a.eml", f"From: a@b.example\n{nested}")
        assert caught.value.code == "unsupported_content"
        assert time.process_time() - started < 5


def test_huge_headers_are_calm(tmp_path: Path) -> None:
    people = ", ".join(f'"Person {n}" <p{n}@b.example>' for n in range(50_000))
    started = time.process_time()
    document = raw(tmp_path / "a.eml", f"From: a@b.example\nTo: {people}\nSubject: {'(' * 100_000}\n\nbody\n")
    assert document.blocks[-1].text == "body"
    assert len(document.blocks[2].text) < 11_000
    assert time.process_time() - started < 5


def test_more_attachments_than_anyone_sends_are_cut(tmp_path: Path) -> None:
    mail = EmailMessage()
    mail["From"] = "a@b.example"
    mail.set_content("many")
    for number in range(130):
        mail.add_attachment(b"x", maintype="application", subtype="pdf", filename=f"{number}.pdf")
    (tmp_path / "a.eml").write_bytes(mail.as_bytes())
    document = read(tmp_path / "a.eml")
    assert len(document.meta["attachments"]) == 100
    assert document.meta["truncated"] is True
    with pytest.raises(EngineError):
        read_attachment(tmp_path / "a.eml", 101)


@pytest.mark.parametrize(
    ("data", "name", "expected"),
    [
        (b"Received: from x\r\n\tby y\r\nFrom: a@b\r\nDate: today\r\n\r\nhi", "", EML),
        (b"From - Mon Jan 1\nFrom: a@b\nSubject: x\nMIME-Version: 1.0\n\n<html><body>", "", EML),
        (b"From: a@b\nSubject: x\n\nhi", "a.eml", EML),
        (b"From: a@b\nSubject: x\n\nhi", "", "text/plain"),
        (b"Name: x\nTo: y\nDate: z\nSubject: q\n\nhi", "", "text/plain"),
    ],
)
def test_a_mail_is_told_by_its_headers(data: bytes, name: str, expected: str) -> None:
    assert detect(data, data, name=name) == expected
