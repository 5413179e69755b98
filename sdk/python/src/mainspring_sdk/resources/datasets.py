"""The namespace ``datasets``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from msgspec import UNSET, UnsetType

from mainspring_sdk._answers import AsyncDownload, Download
from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call, headers_of, path_of, sent
from mainspring_sdk._models import Model
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.datasets import DatasetView, ImportedDatasetItems
from mainspring_sdk.resources.datasets_calls import (
    AsyncDatasetsCallsResource,
    DatasetsCallsResource,
)
from mainspring_sdk.resources.datasets_items import (
    AsyncDatasetsItemsResource,
    DatasetsItemsResource,
)


class DatasetsResource:
    """What is under ``datasets``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self.calls = DatasetsCallsResource(transport)
        self.items = DatasetsItemsResource(transport)

    @property
    def with_raw_response(self) -> "DatasetsResourceRaw":
        """Return the same methods, with the whole answer."""
        return DatasetsResourceRaw(self._transport.raw())

    def get(
        self,
        dataset_id: str,
        *,
        timeout: float | None = None,
    ) -> DatasetView:
        """Read one data set, without its items.

        ``GET /api/v1/datasets/{dataset_id}``; needs ``dataset:read``.
        """
        return self._transport.call(
            Call(method="GET", path=path_of("/api/v1/datasets/{}", dataset_id), timeout=timeout),
            DatasetView,
        )

    def delete(
        self,
        dataset_id: str,
        *,
        timeout: float | None = None,
    ) -> None:
        """Remove a data set with all of its versions.

        ``DELETE /api/v1/datasets/{dataset_id}``; needs ``dataset:write``.
        """
        self._transport.run(
            Call(method="DELETE", path=path_of("/api/v1/datasets/{}", dataset_id), timeout=timeout)
        )

    def update(
        self,
        dataset_id: str,
        *,
        name: str | UnsetType = UNSET,
        description: str | UnsetType = UNSET,
        if_match: Model | str | None = None,
        timeout: float | None = None,
    ) -> DatasetView:
        """Change a name or a description.

        ``PATCH /api/v1/datasets/{dataset_id}``; needs ``dataset:write``.

        Args:
            if_match: The object as you read it, or its ETag.
        """
        return self._transport.call(
            Call(
                method="PATCH",
                path=path_of("/api/v1/datasets/{}", dataset_id),
                headers=headers_of(if_match=if_match),
                body=sent({"name": name, "description": description}),
                timeout=timeout,
            ),
            DatasetView,
        )

    def import_items(
        self,
        dataset_id: str,
        *,
        content: bytes,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> ImportedDatasetItems:
        """Add the items of a file with one JSON object a line, all of them or none.

        A file has 500 items at the most; send a longer one in parts.

        ``POST /api/v1/datasets/{dataset_id}/import``; needs ``dataset:write``.
        """
        return self._transport.call(
            Call(
                method="POST",
                path=path_of("/api/v1/datasets/{}/import", dataset_id),
                headers=headers_of(idempotency_key=idempotency_key),
                content=content,
                timeout=timeout,
            ),
            ImportedDatasetItems,
        )

    def export(
        self,
        dataset_id: str,
        *,
        version: int | None = None,
        timeout: float | None = None,
    ) -> Download:
        """Export the items of a version.

        ``GET /api/v1/datasets/{dataset_id}/export``; needs ``dataset:read``.

        Args:
            version: By default the present one.
        """
        return self._transport.download(
            Call(
                method="GET",
                path=path_of("/api/v1/datasets/{}/export", dataset_id),
                query={"version": version},
                accept="*/*",
                timeout=timeout,
            )
        )


class AsyncDatasetsResource:
    """What is under ``datasets``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport
        self.calls = AsyncDatasetsCallsResource(transport)
        self.items = AsyncDatasetsItemsResource(transport)

    @property
    def with_raw_response(self) -> "AsyncDatasetsResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncDatasetsResourceRaw(self._transport.raw())

    async def get(
        self,
        dataset_id: str,
        *,
        timeout: float | None = None,
    ) -> DatasetView:
        """Read one data set, without its items.

        ``GET /api/v1/datasets/{dataset_id}``; needs ``dataset:read``.
        """
        return await self._transport.call(
            Call(method="GET", path=path_of("/api/v1/datasets/{}", dataset_id), timeout=timeout),
            DatasetView,
        )

    async def delete(
        self,
        dataset_id: str,
        *,
        timeout: float | None = None,
    ) -> None:
        """Remove a data set with all of its versions.

        ``DELETE /api/v1/datasets/{dataset_id}``; needs ``dataset:write``.
        """
        await self._transport.run(
            Call(method="DELETE", path=path_of("/api/v1/datasets/{}", dataset_id), timeout=timeout)
        )

    async def update(
        self,
        dataset_id: str,
        *,
        name: str | UnsetType = UNSET,
        description: str | UnsetType = UNSET,
        if_match: Model | str | None = None,
        timeout: float | None = None,
    ) -> DatasetView:
        """Change a name or a description.

        ``PATCH /api/v1/datasets/{dataset_id}``; needs ``dataset:write``.

        Args:
            if_match: The object as you read it, or its ETag.
        """
        return await self._transport.call(
            Call(
                method="PATCH",
                path=path_of("/api/v1/datasets/{}", dataset_id),
                headers=headers_of(if_match=if_match),
                body=sent({"name": name, "description": description}),
                timeout=timeout,
            ),
            DatasetView,
        )

    async def import_items(
        self,
        dataset_id: str,
        *,
        content: bytes,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> ImportedDatasetItems:
        """Add the items of a file with one JSON object a line, all of them or none.

        A file has 500 items at the most; send a longer one in parts.

        ``POST /api/v1/datasets/{dataset_id}/import``; needs ``dataset:write``.
        """
        return await self._transport.call(
            Call(
                method="POST",
                path=path_of("/api/v1/datasets/{}/import", dataset_id),
                headers=headers_of(idempotency_key=idempotency_key),
                content=content,
                timeout=timeout,
            ),
            ImportedDatasetItems,
        )

    def export(
        self,
        dataset_id: str,
        *,
        version: int | None = None,
        timeout: float | None = None,
    ) -> AsyncDownload:
        """Export the items of a version.

        ``GET /api/v1/datasets/{dataset_id}/export``; needs ``dataset:read``.

        Args:
            version: By default the present one.
        """
        return self._transport.download(
            Call(
                method="GET",
                path=path_of("/api/v1/datasets/{}/export", dataset_id),
                query={"version": version},
                accept="*/*",
                timeout=timeout,
            )
        )


class DatasetsResourceRaw:
    """The methods of :class:`DatasetsResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = DatasetsResource(transport)
        self.get = raw(plain.get)
        self.delete = raw(plain.delete)
        self.update = raw(plain.update)
        self.import_items = raw(plain.import_items)


class AsyncDatasetsResourceRaw:
    """The methods of :class:`AsyncDatasetsResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncDatasetsResource(transport)
        self.get = async_raw(plain.get)
        self.delete = async_raw(plain.delete)
        self.update = async_raw(plain.update)
        self.import_items = async_raw(plain.import_items)
