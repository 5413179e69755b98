"""Configuration out to files and back: the same platform again, and nothing removed unasked."""

import asyncio
import json
import shutil
from collections.abc import AsyncGenerator, Mapping
from pathlib import Path
from typing import Any

import httpx
import jsonschema_rs
import pytest
import yaml

from mainspring.app.cli.applying.documents import (
    SECTIONS,
    SINGLES,
    OrganizationDocument,
    read_documents,
)
from mainspring.app.cli.applying.exporting import (
    PART_READERS,
    SECTION_READERS,
    SINGLE_READERS,
    export,
)
from mainspring.app.cli.applying.plan import Action, Step
from mainspring.app.cli.applying.schema import file_schema
from mainspring.app.cli.applying.steps import Applier
from mainspring.app.cli.connection import ControlClient
from mainspring.kernel.clock import SystemClock
from mainspring.testing.tokens import TestKey, key_set
from tests.fixtures.commands import run
from tests.fixtures.control import PASSWORD, Served, control_settings, serving
from tests.fixtures.postgres import PostgresServer

PEOPLE = ("ada@example.com", "grace@example.com")

EVERYTHING = """
organizations:
  - slug: research
    name: "研究部"
    limits: {budget_per_month: "12.50", currency: EUR, requests_per_day: 10}
    projects:
      - slug: search
        name: Search
        user_limits: {requests_per_minute: 5}
        stores_responses: never
        capture: {level: redacted, sample: 0.5}
        keys:
          - {name: ci, models: [tiny], limits: {tokens_per_day: 7}}
          - {name: none-at-all, models: []}
        datasets:
          - {name: refunds, description: Money, items_file: refunds.jsonl}
          - {name: 退款}
      - {slug: answers}
    roles:
      - {name: reader, permissions: ["project:read", "model:read"], description: Looks}
    members:
      - {email: ada@example.com, role: developer}
      - {email: grace@example.com, role: viewer}
    groups:
      - name: night
        description: Shift
        roles: [{role: viewer}, {role: developer, project: search}]
        external_name: night-shift
        members: [grace@example.com]
    service_accounts:
      - {name: reports, projects: [search, answers], models: [tiny], token_lifetime_s: 900}
    directory_tokens:
      - {name: Entra, expires_at: "2099-01-01T02:00:00+02:00"}
    token_issuers:
      - name: staff
        issuer: https://issuer.example
        audience: mainspring
        algorithms: [RS256]
        keys_file: secrets/research.staff.jwks.json
        grants: [{project: search, group: scientists}]
    identity_providers:
      - name: own
        issuer: https://own.example
        client_id: mainspring
        allowed_domains: [own.example]
        rules: [{role: developer, group: scientists}, {role: guest}]
    access_rules:
      - name: costly
        projects: [search]
        min_cost: "1.00"
        steps: [{name: shift, approvers: ["group:night"]}]
    notification_channels:
      - {name: chat, kind: slack, url_env: CHANNEL_URL_RESEARCH_CHAT, min_severity: warning}
identity_providers:
  - name: corporate
    display_name: Example Corp
    issuer: https://login.example
    client_id: mainspring
    client_secret_env: CLIENT_SECRET_CORPORATE
    session_hours: 7
    allowed_domains: [corporate.example]
    rules: [{role: security, group: guards}, {role: viewer, organization: research}]
upstreams:
  - {name: vendor, base_url: "https://vendor.example", credential_env: CREDENTIAL_VENDOR}
  - {name: plain, base_url: "https://plain.example", timeouts: {total_s: 77}}
gpu_prices:
  - {upstream: plain, hourly: "1.80", valid_from: "2026-11-01T00:00:00Z"}
  - upstream: plain
    name: Eight
    hourly: 2500000000
    gpus: 8
    shared_by: busy_seconds
    valid_from: "2026-01-01T01:00:00+01:00"
    valid_until: "2026-11-01T01:00:00+01:00"
  - upstream: vendor
    upstream_model: big
    hourly: 0
    currency: EUR
    valid_from: "2026-11-01T00:00:00Z"
models:
  - name: tiny
    organization: research
    tasks: [chat]
    targets:
      - {upstream: vendor, upstream_model: big, weight: 3, tags: [eu], cost: 0.5}
      - {upstream: plain, upstream_model: small, priority: 1}
    routing: {strategy: cost, retry: {max_attempts: 2}}
    price: {currency: EUR, input: "0.15", output: 600000000}
    aliases: [little]
    access: restricted
  - name: shared
    tasks: [chat]
    targets: [{upstream: plain, upstream_model: m}]
releases:
  - model: shared
    version: "2"
    targets: [{upstream: plain, upstream_model: m2}]
    specification: {licence: Apache-2.0, languages: [en, zh]}
policies:
  - {name: everywhere, parameters: [{name: temperature, max: 1.5}]}
  - name: here
    organization: research
    project: search
    key: ci
    cache: {ttl_s: 60}
    capture: {level: metadata}
access_rules:
  - {name: house, models: ["nothing-*"], denies: not here}
notification_channels:
  - name: on-call
    kind: dingtalk
    url_env: CHANNEL_URL_ON_CALL
    secret_env: CHANNEL_SECRET_ON_CALL
    language: both
    matchers: [{label: severity, value: critical}]
  - name: relay
    kind: email
    email: {host: mail.example.com, sender: a@example.com, recipients: [b@example.com]}
slos:
  - {name: chats, indicator: availability, target: 0.999, operation: chat}
  - {name: quick, indicator: time_to_first_token, target: 0.95, threshold_ms: 2500}
sign_in: {password_sign_in: false}
four_eyes: {enabled: false, hours: 5, actions: [delete_organization, "update_model:price"]}
model_grants:
  - {model: tiny, organization: research, project: search, reason: Pilot}
  - {model: shared, organization: research, expires_at: "2099-01-01T02:00:00+02:00"}
"""


