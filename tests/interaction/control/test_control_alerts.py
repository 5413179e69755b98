"""Alerts reach people: signed messages on real sockets, groups, silences, and what fails."""

import asyncio
import base64
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest

from mainspring.app.control.wiring import Control
from mainspring.capabilities.alerts.api import (
    Notifier,
)
from mainspring.capabilities.alerts.store import PostgresAlertStore
from mainspring.kernel.clock import ManualClock
from tests.fixtures.channels import (
    API,
    RUNBOOK,
    SECRET,
    authority,
    control,
    deliveries,
    fires,
    has_come,
    made,
    notifier,
    org,
    report,
    sha256,
    there,
    told,
)
from tests.fixtures.control import until
from tests.fixtures.module_control import admin, api, clock
from tests.fixtures.receivers import Receiver, receiver

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.xdist_group("alerts")]

__all__ = ["admin", "api", "authority", "clock", "control", "notifier", "org", "there"]


async def test_a_webhook_is_signed_as_standard_webhooks_says(
    admin: httpx.AsyncClient, org: str, there: Receiver, notifier: Notifier, clock: ManualClock
) -> None:
    key = b"0123456789abcdef01234567"
    secret = "whsec_" + base64.b64encode(key).decode()
    channel = await made(admin, org, url=f"{there.url}/in", secret=secret)
    assert (channel["host"], channel["is_signed"]) == ("127.0.0.1", True)
    assert secret not in str(channel)
    await report(admin, org, fires("Down", model="m"))
    assert await told(notifier) == 1
    [got] = there.received
    marks = got.headers
    assert marks["webhook-timestamp"] == str(int(clock.now().timestamp()))
    signed = f"{marks['webhook-id']}.{marks['webhook-timestamp']}.".encode() + got.body
    assert marks["webhook-signature"] == "v1," + sha256(key, signed)
    body = got.json()
    assert (body["type"], body["status"], body["severity"]) == ("alerts", "firing", "critical")
    assert body["group"] == {"alertname": "Down"}
    [alert] = body["alerts"]
    assert alert["labels"] == {"alertname": "Down", "severity": "critical", "model": "m"}
    assert alert["summary"] == {"en": "Many calls <fail>", "zh": "大量调用失败"}
    assert alert["runbook_url"] == {"en": RUNBOOK, "zh": f"{RUNBOOK}/zh"}
    [sent] = await deliveries(admin, channel)
    assert (sent["id"], sent["state"], sent["attempts"]) == (marks["webhook-id"], "sent", 1)


def of_slack(got: dict[str, Any]) -> str:
    [attached] = got["attachments"]
    assert got["text"].startswith("[Critical] Down")
    return attached["blocks"][0]["text"]["text"]


def of_wecom(got: dict[str, Any]) -> str:
    assert got["msgtype"] == "markdown"
    return got["markdown"]["content"]


def of_dingtalk(got: dict[str, Any]) -> str:
    assert got["markdown"]["title"].startswith("[Critical] Down")
    return got["markdown"]["text"]


def of_feishu(got: dict[str, Any]) -> str:
    assert got["msg_type"] == "post"
    post = got["content"]["post"]["en_us"]
    lines = [piece for line in post["content"] for piece in line]
    links = [piece["href"] for piece in lines if piece["tag"] == "a"]
    assert links == [RUNBOOK]
    return "\n".join([post["title"], *(piece["text"] for piece in lines), *links])


