"""Objectives: promised, looked at, shown on a wall and taken back."""

import re
import secrets
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.console.visitor import Visit, Visitor
from tests.fixtures.platform import CHAT_MODEL, Platform

pytestmark = [
    pytest.mark.xdist_group("console"),
    pytest.mark.timeout(240),
    pytest.mark.usefixtures("inhabited"),
]


def test_an_objective_is_promised_shown_on_a_wall_and_taken_back(visit: Visit) -> None:
    page = visit("/objectives").page
    name = f"chat-{secrets.token_hex(3)}"
    page.get_by_role("button", name="New objective").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill(name)
    dialog.get_by_label("What is good").select_option("latency")
    dialog.get_by_label("Within").select_option("60000")
    dialog.get_by_label("Promised share").fill("99.5")
    dialog.get_by_label("Model").select_option(CHAT_MODEL)
    dialog.get_by_role("button", name="Save").click()
    drawer = page.get_by_role("dialog").filter(has_text=name)
    expect(drawer).to_contain_text("99.5% of calls done within 60 s")
    expect(drawer.get_by_role("meter", name="Error budget")).to_be_visible()
    expect(drawer.get_by_role("row").filter(has_text="1 hour and 5 minutes")).to_be_visible()
    expect(drawer).to_contain_text("No alerts")
    drawer.get_by_role("button", name="Edit").click()
    dialog = page.get_by_role("dialog").filter(has_text=f"Change {name}")
    dialog.get_by_label("Promised share").fill("99.95")
    dialog.get_by_role("button", name="Save").click()
    expect(drawer).to_contain_text("99.95% of calls")
    page.reload()
    drawer.get_by_role("button", name="Close").click()

    page.get_by_role("link", name="Wall display").click()
    wall = page.locator("[data-kiosk]")
    expect(wall.get_by_role("heading", name=name)).to_be_visible()
    expect(wall.locator("[data-worst]")).to_be_visible()
    expect(page.get_by_role("navigation")).to_have_count(0)
    assert "kiosk=1" in page.url
    page.keyboard.press("Escape")
    expect(wall).to_have_count(0)

    page.locator(f"[data-objective={name}]").get_by_role("button").click()
    drawer.get_by_role("button", name="Switch off").click()
    expect(drawer.get_by_role("button", name="Switch on")).to_be_visible()
    drawer.get_by_role("button", name="Remove").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Remove").click()
    expect(page.locator(f"[data-objective={name}]")).to_have_count(0)
    page.get_by_role("tab", name="Alerts").click()
    expect(page).to_have_url(re.compile("face=alerts"))


def test_a_developer_sees_no_objectives_and_is_told_why(
    platform: Platform, browser: Browser, colleague: dict[str, Any]
) -> None:
    with Visitor(browser, platform, state=colleague["state"]) as mary:
        mary.go("/objectives")
        navigation = mary.page.get_by_role("navigation", name="Navigation")
        expect(navigation.get_by_role("link", name="Objectives")).to_have_count(0)
        reason = mary.page.locator("[data-missing='slo:read']")
        expect(reason.first).to_contain_text("slo:read")
