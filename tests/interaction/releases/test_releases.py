"""The life of a release, over a real control plane, a real database and real gateways."""

import asyncio
import time
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import pytest

from mainspring.kernel.clock import SystemClock
from mainspring.kernel.tasks import TaskOwner
from mainspring.testing.upstream import Reply
from tests.interaction.releases.conftest import NEW, OLD, Stage

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_version_comes_into_service_step_by_step_and_leaves_it(stage: Stage) -> None:
    model = await stage.model()
    release = await stage.register(model, plan={"steps": [{"weight": 0}, {"weight": 100}]})
    assert release["state"] == "registered"
    verified = await stage.step(release, "verify")
    assert verified["state"] == "verified"
    assert [each["passed"] for each in verified["verification"]["checks"]] == [True] * 5
    await stage.step(release, "deploy", reason="try it")
    await stage.site.has_caught_up()
    assert await stage.words(model) == OLD
    assert await stage.words(model, headers={"X-Routing-Strategy": "canary"}) == NEW
    await stage.step(release, "canary")
    await stage.site.has_caught_up()
    assert await stage.words(model) == OLD
    advanced = await stage.step(release, "advance")
    assert (advanced["state"], advanced["step"]) == ("canary", 1)
    await stage.site.has_caught_up()
    answer = await stage.call(model)
    assert answer.headers["x-mainspring-track"] == "canary"
    assert await stage.words(model, headers={"X-Routing-Strategy": "stable"}) == OLD
    promoted = await stage.step(release, "promote", reason="all is well")
    assert promoted["state"] == "stable"
    await stage.site.has_caught_up()
    assert [await stage.words(model, gateway) for gateway in (0, 1)] == [NEW, NEW]
    other = await stage.model()
    sunset = SystemClock().now().replace(microsecond=0) + timedelta(days=30)
    await stage.step(
        release,
        "deprecate",
        sunset_at=sunset.isoformat(),
        replacement=other["name"],
        link="https://docs.example/writer",
    )
    await stage.site.has_caught_up()
    answer = await stage.call(model)
    assert answer.status_code == 200
    since = answer.headers["deprecation"]
    assert since.startswith("@")
    assert abs(int(since[1:]) - time.time()) < 60
    assert parsedate_to_datetime(answer.headers["sunset"]) == sunset
    assert answer.headers["link"] == '<https://docs.example/writer>; rel="deprecation sunset"'
    assert answer.headers["x-mainspring-replacement"] == other["name"]
    told = await _listed(stage)
    assert told[model["name"]]["deprecation"] == {
        "deprecated_at": int(since[1:]),
        "sunset_at": int(sunset.timestamp()),
        "replacement": other["name"],
        "link": "https://docs.example/writer",
    }
    assert "deprecation" not in told[other["name"]]
    await stage.step(release, "offline", reason="over")
    await stage.site.has_caught_up()
    gone = await stage.call(model)
    assert (gone.status_code, gone.json()["error"]["code"]) == (410, "model_offline")
    assert other["name"] in gone.json()["error"]["message"]
    assert model["name"] not in await _listed(stage)
    events = await stage.history(model)
    assert [(each["version"], each["action"], each["after"]) for each in events] == [
        ("initial", "adopt", "stable"),
        ("2", "register", "registered"),
        ("2", "verify", "verified"),
        ("2", "deploy", "deployed"),
        ("2", "canary", "canary"),
        ("2", "advance", "canary"),
        ("initial", "supersede", "superseded"),
        ("2", "promote", "stable"),
        ("2", "deprecate", "deprecated"),
        ("2", "offline", "offline"),
    ]
    assert {each["actor_kind"] for each in events} == {"service"}
    assert events[3]["reason"] == "try it"
    # What was stopped can be undone: the version before is still there.
    back = await stage.site.admin.post(f"/models/{model['id']}/rollback", json={})
    assert (back.json()["version"], back.json()["state"]) == ("initial", "stable")
    await stage.site.has_caught_up()
    assert await stage.words(model) == OLD


async def _listed(stage: Stage) -> dict[str, Any]:
    answer = await stage.http.get(
        f"{stage.site.url()}/v1/models", headers={"Authorization": f"Bearer {stage.key}"}
    )
    return {each["id"]: each for each in answer.json()["data"]}


