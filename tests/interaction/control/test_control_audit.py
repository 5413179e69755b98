"""The audit trail: told with the change, by whom, without secrets, and tampering is found."""

import hashlib
import json
from typing import Any

import httpx
import pytest
from pyotp.totp import TOTP
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from mainspring.app.control.application import fastapi_application
from mainspring.app.control.wiring import CONSOLE_FILES, Control
from mainspring.capabilities.identity.api import Role
from mainspring.capabilities.oauth.api import AccountChanges
from mainspring.infra.db import metadata
from mainspring.infra.feed import head_version
from mainspring.kernel.errors import ConflictError
from mainspring.kernel.ids import new_id
from mainspring.kernel.scope import PLATFORM_ORG, Actor, ActorKind, Scope
from mainspring.snapshot.resources import ModelTarget
from mainspring.testing.tokens import TestKey, key_set
from tests.fixtures.access import access_for, is_about_access
from tests.fixtures.alerting import alert_bodies, alerts_for
from tests.fixtures.calls import operations
from tests.fixtures.control import PASSWORD, PLATFORM, Api, Person, call_record
from tests.fixtures.datasets import dataset_bodies, dataset_for
from tests.fixtures.oversight import OVERSIGHT, do_about_oversight
from tests.fixtures.releases import RELEASE_BODIES, release_for

API = "/api/v1"
EVENTS = f"{API}/audit/events"
VERIFICATION = f"{API}/audit/verification"

_CHANGES_NOTHING = {
    "create_score": "what is said of a call, kept beside it",
    "dry_run_policies": "reads what was recorded and keeps nothing",
    "draft_upstream": "fills in a preset and keeps nothing",
    "open_invitation": "reads what a link offers",
    "refresh_token_issuer": "asks a provider for its keys; keys that changed are told",
    "playground_chat": "a model call, which is in the ledger",
    "playground_embeddings": "likewise",
    "playground_rerank": "likewise",
    "replay_call": "likewise",
    "check_identity_provider": "asks a provider, and says what is wrong",
    "test_notification_channel": "sends a message, and says what came of it",
    "receive_alertmanager": "alerts are a history of their own",
    "receive_organization_alertmanager": "likewise",
    "connect_identity": "begins what the provider's answer ends",
    "disconnect_identity": "needs an account at a provider; see test_control_sso.py",
    "put_sign_in_policy": "already so; switching off has a test in test_control_sso.py",
}

_BY_STRANGERS = {"sign_in", "accept_invitation"}

_UNAUDITED = {
    "alerts": "a history of its own",
    "notification_groups": "what channels were told, which is kept with each message",
    "notifications": "a history of its own",
    "audit_events": "the trail itself",
    "audit_cuts": "the trail itself",
    "audit_heads": "the trail itself",
    "batches": "work on calls, which is in the ledger",
    "batch_items": "work on calls, which is in the ledger",
    "call_records": "content of calls",
    "call_terms": "what content of calls is found by",
    "call_replays": "that calls were made, which is in the ledger",
    "call_scores": "content of calls",
    "call_spans": "content of calls",
    "dataset_items": "content; that a data set's items changed is told of the data set",
    "files": "content of calls, which is its owner's",
    "gateway_tallies": "numbers from gateways and from the ledger",
    "gpu_charges": "the ledger",
    "idempotent_requests": "answers kept for a day",
    "job_executors": "heartbeats",
    "parts": "heartbeats",
    "release_decisions": "a history of its own",
    "release_events": "a history of its own, of what is told",
    "release_samples": "numbers from the ledger",
    "slo_alerts": "a history of its own",
    "slo_minutes": "numbers from the ledger",
    "slo_progress": "how far the ledger was counted",
    "release_upstreams": "follows from what is told",
    "setup_token": "the account that it makes is told",
    "used_sign_ins": "what a sign-in used up; the session is told",
    "sign_in_attempts": "each refusal is told",
    "snapshot_head": "follows from what is told",
    "snapshot_resources": "follows from what is told",
    "stored_turns": "content of calls, which is its owner's",
    "unreadable_records": "the ledger",
    "usage_records": "the ledger",
}


