"""Alerts: seen, silenced and told of, by a channel that keeps its keys to itself."""

import re
import secrets
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.console.visitor import Visit, Visitor
from tests.fixtures.platform import Platform

pytestmark = [pytest.mark.xdist_group("console"), pytest.mark.timeout(240)]


def report(visitor: Visitor, name: str, status: str = "firing") -> None:
    """Have an Alertmanager's alert told to the platform."""
    labels = {"alertname": name, "severity": "critical", "model": name.lower()}
    visitor.call(
        "POST",
        "/alerts/alertmanager",
        {
            "alerts": [
                {
                    "status": status,
                    "labels": labels,
                    "annotations": {"summary": f"{name} fails", "summary_zh": f"{name} 失败"},
                    "fingerprint": name,
                }
            ]
        },
    )


def test_an_alert_is_seen_silenced_and_told_again(visit: Visit) -> None:
    visitor = visit("/")
    name = f"Stalls{secrets.token_hex(3)}"
    report(visitor, name)
    visitor.go("/alerts?severity=critical")
    page = visitor.page
    row = page.get_by_role("row").filter(has_text=name)
    expect(row).to_contain_text("firing")
    row.get_by_role("button").click()
    drawer = page.get_by_role("dialog").filter(has_text=f"{name} fails")
    expect(drawer).to_contain_text(f"model={name.lower()}")
    drawer.get_by_role("button", name="Silence").click()
    dialog = page.get_by_role("dialog").filter(has_text="New silence")
    expect(dialog.get_by_label("Value 1")).to_have_value(name)
    expect(dialog.get_by_role("status")).to_contain_text("1 alert that fires now fits")
    dialog.get_by_label("Value 1").fill("*")
    dialog.get_by_role("button", name="Take label 2 away").click()
    expect(dialog.get_by_role("status")).to_contain_text("nearly everything")
    expect(dialog.get_by_role("button", name="Silence", exact=True)).to_be_disabled()
    dialog.get_by_label("Value 1").fill(f"{name[:8]}*")
    dialog.get_by_label("Reason").fill("planned move")
    dialog.get_by_role("button", name="Silence", exact=True).click()
    expect(drawer).to_contain_text("planned move")
    expect(drawer).to_contain_text("silenced")
    drawer.get_by_role("button", name="Close").click()
    expect(row).to_contain_text("silenced")

    page.get_by_role("tab", name="Silences").click()
    silence = page.get_by_role("row").filter(has_text=f"alertname={name[:8]}*")
    silence.get_by_role("button", name="End now").click()
    page.get_by_role("alertdialog").get_by_role("button", name="End now").click()
    expect(silence).to_have_count(0)
    page.get_by_role("checkbox", name="Those that are over as well").check()
    expect(silence).to_contain_text("over")

    report(visitor, name, status="resolved")
    page.get_by_role("tab", name="Alerts").click()
    page.get_by_role("combobox", name="State").select_option("resolved")
    expect(page).to_have_url(re.compile("stage=resolved"))
    expect(row).to_contain_text("over")


def test_a_channel_keeps_its_keys_and_says_what_came_of_a_test(visit: Visit) -> None:
    page = visit("/alerts?section=channels").page
    name, secret = f"ops-{secrets.token_hex(3)}", f"whsec-{secrets.token_hex(12)}"
    page.get_by_role("button", name="New channel").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Kind").select_option("email")
    expect(dialog.get_by_label("Mail server")).to_be_visible()
    dialog.get_by_label("Kind").select_option("webhook")
    dialog.get_by_label("Name").fill(name)
    # Port 1 answers nobody.
    dialog.get_by_label("Address").fill("http://127.0.0.1:1/hook")
    dialog.get_by_label("Signing secret").fill(secret)
    dialog.get_by_label("Severity").select_option("critical")
    dialog.get_by_role("button", name="Save").click()
    drawer = page.get_by_role("dialog").filter(has_text=name)
    expect(drawer).to_contain_text("critical only")
    drawer.get_by_role("button", name="Send a test message").click()
    expect(drawer.locator("[data-tested=refused]")).to_be_visible()
    assert secret not in page.content()

    drawer.get_by_role("button", name="Edit").click()
    dialog = page.get_by_role("dialog").filter(has_text="sealed at once")
    expect(dialog.get_by_label("Signing secret")).to_have_value("")
    dialog.get_by_label("Severity").select_option("warning")
    dialog.get_by_role("button", name="Save").click()
    expect(drawer).to_contain_text("warnings and worse")
    drawer.get_by_role("button", name="Remove").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Remove").click()
    expect(page.get_by_role("row").filter(has_text=name)).to_have_count(0)


def test_a_developer_sees_no_alerts_and_is_told_why(
    platform: Platform, browser: Browser, colleague: dict[str, Any]
) -> None:
    with Visitor(browser, platform, state=colleague["state"]) as mary:
        mary.go("/alerts")
        navigation = mary.page.get_by_role("navigation", name="Navigation")
        expect(navigation.get_by_role("link", name="Alerts")).to_have_count(0)
        reason = mary.page.locator("[data-missing='alert:read']")
        expect(reason.first).to_contain_text("alert:read")
