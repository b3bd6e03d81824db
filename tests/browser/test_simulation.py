"""Trying thresholds on what people have reviewed."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, LocatorAssertions, Page, expect

from accounts.actors import Actor
from documents.models import Status
from extraction.models import Flow
from tests.browser.conftest import Tab, log_in
from tests.browser.test_every_page import axe
from tests.extraction.reviewed import Judged, judged


@pytest.fixture
def flow(admin: Actor) -> Flow:
    flow = Flow.objects.get(workspace=admin.workspace, document_type="invoice")
    judged(admin, flow, [Judged(95)] * 60 + [Judged(82, ("total",))] * 4 + [Judged(50, ("total",))] * 20)
    judged(admin, flow, [Judged(90, status=Status.COMPLETED)] * 16)
    return flow


def says(page: Page) -> LocatorAssertions:
    return expect(page.locator("#answer-title"))


def test_the_sentence_follows_the_number_and_the_slider(
    tab: Tab, context: BrowserContext, admin: Actor, flow: Flow
) -> None:
    log_in(context, tab.url, admin)
    tab.goto(f"/flows/{flow.pk}/simulation")
    says(tab.page).to_have_text(
        "With 70: 80 % would pass without a person; 4 of the 64 of those that people have looked at"
        " were wrong (at most 13 % with 95 % confidence)."
    )
    expect(tab.page.locator(".facts dt", has_text="Total")).to_be_visible()
    tab.page.get_by_label("A person looks below").first.fill("90")
    says(tab.page).to_contain_text("With 90: 76 % would pass without a person; 0 of the 60")
    expect(tab.page.locator(".figures .here th")).to_have_text("90")
    assert "review_below_score=90" in tab.page.url
    slider = tab.page.locator("[data-slides=review_below_score]")
    expect(slider).to_have_value("90")
    slider.focus()
    tab.page.keyboard.press("End")
    says(tab.page).to_contain_text("With 100: 0 %")


def test_the_advised_threshold_can_be_tried_and_taken_over(
    tab: Tab, context: BrowserContext, admin: Actor, flow: Flow
) -> None:
    log_in(context, tab.url, admin)
    tab.goto(f"/flows/{flow.pk}/simulation")
    expect(tab.page.get_by_text("Too few reviews to promise 99 %")).to_be_visible()
    tab.page.get_by_label("Of what passes must be right").select_option("95")
    tab.page.get_by_role("button", name="Try 83").click()
    says(tab.page).to_contain_text("With 83:")
    tab.page.get_by_role("button", name="Use these thresholds").click()
    expect(tab.page.locator("#toasts")).to_contain_text("takes these thresholds from now on")
    flow.refresh_from_db()
    assert (flow.review_below_score, flow.version, flow.auto_approve) == (83, 2, False)


def test_it_works_without_javascript_and_says_what_is_wrong(
    browser: object, live_url: str, admin: Actor, reviewer: Actor, flow: Flow
) -> None:
    context = browser.new_context(java_script_enabled=False)  # type: ignore[attr-defined]
    log_in(context, live_url, reviewer)
    page = context.new_page()
    page.goto(f"{live_url}/flows/{flow.pk}/simulation")
    page.locator("#review_below_score").fill("90")
    page.get_by_text("Least score of single fields").click()
    page.locator("#floor-total").fill("96")
    page.get_by_role("button", name="Show").click()
    says(page).to_contain_text("With 90: 0 %")
    expect(page.get_by_role("button", name="Use these thresholds")).to_have_count(0)
    page.locator("#review_below_score").fill("900")
    page.get_by_role("button", name="Show").click()
    expect(page.locator(".problem")).to_contain_text("less than or equal to 100")
    context.close()


def test_floors_that_were_tried_are_taken_over_with_the_thresholds(
    tab: Tab, context: BrowserContext, admin: Actor, flow: Flow
) -> None:
    log_in(context, tab.url, admin)
    tab.goto(f"/flows/{flow.pk}/simulation?asked=1&review_below_score=60&auto_approve_min_score=85"
             "&precision=99&always_review=on&floor-total=80")  # fmt: skip
    says(tab.page).to_contain_text("Every document would go to a person")
    tab.page.get_by_role("button", name="Use these thresholds").click()
    expect(tab.page.locator("#toasts")).to_contain_text("takes these thresholds")
    flow.refresh_from_db()
    assert (flow.review_below_score, flow.always_review) == (60, True)
    assert flow.fields.get(name="total").require_score_above == 80


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_simulation_has_no_accessibility_faults_and_fits_a_phone(
    tab: Tab, context: BrowserContext, admin: Actor, flow: Flow, theme: str
) -> None:
    empty = Flow.objects.get(workspace=admin.workspace, document_type="receipt")
    log_in(context, tab.url, admin)
    tab.page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    for path in (f"/flows/{flow.pk}/simulation", f"/flows/{empty.pk}/simulation"):
        tab.page.set_viewport_size({"width": 1440, "height": 900})
        tab.goto(path)
        tab.page.wait_for_load_state("networkidle")
        assert axe(tab.page) == {"violations": [], "unclear": []}
        tab.page.set_viewport_size({"width": 390, "height": 844})
        assert not tab.page.evaluate("document.documentElement.scrollWidth > innerWidth")
