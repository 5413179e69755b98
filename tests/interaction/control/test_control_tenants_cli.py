"""Organisations, projects and objectives by the command line, against a control that listens."""

import yaml

from tests.fixtures.commands import run, told
from tests.fixtures.control import Served


async def test_tenants_are_made_limited_suspended_and_removed(served: Served) -> None:
    limits = ("--limit", "requests_per_minute=600", "--limit", "budget_per_month=500")
    made = await told(served, "organizations", "create", "Acme", "--slug", "acme", *limits)
    assert made["limits"]["requests_per_minute"] == 600
    assert made["limits"]["budget_per_month"] == 500
    limits = ("--limit", "requests_per_minute=", "--user-limit", "tokens_per_day=1000")
    changed = await told(served, "organizations", "update", "acme", "--name", "Acme AG", *limits)
    assert changed["name"] == "Acme AG"
    assert changed["limits"]["requests_per_minute"] is None
    assert changed["limits"]["budget_per_month"] == 500
    assert changed["user_limits"]["tokens_per_day"] == 1000
    project = await told(served, "projects", "create", "Shop", "-o", "acme")
    assert (await told(served, "projects", "suspend", project["id"]))["suspended"] is True
    _, out, _ = await run(served, "projects", "list", "-o", "acme")
    assert "suspended" in out
    assert (await told(served, "projects", "resume", "shop"))["suspended"] is False
    limited = await told(served, "projects", "update", "shop", "--limit", "max_concurrency=4")
    assert limited["limits"]["max_concurrency"] == 4
    assert (await told(served, "organizations", "suspend", "acme"))["suspended"] is True
    assert (await told(served, "organizations", "resume", "acme"))["suspended"] is False
    every = (await told(served, "organizations", "list"))["items"]
    assert {each["slug"] for each in every} == {"default", "acme"}


async def test_what_is_no_limit_is_told_before_anything_is_changed(served: Served) -> None:
    for wrong, said in (
        (("--limit", "rpm=5"), "requests_per_minute"),
        (("--limit", "tokens_per_day=many"), "'many' is no number"),
        ((), "nothing is to be changed"),
    ):
        status, _, err = await run(served, "organizations", "update", "default", *wrong)
        assert status == 2
        assert said in err


async def test_objectives_are_made_read_and_removed(served: Served) -> None:
    about = ("--indicator", "latency", "--target", "0.99", "--threshold-ms", "1000")
    made = await told(served, "slos", "create", "fast-chat", *about, "--operation", "chat")
    assert made["threshold_ms"] == 1000
    [listed] = (await told(served, "slos", "list"))["items"]
    assert listed["status"]["total"] == 0
    status, out, _ = await run(served, "slos", "list")
    assert status == 0
    assert "99.000% / 30 d" in out
    status, out, _ = await run(served, "slos", "rules")
    assert status == 0
    assert yaml.safe_load(out)["groups"]
    assert (await told(served, "slos", "delete", "fast-chat"))["removed"] is True
    status, _, err = await run(served, "slos", "delete", "fast-chat")
    assert status != 0
    assert "fast-chat" in err
