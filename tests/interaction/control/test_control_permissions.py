"""What the OpenAPI document says of permissions is what the services decide."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import msgspec
import pytest

from mainspring.app.control.application import control_application, fastapi_application
from mainspring.app.control.permissions import ALL_PERMISSIONS
from mainspring.app.control.wiring import CONSOLE_FILES, Control
from mainspring.capabilities.federation.api import IssuerChanges
from mainspring.capabilities.identity.api import ProviderChanges
from mainspring.capabilities.metering.api import GpuPrice
from mainspring.capabilities.oauth.api import AccountChanges
from mainspring.capabilities.slo.api import Indicator, SloChanges
from mainspring.infra.web import Authenticate
from mainspring.infra.web.permissions import FIELD, PUBLIC, SIGNED_IN
from mainspring.kernel.access import Grant
from mainspring.kernel.ids import new_id
from mainspring.kernel.scope import PLATFORM_ORG, Actor, ActorKind, Scope
from mainspring.snapshot.policy_rules import CacheRule
from mainspring.snapshot.resources import ModelTarget
from mainspring.testing.tokens import TestKey, key_set
from tests.fixtures.alerting import alert_bodies, alerts_for
from tests.fixtures.control import PLATFORM, Api, observed, usage_record
from tests.fixtures.datasets import dataset_bodies, dataset_for
from tests.fixtures.releases import RELEASE_BODIES, release_for

_METHODS = {"get", "post", "put", "patch", "delete"}
_STREAMS = {
    "follow_live",
    "playground_chat",
    "playground_embeddings",
    "playground_rerank",
    "replay_call",
}
"""Answers without an end, or another process's; who may have them has tests of its own."""


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if method in _METHODS:
                yield method, path, operation


@pytest.fixture
def document(control: Control) -> dict[str, Any]:
    return fastapi_application(control, console=CONSOLE_FILES).openapi()


def test_every_route_names_a_permission_that_exists(document: dict[str, Any]) -> None:
    known = {permission.name for permission in ALL_PERMISSIONS} | {PUBLIC, SIGNED_IN}
    nameless = [
        operation["operationId"]
        for _, _, operation in operations(document)
        if operation.get(FIELD) not in known
    ]
    assert nameless == []


class Pretender:
    """Whoever asks is an actor with exactly these permissions, in the platform or a tenant."""

    def __init__(self) -> None:
        self.scope = Scope(org_id=PLATFORM_ORG, actor=Actor(ActorKind.USER, "usr_nobody"))
        self.client = httpx.AsyncClient()

    def call(self, control: Control) -> None:
        app = control_application(control, console=CONSOLE_FILES)
        self.client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://control.test"
        )

    async def recognise(self, _: object) -> Scope:
        return self.scope

    def has(self, names: set[str], org_id: str | None) -> None:
        grant = Grant(frozenset(names), "test", org_id=org_id)
        self.scope = msgspec.structs.replace(self.scope, grants=(grant,))


@pytest.fixture
async def pretender(control: Control) -> Pretender:
    pretender = Pretender()
    control.authenticate = Authenticate(pretender.recognise)
    pretender.call(control)
    return pretender


async def test_a_route_asks_for_the_permission_that_it_names_and_for_no_other(
    api: Api, control: Control, document: dict[str, Any], pretender: Pretender
) -> None:
    of_platform = {each.name for each in ALL_PERMISSIONS if each.of_platform}
    everything = {each.name for each in ALL_PERMISSIONS}
    tried = 0
    ids = await _things(api, control)
    for method, path, operation in operations(document):
        name = operation[FIELD]
        if name in {PUBLIC, SIGNED_IN} or operation["operationId"] in _STREAMS:
            continue
        # The platform's rows are asked for by somebody of the platform, a tenant's by its own.
        of_the_platform = name in of_platform or operation["operationId"] in _OF_PLATFORM
        org_id = None if of_the_platform else ids["org_id"]
        target = path.format_map(defaultdict(lambda: "x", ids))
        query = {"org_id": ids["org_id"]} if path in _LISTS_OF_TENANTS else {}
        if path == "/api/v1/calls":
            query["since"] = ids["since"]
        if operation["operationId"] == "get_effective_policy":
            query = {"project": ids["project_id"], "model": "m"}
        body = _body(operation["operationId"], ids)
        pretender.has(everything - {name}, org_id)
        without = await pretender.client.request(method, target, json=body, params=query)
        pretender.has({name} | _ALSO.get(operation["operationId"], set()), org_id)
        only = await pretender.client.request(method, target, json=body, params=query)
        case = (operation["operationId"], name)
        assert without.status_code == 403 or (
            # A list of what one may see is empty, not refused, for whoever may see nothing.
            operation["operationId"] == "list_organizations" and without.json()["items"] == []
        ), (case, without.text)
        assert only.status_code not in {401, 403}, (case, only.text)
        assert only.status_code < 500, (case, only.text)
        tried += 1
        if method == "delete":
            ids = await _things(api, control)
    assert tried >= 40


