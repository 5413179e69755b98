"""Usage and cost: split by anything, looked into, and taken along as files."""

import csv
import io
import re
import secrets

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.console.visitor import Visit
from tests.fixtures.platform import CHAT_MODEL, EMBEDDING_MODEL, Platform, eventually

pytestmark = [pytest.mark.xdist_group("console"), pytest.mark.timeout(240)]


def exported(page: Page, kind: str) -> list[dict[str, str]]:
    """Return the lines of the file that the page offers under ``kind``."""
    page.get_by_role("button", name="Export").click()
    with page.expect_download() as download:
        page.locator(f"[data-export={kind}]").click()
    return list(csv.DictReader(io.StringIO(download.value.path().read_text("utf-8"))))


def test_costs_are_split_looked_into_and_exported(platform: Platform, visit: Visit) -> None:
    visitor = visit("/")
    organization = visitor.call("GET", "/sessions/current")["organizations"][0]
    name = f"Watched {secrets.token_hex(3)}"
    project = visitor.call("POST", f"/organizations/{organization['id']}/projects", {"name": name})
    keys = {
        key: visitor.call("POST", f"/projects/{project['id']}/keys", {"name": key})["secret"]
        for key in ("indexer", "shop")
    }
    with platform.openai() as client:
        for secret in keys.values():
            client.with_options(api_key=secret).embeddings.create(
                model=EMBEDDING_MODEL, input="a watch"
            )
        client.with_options(api_key=keys["shop"]).chat.completions.create(
            model=CHAT_MODEL, max_tokens=2, messages=[{"role": "user", "content": "Hi."}]
        )
    costs = f"/costs?project_id={project['id']}"
    eventually(
        lambda: visitor.call("GET", costs)["totals"]["requests"] == 3,
        within_s=20,
        what="the calls are in the ledger",
    )

    visitor.go(f"/usage?project={project['id']}")
    page = visitor.page
    expect(page.get_by_role("button", name="Requests 3")).to_be_visible()
    page.get_by_role("button", name="Key", exact=True).click()
    expect(page.get_by_role("heading", name="3 groups")).to_be_visible()
    lines = exported(page, "table")
    assert sorted((line["model"], line["requests"]) for line in lines) == sorted(
        [(EMBEDDING_MODEL, "1"), (EMBEDDING_MODEL, "1"), (CHAT_MODEL, "1")]
    )
    assert {line["start"] for line in exported(page, "course")} != {""}
    assert {line["SubAccountId"] for line in exported(page, "focus")} <= {project["id"]}

    page.get_by_role("button", name="Model", exact=True).click()
    page.get_by_role("row").filter(has_text="shop").get_by_role("button").click()
    expect(page.locator("[data-narrowed=key]")).to_contain_text("shop")
    expect(page.get_by_role("button", name="Requests 2")).to_be_visible()
    expect(page.get_by_role("row").filter(has_text=CHAT_MODEL)).to_be_visible()
    page.reload()
    page.locator("[data-narrowed=key]").click()
    expect(page.get_by_role("button", name="Requests 3")).to_be_visible()

    page.get_by_label("Whose calls").select_option("organization")
    page.get_by_role("button", name="Project", exact=True).click()
    expect(page.get_by_role("row").filter(has_text=name).first).to_be_visible()
    page.go_back()
    expect(page.locator("[data-narrowed=key]")).to_have_count(0)

    page.get_by_role("tab", name="Chargeback").click()
    page.get_by_label("Month").select_option(index=0)
    expect(page.get_by_role("row").filter(has_text=name)).to_contain_text("3")
    expect(page.get_by_text("The month is not over")).to_be_visible()
    with page.expect_download() as download:
        page.locator("[data-file=csv]").click()
    charged = list(csv.DictReader(io.StringIO(download.value.path().read_text("utf-8"))))
    assert sum(int(line["requests"]) for line in charged if line["project"] == name) == 3
    for kind, head in (("pdf", b"%PDF"), ("xlsx", b"PK")):
        with page.expect_download() as download:
            page.locator(f"[data-file={kind}]").click()
        assert download.value.path().read_bytes().startswith(head)
    page.get_by_role("tab", name="Forecast").click()
    expect(page).to_have_url(re.compile("report=forecast"))
    expect(page.get_by_text("Nothing has a cost yet")).to_be_visible()
