"""What is counted for canaries and decided about them, in PostgreSQL."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import msgspec
from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from mainspring.capabilities.releases.domain import (
    Amount,
    Arm,
    Decision,
    Key,
    Moments,
    Release,
)
from mainspring.capabilities.releases.store.tables import (
    release_decisions,
    release_samples,
    releases,
)
from mainspring.infra.db.rows import from_row, to_row

_COUNTED_UNDER: Final = ("release_id", "began_at", "block", "arm", "measure", "bin")


class PostgresCanaries:
    """Canaries as one transaction sees them."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def canaries(self, *, limit: int) -> Sequence[Release]:
        """Return up to ``limit`` canaries under way."""
        query = select(releases).where(releases.c.state == "canary").order_by(releases.c.id)
        rows = (await self._session.execute(query.limit(limit))).mappings()
        return [from_row(row, Release) for row in rows]

    async def alone(self, release_id: str) -> bool:
        """Take the release's lock until the transaction ends, if nobody has it."""
        lock = func.pg_try_advisory_xact_lock(func.hashtextextended(f"canary {release_id}", 0))
        return bool((await self._session.execute(select(lock))).scalar_one())

    async def count(self, amounts: Mapping[Key, Amount]) -> None:
        """Add to what is counted, in one order: no two processes wait for each other in a ring.

        What belongs to a release that was withdrawn meanwhile is left out.
        """
        if not amounts:
            return
        wanted = {key.release_id for key in amounts}
        known = await self._session.execute(
            select(releases.c.id)
            .where(releases.c.id.in_(sorted(wanted)))
            .order_by(releases.c.id)
            .with_for_update(read=True, key_share=True)
        )
        present = set(known.scalars())
        rows: list[dict[str, Any]] = [
            {**msgspec.structs.asdict(key), **msgspec.structs.asdict(amount)}
            for key, amount in amounts.items()
            if key.release_id in present
        ]
        if not rows:
            return
        rows.sort(key=lambda row: tuple(row[name] for name in _COUNTED_UNDER))
        statement = insert(release_samples)
        added = {
            name: release_samples.c[name] + statement.excluded[name]
            for name in ("count", "total", "squares")
        }
        await self._session.execute(
            statement.on_conflict_do_update(index_elements=_COUNTED_UNDER, set_=added), rows
        )

    async def arms(self, release: Release, block: int) -> tuple[Arm, Arm]:
        """Return what was counted on both sides in a block of the release's step."""
        table = release_samples.c
        query = select(
            table.arm, table.measure, table.bin, table.count, table.total, table.squares
        ).where(
            table.release_id == release.id,
            table.began_at == release.step_began_at,
            table.block == block,
        )
        sides: dict[str, dict[str, dict[int, Moments]]] = {"stable": {}, "canary": {}}
        for arm, measure, number, *sums in await self._session.execute(query):
            sides[arm].setdefault(measure, {})[number] = Moments(*sums)
        return _arm(sides["stable"]), _arm(sides["canary"])

    async def step_calls(self, release: Release) -> int:
        """Return the calls of the canary in its present step."""
        table = release_samples.c
        query = select(func.coalesce(func.sum(table.count), 0)).where(
            table.release_id == release.id,
            table.began_at == release.step_began_at,
            table.arm == "canary",
            table.measure == "calls",
        )
        return int((await self._session.execute(query)).scalar_one())

    async def last_decision(self, release_id: str) -> Decision | None:
        """Return the newest decision about the release."""
        found = await self.decisions(release_id, before=None, limit=1)
        return found[0] if found else None

    async def keep_decision(self, decision: Decision) -> None:
        """Keep a decision, in place of the one of its id if there is one."""
        row = to_row(decision)
        statement = insert(release_decisions).values(row)
        replaced = {name: statement.excluded[name] for name in row if name != "id"}
        await self._session.execute(
            statement.on_conflict_do_update(index_elements=["id"], set_=replaced)
        )

    async def decisions(
        self, release_id: str, *, before: str | None, limit: int
    ) -> Sequence[Decision]:
        """Return up to ``limit`` decisions, newest first."""
        table = release_decisions.c
        query = select(release_decisions).where(table.release_id == release_id)
        if before is not None:
            query = query.where(table.id < before)
        query = query.order_by(table.id.desc()).limit(limit)
        rows = (await self._session.execute(query)).mappings()
        return [from_row(row, Decision) for row in rows]

    async def forget_counts(self, before: datetime) -> int:
        """Remove what was counted in steps that began before and are over."""
        under_way = select(releases.c.id).where(
            releases.c.id == release_samples.c.release_id,
            releases.c.step_began_at == release_samples.c.began_at,
        )
        gone = await self._session.execute(
            delete(release_samples)
            .where(release_samples.c.began_at < before, ~under_way.exists())
            .returning(release_samples.c.release_id)
        )
        return len(gone.all())


def _arm(measures: Mapping[str, Mapping[int, Moments]]) -> Arm:
    """Return one side from its sums by measure and bin."""

    def count(measure: str) -> int:
        return sum(each.count for each in measures.get(measure, {}).values())

    def bins(measure: str) -> dict[int, int]:
        return {number: each.count for number, each in measures.get(measure, {}).items()}

    return Arm(
        calls=count("calls"),
        errors=count("errors"),
        ttft=bins("ttft"),
        duration=bins("duration"),
        scores=measures.get("score", {}).get(0, Moments()),
    )