ITEMS = """\
{"input": {"messages": [{"role": "user", "content": "退款要多久?"}], "temperature": 1.0}}
{"input": {"prompt": "When?"}, "expected": {"days": 10}, "metadata": {"by": "hand"}}

{"input": {"prompt": "When?"}, "expected": {"days": 10}, "metadata": {"by": "hand"}}
"""
"""Two of them say the same, and both count."""

_THERE = {"member", "sign-in policy", "four eyes"}
"""What a platform has from its start on."""


class Configured:
    """A control plane, as the command line sees it, without a process for each command."""

    def __init__(self, served: Served, place: Path) -> None:
        self.served = served
        self._place = place

    async def apply(self, file: Path, *, dry_run: bool = False) -> list[Step]:
        return await asyncio.to_thread(self._apply, file, dry_run=dry_run)

    async def export(self) -> str:
        """Return what is exported, as YAML."""
        sections = await asyncio.to_thread(self._export)
        return yaml.safe_dump(dict(sections), sort_keys=False, allow_unicode=True)

    def _apply(self, file: Path, *, dry_run: bool) -> list[Step]:
        documents = read_documents([file])
        assert documents.problems == []
        environ = {
            "CREDENTIAL_VENDOR": "sk-of-a-vendor",
            "CLIENT_SECRET_CORPORATE": "secret-of-a-client",
            "CHANNEL_URL_ON_CALL": "https://oapi.dingtalk.example/robot/send?access_token=t",
            "CHANNEL_SECRET_ON_CALL": "SEC-of-a-robot",
            "CHANNEL_URL_RESEARCH_CHAT": "https://hooks.slack.example/services/T/B/X",
        }
        with self._client() as client:
            applier = Applier(
                ControlClient(client), documents, environ, dry_run=dry_run, send_credentials=False
            )
            applier.run()
        assert applier.problems == []
        return applier.steps

    def _export(self) -> Mapping[str, Any]:
        with self._client() as client:
            return export(ControlClient(client), SystemClock().now())

    def _client(self) -> httpx.Client:
        return httpx.Client(base_url=self.served.url, headers=self.served.admin(), timeout=30)


