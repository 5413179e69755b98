"""Signing in by identity providers: what is believed, what follows from it, and what is refused."""

import base64
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from mainspring.app.control.wiring import Control
from mainspring.kernel.clock import ManualClock, SystemClock
from mainspring.kernel.ids import new_id
from mainspring.testing.tokens import TestKey
from tests.fixtures.control import PASSWORD, PLATFORM, Api, control_settings
from tests.fixtures.scripted_provider import ScriptedProvider, long_ago

API = "/api/v1"
URL = "https://control.test"
COOKIE = "__Host-mainspring_sso"


class Sso:
    """A control plane behind HTTPS, an administrator, and a provider that follows a script."""

    def __init__(self, control: Control, provider: ScriptedProvider, console: Path) -> None:
        self.control = control
        self.provider = provider
        self.api = Api(control, console)
        self.admin = self.api.admin()
        self.number = 0

    def browser(self) -> httpx.AsyncClient:
        """Return a new browser."""
        client = self.api.client()
        client.base_url = httpx.URL(URL)
        return client

    async def tenant(self) -> str:
        """Make an organisation; return its id."""
        return (await self.api.tenant(f"Org {new_id('org')[-8:]}"))[0]

    async def configured(self, org_id: str | None = None, **fields: object) -> dict[str, Any]:
        """Have the scripted provider believed; return how."""
        self.number += 1
        owner = "" if org_id is None else f"/organizations/{org_id}"
        body = {
            "name": f"corp-{self.number}",
            "issuer": self.provider.issuer,
            "client_id": "mainspring",
            "client_secret": "a secret: with a colon",
            **fields,
        }
        answer = await self.admin.post(f"{API}{owner}/identity-providers", json=body)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    async def begin(self, client: httpx.AsyncClient, provider_id: str, **query: str) -> str:
        """Begin to sign in; return where the browser is sent."""
        answer = await client.get(f"{API}/sso/{provider_id}/sign-in", params=query)
        assert answer.status_code == 303, answer.text
        return answer.headers["location"]

    async def back(
        self, client: httpx.AsyncClient, provider_id: str, answer: dict[str, str]
    ) -> httpx.Response:
        """Come back from the provider."""
        return await client.get(f"{API}/sso/{provider_id}/callback", params=answer)

    async def sign_in(
        self, provider_id: str, client: httpx.AsyncClient | None = None, /, **claims: object
    ) -> tuple[httpx.AsyncClient, httpx.Response]:
        """Sign in with these claims."""
        client = client or self.browser()
        url = await self.begin(client, provider_id)
        answer = self.provider.answer(url, **claims)
        return client, await self.back(client, provider_id, answer)

    async def entered(self, provider_id: str, /, **claims: object) -> httpx.AsyncClient:
        """Sign in, which must succeed."""
        client, answer = await self.sign_in(provider_id, **claims)
        assert (answer.status_code, answer.headers["location"]) == (303, f"{URL}/")
        return client

    async def roles(self, client: httpx.AsyncClient, permission: str, resource: str) -> set[str]:
        """Return the roles that a person's access to ``resource`` is explained by."""
        session = (await client.get(f"{API}/sessions/current")).json()
        query = {"actor": session["user"]["id"], "permission": permission, "resource": resource}
        answer = await client.get(f"{API}/access/explain", params=query)
        assert answer.status_code == 200, answer.text
        return {each["role"] for each in answer.json()["considered"]}


@pytest.fixture
async def sso(database_dsn: str, tmp_path: Path) -> AsyncIterator[Sso]:
    """Return a control plane that people reach by HTTPS, and a provider."""
    settings = control_settings(
        tmp_path / "home", database_dsn, public_url=URL, oidc_network="loopback"
    )
    control = Control(settings, clock=ManualClock(SystemClock().now()))
    await control.preparation.run()
    control.start()
    async with ScriptedProvider() as provider:
        made = Sso(control, provider, tmp_path / "no-console")
        yield made
        await made.admin.aclose()
    await control.close()


