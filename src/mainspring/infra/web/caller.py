"""Who is asking: one dependency, answered by what ``app`` wired."""

from collections.abc import Awaitable, Callable
from typing import Annotated

import msgspec
from fastapi import Depends, Request

from mainspring.infra.web.provide import provided
from mainspring.kernel.scope import Scope


class Authenticate:
    """Recognises the caller of a request; raises ``SignInRequiredError`` for a stranger."""

    def __init__(self, recognise: Callable[[Request], Awaitable[Scope]]) -> None:
        self._recognise = recognise

    async def __call__(self, request: Request) -> Scope:
        """Return the caller's scope, with its grants and narrowed to no organisation yet.

        Raises:
            SignInRequiredError: if the request shows no valid session or token.
            CrossSiteRequestError: if a browser's write lacks the console's own token.
        """
        return await self._recognise(request)


async def current_scope(
    request: Request, authenticate: Annotated[Authenticate, Depends(provided(Authenticate))]
) -> Scope:
    """Return the scope of whoever makes ``request``."""
    scope = await authenticate(request)
    request_id: str | None = getattr(request.state, "request_id", None)
    scope = msgspec.structs.replace(scope, request_id=request_id)
    request.state.caller = scope
    return scope


def scope_of_request(request: Request) -> Scope | None:
    """Return who was found to make ``request``, if that was asked."""
    found = getattr(request.state, "caller", None)
    return found if isinstance(found, Scope) else None


CurrentScope = Annotated[Scope, Depends(current_scope)]
"""A route with a parameter of this type is closed to strangers."""