_OF_PLATFORM = {
    "list_reconciliations",
    "list_gpu_prices",
    "list_identity_providers",
    "get_sign_in_policy",
    "create_identity_provider",
    "list_alerts",
    "receive_alertmanager",
    "list_silences",
    "create_silence",
    "list_notification_channels",
    "create_notification_channel",
}
"""What a permission of tenants too opens in the platform."""

_LISTS_OF_TENANTS = {
    "/api/v1/access-rules",
    "/api/v1/calls",
    "/api/v1/model-grants",
    "/api/v1/models",
    "/api/v1/policies",
    "/api/v1/registry/models",
    "/api/v1/usage/records",
    "/api/v1/usage/summary",
}

_ALSO: dict[str, set[str]] = {
    # Whoever names an organisation must be able to see it.
    "create_policy": {"organization:read"},
    # Whoever asks for a model, or grants it, must be able to see it.
    "create_access_request": {"model:read"},
    "create_model_grant": {"model:read"},
    # Whoever makes an item of a call must be able to read it.
    "add_call_to_dataset": {"call:read"},
}


async def _things(api: Api, control: Control) -> dict[str, str]:
    """Make one of everything that a path can name."""
    org_id, project_id = await api.tenant(new_id("org"))
    user = await control.accounts.create_user(
        PLATFORM, email=f"{org_id}@example.com", name="U", password="correct horse battery"
    )
    # A role without permissions: nobody gives or takes more than they have, and some have little.
    await control.roles.create(PLATFORM, org_id, name="own", description="", permissions=[])
    await control.members.put(PLATFORM, org_id, user.id, "own")
    await control.members.put_in_project(PLATFORM, project_id, user.id, "own")
    group = await control.groups.create(PLATFORM, org_id, name="g")
    invited = await control.invitations.create(
        PLATFORM, org_id, email="new@example.com", role="guest"
    )
    key = await control.keys.create(PLATFORM, project_id, name="k")
    upstream = await control.catalog.find_upstream(PLATFORM, "embedded-llm")
    assert upstream is not None
    model = await control.catalog.create_model(
        PLATFORM, name="m", org_id=org_id, targets=[ModelTarget(upstream.id, "m")]
    )
    account = await control.service_accounts.create(
        PLATFORM, org_id, name="a", project_ids=[project_id], changes=AccountChanges()
    )
    [secret] = await control.service_accounts.secrets(PLATFORM, account.account.id)
    issuer = await control.federation.create(
        PLATFORM,
        org_id,
        name="i",
        issuer=f"https://{org_id}.test",
        audience="a",
        changes=IssuerChanges(),
        keys=key_set(TestKey()).decode(),
    )
    provider = await control.identity_providers.create(
        PLATFORM,
        org_id,
        name="p",
        issuer=f"https://{org_id}.test",
        client_id="c",
        secret=None,
        changes=ProviderChanges(allowed_domains=(f"{org_id[4:]}.test",)),
    )
    directory = await control.directory_tokens.create(PLATFORM, org_id, name="d")
    policy = await control.policies.create(
        PLATFORM, name="p", org_id=org_id, cache=CacheRule(mode="off")
    )
    rule = await control.access_rules.create(PLATFORM, org_id, name="r")
    given = await control.model_grants.create(PLATFORM, org_id, model_id=model.id)
    wish = await control.access_requests.create(
        msgspec.structs.replace(PLATFORM, actor=Actor(ActorKind.USER, user.id)),
        project_id,
        model_id=model.id,
        purpose="w",
    )
    release = await release_for(control, "")
    gpus = await control.gpu_prices.create(
        PLATFORM,
        GpuPrice(
            id="",
            name="g",
            upstream_id=upstream.id,
            upstream_model=org_id,
            hourly_nanos=1,
            currency="USD",
            valid_from=control.clock.now(),
            created_at=control.clock.now(),
            updated_at=control.clock.now(),
        ),
    )
    slo = await control.slos.create(
        PLATFORM,
        name=new_id("slo").replace("_", "-"),
        indicator=Indicator.AVAILABILITY,
        target=0.99,
        changes=SloChanges(),
    )
    record = usage_record(org_id, project_id)
    # A call that was made once has one id in two forms.
    await api.ingest(msgspec.structs.replace(record, id="use_" + record.request_id[4:]))
    await api.observe(*observed(record))
    return {
        "org_id": org_id,
        "project_id": project_id,
        "user_id": user.id,
        "group_id": group.id,
        "name": "own",
        "invitation_id": invited.invitation.id,
        "key_id": key.key.id,
        "request_id": record.request_id,
        "call_id": record.request_id,
        "trace_id": record.request_id[4:],
        "since": (control.clock.now() - timedelta(days=1)).isoformat(),
        "model_id": model.id,
        "upstream_id": "ups_none",
        "issuer_id": issuer.id,
        "account_id": account.account.id,
        "secret_id": secret.id,
        "policy_id": policy.id,
        "release_id": release.id,
        "rule_id": rule.id,
        "access_id": wish.id,
        "grant_id": given.id,
        "provider_id": provider.id,
        "directory_token_id": directory.token.id,
        "slo_id": slo.id,
        "gpu_price_id": gpus.id,
        **await alerts_for(control, org_id),
        **await dataset_for(control, project_id),
    }


