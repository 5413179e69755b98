"""The namespace ``account``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._transport import Transport
from mainspring_sdk.resources.account_identities import (
    AccountIdentitiesResource,
    AsyncAccountIdentitiesResource,
)
from mainspring_sdk.resources.account_password import (
    AccountPasswordResource,
    AsyncAccountPasswordResource,
)
from mainspring_sdk.resources.account_second_factor import (
    AccountSecondFactorResource,
    AsyncAccountSecondFactorResource,
)


class AccountResource:
    """What is under ``account``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self.identities = AccountIdentitiesResource(transport)
        self.password = AccountPasswordResource(transport)
        self.second_factor = AccountSecondFactorResource(transport)


class AsyncAccountResource:
    """What is under ``account``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport
        self.identities = AsyncAccountIdentitiesResource(transport)
        self.password = AsyncAccountPasswordResource(transport)
        self.second_factor = AsyncAccountSecondFactorResource(transport)
