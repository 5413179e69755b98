"""Canaries that are watched: two gateways, a real control plane, and no operator.

The gateways tell of every attempt in their usage records; the control plane sums them, and decides.
"""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from mainspring.kernel.clock import SystemClock
from mainspring.testing.upstream import Reply
from tests.fixtures.control import until
from tests.interaction.releases.conftest import NEW, OLD, Stage

pytestmark = pytest.mark.asyncio(loop_scope="module")

_LONG = {"steps": [{"weight": 50, "hold_s": 3600}]}


class Traffic:
    """Calls of one model on both gateways, until they are told to stop."""

    def __init__(self, stage: Stage, model: Mapping[str, Any]) -> None:
        self._stage, self._model = stage, model
        self.statuses: dict[int, int] = {}

    async def some(self, calls: int, *, at_once: int = 16) -> None:
        """Make so many calls, some at a time."""
        left = iter(range(calls))

        async def one_after_the_other() -> None:
            for number in left:
                answer = await self._stage.call(self._model, number % 2)
                status = answer.status_code
                self.statuses[status] = self.statuses.get(status, 0) + 1

        await asyncio.gather(*(one_after_the_other() for _ in range(at_once)))

    async def until_state(self, release: Mapping[str, Any], state: str, within_s: float) -> None:
        """Make calls until the release is in ``state``."""
        async with asyncio.timeout(within_s):
            while await _state(self._stage, release) != state:
                await self.some(32)


async def _state(stage: Stage, release: Mapping[str, Any]) -> str:
    answer = await stage.site.admin.get(f"/releases/{release['id']}")
    return answer.json()["state"]


async def _decisions(stage: Stage, release: Mapping[str, Any]) -> list[dict[str, Any]]:
    answer = await stage.site.admin.get(f"/releases/{release['id']}/decisions")
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


async def test_a_canary_that_begins_to_fail_is_rolled_back_within_seconds(stage: Stage) -> None:
    model, release = await stage.candidate(plan=_LONG)
    await stage.step(release, "canary")
    await stage.site.has_caught_up()
    traffic = Traffic(stage, model)
    await traffic.some(200)
    assert await _state(stage, release) == "canary"
    async with asyncio.timeout(30):
        while not await _decisions(stage, release):  # noqa: ASYNC110 - no event tells of one
            await asyncio.sleep(0.05)
    clock = SystemClock()
    stage.new.default = Reply.failure(500)
    try:
        began = clock.monotonic()
        await traffic.until_state(release, "rolled_back", within_s=20.0)
        took = clock.monotonic() - began
    finally:
        stage.new.default = Reply(content=NEW)
    assert took < 15.0
    # What the canary refused, the stable release answered.
    assert traffic.statuses.keys() == {200}
    await stage.site.has_caught_up()
    asked = len(stage.new.requests)
    assert {await stage.words(model, number % 2) for number in range(20)} == {OLD}
    assert len(stage.new.requests) == asked
    event = (await stage.history(model))[-1]
    assert (event["action"], event["actor_kind"], event["actor_id"]) == (
        "roll_back",
        "platform",
        "releases",
    )
    assert event["reason"] == "roll_back: errors"
    decision = (await _decisions(stage, release))[0]
    assert (decision["verdict"], decision["reason"]) == ("roll_back", "errors")
    [errors] = [each for each in decision["figures"] if each["measure"] == "errors"]
    assert errors["worse"]
    assert errors["canary_bound"] > errors["stable_bound"] + errors["allowed"]
    assert errors["stable_count"] >= 50  # both gateways' calls
    # Before that it was held, and that is told with its figures too.
    held = (await _decisions(stage, release))[1:]
    assert {each["verdict"] for each in held} == {"hold"}
    assert held[0]["figures"]


