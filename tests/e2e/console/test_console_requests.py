"""Finding, following and understanding requests, on the real platform with the real local model."""

import re
from typing import Any

import httpx
import pytest
from openai.types.chat import ChatCompletionMessageParam
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.console.visitor import Visit, Visitor
from tests.fixtures.platform import CHAT_MODEL, Platform, eventually

pytestmark = pytest.mark.timeout(240)

_SAMPLED = "00-{trace}-00f067aa0ba902b7-01"
_QUESTION: list[ChatCompletionMessageParam] = [
    {"role": "system", "content": "You are brief."},
    {"role": "user", "content": "Name a colour of the rainbow."},
]


@pytest.fixture(scope="module")
def watched(platform: Platform, administrator: dict[str, Any], browser: Browser) -> dict[str, str]:
    """Make a project that keeps its calls whole, with two of one session in it."""
    with Visitor(browser, platform, state=administrator["state"]) as visitor:
        organization = visitor.call("GET", "/sessions/current")["organizations"][0]
        project = visitor.call(
            "POST",
            f"/organizations/{organization['id']}/projects",
            {"name": "Watched", "capture": {"level": "full"}},
        )
        secret = visitor.call("POST", f"/projects/{project['id']}/keys", {"name": "watcher"})
        client = platform.openai().with_options(api_key=secret["secret"])
        trace = "4bf92f3577b34da6a3ce929d0e0e4736"
        answers = [
            client.chat.completions.with_raw_response.create(
                model=CHAT_MODEL,
                max_tokens=8,
                messages=_QUESTION,
                extra_headers={
                    "X-Session-ID": "rainbow",
                    "traceparent": _SAMPLED.format(trace=trace),
                },
            )
            for _ in range(2)
        ]
        since = visitor.page.evaluate("new Date(Date.now() - 3_600_000).toISOString()")
        listed = f"/calls?since={since}&project_id={project['id']}"
        eventually(
            lambda: len(visitor.call("GET", listed)["items"]) == 2,
            within_s=20,
            what="the calls are kept",
        )

        def traced() -> bool:
            try:
                return bool(visitor.call("GET", f"/traces/{trace}"))
            except httpx.HTTPStatusError as error:
                if error.response.status_code != 404:
                    raise
                return False

        eventually(traced, within_s=30, what="the spans are kept")
        return {
            "project": project["id"],
            "request": answers[-1].headers["x-request-id"],
            "secret": secret["secret"],
            "trace": trace,
        }


def row(page: Page, request: str) -> Locator:
    """Return the line of a request."""
    return page.get_by_role("row").filter(has_text=request)


def test_a_request_is_found_and_read_with_its_decision_and_its_trace(
    visit: Visit, watched: dict[str, str]
) -> None:
    page = visit(f"/requests?project={watched['project']}").page
    page.get_by_label("Search in questions and answers").fill("colour of the rainbow")
    expect(page).to_have_url(re.compile("text=colour"))
    page.get_by_label("Outcome").select_option("false")
    row(page, watched["request"]).get_by_role("button").click()
    drawer = page.get_by_role("dialog")
    expect(drawer.locator("[data-role=system]")).to_contain_text("You are brief.")
    expect(drawer.locator("[data-role=user]")).to_contain_text("Name a colour of the rainbow.")
    expect(drawer.locator("[data-role=assistant]")).to_be_visible()
    drawer.get_by_role("button", name="Good", exact=True).click()
    expect(drawer.get_by_text("feedback: good")).to_be_visible()

    drawer.get_by_role("tab", name="Decision").click()
    expect(drawer.locator("[data-chosen=true]")).to_contain_text("was chosen")
    drawer.get_by_role("tab", name="Trace").click()
    expect(drawer.locator(f"[data-trace='{watched['trace']}'] li")).to_have_count(4)
    expect(page).to_have_url(re.compile(f"request={watched['request']}&tab=trace|tab=trace"))
    page.reload()
    expect(drawer.locator("[data-trace] li").first).to_be_visible()

    drawer.get_by_role("link", name="Open on a page of its own").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Trace")
    page.locator("[data-trace] li").nth(1).get_by_role("button").last.click()
    expect(page.locator("[data-fact='gen_ai.request.model']")).to_contain_text(CHAT_MODEL)


