"""The catalog in PostgreSQL."""

from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, RowMapping, delete, func, insert, or_, select, update
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncSession

from mainspring.capabilities.catalog.domain import Model, Upstream
from mainspring.capabilities.catalog.store.tables import model_targets, models, upstreams
from mainspring.infra.db import Database
from mainspring.infra.db.rows import column_by_id, conflicts, from_row, to_row, values_of
from mainspring.infra.feed import publish
from mainspring.kernel.errors import PreconditionFailedError
from mainspring.kernel.scope import Scope
from mainspring.snapshot.resources import Resource, Sealed

_TAKEN = {
    "uq_upstreams_org_id": "another upstream has this name",
    "uq_models_org_id": "another model has this name",
    "fk_models_org_id": "there is no such organisation",
    "fk_model_targets_upstream_id": "a model leads to this upstream: change the model first",
    "fk_release_upstreams_upstream_id": "a release leads to this upstream: withdraw it first",
}
_TARGETS = (
    select(
        func.jsonb_agg(
            aggregate_order_by(
                func.jsonb_build_object(
                    "upstream_id",
                    model_targets.c.upstream_id,
                    "upstream_model",
                    model_targets.c.upstream_model,
                    "weight",
                    model_targets.c.weight,
                    "priority",
                    model_targets.c.priority,
                    "region",
                    model_targets.c.region,
                    "tags",
                    model_targets.c.tags,
                    "track",
                    model_targets.c.track,
                    "cost",
                    model_targets.c.cost,
                    "tasks",
                    model_targets.c.tasks,
                    "subjects",
                    model_targets.c.subjects,
                ),
                model_targets.c.position,
            )
        )
    )
    .where(model_targets.c.model_id == models.c.id)
    .scalar_subquery()
    .label("targets")
)


