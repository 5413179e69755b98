"""The namespace ``secrets.resealing``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.secrets import ResealedView


class SecretsResealingResource:
    """What is under ``secrets.resealing``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "SecretsResealingResourceRaw":
        """Return the same methods, with the whole answer."""
        return SecretsResealingResourceRaw(self._transport.raw())

    def reseal(
        self,
        *,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> ResealedView:
        """Seal some secrets anew; repeat with `cursor` until there is none.

        ``POST /api/v1/secrets/resealing``; needs ``secrets:rotate``.

        Args:
            cursor: `cursor` of the step before.
        """
        return self._transport.call(
            Call(
                method="POST",
                path="/api/v1/secrets/resealing",
                query={"cursor": cursor},
                timeout=timeout,
            ),
            ResealedView,
        )


class AsyncSecretsResealingResource:
    """What is under ``secrets.resealing``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AsyncSecretsResealingResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncSecretsResealingResourceRaw(self._transport.raw())

    async def reseal(
        self,
        *,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> ResealedView:
        """Seal some secrets anew; repeat with `cursor` until there is none.

        ``POST /api/v1/secrets/resealing``; needs ``secrets:rotate``.

        Args:
            cursor: `cursor` of the step before.
        """
        return await self._transport.call(
            Call(
                method="POST",
                path="/api/v1/secrets/resealing",
                query={"cursor": cursor},
                timeout=timeout,
            ),
            ResealedView,
        )


class SecretsResealingResourceRaw:
    """The methods of :class:`SecretsResealingResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = SecretsResealingResource(transport)
        self.reseal = raw(plain.reseal)


class AsyncSecretsResealingResourceRaw:
    """The methods of :class:`AsyncSecretsResealingResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncSecretsResealingResource(transport)
        self.reseal = async_raw(plain.reseal)
