"""Callers who show a JSON Web Token of an issuer that the snapshot names."""

import asyncio
import time
from typing import Any

import httpx
import msgspec
import pytest

from mainspring.snapshot.resources import (
    Limits,
    Organization,
    PlatformIssuer,
    Project,
    ServiceAccount,
    TokenGrant,
)
from mainspring.testing.tokens import TestKey, claims_of, key_set
from tests.fixtures.gateway import Stand

ISSUER, AUDIENCE = "https://login.test", "mainspring"
BODY = {
    "model": "scripted",
    "messages": [{"role": "user", "content": "three words here"}],
    "max_tokens": 8,
}


class Company:
    """An organisation that believes an issuer whose key this test holds."""

    def __init__(self, stand: Stand, *grants: TokenGrant, **fields: Any) -> None:  # noqa: ANN401 - the resource's own
        self.key = TestKey()
        self.organization = stand.builder.add_organization("acme")
        self.project = stand.builder.add_project(self.organization)
        self.issuer = stand.builder.add_issuer(
            key_set(self.key),
            *(grants or (TokenGrant(self.project.id),)),
            organization=self.organization,
            issuer=ISSUER,
            audience=AUDIENCE,
            **fields,
        )
        self.stand = stand
        stand.update()

    def token(self, subject: str = "ada", **claims: object) -> str:
        """Return a token of ``subject``; ``claims`` replace the good ones, ``None`` removes."""
        said: dict[str, object] = {**claims_of(ISSUER, AUDIENCE, subject), **claims}
        return self.key.sign({name: value for name, value in said.items() if value is not None})


async def call(
    stand: Stand, token: str, path: str = "/v1/chat/completions", **headers: str
) -> httpx.Response:
    shown = {name.replace("_", "-"): value for name, value in headers.items()}
    async with httpx.AsyncClient(base_url=stand.url, timeout=20) as client:
        return await client.post(
            path, json=BODY, headers={"authorization": f"Bearer {token}", **shown}
        )


