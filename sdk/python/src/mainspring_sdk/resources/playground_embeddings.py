"""The namespace ``playground.embeddings``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from collections.abc import Mapping
from typing import Any

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport


class PlaygroundEmbeddingsResource:
    """What is under ``playground.embeddings``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "PlaygroundEmbeddingsResourceRaw":
        """Return the same methods, with the whole answer."""
        return PlaygroundEmbeddingsResourceRaw(self._transport.raw())

    def create(
        self,
        *,
        body: Mapping[str, Any],
        project_id: str | None = None,
        timeout: float | None = None,
    ) -> dict[str, Any]:
        """Have texts made into vectors as yourself, in OpenAI's shape.

        ``POST /api/v1/playground/embeddings``; needs ``model:call``.

        Args:
            project_id: Whose call it is; by default your first project's.
        """
        return self._transport.call(
            Call(
                method="POST",
                path="/api/v1/playground/embeddings",
                query={"project_id": project_id},
                body=body,
                timeout=timeout,
            ),
            dict[str, Any],
        )


class AsyncPlaygroundEmbeddingsResource:
    """What is under ``playground.embeddings``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AsyncPlaygroundEmbeddingsResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncPlaygroundEmbeddingsResourceRaw(self._transport.raw())

    async def create(
        self,
        *,
        body: Mapping[str, Any],
        project_id: str | None = None,
        timeout: float | None = None,
    ) -> dict[str, Any]:
        """Have texts made into vectors as yourself, in OpenAI's shape.

        ``POST /api/v1/playground/embeddings``; needs ``model:call``.

        Args:
            project_id: Whose call it is; by default your first project's.
        """
        return await self._transport.call(
            Call(
                method="POST",
                path="/api/v1/playground/embeddings",
                query={"project_id": project_id},
                body=body,
                timeout=timeout,
            ),
            dict[str, Any],
        )


class PlaygroundEmbeddingsResourceRaw:
    """The methods of :class:`PlaygroundEmbeddingsResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = PlaygroundEmbeddingsResource(transport)
        self.create = raw(plain.create)


class AsyncPlaygroundEmbeddingsResourceRaw:
    """The methods of :class:`AsyncPlaygroundEmbeddingsResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncPlaygroundEmbeddingsResource(transport)
        self.create = async_raw(plain.create)