async def _with_people(served: Served, place: Path) -> Configured:
    """People come by invitation or single sign-on, not by files; here they are."""
    async with httpx.AsyncClient(base_url=served.url, headers=served.admin(), timeout=30) as admin:
        for email in PEOPLE:
            body = {"email": email, "name": email, "password": PASSWORD}
            (await admin.post("/api/v1/users", json=body)).raise_for_status()
        # Whoever comes in by password where nobody else does.
        body = {"email": "night@example.com", "name": "Night", "password": PASSWORD}
        made = await admin.post(
            "/api/v1/users", json={**body, "platform_roles": ["platform_admin"]}
        )
        path = f"/api/v1/users/{made.raise_for_status().json()['id']}"
        (await admin.patch(path, json={"break_glass": True})).raise_for_status()
    return Configured(served, place)


@pytest.fixture
async def platform(served: Served, tmp_path: Path) -> Configured:
    return await _with_people(served, tmp_path)


@pytest.fixture
async def empty(postgres: PostgresServer, tmp_path: Path) -> AsyncGenerator[Configured]:
    """Another platform, on which nothing was done yet."""
    with postgres.create(migrated=True) as dsn:
        async with serving(control_settings(tmp_path / "empty", dsn)) as other:
            yield await _with_people(other, tmp_path)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    place = tmp_path / "platform.yaml"
    place.write_text(EVERYTHING, encoding="utf-8")
    (tmp_path / "refunds.jsonl").write_text(ITEMS, encoding="utf-8")
    keys = tmp_path / "secrets" / "research.staff.jwks.json"
    keys.parent.mkdir()
    keys.write_bytes(key_set(TestKey("RS256", "k1")))
    return place


def _changed(steps: list[Step]) -> list[tuple[str, str, Action]]:
    return [
        (step.kind, step.name, step.action) for step in steps if step.action is not Action.UNCHANGED
    ]


async def test_an_export_makes_the_same_platform_again(
    platform: Configured, empty: Configured, file: Path
) -> None:
    made = await platform.apply(file)
    assert {step.action for step in made if step.kind not in _THERE} == {Action.CREATE}
    first = await platform.export()
    again = file.with_name("again.yaml")
    again.write_text(first, encoding="utf-8")
    # What was exported says what is there, all of it, and no more.
    assert _changed(await platform.apply(again, dry_run=True)) == []
    assert "sk-of-a-vendor" not in first
    assert "secret-of-a-client" not in first
    for secret in (step.secret for step in made):
        assert secret is None or secret not in first
    jsonschema_rs.validator_for(file_schema()).validate(yaml.safe_load(first))

    declared = file.with_name("declared")
    status, _, err = await run(platform.served, "export", "-o", str(declared), "--items")
    assert status == 0, err
    shutil.copytree(file.with_name("secrets"), declared / "secrets")
    await empty.apply(declared)
    assert await empty.export() == first
    assert _changed(await empty.apply(declared)) == []
    [items] = (declared / "datasets").iterdir()
    assert items.stat().st_mode & 0o077 == 0
    assert [json.loads(line)["input"] for line in items.read_text("utf-8").splitlines()] == [
        json.loads(line)["input"] for line in ITEMS.splitlines() if line
    ]
    # Everything that was declared has come back, not just what stays by itself.
    wanted = yaml.safe_load(EVERYTHING)
    told = yaml.safe_load(first)
    [research] = [each for each in told["organizations"] if each["slug"] == "research"]
    assert {part: len(research[part]) for part in PART_READERS} == {
        part: len(wanted["organizations"][0][part]) for part in PART_READERS
    }