class PostgresCatalogStore:
    """Opens transactions on PostgreSQL."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @asynccontextmanager
    async def begin(self, scope: Scope) -> AsyncGenerator["PostgresCatalog"]:
        """Open one transaction; it commits when the block ends."""
        async with self._database.session(scope) as session:
            yield PostgresCatalog(session)


class PostgresCatalog:
    """Upstreams and models as one transaction sees them."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add_upstream(self, upstream: Upstream) -> None:
        """Keep a new upstream."""
        with conflicts(_TAKEN):
            await self._session.execute(insert(upstreams).values(_upstream_row(upstream)))

    async def upstream(self, upstream_id: str) -> Upstream | None:
        """Return the upstream, if the scope sees it."""
        found = await self._upstreams(upstreams.c.id == upstream_id, limit=1)
        return found[0] if found else None

    async def upstream_by_name(self, name: str) -> Upstream | None:
        """Return the platform's upstream of that name."""
        found = await self._upstreams(
            upstreams.c.name == name, upstreams.c.org_id.is_(None), limit=1
        )
        return found[0] if found else None

    async def upstreams(self, *, after: str | None, limit: int) -> Sequence[Upstream]:
        """Return up to ``limit`` upstreams, oldest first."""
        conditions = () if after is None else (upstreams.c.id > after,)
        return await self._upstreams(*conditions, limit=limit)

    async def replace_upstream(self, upstream: Upstream) -> None:
        """Write the next revision."""
        await self._replace(
            update(upstreams)
            .where(upstreams.c.id == upstream.id, upstreams.c.revision == upstream.revision - 1)
            .values(_upstream_row(upstream))
            .returning(upstreams.c.id)
        )

    async def remove_upstream(self, upstream_id: str) -> None:
        """Remove it; the database refuses while a model leads to it."""
        with conflicts(_TAKEN):
            await self._session.execute(delete(upstreams).where(upstreams.c.id == upstream_id))

    async def add_model(self, model: Model) -> None:
        """Keep a new model."""
        with conflicts(_TAKEN):
            await self._session.execute(insert(models).values(_model_row(model)))
        await self._add_targets(model)

    async def model(self, model_id: str) -> Model | None:
        """Return the model, if the scope sees it."""
        found = await self._models(models.c.id == model_id, limit=1)
        return found[0] if found else None

    async def model_by_name(self, name: str, org_id: str | None) -> Model | None:
        """Return the model of that name that belongs to exactly that organisation (or to all)."""
        owner = models.c.org_id.is_(None) if org_id is None else models.c.org_id == org_id
        found = await self._models(models.c.name == name, owner, limit=1)
        return found[0] if found else None

    async def alias_taken(self, model: Model) -> str | None:
        """Return an alias of ``model`` that another one of the same owner has."""
        owner = (
            models.c.org_id.is_(None) if model.org_id is None else models.c.org_id == model.org_id
        )
        query = select(models.c.aliases).where(
            owner, models.c.id != model.id, models.c.aliases.overlap(list(model.aliases))
        )
        for aliases in (await self._session.execute(query)).scalars():
            return next(iter(set(aliases) & set(model.aliases)))
        return None

    async def models(self, *, org_id: str | None, after: str | None, limit: int) -> Sequence[Model]:
        """Return up to ``limit`` models, oldest first."""
        conditions: list[ColumnElement[bool]] = []
        if org_id is not None:
            conditions.append(or_(models.c.org_id == org_id, models.c.org_id.is_(None)))
        if after is not None:
            conditions.append(models.c.id > after)
        return await self._models(*conditions, limit=limit)

    async def replace_model(self, model: Model) -> None:
        """Write the next revision."""
        await self._replace(
            update(models)
            .where(models.c.id == model.id, models.c.revision == model.revision - 1)
            .values(_model_row(model))
            .returning(models.c.id)
        )
        known = await self._models(models.c.id == model.id, limit=1)
        if known and known[0].targets == model.targets:
            return  # rows that are written anew would be told as changed
        await self._session.execute(
            delete(model_targets).where(model_targets.c.model_id == model.id)
        )
        await self._add_targets(model)

    async def remove_model(self, model_id: str) -> None:
        """Remove it with its targets."""
        await self._session.execute(delete(models).where(models.c.id == model_id))

    async def remove_models_of(self, org_id: str) -> Sequence[str]:
        """Remove the organisation's models; return their ids."""
        gone = await self._session.execute(
            delete(models).where(models.c.org_id == org_id).returning(models.c.id)
        )
        return gone.scalars().all()

    async def known_upstreams(self, upstream_ids: Iterable[str]) -> Mapping[str, str]:
        """Return the names of those upstreams that the scope sees, by id."""
        return await column_by_id(self._session, upstreams.c.name, upstream_ids)

    async def upstream_regions(self, upstream_ids: Iterable[str]) -> Mapping[str, str | None]:
        """Return the regions of those upstreams that the scope sees, by id."""
        return await column_by_id(self._session, upstreams.c.region, upstream_ids)

    async def publish(
        self, puts: Iterable[Resource] = (), deletes: Iterable[tuple[str, str]] = ()
    ) -> None:
        """Tell gateways, once this transaction commits."""
        await publish(self._session, puts, deletes)

    async def _upstreams(self, *conditions: ColumnElement[bool], limit: int) -> list[Upstream]:
        query = select(upstreams).where(*conditions).order_by(upstreams.c.id).limit(limit)
        rows = (await self._session.execute(query)).mappings()
        return [_upstream(row) for row in rows]

    async def _models(self, *conditions: ColumnElement[bool], limit: int) -> list[Model]:
        query = select(models, _TARGETS).where(*conditions).order_by(models.c.id).limit(limit)
        rows = (await self._session.execute(query)).mappings()
        return [from_row(row, Model) for row in rows]

    async def _add_targets(self, model: Model) -> None:
        rows = [
            {
                "model_id": model.id,
                "position": position,
                "org_id": model.org_id,
                **msgspec.structs.asdict(target),
                "tags": list(target.tags),
                "tasks": list(target.tasks),
                "subjects": list(target.subjects),
            }
            for position, target in enumerate(model.targets)
        ]
        with conflicts({**_TAKEN, "fk_model_targets_upstream_id": "the upstream was removed"}):
            await self._session.execute(insert(model_targets), rows)

    async def _replace(self, statement: Any) -> None:  # noqa: ANN401 - SQLAlchemy's own generic
        with conflicts(_TAKEN):
            if (await self._session.execute(statement)).one_or_none() is None:
                raise PreconditionFailedError


def _upstream_row(upstream: Upstream) -> dict[str, Any]:
    row = to_row(msgspec.structs.replace(upstream, credential=None))
    if upstream.credential is not None:
        row["credential"] = msgspec.msgpack.encode(upstream.credential)
    return row


def _upstream(row: RowMapping) -> Upstream:
    values = values_of(row)
    if values["credential"] is not None:
        values["credential"] = msgspec.msgpack.decode(values["credential"], type=Sealed)
    return msgspec.convert(values, Upstream)


def _model_row(model: Model) -> dict[str, Any]:
    row = to_row(model)
    del row["targets"]
    return row
