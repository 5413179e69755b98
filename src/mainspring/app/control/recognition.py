"""Who is asking: a session's cookie or a bearer token."""

import hmac

from fastapi import Request

from mainspring.app.control.executing import EXECUTES
from mainspring.capabilities.identity.api import SignInService, TokenService
from mainspring.capabilities.identity.http import SESSION_COOKIE
from mainspring.capabilities.oversight.api import EmergencyService
from mainspring.kernel.errors import (
    CrossSiteRequestError,
    InternalCallError,
    SignInRequiredError,
)
from mainspring.kernel.scope import Scope

_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class CallerRecognition:
    """Tells a request's scope; see :class:`mainspring.infra.web.Authenticate`."""

    def __init__(
        self, sign_in: SignInService, tokens: TokenService, emergencies: EmergencyService
    ) -> None:
        self._sign_in = sign_in
        self._tokens = tokens
        self._emergencies = emergencies

    async def __call__(self, request: Request) -> Scope:
        """Return the caller's scope.

        Raises:
            SignInRequiredError: if the request shows no valid session or token.
            CrossSiteRequestError: if a browser's write lacks the console's own token.
        """
        executes = request.scope.get(EXECUTES)
        if isinstance(executes, Scope):
            return executes
        return await self._emergencies.widened(await self._shown(request))

    async def _shown(self, request: Request) -> Scope:
        secret = bearer(request)
        if secret is not None:
            return await self._tokens.recognise(secret)
        cookie = request.cookies.get(SESSION_COOKIE)
        if not cookie:
            raise SignInRequiredError
        if request.method not in _SAFE_METHODS:
            shown = request.headers.get("x-csrf-token", "")
            expected = self._sign_in.csrf_token(cookie)
            if not hmac.compare_digest(shown.encode(), expected.encode()):
                raise CrossSiteRequestError
        return await self._sign_in.recognise(cookie)


class InternalCallers:
    """Lets our own processes in, by the token that they share."""

    def __init__(self, token: str) -> None:
        self._token = token.encode()

    def __call__(self, request: Request) -> None:
        """Return if the caller is one of ours.

        Raises:
            InternalCallError: if it is not.
        """
        shown = bearer(request) or ""
        if not hmac.compare_digest(shown.encode(), self._token):
            raise InternalCallError


def bearer(request: Request) -> str | None:
    """Return the bearer token of the request, if it shows one."""
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    return secret.strip() if scheme.lower() == "bearer" and secret.strip() else None