async def test_a_key_follows_its_file_and_keeps_its_secret(
    platform: Configured, file: Path
) -> None:
    await platform.apply(file)
    changed = EVERYTHING.replace("tokens_per_day: 7}", "tokens_per_day: 8}, scopes: [models:read]")
    changed = changed.replace(
        "{name: none-at-all, models: []}",
        '{name: none-at-all, expires_at: "2099-01-01T02:00:00+02:00"}',
    )
    await asyncio.to_thread(file.write_text, changed, encoding="utf-8")
    steps = await platform.apply(file)
    assert [(step.name, step.fields) for step in steps if step.action is not Action.UNCHANGED] == [
        ("research/search/ci", ("scopes", "limits")),
        ("research/search/none-at-all", ("expires_at",)),
    ]
    assert [step.secret for step in steps if step.kind == "key"] == [None, None]
    # A time that is written otherwise is the same time.
    assert _changed(await platform.apply(file)) == []
    [research] = [
        each
        for each in yaml.safe_load(await platform.export())["organizations"]
        if each["slug"] == "research"
    ]
    [search] = [each for each in research["projects"] if each["slug"] == "search"]
    assert [key.get("models") for key in search["keys"]] == [["tiny"], []]


async def test_what_differs_is_told_field_by_field_and_only_what_was_applied_goes(
    platform: Configured, file: Path
) -> None:
    record = file.with_name("applied.json")
    smaller = file.with_name("smaller.yaml")
    content = yaml.safe_load(EVERYTHING)
    for section in (
        "organizations",
        "sign_in",
        "identity_providers",
        "gpu_prices",
        "access_rules",
        "slos",
        "model_grants",
        "notification_channels",
    ):
        del content[section]
    content["upstreams"] = [{"name": "plain", "base_url": "https://plain.example"}]
    content["models"] = [content["models"][1]]
    content["policies"] = [content["policies"][0]]
    await asyncio.to_thread(file.write_text, yaml.safe_dump(content), encoding="utf-8")
    async with httpx.AsyncClient(
        base_url=platform.served.url, headers=platform.served.admin()
    ) as admin:
        by_hand: dict[str, Any] = {"name": "by-hand", "parameters": [{"name": "top_p", "max": 1}]}
        (await admin.post("/api/v1/policies", json=by_hand)).raise_for_status()
    status, _, err = await run(platform.served, "apply", "-f", str(file), "--record", str(record))
    assert status == 0, err
    del content["policies"]
    content["models"][0]["tasks"] = ["chat", "completion"]
    await asyncio.to_thread(smaller.write_text, yaml.safe_dump(content), encoding="utf-8")
    words = ("-f", str(smaller), "--record", str(record))
    status, out, err = await run(platform.served, "diff", *words)
    assert (status, out.splitlines()) == (
        8,
        [
            "~ update model shared",
            '    tasks: ["chat"] -> ["chat", "completion"]',
            "- remove policy everywhere",
        ],
    ), err
    unrecorded = await run(platform.served, "apply", "-f", str(smaller), "--prune")
    assert unrecorded[0] == 2
    # Without being asked nothing goes, and what stays is remembered for a later run.
    status, out, err = await run(platform.served, "apply", *words)
    assert (status, "remove" in out) == (0, False), err
    status, out, err = await run(platform.served, "apply", *words, "--prune")
    assert (status, "- remove policy everywhere" in out) == (0, True), err
    assert "1 removed" in err
    policies = yaml.safe_load(await platform.export())["policies"]
    assert [policy["name"] for policy in policies] == ["by-hand"]
    assert (await run(platform.served, "diff", *words))[0] == 0
    assert (await run(platform.served, "providers", "passwords"))[:2] == (0, "on\n")


def test_every_section_and_part_can_be_exported() -> None:
    assert SECTION_READERS.keys() == SECTIONS.keys()
    assert SINGLE_READERS.keys() == SINGLES.keys()
    parts = {
        name
        for name, shape in OrganizationDocument.__annotations__.items()
        if str(shape).startswith("list[")
    }
    assert PART_READERS.keys() == parts


@pytest.mark.parametrize(
    "wrong",
    [
        "{modles: []}",
        "{models: [{name: m}]}",
        "{models: [{name: m, targets: [], typo: 1}]}",
        "{organizations: [{slug: 7}]}",
    ],
)
def test_the_schema_finds_what_reading_would_refuse(wrong: str, tmp_path: Path) -> None:
    file = tmp_path / "wrong.yaml"
    file.write_text(wrong)
    assert read_documents([file]).problems
    assert not jsonschema_rs.validator_for(file_schema()).is_valid(yaml.safe_load(wrong))
