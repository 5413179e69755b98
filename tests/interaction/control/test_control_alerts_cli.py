"""Alerts, silences and channels by the command line."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import datetime
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner

from mainspring.app.cli.main import build
from mainspring.app.exit_codes import ExitCode
from mainspring.kernel.clock import SystemClock
from tests.fixtures.channels import fires, report
from tests.fixtures.commands import Line
from tests.fixtures.control import Served, control_settings, serving
from tests.fixtures.receivers import receiver

pytestmark = pytest.mark.timeout(120)


@pytest.fixture
async def served(database_dsn: str, tmp_path: Path) -> AsyncGenerator[Served]:
    """Return a listening control role whose channels may lead to this machine."""
    settings = control_settings(
        tmp_path / "home", database_dsn, platform_notification_network="loopback"
    )
    async with serving(settings) as running:
        yield running


async def test_alerts_are_listed_silenced_and_heard_again(served: Served) -> None:
    line = Line(served, "alerts")
    async with httpx.AsyncClient(base_url=served.url, headers=served.admin(), timeout=20) as client:
        await report(client, "/api/v1", fires("DiskFilling", instance="a"))
        [alert] = (await line.told("list"))["items"]
        assert (alert["name"], alert["state"]) == ("DiskFilling", "firing")
        shown = await line.run("list")
        assert "DiskFilling" in shown.stdout
        assert (await line.told("list", "-o", "default"))["items"] == []

        before = SystemClock().now()
        made = await line.told(
            "silence", "instance=a", "severity!=critical", "--for", "2h", "--reason", "known"
        )
        assert made["matchers"] == [
            {"label": "instance", "value": "a", "negated": False},
            {"label": "severity", "value": "critical", "negated": True},
        ]
        lasts = (datetime.fromisoformat(made["until"]) - before).total_seconds()
        assert 7190 < lasts < 7230
        listed = await line.run("silences")
        assert "instance=a, severity!=critical" in listed.stdout
        await line.told("unsilence", made["id"])
        assert (await line.told("silences"))["items"] == []

        await report(client, "/api/v1", fires("DiskFilling", "resolved", instance="a"))
        assert (await line.told("list"))["items"] == []
        assert len((await line.told("list", "--all"))["items"]) == 1


async def test_channels_are_listed_and_tested(served: Served) -> None:
    line = Line(served, "alerts")
    with receiver() as there:
        async with httpx.AsyncClient(
            base_url=f"{served.url}/api/v1", headers=served.admin(), timeout=20
        ) as client:
            made = await client.post(
                "/notification-channels",
                json={"name": "pager", "kind": "webhook", "url": there.url, "secret": "s"},
            )
        assert made.status_code == 201, made.text
        [channel] = (await line.told("channels"))["items"]
        assert (channel["name"], channel["kind"]) == ("pager", "webhook")
        assert "pager" in (await line.run("channels")).stdout

        assert await line.told("test", "pager") == {"problem": None}
        assert [each.json()["type"] for each in there.received] == ["alerts.test"]
        there.usual = (500, b"inside")
        failed = await line.run("test", "pager")
        assert (failed.exit_code, "status 500" in failed.stderr) == (ExitCode.REFUSED, True)
        assert (await line.told("deliveries", "pager"))["items"] == []
    nobody = await line.run("test", "nobody")
    assert (nobody.exit_code, "nobody" in nobody.stderr) == (ExitCode.REFUSED, True)


@pytest.mark.parametrize(
    ("words", "status", "says"),
    [
        (("silence", "instance", "--reason", "r"), ExitCode.USAGE, "instance"),
        (("silence", "a=b"), ExitCode.USAGE, "--reason"),
        (("silence", "a=b", "--reason", "r", "--for", "soon"), ExitCode.USAGE, "soon"),
    ],
)
async def test_what_cannot_be_meant_is_refused_before_anything_is_asked(
    words: tuple[str, ...], status: ExitCode, says: str
) -> None:
    runner = CliRunner(env={"MAINSPRING_URL": "http://127.0.0.1:9", "MAINSPRING_TOKEN": "t"})
    done = await asyncio.to_thread(runner.invoke, build(), ["alerts", *words])
    assert (done.exit_code, says in done.stderr) == (status, True)
