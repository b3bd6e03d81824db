"""Making flows and templates in the browser: by keyboard, without JavaScript, on a phone, in both themes."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from accounts.actors import Actor
from extraction.models import Flow, Template
from tests.browser.conftest import Tab, log_in
from tests.browser.recipes import make_recipes
from tests.browser.rows import invoice
from tests.browser.test_every_page import axe

# So tall that the bar with the buttons lies over nothing: axe cannot judge what is covered.
TALL = 3200


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_no_accessibility_faults_and_nothing_too_wide(
    tab: Tab, context: BrowserContext, admin: Actor, theme: Any, width: int
) -> None:
    recipes = make_recipes(admin)
    log_in(context, tab.url, admin)
    tab.page.emulate_media(color_scheme=theme)
    tab.page.set_viewport_size({"width": width, "height": TALL})
    found = {}
    for path in recipes.paths():
        tab.goto(path)
        tab.page.wait_for_load_state("networkidle")
        faults = axe(tab.page)
        if tab.page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            faults["violations"].append("too wide")
        if faults["violations"] or faults["unclear"]:
            found[path] = faults
    assert found == {}


def settle(page: Page) -> None:
    """Waits until htmx has put its answer in place and given it its keys and its focus."""
    page.wait_for_function("!document.querySelector('.htmx-request, .htmx-added, .htmx-settling')")


def test_a_flow_is_made_with_the_keyboard_only(tab: Tab, context: BrowserContext, admin: Actor) -> None:
    log_in(context, tab.url, admin)
    tab.goto("/documents")
    page, keys = tab.page, tab.page.keyboard
    keys.press("g")
    keys.press("f")
    expect(page).to_have_url(f"{tab.url}/flows")
    page.get_by_role("link", name="New flow").focus()
    keys.press("Enter")
    page.get_by_label("Name", exact=True).first.focus()
    keys.type("Loans")
    page.locator("#f-0-label").focus()
    keys.type("Lines")
    keys.press("Tab")
    keys.press("Tab")
    page.locator("#f-0-type").select_option("array")
    expect(page.get_by_role("button", name="Add a part to 1 Lines")).to_be_visible()
    settle(page)
    page.get_by_role("button", name="Add a part to 1 Lines").focus()
    keys.press("Enter")
    # The new line has the focus, so that its label can be typed at once.
    expect(page.locator("#f-0\\.0-label")).to_be_focused()
    settle(page)
    keys.type("Amount")
    page.get_by_role("button", name="Add a field").focus()
    keys.press("Enter")
    expect(page.locator("#f-1-label")).to_be_focused()
    settle(page)
    keys.type("Loan number")
    page.get_by_role("button", name="Move 2 up").focus()
    keys.press("Enter")
    expect(page.locator("#f-0-label")).to_have_value("Loan number")
    expect(page.get_by_role("button", name="Move 1 Loan number up")).to_be_focused()
    settle(page)
    page.locator("#f-0-label").focus()
    keys.press("Enter")
    expect(page.locator("#toasts")).to_contain_text("Loans was saved as version 1")
    flow = Flow.objects.get(name="Loans")
    number, lines = flow.field_defs()
    assert (number.name, lines.type, [part.name for part in lines.items]) == (
        "loan_number", "array", ["amount"],
    )  # fmt: skip


def test_a_wrong_field_is_marked_and_nothing_typed_is_lost(
    tab: Tab, context: BrowserContext, admin: Actor
) -> None:
    recipes = make_recipes(admin)
    log_in(context, tab.url, admin)
    tab.goto(f"/flows/{recipes.flow.pk}")
    tab.page.locator("#f-1-label").fill("Sum of all")
    tab.page.locator("#f-0-floor").fill("much")
    tab.page.get_by_role("button", name="Save", exact=True).last.click()
    expect(tab.page.locator("#f-0-problem")).to_contain_text("a number from 0 to 100")
    expect(tab.page.locator("#f-1-label")).to_have_value("Sum of all")
    assert any("422" in text for text in tab.errors)
    tab.errors.clear()


def test_the_fields_of_a_template_take_the_place_of_the_table(
    tab: Tab, context: BrowserContext, admin: Actor
) -> None:
    recipes = make_recipes(admin)
    log_in(context, tab.url, admin)
    tab.goto(f"/flows/{recipes.flow.pk}")
    tab.page.get_by_label("Fields", exact=True).select_option(str(recipes.template.pk))
    expect(tab.page.locator("#field-table")).to_be_hidden()
    settle(tab.page)
    tab.page.get_by_role("button", name="Save", exact=True).last.click()
    expect(tab.page.locator("#toasts")).to_contain_text("saved as version 2")
    recipes.flow.refresh_from_db()
    assert recipes.flow.template == recipes.template


def test_a_template_is_tried_and_published(tab: Tab, context: BrowserContext, admin: Actor) -> None:
    document = invoice(admin, 1)
    recipes = make_recipes(admin)
    log_in(context, tab.url, admin)
    tab.goto(f"/templates/{recipes.template.pk}")
    tab.page.get_by_role("button", name="Try", exact=True).click()
    expect(tab.page.locator("#trial")).to_contain_text("do not recognise this document")
    expect(tab.page.locator("#trial")).to_contain_text("Principal")
    assert str(document.pk) in (tab.page.locator("#trial a").get_attribute("href") or "")
    tab.page.get_by_role("button", name="Save and publish").click()
    expect(tab.page.locator("#toasts")).to_contain_text("published as version 2")
    assert Template.objects.get(pk=recipes.template.pk).version == 2


def test_a_flow_is_deleted_only_after_a_second_look(tab: Tab, context: BrowserContext, admin: Actor) -> None:
    recipes = make_recipes(admin)
    log_in(context, tab.url, admin)
    tab.goto(f"/flows/{recipes.flow.pk}")
    tab.page.locator("#main").get_by_text("Delete", exact=True).click()
    tab.page.get_by_role("button", name="Delete Loan confirmations").click()
    expect(tab.page).to_have_url(f"{tab.url}/flows")
    assert not Flow.objects.filter(pk=recipes.flow.pk).exists()


def test_the_editor_works_without_javascript(browser: Browser, live_url: str, admin: Actor) -> None:
    context = browser.new_context(java_script_enabled=False)
    log_in(context, live_url, admin)
    page = context.new_page()
    page.goto(f"{live_url}/flows/new")
    page.get_by_label("Name", exact=True).first.fill("Loans")
    page.locator("#f-0-label").fill("Parties")
    page.locator("#f-0-type").select_option("object")
    page.get_by_role("button", name="Show what the types need").click()
    page.get_by_role("button", name="Add a part to 1 Parties").click()
    page.locator("#f-0\\.0-label").fill("Borrower")
    page.get_by_role("button", name="Save", exact=True).last.click()
    expect(page.get_by_role("heading", name="Loans")).to_be_visible()
    (parties,) = Flow.objects.get(name="Loans").field_defs()
    assert [part.name for part in parties.items] == ["borrower"]
    context.close()