def refused(answer: httpx.Response) -> str:
    """Return the code that a refused browser is shown."""
    location = urlsplit(answer.headers["location"])
    assert (answer.status_code, location.netloc, location.path) == (303, "control.test", "/login")
    return parse_qs(location.query)["error"][0]


ADA: dict[str, Any] = {
    "email": "ada@corp.example",
    "email_verified": True,
    "name": "Ada",
    "groups": ["eng", "all"],
}


async def test_the_question_is_whole_and_bound_to_the_browser(sso: Sso) -> None:
    made = await sso.configured(scopes=["openid", "email", "groups"])
    assert made["redirect_uri"] == f"{URL}/api/v1/sso/{made['id']}/callback"
    assert "secret" not in str(made).replace("has_secret", "")
    client = sso.browser()
    answer = await client.get(f"{API}/sso/{made['id']}/sign-in")
    asked = {k: v[0] for k, v in parse_qs(urlsplit(answer.headers["location"]).query).items()}
    assert asked["redirect_uri"] == made["redirect_uri"]
    assert (asked["response_type"], asked["code_challenge_method"]) == ("code", "S256")
    assert asked["scope"] == "openid email groups"
    assert min(len(asked[each]) for each in ("state", "nonce", "code_challenge")) >= 43
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith(f"{COOKIE}=")
    for attribute in ("HttpOnly", "Secure", "Path=/", "SameSite=lax", "Max-Age=600"):
        assert attribute in cookie
    assert "Domain" not in cookie
    assert asked["state"] not in cookie
    assert asked["nonce"] not in cookie


async def test_a_newcomer_gets_an_account_and_the_roles_of_their_groups(sso: Sso) -> None:
    org_id = await sso.tenant()
    path = f"{API}/organizations/{org_id}/groups"
    group = {"name": "Engineers", "external_name": "eng", "roles": [{"role": "developer"}]}
    assert (await sso.admin.post(path, json=group)).status_code == 201
    made = await sso.configured(
        org_id, allowed_domains=["corp.example"], rules=[{"role": "guest", "group": "all"}]
    )
    client = await sso.entered(made["id"], **ADA)
    assert await sso.roles(client, "key:write", org_id) == {"guest", "developer"}
    session = (await client.get(f"{API}/sessions/current")).json()
    assert session["user"]["email"] == "ada@corp.example"
    form = sso.provider.redeemed[-1]
    assert form["grant_type"] == "authorization_code"
    assert len(form["code_verifier"]) >= 43
    account = await sso.admin.get(f"{API}/users/{session['user']['id']}")
    assert account.json()["managed_by"] == org_id

    # Another sign-in, with other groups: what is not said any more is gone, and nothing else.
    granted = {"name": "Local", "roles": [{"role": "viewer"}]}
    local = (await sso.admin.post(path, json=granted)).json()["id"]
    user = session["user"]["id"]
    assert (await sso.admin.put(f"{API}/groups/{local}/members/{user}")).status_code == 204
    client = await sso.entered(made["id"], **{**ADA, "groups": ["all"]})
    assert await sso.roles(client, "key:write", org_id) == {"guest", "viewer"}

    # Nothing is left of what the provider said; what was given here holds on to a guest's place.
    client, answer = await sso.sign_in(made["id"], **{**ADA, "groups": list[str]()})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{URL}/")
    assert await sso.roles(client, "key:write", org_id) == {"guest", "viewer"}


