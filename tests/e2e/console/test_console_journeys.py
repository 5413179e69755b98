"""What people come to the console for, on the real platform with the real local model."""

import itertools
import re
from collections.abc import Callable
from typing import Any

import openai
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.console.visitor import EMAIL, NAME, PASSWORD, Visit, Visitor
from tests.fixtures.platform import CHAT_MODEL, Platform

pytestmark = [pytest.mark.xdist_group("console"), pytest.mark.timeout(240)]

_ANSWER_MS = 60_000
_numbers = itertools.count(1)


def client(platform: Platform, key: str) -> openai.OpenAI:
    """Return the official client, pointed at the gateway."""
    return platform.openai().with_options(api_key=key)


def new_project(visitor: Visitor) -> dict[str, Any]:
    """Create a project in which nothing has happened yet."""
    organization = visitor.call("GET", "/sessions/current")["organizations"][0]
    return visitor.call(
        "POST",
        f"/organizations/{organization['id']}/projects",
        {"name": f"Journey {next(_numbers)}"},
    )


def test_the_one_time_link_makes_an_administrator_and_works_once(
    platform: Platform, browser: Browser, administrator: dict[str, Any]
) -> None:
    assert not (platform.home / "setup-link").exists()
    with Visitor(browser, platform) as late:
        late.page.goto(administrator["link"])
        expect(late.page.get_by_role("heading", level=1)).to_have_text(
            "This platform is already set up"
        )
        late.page.get_by_role("link", name="Sign in").click()
        expect(late.page.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_the_checklist_ticks_by_itself_when_a_program_gets_its_first_answer(
    platform: Platform, visit: Visit
) -> None:
    visitor = visit("/")
    project = new_project(visitor)
    key = visitor.call("POST", f"/projects/{project['id']}/keys", {"name": "program"})["secret"]
    visitor.go(f"/?project={project['id']}")
    visitor.see_live()
    page = visitor.page
    steps = {name: page.locator(f"[data-step={name}]") for name in ("parts", "model", "request")}
    expect(steps["parts"]).to_have_attribute("data-done", "true")
    expect(steps["model"]).to_have_attribute("data-done", "true")
    expect(steps["request"]).to_have_attribute("data-done", "false")
    expect(page.get_by_text(f"{platform.state().gateway_url}/v1/chat/completions")).to_be_visible()
    expect(page.get_by_text("No request yet")).to_be_visible()

    answer = client(platform, key).chat.completions.create(
        model=CHAT_MODEL, messages=[{"role": "user", "content": "Say hi."}], max_tokens=8
    )
    assert answer.choices[0].message.content

    expect(steps["request"]).to_have_attribute("data-done", "true")
    expect(page.get_by_role("heading", name="Your first answer is in")).to_be_visible()
    row = page.get_by_role("row").filter(has_text=CHAT_MODEL)
    expect(row).to_contain_text("200")
    expect(row).to_contain_text("program")
    expect(page.get_by_role("heading", name="Requests", exact=True).locator("..")).to_contain_text(
        "1none failed"
    )

    page.reload()
    page.get_by_role("heading", name="Connect").wait_for()
    expect(page.get_by_role("heading", name="Your first answer")).to_have_count(0)


def test_the_playground_streams_a_real_answer_with_its_figures(visit: Visit) -> None:
    page = visit(f"/playground?model={CHAT_MODEL}").page
    page.get_by_label("Longest answer").fill("48")
    page.get_by_role("textbox", name="Message").fill("Name three colours.")
    page.keyboard.press("Enter")
    answer = page.locator("[data-answer]")
    expect(answer).to_have_text(re.compile(r"\w"), timeout=_ANSWER_MS)
    expect(page.locator("[data-turn=done]")).to_be_visible(timeout=_ANSWER_MS)
    for metric in ("ttft", "speed", "total", "usage"):
        expect(page.locator(f"[data-metric={metric}] dd")).to_have_text(re.compile(r"\d"))

    page.get_by_role("button", name="View code").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("from openai import OpenAI")
    expect(dialog).to_contain_text("Name three colours.")
    dialog.get_by_role("tab", name="curl").click()
    expect(dialog).to_contain_text('"max_tokens": 48')


def test_models_answer_side_by_side_with_what_it_costs(visit: Visit) -> None:
    visitor = visit("/")
    real = next(one for one in visitor.call("GET", "/models")["items"] if one["name"] == CHAT_MODEL)
    twin = visitor.call(
        "POST",
        "/models",
        {
            "name": f"twin-{next(_numbers)}",
            "tasks": ["chat"],
            "targets": [
                {key: real["targets"][0][key] for key in ("upstream_id", "upstream_model")}
            ],
            "price": {"input": "1000", "output": "2000"},
        },
    )
    visitor.go(f"/playground?model={CHAT_MODEL}&beside={twin['name']}")
    page = visitor.page
    page.get_by_label("Longest answer").fill("8")
    page.get_by_role("textbox", name="Message").fill("Name a colour.")
    page.keyboard.press("Enter")
    for name in (CHAT_MODEL, twin["name"]):
        column = page.locator(f"[data-column='{name}']")
        expect(column.locator("[data-turn=done]")).to_be_visible(timeout=_ANSWER_MS)
        expect(column.locator("[data-metric=total] dd")).to_have_text(re.compile(r"\d"))
    cost = page.locator(f"[data-column='{twin['name']}'] [data-metric=cost] dd")
    expect(cost).to_have_text(re.compile(r"\$0\.\d+"))
    expect(page.locator(f"[data-column='{CHAT_MODEL}'] [data-metric=cost]")).to_have_count(0)

    page.get_by_text("JSON schema of the answer", exact=True).first.click()
    schema = page.get_by_role("textbox", name="JSON schema of the answer")
    schema.fill("{")
    expect(page.get_by_text("This is not valid JSON.")).to_be_visible()
    schema.fill('{"type": "object"}')
    page.get_by_role("button", name="View code").click()
    expect(page.get_by_role("dialog")).to_contain_text('response_format={"type": "json_schema"')
    page.keyboard.press("Escape")
    page.get_by_role("button", name=f"Take {twin['name']} out").click()
    expect(page.locator("[data-column]")).to_have_count(1)
    visitor.call("DELETE", f"/models/{twin['id']}")


def test_a_running_answer_can_be_stopped(visit: Visit) -> None:
    page = visit("/playground").page
    page.get_by_label("Longest answer").fill("2000")
    page.get_by_role("textbox", name="Message").fill("Write a very long story about a clock.")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator("[data-answer]")).to_have_text(re.compile(r"\w"), timeout=_ANSWER_MS)
    page.get_by_role("button", name="Stop").click()
    expect(page.locator("[data-turn=stopped]")).to_contain_text("stopped by you")
    expect(page.get_by_role("button", name="Send", exact=True)).to_be_visible()