def _provider() -> dict[str, Any]:
    word = new_id("org")[4:]
    return {
        "name": "another",
        "issuer": f"https://{word}.test",
        "client_id": "c",
        "allowed_domains": [f"{word}.test"],
    }


def _body(operation_id: str, ids: dict[str, str]) -> dict[str, Any] | None:
    bodies: dict[str, dict[str, Any]] = {
        "create_policy": {"name": "p", "org_id": ids["org_id"], "cache": {"mode": "off"}},
        "dry_run_policies": {
            "since": ids["since"],
            "org_id": ids["org_id"],
            "removed": [ids["policy_id"]],
        },
        "create_upstream": {"name": "u", "base_url": "http://127.0.0.1:1"},
        "create_model": {
            "name": "m",
            "targets": [{"upstream_id": "ups_none", "upstream_model": "m"}],
        },
        "create_organization": {"name": new_id("org")},
        "create_project": {"name": "p"},
        "create_key": {"name": "k"},
        "rotate_key": {},
        "create_user": {
            "email": f"{new_id('usr')}@example.org",
            "name": "N",
            "password": "correct horse battery",
        },
        "put_member": {"role": "own"},
        "put_project_member": {"role": "own"},
        "create_group": {"name": "another"},
        "create_role": {"name": "another", "permissions": []},
        "create_service_account": {"name": "another", "project_ids": ["prj_none"]},
        "create_account_secret": {},
        "create_token_issuer": {
            "name": "another",
            "issuer": f"https://{new_id('org')}.test",
            "audience": "a",
            "keys": key_set(TestKey()).decode(),
        },
        "create_identity_provider": _provider(),
        "create_organization_identity_provider": _provider(),
        "create_directory_token": {"name": "another"},
        "put_sign_in_policy": {"password_sign_in": True},
        "create_slo": {"name": new_id("slo")[-20:], "indicator": "availability", "target": 0.9},
        "create_gpu_price": {
            "name": "g",
            "upstream_id": ids["upstream_id"],
            "upstream_model": new_id("mdl"),
            "hourly_nanos": 1,
            "valid_from": "2026-01-01T00:00:00Z",
        },
        "create_score": {"request_id": ids["request_id"], "value": 1},
        "create_invitation": {"email": "other@example.com"},
        "create_release": {
            "version": "3",
            "targets": [{"upstream_id": "ups_none", "upstream_model": "m"}],
        },
        **RELEASE_BODIES,
        **alert_bodies(),
        **dataset_bodies(ids["request_id"]),
        "create_access_rule": {"name": new_id("arl"), "org_id": ids["org_id"]},
        "create_access_request": {"model_id": ids["model_id"], "purpose": "w"},
        "create_model_grant": {
            "org_id": ids["org_id"],
            "project_id": ids["project_id"],
            "model_id": ids["model_id"],
        },
        "revoke_access_request": {"reason": "r"},
        "put_four_eyes": {"enabled": False},
        "approve_change": {},
        "reject_change": {"comment": "no"},
        "break_glass": {"reason": "a test of permissions"},
        "review_emergency": {"verdict": "justified"},
        "draft_upstream": {},
        "create_upstream_from_preset": {},
        "test_upstream": {},
        "test_upstream_draft": {"base_url": "http://127.0.0.1:1"},
    }
    if operation_id.startswith("update_"):
        return {}
    return bodies.get(operation_id)
