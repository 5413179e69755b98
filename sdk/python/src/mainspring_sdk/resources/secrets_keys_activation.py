"""The namespace ``secrets.keys.activation``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call, path_of
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.secrets import KeyStateView


class SecretsKeysActivationResource:
    """What is under ``secrets.keys.activation``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "SecretsKeysActivationResourceRaw":
        """Return the same methods, with the whole answer."""
        return SecretsKeysActivationResourceRaw(self._transport.raw())

    def activate_master(
        self,
        master_key_id: str,
        *,
        timeout: float | None = None,
    ) -> KeyStateView:
        """Have a master key seal from now on; refused while a running part does not hold it.

        ``POST /api/v1/secrets/keys/{master_key_id}/activation``; needs ``secrets:rotate``.
        """
        return self._transport.call(
            Call(
                method="POST",
                path=path_of("/api/v1/secrets/keys/{}/activation", master_key_id),
                timeout=timeout,
            ),
            KeyStateView,
        )


class AsyncSecretsKeysActivationResource:
    """What is under ``secrets.keys.activation``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AsyncSecretsKeysActivationResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncSecretsKeysActivationResourceRaw(self._transport.raw())

    async def activate_master(
        self,
        master_key_id: str,
        *,
        timeout: float | None = None,
    ) -> KeyStateView:
        """Have a master key seal from now on; refused while a running part does not hold it.

        ``POST /api/v1/secrets/keys/{master_key_id}/activation``; needs ``secrets:rotate``.
        """
        return await self._transport.call(
            Call(
                method="POST",
                path=path_of("/api/v1/secrets/keys/{}/activation", master_key_id),
                timeout=timeout,
            ),
            KeyStateView,
        )


class SecretsKeysActivationResourceRaw:
    """The methods of :class:`SecretsKeysActivationResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = SecretsKeysActivationResource(transport)
        self.activate_master = raw(plain.activate_master)


class AsyncSecretsKeysActivationResourceRaw:
    """The methods of :class:`AsyncSecretsKeysActivationResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncSecretsKeysActivationResource(transport)
        self.activate_master = async_raw(plain.activate_master)