def told(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


async def test_a_token_calls_as_its_bearer_and_is_recorded_so(stand: Stand) -> None:
    company = Company(stand)
    token = company.token()
    assert [(await call(stand, token)).status_code for _ in range(2)] == [200, 200]
    record, _ = await stand.recorded(2)
    assert (record.org_id, record.project_id) == (company.organization.id, company.project.id)
    assert (record.actor_id, record.key_id) == ("corporate/ada", None)
    async with httpx.AsyncClient(base_url=stand.url) as client:
        listed = await client.get("/v1/models", headers={"authorization": f"Bearer {token}"})
        as_key = await client.get("/v1/models", headers={"x-api-key": token})
    assert [model["id"] for model in listed.json()["data"]] == ["scripted"]
    assert as_key.status_code == 200


NOW = int(time.time())


@pytest.mark.parametrize(
    ("claims", "code"),
    [
        ({"aud": "another"}, "invalid_token"),
        ({"aud": ["another", "third"]}, "invalid_token"),
        ({"aud": None}, "invalid_token"),
        ({"iss": "https://evil.test"}, "invalid_token"),
        ({"iss": ISSUER + "/"}, "invalid_token"),
        ({"iss": None}, "invalid_token"),
        ({"iss": [ISSUER]}, "invalid_token"),
        ({"exp": NOW - 3600}, "expired_token"),
        ({"exp": None}, "invalid_token"),
        ({"exp": "tomorrow"}, "invalid_token"),
        ({"nbf": NOW + 3600}, "invalid_token"),
        ({"iat": NOW + 3600}, "invalid_token"),
        ({"sub": None}, "invalid_token"),
        ({"sub": ""}, "invalid_token"),
        ({"sub": "a\nb"}, "invalid_token"),
        ({"sub": "x" * 201}, "invalid_token"),
    ],
)
async def test_a_token_that_says_the_wrong_thing_is_refused(
    stand: Stand, claims: dict[str, Any], code: str
) -> None:
    company = Company(stand)
    answer = await call(stand, company.token(**claims))
    assert told(answer) == (401, code)
    assert answer.headers["www-authenticate"] == "Bearer"
    assert stand.records() == []


async def test_a_token_of_another_key_or_algorithm_is_refused(stand: Stand) -> None:
    company = Company(stand, algorithms=("RS256",))
    good = claims_of(ISSUER, AUDIENCE, "ada")
    assert told(await call(stand, company.token())) == (401, "invalid_token")
    stand.builder.put(msgspec.structs.replace(company.issuer, algorithms=("ES256", "RS256")))
    stand.update()
    assert (await call(stand, company.token())).status_code == 200
    for forger in (TestKey(), TestKey("RS256"), TestKey(key_id="another"), TestKey(key_id=None)):
        assert told(await call(stand, forger.sign(good))) == (401, "invalid_token")
    assert told(await call(stand, "eyJub3RoaW5n")) == (401, "invalid_token")


async def test_several_audiences_are_fine_as_long_as_ours_is_among_them(stand: Stand) -> None:
    company = Company(stand)
    assert (await call(stand, company.token(aud=["other", AUDIENCE]))).status_code == 200


async def test_a_token_ends_when_it_says(stand: Stand) -> None:
    company = Company(stand, leeway_s=0)
    token = company.token(exp=int(time.time()) + 5)
    assert (await call(stand, token)).status_code == 200
    async with asyncio.timeout(30):
        while (answer := await call(stand, token)).status_code == 200:
            pass
    assert told(answer) == (401, "expired_token")


async def test_removing_the_issuer_or_its_key_ends_its_tokens(stand: Stand) -> None:
    company = Company(stand)
    token = company.token()
    assert (await call(stand, token)).status_code == 200
    newer = TestKey(key_id="key-2")
    stand.builder.put(msgspec.structs.replace(company.issuer, keys=key_set(newer)))
    stand.update()
    assert told(await call(stand, token)) == (401, "invalid_token")
    renewed = newer.sign(claims_of(ISSUER, AUDIENCE, "ada"))
    assert (await call(stand, renewed)).status_code == 200
    stand.builder.delete(company.issuer)
    stand.update()
    assert told(await call(stand, renewed)) == (401, "invalid_token")


async def test_groups_open_projects_and_models(stand: Stand) -> None:
    company = Company(stand)
    lab = stand.builder.add_project(company.organization, "lab")
    stand.builder.delete(company.issuer)
    stand.builder.add_issuer(
        key_set(company.key),
        TokenGrant(lab.id, group="engineering"),
        TokenGrant(company.project.id, models=("other",)),
        organization=company.organization,
        issuer=ISSUER,
        audience=AUDIENCE,
        groups_claim="realm.roles",
    )
    stand.update()
    anybody = await call(stand, company.token())
    assert told(anybody) == (404, "model_not_found")
    engineer = company.token(realm={"roles": ["engineering"]})
    assert (await call(stand, engineer)).status_code == 200
    [record] = await stand.recorded()
    assert record.project_id == lab.id
    elsewhere = await call(stand, engineer, x_project_id=company.project.id)
    assert told(elsewhere) == (404, "model_not_found")


async def test_whom_no_grant_fits_may_act_nowhere(stand: Stand) -> None:
    company = Company(stand)
    stand.builder.delete(company.issuer)
    stand.builder.add_issuer(
        key_set(company.key),
        TokenGrant(company.project.id, group="engineering"),
        organization=company.organization,
        issuer=ISSUER,
        audience=AUDIENCE,
    )
    stand.update()
    assert told(await call(stand, company.token(groups="sales"))) == (403, "project_not_allowed")
    assert (await call(stand, company.token(groups="engineering"))).status_code == 200


async def test_a_grant_to_another_organisations_project_opens_nothing(stand: Stand) -> None:
    stranger = stand.builder.add_project(stand.builder.add_organization("stranger"))
    company = Company(stand, TokenGrant(stranger.id))
    assert told(await call(stand, company.token())) == (403, "project_not_allowed")
    named = await call(stand, company.token("bob"), x_project_id=stranger.id)
    assert told(named) == (403, "project_not_allowed")


async def test_headers_choose_among_the_projects_of_the_bearer_and_no_others(stand: Stand) -> None:
    company = Company(stand)
    second = stand.builder.add_project(company.organization, "second")
    third = stand.builder.add_project(company.organization, "third")
    stand.builder.delete(company.issuer)
    stand.builder.add_issuer(
        key_set(company.key),
        TokenGrant(company.project.id),
        TokenGrant(second.id),
        organization=company.organization,
        issuer=ISSUER,
        audience=AUDIENCE,
    )
    stand.update()
    token, org_id = company.token(), company.organization.id
    for headers, project in (
        ({}, company.project),
        ({"x_project_id": second.id}, second),
        ({"x_tenant_id": org_id}, company.project),
        ({"x_tenant_id": org_id, "x_project_id": second.id}, second),
        ({"x_project_id": ""}, company.project),
    ):
        assert (await call(stand, token, **headers)).status_code == 200
        records = await stand.recorded(1)
        assert records[-1].project_id == project.id
    for headers in (
        {"x_project_id": third.id},
        {"x_tenant_id": "org_other"},
        {"x_tenant_id": "org_other", "x_project_id": second.id},
        {"x_project_id": "prj_unknown"},
    ):
        assert told(await call(stand, token, **headers)) == (403, "project_not_allowed")


async def test_a_key_acts_only_in_its_own_project_whatever_a_header_says(stand: Stand) -> None:
    key = stand.gateway.table.find_key(stand.key)
    assert key is not None
    own = await call(stand, stand.key, x_project_id=key.project_id, x_tenant_id=key.org_id)
    assert own.status_code == 200
    other = stand.builder.add_project()
    stand.update()
    for headers in ({"x_project_id": other.id}, {"x_tenant_id": other.org_id}):
        assert told(await call(stand, stand.key, **headers)) == (403, "project_not_allowed")


async def test_a_token_that_two_organisations_believe_must_say_which(stand: Stand) -> None:
    company = Company(stand)
    second = stand.builder.add_organization("second")
    project = stand.builder.add_project(second)
    stand.builder.add_issuer(
        key_set(company.key),
        TokenGrant(project.id),
        organization=second,
        issuer=ISSUER,
        audience="theirs",
        name="theirs",
    )
    stand.update()
    token = company.token(aud=[AUDIENCE, "theirs"])
    assert told(await call(stand, token)) == (400, "project_required")
    assert (await call(stand, token, x_tenant_id=second.id)).status_code == 200
    [record] = await stand.recorded()
    assert (record.org_id, record.actor_id) == (second.id, "theirs/ada")
    # One that only one of them believes needs to say nothing.
    assert (await call(stand, company.token())).status_code == 200


async def test_a_project_that_the_token_itself_names_cannot_be_left(stand: Stand) -> None:
    company = Company(stand)
    second = stand.builder.add_project(company.organization, "second")
    stand.builder.delete(company.issuer)
    stand.builder.add_issuer(
        key_set(company.key),
        TokenGrant(company.project.id),
        TokenGrant(second.id),
        organization=company.organization,
        issuer=ISSUER,
        audience=AUDIENCE,
        project_claim="project",
    )
    stand.update()
    token = company.token(project=second.id)
    assert (await call(stand, token)).status_code == 200
    [record] = await stand.recorded()
    assert record.project_id == second.id
    left = await call(stand, token, x_project_id=company.project.id)
    assert told(left) == (403, "project_not_allowed")
    assert told(await call(stand, company.token(project="prj_x"))) == (403, "project_not_allowed")


async def test_scopes_of_a_grant_are_narrowed_by_the_token(stand: Stand) -> None:
    company = Company(stand, scope_claim="scope")
    assert (await call(stand, company.token(scope="openid model:call"))).status_code == 200
    reader = company.token(scope="openid models:read")
    assert told(await call(stand, reader)) == (403, "permission_denied")
    nothing = company.token(scope="openid profile admin")
    assert told(await call(stand, nothing)) == (403, "permission_denied")


async def test_a_scope_opens_its_own_endpoint_and_no_other(stand: Stand) -> None:
    company = Company(stand)
    key = stand.builder.add_key(scopes=("chat:write",))
    stand.builder.delete(company.issuer)
    stand.builder.add_issuer(
        key_set(company.key),
        TokenGrant(company.project.id, scopes=("chat:write",)),
        organization=company.organization,
        issuer=ISSUER,
        audience=AUDIENCE,
    )
    stand.update()
    for secret in (key, company.token()):
        assert (await call(stand, secret)).status_code == 200
        refused = await call(stand, secret, "/v1/embeddings")
        assert told(refused) == (403, "permission_denied")


async def test_required_claims_must_have_their_value(stand: Stand) -> None:
    company = Company(stand, required={"tid": "tenant-1", "roles": "caller"})
    good = company.token(tid="tenant-1", roles=["reader", "caller"])
    assert (await call(stand, good)).status_code == 200
    wrong: list[dict[str, Any]] = [
        {},
        {"tid": "tenant-1"},
        {"tid": "tenant-2", "roles": ["caller"]},
    ]
    for claims in wrong:
        assert told(await call(stand, company.token(**claims))) == (401, "invalid_token")


async def test_limits_of_users_hold_for_bearers_each_by_itself(stand: Stand) -> None:
    company = Company(stand)
    stand.builder.put(
        Organization(
            id=company.organization.id, name="acme", user_limits=Limits(requests_per_minute=1)
        )
    )
    stand.update()
    ada, bob = company.token("ada"), company.token("bob")
    assert (await call(stand, ada)).status_code == 200
    assert told(await call(stand, ada)) == (429, "rate_limit_exceeded")
    # A fresh token is the same person.
    assert told(await call(stand, company.token("ada", jti="2"))) == (429, "rate_limit_exceeded")
    assert (await call(stand, bob)).status_code == 200


async def test_a_models_limits_of_each_key_hold_for_each_bearer(stand: Stand) -> None:
    company = Company(stand)
    upstream = next(iter(stand.gateway.table.upstreams.values()))
    stand.builder.add_model("bounded", upstream, key_limits=Limits(requests_per_minute=1))
    stand.update()
    body = {**BODY, "model": "bounded"}
    async with httpx.AsyncClient(base_url=stand.url) as client:
        codes = [
            (
                await client.post(
                    "/v1/chat/completions",
                    json=body,
                    headers={"authorization": f"Bearer {company.token(who)}"},
                )
            ).status_code
            for who in ("ada", "ada", "bob")
        ]
    assert codes == [200, 429, 200]


async def test_a_suspended_project_is_closed_and_the_bearers_others_are_not(stand: Stand) -> None:
    company = Company(stand)
    second = stand.builder.add_project(company.organization, "second")
    stand.builder.delete(company.issuer)
    stand.builder.add_issuer(
        key_set(company.key),
        TokenGrant(company.project.id),
        TokenGrant(second.id),
        organization=company.organization,
        issuer=ISSUER,
        audience=AUDIENCE,
    )
    stand.builder.put(
        Project(
            id=company.project.id, org_id=company.organization.id, name="default", suspended=True
        )
    )
    stand.update()
    assert told(await call(stand, company.token())) == (403, "suspended")
    assert (await call(stand, company.token(), x_project_id=second.id)).status_code == 200


async def test_a_service_account_ends_with_its_secret(stand: Stand) -> None:
    key = TestKey()
    organization = stand.builder.add_organization("machines")
    project = stand.builder.add_project(organization)
    account = ServiceAccount(
        id="svc_1",
        org_id=organization.id,
        name="nightly",
        project_ids=(project.id,),
        secret_ids=("sec_1",),
        limits=Limits(requests_per_minute=2),
    )
    stand.builder.put(
        account,
        PlatformIssuer(issuer="https://control.test", audience="mainspring", keys=key_set(key)),
    )
    stand.update()

    def token(secret: str, **claims: object) -> str:
        said = claims_of("https://control.test", "mainspring", "svc_1", sec=secret)
        return key.sign({**said, "scope": "model:call", **claims}, typ="at+jwt")

    good = token("sec_1")
    assert (await call(stand, good)).status_code == 200
    assert told(await call(stand, token("sec_2"))) == (401, "invalid_token")
    assert told(await call(stand, token("sec_1", scope=""))) == (403, "permission_denied")
    assert (await call(stand, token("sec_1", jti="2"))).status_code == 200
    limited = await call(stand, good)
    assert told(limited) == (429, "rate_limit_exceeded")
    assert "service account's limit of 2 requests per minute" in limited.text
    stand.builder.put(msgspec.structs.replace(account, secret_ids=("sec_2",)))
    stand.update()
    assert told(await call(stand, good)) == (401, "invalid_token")


async def test_nobody_else_may_speak_for_the_platform(stand: Stand) -> None:
    """An organisation that believes "the platform" by a key of its own gains nothing."""
    platform, own = TestKey(), TestKey()
    company = Company(stand)
    stand.builder.put(
        PlatformIssuer(issuer="https://control.test", audience="mainspring", keys=key_set(platform))
    )
    stand.builder.add_issuer(
        key_set(own),
        TokenGrant(company.project.id),
        organization=company.organization,
        issuer="https://control.test",
        name="imposter",
    )
    stand.update()
    forged = own.sign(claims_of("https://control.test", "mainspring", "svc_1", sec="sec_1"))
    assert told(await call(stand, forged)) == (401, "invalid_token")