async def test_groups_and_headers_choose_the_canary(stage: Stage) -> None:
    model, release = await stage.candidate(
        plan={
            "steps": [{"weight": 0}],
            "subjects": [stage.project_id],
            "headers": [{"name": "X-Beta", "values": ["Yes"]}],
        }
    )
    other_project, other_key = await stage.site.tenant("another")
    assert other_project != stage.project_id
    await stage.step(release, "canary")
    await stage.site.has_caught_up()
    assert await stage.words(model) == NEW  # its project is among the subjects
    beta = {"Authorization": f"Bearer {other_key}"}
    assert await stage.words(model, headers=beta) == OLD
    assert await stage.words(model, headers={**beta, "x-beta": "yes"}) == NEW
    assert await stage.words(model, headers={**beta, "x-beta": "no"}) == OLD


async def test_a_rollback_holds_within_a_second_and_harms_no_stream(stage: Stage) -> None:
    model, release = await stage.candidate(plan={"steps": [{"weight": 100}]})
    await stage.step(release, "canary")
    await stage.site.has_caught_up()
    stage.new.then(*(Reply(tokens=40, chunk_interval_s=0.05) for _ in range(4)))
    begun = len(stage.new.requests)
    owner = TaskOwner(lambda _name, _error: None)
    streams = [
        owner.start(_stream(stage, model, gateway), name="stream") for gateway in (0, 1, 0, 1)
    ]
    await stage.new.received(begun + len(streams))
    assert [await stage.words(model, gateway) for gateway in (0, 1)] == [NEW, NEW]
    asked = time.monotonic()
    answer = await stage.site.admin.post(
        f"/models/{model['id']}/rollback", json={"reason": "it is slow"}
    )
    assert (answer.status_code, answer.json()["state"]) == (200, "rolled_back")
    for gateway in (0, 1):
        while await stage.words(model, gateway) != OLD:
            assert time.monotonic() - asked < 1.0
    took = time.monotonic() - asked
    assert took < 1.0
    assert not any(stream.done() for stream in streams)
    assert await asyncio.gather(*streams) == [40] * len(streams)
    # From here on nobody gets it any more, however they ask.
    assert (await stage.call(model, headers={"X-Routing-Strategy": "canary"})).status_code == 200
    assert await stage.words(model, headers={"X-Routing-Strategy": "canary"}) == OLD
    event = (await stage.history(model))[-1]
    assert (event["action"], event["before"], event["reason"]) == (
        "roll_back",
        "canary",
        "it is slow",
    )


async def _stream(stage: Stage, model: dict[str, Any], gateway: int) -> int:
    """Read a stream to its end; return how many words it had."""
    words = 0
    client = stage.site.openai(stage.key, gateway)
    stream = await client.chat.completions.create(
        model=model["name"], messages=[{"role": "user", "content": "tell"}], stream=True
    )
    async for chunk in stream:
        words += bool(chunk.choices and chunk.choices[0].delta.content)
    return words


async def test_after_a_promotion_the_version_before_comes_back_by_one_call(stage: Stage) -> None:
    model, release = await stage.candidate()
    await stage.step(release, "promote")
    await stage.site.has_caught_up()
    assert await stage.words(model) == NEW
    answer = await stage.site.admin.post(f"/models/{model['id']}/rollback", json={})
    assert (answer.json()["id"], answer.json()["state"]) == (release["id"], "rolled_back")
    await stage.site.has_caught_up()
    assert await stage.words(model) == OLD
    again = await stage.site.admin.post(f"/models/{model['id']}/rollback", json={})
    assert (again.status_code, again.json()["code"]) == (409, "release_state")
    # What was rolled back may be tried again.
    await stage.step(release, "deploy")


async def test_steps_out_of_order_are_refused(stage: Stage) -> None:
    model = await stage.model()
    release = await stage.register(model)
    for step in ("deploy", "canary", "advance", "promote", "deprecate"):
        assert await stage.refused(release, step) == "release_state", step
    await stage.step(release, "verify")
    await stage.step(release, "deploy")
    second = await stage.register(
        model,
        version="3",
        targets=[{"upstream_id": stage.upstreams["new"], "upstream_model": "scripted"}],
    )
    await stage.step(second, "verify")
    assert await stage.refused(second, "deploy") == "conflict"  # one candidate at a time
    assert await stage.refused(release, "offline") == "release_state"  # not without force
    await stage.step(release, "offline", force=True, reason="stop")
    await stage.step(second, "deploy")
    await stage.site.has_caught_up()
    assert await stage.words(model) == OLD
    stale = await stage.site.admin.post(
        f"/releases/{second['id']}/canary", json={}, headers={"If-Match": '"r1"'}
    )
    assert stale.status_code == 412


