"""Running the platform from the console: upstreams, weights, releases, limits, usage, the API."""

import re
import secrets
from typing import Any

import openai
import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.console.visitor import Visit, Visitor
from tests.fixtures.platform import CHAT_MODEL, Platform

pytestmark = pytest.mark.timeout(240)


@pytest.fixture
def model(platform: Platform, browser: Browser, administrator: dict[str, Any]) -> dict[str, Any]:
    """Make a model of two targets, both of them the real one under its own name."""
    with Visitor(browser, platform, state=administrator["state"]) as visitor:
        real = next(
            one for one in visitor.call("GET", "/models")["items"] if one["name"] == CHAT_MODEL
        )
        target = {key: real["targets"][0][key] for key in ("upstream_id", "upstream_model")}
        return visitor.call(
            "POST",
            "/models",
            {
                "name": f"two-{secrets.token_hex(4)}",
                "tasks": ["chat"],
                "targets": [
                    {**target, "weight": 50},
                    {**target, "weight": 50, "track": "stable", "priority": 0, "region": "eu"},
                ],
            },
        )


def test_an_upstream_keeps_its_key_to_itself_and_says_what_stands_on_it(visit: Visit) -> None:
    visitor = visit("/upstreams")
    page = visitor.page
    expect(page.get_by_role("row").filter(has_text="embedded-llm")).to_contain_text("Ready")
    name, key = f"vendor-{secrets.token_hex(3)}", f"sk-{secrets.token_hex(12)}"
    page.get_by_role("button", name="Add upstream").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Another server").click()
    dialog.get_by_label("Name").fill(name)
    dialog.get_by_label("Address").fill("https://models.example.com")
    dialog.get_by_label("Key", exact=True).fill(key)
    dialog.get_by_role("button", name="Save").click()
    row = page.get_by_role("row").filter(has_text=name)
    expect(row).to_contain_text("kept")
    row.get_by_role("button").click()
    expect(dialog.get_by_label("Key", exact=True)).to_have_value("")
    expect(dialog).to_contain_text("One is kept and is never shown")
    assert key not in page.content()
    dialog.get_by_role("button", name="Remove this upstream").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Remove").click()
    expect(row).to_have_count(0)


def test_a_server_is_added_from_a_preset_tested_and_its_model_offered(visit: Visit) -> None:
    visitor = visit("/upstreams")
    page = visitor.page
    real = next(
        one for one in visitor.call("GET", "/upstreams")["items"] if one["name"] == "embedded-llm"
    )
    name = f"rack-{secrets.token_hex(3)}"
    page.get_by_role("button", name="Add upstream").first.click()
    dialog = page.get_by_role("dialog")
    expect(dialog.locator("[data-preset]")).to_have_count(15)
    dialog.locator("[data-preset=llama-cpp]").click()
    expect(page).to_have_url(re.compile("add=llama-cpp"))
    dialog.get_by_label("Name", exact=True).fill(name)
    # Port 1 answers nobody.
    dialog.get_by_label("host and port").fill("127.0.0.1:1")
    dialog.get_by_role("button", name="Test", exact=True).click()
    expect(dialog.locator("[data-step=connect]")).to_have_attribute("data-outcome", "failed")
    expect(dialog.locator("[data-step=connect]")).to_contain_text("Check that the server runs")

    dialog.get_by_label("host and port").fill(real["base_url"].removeprefix("http://"))
    expect(dialog.locator("[data-address]")).to_have_text(real["base_url"])
    dialog.get_by_role("button", name="Test", exact=True).click()
    expect(dialog.locator("[data-passed=true]")).to_be_visible(timeout=30_000)
    dialog.get_by_role("button", name="Save").click()
    offer = page.get_by_role("dialog").filter(has_text=f"Offer models of {name}")
    expect(offer.get_by_role("checkbox").first).to_be_visible()
    offer.get_by_role("button", name="Cancel").click()

    row = page.get_by_role("row").filter(has_text=name)
    row.get_by_role("button").click()
    dialog.get_by_role("button", name="Test", exact=True).click()
    expect(dialog.locator("[data-passed=true]")).to_be_visible(timeout=30_000)
    dialog.get_by_role("button", name="Remove this upstream").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Remove").click()
    expect(row).to_have_count(0)


def test_weights_are_seen_before_they_are_applied(visit: Visit, model: dict[str, Any]) -> None:
    visitor = visit(f"/models?open={model['id']}")
    page = visitor.page
    shares = page.locator("[data-share]")
    expect(shares).to_have_text(["50%", "50%"])
    page.get_by_role("slider").first.focus()
    for _ in range(3):
        page.keyboard.press("PageDown")
    expect(shares.first).to_have_text(re.compile(r"50% → 29%"))
    expect(page.get_by_text("Nothing has changed yet")).to_be_visible()
    assert visitor.call("GET", f"/models/{model['id']}")["targets"][0]["weight"] == 50
    page.get_by_role("button", name="Apply").click()
    expect(shares.first).to_have_text("29%")
    path = f"/models/{model['id']}"
    assert visitor.call("GET", path)["targets"][0]["weight"] == 20

    # While one writes, somebody else is faster: it is shown, and nothing of theirs is lost.
    page.get_by_role("button", name="Edit", exact=True).click()
    form = page.get_by_role("dialog").filter(has=page.get_by_label("Also called"))
    form.get_by_label("Also called").fill("somebody")
    visitor.refusals.add(412)
    visitor.call("PATCH", path, {"context_length": 4096})
    form.get_by_role("button", name="Save").click()
    expect(form.locator("[data-conflict]")).to_contain_text("4096")
    form.get_by_role("button", name="Begin anew from this").click()
    expect(form.get_by_label("Also called")).to_have_value("")
    form.get_by_label("It has a price").check()
    form.get_by_label("Read", exact=True).fill("0.25")
    form.get_by_role("button", name="Save").click()
    expect(form).to_have_count(0)
    saved = visitor.call("GET", path)
    assert (saved["price"]["input"], saved["context_length"]) == (250_000_000, 4096)


