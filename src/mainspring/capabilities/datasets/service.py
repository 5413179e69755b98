"""The use cases of data sets.

Each asks :func:`authorize` first and acts in the scope it answers.
"""

from collections.abc import AsyncGenerator, Sequence
from typing import Any, Final

import msgspec

from mainspring.capabilities.calls.api import CallService, expectation_of, material_of
from mainspring.capabilities.datasets.domain import (
    DATASET_READ,
    DATASET_WRITE,
    MAX_BYTES,
    MAX_DATASETS,
    MAX_ITEMS,
    Dataset,
    DatasetChanges,
    Item,
    NewItem,
    checked_dataset,
    checked_items,
    line_of,
)
from mainspring.capabilities.datasets.ports import Datasets, DatasetStore
from mainspring.capabilities.tenancy.api import TenancyService
from mainspring.kernel.access import Permission
from mainspring.kernel.authorize import authorize
from mainspring.kernel.changes import apply_changes, check_revision
from mainspring.kernel.clock import Clock
from mainspring.kernel.errors import ConflictError, InvalidRequestError
from mainspring.kernel.existing import existing
from mainspring.kernel.ids import new_id
from mainspring.kernel.paging import Page, PageRequest, decode_cursor, page_of
from mainspring.kernel.scope import Scope

_SELF = Scope.platform("datasets")
_PAGE: Final = 20
"""Items that an export holds at a time."""


