"""Policies: written, tried on recorded calls, in force, and told with their source."""

import secrets
from typing import Any

import openai
import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.console.visitor import Visit, Visitor
from tests.fixtures.platform import CHAT_MODEL, Platform, eventually

pytestmark = [pytest.mark.xdist_group("console"), pytest.mark.timeout(240)]


def test_a_policy_is_tried_then_holds_and_its_source_is_told(
    platform: Platform, visit: Visit
) -> None:
    visitor = visit("/")
    organization = visitor.call("GET", "/sessions/current")["organizations"][0]
    project = visitor.call(
        "POST",
        f"/organizations/{organization['id']}/projects",
        {"name": f"Governed {secrets.token_hex(3)}", "capture": {"level": "full"}},
    )["id"]
    key = visitor.call("POST", f"/projects/{project}/keys", {"name": "governed"})["secret"]
    client = platform.openai().with_options(api_key=key)

    def ask() -> str:
        answer = client.chat.completions.with_raw_response.create(
            model=CHAT_MODEL, max_tokens=6, messages=[{"role": "user", "content": "Hi."}]
        )
        return str(answer.headers.get("x-mainspring-adjusted-params", ""))

    def is_known() -> bool:
        try:
            return ask() == ""
        except openai.AuthenticationError:
            return False

    eventually(is_known, within_s=10, what="the gateway knows the new key")
    since = visitor.page.evaluate("new Date(Date.now() - 3_600_000).toISOString()")
    eventually(
        lambda: visitor.call("GET", f"/calls?since={since}&project_id={project}")["items"],
        within_s=20,
        what="the call is kept",
    )

    visitor.go(f"/policies?project={project}")
    page = visitor.page
    name = f"short {secrets.token_hex(3)}"
    page.get_by_role("button", name="New policy").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name", exact=True).fill(name)
    dialog.get_by_role("button", name="Add a parameter").click()
    dialog.get_by_label("Parameter", exact=True).fill("max_tokens")
    dialog.get_by_label("At most", exact=True).fill("4")
    dialog.get_by_role("button", name="Try", exact=True).click()
    expect(dialog.locator("[data-read='1']")).to_be_visible()
    expect(dialog.locator("[data-changed=parameters] dd")).to_have_text("1")
    expect(dialog).to_contain_text("6 → 4")
    assert ask() == "", "a dry run changes nothing"
    dialog.get_by_role("button", name="Save").click()
    expect(page.get_by_role("row").filter(has_text=name)).to_contain_text("max_tokens up to 4")
    eventually(lambda: ask() == "max_tokens", within_s=10, what="the policy holds")

    page.get_by_role("tab", name="What holds").click()
    page.get_by_label("Model", exact=True).select_option(CHAT_MODEL)
    holds = page.locator("[data-holds=max_tokens]")
    expect(holds).to_contain_text("lowered to 4")
    expect(holds).to_contain_text(f"Project: {name}")
    page.reload()
    holds.get_by_role("link", name=name).click()
    dialog.get_by_role("button", name="Remove this policy").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Remove").click()
    expect(page.get_by_role("row").filter(has_text=name)).to_have_count(0)


def test_a_developer_reads_what_holds_and_changes_nothing(
    platform: Platform, browser: Browser, colleague: dict[str, Any]
) -> None:
    with Visitor(browser, platform, state=colleague["state"]) as mary:
        page = mary.page
        mary.go("/policies")
        expect(page.locator("[data-holds=capture]")).to_be_visible()
        page.get_by_role("tab", name="Policies").click()
        expect(page.locator("[data-missing='policy:read']").first).to_contain_text("policy:read")
        expect(page.get_by_role("button", name="New policy")).to_have_count(0)
