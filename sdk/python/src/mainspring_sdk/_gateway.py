"""Clients of the gateway: the ``openai`` package, pointed at it."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from mainspring_sdk._settings import Connection, find_gateway, first_key, is_here
from mainspring_sdk.errors.tree import ConfigurationError

if TYPE_CHECKING:
    from openai import AsyncOpenAI, OpenAI

_MISSING = "the package openai is not installed: pip install 'mainspring-sdk[openai]'"


def openai_client(
    connection: Connection, api_key: str | None, gateway_url: str | None, ask: Callable[[], str]
) -> "OpenAI":
    """Return a blocking client; ``ask`` asks the control plane for the gateway's address.

    Raises:
        ConfigurationError: if there is no key, or the package is missing.
    """
    try:
        from openai import DefaultHttpxClient, OpenAI  # noqa: PLC0415 - optional, and slow to load
    except ImportError as error:
        raise ConfigurationError(_MISSING) from error
    found_url, found_key = find_gateway(connection)
    url = (gateway_url or found_url or ask()).rstrip("/")
    return OpenAI(
        base_url=f"{url}/v1",
        api_key=_key(connection, url, api_key or found_key),
        http_client=DefaultHttpxClient(trust_env=not is_here(url)),
    )


async def async_openai_client(
    connection: Connection,
    api_key: str | None,
    gateway_url: str | None,
    ask: Callable[[], Awaitable[str]],
) -> "AsyncOpenAI":
    """Return a client for asyncio; ``ask`` asks the control plane for the gateway's address.

    Raises:
        ConfigurationError: if there is no key, or the package is missing.
    """
    try:
        from openai import (  # noqa: PLC0415 - optional, and slow to load
            AsyncOpenAI,
            DefaultAsyncHttpxClient,
        )
    except ImportError as error:
        raise ConfigurationError(_MISSING) from error
    found_url, found_key = find_gateway(connection)
    url = (gateway_url or found_url or await ask()).rstrip("/")
    return AsyncOpenAI(
        base_url=f"{url}/v1",
        api_key=_key(connection, url, api_key or found_key),
        http_client=DefaultAsyncHttpxClient(trust_env=not is_here(url)),
    )


def _key(connection: Connection, url: str, chosen: str | None) -> str:
    key = chosen or first_key(connection, url)
    if key is None:
        raise ConfigurationError(
            f"no key for the gateway at {url}: pass api_key or set MAINSPRING_API_KEY"
        )
    return key