async def test_whoever_has_no_group_left_loses_everything_and_stays_outside(sso: Sso) -> None:
    org_id, project_id = await sso.api.tenant("Leaving")
    made = await sso.configured(
        org_id, allowed_domains=["corp.example"], rules=[{"role": "developer", "group": "eng"}]
    )
    client = await sso.entered(made["id"], **ADA)
    csrf = (await client.get(f"{API}/sessions/current")).json()["csrf_token"]
    key = await client.post(
        f"{API}/projects/{project_id}/keys", json={"name": "k"}, headers={"X-CSRF-Token": csrf}
    )
    assert key.status_code == 201
    _, answer = await sso.sign_in(made["id"], **{**ADA, "groups": ["sales"]})
    assert refused(answer) == "sso_not_allowed"
    keys = (await sso.admin.get(f"{API}/projects/{project_id}/keys")).json()["items"]
    assert keys[0]["revoked_at"] is not None
    assert (await client.get(f"{API}/projects/{project_id}/keys")).status_code == 404
    strangers = {**ADA, "sub": "sub-2", "email": "new@corp.example", "groups": ["sales"]}
    _, answer = await sso.sign_in(made["id"], **strangers)
    assert refused(answer) == "sso_not_allowed"
    found = await sso.admin.get(f"{API}/users", params={"email": "new@corp.example"})
    assert found.json()["items"] == []


async def test_roles_in_the_platform_come_and_go_with_groups(sso: Sso) -> None:
    made = await sso.configured(
        rules=[{"role": "finance", "group": "money"}, {"role": "security", "group": "guards"}]
    )
    client = await sso.entered(made["id"], **{**ADA, "groups": ["guards"]})
    assert (await client.get(f"{API}/users")).status_code == 200
    again = await sso.entered(made["id"], **{**ADA, "groups": ["money"]})
    for each in (client, again):
        assert (await each.get(f"{API}/users")).status_code == 403
    await sso.admin.patch(f"{API}/identity-providers/{made['id']}", json={"enabled": False})
    assert (await again.get(f"{API}/sessions/current")).status_code == 401
    gone = await sso.browser().get(f"{API}/sso/{made['id']}/sign-in")
    assert refused(gone) == "not_found"


async def test_an_organisations_provider_vouches_in_that_organisation_only(sso: Sso) -> None:
    mine, other = await sso.tenant(), await sso.tenant()
    made = await sso.configured(
        mine, allowed_domains=["corp.example"], rules=[{"role": "org_admin"}]
    )
    client = await sso.entered(made["id"], **ADA)
    user = (await client.get(f"{API}/sessions/current")).json()["user"]["id"]
    await sso.control.members.put(PLATFORM, other, user, "org_admin")
    changed = await sso.admin.patch(f"{API}/users/{user}", json={"platform_roles": ["security"]})
    assert changed.status_code == 200
    assert (await client.get(f"{API}/organizations/{mine}/members")).status_code == 200
    assert (await client.get(f"{API}/organizations/{other}/members")).status_code == 404
    assert (await client.get(f"{API}/users")).status_code == 403
    client.headers["X-CSRF-Token"] = (await client.get(f"{API}/sessions/current")).json()[
        "csrf_token"
    ]
    token = (await client.post(f"{API}/tokens", json={"name": "t"})).json()["secret"]
    async with sso.api.client(Authorization=f"Bearer {token}") as script:
        assert (await script.get(f"{API}/organizations/{mine}/members")).status_code == 200
        assert (await script.get(f"{API}/organizations/{other}/members")).status_code == 404
        assert (await script.get(f"{API}/users")).status_code == 403
    platform = await sso.configured()
    body = {"provider_id": platform["id"]}
    assert (await client.post(f"{API}/account/identities", json=body)).status_code == 403


async def test_an_address_alone_opens_no_account(sso: Sso) -> None:
    org_id = await sso.tenant()
    member = await sso.api.member(org_id)
    email = member.session["user"]["email"]
    made = await sso.configured()
    claims = {**ADA, "email": email}
    assert refused((await sso.sign_in(made["id"], **claims))[1]) == "sso_account_exists"
    linking = await sso.configured(links_by_email=True)
    for verified in (False, None, "yes", 1):
        unverified = {**claims, "email_verified": verified}
        assert refused((await sso.sign_in(linking["id"], **unverified))[1]) == "sso_account_exists"
    client = await sso.entered(linking["id"], **claims)
    assert (await client.get(f"{API}/sessions/current")).json()["user"]["email"] == email
    # From now on it is the subject that counts, whatever the address says.
    client = await sso.entered(linking["id"], **{**claims, "email": "else@corp.example"})
    assert (await client.get(f"{API}/sessions/current")).json()["user"]["email"] == email
    own = (await client.get(f"{API}/account/identities")).json()["items"]
    assert [each["subject"] for each in own] == ["sub-1"]


