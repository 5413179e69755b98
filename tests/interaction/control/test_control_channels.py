"""Channels: made, changed, tested, by mail, and where they may lead; and who reports alerts."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from mainspring.app.alerting import EmergencyAlarm, SloAlerts, WaysOut
from mainspring.app.control.wiring import Control
from mainspring.app.slo_measures import LedgerMeasures
from mainspring.capabilities.alerts.api import (
    ChannelChanges,
    ChannelKind,
    ChannelService,
    Keyring,
    Notifier,
    Report,
    Severity,
)
from mainspring.capabilities.alerts.store import PostgresAlertStore
from mainspring.capabilities.oversight.api import Emergency
from mainspring.capabilities.slo.api import SloEvaluation
from mainspring.capabilities.slo.store import PostgresSloStore
from mainspring.kernel.clock import ManualClock
from mainspring.kernel.errors import InvalidRequestError
from mainspring.kernel.ids import new_id
from tests.fixtures.certificates import Authority
from tests.fixtures.channels import (
    API,
    CHANNELS,
    RUNBOOK,
    SECRET,
    alertmanager,
    authority,
    control,
    deliveries,
    fires,
    made,
    mail_host,
    mail_route,
    notifier,
    org,
    report,
    sha256,
    there,
    told,
)
from tests.fixtures.control import PLATFORM, Api, usage_record
from tests.fixtures.module_control import admin, api, clock
from tests.fixtures.receivers import Receiver, mail_server

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.xdist_group("alerts")]

__all__ = ["admin", "api", "authority", "clock", "control", "notifier", "org", "there"]


async def test_the_test_button_tells_what_came_of_it(
    admin: httpx.AsyncClient, org: str, there: Receiver
) -> None:
    channel = await made(admin, org, url=there.url, enabled=False)
    path = f"{CHANNELS}/{channel['id']}/test"
    assert (await admin.post(path)).json() == {"problem": None}
    assert there.received[0].json()["type"] == "alerts.test"
    there.usual = (500, b"inside")
    assert (await admin.post(path)).json() == {"problem": "the receiver answered with status 500"}


async def test_a_channel_is_changed_and_what_is_sealed_stays_unless_it_is_sent(
    admin: httpx.AsyncClient, org: str, there: Receiver, notifier: Notifier
) -> None:
    channel = await made(admin, org, url=f"{there.url}/one")
    path = f"{CHANNELS}/{channel['id']}"
    etag = (await admin.get(path)).headers["etag"]
    changed = await admin.patch(
        path, json={"url": f"{there.url}/two", "language": "zh"}, headers={"If-Match": etag}
    )
    assert (changed.json()["language"], changed.json()["is_signed"]) == ("zh", True)
    assert (await admin.patch(path, json={}, headers={"If-Match": etag})).status_code == 412
    await admin.post(f"{path}/test")
    [got] = there.received
    assert got.path == "/two"
    signed = f"{got.headers['webhook-id']}.{got.headers['webhook-timestamp']}.".encode() + got.body
    assert got.headers["webhook-signature"] == "v1," + sha256(SECRET.encode(), signed)
    await admin.patch(path, json={"enabled": False})
    await report(admin, org, fires("Down"))
    assert await told(notifier) == 0
    assert (await admin.delete(path)).status_code == 204
    assert (await admin.get(path)).status_code == 404


async def test_what_is_not_acceptable_is_refused_by_its_field(
    admin: httpx.AsyncClient, org: str
) -> None:
    url = "https://hooks.example.com/x"
    mail = {"host": "m.example.com", "sender": "a@example.com", "recipients": ["b@example.com"]}
    cases: list[tuple[dict[str, Any], str]] = [
        ({"kind": "webhook"}, "url"),
        ({"kind": "webhook", "url": url}, "secret"),
        ({"kind": "webhook", "url": url, "secret": "whsec_!"}, "secret"),
        ({"kind": "slack", "url": url, "secret": "s"}, "secret"),
        ({"kind": "slack", "url": "ftp://hooks.example.com"}, "url"),
        ({"kind": "slack", "url": url, "email": mail}, "email"),
        ({"kind": "slack", "url": url, "password": "p"}, "password"),
        ({"kind": "slack", "url": url, "group_by": ["a-b"]}, "group_by"),
        ({"kind": "email"}, "email"),
        ({"kind": "email", "email": mail, "url": url}, "url"),
        ({"kind": "email", "email": {**mail, "username": "u"}}, "password"),
        ({"kind": "email", "email": {**mail, "sender": "a@b\r\nBcc: c@d"}}, "email.sender"),
        ({"kind": "email", "email": {**mail, "host": "a b"}}, "email.host"),
        (
            {
                "kind": "email",
                "password": "p",
                "email": {**mail, "security": "none", "username": "u"},
            },
            "email.security",
        ),
    ]
    for body, field in cases:
        answer = await admin.post(f"{org}/notification-channels", json={"name": "bad", **body})
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, field), body
    assert (await admin.get(f"{org}/notification-channels")).json()["items"] == []


async def test_an_organisation_hears_of_its_own_alerts_only(
    api: Api, admin: httpx.AsyncClient, there: Receiver, notifier: Notifier
) -> None:
    org_id, _ = await api.tenant("Theirs")
    other_id, _ = await api.tenant("Others")
    owner, stranger = await api.member(org_id), await api.member(other_id)
    theirs = f"{API}/organizations/{org_id}"
    channel = await made(owner.client, theirs, url=f"{there.url}/theirs")
    own = await made(admin, API, url=f"{there.url}/platform")
    await report(owner.client, theirs, fires("Down", of="theirs"))
    await report(admin, API, fires("Down", of="platform"))
    assert await told(notifier) == 2
    await admin.delete(f"{CHANNELS}/{own['id']}")
    got = {each.path: each.json()["alerts"] for each in there.received}
    assert [each["labels"]["of"] for each in got["/theirs"]] == ["theirs"]
    assert [each["labels"]["of"] for each in got["/platform"]] == ["platform"]
    [alert] = (await owner.client.get(f"{theirs}/alerts")).json()["items"]
    for where in (f"/alerts/{alert['id']}", f"/notification-channels/{channel['id']}"):
        assert (await owner.client.get(f"{API}{where}")).status_code == 200
        assert (await stranger.client.get(f"{API}{where}")).status_code == 404
    refused = await stranger.client.post(
        f"{theirs}/alerts/alertmanager", json=alertmanager(fires("Down"))
    )
    assert refused.status_code == 404
    assert (await owner.client.get(f"{API}/alerts")).status_code == 403


async def test_what_an_alertmanager_does_not_repeat_is_over_after_a_day(
    admin: httpx.AsyncClient, org: str, notifier: Notifier, clock: ManualClock
) -> None:
    await report(admin, org, fires("Kept"), fires("Forgotten"))
    clock.advance(20 * 3600)
    await report(admin, org, fires("Kept"))
    clock.advance(5 * 3600)
    await notifier.tidy()
    found = (await admin.get(f"{org}/alerts", params={"state": "firing"})).json()["items"]
    assert sorted(each["name"] for each in found) == ["Kept"]
    clock.advance(31 * 86_400)
    await notifier.tidy()
    found = (await admin.get(f"{org}/alerts")).json()["items"]
    assert [each["name"] for each in found] == ["Kept"]


async def test_alerts_beyond_the_bound_are_not_kept(
    admin: httpx.AsyncClient, org: str, control: Control
) -> None:
    def some(first: int) -> list[Report]:
        return [
            Report(fingerprint=str(n), name="Many", severity=Severity.INFO, labels={})
            for n in range(first, first + 600)
        ]

    org_id = org.rpartition("/")[2]
    assert await control.alerts.receive(PLATFORM, org_id, "a", some(0)) == 600
    assert await control.alerts.receive(PLATFORM, org_id, "b", some(600)) == 400
    count = 0
    cursor: str | None = None
    while True:
        params = {"limit": 200} | ({"cursor": cursor} if cursor else {})
        page = (await admin.get(f"{org}/alerts", params=params)).json()
        count += len(page["items"])
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert count == 1000


@pytest.mark.parametrize("how", ["starttls", "tls", "none"])
async def test_mail_is_handed_to_a_real_server(
    *,
    admin: httpx.AsyncClient,
    org: str,
    authority: Authority,
    notifier: Notifier,
    clock: ManualClock,
    tmp_path: Path,
    how: str,
) -> None:
    async with mail_host(authority, tmp_path, how) as box:
        usual = {"kind": "email", "secret": None, "language": "both", "group_interval_s": 10}
        password = None if how == "none" else "s3cret"
        channel = await made(admin, org, **usual, email=mail_route(box, how), password=password)
        assert (channel["host"], channel["is_signed"]) == ("localhost", False)
        await report(admin, org, fires("Down"))
        assert await told(notifier) == 1
        clock.advance(11)
        await report(admin, org, fires("Down", "resolved"))
        assert await told(notifier) == 1
    [sent, _] = reversed(await deliveries(admin, channel))
    assert (sent["state"], sent["problem"]) == ("sent", None)
    first, second = box.mails
    assert box.envelopes[0] == (
        "mainspring@example.com",
        ["sre@example.com", "lead@example.com"],
    )
    assert box.under_tls == [how != "none"] * 2
    assert first["subject"] == "[Critical] Down (1 firing) / [严重] Down (1 条告警)"
    assert first["message-id"] == f"<{sent['id']}@example.com>"
    assert first["references"] == second["references"]
    assert first["auto-submitted"] == "auto-generated"
    plain, rich = (each.get_content() for each in first.iter_parts())
    assert "Many calls <fail>" in plain
    assert f"处理手册: {RUNBOOK}/zh" in plain
    assert "Many calls &lt;fail&gt;" in rich
    assert f'<a href="{RUNBOOK}">' in rich
    assert second["subject"].startswith("[RESOLVED] Down (1 resolved)")


async def test_what_a_mail_server_refuses_is_told_and_its_password_stays_with_it(
    admin: httpx.AsyncClient, org: str, authority: Authority, tmp_path: Path
) -> None:
    async with mail_host(authority, tmp_path, "starttls") as box:
        route = mail_route(box, "starttls")
        body = {"kind": "email", "secret": None, "email": route, "password": "wrong"}
        channel = await made(admin, org, **body)
        path = f"{CHANNELS}/{channel['id']}"
        answer = await admin.post(f"{path}/test")
        assert answer.json()["problem"] == "the mail server refuses the password (535)"
        await admin.patch(path, json={"password": "s3cret"})
        assert (await admin.post(f"{path}/test")).json()["problem"] is None
        box.refused = frozenset(route["recipients"])
        answer = await admin.post(f"{path}/test")
        assert answer.json()["problem"] == "the mail server refuses every recipient (550)"
        for moved in ({"host": "127.0.0.1"}, {"port": 25}, {"security": "tls"}, {"username": "x"}):
            answer = await admin.patch(path, json={"email": {**route, **moved}})
            assert answer.status_code == 400, moved
            assert answer.json()["errors"][0]["field"] == "password"
        fewer = {**route, "recipients": ["sre@example.com"]}
        assert (await admin.patch(path, json={"email": fewer})).status_code == 200
    answer = await admin.post(f"{path}/test")
    assert answer.json()["problem"].startswith("no mail server there")


async def test_a_mail_server_that_nobody_vouches_for_gets_nothing(
    admin: httpx.AsyncClient, org: str, tmp_path: Path
) -> None:
    async with mail_host(Authority("stranger"), tmp_path, "tls") as box:
        route = mail_route(box, "tls")
        body = {"kind": "email", "secret": None, "email": route, "password": "s3cret"}
        channel = await made(admin, org, **body)
        answer = await admin.post(f"{CHANNELS}/{channel['id']}/test")
        assert "certificate" in answer.json()["problem"]
    assert box.mails == []


async def test_channels_go_only_where_their_owners_may(
    admin: httpx.AsyncClient, org: str, control: Control, there: Receiver
) -> None:
    # What the settings of a platform for others say; the control plane here is for itself.
    narrow = msgspec.structs.replace(
        control.settings, notification_network="public", platform_notification_network="private"
    )
    ways = WaysOut(narrow)
    courier = ways.courier(control.sealer, control.clock)
    store = PostgresAlertStore(control.database)
    channels = ChannelService(store, control.tenancy, courier, control.clock)
    port = there.url.rpartition(":")[2]
    for owner, reason in ((org, "may not be called"), (API, "may not be called")):
        https = await made(admin, owner, url=f"https://localhost:{port}/", name="hook")
        verdict = await channels.test(PLATFORM, https["id"])
        assert reason in (verdict.problem or "")
        await admin.delete(f"{CHANNELS}/{https['id']}")
    async with mail_server() as box:
        body = {"kind": "email", "secret": None, "email": mail_route(box, "none")}
        mail = await made(admin, org, **body)
        verdict = await channels.test(PLATFORM, mail["id"])
        assert "may not be called" in (verdict.problem or "")
    with pytest.raises(InvalidRequestError, match="https"):
        await channels.create(
            PLATFORM,
            org.rpartition("/")[2],
            name="plain",
            kind=ChannelKind.SLACK,
            keyring=Keyring(url="http://hooks.example.com/x"),
            changes=ChannelChanges(),
        )
    await ways.close()
    assert (there.received, box.mails) == ([], [])


async def test_a_broken_glass_is_told_at_once(
    api: Api, admin: httpx.AsyncClient, there: Receiver, notifier: Notifier, control: Control
) -> None:
    own = await made(admin, API, url=there.url, group_by=["user"])
    emergency = Emergency(
        id=new_id("brk"),
        user_id="usr_1",
        reason="The gateway is down",
        role="platform_admin",
        opened_at=control.clock.now(),
        until=control.clock.now() + timedelta(hours=1),
    )
    alarm = EmergencyAlarm(control.alerts)
    await alarm.opened(emergency)
    await told(notifier)
    mine = [each for each in there.received if each.json()["group"] == {"user": "usr_1"}]
    assert mine[0].json()["alerts"][0]["description"] == "The gateway is down"
    await alarm.ended(emergency)
    await admin.delete(f"{CHANNELS}/{own['id']}")
    found = (await admin.get(f"{API}/alerts", params={"state": "firing"})).json()["items"]
    assert [each["name"] for each in found if each["source"] == "oversight"] == []


async def test_objectives_that_burn_are_told_and_so_is_their_end(
    api: Api, admin: httpx.AsyncClient, control: Control, clock: ManualClock
) -> None:
    org_id, project_id = await api.tenant("Busy")
    slo = (
        await admin.post(
            f"{API}/slos", json={"name": "told", "indicator": "availability", "target": 0.999}
        )
    ).json()
    evaluation = SloEvaluation(
        PostgresSloStore(control.database),
        LedgerMeasures(control.metering),
        clock,
        telling=SloAlerts(control.alerts),
    )
    at_ms = round((clock.now() - timedelta(minutes=2)).timestamp() * 1000)
    await control.metering.prepare_days()
    failed = {"at_ms": at_ms, "status": 503, "outcome": "upstream_error"}
    await api.ingest(*(usage_record(org_id, project_id, **failed) for _ in range(20)))

    async def firing() -> list[dict[str, Any]]:
        await evaluation.evaluate()
        found = (await admin.get(f"{API}/alerts", params={"state": "firing"})).json()["items"]
        return [each for each in found if each["source"] == "slo"]

    [alert] = await firing()
    assert (alert["name"], alert["severity"]) == ("MainspringSloBurning", "critical")
    assert alert["labels"] == {"slo": "told", "indicator": "availability", "window": "1h"}
    assert alert["runbook_url_zh"].endswith("/docs/zh/guides/slos/#when-an-alert-fires")
    assert [each["id"] for each in await firing()] == [alert["id"]]
    await admin.delete(f"{API}/slos/{slo['id']}")
    assert await firing() == []