def test_a_version_begins_its_canary_and_is_taken_back(visit: Visit, model: dict[str, Any]) -> None:
    visitor = visit("/")
    upstreams = visitor.call("GET", "/upstreams")["items"]
    real = next(one for one in upstreams if one["id"] == model["targets"][0]["upstream_id"])
    copy = visitor.call(
        "POST",
        "/upstreams",
        {"name": f"copy-{secrets.token_hex(3)}", "base_url": real["base_url"]},
    )
    target = {
        "upstream_id": copy["id"],
        "upstream_model": model["targets"][0]["upstream_model"],
    }
    visitor.call(
        "POST",
        f"/models/{model['id']}/releases",
        {
            "version": "v2",
            "targets": [target],
            "specification": {"licence": "Apache-2.0"},
            "plan": {"steps": [{"weight": 10}, {"weight": 50}]},
        },
    )
    visitor.go(f"/models?open={model['id']}")
    page = visitor.page
    version = page.locator("[data-release=v2]")
    for step, state in (
        ("Verify", "verified"),
        ("Deploy", "candidate"),
        ("Start canary", "canary"),
        ("Next step", "50% of calls"),
    ):
        version.get_by_role("button", name=step).click()
        page.get_by_role("alertdialog").get_by_role("button", name=step).click()
        expect(version).to_contain_text(state)
    watch = page.locator("[data-canary=v2]")
    expect(watch).to_contain_text("0 of 100 calls that this step asks for")
    expect(watch).to_contain_text("waits")
    page.get_by_role("button", name="Roll back").click()
    asking = page.get_by_role("alertdialog")
    asking.get_by_label("Reason").fill("slower than before")
    asking.get_by_role("button", name="Roll back").click()
    expect(version).to_contain_text("rolled back")
    page.get_by_text("What was done so far").click()
    expect(page.get_by_text("slower than before")).to_be_visible()


def test_a_limit_refuses_and_the_refusal_is_seen(platform: Platform, visit: Visit) -> None:
    visitor = visit("/organization")
    organization = visitor.call("GET", "/sessions/current")["organizations"][0]
    name = f"Limited {secrets.token_hex(3)}"
    project = visitor.call("POST", f"/organizations/{organization['id']}/projects", {"name": name})
    visitor.go(f"/organization?project={project['id']}&open={project['id']}")
    page = visitor.page
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Requests per day").first.fill("1")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_have_count(0)
    key = visitor.call("POST", f"/projects/{project['id']}/keys", {"name": "once"})["secret"]
    client = platform.openai().with_options(api_key=key, max_retries=0)

    def ask() -> None:
        client.chat.completions.create(
            model=CHAT_MODEL, max_tokens=4, messages=[{"role": "user", "content": "Hi."}]
        )

    ask()
    with pytest.raises(openai.RateLimitError):
        ask()
    visitor.refusals.add(429)
    visitor.go(f"/playground?project={project['id']}&model={CHAT_MODEL}")
    page.get_by_role("textbox", name="Message").fill("Hi.")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("A rate limit is used up")

    visitor.go(f"/usage?project={project['id']}")
    expect(page.get_by_role("row").filter(has_text=CHAT_MODEL)).to_be_visible()

    visitor.go("/upstreams")
    row = page.get_by_role("row").filter(has_text="embedded-llm")
    expect(row).to_contain_text("closed")
    row.get_by_role("button").click()
    breaker = page.get_by_role("dialog").locator("[data-breaker]").first
    expect(breaker).to_have_attribute("data-circuit", "closed")


def test_the_api_is_read_and_tried_with_ones_own_rights(visit: Visit) -> None:
    page = visit("/explorer?q=get_system_info").page
    page.get_by_role("button", name="GET /system/info").click()
    expect(page.get_by_text("curl 'http://", exact=False)).to_be_visible()
    page.get_by_role("tab", name="Python SDK").click()
    expect(page.get_by_text("client.system.info.get()", exact=False)).to_be_visible()
    page.get_by_role("button", name="Send").click()
    expect(page.locator("[data-answer='200']")).to_contain_text("gateway_url")
    page.get_by_label("Filter operations").fill("delete key")
    page.get_by_role("button", name="DELETE /keys/{key_id}").click()
    expect(page.get_by_text("Calls that change something are not sent from here")).to_be_visible()
    expect(page.get_by_role("button", name="Send")).to_have_count(0)