def test_a_key_is_shown_once_works_and_ends_when_it_is_revoked(
    platform: Platform, visit: Visit
) -> None:
    page = visit("/keys").page
    page.get_by_role("button", name="Create key").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("Billing service")
    dialog.get_by_label("Expires").select_option("90")
    dialog.get_by_role("button", name="Create key").click()
    secret = dialog.locator("[data-secret]").inner_text()
    assert re.fullmatch(r"msk-[\w-]{43}", secret)
    page.keyboard.press("Escape")
    expect(dialog).to_be_visible()
    dialog.get_by_role("button", name="I have saved it").click()
    expect(dialog).to_have_count(0)

    row = page.get_by_role("row").filter(has_text="Billing service")
    expect(row).to_contain_text("Active")
    page.reload()
    expect(row).to_contain_text("Active")
    assert secret not in page.content()

    models = client(platform, secret).models.list()
    assert CHAT_MODEL in {model.id for model in models}

    row.get_by_role("button").first.click()
    expect(page).to_have_url(re.compile("key=key_"))
    page.get_by_role("button", name="Edit", exact=True).click()
    dialog.get_by_text("Limits and budget").click()
    dialog.get_by_label("Requests per minute").fill("613")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.locator("dl").filter(has_text="Requests per minute")).to_contain_text("613")
    dialog.get_by_role("button", name="Close").click()

    row.get_by_role("button", name="Revoke Billing service").click()
    confirm = page.get_by_role("alertdialog")
    expect(confirm).to_contain_text("This cannot be undone")
    confirm.get_by_role("button", name="Revoke key").click()
    expect(row).to_contain_text("Revoked")
    expect(page.get_by_text("“Billing service” was revoked", exact=True)).to_be_visible()

    def refused() -> bool:
        try:
            client(platform, secret).models.list()
        except openai.AuthenticationError:
            return True
        return False

    wait_for(page, refused)


