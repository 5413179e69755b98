"""Keys, people, accounts and the audit trail: who may do what, and what was done."""

import csv
import re
import secrets
from statistics import median
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Route, expect
from pyotp.totp import TOTP

from tests.e2e.console.visitor import Visit, Visitor
from tests.fixtures.platform import Platform

pytestmark = pytest.mark.timeout(240)

_PASSWORD = "brass lantern over river 77"

_FEW = 500
_MANY = 10_000
"""Events of a long trail: those of the first answer, and all."""


def test_a_key_has_limits_is_set_up_for_tools_and_is_rotated(visit: Visit) -> None:
    page = visit("/keys?create=true").page
    name = f"nightly {secrets.token_hex(3)}"
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill(name)
    dialog.get_by_text("Limits and budget").click()
    dialog.get_by_label("Requests per minute").fill("30")
    dialog.get_by_label("Budget per day").fill("2.5")
    dialog.get_by_role("button", name="Create key").click()
    first = dialog.locator("[data-secret]").inner_text()
    for tool, words in {
        "claude-code": "ANTHROPIC_AUTH_TOKEN",
        "langchain": "ChatOpenAI",
        "cursor": "Override OpenAI Base URL",
    }.items():
        dialog.get_by_label("Tool", exact=True).select_option(tool)
        expect(dialog).to_contain_text(words)
    dialog.get_by_role("button", name="I have saved it").click()

    page.get_by_role("button", name=name, exact=False).first.click()
    drawer = page.get_by_role("dialog").filter(has_text=name)
    expect(drawer).to_contain_text("Requests per minute30")
    expect(drawer).to_contain_text("$2.50")
    assert first not in page.content()
    drawer.get_by_role("button", name="Rotate").click()
    rotating = page.get_by_role("dialog").filter(has_text="a while both work")
    rotating.get_by_label("The old key ends").select_option("1")
    rotating.get_by_role("button", name="Make the new key").click()
    second = page.locator("[data-secret]").inner_text()
    assert re.fullmatch(r"msk-[\w-]{43}", second)
    assert second != first
    page.get_by_role("button", name="I have saved it").click()


@pytest.fixture
def newcomer(
    platform: Platform, browser: Browser, administrator: dict[str, Any], visit: Visit
) -> dict[str, Any]:
    """Invite somebody as a viewer of the first project, who accepts by the link."""
    del administrator
    page = visit("/people?view=invitations").page
    email = f"grace-{secrets.token_hex(4)}@example.com"
    page.get_by_role("button", name="Invite somebody").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Email").fill(email)
    dialog.get_by_label("Role in the project").select_option("viewer")
    dialog.get_by_role("button", name="Make the link").click()
    link = dialog.locator("[data-secret]").inner_text()
    dialog.get_by_role("button", name="I have passed it on").click()
    expect(page.get_by_role("row").filter(has_text=email)).to_contain_text("Open")

    with Visitor(browser, platform) as visitor:
        visitor.page.goto(link)
        expect(visitor.page.get_by_role("heading", level=1)).to_contain_text("Join")
        assert "token" not in visitor.page.url, "the one-time token stays in no history"
        visitor.page.get_by_label("Your name").fill("Grace Hopper")
        visitor.page.get_by_label("Password", exact=True).fill(_PASSWORD)
        visitor.page.get_by_role("button", name="Create account and join").click()
        visitor.page.get_by_role("heading", name="Home", exact=True).wait_for()
        state = visitor.context.storage_state()
    return {"email": email, "link": link, "state": state}


