"""OpenID providers over the wire: their metadata, their keys, and codes turned into tokens."""

import base64
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote_plus

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
    code_challenge_methods_supported: tuple[str, ...] = ()
    authorization_response_iss_parameter_supported: bool = False


class ProviderTokens(msgspec.Struct, frozen=True):
    """What a provider gives for a code. Nothing of it is believed yet."""

    id_token: str
    access_token: str | None = None


class _Refusal(msgspec.Struct, frozen=True):
    error: str = ""


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

    async def redeem(
        self, metadata: ProviderMetadata, fields: Mapping[str, str], secret: str | None
    ) -> ProviderTokens:
        """Return the tokens for a code; ``fields`` are those of the request, ``client_id`` too.

        Raises:
            ProviderError: if it gives none.
        """
        if metadata.token_endpoint is None:
            raise ProviderError("the provider has no token endpoint")
        form, headers = dict(fields), dict[str, str]()
        methods = metadata.token_endpoint_auth_methods_supported
        if secret is not None and "client_secret_basic" in methods:
            # RFC 6749, section 2.3.1: both are form-encoded before they are joined.
            shown = f"{quote_plus(form.pop('client_id'))}:{quote_plus(secret)}"
            headers["Authorization"] = "Basic " + base64.b64encode(shown.encode()).decode()
        elif secret is not None:
            form["client_secret"] = secret
        try:
            answer = await self._outbound.post_form(metadata.token_endpoint, form, headers)
        except OutboundError as error:
            raise ProviderError(str(error)) from error
        if answer.status != 200:
            raise ProviderError(
                f"the provider answered {answer.status} {_error_code(answer.body)}".strip()
            )
        try:
            return msgspec.json.decode(answer.body, type=ProviderTokens)
        except (msgspec.MsgspecError, RecursionError) as error:
            raise ProviderError("the provider gave no ID token") from error

    async def userinfo(self, metadata: ProviderMetadata, access_token: str) -> dict[str, Any]:
        """Return what the provider says of whoever has ``access_token``.

        Raises:
            ProviderError: if it says nothing.
        """
        if metadata.userinfo_endpoint is None:
            raise ProviderError("the provider has no userinfo endpoint")
        shown = {"Authorization": f"Bearer {access_token}"}
        try:
            answer = await self._outbound.get(metadata.userinfo_endpoint, shown)
        except OutboundError as error:
            raise ProviderError(str(error)) from error
        if answer.status != 200:
            raise ProviderError(f"the provider answered {answer.status} for userinfo")
        try:
            return msgspec.json.decode(answer.body, type=dict[str, Any])
        except (msgspec.MsgspecError, RecursionError) as error:
            raise ProviderError("the provider's userinfo is not a JSON object") from error

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


def _error_code(body: bytes) -> str:
    """Return the error's code (RFC 6749, section 5.2); its description is not passed on."""
    try:
        code = msgspec.json.decode(body, type=_Refusal).error
    except (msgspec.MsgspecError, RecursionError):
        return ""
    return code[:64] if code.isascii() and code.isprintable() else ""
