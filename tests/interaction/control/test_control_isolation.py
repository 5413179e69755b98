"""Nobody crosses from one tenant to another: not by the API, not by SQL."""

from datetime import timedelta
from typing import Any
from urllib.parse import quote

import httpx
import msgspec
import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from mainspring.app.control.application import fastapi_application
from mainspring.app.control.wiring import CONSOLE_FILES, Control
from mainspring.infra.db import metadata
from mainspring.kernel.clock import SystemClock
from mainspring.kernel.scope import Actor, ActorKind, Scope
from mainspring.testing.tokens import TestKey, key_set
from tests.fixtures.access import access_for
from tests.fixtures.alerting import alert_bodies, alerts_for
from tests.fixtures.control import Api, Person, observed, usage_record
from tests.fixtures.datasets import dataset_bodies, dataset_for
from tests.fixtures.releases import RELEASE_BODIES, release_for

_FREE_OF_TENANTS = {"snapshot_head", "snapshot_resources", "job_executors"}
"""The platform's own tables: read by it alone, and by no code that a tenant's request reaches."""

LONG_AGO = (SystemClock().now() - timedelta(days=7)).isoformat()

_FOR_THE_PLATFORM = {
    "update_model_grant",
    "delete_model_grant",
    "activate_master_key",
    "retire_master_key",
    "get_upstream",
    "update_upstream",
    "delete_upstream",
    "update_model",
    "delete_model",
    "delete_organization",
    "get_user",
    "update_user",
    "disable_user",
    "enable_user",
    "get_slo",
    "get_slo_status",
    "update_slo",
    "delete_slo",
    "update_gpu_price",
    "delete_gpu_price",
    "revoke_credentials",
    "reset_second_factor",
    "test_upstream",
    "draft_upstream",
    "create_upstream_from_preset",
    "create_release",
    "get_release",
    "update_release",
    "delete_release",
    "verify_release",
    "deploy_release",
    "start_canary",
    "advance_canary",
    "promote_release",
    "deprecate_release",
    "take_release_offline",
    "roll_back_model",
    "list_canary_decisions",
    "put_model_card",
    "approve_change",
    "reject_change",
    "review_emergency",
}
"""Refused by permission before any id is looked at, so the answer tells nothing about the id."""

_ISSUER: dict[str, Any] = {
    "name": "planted",
    "issuer": "https://planted.test",
    "audience": "a",
    "keys": key_set(TestKey()).decode(),
}


class TwoTenants(msgspec.Struct):
    """Two organisations that have the same things, and an administrator of each."""

    ours: dict[str, str]
    theirs: dict[str, str]
    intruder: Person


@pytest.fixture
async def tenants(api: Api, admin: httpx.AsyncClient) -> TwoTenants:
    upstream = (await admin.get("/api/v1/upstreams")).json()["items"][0]
    target = {"upstream_id": upstream["id"], "upstream_model": "m"}
    sides: list[dict[str, str]] = []
    for name in ("Ours", "Theirs"):
        org_id, project_id = await api.tenant(name)
        keys = f"/api/v1/projects/{project_id}/keys"
        key = (await admin.post(keys, json={"name": f"{name} key"})).json()
        model = await admin.post(
            "/api/v1/models",
            json={"name": f"{name}-model", "org_id": org_id, "targets": [target]},
        )
        policy = await admin.post(
            "/api/v1/policies",
            json={"name": f"{name} policy", "project_id": project_id, "cache": {"mode": "off"}},
        )
        record = usage_record(org_id, project_id, key_id=key["id"])
        await api.ingest(msgspec.structs.replace(record, id="use_" + record.request_id[4:]))
        issuer = await admin.post(
            f"/api/v1/organizations/{org_id}/token-issuers",
            json={**_ISSUER, "issuer": f"https://{name.lower()}.test"},
        )
        account = await admin.post(
            f"/api/v1/organizations/{org_id}/service-accounts",
            json={"name": "machine", "project_ids": [project_id]},
        )
        account_id = account.json()["id"]
        secrets = await admin.get(f"/api/v1/service-accounts/{account_id}/secrets")
        await api.observe(*observed(record))
        score = {"request_id": record.request_id, "value": 1, "comment": f"{name} words"}
        assert (await admin.post("/api/v1/scores", json=score)).status_code == 201
        sides.append(
            {
                "org_id": org_id,
                "project_id": project_id,
                "key_id": key["id"],
                "model_id": model.json()["id"],
                "policy_id": policy.json()["id"],
                "upstream_id": upstream["id"],
                "request_id": record.request_id,
                "issuer_id": issuer.json()["id"],
                "account_id": account_id,
                "secret_id": secrets.json()["items"][0]["id"],
                "call_id": "cal_" + record.request_id[4:],
                "trace_id": record.request_id[4:],
                "change_id": "chg_theirs",
                "emergency_id": "brk_theirs",
                **await dataset_for(api.control, project_id, f"{name} words"),
            }
        )
    intruder = await api.member(sides[0]["org_id"])
    owner = await api.member(sides[1]["org_id"])
    sides[1] |= await _people(owner, sides[1]["org_id"])
    sides[1] |= await _governed(api, admin, sides[1])
    sessions = (await owner.client.get("/api/v1/sessions")).json()["items"]
    sides[1]["session_id"] = sessions[0]["id"]
    token = (await owner.client.post("/api/v1/tokens", json={"name": "t"})).json()
    sides[1]["token_id"] = token["id"]
    return TwoTenants(sides[0], sides[1], intruder)