def test_the_list_follows_the_traffic_and_says_the_same_by_program(
    platform: Platform, visit: Visit, watched: dict[str, str]
) -> None:
    visitor = visit(f"/requests?project={watched['project']}&live=true")
    visitor.see_live()
    page = visitor.page
    expect(page.locator("[data-tail=true]")).to_be_visible()
    expect(page.locator("tbody tr[data-index]")).not_to_have_count(0)
    client = platform.openai().with_options(api_key=watched["secret"])
    answer = client.chat.completions.with_raw_response.create(
        model=CHAT_MODEL, max_tokens=4, messages=_QUESTION
    )
    expect(row(page, answer.headers["x-request-id"])).to_be_attached()

    page.get_by_role("button", name="As code").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("/api/v1/calls?since=")
    dialog.get_by_role("tab", name="Command line").click()
    expect(dialog).to_contain_text(f"mainspring calls list --project {watched['project']}")
    dialog.get_by_role("tab", name="Python SDK").click()
    expect(dialog).to_contain_text("client.calls.list(")


def test_the_calls_of_a_session_stand_together(visit: Visit, watched: dict[str, str]) -> None:
    page = visit(f"/sessions?project={watched['project']}").page
    page.get_by_role("row").filter(has_text="rainbow").get_by_role("button").click()
    drawer = page.get_by_role("dialog")
    expect(drawer.locator("[data-call]")).to_have_count(2)
    drawer.get_by_role("link", name="Details").first.click()
    expect(page).to_have_url(re.compile(r"/requests\?.*request=req_"))


def test_a_call_is_made_again_and_becomes_an_item(visit: Visit, watched: dict[str, str]) -> None:
    visitor = visit(f"/requests?project={watched['project']}&request={watched['request']}")
    page = visitor.page
    page.get_by_role("button", name="Replay", exact=True).click()
    dialog = page.get_by_role("dialog", name="Replay this call")
    dialog.get_by_label("Longest answer (tokens)").fill("4")
    dialog.get_by_role("button", name="Replay", exact=True).click()
    both = dialog.locator("[data-replayed] article")
    expect(both).to_have_count(2, timeout=60_000)
    expect(both.last).to_contain_text("→ 4")  # the figures are the ledger's
    assert visitor.violations() == []
    page.keyboard.press("Escape")

    page.get_by_role("button", name="Add to data set").click()
    dialog = page.get_by_role("dialog", name="Add to data set")
    dialog.get_by_label("Name").fill("Rainbows")
    dialog.get_by_role("button", name="Add to data set").click()
    expect(dialog).to_have_count(0)
    visitor.go(f"/datasets?project={watched['project']}")
    page.get_by_role("row").filter(has_text="Rainbows").get_by_role("button").click()
    item = page.get_by_role("dialog").locator("[data-item]")
    expect(item).to_contain_text("Name a colour of the rainbow.")
    assert visitor.violations() == []


def test_the_palette_opens_a_request_by_its_id(visit: Visit, watched: dict[str, str]) -> None:
    page = visit(f"/?project={watched['project']}").page
    page.keyboard.press("Control+k")
    page.get_by_role("dialog").get_by_role("combobox").fill(watched["request"])
    page.keyboard.press("Enter")
    drawer = page.get_by_role("dialog").filter(has_text=watched["request"])
    expect(drawer.locator("[data-role=user]")).to_contain_text("rainbow")


def test_an_answer_of_the_playground_leads_to_its_request(visit: Visit) -> None:
    visitor = visit(f"/playground?model={CHAT_MODEL}")
    visitor.refusals.add(404)  # its line of the ledger follows within moments
    page = visitor.page
    page.get_by_label("Longest answer").fill("8")
    page.get_by_role("textbox", name="Message").fill("Say hi.")
    page.keyboard.press("Enter")
    link = page.locator("[data-request]")
    expect(link).to_be_visible(timeout=60_000)
    request = link.get_attribute("data-request")
    link.click()
    drawer = page.get_by_role("dialog").filter(has_text=str(request))
    drawer.get_by_role("tab", name="Decision").click()
    expect(drawer.locator("[data-decision]")).to_contain_text("Attempt 1", timeout=15_000)
