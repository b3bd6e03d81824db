"""One correction in the browser: the next two papers of the sender are right, and the page says why."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import BrowserContext, expect

from accounts.actors import Actor
from documents.models import Document
from tests.browser.conftest import Tab, log_in
from tests.browser.test_every_page import axe
from tests.extraction.memory.papers import pdf_of, sawmill_lines


def test_a_correction_on_the_review_page_teaches_the_sender(
    tab: Tab, context: BrowserContext, admin: Actor, process: Callable[..., Document]
) -> None:
    def send(number: str, total: str) -> Document:
        return process(pdf_of(sawmill_lines(number, "03.11.2026", total)), f"{number}.pdf", type="invoice")

    first, page = send("T-1041", "231,00"), tab.page
    log_in(context, tab.url, admin)
    tab.goto(f"/review/{first.pk}")
    page.locator("[data-field=invoice_number]").click()
    page.keyboard.press("e")
    page.keyboard.type("T-1041")
    page.keyboard.press("Enter")
    expect(page.locator("[data-field=invoice_number] .pen")).to_be_visible()
    page.keyboard.press("Control+Enter")
    expect(page.locator(f'#review[data-document="{first.pk}"]')).to_have_count(0)

    for number, total in (("T-1077", "1.404,50"), ("T-1102", "88,40")):
        following = send(number, total)
        tab.goto(f"/review/{following.pk}")
        expect(page.locator("[data-field=invoice_number]")).to_contain_text(number)

    page.locator(".rail a", has_text="Learned").click()
    expect(page.locator("[data-row]")).to_have_count(1)
    assert axe(page) == {"violations": [], "unclear": []}
    page.locator("[data-row] a").click()
    expect(page.locator("h1")).to_contain_text("Tannhof")
    assert axe(page) == {"violations": [], "unclear": []}
    row = page.locator("[data-row]", has_text="Invoice number")
    expect(row.locator("a")).to_have_attribute("href", f"/documents/{first.pk}")
    row.get_by_role("button", name="Forget").click()
    expect(page.locator("[data-row]", has_text="Invoice number")).to_have_count(0)
