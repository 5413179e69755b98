"""Random actors, random calls, every endpoint: nobody reads or changes another tenant's data.

Two tenants have the same kinds of things. All names in one hold a word that nobody outside knows; a
leak is that word, or an id that the caller did not send, in an answer. A change is any row that
belongs to neither the caller's organisation nor the caller, and is different afterwards.

The second test does the same with the application's own check taken out, so that only row-level
security is left.
"""

import asyncio
import importlib
import pkgutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from sqlalchemy import text

import mainspring.capabilities
from mainspring.app.control.application import fastapi_application
from mainspring.app.control.wiring import CONSOLE_FILES, Control
from mainspring.infra.db import metadata
from mainspring.kernel import authorize as deciding
from mainspring.kernel.access import Permission
from mainspring.kernel.ids import new_id
from mainspring.kernel.scope import PLATFORM_ORG, Scope
from mainspring.snapshot.resources import ModelTarget
from mainspring.testing.tokens import TestKey, key_set
from tests.fixtures.alerting import alerts_for
from tests.fixtures.calls import Call, Caller, Operation, operations
from tests.fixtures.control import PLATFORM, Api, Person, control_settings, usage_record
from tests.fixtures.datasets import dataset_for
from tests.fixtures.prepared import quick_hasher

_NEVER = {"follow_live", "sign_out"}
"""A stream without an end; and the end of the session that the next call needs."""

_BY_THE_CHECK_ALONE = {"explain_access"}
"""Reads across tenants by its nature, after the check: nothing beneath could tell it apart."""

_LAST = {"delete_organization"}
"""Unchecked, it would succeed on the caller's own organisation and leave nothing to look at."""

_VOLATILE = {"seen_at", "last_used_at"}
"""Columns that say when something was used."""

_NOT_DATA = {"sign_in_attempts", "idempotency_keys", "snapshot_head", "snapshot_resources"}
_TRAIL = {"audit_events", "audit_heads"}
"""What somebody does is told in their organisation's chain, or in the platform's."""
_PERSONAL = {"sessions": "user_id", "tokens": "user_id", "users": "id"}
"""Tables of people: a caller may change what is their own, and that only."""

_ROLES = ("org_admin", "security", "finance", "developer", "viewer", "end_user", "guest", "own")
_SLOW = (HealthCheck.too_slow, HealthCheck.data_too_large)
_EXAMPLES = settings(
    max_examples=25,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=_SLOW,
)


class Tenant(msgspec.Struct):
    """One of the two; ``word`` is in all its names, ``ids`` are of its things by parameter."""

    word: str
    org_id: str
    ids: dict[str, list[str]]
    people: list[Person]
    sent: str = ""
    """All that its people ever said."""