def wait_for(page: Page, condition: Callable[[], bool], *, tries: int = 50) -> None:
    """Ask again until it holds; the page's events go on meanwhile."""
    for _ in range(tries):
        if condition():
            return
        page.wait_for_timeout(100)
    pytest.fail("it did not happen within 5 seconds")


def test_language_and_theme_change_at_once_and_stay(visit: Visit) -> None:
    page = visit("/keys").page
    page.get_by_role("button", name="Language").click()
    page.get_by_role("menuitemradio", name="中文").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("API 密钥")
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
    page.get_by_role("button", name="主题").click()
    page.get_by_role("menuitemradio", name="深色").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")

    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("API 密钥")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_a_browser_in_chinese_is_greeted_in_chinese(visit: Visit) -> None:
    page = visit("/", language="zh").page
    expect(page.get_by_role("heading", level=1)).to_have_text("首页")


def test_an_ended_session_leads_back_to_where_one_was(
    platform: Platform, browser: Browser, administrator: dict[str, Any]
) -> None:
    with Visitor(browser, platform) as visitor:
        page = visitor.page
        visitor.go("/models?q=smol")
        expect(page).to_have_url(re.compile(r"/login\?next="))
        page.get_by_label("Email").fill(EMAIL)
        page.get_by_label("Password").fill("a wrong password")
        visitor.refusals.add(401)
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("alert")).to_contain_text("The email address or the password")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        expect(page).to_have_url(re.compile(r"/models\?q=smol$"))
        expect(page.get_by_role("heading", name=CHAT_MODEL)).to_be_visible()

        page.get_by_role("link", name="Playground").first.click()
        page.get_by_role("textbox", name="Message").fill("half a thought")
        visitor.call("DELETE", "/sessions/current")
        expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
        page.get_by_label("Email").fill(EMAIL)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("textbox", name="Message")).to_have_value("half a thought")

        page.get_by_role("button", name="Account").click()
        expect(page.get_by_role("menu")).to_contain_text(NAME)
        page.get_by_role("menuitem", name="Sign out").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
        page.go_back()
        expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_the_palette_finds_pages_models_and_actions_without_a_mouse(visit: Visit) -> None:
    page = visit("/").page
    page.keyboard.press("Control+k")
    box = page.get_by_role("dialog").get_by_role("combobox")
    expect(box).to_be_focused()
    box.fill("smol")
    # Keys may be called like a model; models come first.
    expect(page.get_by_role("option", name=CHAT_MODEL).first).to_be_visible()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(rf"/playground\?model={CHAT_MODEL}"))

    page.keyboard.press("Control+k")
    box.fill("dark")
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")

    page.keyboard.press("Control+k")
    box.fill("中文")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("试验场")

    page.keyboard.press("Control+k")
    box.fill("keys")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("API 密钥")


def test_the_keyboard_reaches_the_content_and_shows_where_it_is(visit: Visit) -> None:
    page = visit("/models").page
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"


def test_a_new_project_is_made_and_chosen_from_the_switcher(visit: Visit) -> None:
    page = visit("/keys").page
    switcher = page.get_by_role("button", name="Project")
    switcher.click()
    page.get_by_role("menuitem", name="New project").click()
    page.get_by_role("dialog").get_by_label("Name").fill("客服 Customer care")
    page.get_by_role("button", name="Create project").click()
    expect(switcher).to_contain_text("客服 Customer care")
    expect(page.get_by_text("No key in this project yet")).to_be_visible()
    expect(page).to_have_url(re.compile(r"project=prj_"))
    page.get_by_role("link", name="Models").click()
    expect(page).to_have_url(re.compile(r"/models\?project=prj_"))


def test_a_page_that_loses_the_platform_says_so_and_recovers(visit: Visit) -> None:
    visitor = visit("/")
    visitor.see_live()
    visitor.context.set_offline(True)
    visitor.page.evaluate("window.stop()")
    expect(visitor.page.locator("[data-live=offline]")).to_be_attached()
    visitor.context.set_offline(False)
    visitor.see_live()


def test_an_unknown_address_leads_home(visit: Visit) -> None:
    page = visit("/nowhere/at/all").page
    expect(page.get_by_role("heading", level=1)).to_have_text("There is no such page")
    page.get_by_role("link", name="Go home").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Home")
