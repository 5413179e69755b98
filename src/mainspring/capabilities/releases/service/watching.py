"""Watching canaries: counting what happens to them, and deciding about each."""

import asyncio
import logging
import math
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import msgspec

from mainspring.capabilities.metering.api import UsageEntry
from mainspring.capabilities.releases.domain import (
    RELEASE_READ,
    Action,
    Decision,
    Judgement,
    Moment,
    Release,
    Verdict,
    Watched,
    block_of,
    counted,
    judge,
    pairs_of,
    scored,
    serving_of,
)
from mainspring.capabilities.releases.ports import CanaryRepository, CanaryStore
from mainspring.capabilities.releases.service.transitions import (
    Cause,
    Transitions,
    of_platform,
    standing_of,
)
from mainspring.kernel.clock import Clock
from mainspring.kernel.errors import (
    ConflictError,
    DatabaseUnavailableError,
    PreconditionFailedError,
)
from mainspring.kernel.ids import new_id
from mainspring.kernel.paging import Page, PageRequest, decode_cursor, page_of
from mainspring.kernel.scope import Scope

_log = logging.getLogger(__name__)

_SELF: Final = Scope.platform("releases")
_MAX_CANARIES: Final = 200
"""Canaries under way that are looked at; of more, the oldest are."""
_LOOK_EVERY_S: Final = 1.0
_IDLE_S: Final = 2.0
_KNOWN_FOR_S: Final = 0.5
_KEEP_COUNTS: Final = timedelta(days=30)
_FIGURES_FOR: Final = timedelta(seconds=30)
"""How fresh the figures of a decision that goes on are kept."""