async def test_no_route_of_the_document_reads_or_changes_another_tenants_object(
    control: Control, tenants: TwoTenants, admin: httpx.AsyncClient
) -> None:
    document = fastapi_application(control, console=CONSOLE_FILES).openapi()
    before = await _everything(admin, tenants.theirs)
    tried = 0
    for path, operations in document["paths"].items():
        if "{" not in path:
            continue
        target = path.format(**tenants.theirs)
        for method, operation in operations.items():
            answer = await tenants.intruder.client.request(
                method, target, json=_body(operation["operationId"])
            )
            expected = 403 if operation["operationId"] in _FOR_THE_PLATFORM else 404
            assert answer.status_code == expected, (method, target, answer.text)
            tried += 1
    assert tried >= 21
    assert await _everything(admin, tenants.theirs) == before


async def test_no_list_shows_another_tenants_object(tenants: TwoTenants) -> None:
    lists = (
        "/api/v1/organizations",
        "/api/v1/models",
        "/api/v1/policies",
        "/api/v1/usage/records",
        "/api/v1/usage/summary",
        f"/api/v1/calls?since={quote(LONG_AGO)}",
        "/api/v1/sessions/current",
        "/api/v1/tokens",
    )
    for path in lists:
        answer = await tenants.intruder.client.get(path)
        assert answer.status_code == 200, (path, answer.text)
        for name in ("org_id", "project_id", "key_id", "model_id", "token_id", "policy_id"):
            assert tenants.theirs[name] not in answer.text, path
    for query in (
        {"org_id": tenants.theirs["org_id"]},
        {"project_id": tenants.theirs["project_id"]},
    ):
        for path in (
            "/api/v1/usage/records",
            "/api/v1/usage/summary",
            "/api/v1/calls",
            f"/api/v1/traces/{tenants.theirs['trace_id']}",
        ):
            refused = await tenants.intruder.client.get(path, params={"since": LONG_AGO, **query})
            assert refused.status_code == 404, (path, query)
    models = await tenants.intruder.client.get(
        "/api/v1/models", params={"org_id": tenants.theirs["org_id"]}
    )
    assert models.status_code == 404
    summary = (await tenants.intruder.client.get("/api/v1/usage/summary")).json()
    assert summary["totals"]["requests"] == 1
    for call in ("chat/completions", "embeddings", "rerank"):
        played = await tenants.intruder.client.post(
            f"/api/v1/playground/{call}",
            params={"project_id": tenants.theirs["project_id"]},
            json={"model": "m"},
        )
        assert played.status_code == 404, call


async def test_sql_without_any_condition_sees_one_tenant_only(
    control: Control, tenants: TwoTenants
) -> None:
    ours = _scope(tenants.ours["org_id"])
    for table, column in _tenant_tables().items():
        async with control.database.session(ours) as session:
            rows = await session.execute(text(f"SELECT DISTINCT {column} FROM {table}"))  # noqa: S608 - our own names
            assert set(rows.scalars()) <= {tenants.ours["org_id"], None}, table


async def test_sql_cannot_change_remove_or_plant_rows_of_another_tenant(
    control: Control, tenants: TwoTenants
) -> None:
    ours = _scope(tenants.ours["org_id"])
    for table, column in _tenant_tables().items():
        if table == "audit_events":
            continue  # nobody removes those, not even one's own
        async with control.database.session(Scope.platform("test")) as session:
            count = f"SELECT count(*) FROM {table} WHERE {column} = :org"  # noqa: S608 - our own names
            theirs = {"org": tenants.theirs["org_id"]}
            before = (await session.execute(text(count), theirs)).scalar_one()
        async with control.database.session(ours) as session:
            # A shared row is no tenant's either: it is neither moved nor removed from here.
            removal = f"DELETE FROM {table} WHERE {column} IS DISTINCT FROM :org RETURNING 1"  # noqa: S608 - our own names
            gone = await session.execute(text(removal), {"org": tenants.ours["org_id"]})
            assert gone.all() == [], table
        async with control.database.session(Scope.platform("test")) as session:
            assert (await session.execute(text(count), theirs)).scalar_one() == before, table
    with pytest.raises(ProgrammingError, match="row-level security"):
        async with control.database.session(ours) as session:
            await session.execute(
                text("UPDATE projects SET org_id = :org"), {"org": tenants.theirs["org_id"]}
            )


