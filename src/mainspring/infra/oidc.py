"""OpenID providers over the wire: their metadata and their keys."""

from typing import Any

import msgspec

from mainspring.infra.outbound import Outbound, OutboundError

_DISCOVERY = "/.well-known/openid-configuration"


class ProviderError(Exception):
    """The provider did not answer, or not as one; the text may be shown to whoever manages it."""


class ProviderMetadata(msgspec.Struct, frozen=True):
    """What a provider says of itself (OpenID Connect Discovery 1.0)."""

    issuer: str
    jwks_uri: str
    authorization_endpoint: str | None = None
    token_endpoint: str | None = None
    userinfo_endpoint: str | None = None
    end_session_endpoint: str | None = None
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)


class OpenIdProviders:
    """Asks providers; see :class:`Outbound` for where they may be."""

    def __init__(self, outbound: Outbound) -> None:
        self._outbound = outbound

    def check(self, url: str) -> None:
        """Return if ``url`` is one that may be asked.

        Raises:
            ProviderError: if it is not.
        """
        try:
            self._outbound.check_url(url)
        except OutboundError as error:
            raise ProviderError(str(error)) from error

    async def metadata(self, issuer: str) -> ProviderMetadata:
        """Return what the provider of that issuer says of itself.

        Raises:
            ProviderError: if it says nothing, or that it is somebody else.
        """
        document = await self.json(issuer.rstrip("/") + _DISCOVERY)
        try:
            told = msgspec.convert(document, ProviderMetadata)
        except msgspec.ValidationError as error:
            raise ProviderError("the provider's metadata cannot be read") from error
        if told.issuer != issuer:
            raise ProviderError("the provider's metadata names another issuer")
        return told

    async def fetch(self, issuer: str, jwks_uri: str | None) -> bytes:
        """Return the JWK set of an issuer, as it is.

        Raises:
            ProviderError: if there is none to be had.
        """
        if jwks_uri is None:
            jwks_uri = (await self.metadata(issuer)).jwks_uri
        return await self._get(jwks_uri)

    async def json(self, url: str) -> Any:  # noqa: ANN401 - decoded JSON
        """Return the JSON document at ``url``.

        Raises:
            ProviderError: if there is none.
        """
        try:
            return msgspec.json.decode(await self._get(url))
        except (msgspec.DecodeError, RecursionError) as error:
            raise ProviderError("the provider's answer is not JSON") from error

    async def _get(self, url: str) -> bytes:
        try:
            answer = await self._outbound.get(url)
        except OutboundError as error:
            raise ProviderError(str(error)) from error
        if answer.status != 200:
            raise ProviderError(f"the provider answered {answer.status}")
        return answer.body