async def test_a_canary_that_is_slow_is_rolled_back(stage: Stage) -> None:
    model, release = await stage.candidate(plan={"steps": [{"weight": 12, "hold_s": 3600}]})
    stage.new.default = Reply(content=NEW, delay_s=1.5)
    try:
        await stage.step(release, "canary")
        await stage.site.has_caught_up()
        traffic = Traffic(stage, model)
        await traffic.until_state(release, "rolled_back", within_s=40.0)
    finally:
        stage.new.default = Reply(content=NEW)
    assert traffic.statuses.keys() == {200}
    decision = (await _decisions(stage, release))[0]
    assert decision["verdict"] == "roll_back"
    assert decision["reason"] in {"ttft", "duration"}
    await stage.site.has_caught_up()
    assert await stage.words(model) == OLD


async def test_a_canary_whose_answers_please_less_is_rolled_back(stage: Stage) -> None:
    model, release = await stage.candidate(
        plan=_LONG, guard={"score": {"name": "helpful", "max_drop": 0.2, "min_scores": 10}}
    )
    await stage.step(release, "canary")
    await stage.site.has_caught_up()
    answers = [await stage.call(model, number % 2) for number in range(60)]
    ids = {each.headers["x-request-id"]: each.json() for each in answers}

    async def delivered() -> bool:
        found = await stage.site.admin.get(f"/requests/{list(ids)[-1]}/decision")
        return found.status_code == 200

    await until(delivered)
    for request_id, body in ids.items():
        liked = body["choices"][0]["message"]["content"].strip() == OLD
        for _ in range(2):  # a second opinion of the same call does not count twice
            await stage.site.create(
                "/scores",
                request_id=request_id,
                project_id=stage.project_id,
                name="helpful",
                value=float(liked),
            )

    async def gone() -> bool:
        return await _state(stage, release) == "rolled_back"

    await until(gone)
    decision = (await _decisions(stage, release))[0]
    assert (decision["verdict"], decision["reason"]) == ("roll_back", "score")
    [score] = [each for each in decision["figures"] if each["measure"] == "score"]
    assert (score["stable"], score["canary"]) == (1.0, 0.0)
    assert score["stable_count"] + score["canary_count"] <= 60


async def test_a_healthy_canary_goes_through_its_plan_by_itself(stage: Stage) -> None:
    model, release = await stage.candidate(
        plan={
            "steps": [
                {"weight": 30, "hold_s": 0.5, "min_calls": 20},
                {"weight": 60, "hold_s": 0.5, "min_calls": 20},
            ],
            "promote": True,
        },
        guard={"max_ttft_ratio": 100, "max_duration_ratio": 100},
    )
    await stage.step(release, "canary")
    await stage.site.has_caught_up()
    await Traffic(stage, model).until_state(release, "stable", within_s=30.0)
    await stage.site.has_caught_up()
    assert await stage.words(model) == NEW
    told = [(each["action"], each["actor_kind"]) for each in await stage.history(model)][-3:]
    assert told == [("advance", "platform"), ("supersede", "platform"), ("promote", "platform")]
    verdicts = {each["verdict"] for each in await _decisions(stage, release)}
    assert verdicts >= {"advance", "promote"}


async def test_callers_who_choose_the_canary_cannot_bring_it_down(stage: Stage) -> None:
    model, release = await stage.candidate(plan={"steps": [{"weight": 0, "hold_s": 3600}]})
    await stage.step(release, "canary")
    await stage.site.has_caught_up()
    stage.new.default = Reply.failure(400)
    try:
        for number in range(40):
            answer = await stage.call(model, number % 2, {"X-Routing-Strategy": "canary"})
            assert answer.status_code == 400
    finally:
        stage.new.default = Reply(content=NEW)
    # Everything that was told before this call has been counted once this one is.
    last = await stage.call(model)
    request_id = last.headers["x-request-id"]

    async def delivered() -> bool:
        found = await stage.site.admin.get(f"/requests/{request_id}/decision")
        return found.status_code == 200

    async def looked() -> bool:
        return bool(await _decisions(stage, release))

    await until(delivered)
    await until(looked)
    assert await _state(stage, release) == "canary"
    assert all(each["figures"] == [] for each in await _decisions(stage, release))
