"""A real Alertmanager reports, a worker's notifier tells, and both by what a stranger sets up."""

import asyncio
from pathlib import Path
from typing import Any

import httpx

from mainspring.app.notifying import Notifying
from mainspring.app.settings import WorkerSettings
from mainspring.infra.db import Database
from mainspring.infra.secrets import Sealer
from mainspring.kernel.clock import SystemClock
from mainspring.kernel.tasks import TaskOwner
from tests.fixtures.channels import API, CHANNELS, SECRET, has_come, sha256
from tests.fixtures.control import PASSWORD, serving, until
from tests.fixtures.prepared import control_settings
from tests.fixtures.prometheus import running_alertmanager
from tests.fixtures.receivers import receiver

_CONFIG = """
route:
  receiver: mainspring
  group_wait: 0s
  group_interval: 1s
  repeat_interval: 1h
receivers:
  - name: mainspring
    webhook_configs:
      - url: {url}/api/v1/alerts/alertmanager
        send_resolved: true
        http_config:
          authorization:
            credentials: {token}
"""


async def test_what_an_alertmanager_reports_is_told_by_a_worker(
    database_dsn: str, tmp_path: Path
) -> None:
    settings = control_settings(
        tmp_path / "home", database_dsn, platform_notification_network="loopback"
    )
    worker = WorkerSettings(
        home=settings.home,
        database_url=database_dsn,
        control_url="http://127.0.0.1:9",
        internal_token_file=settings.internal_token_file,
        master_key_file=settings.master_key_file,
        platform_notification_network="loopback",
    )
    database = Database(database_dsn, role="worker")
    tasks = TaskOwner(lambda _name, _error: None)
    with receiver() as there:
        async with (
            serving(settings) as served,
            httpx.AsyncClient(base_url=served.url, headers=served.admin()) as admin,
        ):
            token = await _token(served.url, admin)
            body = {"name": "hook", "kind": "webhook", "url": there.url, "secret": SECRET}
            made = await admin.post(CHANNELS, json={**body, "group_wait_s": 0})
            assert made.status_code == 201, made.text
            running = running_alertmanager(tmp_path, _CONFIG.format(url=served.url, token=token))
            address = await asyncio.to_thread(running.__enter__)
            try:
                notifying = Notifying(worker, database, SystemClock())
                tasks.start(notifying.run(), name="notifying")
                await _post(address, severity="page", model="m")
                await until(has_come(there), within_s=20)
                # The platform's parts are told by which keys the worker opened the channel.
                assert list(notifying.key_ids) == [
                    Sealer.from_file(settings.master_key_file).key_id
                ]
                await _post(address, over=True, severity="page", model="m")
                await until(lambda: _is_over(admin), within_s=20)
            finally:
                await tasks.close()
                await asyncio.to_thread(running.__exit__, None, None, None)
    await database.close()
    got = there.received[0]
    signed = f"{got.headers['webhook-id']}.{got.headers['webhook-timestamp']}.".encode() + got.body
    assert got.headers["webhook-signature"] == "v1," + sha256(SECRET.encode(), signed)
    [alert] = got.json()["alerts"]
    assert (alert["name"], alert["severity"], alert["source"]) == (
        "Down",
        "critical",
        "alertmanager",
    )
    assert alert["labels"] == {"alertname": "Down", "model": "m", "severity": "page"}
    assert alert["summary"] == {"en": "It is down", "zh": "已宕机"}
    assert alert["runbook_url"]["en"] == "https://example.com/runbook"


async def _token(url: str, admin: httpx.AsyncClient) -> str:
    """Return a token of a person of the platform that may report alerts and do nothing else."""
    person = {"email": "oncall@example.com", "password": PASSWORD}
    made = await admin.post(
        f"{API}/users", json={**person, "name": "On call", "platform_roles": ["platform_admin"]}
    )
    assert made.status_code == 201, made.text
    async with httpx.AsyncClient(base_url=url) as client:
        session = (await client.post(f"{API}/sessions", json=person)).json()
        client.headers["X-CSRF-Token"] = session["csrf_token"]
        wanted = {"name": "alertmanager", "scopes": ["alert:report"]}
        answer = await client.post(f"{API}/tokens", json=wanted)
    assert answer.status_code == 201, answer.text
    token: str = answer.json()["secret"]
    return token


async def _post(address: str, *, over: bool = False, **labels: str) -> None:
    alert: dict[str, Any] = {
        "labels": {"alertname": "Down", **labels},
        "annotations": {
            "summary": "It is down",
            "summary_zh": "已宕机",
            "runbook_url": "https://example.com/runbook",
        },
        "startsAt": "2026-01-01T00:00:00Z",
    }
    if over:
        alert["endsAt"] = SystemClock().now().isoformat()
    async with httpx.AsyncClient(trust_env=False) as client:
        answer = await client.post(f"http://{address}/api/v2/alerts", json=[alert])
    assert answer.status_code == 200, answer.text


async def _is_over(admin: httpx.AsyncClient) -> bool:
    [alert] = (await admin.get(f"{API}/alerts")).json()["items"]
    return alert["state"] == "resolved"