class World:
    """A control plane with two tenants, on an event loop of its own."""

    def __init__(self, dsn: str, home: Path) -> None:
        self.runner = asyncio.Runner()
        self.control = self.runner.run(self._build(dsn, home))
        self.api = Api(self.control, home / "no-console")
        self.tenants = [self.tenant(name) for name in ("Alpha", "Beta")]
        self.document: dict[str, Any] = fastapi_application(
            self.control, console=CONSOLE_FILES
        ).openapi()
        words = {value for each in self.tenants for ids in each.ids.values() for value in ids}
        self.caller = Caller(self.document, [*words, "x", "nobody@example.com", "org_platform"])
        self.ids: dict[str, list[str]] = {}
        for tenant in self.tenants:
            for name, values in tenant.ids.items():
                self.ids.setdefault(name, []).extend(values)

    def close(self) -> None:
        self.runner.run(self.control.close())
        self.runner.close()

    async def _build(self, dsn: str, home: Path) -> Control:
        control = Control(control_settings(home, dsn), hasher=quick_hasher())
        await control.preparation.run()
        control.start()
        return control

    def tenant(self, name: str) -> Tenant:
        """Return a new tenant with one of everything."""
        return self.runner.run(self._tenant(name))

    async def _tenant(self, name: str) -> Tenant:
        word = f"{name.lower()}{new_id('org')[-12:]}"
        control, api = self.control, self.api
        org_id, project_id = await api.tenant(word)
        await control.roles.create(
            PLATFORM, org_id, name="own", description=word, permissions=["key:read", "member:write"]
        )
        people = [await api.member(org_id, role) for role in _ROLES]
        users = [str(person.session["user"]["id"]) for person in people]
        await control.members.put_in_project(PLATFORM, project_id, users[-2], "project_admin")
        owner = people[0].client
        at = f"/api/v1/organizations/{org_id}"
        group = (await owner.post(f"{at}/groups", json={"name": word})).json()
        await owner.put(f"/api/v1/groups/{group['id']}/members/{users[3]}")
        invitation = (
            await owner.post(f"{at}/invitations", json={"email": f"{word}@example.com"})
        ).json()
        key = (await owner.post(f"/api/v1/projects/{project_id}/keys", json={"name": word})).json()
        provider = (
            await owner.post(
                f"{at}/identity-providers",
                json={
                    "name": word,
                    "issuer": f"https://{word}.example.com",
                    "client_id": "mainspring",
                    "allowed_domains": [f"{word}.example.com"],
                },
            )
        ).json()
        issuer = (
            await owner.post(
                f"{at}/token-issuers",
                json={
                    "name": word,
                    "issuer": f"https://{word}.example.com",
                    "audience": word,
                    "keys": key_set(TestKey()).decode(),
                },
            )
        ).json()
        token = (await owner.post("/api/v1/tokens", json={"name": word})).json()
        upstream = await control.catalog.find_upstream(PLATFORM, "embedded-llm")
        assert upstream is not None
        model = await control.catalog.create_model(
            PLATFORM, name=word, org_id=org_id, targets=[ModelTarget(upstream.id, "m")]
        )
        given = await control.model_grants.create(PLATFORM, org_id, model_id=model.id, reason=word)
        release = await control.releases.register(
            PLATFORM, model.id, version="2", targets=[ModelTarget(upstream.id, "n")], reason=word
        )
        alerting = await alerts_for(control, org_id)
        taught = await dataset_for(control, project_id, word)
        record = usage_record(org_id, project_id, key_id=key["id"], model=word, actor_id=users[0])
        record = msgspec.structs.replace(record, id="use_" + record.request_id[4:])
        await api.ingest(record)
        return Tenant(
            word=word,
            org_id=org_id,
            ids={
                "org_id": [org_id],
                "project_id": [project_id],
                "user_id": users,
                "group_id": [group["id"]],
                "name": ["own"],
                "invitation_id": [invitation["id"]],
                "provider_id": [provider["id"]],
                "issuer_id": [issuer["id"]],
                "key_id": [key["id"]],
                "token_id": [token["id"]],
                "model_id": [model.id],
                "upstream_id": [upstream.id],
                "release_id": [release.id],
                "grant_id": [given.id],
                "request_id": [record.request_id],
                **{name: [value] for name, value in (alerting | taught).items()},
            },
            people=people,
        )

    async def rest_of(self, tenant: Tenant, person: Person) -> dict[str, str]:
        """Return a digest of every table's rows that are neither the tenant's nor the person's."""
        digests: dict[str, str] = {}
        own = {"org": tenant.org_id, "user": person.session["user"]["id"]}
        async with self.control.database.session(PLATFORM) as session:
            for name, table in sorted(metadata.tables.items()):
                if name in _NOT_DATA:
                    continue
                columns = [each.name for each in table.columns if each.name not in _VOLATILE]
                condition = "true"
                if name in _PERSONAL:
                    condition = f"{_PERSONAL[name]} IS DISTINCT FROM :user"
                elif name == "organizations":
                    condition = "id <> :org"
                elif name in _TRAIL:
                    condition = f"org_id NOT IN (:org, '{PLATFORM_ORG}')"
                elif "org_id" in columns:
                    condition = "org_id IS DISTINCT FROM :org"
                query = (
                    f"SELECT md5(coalesce(string_agg(line, '' ORDER BY line), '')) FROM"  # noqa: S608 - our own names
                    f" (SELECT row({', '.join(columns)})::text AS line FROM {name}"
                    f" WHERE {condition}) AS lines"
                )
                digests[name] = (await session.execute(text(query), own)).scalar_one()
        return digests

    async def send(self, person: Person, call: Call) -> httpx.Response:
        return await person.client.request(
            call.method, call.path, params=call.query, json=call.body
        )

    async def restore(self, tenant: Tenant) -> None:
        """Give everybody their place back, so that later calls are not all refused."""
        for role, user_id in zip(_ROLES, tenant.ids["user_id"], strict=True):
            async with self.control.database.session(PLATFORM) as session:
                statement = text(
                    "INSERT INTO memberships VALUES (:org, :user, :role, now())"
                    " ON CONFLICT (org_id, user_id) DO UPDATE SET role = excluded.role"
                )
                values = {"org": tenant.org_id, "user": user_id, "role": role}
                await session.execute(statement, values)