async def test_a_version_is_verified_against_its_server_its_card_and_the_model(
    stage: Stage,
) -> None:
    model = await stage.model(context_length=32_768)
    release = await stage.register(
        model,
        targets=[
            {"upstream_id": stage.upstreams["new"], "upstream_model": "another"},
            {"upstream_id": stage.upstreams["old"], "upstream_model": "scripted"},
        ],
        specification={"context_length": 8192},
    )
    found = await stage.step(release, "verify")
    assert found["state"] == "registered"
    checks = {each["name"]: each for each in found["verification"]["checks"]}
    assert [name for name, each in checks.items() if not each["passed"]] == [
        "targets",
        "servers",
        "licence",
        "context_length",
    ]
    assert "does not list the model another" in checks["servers"]["detail"]
    assert await stage.refused(release, "deploy") == "release_state"
    assert await stage.refused(release, "verify", waive=["licence"]) == "invalid_request"
    changed = await stage.site.admin.patch(
        f"/releases/{release['id']}",
        json={
            "targets": [{"upstream_id": stage.upstreams["new"], "upstream_model": "scripted"}],
            "specification": {"context_length": 65_536},
        },
    )
    assert changed.status_code == 200, changed.text
    accepted = await stage.step(release, "verify", waive=["licence"], reason="ours")
    assert accepted["state"] == "verified"
    [waived] = [each for each in accepted["verification"]["checks"] if each["waived"]]
    assert waived["name"] == "licence"


async def test_what_releases_decide_nothing_else_changes(stage: Stage) -> None:
    model, release = await stage.candidate()
    admin = stage.site.admin
    targets = [{"upstream_id": stage.upstreams["new"], "upstream_model": "else"}]
    refused = await admin.patch(f"/models/{model['id']}", json={"targets": targets})
    assert (refused.status_code, refused.json()["code"]) == (409, "model_governed")
    fine = await admin.patch(f"/models/{model['id']}", json={"owned_by": "us"})
    assert (fine.status_code, fine.json()["governed"]) == (200, True)
    busy = await admin.delete(f"/releases/{release['id']}")
    assert busy.json()["code"] == "release_state"
    # Calls may go back to it, so its server stays.
    made = await stage.site.create("/upstreams", name="short", base_url=stage.new.url)
    third = await stage.register(
        model,
        version="3",
        targets=[{"upstream_id": made["id"], "upstream_model": "scripted"}],
    )
    held = await admin.delete(f"/upstreams/{made['id']}")
    assert held.status_code == 409
    assert (await admin.delete(f"/releases/{third['id']}")).status_code == 204
    assert (await admin.delete(f"/upstreams/{made['id']}")).status_code == 204
    assert [each["action"] for each in await stage.history(model)][-2:] == ["register", "withdraw"]
    await admin.delete(f"/models/{model['id']}")
    assert len(await stage.history(model)) > 4  # the history outlives the model


async def test_lists_have_pages_and_filters(stage: Stage) -> None:
    model = await stage.model()
    for version in ("2", "3", "4"):
        await stage.register(model, version=version)
    admin = stage.site.admin
    seen: list[str] = []
    cursor: str | None = None
    while True:
        query: dict[str, Any] = {"model_id": model["id"], "limit": 2}
        page = (
            await admin.get("/releases", params=query | ({"cursor": cursor} if cursor else {}))
        ).json()
        seen += [each["version"] for each in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert sorted(seen) == ["2", "3", "4", "initial"]
    stable = await admin.get("/releases", params={"model_id": model["id"], "state": "stable"})
    assert [each["version"] for each in stable.json()["items"]] == ["initial"]
    taken = await admin.post(
        f"/models/{model['id']}/releases",
        json={
            "version": "2",
            "targets": [{"upstream_id": stage.upstreams["new"], "upstream_model": "m"}],
        },
    )
    assert taken.status_code == 409
