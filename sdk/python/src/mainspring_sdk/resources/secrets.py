"""The namespace ``secrets``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.secrets import KeyStateView
from mainspring_sdk.resources.secrets_keys import AsyncSecretsKeysResource, SecretsKeysResource
from mainspring_sdk.resources.secrets_resealing import (
    AsyncSecretsResealingResource,
    SecretsResealingResource,
)


class SecretsResource:
    """What is under ``secrets``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self.keys = SecretsKeysResource(transport)
        self.resealing = SecretsResealingResource(transport)

    @property
    def with_raw_response(self) -> "SecretsResourceRaw":
        """Return the same methods, with the whole answer."""
        return SecretsResourceRaw(self._transport.raw())

    def get_master_keys(
        self,
        *,
        timeout: float | None = None,
    ) -> KeyStateView:
        """Tell which master keys there are, who lacks one, and what each seals.

        ``GET /api/v1/secrets``; needs ``secrets:read``.
        """
        return self._transport.call(
            Call(method="GET", path="/api/v1/secrets", timeout=timeout), KeyStateView
        )


class AsyncSecretsResource:
    """What is under ``secrets``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport
        self.keys = AsyncSecretsKeysResource(transport)
        self.resealing = AsyncSecretsResealingResource(transport)

    @property
    def with_raw_response(self) -> "AsyncSecretsResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncSecretsResourceRaw(self._transport.raw())

    async def get_master_keys(
        self,
        *,
        timeout: float | None = None,
    ) -> KeyStateView:
        """Tell which master keys there are, who lacks one, and what each seals.

        ``GET /api/v1/secrets``; needs ``secrets:read``.
        """
        return await self._transport.call(
            Call(method="GET", path="/api/v1/secrets", timeout=timeout), KeyStateView
        )


class SecretsResourceRaw:
    """The methods of :class:`SecretsResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = SecretsResource(transport)
        self.get_master_keys = raw(plain.get_master_keys)


class AsyncSecretsResourceRaw:
    """The methods of :class:`AsyncSecretsResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncSecretsResource(transport)
        self.get_master_keys = async_raw(plain.get_master_keys)
