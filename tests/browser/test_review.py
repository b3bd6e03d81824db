"""The main job in the browser, with the keyboard only."""

from __future__ import annotations

from playwright.sync_api import BrowserContext, Page, expect

from accounts.actors import Actor
from documents.models import Document, Status
from extraction.selectors import current_extraction
from tests.browser.conftest import Tab, log_in
from tests.browser.rows import invoice
from tests.conftest import PASSWORD


def on_screen(page: Page) -> str:
    """The id of the document on the review page, once its first field has the focus."""
    expect(page.locator(".field.on")).to_have_count(1)
    return page.locator("#review").get_attribute("data-document") or ""


def wait_for_next(page: Page, before: str) -> str:
    expect(page.locator(f'#review:not([data-document="{before}"])')).to_be_visible()
    return on_screen(page)


def test_review_a_queue_with_the_keyboard_only(tab: Tab, reviewer: Actor) -> None:
    documents = [invoice(reviewer, number, score=50.0 + number) for number in range(5)]
    page, keys = tab.page, tab.page.keyboard
    assert reviewer.user is not None
    tab.goto("/")
    keys.type(reviewer.user.email)
    keys.press("Tab")
    keys.type(PASSWORD)
    keys.press("Enter")
    expect(page.locator("[data-row]")).to_have_count(5)
    keys.press("Enter")

    first = on_screen(page)
    assert first == str(documents[0].pk)
    keys.press("Control+Enter")
    second = wait_for_next(page, first)
    expect(page).to_have_url(f"{tab.url}/review/{second}")
    expect(page.locator(".rail [data-count=review]")).to_have_text("4")

    # The doubtful due date comes first, the total by Tab; its second candidate by number.
    keys.press("Tab")
    expect(page.locator(".field.on")).to_have_attribute("data-field", "total")
    keys.press("2")
    expect(page.locator("[data-field=total] .pen")).to_be_visible()
    keys.press("e")
    keys.type("2026-07-05")
    keys.press("Enter")
    expect(page.locator("[data-field=due_date] .field-value")).to_contain_text("2026-07-05")
    keys.press("Control+Enter")

    third = wait_for_next(page, second)
    keys.press("Control+Backspace")
    keys.type("Not addressed to us")
    keys.press("Enter")
    fourth = wait_for_next(page, third)
    keys.press("Control+Enter")
    fifth = wait_for_next(page, fourth)
    keys.press("Control+Enter")
    expect(page.get_by_text("Nothing waits for you")).to_be_visible()

    states = {str(row.pk): row.status for row in Document.objects.all()}
    assert states == {
        first: Status.APPROVED, second: Status.APPROVED, third: Status.REJECTED, fourth: Status.APPROVED,
        fifth: Status.APPROVED,
    }  # fmt: skip
    corrected = current_extraction(Document.objects.get(pk=second))
    assert corrected is not None
    values, boxes = corrected.values(), corrected.boxes()
    assert (values["total"], values["due_date"]) == ("564.13", "2026-07-05")
    assert boxes["total"]["y"] == corrected.fields["net"]["boxes"][0]["y"]


def test_undo_brings_the_document_back(tab: Tab, context: BrowserContext, reviewer: Actor) -> None:
    document = invoice(reviewer, 1)
    invoice(reviewer, 2, score=65.0)
    log_in(context, tab.url, reviewer)
    tab.goto(f"/review/{document.pk}")
    on_screen(tab.page)
    tab.page.keyboard.press("Control+Enter")
    wait_for_next(tab.page, str(document.pk))
    tab.page.keyboard.press("Control+z")
    expect(tab.page).to_have_url(f"{tab.url}/review/{document.pk}")
    expect(tab.page.locator(".fields-head .state")).to_have_text("To review")


def test_back_shows_the_document_that_was_decided(tab: Tab, context: BrowserContext, reviewer: Actor) -> None:
    document = invoice(reviewer, 1)
    invoice(reviewer, 2, score=65.0)
    log_in(context, tab.url, reviewer)
    tab.goto(f"/review/{document.pk}")
    on_screen(tab.page)
    tab.page.keyboard.press("Control+Enter")
    wait_for_next(tab.page, str(document.pk))
    tab.page.go_back()
    expect(tab.page.locator(f'#review[data-document="{document.pk}"]')).to_be_visible()
    expect(tab.page.locator(".fields-head .state")).to_have_text("Approved")


