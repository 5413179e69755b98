"""The use cases of batches that their callers ask for; the work itself is in ``work``."""

from datetime import timedelta

import msgspec

from mainspring.capabilities.batches.domain import (
    ENDPOINTS,
    WINDOW,
    WINDOW_TIME,
    Batch,
    checked_metadata,
)
from mainspring.capabilities.batches.ports import BatchStore
from mainspring.capabilities.files.api import FileService
from mainspring.kernel.clock import Clock
from mainspring.kernel.errors import ConflictError, InvalidRequestError, NotFoundError
from mainspring.kernel.ids import new_id
from mainspring.kernel.scope import Scope

_SELF = Scope.platform("batches")
_OVERDUE = timedelta(hours=1)


class BatchService:
    """Batches of projects."""

    def __init__(self, store: BatchStore, files: FileService, clock: Clock) -> None:
        self._store = store
        self._files = files
        self._clock = clock

    async def create(
        self,
        scope: Scope,
        *,
        actor_id: str,
        key_id: str | None,
        endpoint: str,
        input_file_id: str,
        completion_window: str,
        metadata: dict[str, str] | None = None,
    ) -> Batch:
        """Start a batch of the scope's project; its input is read by the worker.

        Raises:
            InvalidRequestError: if the request does not fit.
            NotFoundError: if the project has no such file.
        """
        if endpoint not in ENDPOINTS:
            raise InvalidRequestError(
                f"endpoint is one of {', '.join(ENDPOINTS)}", param="endpoint"
            )
        if completion_window != WINDOW:
            raise InvalidRequestError(f"completion_window is {WINDOW}", param="completion_window")
        file = await self._files.get(scope, input_file_id)
        if file.purpose != "batch":
            raise InvalidRequestError(
                "the input file's purpose must be batch", param="input_file_id"
            )
        now = self._clock.now()
        batch = Batch(
            id=f"batch_{new_id('evt').removeprefix('evt_')}",
            org_id=scope.org_id,
            project_id=scope.project_id or "",
            key_id=key_id,
            actor_id=actor_id,
            endpoint=endpoint,
            input_file_id=file.id,
            metadata=checked_metadata(metadata),
            created_at=now,
            expires_at=now + WINDOW_TIME,
        )
        async with self._store.begin(scope) as batches:
            return await batches.add(batch)

    async def get(self, scope: Scope, batch_id: str) -> Batch:
        """Return a batch of the scope's project.

        Raises:
            NotFoundError: if there is none.
        """
        async with self._store.begin(scope) as batches:
            return _owned(await batches.find(batch_id), scope)

    async def list(
        self, scope: Scope, *, after: str | None, limit: int
    ) -> tuple[list[Batch], bool]:
        """Return batches of the scope's project, newest first, and whether there are more."""
        async with self._store.begin(scope) as batches:
            found = await batches.list(scope.project_id or "", after=after, limit=limit + 1)
        return list(found[:limit]), len(found) > limit

    async def cancel(self, scope: Scope, batch_id: str) -> Batch:
        """Have a batch end early; what was answered by then is kept.

        Raises:
            NotFoundError: if there is none.
            ConflictError: if it has ended, or is about to.
        """
        async with self._store.begin(scope) as batches:
            batch = _owned(await batches.find(batch_id, lock=True), scope)
            if batch.status == "cancelling":
                return batch
            if batch.status not in ("validating", "in_progress"):
                raise ConflictError(f"a batch that is {batch.status} cannot be cancelled")
            batch = msgspec.structs.replace(
                batch, status="cancelling", cancelling_at=self._clock.now()
            )
            await batches.replace(batch)
        return batch

    async def close_overdue(self) -> int:
        """Close batches whose time is long over though nobody works on them; return how many."""
        now = self._clock.now()
        async with self._store.begin(_SELF) as batches:
            overdue = await batches.overdue(now - _OVERDUE)
            for batch in overdue:
                await batches.replace(msgspec.structs.replace(batch, status="failed", ended_at=now))
        return len(overdue)


class OrganizationBatches:
    """Tenancy's view of batches: it asks for their end when an organisation goes."""

    def __init__(self, store: BatchStore) -> None:
        self._store = store

    async def release_organization(self, scope: Scope, org_id: str) -> None:
        """Remove every batch of an organisation that is being removed; their runs end by it."""
        async with self._store.begin(scope) as batches:
            await batches.remove_of_organization(org_id)


def _owned(batch: Batch | None, scope: Scope) -> Batch:
    if batch is None or batch.project_id != scope.project_id:
        raise NotFoundError("there is no such batch")
    return batch
