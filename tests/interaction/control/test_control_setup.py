"""The first start, the first administrator, sessions and tokens."""

import asyncio
import stat
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text

from mainspring.app.control.wiring import Control
from mainspring.infra.passwords import Argon2Hasher
from mainspring.kernel.clock import ManualClock
from mainspring.kernel.scope import Scope
from tests.fixtures.control import PASSWORD, Api, control_settings

ADA = {
    "email": "Ada@Example.com",
    "name": "Ada Lovelace",
    "password": PASSWORD,
    "language": "zh",
}


def setup_token(home: Path) -> str:
    return (home / "setup-link").read_text().strip().partition("#token=")[2]


async def test_the_first_start_leaves_private_files_and_the_embedded_defaults(
    control: Control, admin: httpx.AsyncClient
) -> None:
    home = control.settings.home
    for name in ("setup-link", "admin-token", "first-key", "secrets/internal.token"):
        assert stat.S_IMODE((home / name).stat().st_mode) == 0o600, name
    assert (home / "first-key").read_text().startswith("msk-")
    link = (home / "setup-link").read_text()
    assert link.startswith("http://127.0.0.1:8090/setup#token=msu-")
    upstreams = (await admin.get("/api/v1/upstreams")).json()["items"]
    assert [(each["name"], each["base_url"]) for each in upstreams] == [
        ("embedded-llm", "http://127.0.0.1:9001"),
        ("embedded-embeddings", "http://127.0.0.1:9002"),
    ]
    models = (await admin.get("/api/v1/models")).json()["items"]
    assert [(each["name"], each["tasks"]) for each in models] == [
        ("smollm2-135m-instruct", ["chat", "completion"]),
        ("multilingual-e5-small", ["embedding"]),
    ]


async def test_a_second_start_changes_nothing_but_follows_the_embedded_address(
    control: Control, database_dsn: str, clock: ManualClock
) -> None:
    home = control.settings.home
    before = {name: (home / name).read_text() for name in ("admin-token", "first-key")}
    again = Control(
        control_settings(home, database_dsn, embedded_llm_url="http://127.0.0.1:9999"),
        clock=clock,
    )
    try:
        await again.preparation.run()
        upstream = await again.catalog.find_upstream(Scope.platform("test"), "embedded-llm")
    finally:
        await again.close()
    assert {name: (home / name).read_text() for name in before} == before
    assert upstream is not None
    assert upstream.base_url == "http://127.0.0.1:9999"


async def test_a_lost_first_key_is_replaced_and_a_revoked_one_is_not(
    control: Control, database_dsn: str, clock: ManualClock, admin: httpx.AsyncClient
) -> None:
    path = control.settings.first_key_file
    lost = path.read_text()
    path.unlink()
    await _start_again(control, database_dsn, clock)
    assert path.read_text() != lost

    [organization] = (await admin.get("/api/v1/organizations")).json()["items"]
    projects = await admin.get(f"/api/v1/organizations/{organization['id']}/projects")
    project_id = projects.json()["items"][0]["id"]
    for key in (await admin.get(f"/api/v1/projects/{project_id}/keys")).json()["items"]:
        await admin.delete(f"/api/v1/keys/{key['id']}")
    path.unlink()
    await _start_again(control, database_dsn, clock)
    assert not path.exists()


async def test_a_first_key_of_another_database_is_replaced_by_one_that_opens_this_one(
    control: Control, database_dsn: str, clock: ManualClock
) -> None:
    path = control.settings.first_key_file
    path.write_text("msk-of-another-database\n")
    await _start_again(control, database_dsn, clock)
    assert path.read_text() != "msk-of-another-database\n"
    replaced = path.read_text()
    await _start_again(control, database_dsn, clock)
    assert path.read_text() == replaced


async def test_the_setup_link_makes_one_administrator_and_then_is_gone(
    control: Control, stranger: httpx.AsyncClient
) -> None:
    token = setup_token(control.settings.home)
    assert (await stranger.get("/api/v1/setup")).json() == {"needed": True}

    answer = await stranger.post("/api/v1/setup", json={"token": token, **ADA})

    assert answer.status_code == 201, answer.text
    session = answer.json()
    assert session["user"]["email"] == "ada@example.com"
    assert session["user"]["language"] == "zh"
    assert session["user"]["is_platform_admin"] is True
    assert [each["slug"] for each in session["organizations"]] == ["default"]
    assert [each["slug"] for each in session["organizations"][0]["projects"]] == ["default"]
    cookies = answer.headers.get_list("set-cookie")
    assert any("mainspring_session=mss-" in each and "HttpOnly" in each for each in cookies)
    assert all("SameSite=lax" in each for each in cookies)
    assert not control.settings.setup_link_file.exists()
    assert (await stranger.get("/api/v1/setup")).json() == {"needed": False}
    assert (await stranger.get("/api/v1/sessions/current")).json()["user"] == session["user"]

    again = await stranger.post(
        "/api/v1/setup", json={"token": token, **ADA, "email": "eve@example.com"}
    )
    assert (again.status_code, again.json()["code"]) == (401, "setup_token_invalid")


