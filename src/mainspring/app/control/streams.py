"""Streaming answers that clean up behind themselves, whoever leaves first."""

from collections.abc import AsyncGenerator, Mapping

from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send


class OwnedStream(StreamingResponse):
    """A stream whose generator is closed with the answer, not when the collector finds it.

    Starlette drops the generator of a client that left; what it holds (a connection to the
    gateway, a subscription) must end at that moment.
    """

    def __init__(
        self,
        content: AsyncGenerator[bytes],
        *,
        status_code: int = 200,
        media_type: str,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        # As a header, because Starlette would add a charset to a gateway's own content type.
        super().__init__(content, status_code, {**(headers or {}), "Content-Type": media_type})
        self._content = content

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the stream, then close it."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            await self._content.aclose()
