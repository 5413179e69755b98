"""The namespace ``datasets.items``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from collections.abc import Sequence

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call, headers_of, path_of, sent
from mainspring_sdk._paging import AsyncPages, Items, Page
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.datasets import AddedDatasetItems, DatasetItemView, NewDatasetItem


class DatasetsItemsResource:
    """What is under ``datasets.items``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "DatasetsItemsResourceRaw":
        """Return the same methods, with the whole answer."""
        return DatasetsItemsResourceRaw(self._transport.raw())

    def list(
        self,
        dataset_id: str,
        *,
        version: int | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> Page[DatasetItemView]:
        """List the items of a version, in the order in which they were added.

        ``GET /api/v1/datasets/{dataset_id}/items``; needs ``dataset:read``.

        Args:
            version: By default the present one.
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return self._transport.page(
            Call(
                method="GET",
                path=path_of("/api/v1/datasets/{}/items", dataset_id),
                query={"version": version, "limit": limit, "cursor": cursor},
                timeout=timeout,
            ),
            Items[DatasetItemView],
        )

    def add(
        self,
        dataset_id: str,
        *,
        items: Sequence[NewDatasetItem],
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> AddedDatasetItems:
        """Add items, all of them or none; the data set gets a new version.

        ``POST /api/v1/datasets/{dataset_id}/items``; needs ``dataset:write``.
        """
        return self._transport.call(
            Call(
                method="POST",
                path=path_of("/api/v1/datasets/{}/items", dataset_id),
                headers=headers_of(idempotency_key=idempotency_key),
                body=sent({"items": items}),
                timeout=timeout,
            ),
            AddedDatasetItems,
        )


class AsyncDatasetsItemsResource:
    """What is under ``datasets.items``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AsyncDatasetsItemsResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncDatasetsItemsResourceRaw(self._transport.raw())

    def list(
        self,
        dataset_id: str,
        *,
        version: int | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> AsyncPages[DatasetItemView]:
        """List the items of a version, in the order in which they were added.

        ``GET /api/v1/datasets/{dataset_id}/items``; needs ``dataset:read``.

        Args:
            version: By default the present one.
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return self._transport.page(
            Call(
                method="GET",
                path=path_of("/api/v1/datasets/{}/items", dataset_id),
                query={"version": version, "limit": limit, "cursor": cursor},
                timeout=timeout,
            ),
            Items[DatasetItemView],
        )

    async def add(
        self,
        dataset_id: str,
        *,
        items: Sequence[NewDatasetItem],
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> AddedDatasetItems:
        """Add items, all of them or none; the data set gets a new version.

        ``POST /api/v1/datasets/{dataset_id}/items``; needs ``dataset:write``.
        """
        return await self._transport.call(
            Call(
                method="POST",
                path=path_of("/api/v1/datasets/{}/items", dataset_id),
                headers=headers_of(idempotency_key=idempotency_key),
                body=sent({"items": items}),
                timeout=timeout,
            ),
            AddedDatasetItems,
        )


class DatasetsItemsResourceRaw:
    """The methods of :class:`DatasetsItemsResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = DatasetsItemsResource(transport)
        self.list = raw(plain.list)
        self.add = raw(plain.add)


class AsyncDatasetsItemsResourceRaw:
    """The methods of :class:`AsyncDatasetsItemsResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncDatasetsItemsResource(transport)
        self.list = async_raw(plain.list)
        self.add = async_raw(plain.add)