def test_whoever_is_invited_sees_what_the_role_allows_and_why_not_more(
    platform: Platform, browser: Browser, visit: Visit, newcomer: dict[str, Any]
) -> None:
    with Visitor(browser, platform, state=newcomer["state"]) as grace:
        page = grace.page
        grace.go("/keys")
        navigation = page.get_by_role("navigation", name="Navigation")
        expect(navigation.get_by_role("link", name="API keys")).to_be_visible()
        expect(navigation.get_by_role("link", name="Audit")).to_have_count(0)
        page.locator("[data-missing='key:write']").first.click()
        reason = page.get_by_role("dialog")
        expect(reason).to_contain_text("key:write")
        expect(reason).to_contain_text("viewer")
        expect(reason).to_contain_text("developer")
        reason.get_by_role("button", name="Close").first.click()
        grace.go("/audit")
        expect(page.get_by_role("heading", name="You may not do that here")).to_have_count(0)
        expect(page.locator("[data-missing='audit:read']").first).to_be_visible()

        grace.refusals.add(401)  # a link that was used is refused
        page.goto(newcomer["link"])
        expect(page.get_by_role("heading", level=1)).to_have_text("This link does not work")

    page = visit("/people").page
    row = page.get_by_role("row").filter(has_text=newcomer["email"])
    row.get_by_label("Role of Grace Hopper").select_option("developer")
    expect(page.get_by_text("Grace Hopper has a new role", exact=True)).to_be_visible()
    page.get_by_role("tab", name="Explain access").click()
    page.get_by_label("Who", exact=True).select_option(label=f"Grace Hopper ({newcomer['email']})")
    page.get_by_label("What", exact=True).select_option("key:write")
    expect(page.locator("[data-allowed=true]")).to_contain_text("developer")
    page.get_by_label("What", exact=True).select_option("upstream:write")
    expect(page.locator("[data-allowed=false]")).to_be_visible()

    page.get_by_role("tab", name="Groups").click()
    group = f"Group {secrets.token_hex(3)}"
    page.get_by_role("button", name="New group").first.click()
    page.get_by_role("dialog").get_by_label("Name").fill(group)
    page.get_by_role("dialog").get_by_role("button", name="New group").click()
    drawer = page.get_by_role("dialog").filter(has_text="the whole organisation")
    drawer.get_by_role("button", name="Add role").click()
    expect(drawer.get_by_role("button", name="Take away viewer")).to_be_visible()


def test_an_account_gets_a_second_factor_a_token_and_a_new_password(
    platform: Platform, browser: Browser, newcomer: dict[str, Any]
) -> None:
    with Visitor(browser, platform, state=newcomer["state"]) as grace:
        page = grace.page
        grace.go("/account")
        expect(page.locator("[data-session=current]")).to_have_count(1)
        page.get_by_role("button", name="Set up").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_label("Password").fill(_PASSWORD)
        dialog.get_by_role("button", name="Go on").click()
        app = TOTP(dialog.locator("[data-secret]").inner_text())
        dialog.get_by_label("Code", exact=True).fill(app.now())
        dialog.get_by_role("button", name="Switch on").click()
        codes = dialog.get_by_role("group").inner_text().split()
        assert len(codes) >= 8
        dialog.get_by_role("button", name="I have saved it").click()
        expect(page.get_by_role("button", name="Remove second factor")).to_be_visible()

        page.get_by_role("button", name="New token").click()
        dialog.get_by_label("Name").fill("laptop")
        dialog.get_by_role("button", name="New token").click()
        expect(dialog.locator("[data-secret]")).to_have_text(re.compile(r"\S{20,}"))
        dialog.get_by_role("button", name="I have saved it").click()
        expect(page.get_by_text("laptop", exact=True)).to_be_visible()

    with Visitor(browser, platform) as again:
        again.refusals.add(401)
        again.go("/login")
        again.page.get_by_label("Email").fill(newcomer["email"])
        again.page.get_by_label("Password").fill(_PASSWORD)
        again.page.get_by_role("button", name="Sign in").click()
        again.page.get_by_label("Code of your app").fill(codes[0])
        again.page.get_by_role("button", name="Sign in").click()
        again.page.get_by_role("heading", name="Home", exact=True).wait_for()


