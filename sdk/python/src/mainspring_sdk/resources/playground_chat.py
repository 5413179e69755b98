"""The namespace ``playground.chat``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._transport import Transport
from mainspring_sdk.resources.playground_chat_completions import (
    AsyncPlaygroundChatCompletionsResource,
    PlaygroundChatCompletionsResource,
)


class PlaygroundChatResource:
    """What is under ``playground.chat``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self.completions = PlaygroundChatCompletionsResource(transport)


class AsyncPlaygroundChatResource:
    """What is under ``playground.chat``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport
        self.completions = AsyncPlaygroundChatCompletionsResource(transport)
