"""The namespace ``playground.chat.completions``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from collections.abc import Mapping
from typing import Any

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call
from mainspring_sdk._events import AsyncEventStream, EventStream, ServerSentEvent, as_it_is
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport


class PlaygroundChatCompletionsResource:
    """What is under ``playground.chat.completions``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "PlaygroundChatCompletionsResourceRaw":
        """Return the same methods, with the whole answer."""
        return PlaygroundChatCompletionsResourceRaw(self._transport.raw())

    def create(
        self,
        *,
        body: Mapping[str, Any],
        project_id: str | None = None,
        timeout: float | None = None,
    ) -> dict[str, Any]:
        """Chat with a model as yourself; a refusal of the gateway comes through in its shape.

        ``POST /api/v1/playground/chat/completions``; needs ``model:call``.

        Args:
            project_id: Whose call it is; by default your first project's.
        """
        return self._transport.call(
            Call(
                method="POST",
                path="/api/v1/playground/chat/completions",
                query={"project_id": project_id},
                body=body,
                timeout=timeout,
            ),
            dict[str, Any],
        )

    def create_stream(
        self,
        *,
        body: Mapping[str, Any],
        project_id: str | None = None,
        timeout: float | None = None,
    ) -> EventStream[ServerSentEvent]:
        """Chat with a model as yourself; a refusal of the gateway comes through in its shape.

        Answers as events: the body says ``"stream": true``.

        ``POST /api/v1/playground/chat/completions``; needs ``model:call``.

        Args:
            project_id: Whose call it is; by default your first project's.
        """
        return self._transport.events(
            Call(
                method="POST",
                path="/api/v1/playground/chat/completions",
                query={"project_id": project_id},
                body={**body, "stream": True},
                timeout=timeout,
            ),
            as_it_is,
        )


class AsyncPlaygroundChatCompletionsResource:
    """What is under ``playground.chat.completions``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AsyncPlaygroundChatCompletionsResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncPlaygroundChatCompletionsResourceRaw(self._transport.raw())

    async def create(
        self,
        *,
        body: Mapping[str, Any],
        project_id: str | None = None,
        timeout: float | None = None,
    ) -> dict[str, Any]:
        """Chat with a model as yourself; a refusal of the gateway comes through in its shape.

        ``POST /api/v1/playground/chat/completions``; needs ``model:call``.

        Args:
            project_id: Whose call it is; by default your first project's.
        """
        return await self._transport.call(
            Call(
                method="POST",
                path="/api/v1/playground/chat/completions",
                query={"project_id": project_id},
                body=body,
                timeout=timeout,
            ),
            dict[str, Any],
        )

    def create_stream(
        self,
        *,
        body: Mapping[str, Any],
        project_id: str | None = None,
        timeout: float | None = None,
    ) -> AsyncEventStream[ServerSentEvent]:
        """Chat with a model as yourself; a refusal of the gateway comes through in its shape.

        Answers as events: the body says ``"stream": true``.

        ``POST /api/v1/playground/chat/completions``; needs ``model:call``.

        Args:
            project_id: Whose call it is; by default your first project's.
        """
        return self._transport.events(
            Call(
                method="POST",
                path="/api/v1/playground/chat/completions",
                query={"project_id": project_id},
                body={**body, "stream": True},
                timeout=timeout,
            ),
            as_it_is,
        )


class PlaygroundChatCompletionsResourceRaw:
    """The methods of :class:`PlaygroundChatCompletionsResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = PlaygroundChatCompletionsResource(transport)
        self.create = raw(plain.create)


class AsyncPlaygroundChatCompletionsResourceRaw:
    """The methods of :class:`AsyncPlaygroundChatCompletionsResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncPlaygroundChatCompletionsResource(transport)
        self.create = async_raw(plain.create)