def test_a_drawn_box_fills_the_field_with_its_words(
    tab: Tab, context: BrowserContext, reviewer: Actor
) -> None:
    document = invoice(reviewer, 1)
    log_in(context, tab.url, reviewer)
    tab.goto(f"/review/{document.pk}")
    on_screen(tab.page)
    tab.page.locator("[data-field=seller_name] summary").focus()
    frame = tab.page.locator("[data-for=seller_name]").bounding_box()
    assert frame is not None
    tab.page.keyboard.press("d")
    tab.page.mouse.move(frame["x"] - 4, frame["y"] - 4)
    tab.page.mouse.down()
    tab.page.mouse.move(frame["x"] + frame["width"] + 4, frame["y"] + frame["height"] + 4)
    tab.page.mouse.up()
    field = tab.page.locator("[data-field=seller_name]")
    expect(field.get_by_role("textbox")).to_have_value("Orrinshaw Facilities Ltd")
    tab.page.keyboard.press("Enter")
    expect(field.locator(".pen")).to_be_visible()
    fields = current_extraction(document).fields  # type: ignore[union-attr]
    assert fields["seller_name"]["source"] == "user"
    assert fields["seller_name"]["box"]["page"] == 1


def test_focus_and_boxes_point_at_each_other(tab: Tab, context: BrowserContext, reviewer: Actor) -> None:
    document = invoice(reviewer, 1)
    log_in(context, tab.url, reviewer)
    tab.goto(f"/review/{document.pk}")
    on_screen(tab.page)
    expect(tab.page.locator("[data-field=due_date]")).to_contain_text("No source found")
    before = tab.page.locator("#page-1 img").bounding_box()
    tab.page.keyboard.press("+")
    after = tab.page.locator("#page-1 img").bounding_box()
    assert before is not None
    assert after is not None
    assert after["width"] > 1.2 * before["width"]
    tab.page.keyboard.press("0")
    tab.page.locator(".boxes [data-for=invoice_number]").click()
    expect(tab.page.locator(".field.on")).to_have_attribute("data-field", "invoice_number")
    expect(tab.page.locator(".boxes .on")).to_have_attribute("data-for", "invoice_number")


def test_a_value_that_does_not_fit_says_so_beside_the_field(
    tab: Tab, context: BrowserContext, reviewer: Actor
) -> None:
    document = invoice(reviewer, 1)
    log_in(context, tab.url, reviewer)
    tab.goto(f"/review/{document.pk}")
    on_screen(tab.page)
    tab.page.keyboard.press("e")
    tab.page.keyboard.type("soon")
    tab.page.keyboard.press("Enter")
    expect(tab.page.locator("[data-field=due_date] .problem")).to_contain_text("Enter a date")
    expect(tab.page.locator("[name=f-due_date]")).to_have_value("soon")
    assert any("422" in text for text in tab.errors)
    tab.errors.clear()


def test_somebody_elses_change_is_told_and_nothing_is_lost(
    tab: Tab, context: BrowserContext, reviewer: Actor
) -> None:
    document = invoice(reviewer, 1)
    log_in(context, tab.url, reviewer)
    tab.goto(f"/review/{document.pk}")
    on_screen(tab.page)
    Document.objects.filter(pk=document.pk).update(version=9)
    tab.page.keyboard.press("Control+Enter")
    expect(tab.page.locator("#toasts")).to_contain_text("changed by somebody else")
    assert any("409" in text for text in tab.errors)
    tab.errors.clear()


def test_a_second_reviewer_sees_who_has_the_document(
    tab: Tab, context: BrowserContext, reviewer: Actor, admin: Actor
) -> None:
    from extraction.services.review import review_claim

    document = invoice(reviewer, 1)
    assert review_claim(document=document, actor=admin)
    log_in(context, tab.url, reviewer)
    tab.goto(f"/review/{document.pk}")
    expect(tab.page.locator(".notice")).to_contain_text("Admin is looking at this document")


def test_review_works_without_javascript(browser: object, live_url: str, reviewer: Actor) -> None:
    first, second = invoice(reviewer, 1), invoice(reviewer, 2, score=65.0)
    context = browser.new_context(java_script_enabled=False)  # type: ignore[attr-defined]
    log_in(context, live_url, reviewer)
    page = context.new_page()
    page.goto(f"{live_url}/review/{first.pk}")
    page.locator("[name=f-total]").fill("700.00")
    page.locator("[data-approve]").click()
    expect(page).to_have_url(f"{live_url}/review/{second.pk}")
    page.locator("[data-undo] button").click()
    expect(page).to_have_url(f"{live_url}/review/{first.pk}")
    expect(page.locator("[data-field=total] .field-value")).to_contain_text("700.00")
    context.close()