async def test_people_tokens_and_parts_are_no_tenants_to_see(
    control: Control, tenants: TwoTenants
) -> None:
    platform_only = {"users", "sessions", "tokens", "parts", "sign_in_attempts", "setup_token"}
    async with control.database.session(_scope(tenants.ours["org_id"])) as session:
        for table in platform_only:
            rows = await session.execute(text(f"SELECT count(*) FROM {table}"))  # noqa: S608 - our own names
            assert rows.scalar_one() == 0, table


async def test_nobody_scores_another_tenants_answer(tenants: TwoTenants) -> None:
    planted = {"request_id": tenants.theirs["request_id"], "value": 0}
    for body in (planted, {**planted, "project_id": tenants.theirs["project_id"]}):
        answer = await tenants.intruder.client.post("/api/v1/scores", json=body)
        assert answer.status_code == 404


@pytest.mark.parametrize(
    "table", ["usage_records", "call_records", "call_terms", "call_spans", "call_scores"]
)
async def test_a_partition_named_directly_shows_nothing(
    control: Control, tenants: TwoTenants, table: str
) -> None:
    # The platform itself reads partitions by name (backups do), tenants never, not even their own.
    tenant = _scope(tenants.ours["org_id"])
    async with control.database.session(tenant) as session:
        await session.execute(text("SET LOCAL mainspring.sought = '{}'"))  # whatever it has
        partitions = (
            (
                await session.execute(
                    text(
                        "SELECT inhrelid::regclass::text FROM pg_inherits"
                        " WHERE inhparent = CAST(:parent AS regclass)"
                    ),
                    {"parent": table},
                )
            )
            .scalars()
            .all()
        )
        assert partitions
        for partition in partitions:
            rows = await session.execute(text(f"SELECT count(*) FROM {partition}"))  # noqa: S608 - our own names
            assert rows.scalar_one() == 0, partition
        whole = await session.execute(text(f"SELECT count(*) FROM {table}"))  # noqa: S608 - our own names
        assert whole.scalar_one() == 1


async def test_every_table_is_fenced(control: Control) -> None:
    async with control.database.session(Scope.platform("test")) as session:
        rows = await session.execute(
            text(
                "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p')"
                " AND relnamespace = 'public'::regnamespace"
                " AND NOT (relrowsecurity AND relforcerowsecurity)"
            )
        )
        open_tables = set(rows.scalars()) - {"alembic_version"}
    assert open_tables == _FREE_OF_TENANTS