class CanaryWatch:
    """Counts what happens to canaries, and takes them on or back by it.

    Counting takes one query for each batch of records that had something to choose, and one
    statement where a canary is concerned. Deciding reads numbers that do not grow with traffic: a
    few hundred for each canary. Of several control planes one decides about a canary at a time.
    """

    def __init__(self, store: CanaryStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._transitions = Transitions(clock)
        self._known: tuple[float, list[Watched]] = (-math.inf, [])

    async def added(self, entries: Sequence[UsageEntry]) -> None:
        """Count new entries of the ledger."""
        if not any(entry.decision is not None for entry in entries):
            return
        async with self._store.begin(_SELF) as canaries:
            await canaries.count(counted(entries, await self._watched(canaries)))

    async def scored(self, entry: UsageEntry, name: str, value: float) -> None:
        """Count a score that the call of ``entry`` was given."""
        if not math.isfinite(value):
            return
        async with self._store.begin(_SELF) as canaries:
            await canaries.count(scored(entry, name, value, await self._watched(canaries)))

    async def decisions(self, scope: Scope, release_id: str, page: PageRequest) -> Page[Decision]:
        """Return what was decided about a release's canaries, newest first."""
        before = decode_cursor(page.cursor, str)
        async with self._store.begin(of_platform(scope, RELEASE_READ)) as canaries:
            found = await canaries.decisions(release_id, before=before, limit=page.limit + 1)
        return page_of(found, page.limit, lambda decision: decision.id)

    async def watch_for_ever(self) -> None:
        """Decide again and again, until cancelled; also while the database is away."""
        while True:
            busy = False
            try:
                busy = await self.look() > 0
            except DatabaseUnavailableError:
                _log.debug("canaries wait for the database")
            await asyncio.sleep(_LOOK_EVERY_S if busy else _IDLE_S)

    async def look(self) -> int:
        """Decide once about every canary; return how many there are."""
        async with self._store.begin(_SELF) as canaries:
            found = await canaries.canaries(limit=_MAX_CANARIES)
        for release in found:
            try:
                await self._decide(release.id)
            except (PreconditionFailedError, ConflictError) as error:
                # Somebody took a step meanwhile; the next look sees what became of it.
                _log.info("a canary was not decided about: %s", error)
        return len(found)

    async def forget_old(self) -> None:
        """Remove what was counted in steps that are long over; decisions keep their figures."""
        async with self._store.begin(_SELF) as canaries:
            await canaries.forget_counts(self._clock.now() - _KEEP_COUNTS)

    async def _watched(self, canaries: CanaryRepository) -> list[Watched]:
        """Return what is watched, looked up once in a while: batches come by the dozen."""
        until, found = self._known
        now = self._clock.monotonic()
        if now >= until:
            found = await _watched(canaries)
            self._known = (now + _KNOWN_FOR_S, found)
        return found

    async def _decide(self, release_id: str) -> None:
        async with self._store.begin(_SELF) as canaries:
            if not await canaries.alone(release_id):
                return
            release = await canaries.get(release_id)
            if release is None or release.canary_step is None or release.step_began_at is None:
                return
            now = self._clock.now()
            held_s = (now - release.step_began_at).total_seconds()
            block = block_of(held_s, release.guard.window_s)
            stable, canary = await canaries.arms(release, block)
            judgement = judge(
                release.guard,
                release.plan,
                stable,
                canary,
                Moment(
                    step=release.step or 0,
                    block=block,
                    held_s=held_s,
                    step_calls=await canaries.step_calls(release),
                ),
            )
            await self._keep(canaries, release, judgement, block, now)
            if judgement.verdict is not Verdict.HOLD:
                await self._act(canaries, release, judgement)

    async def _keep(
        self,
        canaries: CanaryRepository,
        release: Release,
        judgement: Judgement,
        block: int,
        now: datetime,
    ) -> None:
        last = await canaries.last_decision(release.id)
        decision = Decision(
            id=new_id("dec"),
            at=now,
            last_at=now,
            org_id=release.org_id,
            model_id=release.model_id,
            release_id=release.id,
            version=release.version,
            step=release.step or 0,
            block=block,
            verdict=judgement.verdict.value,
            reason=judgement.reason,
            alpha=judgement.alpha,
            figures=msgspec.to_builtins(judgement.figures),
        )
        if last is not None and _same(last, decision):
            if last.figures == decision.figures and now - last.last_at < _FIGURES_FOR:
                return  # nothing was added to what was decided by
            decision = msgspec.structs.replace(
                decision, id=last.id, at=last.at, repeats=last.repeats + 1
            )
        await canaries.keep_decision(decision)

    async def _act(
        self, canaries: CanaryRepository, release: Release, judgement: Judgement
    ) -> None:
        standing = await standing_of(canaries, release.model_id)
        figures = msgspec.to_builtins(judgement.figures)
        cause = Cause(_SELF, f"{judgement.verdict.value}: {judgement.reason}", {"figures": figures})
        if judgement.verdict is Verdict.ROLL_BACK:
            _log.warning(
                "the release %s of the model %s is rolled back: %s",
                release.version,
                standing.model.name,
                judgement.reason,
            )
            await self._transitions.back(canaries, standing, cause)
            return
        action = Action.PROMOTE if judgement.verdict is Verdict.PROMOTE else Action.ADVANCE
        await self._transitions.towards(canaries, standing, release, action, cause)


async def _watched(canaries: CanaryRepository) -> list[Watched]:
    """Return what must be known to count for the canaries under way."""
    found: list[Watched] = []
    for release in await canaries.canaries(limit=_MAX_CANARIES):
        model = await canaries.catalog.model(release.model_id)
        serving = serving_of(await canaries.of_model(release.model_id))
        if model is None or serving is None or release.step_began_at is None:
            continue
        guard = release.guard
        found.append(
            Watched(
                release_id=release.id,
                model=model.name,
                org_id=release.org_id,
                step_began_at=release.step_began_at,
                window_s=guard.window_s,
                score=None if guard.score is None else guard.score.name,
                stable=pairs_of(serving),
                canary=pairs_of(release),
            )
        )
    return found


def _same(last: Decision, now: Decision) -> bool:
    return (last.verdict, last.reason, last.step, last.block) == (
        now.verdict,
        now.reason,
        now.step,
        now.block,
    )
