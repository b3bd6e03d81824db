"""What holds for every page: no accessibility faults in either theme, no sideways scrolling on a phone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

from accounts.actors import Actor
from tests.browser.conftest import Tab, log_in
from tests.browser.rows import invoice

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text()
RUN = """async () => {
  const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
  const found = await axe.run({ runOnly: rules });
  const where = (node) => node.target + " " + node.failureSummary;
  const short = (item) => item.id + ": " + item.nodes.map(where).join("; ");
  return {
    violations: found.violations.map(short),
    unclear: found.incomplete.filter((item) => item.id === "color-contrast").map(short),
  };
}"""
PATHS = [
    "/account/login/",
    "/review",
    "/review/{id}",
    "/documents",
    "/documents/{id}",
    "/upload",
    "/jobs",
    "/learned",
]


def axe(page: Page) -> dict[str, Any]:
    page.evaluate(AXE)
    found: dict[str, Any] = page.evaluate(RUN)
    return found


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_accessibility_faults(tab: Tab, context: BrowserContext, admin: Actor, theme: Any) -> None:
    document = invoice(admin, 1)
    invoice(admin, 2, doubt=31.0, score=40.0)
    tab.page.emulate_media(color_scheme=theme)
    found = {}
    for path in PATHS:
        if path == "/review":
            log_in(context, tab.url, admin)
        tab.goto(path.format(id=document.pk))
        tab.page.wait_for_load_state("networkidle")
        assert tab.page.locator("html").get_attribute("data-bs-theme") == theme
        faults = axe(tab.page)
        if faults["violations"] or faults["unclear"]:
            found[path] = faults
    assert found == {}


def test_no_page_is_wider_than_a_phone(tab: Tab, context: BrowserContext, admin: Actor) -> None:
    document = invoice(admin, 1)
    tab.page.set_viewport_size({"width": 390, "height": 844})
    too_wide = []
    for path in PATHS:
        if path == "/review":
            log_in(context, tab.url, admin)
        tab.goto(path.format(id=document.pk))
        if tab.page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            too_wide.append(path)
    assert too_wide == []
    tab.goto(f"/review/{document.pk}")
    button = tab.page.locator("[data-approve]").bounding_box()
    assert button is not None
    assert button["y"] + button["height"] <= 844


def test_the_theme_switch_is_remembered(tab: Tab, context: BrowserContext, admin: Actor) -> None:
    log_in(context, tab.url, admin)
    tab.page.emulate_media(color_scheme="light")
    tab.goto("/documents")
    tab.page.locator("[data-theme-switch]").click()
    tab.page.reload()
    assert tab.page.locator("html").get_attribute("data-bs-theme") == "dark"