async def test_a_wrong_or_expired_setup_token_makes_nobody(
    control: Control, stranger: httpx.AsyncClient, clock: ManualClock
) -> None:
    wrong = await stranger.post("/api/v1/setup", json={"token": "msu-guess", **ADA})
    assert (wrong.status_code, wrong.json()["code"]) == (401, "setup_token_invalid")
    token = setup_token(control.settings.home)
    clock.advance(24 * 3600 + 1)
    late = await stranger.post("/api/v1/setup", json={"token": token, **ADA})
    assert (late.status_code, late.json()["code"]) == (401, "setup_token_invalid")
    assert (await stranger.get("/api/v1/setup")).json() == {"needed": True}


async def test_a_stranger_without_the_link_makes_nobody_hash_a_password(
    control: Control, stranger: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed: list[str] = []
    plain = Argon2Hasher.hash

    async def counted(hasher: Argon2Hasher, password: str) -> str:
        hashed.append(password)
        return await plain(hasher, password)

    monkeypatch.setattr(Argon2Hasher, "hash", counted)
    token = setup_token(control.settings.home)
    assert (await stranger.post("/api/v1/setup", json={"token": "guess", **ADA})).status_code == 401
    assert hashed == []
    answers = await asyncio.gather(
        *(stranger.post("/api/v1/setup", json={"token": token, **ADA}) for _ in range(3))
    )
    assert sorted(answer.status_code for answer in answers) == [201, 401, 401]
    hashed.clear()
    assert (await stranger.post("/api/v1/setup", json={"token": token, **ADA})).status_code == 401
    assert hashed == []


async def test_a_refused_field_leaves_the_setup_token_good(
    control: Control, stranger: httpx.AsyncClient
) -> None:
    token = setup_token(control.settings.home)
    short = await stranger.post("/api/v1/setup", json={"token": token, **ADA, "password": "short"})
    assert short.status_code == 422
    assert short.json()["errors"][0]["field"] == "body.password"
    assert "short" not in short.text.replace("too_short", "")
    easy = await stranger.post("/api/v1/setup", json={"token": token, **ADA, "password": "a" * 12})
    assert (easy.status_code, easy.json()["errors"][0]["field"]) == (400, "password")
    assert (await stranger.post("/api/v1/setup", json={"token": token, **ADA})).status_code == 201


async def test_a_browsers_write_needs_the_consoles_own_token(api: Api) -> None:
    org_id, _ = await api.tenant("Browser")
    person = await api.member(org_id)
    path = f"/api/v1/organizations/{org_id}"
    assert (await person.client.patch(path, json={"name": "Renamed"})).status_code == 200
    for shown in (None, "", "guess"):
        headers = {} if shown is None else {"X-CSRF-Token": shown}
        person.client.headers.pop("X-CSRF-Token", None)
        refused = await person.client.patch(path, json={"name": "Stolen"}, headers=headers)
        assert (refused.status_code, refused.json()["code"]) == (403, "cross_site_request")
    assert (await person.client.get(path)).json()["name"] == "Renamed"


async def test_another_site_cannot_sign_a_browser_in(api: Api, stranger: httpx.AsyncClient) -> None:
    refused = await stranger.post(
        "/api/v1/sessions",
        json={"email": "a@example.com", "password": PASSWORD},
        headers={"Sec-Fetch-Site": "cross-site"},
    )
    assert (refused.status_code, refused.json()["code"]) == (403, "cross_site_request")


async def test_signing_out_ends_the_session_everywhere(api: Api) -> None:
    org_id, _ = await api.tenant("Leaver")
    person = await api.member(org_id)
    stolen = dict(person.client.cookies)
    assert (await person.client.delete("/api/v1/sessions/current")).status_code == 204
    async with api.client() as thief:
        thief.cookies.update(stolen)
        answer = await thief.get("/api/v1/sessions/current")
    assert (answer.status_code, answer.json()["code"]) == (401, "sign_in_required")
    assert answer.headers["www-authenticate"] == "Bearer"


async def test_a_session_ends_when_idle_and_when_old(api: Api, clock: ManualClock) -> None:
    org_id, _ = await api.tenant("Sleeper")
    person = await api.member(org_id)
    for _ in range(7):
        clock.advance(23 * 3600)
        assert (await person.client.get("/api/v1/sessions/current")).status_code == 200
    clock.advance(23 * 3600)
    assert (await person.client.get("/api/v1/sessions/current")).status_code == 401
    fresh = await api.member(org_id)
    clock.advance(24 * 3600)
    assert (await fresh.client.get("/api/v1/sessions/current")).status_code == 401
    assert await api.control.sign_in.remove_ended() == 2


async def test_guessing_a_password_gets_slower_and_the_owner_gets_in_afterwards(
    api: Api, stranger: httpx.AsyncClient, clock: ManualClock
) -> None:
    await api.control.accounts.create_user(
        Scope.platform("test"), email="ada@example.com", name="Ada", password=PASSWORD
    )
    wrong = {"email": "ADA@example.com ", "password": "not the password"}
    for _ in range(5):
        answer = await stranger.post("/api/v1/sessions", json=wrong)
        assert (answer.status_code, answer.json()["code"]) == (401, "invalid_credentials")
    right = {"email": "ada@example.com", "password": PASSWORD}
    held = await stranger.post("/api/v1/sessions", json=right)
    assert (held.status_code, held.json()["code"]) == (429, "sign_in_throttled")
    assert held.headers["retry-after"] == "2"
    clock.advance(2)
    assert (await stranger.post("/api/v1/sessions", json=right)).status_code == 201
    assert (await stranger.post("/api/v1/sessions", json=wrong)).status_code == 401


async def test_failures_that_count_no_more_are_not_kept(
    api: Api, stranger: httpx.AsyncClient, clock: ManualClock
) -> None:
    for guess in ("early", "late"):
        wrong = {"email": f"{guess}@example.com", "password": PASSWORD}
        assert (await stranger.post("/api/v1/sessions", json=wrong)).status_code == 401
        clock.advance(31 * 60)
    await api.control.sign_in.remove_ended()
    async with api.control.database.session(Scope.platform("test")) as session:
        kept = await session.execute(text("SELECT subject FROM sign_in_attempts"))
    subjects = sorted(kept.scalars())
    assert [each for each in subjects if each.startswith("account:")] == [
        "account:late@example.com"
    ]


async def test_an_unknown_address_gets_the_answer_of_a_wrong_password(
    stranger: httpx.AsyncClient,
) -> None:
    answer = await stranger.post(
        "/api/v1/sessions", json={"email": "nobody@example.com", "password": PASSWORD}
    )
    assert (answer.status_code, answer.json()["code"]) == (401, "invalid_credentials")


async def test_a_personal_token_acts_as_its_owner_until_it_is_revoked(api: Api) -> None:
    org_id, _ = await api.tenant("Tokens")
    person = await api.member(org_id)
    created = (await person.client.post("/api/v1/tokens", json={"name": "laptop"})).json()
    secret = created.pop("secret")
    assert secret.startswith("mst-")
    listed = await person.client.get("/api/v1/tokens")
    assert [each["id"] for each in listed.json()["items"]] == [created["id"]]
    assert secret not in listed.text
    async with api.client(Authorization=f"Bearer {secret}") as script:
        organizations = (await script.get("/api/v1/organizations")).json()["items"]
        assert [each["id"] for each in organizations] == [org_id]
        # A bearer token is no cookie: no other page can make a browser send it.
        renamed = await script.patch(f"/api/v1/organizations/{org_id}", json={"name": "Script"})
        assert renamed.status_code == 200
        gone = await person.client.delete(f"/api/v1/tokens/{created['id']}")
        assert gone.status_code == 204
        assert (await script.get("/api/v1/organizations")).status_code == 401


async def test_nobody_revokes_the_token_of_another(api: Api) -> None:
    org_id, _ = await api.tenant("Tokens")
    owner, other = await api.member(org_id), await api.member(org_id)
    created = (await owner.client.post("/api/v1/tokens", json={"name": "laptop"})).json()
    refused = await other.client.delete(f"/api/v1/tokens/{created['id']}")
    assert refused.status_code == 404


async def _start_again(control: Control, database_dsn: str, clock: ManualClock) -> None:
    again = Control(control_settings(control.settings.home, database_dsn), clock=clock)
    try:
        await again.preparation.run()
    finally:
        await again.close()
