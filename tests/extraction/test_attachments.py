"""Attachments of a mail become documents of their own, once."""

from __future__ import annotations

from email.message import EmailMessage
from typing import Any

import pytest

from documents.models import Document
from documents.services.lifecycle import LeaseLost, document_cancel
from documents.services.pipeline import document_process
from extraction import stages
from extraction.models import Conversion
from extraction.services import attachments

pytestmark = pytest.mark.django_db
NOTE = b"Invoice No. 7\nTotal 12.00 EUR\n"


def mail(*parts: tuple[str, bytes], subject: str = "Papers") -> bytes:
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = subject, "ada@example.org", "bob@example.org"
    message["Date"] = "Mon, 02 Nov 2026 10:00:00 +0000"
    message.set_content("Here are the papers that you asked for.")
    for name, content in parts:
        if name.endswith(".eml"):
            from email import message_from_bytes
            from email.policy import default

            message.add_attachment(message_from_bytes(content, policy=default), filename=name)
        else:
            message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


def children(document: Document) -> list[Document]:
    return list(Document.objects.filter(parent=document).order_by("filename"))


def test_each_supported_attachment_becomes_a_document_in_line(api, process, admin):
    sent = process(mail(("note.txt", NOTE), ("tool.exe", b"MZ\x90\x00" + bytes(99))), "papers.eml")
    assert sent.has_result
    [note] = children(sent)
    assert (note.filename, note.source, note.status) == ("note.txt", "email", "queued")
    assert (note.owner, note.workspace) == (sent.owner, sent.workspace)
    listed = api.get(f"/api/v1/documents/{sent.pk}/assets").json()["attachments"]
    assert [(item["name"], item["document_id"]) for item in listed] == [
        ("note.txt", str(note.pk)),
        ("tool.exe", None),
    ]
    links = api.get(f"/api/v1/documents/{sent.pk}").json()["links"]
    assert (links["parent"], links["children"]) == (None, [str(note.pk)])
    assert api.get(f"/api/v1/documents/{note.pk}").json()["links"]["parent"] == str(sent.pk)
    document_process(document_id=note.pk, queue="cpu")
    note.refresh_from_db()
    assert note.has_result


def test_a_second_run_makes_no_second_document(process, admin):
    from extraction.services.runs import document_convert

    sent = process(mail(("note.txt", NOTE)), "papers.eml")
    [note] = children(sent)
    Document.objects.filter(pk=note.pk).update(dedupe_key=None)  # as in the trash
    document_convert(document=sent, actor=admin, options={})
    document_process(document_id=sent.pk, queue="cpu")
    assert children(sent) == [note]


def test_bytes_that_are_here_already_are_linked_not_copied(process, upload):
    there = upload(NOTE, "mine.txt")
    sent = process(mail(("note.txt", NOTE)), "papers.eml")
    assert children(sent) == [there]
    again = process(mail(("note.txt", NOTE), subject="Again"), "again.eml")
    assert children(again) == []  # its parent stays the first mail, the list names it all the same
    listed = Conversion.objects.get(document=again).meta["attachments"]
    assert listed[0]["document_id"] == str(there.pk)


def test_mails_in_mails_are_opened_three_deep(process):
    inner = mail(("note.txt", NOTE), subject="0")
    for level in range(1, 4):
        inner = mail((f"level{level}.eml", inner), subject=str(level))
    current = process(inner, "outer.eml")
    names = []
    while found := children(current):
        [current] = found
        names.append(current.filename)
        document_process(document_id=current.pk, queue="cpu")
    assert names == ["level3.eml", "level2.eml", "level1.eml"]


def test_one_upload_makes_a_limited_number_of_documents(process, monkeypatch):
    monkeypatch.setattr(attachments, "MAX_IN_ALL", 2)
    inner = mail(("other.txt", b"Another note"), subject="Inner")
    sent = process(mail(("note.txt", NOTE), ("inner.eml", inner)), "papers.eml")
    inside, _ = children(sent)
    assert inside.filename == "inner.eml"
    document_process(document_id=inside.pk, queue="cpu")
    assert children(inside) == []


def test_limits_leave_the_rest_as_lines_in_the_list(process, settings, monkeypatch):
    monkeypatch.setattr(attachments, "MAX_PER_MAIL", 2)
    read = stages.parse

    def read_and_tighten(document_id: Any, attempt: int) -> None:
        """The mail itself passed; from here on less is allowed."""
        read(document_id, attempt)
        settings.MAX_FILE_BYTES = 4000

    monkeypatch.setattr(stages, "parse", read_and_tighten)
    data = mail(("a.txt", b"a" * 3000), ("b.txt", b"b" * 4001), ("c.txt", b"c"))
    sent = process(data, "many.eml")
    assert [child.filename for child in children(sent)] == ["a.txt"]
    assert len(Conversion.objects.get(document=sent).meta["attachments"]) == 3


def test_a_worker_without_the_lease_makes_nothing(in_work, admin, tmp_path):
    path = tmp_path / "papers.eml"
    path.write_bytes(mail(("note.txt", NOTE)))
    document, claim = in_work(path)
    stages.parse(document.pk, claim.attempt)
    document_cancel(document=document, actor=admin)
    with pytest.raises(LeaseLost):
        stages.attachments(document.pk, claim.attempt)
    assert children(document) == []