@pytest.mark.parametrize(
    ("kind", "text_of", "answer", "shown"),
    [
        ("slack", of_slack, b"ok", "Many calls &lt;fail&gt;"),
        ("wecom", of_wecom, b'{"errcode":0,"errmsg":"ok"}', "Many calls ＜fail＞"),
        ("dingtalk", of_dingtalk, b'{"errcode":0,"errmsg":"ok"}', "Many calls ＜fail＞"),
        ("feishu", of_feishu, b'{"code":0,"msg":"success","data":{}}', "Many calls <fail>"),
    ],
)
async def test_each_vendor_gets_its_own_form_and_signature(
    *,
    admin: httpx.AsyncClient,
    org: str,
    there: Receiver,
    notifier: Notifier,
    clock: ManualClock,
    kind: str,
    text_of: Callable[[dict[str, Any]], str],
    answer: bytes,
    shown: str,
) -> None:
    there.usual = (200, answer)
    signs = kind in {"dingtalk", "feishu"}
    url = f"{there.url}/robot/send?access_token=T"
    channel = await made(admin, org, kind=kind, url=url, secret=SECRET if signs else None)
    await report(admin, org, fires("Down"))
    assert await told(notifier) == 1
    [got] = there.received
    body, query = got.json(), parse_qs(got.query)
    assert query["access_token"] == ["T"]
    now = clock.now().timestamp()
    if kind == "dingtalk":
        at = query["timestamp"][0]
        assert at == str(round(now * 1000))
        assert query["sign"] == [sha256(SECRET.encode(), f"{at}\n{SECRET}".encode())]
    if kind == "feishu":
        assert body["timestamp"] == str(int(now))
        assert body["sign"] == sha256(f"{body['timestamp']}\n{SECRET}".encode(), b"")
    text = text_of(body)
    assert shown in text
    assert RUNBOOK in text
    [sent] = await deliveries(admin, channel)
    assert (sent["state"], sent["problem"]) == ("sent", None)


async def test_both_languages_are_said_and_nobody_is_called_by_an_alert(
    admin: httpx.AsyncClient, org: str, there: Receiver, notifier: Notifier
) -> None:
    there.usual = (200, b'{"errcode":0}')
    await made(admin, org, kind="wecom", url=there.url, secret=None, language="both")
    await report(admin, org, fires("Down", who="<@all> [x](http://evil.example) @everyone"))
    await told(notifier)
    text = there.received[0].json()["markdown"]["content"]
    assert text.index("[Critical]".replace("[", "［").replace("]", "］")) < text.index("［严重］")
    assert "大量调用失败" in text
    assert f"[处理手册]({RUNBOOK}/zh)" in text
    assert "<@all>" not in text
    assert "](http://evil.example)" not in text


async def test_alerts_of_a_group_share_a_message_and_changes_wait_for_the_interval(
    admin: httpx.AsyncClient, org: str, there: Receiver, notifier: Notifier, clock: ManualClock
) -> None:
    await made(
        admin, org, url=there.url, group_wait_s=30, group_interval_s=300, repeat_interval_s=3600
    )
    await report(admin, org, fires("Down", model="a"), fires("Down", model="b"), fires("Slow"))
    assert await told(notifier) == 0
    clock.advance(31)
    assert await told(notifier) == 2  # two names, two groups
    groups = {each.json()["group"]["alertname"]: each.json() for each in there.received}
    assert [len(groups[name]["alerts"]) for name in ("Down", "Slow")] == [2, 1]
    there.received.clear()
    await report(admin, org, fires("Down", model="c"))
    clock.advance(60)
    assert await told(notifier) == 0
    clock.advance(240)
    assert await told(notifier) == 1
    assert len(there.received[-1].json()["alerts"]) == 3
    clock.advance(3300)
    assert await told(notifier) == 1  # Slow again, after an hour
    clock.advance(301)
    assert await told(notifier) == 1  # and Down
    there.received.clear()
    await report(admin, org, *(fires("Down", "resolved", model=each) for each in "abc"))
    clock.advance(301)
    assert await told(notifier) == 1
    body = there.received[0].json()
    assert (body["status"], len(body["alerts"])) == ("resolved", 3)
    clock.advance(8000)
    await told(notifier)
    assert [each.json()["group"]["alertname"] for each in there.received[1:]] == ["Slow"]


