"""Pages that change by themselves: rows and counts by WebSocket, uploads with their own lines."""

from __future__ import annotations

from playwright.sync_api import BrowserContext, expect

from accounts.actors import Actor
from documents.models import Document
from extraction.services.review import document_approve
from tests.browser.conftest import Tab, log_in
from tests.browser.rows import invoice


def test_a_row_changes_in_place_when_somebody_decides(
    tab: Tab, context: BrowserContext, reviewer: Actor, admin: Actor
) -> None:
    document = invoice(reviewer, 1)
    invoice(reviewer, 2)
    log_in(context, tab.url, reviewer)
    with tab.page.expect_websocket() as socket:
        tab.goto("/documents")
    socket.value.wait_for_event("framereceived")
    row = tab.page.locator(f"#row-{document.pk}")
    expect(row.locator(".state")).to_have_text("To review")
    document_approve(document=document, actor=admin)
    expect(row.locator(".state")).to_have_text("Approved")
    expect(tab.page.locator(".rail [data-count=review]")).to_have_text("1")


def test_uploads_say_what_became_of_each_file(tab: Tab, context: BrowserContext, reviewer: Actor) -> None:
    log_in(context, tab.url, reviewer)
    tab.goto("/upload")
    note = {"name": "note.txt", "mimeType": "text/plain", "buffer": b"Invoice No. 7\nTotal 12.00 EUR\n"}
    strange = {"name": "strange.bin", "mimeType": "application/octet-stream", "buffer": b"\x00\x01\x02" * 30}
    empty = {"name": "empty.txt", "mimeType": "text/plain", "buffer": b""}
    tab.page.set_input_files("#file", [note, strange, empty])  # type: ignore[list-item]
    rows = tab.page.locator("[data-uploads] tbody tr")
    expect(rows).to_have_count(3)
    expect(rows.filter(has_text="note.txt").locator(".state")).to_have_text("Queued")
    expect(rows.filter(has_text="strange.bin")).to_contain_text("This kind of file is not supported")
    expect(rows.filter(has_text="empty.txt")).to_contain_text("The file is empty")
    tab.page.set_input_files("#file", [{**note, "name": "again.txt"}])  # type: ignore[list-item]
    expect(rows.filter(has_text="again.txt")).to_contain_text("is here already, as note.txt")
    assert Document.objects.count() == 1
    assert all("400" in error for error in tab.errors)
    tab.errors.clear()


def test_search_filters_while_typing_and_keeps_the_address(
    tab: Tab, context: BrowserContext, reviewer: Actor
) -> None:
    for number in (1, 2):
        invoice(reviewer, number)
    log_in(context, tab.url, reviewer)
    tab.goto("/documents")
    tab.page.keyboard.press("/")
    tab.page.keyboard.type("invoice-2")
    expect(tab.page.locator("[data-row]")).to_have_count(1)
    expect(tab.page).to_have_url(f"{tab.url}/documents?q=invoice-2&tab=&sort=-added&flag=")


def test_documents_are_filtered_by_a_flag_and_keep_the_search(
    tab: Tab, context: BrowserContext, reviewer: Actor
) -> None:
    for number in (1, 2):
        invoice(reviewer, number)
    Document.objects.filter(filename="invoice-2.pdf").update(flags=["sampled"])
    log_in(context, tab.url, reviewer)
    tab.goto("/documents?q=invoice")
    tab.page.get_by_label("Only documents with").select_option("Spot check")
    expect(tab.page.locator("[data-row]")).to_have_count(1)
    expect(tab.page).to_have_url(f"{tab.url}/documents?tab=&sort=-added&q=invoice&flag=sampled")
    tab.page.get_by_role("link", name="To review").click()
    expect(tab.page.locator("[data-row]")).to_have_count(1)
    tab.page.locator("[data-row] a").click()
    expect(tab.page.get_by_role("link", name="Spot check")).to_have_attribute(
        "href", "/documents?flag=sampled"
    )
