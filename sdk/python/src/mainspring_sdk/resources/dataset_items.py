"""The namespace ``dataset_items``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call, path_of
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.datasets import DatasetItemView


class DatasetItemsResource:
    """What is under ``dataset_items``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "DatasetItemsResourceRaw":
        """Return the same methods, with the whole answer."""
        return DatasetItemsResourceRaw(self._transport.raw())

    def get(
        self,
        item_id: str,
        *,
        timeout: float | None = None,
    ) -> DatasetItemView:
        """Read one item, archived or not.

        ``GET /api/v1/dataset-items/{item_id}``; needs ``dataset:read``.
        """
        return self._transport.call(
            Call(method="GET", path=path_of("/api/v1/dataset-items/{}", item_id), timeout=timeout),
            DatasetItemView,
        )

    def delete(
        self,
        item_id: str,
        *,
        timeout: float | None = None,
    ) -> None:
        """Remove an item from every version, as somebody whose words it holds may ask.

        ``DELETE /api/v1/dataset-items/{item_id}``; needs ``dataset:write``.
        """
        self._transport.run(
            Call(
                method="DELETE", path=path_of("/api/v1/dataset-items/{}", item_id), timeout=timeout
            )
        )

    def archive(
        self,
        item_id: str,
        *,
        timeout: float | None = None,
    ) -> DatasetItemView:
        """Leave an item out of the next version; the versions before keep it.

        ``POST /api/v1/dataset-items/{item_id}/archive``; needs ``dataset:write``.
        """
        return self._transport.call(
            Call(
                method="POST",
                path=path_of("/api/v1/dataset-items/{}/archive", item_id),
                timeout=timeout,
            ),
            DatasetItemView,
        )


class AsyncDatasetItemsResource:
    """What is under ``dataset_items``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AsyncDatasetItemsResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncDatasetItemsResourceRaw(self._transport.raw())

    async def get(
        self,
        item_id: str,
        *,
        timeout: float | None = None,
    ) -> DatasetItemView:
        """Read one item, archived or not.

        ``GET /api/v1/dataset-items/{item_id}``; needs ``dataset:read``.
        """
        return await self._transport.call(
            Call(method="GET", path=path_of("/api/v1/dataset-items/{}", item_id), timeout=timeout),
            DatasetItemView,
        )

    async def delete(
        self,
        item_id: str,
        *,
        timeout: float | None = None,
    ) -> None:
        """Remove an item from every version, as somebody whose words it holds may ask.

        ``DELETE /api/v1/dataset-items/{item_id}``; needs ``dataset:write``.
        """
        await self._transport.run(
            Call(
                method="DELETE", path=path_of("/api/v1/dataset-items/{}", item_id), timeout=timeout
            )
        )

    async def archive(
        self,
        item_id: str,
        *,
        timeout: float | None = None,
    ) -> DatasetItemView:
        """Leave an item out of the next version; the versions before keep it.

        ``POST /api/v1/dataset-items/{item_id}/archive``; needs ``dataset:write``.
        """
        return await self._transport.call(
            Call(
                method="POST",
                path=path_of("/api/v1/dataset-items/{}/archive", item_id),
                timeout=timeout,
            ),
            DatasetItemView,
        )


class DatasetItemsResourceRaw:
    """The methods of :class:`DatasetItemsResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = DatasetItemsResource(transport)
        self.get = raw(plain.get)
        self.delete = raw(plain.delete)
        self.archive = raw(plain.archive)


class AsyncDatasetItemsResourceRaw:
    """The methods of :class:`AsyncDatasetItemsResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncDatasetItemsResource(transport)
        self.get = async_raw(plain.get)
        self.delete = async_raw(plain.delete)
        self.archive = async_raw(plain.archive)
