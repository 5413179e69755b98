"""The two clients."""

from dataclasses import replace
from types import TracebackType
from typing import TYPE_CHECKING, Self

import httpx

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._gateway import async_openai_client, openai_client
from mainspring_sdk._retries import RetryPolicy
from mainspring_sdk._settings import find_connection, is_here
from mainspring_sdk._transport import Transport
from mainspring_sdk._wire import Options
from mainspring_sdk.resources import AsyncResources, Resources

if TYPE_CHECKING:
    from openai import AsyncOpenAI, OpenAI


class Mainspring(Resources):
    """The control API of a platform, blocking.

    ``url`` and ``token`` are looked up where they are not given: in ``MAINSPRING_URL`` and
    ``MAINSPRING_TOKEN``, then in the data directory of a platform on this machine. ``timeout``
    is the seconds that one attempt of a call may take. ``http_client`` replaces the connections,
    for proxies, certificates and tests; it stays yours to close.

    Use it in a ``with`` block, or call :meth:`close`. One client serves several threads.

    Raises:
        ConfigurationError: if the address or the token cannot be found.
    """

    def __init__(
        self,
        url: str | None = None,
        token: str | None = None,
        *,
        timeout: float = 30.0,
        retry: RetryPolicy | None = None,
        http_client: httpx.Client | None = None,
    ) -> None:
        connection = find_connection(url, token)
        options = Options(connection=connection, timeout=timeout, retry=retry or RetryPolicy())
        self._owned = http_client is None
        # What goes to this machine goes past every proxy: it carries a token.
        client = http_client or httpx.Client(trust_env=not is_here(connection.url))
        super().__init__(Transport(options, client))

    def with_options(
        self, *, timeout: float | None = None, retry: RetryPolicy | None = None
    ) -> "Mainspring":
        """Return a client with other options on the same connections, which stay this one's."""
        options = self._transport.options
        changed = replace(
            options,
            timeout=options.timeout if timeout is None else timeout,
            retry=retry or options.retry,
        )
        other = Mainspring.__new__(Mainspring)
        other._owned = False  # noqa: SLF001 - one of us
        Resources.__init__(other, Transport(changed, self._transport.client))
        return other

    def openai(self, *, api_key: str | None = None, gateway_url: str | None = None) -> "OpenAI":
        """Return a client of the gateway; needs ``mainspring-sdk[openai]``.

        The key is ``api_key``, else ``MAINSPRING_API_KEY``, else the generated first key where
        the gateway is on this machine. The address is ``gateway_url``, else
        ``MAINSPRING_API_URL``, else what the control plane tells.

        Raises:
            ConfigurationError: if there is no key, or the package ``openai`` is not installed.
        """
        connection = self._transport.options.connection
        return openai_client(
            connection, api_key, gateway_url, lambda: self.system.info.get().gateway_url
        )

    def close(self) -> None:
        """Close the connections."""
        if self._owned:
            self._transport.client.close()

    def __enter__(self) -> Self:
        """Return the client."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the connections."""
        self.close()


class AsyncMainspring(AsyncResources):
    """The control API of a platform, for asyncio; otherwise as :class:`Mainspring`.

    Raises:
        ConfigurationError: if the address or the token cannot be found.
    """

    def __init__(
        self,
        url: str | None = None,
        token: str | None = None,
        *,
        timeout: float = 30.0,
        retry: RetryPolicy | None = None,
        http_client: httpx.AsyncClient | None = None,
    ) -> None:
        connection = find_connection(url, token)
        options = Options(connection=connection, timeout=timeout, retry=retry or RetryPolicy())
        self._owned = http_client is None
        client = http_client or httpx.AsyncClient(trust_env=not is_here(connection.url))
        super().__init__(AsyncTransport(options, client))

    def with_options(
        self, *, timeout: float | None = None, retry: RetryPolicy | None = None
    ) -> "AsyncMainspring":
        """Return a client with other options on the same connections, which stay this one's."""
        options = self._transport.options
        changed = replace(
            options,
            timeout=options.timeout if timeout is None else timeout,
            retry=retry or options.retry,
        )
        other = AsyncMainspring.__new__(AsyncMainspring)
        other._owned = False  # noqa: SLF001 - one of us
        AsyncResources.__init__(other, AsyncTransport(changed, self._transport.client))
        return other

    async def openai(
        self, *, api_key: str | None = None, gateway_url: str | None = None
    ) -> "AsyncOpenAI":
        """Return a client of the gateway, as :meth:`Mainspring.openai` does.

        Raises:
            ConfigurationError: if there is no key, or the package ``openai`` is not installed.
        """

        async def ask() -> str:
            return (await self.system.info.get()).gateway_url

        connection = self._transport.options.connection
        return await async_openai_client(connection, api_key, gateway_url, ask)

    async def close(self) -> None:
        """Close the connections."""
        if self._owned:
            await self._transport.client.aclose()

    async def __aenter__(self) -> Self:
        """Return the client."""
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the connections."""
        await self.close()
