"""One's own account: second factor, sessions, password, narrowed tokens; keys that are rotated."""

from datetime import timedelta

import httpx
from pyotp.totp import TOTP

from mainspring.capabilities.identity.api import Role
from mainspring.infra.feed import read_frame
from mainspring.kernel.clock import ManualClock
from mainspring.snapshot.table import SnapshotTable
from tests.fixtures.control import PASSWORD, Api, Person

API = "/api/v1"
FACTOR = f"{API}/account/second-factor"


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def sign_in(api: Api, person: Person, **more: str) -> httpx.Response:
    async with api.client() as client:
        body = {"email": person.session["user"]["email"], "password": PASSWORD, **more}
        return await client.post(f"{API}/sessions", json=body)


async def enrolled(person: Person, clock: ManualClock) -> tuple[TOTP, list[str]]:
    begun = await person.client.post(FACTOR, json={"password": PASSWORD})
    assert begun.status_code == 201, begun.text
    totp = TOTP(begun.json()["secret"])
    assert begun.json()["uri"].startswith("otpauth://totp/Mainspring:")
    confirmed = await person.client.post(f"{FACTOR}/confirm", json={"code": totp.at(clock.now())})
    assert confirmed.status_code == 200, confirmed.text
    return totp, confirmed.json()["recovery_codes"]


async def test_signing_in_asks_for_a_code_that_is_good_once(api: Api, clock: ManualClock) -> None:
    org_id, _ = await api.tenant("Factors")
    person = await api.member(org_id)
    wrong = await person.client.post(FACTOR, json={"password": "not the password"})
    assert code(wrong) == (401, "invalid_credentials")
    begun = await person.client.post(FACTOR, json={"password": PASSWORD})
    assert begun.status_code == 201
    assert (await sign_in(api, person)).status_code == 201  # it counts once a code was shown
    totp, _ = await enrolled(person, clock)
    assert (await person.client.get(FACTOR)).json() == {"enabled": True}
    assert code(await sign_in(api, person)) == (401, "second_factor_required")
    present = totp.at(clock.now())
    assert code(await sign_in(api, person, code=present)) == (401, "invalid_credentials")
    clock.advance(30)
    fresh = totp.at(clock.now())
    assert (await sign_in(api, person, code=fresh)).status_code == 201
    assert code(await sign_in(api, person, code=fresh)) == (401, "invalid_credentials")
    clock.advance(30)
    late = totp.at(clock.now() - timedelta(seconds=90))
    assert code(await sign_in(api, person, code=late)) == (401, "invalid_credentials")
    again = await person.client.post(FACTOR, json={"password": PASSWORD})
    assert code(again) == (409, "conflict")


async def test_guessing_codes_is_slowed_like_guessing_passwords(
    api: Api, clock: ManualClock
) -> None:
    org_id, _ = await api.tenant("Guessing")
    person = await api.member(org_id)
    totp, _ = await enrolled(person, clock)
    for _ in range(5):
        assert code(await sign_in(api, person, code="000000"))[0] == 401
    clock.advance(1)
    held = await sign_in(api, person, code=totp.at(clock.now() + timedelta(seconds=30)))
    assert code(held) == (429, "sign_in_throttled")


async def test_a_recovery_code_is_good_once_and_an_administrator_helps_when_all_is_lost(
    api: Api, admin: httpx.AsyncClient, clock: ManualClock
) -> None:
    org_id, _ = await api.tenant("Recovery")
    person = await api.member(org_id)
    _, codes = await enrolled(person, clock)
    assert len(set(codes)) == 10
    typed = codes[0].upper().replace("-", " ")
    assert (await sign_in(api, person, code=typed)).status_code == 201
    assert code(await sign_in(api, person, code=codes[0])) == (401, "invalid_credentials")
    reset = f"{API}/users/{person.session['user']['id']}/second-factor"
    assert (await person.client.delete(reset)).status_code == 403
    assert (await admin.delete(reset)).status_code == 204
    assert (await sign_in(api, person)).status_code == 201
    assert code(await admin.delete(reset)) == (404, "not_found")
    await enrolled(person, clock)
    kept = await person.client.post(f"{FACTOR}/remove", json={"password": "not the password"})
    assert kept.status_code == 401
    removed = await person.client.post(f"{FACTOR}/remove", json={"password": PASSWORD})
    assert removed.status_code == 204
    assert (await sign_in(api, person)).status_code == 201


async def test_a_changed_password_ends_every_other_session(api: Api) -> None:
    org_id, _ = await api.tenant("Passwords")
    person = await api.member(org_id)
    other = await api.sign_in(person.session["user"]["email"])
    change = f"{API}/account/password"
    wrong = await person.client.post(change, json={"current": "wrong", "new": "a new password"})
    assert code(wrong) == (401, "invalid_credentials")
    same = await person.client.post(change, json={"current": PASSWORD, "new": PASSWORD})
    assert code(same) == (400, "invalid_request")
    done = await person.client.post(change, json={"current": PASSWORD, "new": "a new password"})
    assert done.status_code == 204
    assert (await person.client.get(f"{API}/sessions/current")).status_code == 200
    assert (await other.client.get(f"{API}/sessions/current")).status_code == 401
    assert (await sign_in(api, person)).status_code == 401
    assert (await sign_in(api, person, password="a new password")).status_code == 201


