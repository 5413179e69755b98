"""The namespace ``secrets.keys``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call, headers_of, path_of
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.secrets import KeyStateView
from mainspring_sdk.resources.secrets_keys_activation import (
    AsyncSecretsKeysActivationResource,
    SecretsKeysActivationResource,
)


class SecretsKeysResource:
    """What is under ``secrets.keys``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self.activation = SecretsKeysActivationResource(transport)

    @property
    def with_raw_response(self) -> "SecretsKeysResourceRaw":
        """Return the same methods, with the whole answer."""
        return SecretsKeysResourceRaw(self._transport.raw())

    def create_master(
        self,
        *,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> KeyStateView:
        """Make a master key that is held, and seals nothing yet.

        ``POST /api/v1/secrets/keys``; needs ``secrets:rotate``.
        """
        return self._transport.call(
            Call(
                method="POST",
                path="/api/v1/secrets/keys",
                headers=headers_of(idempotency_key=idempotency_key),
                timeout=timeout,
            ),
            KeyStateView,
        )

    def retire_master(
        self,
        master_key_id: str,
        *,
        timeout: float | None = None,
    ) -> None:
        """Take away a master key that seals nothing any more.

        ``DELETE /api/v1/secrets/keys/{master_key_id}``; needs ``secrets:rotate``.
        """
        self._transport.run(
            Call(
                method="DELETE",
                path=path_of("/api/v1/secrets/keys/{}", master_key_id),
                timeout=timeout,
            )
        )


class AsyncSecretsKeysResource:
    """What is under ``secrets.keys``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport
        self.activation = AsyncSecretsKeysActivationResource(transport)

    @property
    def with_raw_response(self) -> "AsyncSecretsKeysResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncSecretsKeysResourceRaw(self._transport.raw())

    async def create_master(
        self,
        *,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> KeyStateView:
        """Make a master key that is held, and seals nothing yet.

        ``POST /api/v1/secrets/keys``; needs ``secrets:rotate``.
        """
        return await self._transport.call(
            Call(
                method="POST",
                path="/api/v1/secrets/keys",
                headers=headers_of(idempotency_key=idempotency_key),
                timeout=timeout,
            ),
            KeyStateView,
        )

    async def retire_master(
        self,
        master_key_id: str,
        *,
        timeout: float | None = None,
    ) -> None:
        """Take away a master key that seals nothing any more.

        ``DELETE /api/v1/secrets/keys/{master_key_id}``; needs ``secrets:rotate``.
        """
        await self._transport.run(
            Call(
                method="DELETE",
                path=path_of("/api/v1/secrets/keys/{}", master_key_id),
                timeout=timeout,
            )
        )


class SecretsKeysResourceRaw:
    """The methods of :class:`SecretsKeysResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = SecretsKeysResource(transport)
        self.create_master = raw(plain.create_master)
        self.retire_master = raw(plain.retire_master)


class AsyncSecretsKeysResourceRaw:
    """The methods of :class:`AsyncSecretsKeysResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncSecretsKeysResource(transport)
        self.create_master = async_raw(plain.create_master)
        self.retire_master = async_raw(plain.retire_master)
