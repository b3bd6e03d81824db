"""Lists and objects on the review page, with the keyboard and without JavaScript."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from accounts.actors import Actor
from documents.models import Document, Status
from extraction.selectors import current_extraction
from tests.browser.conftest import Tab, log_in
from tests.browser.rows import WORK, invoice, structured
from tests.browser.test_every_page import axe


@pytest.fixture
def document(tab: Tab, context: BrowserContext, reviewer: Actor) -> Document:
    Document.objects.filter(pk=invoice(reviewer, 0).pk).update(status=Status.APPROVED)
    document = structured(reviewer, 1)
    log_in(context, tab.url, reviewer)
    tab.goto(f"/review/{document.pk}")
    expect(tab.page.locator(".field.on")).to_have_count(1)
    return document


def to_lines(page: Page) -> None:
    page.locator("[data-field=line_items] summary").focus()
    page.keyboard.press("e")


def lines_of(document: Document) -> object:
    extraction = current_extraction(document)
    assert extraction is not None
    return extraction.values()["line_items"]


def test_a_cell_is_corrected_a_row_added_and_one_removed_with_the_keyboard(
    tab: Tab, document: Document
) -> None:
    page, keys = tab.page, tab.page.keyboard
    to_lines(page)
    expect(page.locator(":focus")).to_have_attribute("name", "f-line_items.1.amount")
    keys.type("312.83")
    keys.press("ArrowUp")
    expect(page.locator(":focus")).to_have_attribute("name", "f-line_items.0.amount")
    keys.press("Alt+Enter")
    keys.type("Bucket")
    keys.press("Tab")
    keys.type("3")
    keys.press("Enter")
    expect(page.locator("[data-field=line_items] .pen")).to_be_visible()
    assert lines_of(document) == [
        WORK[0], WORK[1] | {"amount": "312.83"}, {"description": "Bucket", "quantity": 3},
    ]  # fmt: skip
    to_lines(page)
    keys.press("Alt+Delete")
    keys.press("Enter")
    expect(page.locator("[data-field=line_items] .field-value")).to_contain_text("2 entries")
    assert lines_of(document) == [WORK[1] | {"amount": "312.83"}, {"description": "Bucket", "quantity": 3}]


def test_a_wrong_cell_is_marked_and_nothing_typed_is_lost(tab: Tab, document: Document) -> None:
    page, keys = tab.page, tab.page.keyboard
    to_lines(page)
    keys.type("much")
    keys.press("Enter")
    expect(page.locator("[data-field=line_items] .problem")).to_have_text(
        "Row 2, Amount: Enter an amount such as 1284.50."
    )
    wrong = page.locator("[aria-invalid]")
    expect(wrong).to_have_attribute("name", "f-line_items.1.amount")
    expect(wrong).to_have_value("much")
    expect(wrong).to_be_focused()
    assert lines_of(document) == WORK
    assert any("422" in text for text in tab.errors)
    tab.errors.clear()


def test_escape_puts_the_table_back(tab: Tab, document: Document) -> None:
    to_lines(tab.page)
    tab.page.keyboard.type("1.00")
    tab.page.keyboard.press("Alt+Enter")
    tab.page.keyboard.press("Alt+Enter")
    expect(tab.page.locator("[data-field=line_items] [data-cell-row]")).to_have_count(4)
    tab.page.keyboard.press("Escape")
    expect(tab.page.locator("[data-field=line_items] [data-cell-row]")).to_have_count(2)
    expect(tab.page.locator("[name='f-line_items.1.amount']")).to_have_value("200.00")
    tab.page.keyboard.press("Control+Enter")
    expect(tab.page.get_by_text("Nothing waits for you")).to_be_visible()
    assert lines_of(document) == WORK


def test_another_list_is_taken_by_its_number(tab: Tab, document: Document) -> None:
    tab.page.locator("[data-field=line_items] summary").focus()
    tab.page.keyboard.press("2")
    expect(tab.page.locator("[data-field=line_items] .pen")).to_be_visible()
    assert lines_of(document) == WORK[:1]


def test_a_cell_and_its_place_point_at_each_other(tab: Tab, document: Document) -> None:
    page = tab.page
    to_lines(page)
    expect(page.locator(".boxes .cell-box")).to_have_count(1)
    page.locator("[name='f-line_items.0.description']").focus()
    frame = page.locator(".boxes .cell-box").bounding_box()
    sheet = page.locator("#page-1").bounding_box()
    assert frame is not None
    assert sheet is not None
    assert frame["x"] == pytest.approx(sheet["x"] + 0.1 * sheet["width"], abs=4)
    page.locator("[data-field=total] summary").focus()
    expect(page.locator(".boxes .cell-box")).to_have_count(0)
    page.locator(".boxes [data-for=line_items]").first.click(position={"x": 5, "y": 5})
    expect(page.locator(":focus")).to_have_attribute("name", "f-line_items.0.description")


def test_an_object_and_a_plain_list_are_edited_in_their_own_way(tab: Tab, document: Document) -> None:
    page = tab.page
    page.locator("[data-field=buyer] summary").click()
    page.get_by_label("City").fill("Leeds")
    page.locator("[data-field=terms] summary").click()
    page.get_by_label("Terms, one in each line").fill("net\n\n14 days\n")
    page.locator("[data-field=terms] [data-save-one]").click()
    expect(page.locator("[data-field=buyer] .field-value")).to_contain_text("Acme Ltd, Leeds")
    values = current_extraction(document).values()  # type: ignore[union-attr]
    assert (values["buyer"], values["terms"]) == ({"name": "Acme Ltd", "city": "Leeds"}, ["net", "14 days"])


def test_why_it_is_here_and_where_values_come_from_are_said(tab: Tab, document: Document) -> None:
    page = tab.page
    why = page.locator(".why")
    expect(why).to_contain_text("Total is only 62 % sure.")
    expect(why).to_contain_text("and 1 more")
    why.locator("summary").click()
    expect(why.get_by_text("Only 60 % sure as a whole")).to_be_visible()
    expect(page.locator(".quiet-notice")).to_contain_text("The picture is hard to read")
    for name, words in [
        ("seller_name", "From the e-invoice's XML. Its checks hold."),
        ("net", "Read by the model small-model."),
        ("issue_date", "Learned from invoice-0.pdf."),
    ]:  # fmt: skip
        page.locator(f"[data-field={name}] summary").click()
        expect(page.locator(f"[data-field={name}] .no-source")).to_contain_text(words)


def test_it_is_read_again_with_another_type_and_the_next_one_comes(
    tab: Tab, document: Document, reviewer: Actor
) -> None:
    following = structured(reviewer, 2)
    tab.page.get_by_text("Read again with other choices").click()
    tab.page.get_by_label("Type").select_option("receipt")
    tab.page.get_by_role("button", name="Read again").click()
    expect(tab.page.locator(f'#review[data-document="{following.pk}"]')).to_be_visible()
    expect(tab.page.locator("#toasts")).to_contain_text("is read again")
    document.refresh_from_db()
    assert (document.status, document.type, document.type_source) == (Status.QUEUED, "receipt", "hint")
    assert document.next_stage == "extraction.stages.classify"


def test_earlier_readings_lie_beside_what_stands_now(tab: Tab, document: Document) -> None:
    page = tab.page
    expect(page.get_by_role("link", name="Earlier readings")).to_have_count(0)
    page.locator("[data-field=total] summary").focus()
    page.keyboard.press("2")
    expect(page.locator("[data-field=total] .pen")).to_be_visible()
    page.get_by_text("Earlier readings (1)").click()
    expect(page.locator(".reading-list a")).to_have_count(2)
    expect(page.locator(".reading-list li").first).to_contain_text("Corrected by Reviewer")
    expect(page.locator(".reading-list li").first).to_contain_text("changed Total")
    row = page.locator(".reading-table tr", has_text="Total")
    expect(row).to_contain_text("676.96")
    expect(row.locator("ins")).to_have_text("564.13")


def test_lists_work_without_javascript(browser: object, live_url: str, reviewer: Actor) -> None:
    document = structured(reviewer, 1)
    context = browser.new_context(java_script_enabled=False)  # type: ignore[attr-defined]
    log_in(context, live_url, reviewer)
    page = context.new_page()
    page.goto(f"{live_url}/review/{document.pk}")
    page.get_by_label("Amount, row 2").fill("312.83")
    page.get_by_role("checkbox", name="Remove row 1").check()
    page.get_by_label("Description, row 3").fill("Bucket")
    page.locator("[data-field=line_items] [data-save-one]").click()
    expect(page.locator("[data-field=line_items] .pen")).to_be_visible()
    assert lines_of(document) == [WORK[1] | {"amount": "312.83"}, {"description": "Bucket"}]
    context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_lists_and_readings_have_no_accessibility_faults_and_fit_a_phone(
    tab: Tab, document: Document, theme: str
) -> None:
    tab.page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    for path in (f"/review/{document.pk}", f"/review/{document.pk}/readings", "/documents?flag=sampled"):
        tab.page.set_viewport_size({"width": 1440, "height": 900})
        tab.goto(path)
        tab.page.wait_for_load_state("networkidle")
        for details in tab.page.locator("[data-field]").all():
            details.evaluate("element => { element.open = true; }")
        assert axe(tab.page) == {"violations": [], "unclear": []}
        tab.page.set_viewport_size({"width": 390, "height": 844})
        assert not tab.page.evaluate("document.documentElement.scrollWidth > innerWidth"), path