@pytest.fixture(scope="module")
def world(module_database_dsn: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    built = World(module_database_dsn, tmp_path_factory.mktemp("isolation"))
    yield built
    built.close()


def _leaks(tenant: Tenant, others: Sequence[Tenant], call: Call, answer: str) -> list[str]:
    # What a tenant's people said once may come back later: as a name that they gave, in the trail
    # of what they tried. The others' words they never know, so every foreign row still shows.
    tenant.sent += call.sent()
    sent = tenant.sent
    shared = {value for ids in tenant.ids.values() for value in ids}
    secrets = {
        value
        for other in others
        for value in (other.word, *(each for ids in other.ids.values() for each in ids))
        if value not in shared and value not in sent
    }
    return sorted(value for value in secrets if value in answer)


def _try(world: World, data: st.DataObject, chosen: list[Operation], *, may_fail: bool) -> None:
    tenant = data.draw(st.sampled_from(world.tenants), label="tenant")
    others = [each for each in world.tenants if each is not tenant]
    place = data.draw(st.integers(0, len(_ROLES) - 1), label="role")
    person = tenant.people[place]
    calls = data.draw(
        st.lists(world.caller.calls(chosen, world.ids), min_size=6, max_size=14), label="calls"
    )

    async def run() -> None:
        await world.restore(tenant)
        before = await world.rest_of(tenant, person)
        for call in calls:
            try:
                answer = await world.send(person, call)
            except httpx.InvalidURL:
                continue
            assert _leaks(tenant, others, call, answer.text) == [], (call, answer.text)
            assert may_fail or answer.status_code != 500, (call, answer.text)
        after = await world.rest_of(tenant, person)
        assert after == before, [name for name in after if after[name] != before[name]]

    world.runner.run(run())


@pytest.mark.timeout(300)
@_EXAMPLES
@given(data=st.data())
def test_no_call_by_anybody_reads_or_changes_what_is_another_tenants(
    world: World, data: st.DataObject
) -> None:
    chosen = [each for each in operations(world.document) if each.id not in _NEVER]
    assert len(chosen) > 50
    _try(world, data, chosen, may_fail=False)


@pytest.fixture
def unchecked(monkeypatch: pytest.MonkeyPatch) -> int:
    """Take the application's check out of every module that asks it; returns how many do."""

    def authorize(
        scope: Scope, permission: Permission, *, org_id: str, project_id: str | None = None
    ) -> Scope:
        """Let everybody do everything, as code does that forgot to ask."""
        del permission, org_id, project_id
        own = next((grant.org_id for grant in scope.grants if grant.org_id), "org_none")
        return scope if scope.crosses_tenants else msgspec.structs.replace(scope, org_id=own)

    patched = 0
    for found in pkgutil.walk_packages(
        mainspring.capabilities.__path__, "mainspring.capabilities."
    ):
        module = importlib.import_module(found.name)
        if getattr(module, "authorize", None) is deciding.authorize:
            monkeypatch.setattr(module, "authorize", authorize)
            patched += 1
    return patched


@pytest.mark.timeout(300)
@settings(
    _EXAMPLES,
    suppress_health_check=[*_SLOW, HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_with_the_applications_check_taken_out_the_database_still_keeps_tenants_apart(
    world: World, unchecked: int, data: st.DataObject
) -> None:
    assert unchecked >= 8
    skipped = _NEVER | _BY_THE_CHECK_ALONE | _LAST
    chosen = [each for each in operations(world.document) if each.id not in skipped]
    _try(world, data, chosen, may_fail=True)


def test_what_looks_at_every_tenant_writes_to_its_own_only(world: World, unchecked: int) -> None:
    # Whether an issuer or a domain is somebody else's is asked of all tenants' rows, within the
    # transaction that writes then.
    assert unchecked
    ours, theirs = world.tenants
    owner = ours.people[0]
    provider = f"/api/v1/identity-providers/{theirs.ids['provider_id'][0]}"
    named = {"name": "net", "issuer": "https://net.example.com"}
    issuer = {**named, "audience": "net", "keys": key_set(TestKey()).decode()}
    calls = [
        Call("", "post", "/api/v1/identity-providers", {}, {**named, "client_id": "net"}),
        Call("", "get", provider, {}),
        Call("", "patch", provider, {}, {"enabled": False}),
        Call("", "delete", provider, {}),
        Call("", "post", f"/api/v1/organizations/{theirs.org_id}/token-issuers", {}, issuer),
    ]

    async def run() -> list[bool]:
        before = await world.rest_of(ours, owner)
        refused = [(await world.send(owner, call)).status_code >= 400 for call in calls]
        assert before == await world.rest_of(ours, owner)
        return refused

    assert world.runner.run(run()) == [True] * len(calls)


def test_the_oracle_sees_a_leak_and_a_change(world: World) -> None:
    # Two of its own: what the other tests did to theirs, or tried, does not matter here.
    ours, theirs = world.tenant("Gamma"), world.tenant("Delta")
    call = Call("get_x", "get", "/x", {})
    assert _leaks(ours, [theirs], call, f"… {theirs.word} …") == [theirs.word]
    assert _leaks(ours, [theirs], call, theirs.ids["key_id"][0]) == theirs.ids["key_id"]
    echoed = Call("get_x", "get", f"/x/{theirs.ids['key_id'][0]}", {})
    assert _leaks(ours, [theirs], echoed, theirs.ids["key_id"][0]) == []

    async def changed(org_id: str) -> bool:
        before = await world.rest_of(ours, ours.people[0])
        async with world.control.database.session(PLATFORM) as session:
            statement = text("UPDATE projects SET name = name || '!' WHERE org_id = :org")
            await session.execute(statement, {"org": org_id})
        return before != await world.rest_of(ours, ours.people[0])

    assert world.runner.run(changed(theirs.org_id))
    assert not world.runner.run(changed(ours.org_id))