async def events(client: httpx.AsyncClient, **query: str) -> list[dict[str, Any]]:
    answer = await client.get(EVENTS, params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


async def hand(control: Control, statement: str, **values: object) -> None:
    """Change the database as whoever owns all of it, past every rule."""
    tables = ("audit_events", await _partition(control))
    async with control.database.session(PLATFORM) as session:
        for table in tables:
            await session.execute(text(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY"))
            await session.execute(text(f"GRANT UPDATE, DELETE ON {table} TO CURRENT_USER"))
        await session.execute(text("ALTER TABLE audit_events DISABLE TRIGGER append_only"))
        await session.execute(text(statement), values)
        await session.execute(text("ALTER TABLE audit_events ENABLE TRIGGER append_only"))
        for table in tables:
            await session.execute(text(f"REVOKE UPDATE, DELETE ON {table} FROM CURRENT_USER"))
            await session.execute(text(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY"))


async def _partition(control: Control) -> str:
    async with control.database.session(PLATFORM) as session:
        query = text("SELECT DISTINCT tableoid::regclass::text FROM audit_events")
        return (await session.execute(query)).scalar_one()


async def test_a_change_is_told_with_who_what_and_in_which_request(api: Api) -> None:
    org_id, project_id = await api.tenant("Told")
    owner = await api.member(org_id)
    path = f"{API}/projects/{project_id}"
    async with api.control.database.session(PLATFORM) as session:
        held = await head_version(session)
    answer = await owner.client.patch(path, json={"name": "Renamed"})
    [event] = await events(owner.client, request_id=answer.headers["x-request-id"])
    assert event["actor_kind"] == "user"
    assert event["actor_id"] == owner.session["user"]["id"]
    assert (event["action"], event["object_id"], event["org_id"]) == (
        "project.update",
        project_id,
        org_id,
    )
    assert (event["before"], event["after"]) == ({"name": "Told project"}, {"name": "Renamed"})
    assert event["policy_version"] == held > 0
    same = await owner.client.patch(path, json={"name": "Renamed"})
    assert await events(owner.client, request_id=same.headers["x-request-id"]) == []
    suspended = await owner.client.patch(path, json={"suspended": True})
    [event] = await events(owner.client, request_id=suspended.headers["x-request-id"])
    assert event["action"] == "project.suspend"


async def test_what_was_undone_was_never_told(control: Control, api: Api) -> None:
    org_id, _ = await api.tenant("Undone")
    owner = await api.member(org_id)
    before = await events(owner.client)
    scope = Scope(org_id=org_id, actor=Actor(ActorKind.USER, "usr_x"))

    async def change_and_fail() -> None:
        async with control.database.session(scope) as session:
            await session.execute(text("UPDATE projects SET name = 'x'"))
            raise ConflictError

    with pytest.raises(ConflictError):
        await change_and_fail()
    assert await events(owner.client) == before


async def test_no_secret_is_in_the_trail(api: Api, admin: httpx.AsyncClient) -> None:
    org_id, project_id = await api.tenant("Secrets")
    owner = await api.member(org_id)
    key = (await owner.client.post(f"{API}/projects/{project_id}/keys", json={"name": "k"})).json()
    token = (await owner.client.post(f"{API}/tokens", json={"name": "t"})).json()
    invitation = await owner.client.post(
        f"{API}/organizations/{org_id}/invitations", json={"email": "a@example.com"}
    )
    upstream = {"name": "u", "base_url": "http://127.0.0.1:1", "credential": "sk-very-secret"}
    await admin.post(f"{API}/upstreams", json=upstream)
    exported = (await admin.get(f"{API}/audit/export")).text
    assert "upstream.create" in exported
    for secret in (key["secret"], token["secret"], PASSWORD, "sk-very-secret"):
        assert secret not in exported
        assert hashlib.sha256(secret.encode()).hexdigest() not in exported
    assert invitation.json()["link"].partition("#token=")[2] not in exported
    assert "argon2" not in exported
    made = [json.loads(line) for line in exported.splitlines()]
    [created] = [each for each in made if each["object_id"] == key["id"]]
    assert created["after"]["digest"] == "[redacted]"
    sealed = {
        each["after"]["name"]: each["after"]["credential"]
        for each in made
        if each["action"] == "upstream.create"
    }
    assert (sealed["u"], sealed["embedded-llm"]) == ("[redacted]", None)


async def test_signing_in_and_being_refused_are_told(
    api: Api, admin: httpx.AsyncClient, stranger: httpx.AsyncClient
) -> None:
    org_id, _ = await api.tenant("Doors")
    person = await api.member(org_id, Role.DEVELOPER)
    email, user_id = person.session["user"]["email"], person.session["user"]["id"]
    [opened] = await events(admin, action="session.create", actor_id=user_id)
    assert opened["org_id"] == PLATFORM_ORG
    await stranger.post(f"{API}/sessions", json={"email": email, "password": "not this one"})
    await stranger.post(f"{API}/sessions", json={"email": "no@x.example", "password": "whatever.."})
    unknown, wrong = await events(admin, action="session.refuse")
    assert (wrong["object_id"], wrong["after"]["reason"]) == (user_id, "the password is wrong")
    assert unknown["after"]["email"] == "no@x.example"
    assert "not this one" not in str([unknown, wrong])
    refused = await person.client.patch(f"{API}/organizations/{org_id}", json={"name": "Mine"})
    assert refused.status_code == 403
    [told] = await events(admin, action="access.refuse")
    assert (told["actor_id"], told["org_id"]) == (user_id, org_id)
    assert told["object_id"] == f"PATCH {API}/organizations/{org_id}"
    assert "organization:write" in told["after"]["reason"]
    await person.client.delete(f"{API}/sessions/current")
    [closed] = await events(admin, action="session.delete")
    assert closed["actor_id"] == user_id


async def test_refusals_of_one_actor_are_bounded(api: Api, admin: httpx.AsyncClient) -> None:
    org_id, _ = await api.tenant("Flood")
    person = await api.member(org_id, Role.VIEWER)
    for _ in range(40):
        await person.client.patch(f"{API}/organizations/{org_id}", json={"name": "x"})
    assert len(await events(admin, action="access.refuse", limit="100")) == 30


async def test_an_organisation_sees_its_own_chain_and_searches_it(
    api: Api, admin: httpx.AsyncClient
) -> None:
    ours, project_id = await api.tenant("Ours")
    theirs, _ = await api.tenant("Theirs")
    owner = await api.member(ours)
    seen = await events(owner.client)
    assert {each["org_id"] for each in seen} == {ours}
    for query in ({"org_id": theirs}, {"org_id": PLATFORM_ORG}):
        answer = await owner.client.get(EVENTS, params=query)
        assert answer.status_code in {403, 404}
    everything = await events(admin, limit="200")
    assert {ours, theirs, PLATFORM_ORG} <= {each["org_id"] for each in everything}
    [made] = await events(owner.client, object_id=project_id)
    assert made["action"] == "project.create"
    developer = await api.member(ours, Role.DEVELOPER)
    assert (await developer.client.get(EVENTS)).status_code == 403
    listed: list[Any] = []
    cursor = None
    while True:
        query = {"limit": "2"} | ({"cursor": cursor} if cursor else {})
        page = (await owner.client.get(EVENTS, params=query)).json()
        listed += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    numbers = [each["seq"] for each in listed]
    assert numbers == sorted(numbers, reverse=True)
    assert numbers[-1] == 1
    early = {"until": "2020-01-02T00:00:00Z", "since": "2020-01-01T00:00:00Z"}
    assert await events(owner.client, **early) == []
    backwards = await owner.client.get(
        EVENTS, params={"since": early["until"], "until": early["since"]}
    )
    assert backwards.status_code == 400


async def test_the_application_can_neither_change_nor_remove_an_event(
    api: Api, control: Control
) -> None:
    await api.tenant("Fixed")
    month = await _partition(control)
    for statement in (
        "UPDATE audit_events SET hash = ''",
        "DELETE FROM audit_events",
        "TRUNCATE audit_events",
        f"UPDATE {month} SET hash = ''",  # noqa: S608 - our own name
        f"DELETE FROM {month}",  # noqa: S608 - likewise
        f"TRUNCATE {month}",
    ):
        with pytest.raises(ProgrammingError, match=r"permission denied|append-only"):
            async with control.database.session(PLATFORM) as session:
                await session.execute(text(statement))


async def test_a_change_by_hand_is_told_by_the_name_of_the_database_session(
    api: Api, control: Control, admin: httpx.AsyncClient
) -> None:
    _, project_id = await api.tenant("By hand")
    async with control.database.engine.begin() as connection:
        await connection.execute(text("SET LOCAL mainspring.crosses_tenants = 'on'"))
        await connection.execute(
            text("UPDATE projects SET name = 'x' WHERE id = :id"), {"id": project_id}
        )
    told = (await events(admin, object_id=project_id))[0]
    assert (told["actor_kind"], told["action"]) == ("database", "project.update")


async def test_an_untouched_trail_is_intact(api: Api, admin: httpx.AsyncClient) -> None:
    org_id, _ = await api.tenant("Intact")
    owner = await api.member(org_id)
    found = (await admin.get(VERIFICATION)).json()
    assert (found["intact"], found["faults"]) == (True, [])
    assert found["chains"] >= 2
    assert found["events"] > 5
    own = (await owner.client.get(VERIFICATION)).json()
    assert (own["intact"], own["chains"]) == (True, 1)
    assert [each["org_id"] for each in own["anchors"]] == [org_id]


async def _chain(api: Api) -> str:
    org_id, project_id = await api.tenant("Chain")
    for number in range(5):
        await api.control.keys.create(PLATFORM, project_id, name=f"key {number}")
    return org_id


async def _faults(admin: httpx.AsyncClient, **query: str) -> set[tuple[int, str]]:
    found = (await admin.get(VERIFICATION, params=query)).json()
    assert found["intact"] is (found["faults"] == [])
    return {(each["seq"], each["kind"]) for each in found["faults"]}


async def test_an_altered_event_is_found(api: Api, admin: httpx.AsyncClient) -> None:
    org_id = await _chain(api)
    await hand(
        api.control,
        "UPDATE audit_events SET content = jsonb_set(content, '{actor_id}', '\"usr_other\"')"
        " WHERE org_id = :org AND seq = 3",
        org=org_id,
    )
    assert await _faults(admin) == {(3, "altered")}


async def test_an_event_that_was_hashed_anew_is_found(api: Api, admin: httpx.AsyncClient) -> None:
    org_id = await _chain(api)
    await hand(
        api.control,
        "UPDATE audit_events SET content = told, hash = sha256(previous || convert_to(told::text,"
        " 'UTF8')) FROM (SELECT jsonb_set(content, '{actor_id}', '\"usr_other\"') AS told"
        " FROM audit_events WHERE org_id = :org AND seq = 3) AS other"
        " WHERE org_id = :org AND seq = 3",
        org=org_id,
    )
    assert await _faults(admin) == {(4, "altered")}


async def test_a_removed_event_is_found(api: Api, admin: httpx.AsyncClient) -> None:
    org_id = await _chain(api)
    await hand(api.control, "DELETE FROM audit_events WHERE org_id = :org AND seq = 4", org=org_id)
    assert await _faults(admin) == {(5, "missing")}


async def test_a_cut_end_is_found_by_the_head_the_file_and_what_was_noted_elsewhere(
    api: Api, admin: httpx.AsyncClient
) -> None:
    org_id = await _chain(api)
    found = (await admin.get(VERIFICATION, params={"org_id": org_id})).json()
    [anchor] = found["anchors"]
    noted = f"{org_id}:{anchor['seq']}:{anchor['hash']}"
    last = anchor["seq"]
    await hand(
        api.control,
        "DELETE FROM audit_events WHERE org_id = :org AND seq > :last",
        org=org_id,
        last=last - 2,
    )
    assert await _faults(admin) == {(last, "truncated")}
    # Whoever also mends the head is found by an anchor out of the database's reach.
    async with api.control.database.session(PLATFORM) as session:
        await session.execute(
            text(
                "UPDATE audit_heads SET seq = :seq, hash = (SELECT hash FROM audit_events"
                " WHERE org_id = :org AND seq = :seq) WHERE org_id = :org"
            ),
            {"org": org_id, "seq": last - 2},
        )
    assert await _faults(admin, org_id=org_id) == set()
    assert await _faults(admin, org_id=org_id, anchor=noted) == {(last, "truncated")}


async def test_anchors_in_the_data_directory_find_a_cut_end(
    api: Api, admin: httpx.AsyncClient, control: Control
) -> None:
    org_id = await _chain(api)
    await control.audit.note_anchors()
    path = control.settings.home / "audit-anchors.json"
    assert path.stat().st_mode & 0o077 == 0
    last = json.loads(path.read_text())[org_id][0]
    await hand(control, "DELETE FROM audit_events WHERE org_id = :org", org=org_id)
    async with control.database.session(PLATFORM) as session:
        await session.execute(text("DELETE FROM audit_heads WHERE org_id = :org"), {"org": org_id})
    assert (last, "truncated") in await _faults(admin)
    await control.audit.note_anchors()
    assert json.loads(path.read_text())[org_id][0] == last


async def test_every_table_is_audited_or_says_why_not(control: Control) -> None:
    async with control.database.session(PLATFORM) as session:
        query = text(
            "SELECT relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid"
            " WHERE tgname = 'audit'"
        )
        audited = set((await session.execute(query)).scalars())
    assert audited.isdisjoint(_UNAUDITED)
    assert metadata.tables.keys() - audited - _UNAUDITED.keys() == set()


@pytest.mark.timeout(300)
async def test_every_route_that_changes_something_is_told(
    api: Api, control: Control, admin: httpx.AsyncClient
) -> None:
    document = fastapi_application(control, console=CONSOLE_FILES).openapi()
    untold: list[str] = []
    first = await admin.post(f"{API}/setup", json=_setup(control))  # while nobody has an account
    [made] = await events(admin, action="user.create")
    assert made["object_id"] == first.json()["user"]["id"]
    for operation in operations(document):
        skipped = operation.id in _CHANGES_NOTHING or operation.id == "complete_setup"
        if operation.method == "get" or skipped:
            continue
        do = _do_about_access if is_about_access(operation.id) else _do
        do = do_about_oversight if operation.id in OVERSIGHT else do
        if "secrets" in operation.item["tags"]:
            do = _do_about_keys
        answer = await do(api, admin, operation.id, operation.method, operation.path)
        assert answer.status_code < 300, (operation.id, answer.text)
        if operation.id in _BY_STRANGERS:  # who they are is known by the end of the request only
            told = await events(admin, actor_id=answer.json()["user"]["id"])
        else:
            told = await events(admin, request_id=answer.headers["x-request-id"])
        if not told:
            untold.append(operation.id)
    assert untold == []


_BY_THEMSELVES = {
    "sign_in",
    "sign_out",
    "sign_out_everywhere",
    "create_token",
    "revoke_token",
    "join_by_invitation",
    "change_password",
    "enrol_second_factor",
    "confirm_second_factor",
    "remove_second_factor",
    "end_own_session",
}
"""What people do about their own; the rest an administrator does here."""


async def _code(control: Control, person: Person, operation_id: str) -> str:
    """Begin to use an authenticator app where the operation is about one; return its code."""
    if not operation_id.endswith("_second_factor") or operation_id == "enrol_second_factor":
        return ""
    begun = await person.client.post(f"{API}/account/second-factor", json={"password": PASSWORD})
    return TOTP(begun.json()["secret"]).at(control.clock.now())


async def _machine(control: Control, org_id: str, project_id: str) -> dict[str, str]:
    """Make a service account."""
    machine = await control.service_accounts.create(
        PLATFORM, org_id, name="m", project_ids=[project_id], changes=AccountChanges()
    )
    [kept] = await control.service_accounts.secrets(PLATFORM, machine.account.id)
    return {"account_id": machine.account.id, "secret_id": kept.id}


async def _model(control: Control, upstream_id: str) -> dict[str, str]:
    """Make a model of everybody's."""
    model = await control.catalog.create_model(
        PLATFORM, name=new_id("mdl"), targets=[ModelTarget(upstream_id, "m")]
    )
    return {"model_id": model.id}


async def _do(
    api: Api, admin: httpx.AsyncClient, operation_id: str, method: str, path: str
) -> httpx.Response:
    """Make what the operation needs, then do it, so that it succeeds."""
    control = api.control
    org_id, project_id = await api.tenant(operation_id)
    ids = {"org_id": org_id, "project_id": project_id, "name": "own", "preset_id": "vllm"}
    client, email, link, code = admin, "", "", ""
    await control.roles.create(PLATFORM, org_id, name="own", description="", permissions=[])
    group = await control.groups.create(PLATFORM, org_id, name="g")
    key = await control.keys.create(PLATFORM, project_id, name="k")
    ids |= {"group_id": group.id, "key_id": key.key.id}
    if "{user_id}" in path or operation_id in _BY_THEMSELVES:  # signing in costs its time
        person = await api.member(org_id, Role.DEVELOPER)
        user_id, email = str(person.session["user"]["id"]), person.session["user"]["email"]
        ids["user_id"] = user_id
        if operation_id not in {"put_project_member", "put_group_member"}:
            await control.members.put_in_project(PLATFORM, project_id, user_id, "viewer")
            await control.groups.put_member(PLATFORM, group.id, user_id)
        if operation_id == "enable_user":
            await control.accounts.disable_user(PLATFORM, user_id)
        if operation_id == "join_by_invitation":
            await control.members.remove(PLATFORM, org_id, user_id)
        if operation_id in _BY_THEMSELVES:
            client = person.client
        if "{token_id}" in path:
            token = (await person.client.post(f"{API}/tokens", json={"name": "t"})).json()
            ids["token_id"] = token["id"]
        if "{session_id}" in path:
            await api.sign_in(email)
            listed = (await person.client.get(f"{API}/sessions")).json()["items"]
            ids["session_id"] = listed[0]["id"]
        code = await _code(control, person, operation_id)
    if "invitation" in operation_id:
        invited = await control.invitations.create(
            PLATFORM, org_id, email=email or f"{org_id}@example.org", role="guest"
        )
        ids["invitation_id"] = invited.invitation.id
        link = invited.link.partition("#token=")[2]
    upstream = await control.catalog.create_upstream(
        PLATFORM, name=org_id, base_url="http://127.0.0.1:1"
    )
    ids["upstream_id"] = upstream.id
    ids |= await _machine(control, org_id, project_id) if "{account_id}" in path else {}
    ids |= await _model(control, upstream.id) if "{model_id}" in path else {}
    if "{release_id}" in path or operation_id == "roll_back_model":
        release = await release_for(control, operation_id)
        ids |= {"release_id": release.id, "model_id": release.model_id}
    if "{policy_id}" in path:
        policy = await admin.post(
            f"{API}/policies", json={"name": org_id, "org_id": org_id, "cache": {"mode": "off"}}
        )
        ids["policy_id"] = policy.json()["id"]
    objective = {"name": org_id.replace("_", "-"), "indicator": "availability", "target": 0.9}
    ids |= await _promised(admin, objective) if "{slo_id}" in path else {}
    gpus = await _gpus(admin, org_id)
    ids |= await _priced(admin, path, gpus)
    is_alerting = "{channel_id}" in path or "{silence_id}" in path
    ids |= await alerts_for(control, org_id) if is_alerting else {}
    issuer = {
        "issuer": f"https://{org_id}.example.com",
        "audience": "a",
        "keys": key_set(TestKey()).decode(),
    }
    if "{issuer_id}" in path:
        believed = await admin.post(
            f"{API}/organizations/{org_id}/token-issuers", json={"name": "i", **issuer}
        )
        ids["issuer_id"] = believed.json()["id"]
    provider = {
        "issuer": f"https://{org_id}.example.com",
        "client_id": "c",
        "allowed_domains": [f"{org_id[4:]}.example"],
    }
    ids |= (
        await _vouching(admin, org_id, provider)
        if "identity" in path or "directory" in path
        else {}
    )
    ids |= await _learning(api, org_id, project_id) if "dataset" in path else {}
    bodies: dict[str, dict[str, Any]] = {
        **dataset_bodies(ids.get("request_id", "")),
        "create_identity_provider": {"name": org_id[-21:], **provider},
        "create_organization_identity_provider": {"name": "p", **provider},
        "update_identity_provider": {"session_hours": 7},
        "create_directory_token": {"name": "d"},
        "change_password": {"current": PASSWORD, "new": "another password"},
        "enrol_second_factor": {"password": PASSWORD},
        "confirm_second_factor": {"code": code},
        "remove_second_factor": {"password": PASSWORD},
        "rotate_key": {"overlap_s": 60},
        "create_policy": {"name": "p", "org_id": org_id, "cache": {"mode": "off"}},
        "create_token_issuer": {"name": "i", **issuer},
        "create_slo": objective,
        "create_gpu_price": gpus,
        "update_gpu_price": {"gpus": 2},
        "update_slo": {"target": 0.8},
        "update_policy": {"enabled": False},
        "sign_in": {"email": email, "password": PASSWORD},
        "create_token": {"name": "another"},
        "create_organization": {"name": f"New {org_id}"},
        "create_project": {"name": "p"},
        "create_key": {"name": "another"},
        "create_user": {"email": f"u{org_id}@example.org", "name": "N", "password": PASSWORD},
        "create_group": {"name": "another"},
        "create_role": {"name": "another", "permissions": ["key:read"]},
        "create_invitation": {"email": "other@example.com"},
        "create_upstream": {"name": f"u{org_id}", "base_url": "http://127.0.0.1:1"},
        "create_model": {
            "name": f"m{org_id}",
            "targets": [{"upstream_id": upstream.id, "upstream_model": "m"}],
        },
        "update_token_issuer": {"leeway_s": 7},
        "create_service_account": {"name": "another", "project_ids": [project_id]},
        "create_account_secret": {},
        "update_service_account": {"suspended": True},
        "update_role": {"permissions": ["key:read"]},
        "update_model": {"owned_by": "else"},
        "update_upstream": {"max_waiting": 7},
        "put_member": {"role": "viewer"},
        "put_project_member": {"role": "viewer"},
        "accept_invitation": {"token": link, "name": "N", "password": PASSWORD},
        "join_by_invitation": {"token": link},
        "create_upstream_from_preset": {"name": f"p{org_id}"},
        "test_upstream": {},
        "test_upstream_draft": {"base_url": "http://127.0.0.1:1"},
        "create_release": {
            "version": "2",
            "targets": [{"upstream_id": upstream.id, "upstream_model": "n"}],
        },
        **RELEASE_BODIES,
        **alert_bodies(),
    }
    body = bodies.get(operation_id, {"name": "else"} if method == "patch" else None)
    return await client.request(method, path.format_map(ids), json=body)


async def _do_about_access(
    api: Api, admin: httpx.AsyncClient, operation_id: str, method: str, path: str
) -> httpx.Response:
    org_id, project_id = await api.tenant(operation_id)
    upstream = await api.control.catalog.create_upstream(
        PLATFORM, name=org_id, base_url="http://127.0.0.1:1"
    )
    case = await access_for(api, operation_id, org_id, project_id, upstream.id)
    target = path.format_map({"project_id": project_id, **case.ids})
    return await (case.client or admin).request(method, target, json=case.body)


async def _do_about_keys(
    api: Api, admin: httpx.AsyncClient, operation_id: str, method: str, path: str
) -> httpx.Response:
    """Do something about master keys, beginning with one that seals nothing where one is needed."""
    secrets = api.control.secrets
    spare = [key.id for key in (await secrets.state(PLATFORM)).keys[1:] if not key.secrets]
    if operation_id == "create_master_key":
        for key_id in spare:
            await secrets.retire(PLATFORM, key_id)
    elif not spare:
        spare = [(await secrets.introduce(PLATFORM)).keys[-1].id]
    if operation_id == "reseal_secrets":
        await api.control.catalog.create_upstream(
            PLATFORM, name=new_id("ups"), base_url="http://127.0.0.1:1", credential="sk"
        )
        await secrets.activate(PLATFORM, spare[-1])
    return await admin.request(method, path.format(master_key_id=spare[-1] if spare else ""))


async def _vouching(
    admin: httpx.AsyncClient, org_id: str, provider: dict[str, Any]
) -> dict[str, str]:
    """Make an identity provider, and a token of a directory."""
    made = await admin.post(f"{API}/identity-providers", json={"name": org_id[-20:], **provider})
    token = await admin.post(f"{API}/organizations/{org_id}/directory-tokens", json={"name": "d"})
    return {"provider_id": made.json()["id"], "directory_token_id": token.json()["id"]}


async def _priced(admin: httpx.AsyncClient, path: str, gpus: dict[str, Any]) -> dict[str, str]:
    if "{gpu_price_id}" not in path:
        return {}
    return {"gpu_price_id": (await admin.post(f"{API}/gpu-prices", json=gpus)).json()["id"]}


async def _gpus(admin: httpx.AsyncClient, word: str) -> dict[str, Any]:
    return {
        "name": "g",
        "upstream_id": (await admin.get(f"{API}/upstreams")).json()["items"][0]["id"],
        "upstream_model": word,
        "hourly_nanos": 1,
        "valid_from": "2026-01-01T00:00:00Z",
    }


async def _learning(api: Api, org_id: str, project_id: str) -> dict[str, str]:
    """Make a data set, and a recorded call."""
    asked = call_record(org_id, project_id)
    await api.observe(asked)
    return {"request_id": asked.request_id, **await dataset_for(api.control, project_id)}


async def _promised(admin: httpx.AsyncClient, objective: dict[str, Any]) -> dict[str, str]:
    return {"slo_id": (await admin.post(f"{API}/slos", json=objective)).json()["id"]}


def _setup(control: Control) -> dict[str, Any]:
    path = control.settings.setup_link_file
    link = path.read_text().strip() if path.exists() else ""
    return {
        "token": link.partition("#token=")[2],
        "email": "first@example.com",
        "name": "First",
        "password": PASSWORD,
    }
