"""The namespace ``playground``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._transport import Transport
from mainspring_sdk.resources.playground_chat import (
    AsyncPlaygroundChatResource,
    PlaygroundChatResource,
)
from mainspring_sdk.resources.playground_embeddings import (
    AsyncPlaygroundEmbeddingsResource,
    PlaygroundEmbeddingsResource,
)
from mainspring_sdk.resources.playground_rerank import (
    AsyncPlaygroundRerankResource,
    PlaygroundRerankResource,
)


class PlaygroundResource:
    """What is under ``playground``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self.chat = PlaygroundChatResource(transport)
        self.embeddings = PlaygroundEmbeddingsResource(transport)
        self.rerank = PlaygroundRerankResource(transport)


class AsyncPlaygroundResource:
    """What is under ``playground``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport
        self.chat = AsyncPlaygroundChatResource(transport)
        self.embeddings = AsyncPlaygroundEmbeddingsResource(transport)
        self.rerank = AsyncPlaygroundRerankResource(transport)
