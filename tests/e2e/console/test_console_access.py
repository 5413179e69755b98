"""Asking for a model from the catalogue, agreeing to it, using it, and ending it."""

import re
import secrets
from typing import Any

import openai
import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.console.visitor import Visit, Visitor
from tests.fixtures.platform import CHAT_MODEL, EMBEDDING_MODEL, Platform, eventually

pytestmark = [pytest.mark.xdist_group("console"), pytest.mark.timeout(240)]


def test_models_are_narrowed_down_and_set_side_by_side(visit: Visit) -> None:
    page = visit("/catalog").page
    page.get_by_label("Search models").fill("smol")
    expect(page.locator("[data-entry]")).to_have_count(1)
    page.get_by_label(f"Compare {CHAT_MODEL}").check()
    page.get_by_label("Search models").fill("")
    page.get_by_label("Task").select_option("embedding")
    page.get_by_label(f"Compare {EMBEDDING_MODEL}").check()
    page.get_by_role("button", name="Compare", exact=True).click()
    table = page.locator("[data-comparison]")
    expect(table.get_by_role("columnheader", name=CHAT_MODEL)).to_be_visible()
    expect(table.get_by_role("columnheader", name=EMBEDDING_MODEL)).to_be_visible()
    expect(table.locator("[data-field=tasks]")).to_contain_text("Embedding")
    for part in ("task=embedding", "compare=mdl_", "side=true"):
        expect(page).to_have_url(re.compile(part))
    page.reload()
    expect(table.get_by_role("row").nth(1)).to_be_visible()


def test_a_model_is_restricted_granted_and_taken_back(platform: Platform, visit: Visit) -> None:
    visitor = visit("/")
    real = next(one for one in visitor.call("GET", "/models")["items"] if one["name"] == CHAT_MODEL)
    target = {key: real["targets"][0][key] for key in ("upstream_id", "upstream_model")}
    name = f"closed-{secrets.token_hex(4)}"
    model = visitor.call("POST", "/models", {"name": name, "tasks": ["chat"], "targets": [target]})
    visitor.go(f"/models?open={model['id']}")
    page = visitor.page
    section = page.locator("[data-access]")
    section.get_by_role("button", name="Restrict it").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Restrict it").click()
    expect(section).to_have_attribute("data-access", "restricted")
    expect(section).to_contain_text("Nothing is granted")
    section.get_by_role("button", name="Grant a model").click()
    dialog = page.get_by_role("dialog").filter(has_text="To whom")
    expect(dialog.get_by_label("Model")).to_have_value(model["id"])
    dialog.get_by_label("Time").select_option("30")
    dialog.get_by_label("Reason").fill("pilot")
    dialog.get_by_role("button", name="Grant a model").click()
    expect(section.get_by_role("row").filter(has_text="pilot")).to_be_visible()

    visitor.go("/access?view=grants")
    row = page.get_by_role("row").filter(has_text=name)
    expect(row).to_contain_text("pilot")
    client = platform.openai()
    eventually(
        lambda: name in {one.id for one in client.models.list()},
        within_s=10,
        what="the gateway knows the grant",
    )
    row.get_by_role("button", name="Take back").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Take back").click()
    expect(row).to_have_count(0)
    eventually(
        lambda: name not in {one.id for one in client.models.list()},
        within_s=10,
        what="the gateway hides the model",
    )
    visitor.call("DELETE", f"/models/{model['id']}")


def test_access_is_asked_for_agreed_to_used_and_revoked(
    platform: Platform, browser: Browser, visit: Visit, colleague: dict[str, Any]
) -> None:
    ada = visit("/access?view=rules")
    page = ada.page
    rule = f"careful {secrets.token_hex(3)}"
    page.get_by_role("button", name="New rule").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill(rule)
    dialog.get_by_label("Models").fill(CHAT_MODEL)
    dialog.get_by_role("button", name="Add a step").click()
    dialog.get_by_label("Step", exact=True).fill("review")
    dialog.get_by_label("Approvers").fill("role:platform_admin")
    dialog.get_by_role("button", name="Save").click()
    expect(page.locator(f"[data-rule='{rule}']")).to_contain_text(f"models {CHAT_MODEL}")

    with Visitor(browser, platform, state=colleague["state"]) as grace:
        hers = grace.page
        grace.go("/catalog?q=smol")
        hers.get_by_role("button", name=f"Request access to {CHAT_MODEL}").click()
        wish = hers.get_by_role("dialog")
        wish.get_by_label("Purpose").fill("Summaries for the help desk")
        wish.get_by_label("Expected tokens a month").fill("3000000")
        wish.get_by_role("button", name="Request access").click()
        hers.wait_for_url(re.compile(r"/access\?.*open=arq_"))
        drawer = hers.get_by_role("dialog")
        expect(drawer.locator("[data-step=review]")).to_have_attribute("data-standing", "now")
        expect(drawer.get_by_role("button", name="Agree")).to_have_count(0)

        ada.go("/access?view=to_decide")
        page.get_by_role("row").filter(has_text="Summaries for the help desk").click()
        page.get_by_role("button", name="Agree").click()
        page.get_by_role("dialog").last.get_by_label("Comment").fill("fine for the trial")
        page.get_by_role("button", name="Agree").last.click()
        expect(page.locator("[data-standing=agreed]")).to_contain_text("fine for the trial")

        hers.reload()
        hers.get_by_role("button", name="Take the key").click()
        hers.get_by_role("button", name="Make the key").click()
        secret = hers.locator("[data-secret]").inner_text()
        client = platform.openai().with_options(api_key=secret)
        assert [model.id for model in client.models.list()] == [CHAT_MODEL]
        hers.get_by_role("button", name="I have saved it").click()
        expect(hers.get_by_role("button", name="Take a new key")).to_be_visible()

    page.get_by_role("button", name="Revoke").click()
    page.get_by_label("Reason").fill("the trial is over")
    page.get_by_role("button", name="Revoke").last.click()
    expect(page.get_by_role("dialog")).to_contain_text("the trial is over")

    def refused() -> bool:
        try:
            client.models.list()
        except openai.AuthenticationError:
            return True
        return False

    eventually(refused, within_s=10, what="the gateway has dropped the key")
    rules = ada.call("GET", "/access-rules")["items"]
    for each in ada.call("GET", f"/access-rules?org_id={colleague['org']}")["items"]:
        if each["name"] == rule:
            ada.call("DELETE", f"/access-rules/{each['id']}")
    assert rule not in {each["name"] for each in rules}, "it is the organisation's own"