async def test_sessions_are_listed_and_ended_by_their_owner_alone(api: Api) -> None:
    org_id, _ = await api.tenant("Sessions")
    person, stranger = await api.member(org_id), await api.member(org_id)
    other = await api.sign_in(person.session["user"]["email"])
    listed = (await person.client.get(f"{API}/sessions")).json()["items"]
    assert [each["current"] for each in listed] == [False, True]
    assert listed[0]["agent"].startswith("python-httpx")
    assert listed[0]["peer"] is not None
    path = f"{API}/sessions/{listed[0]['id']}"
    assert (await stranger.client.delete(path)).status_code == 404
    assert (await person.client.delete(path)).status_code == 204
    assert (await other.client.get(f"{API}/sessions/current")).status_code == 401


async def test_a_narrowed_token_does_what_it_names_and_cannot_widen_itself(api: Api) -> None:
    org_id, project_id = await api.tenant("Narrow")
    person = await api.member(org_id)
    unknown = await person.client.post(f"{API}/tokens", json={"name": "t", "scopes": ["no:such"]})
    assert code(unknown) == (400, "invalid_request")
    made = await person.client.post(
        f"{API}/tokens", json={"name": "t", "scopes": ["key:read", "project:read"]}
    )
    assert made.json()["scopes"] == ["key:read", "project:read"]
    keys = f"{API}/projects/{project_id}/keys"
    async with api.client(Authorization=f"Bearer {made.json()['secret']}") as narrow:
        assert (await narrow.get(keys)).status_code == 200
        assert code(await narrow.post(keys, json={"name": "k"})) == (403, "permission_denied")
        for path, body in (
            ("/tokens", {"name": "wider"}),
            ("/account/password", {"current": PASSWORD, "new": "another password"}),
            ("/account/second-factor", {"password": PASSWORD}),
        ):
            refused = await narrow.post(f"{API}{path}", json=body)
            assert code(refused) == (403, "permission_denied"), path
        own = await narrow.delete(f"{API}/tokens/{made.json()['id']}")
        assert own.status_code == 403
        assert (await narrow.get(f"{API}/sessions")).status_code == 403


async def test_a_narrowed_token_has_nothing_that_its_owner_lost(
    api: Api, admin: httpx.AsyncClient
) -> None:
    org_id, project_id = await api.tenant("Lost")
    person = await api.member(org_id)
    made = await person.client.post(f"{API}/tokens", json={"name": "t", "scopes": ["key:write"]})
    await admin.put(
        f"{API}/organizations/{org_id}/members/{person.session['user']['id']}",
        json={"role": "viewer"},
    )
    async with api.client(Authorization=f"Bearer {made.json()['secret']}") as narrow:
        refused = await narrow.post(f"{API}/projects/{project_id}/keys", json={"name": "k"})
        assert code(refused) == (403, "permission_denied")


async def test_a_rotated_key_works_beside_its_successor_until_the_overlap_is_over(
    api: Api, clock: ManualClock
) -> None:
    org_id, project_id = await api.tenant("Rotation")
    owner = await api.member(org_id, Role.DEVELOPER)
    keys = f"{API}/projects/{project_id}/keys"
    body = {"name": "service", "models": ["m"], "limits": {"max_concurrency": 2}}
    old = (await owner.client.post(keys, json=body)).json()
    path = f"{API}/keys/{old['id']}/rotate"
    new = (await owner.client.post(path, json={"overlap_s": 3600})).json()
    assert new["secret"] != old["secret"]
    same = ("name", "models", "limits", "scopes", "project_id")
    assert [new[field] for field in same] == [old[field] for field in same]
    assert (new["replaces"], new["expires_at"], new["last_used_at"]) == (old["id"], None, None)
    table = SnapshotTable()
    frame = await read_frame(api.control.database)
    assert frame is not None
    table.apply(frame)
    first, second = table.find_key(old["secret"]), table.find_key(new["secret"])
    assert first is not None
    assert second is not None
    assert first.expires_at == int((clock.now() + timedelta(hours=1)).timestamp())
    assert (second.expires_at, second.models) == (None, ("m",))
    clock.advance(3601)
    assert code(await owner.client.post(path, json={})) == (409, "conflict")
    await owner.client.delete(f"{API}/keys/{new['id']}")
    revoked = await owner.client.post(f"{API}/keys/{new['id']}/rotate", json={})
    assert code(revoked) == (409, "conflict")
