"""The namespace ``playground.rerank``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from collections.abc import Mapping
from typing import Any

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport


class PlaygroundRerankResource:
    """What is under ``playground.rerank``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "PlaygroundRerankResourceRaw":
        """Return the same methods, with the whole answer."""
        return PlaygroundRerankResourceRaw(self._transport.raw())

    def create(
        self,
        *,
        body: Mapping[str, Any],
        project_id: str | None = None,
        timeout: float | None = None,
    ) -> dict[str, Any]:
        """Have documents put in the order of a question as yourself, in the shape of rerankers.

        ``POST /api/v1/playground/rerank``; needs ``model:call``.

        Args:
            project_id: Whose call it is; by default your first project's.
        """
        return self._transport.call(
            Call(
                method="POST",
                path="/api/v1/playground/rerank",
                query={"project_id": project_id},
                body=body,
                timeout=timeout,
            ),
            dict[str, Any],
        )


class AsyncPlaygroundRerankResource:
    """What is under ``playground.rerank``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AsyncPlaygroundRerankResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncPlaygroundRerankResourceRaw(self._transport.raw())

    async def create(
        self,
        *,
        body: Mapping[str, Any],
        project_id: str | None = None,
        timeout: float | None = None,
    ) -> dict[str, Any]:
        """Have documents put in the order of a question as yourself, in the shape of rerankers.

        ``POST /api/v1/playground/rerank``; needs ``model:call``.

        Args:
            project_id: Whose call it is; by default your first project's.
        """
        return await self._transport.call(
            Call(
                method="POST",
                path="/api/v1/playground/rerank",
                query={"project_id": project_id},
                body=body,
                timeout=timeout,
            ),
            dict[str, Any],
        )


class PlaygroundRerankResourceRaw:
    """The methods of :class:`PlaygroundRerankResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = PlaygroundRerankResource(transport)
        self.create = raw(plain.create)


class AsyncPlaygroundRerankResourceRaw:
    """The methods of :class:`AsyncPlaygroundRerankResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncPlaygroundRerankResource(transport)
        self.create = async_raw(plain.create)
