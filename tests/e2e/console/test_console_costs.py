"""Usage and cost: split by anything, looked into, and taken along as files."""

import csv
import io
import re
import secrets
from datetime import timedelta

import httpx
import msgspec
import pytest
from playwright.sync_api import Page, expect

from mainspring.kernel.clock import SystemClock
from mainspring.wire.tallies import ModelTally, TallyReport, TallyWindow
from tests.e2e.console.visitor import Visit
from tests.fixtures.control import batch_of, usage_record
from tests.fixtures.platform import CHAT_MODEL, EMBEDDING_MODEL, Platform, eventually

pytestmark = [pytest.mark.xdist_group("console"), pytest.mark.timeout(240)]


def exported(page: Page, kind: str) -> list[dict[str, str]]:
    """Return the lines of the file that the page offers under ``kind``."""
    page.get_by_role("button", name="Export").click()
    with page.expect_download() as download:
        page.locator(f"[data-export={kind}]").click()
    return list(csv.DictReader(io.StringIO(download.value.path().read_text("utf-8"))))


def deliver(platform: Platform, what: str, content: bytes) -> None:
    """Tell control of calls, as a gateway does."""
    token = (platform.home / "secrets" / "internal.token").read_text("utf-8").strip()
    httpx.post(
        f"{platform.state().control_url}/internal/v1/{what}",
        content=content,
        headers={"Authorization": f"Bearer {token}"},
        trust_env=False,
    ).raise_for_status()


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


def test_a_month_is_forecast_in_the_figures_of_the_api(platform: Platform, visit: Visit) -> None:
    visitor = visit("/")
    organization = visitor.call("GET", "/sessions/current")["organizations"][0]
    project = visitor.call(
        "POST",
        f"/organizations/{organization['id']}/projects",
        {"name": f"Foreseen {secrets.token_hex(3)}"},
    )
    midnight = SystemClock().now().replace(hour=0, minute=0, second=0, microsecond=0)
    days = [midnight - timedelta(days=each) for each in range(1, 43)]
    wild = days[2]
    deliver(
        platform,
        "records",
        batch_of(
            *(
                usage_record(
                    organization["id"],
                    project["id"],
                    at_ms=round((day + timedelta(hours=1)).timestamp() * 1000),
                    cost_nanos=(90 if day == wild else 2 + day.weekday()) * 10**9,
                    currency="USD",
                )
                for day in days
            )
        ),
    )
    told = visitor.call("GET", f"/costs/forecast?project_id={project['id']}")
    [dollars] = told["currencies"]
    assert len(dollars["days"]) == 28

    visitor.go(f"/usage?report=forecast&project={project['id']}")
    card = visitor.page.locator("[data-currency=USD]")
    amounts = {name: f"${dollars[name] / 1e9:,.2f}" for name in ("so_far", "expected", "low")}
    for name in ("so_far", "expected", "low"):
        expect(card.locator("dl")).to_contain_text(amounts[name])
    bars = card.locator("[data-day]")
    shown = bars.evaluate_all(
        "all => all.map(one => [one.dataset.day, one.querySelector('[data-cost]').offsetHeight"
        " / one.offsetHeight, one.dataset.unlike ?? null])"
    )
    top = max(max(day["cost"], day["expected"] or 0) for day in dollars["days"])
    assert [(day, unlike) for day, _, unlike in shown] == [
        (day["start"], day["unlike"]) for day in dollars["days"]
    ]
    assert [height for _, height, _ in shown] == pytest.approx(
        [day["cost"] / top for day in dollars["days"]], abs=0.01
    )
    unusual = card.get_by_role("listitem")
    expect(unusual).to_have_count(1)
    expect(unusual).to_contain_text(f"{wild:%b} {wild.day}")
    expect(unusual).to_contain_text("90.00")


def test_the_platforms_gpus_idle_things_and_ledger_have_pages(
    platform: Platform, visit: Visit
) -> None:
    visitor = visit("/usage?report=gpus")
    page = visitor.page
    upstream = visitor.call("GET", "/upstreams")["items"][0]
    name = f"pool {secrets.token_hex(3)}"
    page.get_by_role("button", name="Add a price").first.click()
    form = page.get_by_role("dialog")
    form.get_by_label("Name").fill(name)
    form.get_by_label("Upstream").select_option(upstream["id"])
    form.get_by_label("Model").fill(f"none-{secrets.token_hex(3)}")
    form.get_by_label("GPU and hour").fill("2.5")
    form.get_by_label("GPUs", exact=True).fill("8")
    form.get_by_role("button", name="Save").click()
    row = page.get_by_role("row").filter(has_text=name)
    expect(row).to_contain_text("2.50")
    expect(row).to_contain_text("holds")

    row.get_by_role("button").click()
    expect(page).to_have_url(re.compile("open=gpr_"))
    [made] = [each for each in visitor.call("GET", "/gpu-prices")["items"] if each["name"] == name]
    assert (made["gpus"], made["hourly_nanos"]) == (8, 2_500_000_000)
    # Somebody else is faster: nothing of theirs is overwritten.
    visitor.refusals.add(412)
    visitor.call("PATCH", f"/gpu-prices/{made['id']}", {"gpus": 16})
    form.get_by_label("GPU and hour").fill("3")
    form.get_by_role("button", name="Save").click()
    expect(form.get_by_role("alert")).to_contain_text("Somebody else changed it")
    form.get_by_role("button", name="Close and look at what it is now").click()
    expect(row).to_contain_text("16")
    row.get_by_role("button").click()
    form.get_by_label("GPU and hour").fill("3")
    form.get_by_role("button", name="Save").click()
    expect(row).to_contain_text("3.00")
    row.get_by_role("button").click()
    form.get_by_role("button", name="End it now").click()
    page.get_by_role("alertdialog").get_by_role("button", name="End it now").click()
    expect(row).to_contain_text("over")
    row.get_by_role("button").click()
    form.get_by_role("button", name="Remove").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Remove").click()
    expect(row).to_have_count(0)

    page.get_by_role("tab", name="Not used").click()
    page.get_by_label("Without a call for").select_option("7")
    expect(page).to_have_url(re.compile("days=7"))
    expect(page.get_by_role("heading", name="What nobody uses")).to_be_visible()

    hour = SystemClock().now().replace(minute=0, second=0, microsecond=0) - timedelta(hours=3)
    gateway = f"gateway-{secrets.token_hex(3)}"
    report = TallyReport(
        gateway_id=gateway,
        epoch="first",
        earlier_delivered=True,
        windows=[
            TallyWindow(
                since_ms=round(hour.timestamp() * 1000),
                until_ms=round((hour + timedelta(hours=1)).timestamp() * 1000),
                delivered=False,
                models=[ModelTally(CHAT_MODEL, 7, 1234)],
            )
        ],
    )
    deliver(platform, "tallies", msgspec.msgpack.encode(report))
    page.get_by_role("tab", name="Reconciliation").click()
    page.get_by_label("State").select_option("waiting")
    row = page.get_by_role("row").filter(has_text=gateway)
    expect(row).to_contain_text("1,234")
    row.get_by_role("button").click()
    drawer = page.get_by_role("dialog")
    expect(drawer).to_contain_text("its records are still on their way")
    expect(drawer.locator("[data-reconciliation]")).to_contain_text("7 /")