def test_the_audit_trail_tells_what_was_changed_and_is_whole(visit: Visit) -> None:
    visitor = visit("/")
    organization = visitor.call("GET", "/sessions/current")["organizations"][0]
    project = visitor.call(
        "POST",
        f"/organizations/{organization['id']}/projects",
        {"name": f"Audited {secrets.token_hex(3)}"},
    )
    visitor.call("PATCH", f"/projects/{project['id']}", {"limits": {"requests_per_minute": 7}})
    visitor.go(f"/audit?object={project['id']}")
    page = visitor.page
    expect(page.locator("tbody tr[data-index]")).to_have_count(2)
    page.get_by_role("button", name="project.update").click()
    drawer = page.get_by_role("dialog")
    expect(drawer).to_contain_text("Ada Lovelace")
    expect(drawer.get_by_role("row").filter(has_text="limits.requests_per_minute")).to_contain_text(
        "7"
    )
    drawer.get_by_role("button", name="Close").click()

    page.get_by_role("button", name="Verify").click()
    expect(page.locator("[data-intact=true]")).to_be_visible()
    page.get_by_role("dialog").get_by_role("button", name="Close").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    with download.value.path().open(newline="", encoding="utf-8") as file:
        exported = [each["object_id"] for each in csv.DictReader(file)]
    assert exported == [project["id"]] * 2, "what the filter shows, and nothing else"


def _some_of_many_events(route: Route) -> None:
    """Answer with a page of a trail that would take long to make."""
    asked = parse_qs(urlsplit(route.request.url).query)
    first = int(asked.get("cursor", ["0"])[0])
    last = _MANY if first else _FEW
    events = [
        {
            "org_id": "org_many",
            "seq": _MANY - place,
            "at": "2026-01-31T12:00:00Z",
            "actor_kind": "user",
            "actor_id": f"usr_{place % 97}",
            "on_behalf_of": None,
            "action": "key.update",
            "object_kind": "key",
            "object_id": f"key_{place}",
            "project_id": None,
            "request_id": f"req_{place}",
            "policy_version": None,
            "before": {"name": "before"},
            "after": {"name": "after"},
            "hash": f"{place:064x}",
        }
        for place in range(first, last)
    ]
    route.fulfill(json={"items": events, "next_cursor": str(last) if last < _MANY else None})


_JUMP = """
async (scroller, places) => {
  const frames = []
  let rows = 0, before = await new Promise(requestAnimationFrame)
  for (const place of places) {
    scroller.scrollTop = (scroller.scrollHeight - scroller.clientHeight) * place
    const now = await new Promise(requestAnimationFrame)
    frames.push(now - before)
    before = now
    rows = Math.max(rows, scroller.querySelectorAll('tbody tr[data-index]').length)
  }
  return { frames, rows }
}
"""
"""Goes to places of a table, the whole being 1; tells how long its frames took, in ms."""


def test_ten_thousand_rows_are_scrolled_through_with_some_dozens_in_the_page(
    visit: Visit,
) -> None:
    visitor = visit("/audit")
    page = visitor.page
    page.route("**/api/v1/audit/events?*", _some_of_many_events)
    visitor.go("/audit?range=30d")
    table = page.get_by_role("table")
    scroller = page.get_by_role("group", name="Audit")
    expect(table).to_have_attribute("aria-rowcount", str(_FEW + 1))
    # Never so near to the end that more is asked for, and never a row that was there before.
    few = scroller.evaluate(_JUMP, [place / 10 for place in [1, 3, 5, 7, 8, 6, 4, 2] * 3])
    scroller.evaluate("each => { each.scrollTop = each.scrollHeight }")
    expect(table).to_have_attribute("aria-rowcount", str(_MANY + 1))
    many = scroller.evaluate(_JUMP, [place / 30 for place in range(31)])
    expect(page.locator(f"tr[data-index='{_MANY - 1}']")).to_contain_text(f"key_{_MANY - 1}")
    assert 10 < many["rows"] < 100
    # Set beside few rows on the same machine at the same time: twenty times as many cost no more.
    assert median(many["frames"]) < 3 * median(few["frames"]) + 30, (few, many)
    assert max(many["frames"]) < 2_000, many
