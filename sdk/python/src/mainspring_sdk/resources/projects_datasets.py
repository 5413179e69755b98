"""The namespace ``projects.datasets``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from msgspec import UNSET, UnsetType

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call, headers_of, path_of, sent
from mainspring_sdk._paging import AsyncPages, Items, Page
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.datasets import DatasetView


class ProjectsDatasetsResource:
    """What is under ``projects.datasets``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "ProjectsDatasetsResourceRaw":
        """Return the same methods, with the whole answer."""
        return ProjectsDatasetsResourceRaw(self._transport.raw())

    def list(
        self,
        project_id: str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> Page[DatasetView]:
        """List the data sets of a project, oldest first.

        ``GET /api/v1/projects/{project_id}/datasets``; needs ``dataset:read``.

        Args:
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return self._transport.page(
            Call(
                method="GET",
                path=path_of("/api/v1/projects/{}/datasets", project_id),
                query={"limit": limit, "cursor": cursor},
                timeout=timeout,
            ),
            Items[DatasetView],
        )

    def create(
        self,
        project_id: str,
        *,
        name: str,
        description: str | UnsetType = UNSET,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> DatasetView:
        """Make an empty data set.

        ``POST /api/v1/projects/{project_id}/datasets``; needs ``dataset:write``.
        """
        return self._transport.call(
            Call(
                method="POST",
                path=path_of("/api/v1/projects/{}/datasets", project_id),
                headers=headers_of(idempotency_key=idempotency_key),
                body=sent({"name": name, "description": description}),
                timeout=timeout,
            ),
            DatasetView,
        )


class AsyncProjectsDatasetsResource:
    """What is under ``projects.datasets``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AsyncProjectsDatasetsResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncProjectsDatasetsResourceRaw(self._transport.raw())

    def list(
        self,
        project_id: str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> AsyncPages[DatasetView]:
        """List the data sets of a project, oldest first.

        ``GET /api/v1/projects/{project_id}/datasets``; needs ``dataset:read``.

        Args:
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return self._transport.page(
            Call(
                method="GET",
                path=path_of("/api/v1/projects/{}/datasets", project_id),
                query={"limit": limit, "cursor": cursor},
                timeout=timeout,
            ),
            Items[DatasetView],
        )

    async def create(
        self,
        project_id: str,
        *,
        name: str,
        description: str | UnsetType = UNSET,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> DatasetView:
        """Make an empty data set.

        ``POST /api/v1/projects/{project_id}/datasets``; needs ``dataset:write``.
        """
        return await self._transport.call(
            Call(
                method="POST",
                path=path_of("/api/v1/projects/{}/datasets", project_id),
                headers=headers_of(idempotency_key=idempotency_key),
                body=sent({"name": name, "description": description}),
                timeout=timeout,
            ),
            DatasetView,
        )


class ProjectsDatasetsResourceRaw:
    """The methods of :class:`ProjectsDatasetsResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = ProjectsDatasetsResource(transport)
        self.list = raw(plain.list)
        self.create = raw(plain.create)


class AsyncProjectsDatasetsResourceRaw:
    """The methods of :class:`AsyncProjectsDatasetsResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncProjectsDatasetsResource(transport)
        self.list = async_raw(plain.list)
        self.create = async_raw(plain.create)
