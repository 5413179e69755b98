"""Releases in PostgreSQL."""

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager

from sqlalchemy import delete, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from mainspring.capabilities.catalog.api import CatalogRepository
from mainspring.capabilities.releases.domain import Release, ReleaseEvent, ReleaseFilter
from mainspring.capabilities.releases.domain.registry import ModelCard
from mainspring.capabilities.releases.store.canaries import PostgresCanaries
from mainspring.capabilities.releases.store.tables import (
    model_cards,
    release_events,
    release_upstreams,
    releases,
)
from mainspring.infra.db import Database
from mainspring.infra.db.rows import conflicts, find_row, from_row, insert_row, replace_row, to_row
from mainspring.kernel.scope import Scope

_TAKEN = {
    "uq_releases_model_id": "the model has a release of this version",
    "uq_releases_candidate": "the model has another candidate",
    "uq_releases_serving": "another release serves the model",
    "fk_releases_model_id": "the model is being removed",
    "pk_model_cards": "somebody else gave the model a card",
    "fk_model_cards_id": "the model is being removed",
    "fk_releases_org_id": "the organisation is being removed",
    "fk_release_upstreams_upstream_id": "the upstream was removed",
}


class PostgresReleaseStore:
    """Opens transactions on PostgreSQL, each with the catalog in it."""

    def __init__(
        self, database: Database, catalog: Callable[[AsyncSession], CatalogRepository]
    ) -> None:
        self._database = database
        self._catalog = catalog

    @asynccontextmanager
    async def begin(self, scope: Scope) -> AsyncGenerator["PostgresReleases"]:
        """Open one transaction; it commits when the block ends."""
        async with self._database.session(scope) as session:
            yield PostgresReleases(session, self._catalog(session))


class PostgresReleases(PostgresCanaries):
    """Releases as one transaction sees them."""

    def __init__(self, session: AsyncSession, catalog: CatalogRepository) -> None:
        super().__init__(session)
        self.catalog = catalog

    async def add(self, release: Release) -> None:
        """Keep a new release."""
        await insert_row(self._session, releases, release, taken=_TAKEN)
        await self._hold_upstreams(release)

    async def get(self, release_id: str) -> Release | None:
        """Return the release, if the scope sees it."""
        return await find_row(self._session, releases, Release, release_id)

    async def of_model(self, model_id: str) -> Sequence[Release]:
        """Return the releases of a model, oldest first."""
        query = select(releases).where(releases.c.model_id == model_id).order_by(releases.c.id)
        rows = (await self._session.execute(query)).mappings()
        return [from_row(row, Release) for row in rows]

    async def of_models(self, model_ids: Sequence[str]) -> Mapping[str, Sequence[Release]]:
        """Return the releases of each model, oldest first."""
        query = select(releases).where(releases.c.model_id.in_(model_ids)).order_by(releases.c.id)
        found: dict[str, list[Release]] = {}
        for row in (await self._session.execute(query)).mappings():
            release = from_row(row, Release)
            found.setdefault(release.model_id, []).append(release)
        return found

    async def cards(self, model_ids: Sequence[str]) -> Mapping[str, ModelCard]:
        """Return the cards of those models that have one."""
        query = select(model_cards).where(model_cards.c.id.in_(model_ids))
        rows = (await self._session.execute(query)).mappings()
        return {card.id: card for card in (from_row(row, ModelCard) for row in rows)}

    async def put_card(self, card: ModelCard) -> None:
        """Keep a card, or its next revision."""
        if card.revision == 1:
            await insert_row(self._session, model_cards, card, taken=_TAKEN)
        else:
            await replace_row(self._session, model_cards, card, taken=_TAKEN)

    async def releases(
        self, which: ReleaseFilter, *, after: str | None, limit: int
    ) -> Sequence[Release]:
        """Return up to ``limit`` releases, oldest first."""
        query = select(releases).order_by(releases.c.id).limit(limit)
        if which.model_id is not None:
            query = query.where(releases.c.model_id == which.model_id)
        if which.state is not None:
            query = query.where(releases.c.state == which.state.value)
        if after is not None:
            query = query.where(releases.c.id > after)
        rows = (await self._session.execute(query)).mappings()
        return [from_row(row, Release) for row in rows]

    async def replace(self, release: Release) -> None:
        """Write the next revision."""
        await replace_row(self._session, releases, release, taken=_TAKEN)
        await self._hold_upstreams(release)

    async def remove(self, release_id: str) -> None:
        """Remove the release."""
        await self._session.execute(delete(releases).where(releases.c.id == release_id))

    async def note(self, event: ReleaseEvent) -> None:
        """Add to the history."""
        row = to_row(event)
        del row["seq"]
        await self._session.execute(insert(release_events).values(row))

    async def events(
        self, *, model_id: str | None, release_id: str | None, before: int | None, limit: int
    ) -> Sequence[ReleaseEvent]:
        """Return up to ``limit`` events, newest first."""
        query = select(release_events).order_by(release_events.c.seq.desc()).limit(limit)
        if model_id is not None:
            query = query.where(release_events.c.model_id == model_id)
        if release_id is not None:
            query = query.where(release_events.c.release_id == release_id)
        if before is not None:
            query = query.where(release_events.c.seq < before)
        rows = (await self._session.execute(query)).mappings()
        return [from_row(row, ReleaseEvent) for row in rows]

    async def _hold_upstreams(self, release: Release) -> None:
        """Keep what the release leads to from being removed: calls may go back to it."""
        wanted = sorted({target.upstream_id for target in release.targets})
        await self._session.execute(
            delete(release_upstreams).where(
                release_upstreams.c.release_id == release.id,
                release_upstreams.c.upstream_id.not_in(wanted),
            )
        )
        rows = [
            {"release_id": release.id, "org_id": release.org_id, "upstream_id": each}
            for each in wanted
        ]
        with conflicts(_TAKEN):
            await self._session.execute(
                upsert(release_upstreams).values(rows).on_conflict_do_nothing()
            )