async def test_of_an_organisations_provider_only_members_are_linked(sso: Sso) -> None:
    mine, other = await sso.tenant(), await sso.tenant()
    outsider = await sso.api.member(other)
    made = await sso.configured(
        mine, allowed_domains=["example.com"], rules=[{"role": "viewer"}], links_by_email=True
    )
    claims = {**ADA, "email": outsider.session["user"]["email"]}
    assert refused((await sso.sign_in(made["id"], **claims))[1]) == "sso_account_exists"
    insider = await sso.api.member(mine, "guest")
    await sso.entered(made["id"], **{**ADA, "email": insider.session["user"]["email"]})


async def test_people_of_other_domains_and_disabled_ones_stay_outside(sso: Sso) -> None:
    made = await sso.configured(allowed_domains=["Corp.Example"])
    other = {**ADA, "email": "eve@evil.example"}
    assert refused((await sso.sign_in(made["id"], **other))[1]) == "sso_not_allowed"
    client = await sso.entered(made["id"], **ADA)
    user = (await client.get(f"{API}/sessions/current")).json()["user"]["id"]
    await sso.admin.post(f"{API}/users/{user}/disable")
    assert (await client.get(f"{API}/sessions/current")).status_code == 401
    assert refused((await sso.sign_in(made["id"], **ADA))[1]) == "account_disabled"


async def test_a_state_is_good_once_in_one_browser_for_one_provider(sso: Sso) -> None:
    made, second = await sso.configured(), await sso.configured()
    client = sso.browser()
    answer = sso.provider.answer(await sso.begin(client, made["id"]), **ADA)
    kept = client.cookies[COOKIE]

    stranger = sso.browser()
    assert refused(await sso.back(stranger, made["id"], answer)) == "sso_failed"
    await sso.begin(stranger, made["id"])  # with a sign-in of its own under way
    assert refused(await sso.back(stranger, made["id"], answer)) == "sso_failed"
    # A mix-up: the honest provider's answer is brought to the address of another one.
    client.cookies.set(COOKIE, kept, domain="control.test")
    assert refused(await sso.back(client, second["id"], answer)) == "sso_failed"
    client.cookies.set(COOKIE, kept, domain="control.test")
    mixed = {**answer, "iss": "https://evil.example"}
    before = len(sso.provider.redeemed)
    assert refused(await sso.back(client, made["id"], mixed)) == "sso_failed"
    assert len(sso.provider.redeemed) == before

    url = await sso.begin(client, made["id"])
    answer = {**sso.provider.answer(url, **ADA), "iss": sso.provider.issuer}
    kept = client.cookies[COOKIE]
    done = await sso.back(client, made["id"], answer)
    assert done.headers["location"] == f"{URL}/"
    assert COOKIE not in client.cookies
    # Replayed with the cookie that was kept.
    client.cookies.set(COOKIE, kept, domain="control.test")
    assert refused(await sso.back(client, made["id"], answer)) == "sso_failed"


async def test_a_provider_that_promises_to_name_itself_must(sso: Sso) -> None:
    sso.provider.metadata["authorization_response_iss_parameter_supported"] = True
    made = await sso.configured()
    assert refused((await sso.sign_in(made["id"], **ADA))[1]) == "sso_failed"


async def test_a_sign_in_that_takes_too_long_or_is_refused_fails(sso: Sso) -> None:
    made = await sso.configured()
    client = sso.browser()
    answer = sso.provider.answer(await sso.begin(client, made["id"]), **ADA)
    clock = sso.control.clock
    assert isinstance(clock, ManualClock)
    clock.advance(601)
    assert refused(await sso.back(client, made["id"], answer)) == "sso_failed"
    client = sso.browser()
    asked = sso.provider.answer(await sso.begin(client, made["id"]), **ADA)
    denied = {"state": asked["state"], "error": "access_denied", "error_description": "<script>"}
    assert refused(await sso.back(client, made["id"], denied)) == "sso_failed"