async def test_what_is_silenced_is_not_told_until_the_silence_ends(
    admin: httpx.AsyncClient, org: str, there: Receiver, notifier: Notifier, clock: ManualClock
) -> None:
    await made(admin, org, url=there.url)
    until = (clock.now() + timedelta(hours=2)).isoformat()
    wanted = {"matchers": [{"label": "model", "value": "gpt-*"}], "until": until, "reason": "Move"}
    silence = (await admin.post(f"{org}/silences", json=wanted)).json()
    assert silence["created_by"]
    await report(admin, org, fires("Down", model="gpt-5"), fires("Down", model="other"))
    assert await told(notifier) == 1
    assert [each["labels"]["model"] for each in there.received[0].json()["alerts"]] == ["other"]
    ended = await admin.post(f"{API}/silences/{silence['id']}/end")
    assert ended.status_code == 200
    assert (await admin.get(f"{org}/silences")).json()["items"] == []
    past = (await admin.get(f"{org}/silences", params={"with_past": True})).json()["items"]
    assert [each["reason"] for each in past] == ["Move"]
    clock.advance(301)
    assert await told(notifier) == 1
    assert len(there.received[1].json()["alerts"]) == 2


async def test_silences_that_would_hide_everything_are_refused(
    admin: httpx.AsyncClient, org: str, clock: ManualClock
) -> None:
    until = (clock.now() + timedelta(hours=1)).isoformat()
    late = (clock.now() + timedelta(days=365)).isoformat()
    some = [{"label": "model", "value": "m"}]
    cases: list[tuple[dict[str, Any], int]] = [
        ({"matchers": [{"label": "model", "value": "*"}], "until": until}, 400),
        ({"matchers": [{"label": "model", "value": "m", "negated": True}], "until": until}, 400),
        ({"matchers": [], "until": until}, 422),
        ({"matchers": some, "until": late}, 400),
        ({"matchers": some, "until": clock.now().isoformat()}, 400),
        ({"matchers": some, "until": until, "reason": ""}, 422),
    ]
    for body, status in cases:
        answer = await admin.post(f"{org}/silences", json={"reason": "r", **body})
        assert answer.status_code == status, body


async def test_a_channel_hears_of_what_it_asked_for(
    admin: httpx.AsyncClient, org: str, there: Receiver, notifier: Notifier
) -> None:
    await made(
        admin,
        org,
        url=there.url,
        min_severity="critical",
        matchers=[{"label": "team", "value": "core"}],
        group_by=[],
    )
    await report(
        admin,
        org,
        fires("A", team="core"),
        fires("B", team="core", severity="warning"),
        fires("C", team="web"),
    )
    assert await told(notifier) == 1
    [body] = [each.json() for each in there.received]
    assert [each["name"] for each in body["alerts"]] == ["A"]


async def test_what_a_receiver_does_not_take_is_tried_again_and_given_up(
    admin: httpx.AsyncClient, org: str, there: Receiver, notifier: Notifier, clock: ManualClock
) -> None:
    channel = await made(admin, org, url=there.url)
    there.answers = [(503, b""), (429, b"")]
    await report(admin, org, fires("Down"))
    await told(notifier)
    [waiting] = await deliveries(admin, channel)
    assert (waiting["state"], waiting["attempts"]) == ("waiting", 1)
    assert waiting["problem"] == "the receiver answered with status 503"
    assert await notifier.deliver() == 0  # not yet
    clock.advance(5)
    assert await notifier.deliver() == 1
    clock.advance(10)
    assert await notifier.deliver() == 1
    [sent] = await deliveries(admin, channel)
    assert (sent["state"], sent["attempts"], sent["problem"]) == ("sent", 3, None)
    assert len({each.headers["webhook-id"] for each in there.received}) == 1
    there.usual = (500, b"")
    clock.advance(14_400)
    await told(notifier)
    for _ in range(12):
        clock.advance(600)
        await notifier.deliver()
    [lost, _] = await deliveries(admin, channel)
    assert lost["state"] == "failed"
    assert lost["attempts"] <= 10
    assert lost["finished_at"] is not None


@pytest.mark.parametrize(
    ("kind", "answer", "problem"),
    [
        ("webhook", (404, b""), "the receiver answered with status 404"),
        ("webhook", (302, b""), "the receiver answered with status 302"),
        (
            "dingtalk",
            (200, b'{"errcode":310000,"errmsg":"x"}'),
            "dingtalk answered with code 310000",
        ),
        ("feishu", (200, b'{"code":19021,"msg":"x"}'), "feishu answered with code 19021"),
        ("wecom", (200, b"<html>"), "the receiver's answer is none of wecom"),
    ],
)
async def test_what_no_repetition_helps_is_given_up_at_once(
    *,
    admin: httpx.AsyncClient,
    org: str,
    there: Receiver,
    notifier: Notifier,
    kind: str,
    answer: tuple[int, bytes],
    problem: str,
) -> None:
    there.usual = answer
    channel = await made(
        admin, org, kind=kind, url=there.url, secret=None if kind == "wecom" else "s"
    )
    await report(admin, org, fires("Down"))
    await told(notifier)
    [lost] = await deliveries(admin, channel)
    assert (lost["state"], lost["problem"]) == ("failed", problem)