class DatasetService:
    """Data sets of projects, and their items."""

    def __init__(
        self, store: DatasetStore, tenancy: TenancyService, calls: CallService, clock: Clock
    ) -> None:
        self._store = store
        self._tenancy = tenancy
        self._calls = calls
        self._clock = clock

    async def create(
        self, scope: Scope, project_id: str, *, name: str, description: str = ""
    ) -> Dataset:
        """Make an empty data set.

        Raises:
            NotFoundError: if the caller sees no such project.
            InvalidRequestError: if a field is not acceptable.
            ConflictError: if the name is taken, or the project has too many.
        """
        scope = await self._tenancy.project_scope(scope, DATASET_WRITE, project_id)
        now = self._clock.now()
        dataset = checked_dataset(
            Dataset(
                id=new_id("dst"),
                org_id=await self._tenancy.organization_of(project_id),
                project_id=project_id,
                name=name,
                description=description,
                created_at=now,
                updated_at=now,
            )
        )
        async with self._store.begin(scope) as datasets:
            if await datasets.count_of(project_id) >= MAX_DATASETS:
                raise ConflictError(f"the project has {MAX_DATASETS} data sets already")
            await datasets.add(dataset)
        return dataset

    async def get(self, scope: Scope, dataset_id: str) -> Dataset:
        """Return one data set.

        Raises:
            NotFoundError: if there is none that the caller may see.
        """
        scope = await self._narrowed(scope, DATASET_READ, dataset_id)
        async with self._store.begin(scope) as datasets:
            return existing(await datasets.get(dataset_id))

    async def list_of_project(
        self, scope: Scope, project_id: str, page: PageRequest
    ) -> Page[Dataset]:
        """Return the data sets of a project, oldest first.

        Raises:
            NotFoundError: if the caller sees no such project.
        """
        after = decode_cursor(page.cursor, str)
        scope = await self._tenancy.project_scope(scope, DATASET_READ, project_id)
        async with self._store.begin(scope) as datasets:
            found = await datasets.of_project(project_id, after=after, limit=page.limit + 1)
        return page_of(found, page.limit, lambda dataset: dataset.id)

    async def update(
        self,
        scope: Scope,
        dataset_id: str,
        changes: DatasetChanges,
        *,
        expected_revision: int | None = None,
    ) -> Dataset:
        """Change a name or a description; items have a version of their own.

        Raises:
            NotFoundError: if there is none that the caller may see.
            ConflictError: if the name is taken.
            PreconditionFailedError: if it is not at ``expected_revision`` any more.
        """
        scope = await self._narrowed(scope, DATASET_WRITE, dataset_id)
        async with self._store.begin(scope) as datasets:
            old = existing(await datasets.lock(dataset_id))
            check_revision(expected_revision, old.revision)
            changed = checked_dataset(apply_changes(old, changes))
            return await self._written(datasets, changed)

    async def remove(self, scope: Scope, dataset_id: str) -> None:
        """Remove a data set with all of its versions.

        Raises:
            NotFoundError: if there is none that the caller may see.
        """
        scope = await self._narrowed(scope, DATASET_WRITE, dataset_id)
        async with self._store.begin(scope) as datasets:
            await datasets.remove(dataset_id)

    async def add_items(
        self, scope: Scope, dataset_id: str, wanted: Sequence[NewItem]
    ) -> Sequence[Item]:
        """Add items, all of them or none; the data set gets one new version.

        Raises:
            NotFoundError: if there is no such data set that the caller may see.
            InvalidRequestError: if an item is not acceptable.
            ConflictError: if the data set would have too many items, or too much in them.
        """
        scope = await self._narrowed(scope, DATASET_WRITE, dataset_id)
        checked = checked_items(wanted)
        async with self._store.begin(scope) as datasets:
            old = existing(await datasets.lock(dataset_id))
            size = sum(each for _, each in checked)
            if old.kept_count + len(checked) > MAX_ITEMS:
                raise ConflictError(f"a data set has at most {MAX_ITEMS} items, archived ones too")
            if old.bytes + size > MAX_BYTES:
                raise ConflictError(f"a data set holds at most {MAX_BYTES} bytes")
            last = await datasets.last_position(dataset_id)
            now = self._clock.now()
            items = [
                Item(
                    id=new_id("dsi"),
                    dataset_id=old.id,
                    org_id=old.org_id,
                    project_id=old.project_id,
                    position=last + number,
                    endpoint=item.endpoint or "",
                    input=item.input,
                    expected=item.expected,
                    metadata=item.metadata,
                    source_request_id=item.source_request_id,
                    size=item_size,
                    added_in=old.version + 1,
                    created_at=now,
                    actor_id=scope.actor.id,
                )
                for number, (item, item_size) in enumerate(checked, 1)
            ]
            await datasets.add_items(items)
            await self._written(
                datasets,
                msgspec.structs.replace(
                    old,
                    version=old.version + 1,
                    item_count=old.item_count + len(items),
                    kept_count=old.kept_count + len(items),
                    bytes=old.bytes + size,
                ),
            )
        return items

    async def add_call(
        self,
        scope: Scope,
        dataset_id: str,
        request_id: str,
        *,
        take_answer: bool = False,
        expected: Any = None,  # noqa: ANN401 - a JSON value
        metadata: dict[str, str] | None = None,
    ) -> Item:
        """Make an item of a recorded call of the same project: what was asked, as it was kept.

        With ``take_answer`` its answer is what is expected; otherwise ``expected`` is.

        Raises:
            NotFoundError: if there is no such data set or call that the caller may see.
            PermissionDeniedError: if the caller may not see the call.
            CallNotKeptError: if what was asked (or the answer that is wanted) was not kept whole.
            InvalidRequestError: if the call is another project's, or cannot be an item.
            ConflictError: as :meth:`add_items`.
        """
        within = await self._narrowed(scope, DATASET_WRITE, dataset_id)
        if take_answer and expected is not None:
            raise InvalidRequestError(
                "either the answer is expected or something else", param="expected"
            )
        call = (await self._calls.get_call(scope, request_id)).call
        if call.project_id != within.project_id:
            raise InvalidRequestError("the call is another project's", param="request_id")
        asked = material_of(call)
        item = NewItem(
            endpoint=asked.endpoint.path,
            input=asked.body,
            expected=expectation_of(call) if take_answer else expected,
            metadata=metadata or {},
            source_request_id=call.request_id,
        )
        [added] = await self.add_items(scope, dataset_id, [item])
        return added

    async def list_items(
        self, scope: Scope, dataset_id: str, page: PageRequest, *, version: int | None = None
    ) -> Page[Item]:
        """Return the items of a version, by default the present one, in the order of their adding.

        Raises:
            NotFoundError: if there is no such data set that the caller may see.
        """
        after = decode_cursor(page.cursor, int)
        scope = await self._narrowed(scope, DATASET_READ, dataset_id)
        async with self._store.begin(scope) as datasets:
            dataset = existing(await datasets.get(dataset_id))
            found = await datasets.items(
                dataset_id, version=_version(dataset, version), after=after, limit=page.limit + 1
            )
        return page_of(found, page.limit, lambda item: item.position)

    async def get_item(self, scope: Scope, item_id: str) -> Item:
        """Return one item.

        Raises:
            NotFoundError: if there is none that the caller may see.
        """
        return (await self._item(scope, DATASET_READ, item_id))[1]

    async def archive_item(self, scope: Scope, item_id: str) -> Item:
        """Leave an item out of the data set's next version; the versions before keep it.

        Raises:
            NotFoundError: if there is none that the caller may see.
        """
        scope, item = await self._item(scope, DATASET_WRITE, item_id)
        async with self._store.begin(scope) as datasets:
            dataset = existing(await datasets.lock(item.dataset_id))
            item = existing(await datasets.item(item_id))
            if item.archived_in is not None:
                return item
            version = dataset.version + 1
            await datasets.archive_item(item_id, version)
            await self._written(
                datasets,
                msgspec.structs.replace(
                    dataset, version=version, item_count=dataset.item_count - 1
                ),
            )
        return msgspec.structs.replace(item, archived_in=version)

    async def remove_item(self, scope: Scope, item_id: str) -> None:
        """Remove an item from every version, as somebody whose words it holds may ask.

        Raises:
            NotFoundError: if there is none that the caller may see.
        """
        scope, item = await self._item(scope, DATASET_WRITE, item_id)
        async with self._store.begin(scope) as datasets:
            dataset = existing(await datasets.lock(item.dataset_id))
            item = existing(await datasets.item(item_id))
            await datasets.remove_item(item_id)
            await self._written(
                datasets,
                msgspec.structs.replace(
                    dataset,
                    version=dataset.version + 1,
                    item_count=dataset.item_count - (item.archived_in is None),
                    kept_count=dataset.kept_count - 1,
                    bytes=dataset.bytes - item.size,
                ),
            )

    async def export(
        self, scope: Scope, dataset_id: str, *, version: int | None = None
    ) -> AsyncGenerator[bytes]:
        """Return the items of a version, by default the present one, as lines of JSON.

        Raises:
            NotFoundError: if there is no such data set that the caller may see.
        """
        scope = await self._narrowed(scope, DATASET_READ, dataset_id)
        async with self._store.begin(scope) as datasets:
            wanted = _version(existing(await datasets.get(dataset_id)), version)
        return self._lines(scope, dataset_id, wanted)

    async def _lines(self, scope: Scope, dataset_id: str, version: int) -> AsyncGenerator[bytes]:
        after: int | None = None
        while True:
            # A transaction for each page: a slow reader holds no connection meanwhile.
            async with self._store.begin(scope) as datasets:
                items = await datasets.items(dataset_id, version=version, after=after, limit=_PAGE)
            for item in items:
                yield line_of(item) + b"\n"
            if len(items) < _PAGE:
                return
            after = items[-1].position

    async def _written(self, datasets: Datasets, changed: Dataset) -> Dataset:
        written = msgspec.structs.replace(
            changed, updated_at=self._clock.now(), revision=changed.revision + 1
        )
        await datasets.replace(written)
        return written

    async def _narrowed(self, scope: Scope, permission: Permission, dataset_id: str) -> Scope:
        async with self._store.begin(_SELF) as datasets:
            dataset = existing(await datasets.get(dataset_id))
        return _within(scope, permission, dataset.org_id, dataset.project_id)

    async def _item(self, scope: Scope, permission: Permission, item_id: str) -> tuple[Scope, Item]:
        async with self._store.begin(_SELF) as datasets:
            found = existing(await datasets.item(item_id))
        scope = _within(scope, permission, found.org_id, found.project_id)
        async with self._store.begin(scope) as datasets:
            return scope, existing(await datasets.item(item_id))


def _within(scope: Scope, permission: Permission, org_id: str, project_id: str) -> Scope:
    """Return ``scope`` within the project, whether it crosses tenants or not."""
    narrowed = authorize(scope, permission, org_id=org_id, project_id=project_id)
    return msgspec.structs.replace(narrowed, project_id=project_id)


def _version(dataset: Dataset, wanted: int | None) -> int:
    return dataset.version if wanted is None else min(wanted, dataset.version)