_WRONG: list[dict[str, object]] = [
    {"nonce": "another"},
    {"nonce": None},
    {"iss": "https://evil.example"},
    {"aud": "somebody-else"},
    {"aud": ["mainspring", "somebody-else"]},
    {"aud": ["mainspring", "x"], "azp": "x"},
    {"azp": "somebody-else"},
    {"exp": long_ago()},
    {"exp": None},
    {"iat": long_ago()},
    {"iat": None},
    {"nbf": 4_000_000_000},
    {"sub": None},
    {"sub": ""},
    {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"},
]


async def test_a_token_that_says_the_wrong_thing_is_refused(sso: Sso) -> None:
    made = await sso.configured()
    believed: list[dict[str, object]] = []
    for claims in _WRONG:
        client = sso.browser()
        answer = sso.provider.answer(await sso.begin(client, made["id"]), **ADA)
        sso.provider.claims |= claims
        done = await sso.back(client, made["id"], answer)
        if refused(done) != "sso_failed" or client.cookies.get("mainspring_session"):
            believed.append(claims)
    assert believed == []
    await sso.entered(made["id"], **ADA)


async def test_a_token_that_is_not_signed_by_the_provider_is_refused(sso: Sso) -> None:
    made = await sso.configured()

    async def ending(token: str) -> str:
        client = sso.browser()
        answer = sso.provider.answer(await sso.begin(client, made["id"]), **ADA)
        head, _, signature = sso.provider.token().split(".")
        body = _part(sso.provider.claims)
        sso.provider.id_token = token.format(head=head, body=body, signature=signature)
        return refused(await sso.back(client, made["id"], answer))

    none = _part({"alg": "none", "kid": "scripted-1"})
    hmac = _part({"alg": "HS256", "kid": "scripted-1"})
    for token in (f"{none}.{{body}}.", f"{none}.{{body}}.{{signature}}", f"{hmac}.{{body}}.AAAA"):
        assert await ending(token) == "sso_failed"
    assert await ending("{head}.{body}.") == "sso_failed"
    assert await ending("not a token") == "sso_failed"
    stranger = TestKey("ES256", "scripted-1")
    client = sso.browser()
    answer = sso.provider.answer(await sso.begin(client, made["id"]), **ADA)
    sso.provider.id_token = stranger.sign(sso.provider.claims)
    assert refused(await sso.back(client, made["id"], answer)) == "sso_failed"
    client = sso.browser()
    answer = sso.provider.answer(await sso.begin(client, made["id"]), **ADA)
    sso.provider.id_token = sso.provider.key.sign(sso.provider.claims, typ="at+jwt")
    assert refused(await sso.back(client, made["id"], answer)) == "sso_failed"


async def test_new_keys_of_the_provider_are_fetched(sso: Sso) -> None:
    made = await sso.configured()
    await sso.entered(made["id"], **ADA)
    sso.provider.key = TestKey("ES256", "scripted-2")
    clock = sso.control.clock
    assert isinstance(clock, ManualClock)
    clock.advance(10)
    await sso.entered(made["id"], **ADA)
    assert sso.provider.asked.count("/keys") == 2


async def test_what_the_token_lacks_comes_from_userinfo_of_the_same_person(sso: Sso) -> None:
    made = await sso.configured()
    sso.provider.userinfo = {"sub": "sub-1", **ADA}
    client = await sso.entered(made["id"])
    user = (await client.get(f"{API}/sessions/current")).json()["user"]
    assert user["email"] == "ada@corp.example"
    sso.provider.userinfo = {"sub": "somebody-else", **ADA}
    assert refused((await sso.sign_in(made["id"]))[1]) == "sso_failed"


async def test_nobody_is_led_elsewhere(sso: Sso) -> None:
    made = await sso.configured()
    for path in (
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/%0d%0aSet-Cookie:x",
        "javascript:alert(1)",
        "/\tx",
        "@evil.example",
    ):
        client = sso.browser()
        url = await sso.begin(client, made["id"], next=path)
        done = await sso.back(client, made["id"], sso.provider.answer(url, **ADA))
        landing = urlsplit(done.headers["location"])
        assert (landing.scheme, landing.netloc) == ("https", "control.test")
        assert "evil" not in landing.path
        assert "set-cookie" not in landing.path.lower() or "%0d" in landing.path
    client = sso.browser()
    url = await sso.begin(client, made["id"], next="/keys?project=x#top")
    done = await sso.back(client, made["id"], sso.provider.answer(url, **ADA))
    assert done.headers["location"] == f"{URL}/keys?project=x#top"


async def test_a_provider_that_does_not_answer_is_told_apart(sso: Sso) -> None:
    made = await sso.configured(issuer="http://127.0.0.1:9")
    answer = await sso.browser().get(f"{API}/sso/{made['id']}/sign-in")
    assert refused(answer) == "sso_unavailable"
    path = f"{API}/identity-providers/{made['id']}/check"
    assert (await sso.admin.post(path)).json() == {"problem": "no answer (ConnectError)"}
    good = await sso.configured()
    path = f"{API}/identity-providers/{good['id']}/check"
    assert (await sso.admin.post(path)).json() == {"problem": None}


async def test_one_connects_and_disconnects_accounts_oneself(sso: Sso) -> None:
    org_id = await sso.tenant()
    email = (await sso.api.member(org_id)).session["user"]["email"]
    made = await sso.configured()
    client = sso.browser()
    session = await client.post(f"{API}/sessions", json={"email": email, "password": PASSWORD})
    client.headers["X-CSRF-Token"] = session.json()["csrf_token"]
    body = {"provider_id": made["id"], "next": "/keys"}
    begun = (await client.post(f"{API}/account/identities", json=body)).json()
    answer = sso.provider.answer(begun["url"], **ADA)

    thief = sso.browser()  # whoever lures somebody into their own flow gets nothing
    assert refused(await sso.back(thief, made["id"], answer)) == "sso_failed"
    done = await sso.back(client, made["id"], answer)
    assert done.headers["location"] == f"{URL}/keys"
    entered = await sso.entered(made["id"], **ADA)
    assert (await entered.get(f"{API}/sessions/current")).json()["user"]["email"] == email
    [own] = (await client.get(f"{API}/account/identities")).json()["items"]
    assert (await client.delete(f"{API}/account/identities/{own['id']}")).status_code == 204
    assert (await entered.get(f"{API}/sessions/current")).status_code == 401
    assert (await client.get(f"{API}/account/identities")).json()["items"] == []


async def test_connecting_ends_where_somebody_else_is_signed_in(sso: Sso) -> None:
    org_id = await sso.tenant()
    first, second = await sso.api.member(org_id), await sso.api.member(org_id)
    made = await sso.configured()
    client = sso.browser()

    async def enter(email: str) -> None:
        done = await client.post(f"{API}/sessions", json={"email": email, "password": PASSWORD})
        client.headers["X-CSRF-Token"] = done.json()["csrf_token"]

    await enter(first.session["user"]["email"])
    body = {"provider_id": made["id"]}
    begun = (await client.post(f"{API}/account/identities", json=body)).json()
    answer = sso.provider.answer(begun["url"], **ADA)
    await enter(second.session["user"]["email"])
    assert refused(await sso.back(client, made["id"], answer)) == "sso_failed"


async def test_the_sign_in_page_offers_what_concerns_one(sso: Sso) -> None:
    org_id = await sso.tenant()
    await sso.configured(display_name="Everybody")
    await sso.configured(
        org_id,
        display_name="Corp",
        allowed_domains=["corp.example"],
        rules=[{"role": "guest"}],
    )
    stranger = sso.browser()
    ways = (await stranger.get(f"{API}/sso/ways")).json()
    assert ways["password"] is True
    assert [each["display_name"] for each in ways["providers"]] == ["Everybody"]
    query = {"email": "somebody@CORP.example"}
    ways = (await stranger.get(f"{API}/sso/ways", params=query)).json()
    assert [each["display_name"] for each in ways["providers"]] == ["Everybody", "Corp"]
    assert ways["providers"][1]["url"].endswith("/sign-in")
    assert ways["providers"][1].keys() == {"id", "display_name", "url"}


async def test_signing_out_ends_the_session_here_and_says_where_else(sso: Sso) -> None:
    made = await sso.configured()
    client = await sso.entered(made["id"], **ADA)
    csrf = (await client.get(f"{API}/sessions/current")).json()["csrf_token"]
    done = await client.post(f"{API}/sso/sign-out", headers={"X-CSRF-Token": csrf})
    url = urlsplit(str(done.json()["url"]))
    assert f"{url.scheme}://{url.netloc}{url.path}" == f"{sso.provider.issuer}/end"
    asked = {name: values[0] for name, values in parse_qs(url.query).items()}
    assert asked == {"client_id": "mainspring", "post_logout_redirect_uri": f"{URL}/login"}
    assert (await client.get(f"{API}/sessions/current")).status_code == 401


async def test_the_provider_ends_sessions_by_the_back_channel(sso: Sso) -> None:
    made = await sso.configured()
    path = f"{API}/sso/{made['id']}/back-channel-logout"
    first = await sso.entered(made["id"], **ADA, sid="one")
    second = await sso.entered(made["id"], **ADA, sid="two")
    stranger = sso.browser()

    async def tell(token: str) -> int:
        return (await stranger.post(path, data={"logout_token": token})).status_code

    provider = sso.provider
    bad = [
        provider.logout_token("somebody-else", jti="1", sid="one"),
        provider.logout_token("mainspring", jti="2", sid="one", nonce="n"),
        provider.logout_token("mainspring", jti="3", sid="one", events=None),
        provider.logout_token("mainspring", sid="one"),
        provider.logout_token("mainspring", jti="4", sid="one", iat=long_ago()),
        provider.token(),
        "nonsense",
        "",
    ]
    assert [await tell(each) for each in bad] == [401] * len(bad)
    token = provider.logout_token("mainspring", jti="5", sid="one")
    assert await tell(token) == 200
    assert (await first.get(f"{API}/sessions/current")).status_code == 401
    assert (await second.get(f"{API}/sessions/current")).status_code == 200
    assert await tell(token) == 401  # good once
    assert await tell(provider.logout_token("mainspring", jti="6", sid=None)) == 200
    assert (await second.get(f"{API}/sessions/current")).status_code == 401


async def test_passwords_are_switched_off_with_a_way_in_left(sso: Sso) -> None:
    org_id = await sso.tenant()
    member = await sso.api.member(org_id)
    policy = f"{API}/sign-in-policy"
    off = {"password_sign_in": False}
    denied = await member.client.put(policy, json=off)
    assert denied.status_code == 403
    nobody = await sso.admin.put(policy, json=off)
    assert (nobody.status_code, "identity provider" in nobody.text) == (409, True)
    made = await sso.configured()
    nobody = await sso.admin.put(policy, json=off)
    assert (nobody.status_code, "break_glass" in nobody.text) == (409, True)
    account = {
        "email": "emergency@example.com",
        "name": "Glass",
        "password": PASSWORD,
        "platform_roles": ["platform_admin"],
    }
    glass = (await sso.admin.post(f"{API}/users", json=account)).json()
    user = f"{API}/users/{glass['id']}"
    assert (await sso.admin.patch(user, json={"break_glass": True})).status_code == 200
    changed = await sso.admin.put(policy, json=off)
    assert changed.status_code == 200
    read = await sso.admin.get(policy)
    assert (read.json(), read.headers["etag"]) == (changed.json(), changed.headers["etag"])
    assert (await member.client.get(policy)).status_code == 403
    stranger = sso.browser()
    assert (await stranger.get(f"{API}/sso/ways")).json()["password"] is False

    async def enter(email: str, password: str = PASSWORD) -> tuple[int, str]:
        body = {"email": email, "password": password}
        answer = await sso.browser().post(f"{API}/sessions", json=body)
        return answer.status_code, answer.json().get("code", "")

    expected = (401, "password_sign_in_off")
    assert await enter(member.session["user"]["email"]) == expected
    assert await enter("nobody@example.com") == expected
    assert await enter("emergency@example.com", "not the password") == expected
    assert await enter("emergency@example.com") == (201, "")
    told = (await sso.admin.get(f"{API}/audit/events?action=session.break_glass")).json()
    assert told["items"][0]["object_id"] == glass["id"]
    for refusal in (
        await sso.admin.patch(user, json={"break_glass": False}),
        await sso.admin.patch(user, json={"platform_roles": []}),
        await sso.admin.post(f"{user}/disable"),
        await sso.admin.delete(f"{API}/identity-providers/{made['id']}"),
        await sso.admin.patch(f"{API}/identity-providers/{made['id']}", json={"enabled": False}),
    ):
        assert refusal.status_code == 409, refusal.text
    assert (await sso.admin.put(policy, json={"password_sign_in": True})).status_code == 200
    assert await enter(member.session["user"]["email"]) == (201, "")


async def test_tenants_manage_their_own_providers_within_their_own_rights(sso: Sso) -> None:
    mine, other = await sso.tenant(), await sso.tenant()
    owner, stranger = await sso.api.member(mine), await sso.api.member(other)
    body = {
        "name": "corp",
        "issuer": sso.provider.issuer,
        "client_id": "c",
        "allowed_domains": ["mine.example"],
        "rules": [{"role": "developer"}],
    }
    path = f"{API}/organizations/{mine}/identity-providers"
    assert (await owner.client.post(path, json={**body, "allowed_domains": []})).status_code == 400
    made = (await owner.client.post(path, json=body)).json()
    assert made["rules"] == [{"role": "developer", "group": None, "org_id": mine}]
    assert (await owner.client.post(path, json=body)).status_code == 409
    one = f"{API}/identity-providers/{made['id']}"
    for answer in (
        await stranger.client.get(path),
        await stranger.client.get(one),
        await stranger.client.patch(one, json={"enabled": False}),
        await stranger.client.delete(one),
        await stranger.client.post(f"{one}/check"),
    ):
        assert answer.status_code == 404
    theirs = f"{API}/organizations/{other}/identity-providers"
    taken = await stranger.client.post(theirs, json={**body, "rules": [{"role": "guest"}]})
    assert (taken.status_code, "belongs to another" in taken.text) == (409, True)
    assert (await owner.client.post(f"{API}/identity-providers", json=body)).status_code == 403
    elsewhere = {**body, "name": "x", "rules": [{"role": "guest", "org_id": other}]}
    assert (await owner.client.post(path, json=elsewhere)).status_code == 400
    keeper = {"name": "keeper", "permissions": ["identity_provider:write", "member:read"]}
    await owner.client.post(f"{API}/organizations/{mine}/roles", json=keeper)
    limited = await sso.api.member(mine, "keeper")
    for rules in ([{"role": "developer"}], [{"role": "org_admin"}]):
        answer = await limited.client.patch(one, json={"rules": rules})
        assert answer.status_code == 403
    answer = await limited.client.patch(one, json={"links_by_email": True, "rules": []})
    assert answer.status_code == 403
    await owner.client.delete(one)
    assert (await owner.client.get(one)).status_code == 404


async def test_removing_a_provider_takes_back_what_followed(sso: Sso) -> None:
    org_id = await sso.tenant()
    made = await sso.configured(
        org_id, allowed_domains=["corp.example"], rules=[{"role": "developer"}]
    )
    client = await sso.entered(made["id"], **ADA)
    assert (await sso.admin.delete(f"{API}/identity-providers/{made['id']}")).status_code == 204
    assert (await client.get(f"{API}/sessions/current")).status_code == 401
    members = (await sso.admin.get(f"{API}/organizations/{org_id}/members")).json()["items"]
    assert "ada@corp.example" not in {each["email"] for each in members}


def _part(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()
