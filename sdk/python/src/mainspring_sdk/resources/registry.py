"""The namespace ``registry``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._transport import Transport
from mainspring_sdk.resources.registry_comparison import (
    AsyncRegistryComparisonResource,
    RegistryComparisonResource,
)
from mainspring_sdk.resources.registry_models import (
    AsyncRegistryModelsResource,
    RegistryModelsResource,
)


class RegistryResource:
    """What is under ``registry``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self.comparison = RegistryComparisonResource(transport)
        self.models = RegistryModelsResource(transport)


class AsyncRegistryResource:
    """What is under ``registry``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport
        self.comparison = AsyncRegistryComparisonResource(transport)
        self.models = AsyncRegistryModelsResource(transport)