async def test_a_dead_receiver_holds_up_neither_decisions_nor_others(
    admin: httpx.AsyncClient, org: str, there: Receiver, notifier: Notifier, clock: ManualClock
) -> None:
    with receiver() as slow:
        slow.held.clear()
        await made(admin, org, url=slow.url, name="slow")
        await made(admin, org, url=there.url, name="quick")
        await report(admin, org, fires("Down"))
        begun = time.monotonic()
        assert await notifier.decide() == 2
        assert await notifier.begin_deliveries() == 2
        while not there.received:
            assert time.monotonic() - begun < 5
            await notifier.begin_deliveries()
        await report(admin, org, fires("Slow"))
        assert await notifier.decide() == 2
        clock.advance(1)
        await notifier.begin_deliveries()
        while len(there.received) < 2:
            assert time.monotonic() - begun < 8
            await notifier.begin_deliveries()
        slow.held.set()
        await notifier.deliver()


async def test_a_message_that_a_worker_never_came_back_to_is_sent_by_another(
    *,
    admin: httpx.AsyncClient,
    org: str,
    control: Control,
    there: Receiver,
    notifier: Notifier,
    clock: ManualClock,
) -> None:
    channel = await made(admin, org, url=there.url)
    await report(admin, org, fires("Down"))
    await notifier.decide()
    there.held.clear()
    await notifier.begin_deliveries()
    await until(has_come(there))
    other = Notifier(PostgresAlertStore(control.database), control.courier, clock)
    assert await other.begin_deliveries() == 0  # it may still be on its way
    clock.advance(61)
    assert await other.begin_deliveries() == 1  # nobody came back to it
    await until(has_come(there, 2))
    there.held.set()
    await asyncio.gather(notifier.deliver(), other.deliver())
    [sent] = await deliveries(admin, channel)
    assert (sent["state"], sent["attempts"]) == ("sent", 2)
    assert len({each.headers["webhook-id"] for each in there.received}) == 1


async def test_two_workers_send_each_message_once(
    admin: httpx.AsyncClient, org: str, control: Control, there: Receiver, notifier: Notifier
) -> None:
    other = Notifier(PostgresAlertStore(control.database), control.courier, control.clock)
    await made(admin, org, url=there.url, group_by=["model"])
    await report(admin, org, *(fires("Down", model=str(n)) for n in range(12)))
    counts = await asyncio.gather(notifier.decide(), other.decide())
    assert sum(counts) == 12
    for _ in range(6):
        await asyncio.gather(notifier.deliver(), other.deliver())
    assert sorted(each.json()["group"]["model"] for each in there.received) == sorted(
        map(str, range(12))
    )


async def test_a_flood_is_one_message_of_its_worst(
    admin: httpx.AsyncClient, org: str, there: Receiver, notifier: Notifier
) -> None:
    there.usual = (200, b'{"errcode":0}')
    await made(admin, org, url=there.url)
    await made(admin, org, name="chat", kind="wecom", url=there.url, secret=None)
    minor = (fires("Flood", n=str(n), severity="warning") for n in range(150))
    await report(admin, org, *minor, fires("Flood", n="worst"))
    assert await told(notifier) == 2
    bodies = [each.json() for each in there.received]
    [hook] = [each for each in bodies if "alerts" in each]
    assert (len(hook["alerts"]), hook["left_out"]) == (100, 51)
    assert hook["alerts"][0]["labels"]["n"] == "worst"
    assert hook["title"] == "[Critical] Flood (100+ firing)"
    [chat] = [each["markdown"]["content"] for each in bodies if "markdown" in each]
    assert len(chat.encode()) <= 4096