async def test_our_database_role_cannot_pass_the_fence(control: Control) -> None:
    async with control.database.session(Scope.platform("test")) as session:
        rows = await session.execute(
            text("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        )
        assert rows.scalar_one() is False


async def _people(owner: Person, org_id: str) -> dict[str, str]:
    """Make a group, a role and an invitation of the owner's organisation."""
    organization = f"/api/v1/organizations/{org_id}"
    group = await owner.client.post(f"{organization}/groups", json={"name": "Theirs"})
    body: dict[str, Any] = {"name": "theirs", "permissions": []}
    role = await owner.client.post(f"{organization}/roles", json=body)
    invitation = await owner.client.post(
        f"{organization}/invitations", json={"email": "theirs@example.com"}
    )
    return {
        "user_id": owner.session["user"]["id"],
        "group_id": group.json()["id"],
        "name": role.json()["name"],
        "invitation_id": invitation.json()["id"],
    }


async def _governed(api: Api, admin: httpx.AsyncClient, side: dict[str, str]) -> dict[str, str]:
    """Make rules, requests, and what vouches for people, of one organisation; and a release."""
    org_id, places = side["org_id"], (side["org_id"], side["project_id"], side["upstream_id"])
    provider = await admin.post(
        f"/api/v1/organizations/{org_id}/identity-providers", json=_provider(org_id)
    )
    token = await admin.post(
        f"/api/v1/organizations/{org_id}/directory-tokens", json={"name": "theirs"}
    )
    return {
        **(await access_for(api, "get_access_rule", *places)).ids,
        **(await access_for(api, "get_access_request", *places)).ids,
        **(await access_for(api, "get_model_grant", *places)).ids,
        "release_id": (await release_for(api.control, "")).id,
        "provider_id": provider.json()["id"],
        "directory_token_id": token.json()["id"],
        "slo_id": "slo_of_the_platform",
        "gpu_price_id": "gpr_of_the_platform",
        **await alerts_for(api.control, org_id),
        "identity_id": "idn_theirs",  # made by signing in alone; see test_control_sso.py
        "preset_id": "vllm",
        "master_key_id": "the platform's",
    }


def _provider(word: str) -> dict[str, Any]:
    host = f"{word[4:]}.test"
    return {
        "name": "theirs",
        "issuer": f"https://{host}",
        "client_id": "c",
        "allowed_domains": [host],
    }


def _scope(org_id: str) -> Scope:
    return Scope(org_id=org_id, actor=Actor(ActorKind.USER, "usr_intruder"))


def _tenant_tables() -> dict[str, str]:
    """Return every table that has tenants' rows, and the column that says whose."""
    found = {name: "org_id" for name, table in metadata.tables.items() if "org_id" in table.columns}
    found["organizations"] = "id"
    assert len(found) >= 7
    return found


_BODIES: dict[str, dict[str, Any]] = {
    **RELEASE_BODIES,
    **alert_bodies(),
    **dataset_bodies("req_" + "0" * 32),
    "create_account_secret": {},
    "create_slo": {"name": "planted", "indicator": "availability", "target": 0.9},
    "create_gpu_price": {
        "name": "planted",
        "upstream_id": "ups_none",
        "hourly_nanos": 1,
        "valid_from": "2026-01-01T00:00:00Z",
    },
    "draft_upstream": {},
    "create_upstream_from_preset": {"name": "planted"},
    "test_upstream": {},
    "create_access_request": {"model_id": "mdl_none", "purpose": "w"},
    "create_model_grant": {"org_id": "org_none", "model_id": "mdl_none"},
    "decide_access_request": {"agrees": True},
    "comment_access_request": {"text": "c"},
    "renew_access_request": {"purpose": "w", "days": 5},
    "revoke_access_request": {"reason": "r"},
    "approve_change": {},
    "reject_change": {"comment": "no"},
    "review_emergency": {"verdict": "justified"},
}


def _body(operation_id: str) -> dict[str, Any] | None:
    if operation_id.startswith("put_") and operation_id not in _BODIES:
        return {"role": "guest"}
    if operation_id == "rotate_key":
        return {}
    if operation_id == "create_invitation":
        return {"email": "planted@example.com"}
    if operation_id == "create_role":
        return {"name": "planted", "permissions": []}
    if operation_id == "create_token_issuer":
        return _ISSUER
    if operation_id == "create_service_account":
        return {"name": "planted", "project_ids": ["prj_planted"]}
    if operation_id == "create_organization_identity_provider":
        return _provider("org_planted")
    if operation_id == "create_release":
        target = {"upstream_id": "ups_none", "upstream_model": "m"}
        return {"version": "3", "targets": [target]}
    if operation_id in _BODIES:
        return _BODIES[operation_id]
    if operation_id.startswith(("create_", "update_")):
        return {} if operation_id.startswith("update_") else {"name": "planted"}
    return None


async def _everything(admin: httpx.AsyncClient, side: dict[str, str]) -> list[str]:
    paths = (
        f"/api/v1/organizations/{side['org_id']}",
        f"/api/v1/organizations/{side['org_id']}/projects",
        f"/api/v1/projects/{side['project_id']}",
        f"/api/v1/projects/{side['project_id']}/keys",
        f"/api/v1/models/{side['model_id']}",
        f"/api/v1/organizations/{side['org_id']}/members",
        f"/api/v1/organizations/{side['org_id']}/groups",
        f"/api/v1/organizations/{side['org_id']}/roles",
        f"/api/v1/organizations/{side['org_id']}/invitations",
        f"/api/v1/projects/{side['project_id']}/members",
        f"/api/v1/groups/{side['group_id']}/members",
        f"/api/v1/policies/{side['policy_id']}",
        f"/api/v1/organizations/{side['org_id']}/token-issuers",
        f"/api/v1/organizations/{side['org_id']}/service-accounts",
        f"/api/v1/service-accounts/{side['account_id']}/secrets",
        f"/api/v1/organizations/{side['org_id']}/notification-channels",
        f"/api/v1/organizations/{side['org_id']}/silences",
        f"/api/v1/organizations/{side['org_id']}/alerts",
        f"/api/v1/projects/{side['project_id']}/datasets",
        f"/api/v1/datasets/{side['dataset_id']}/items",
    )
    return [(await admin.get(path)).text for path in paths]
