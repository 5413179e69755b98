"""Two persons and emergencies: what is risky waits, is decided by another, and is seen by all."""

import re
import secrets
from collections.abc import Generator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.console.visitor import Visit, Visitor
from tests.fixtures.platform import Platform

pytestmark = [pytest.mark.xdist_group("console"), pytest.mark.timeout(240)]

_PASSWORD = "slow river past mills 31"
_REASON = "the provider leaks prompts"


@pytest.fixture
def second(
    platform: Platform, browser: Browser, administrator: dict[str, Any]
) -> Generator[Visitor]:
    """Sign in somebody of security; whatever the test switched on is off again afterwards."""
    email = f"grace-{secrets.token_hex(3)}@example.com"
    with Visitor(browser, platform, state=administrator["state"]) as first:
        first.call(
            "POST",
            "/users",
            {
                "email": email,
                "name": "Grace Hopper",
                "password": _PASSWORD,
                "platform_roles": ["security"],
            },
        )
        with Visitor(browser, platform) as visitor:
            page = visitor.page
            page.goto("/login")
            page.get_by_label("Email").fill(email)
            page.get_by_label("Password", exact=True).fill(_PASSWORD)
            page.get_by_role("button", name="Sign in", exact=True).click()
            page.get_by_role("heading", name="Home", exact=True).wait_for()
            yield visitor
            if first.call("GET", "/four-eyes")["enabled"]:
                kept = first.call("PUT", "/four-eyes", {"enabled": False})
                visitor.call("POST", f"/changes/{kept['change_id']}/approval", {})
            for each in visitor.call("GET", "/break-glass")["items"]:
                if each["ended_at"] is None:
                    first.call("POST", f"/break-glass/{each['id']}/end")


def test_what_is_risky_waits_for_a_second_person(visit: Visit, second: Visitor) -> None:
    visitor = visit("/changes?pane=rules")
    page = visitor.page
    organization = visitor.call("GET", "/sessions/current")["organizations"][0]
    name = f"Risky {secrets.token_hex(3)}"
    project = visitor.call("POST", f"/organizations/{organization['id']}/projects", {"name": name})
    page.get_by_label("Operations").fill("update_project:name")
    page.get_by_label("Hold back what is named here").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The rules were saved").first).to_be_visible()
    kept = visitor.call("PATCH", f"/projects/{project['id']}", {"name": f"{name} 2"})["change_id"]

    page.get_by_label("Hold back what is named here").uncheck()
    page.get_by_role("button", name="Save").click()
    asking = page.get_by_role("dialog")
    asking.get_by_label("Why").fill("审批太慢")
    asking.get_by_role("button", name="Send the reason").click()
    expect(asking).to_have_count(0)
    expect(page.locator("[data-pending-change]")).to_contain_text("until a second person agrees")
    page.get_by_role("link", name="See the change").click()
    drawer = page.get_by_role("dialog")
    expect(drawer).to_contain_text("Somebody else has to decide it")
    expect(drawer).to_contain_text("审批太慢")
    expect(drawer.get_by_role("row").filter(has_text="enabled")).to_contain_text("truefalse")

    second.go("/changes")
    hers = second.page
    hers.get_by_role("row").filter(has_text="update_project").get_by_role("button").first.click()
    drawer = hers.get_by_role("dialog").filter(has_text=kept)
    expect(drawer.get_by_role("row").filter(has_text="name")).to_contain_text(f"{name}{name} 2")
    drawer.get_by_role("button", name="Reject").click()
    asking = hers.get_by_role("dialog").filter(has_text="Why not")
    asking.get_by_label("Why not").fill("not this week")
    asking.get_by_role("button", name="Reject").click()
    expect(drawer).to_contain_text("rejected")
    drawer.get_by_role("button", name="Close").click()
    hers.get_by_role("row").filter(has_text="put_four_eyes").get_by_role("button").first.click()
    hers.get_by_role("button", name="Approve").click()
    asking = hers.get_by_role("dialog").filter(has_text="Comment")
    asking.get_by_label("Comment").fill("looked at together")
    asking.get_by_role("button", name="Approve").click()
    expect(hers.get_by_text("Approved and made").first).to_be_visible()
    assert not visitor.call("GET", "/four-eyes")["enabled"]

    visitor.go("/changes?standing=any")
    page.get_by_role("row").filter(has_text="update_project").first.get_by_role("button").click()
    expect(page.get_by_role("dialog")).to_contain_text("not this week")
    assert visitor.call("GET", f"/projects/{project['id']}")["name"] == name


def test_an_emergency_is_seen_by_all_who_may_ended_and_reviewed(
    visit: Visit, second: Visitor
) -> None:
    page = visit("/emergencies").page
    page.get_by_role("button", name="Break the glass").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="Act now")).to_be_disabled()
    dialog.get_by_label("Why").fill(_REASON)
    dialog.get_by_label("For").select_option("15")
    dialog.get_by_role("button", name="Act now").click()
    banner = page.locator("[data-emergency]")
    expect(banner).to_contain_text("You act alone as platform administrator")
    opened = str(banner.get_attribute("data-emergency"))

    second.go("/")
    expect(second.page.locator(f"[data-emergency={opened}]")).to_contain_text(_REASON)
    page.get_by_role("link", name="Home").click()
    banner.get_by_role("link", name="End it").click()
    drawer = page.get_by_role("dialog").filter(has_text=opened)
    drawer.get_by_role("button", name="End it").click()
    page.get_by_role("alertdialog").get_by_role("button", name="End it").click()
    expect(banner).to_have_count(0)
    expect(drawer).to_contain_text("Somebody else reviews it")

    second.go(f"/emergencies?open={opened}")
    drawer = second.page.get_by_role("dialog").filter(has_text=opened)
    drawer.get_by_role("button", name="Review").click()
    asking = second.page.get_by_role("dialog").filter(has_text="Verdict")
    asking.get_by_label("What you found").fill("nobody else was there")
    asking.get_by_role("button", name="Save the review").click()
    expect(drawer).to_contain_text("nobody else was there")
    expect(second.page.locator("[data-emergency]")).to_have_count(0)


def test_a_developer_sees_no_emergencies_and_is_told_why(
    platform: Platform, browser: Browser, colleague: dict[str, Any]
) -> None:
    with Visitor(browser, platform, state=colleague["state"]) as mary:
        mary.go("/emergencies")
        navigation = mary.page.get_by_role("navigation", name="Navigation")
        expect(navigation.get_by_role("link", name=re.compile("Emergencies"))).to_have_count(0)
        reason = mary.page.locator("[data-missing='break_glass:read']")
        expect(reason.first).to_contain_text("break_glass:read")
        mary.go("/changes")
        expect(mary.page.get_by_text("Nothing waits for a second person")).to_be_visible()
