"""How fast the control API may be asked: by whoever shows a credential, and by any address.

Windows are whole minutes, so nothing has to be reset, and what is remembered is bounded. Counts are
shared by Redis where there is one; while it cannot be asked each process counts for itself, for a
limit against floods should not be what takes the console down.
"""

import hashlib
from typing import Final, Protocol

import msgspec
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mainspring.capabilities.identity.http import SESSION_COOKIE
from mainspring.kernel.clock import Clock
from mainspring.kernel.errors import RateLimitedError

WINDOW_S: Final = 60
_MAX_KNOWN: Final = 50_000
_ADDRESS_FACTOR: Final = 10
"""An address may be many people's; all of them together get so many times what one gets."""
_GUARDED = ("/api/", "/scim/", "/oauth2/")
_DOORS = frozenset(
    {
        "/api/v1/sessions",
        "/api/v1/setup",
        "/api/v1/invitations/open",
        "/api/v1/invitations/accept",
        "/api/v1/tokens",
        "/oauth2/token",
    }
)
"""Where somebody who is nobody yet tries something, or gets something that opens more."""


class Counter(Protocol):
    """Counts within windows. Never fails: what cannot be shared is counted by each for itself."""

    async def add(self, key: str, window: int) -> int:
        """Count one more for ``key`` in that window; return how many there are now.

        However many count at once, each is told another number.
        """
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...


class LocalCounter:
    """Counts in this process, for one window at a time. Beyond a bound, keys share one count."""

    def __init__(self) -> None:
        self._window = 0
        self._counts: dict[str, int] = {}

    async def add(self, key: str, window: int) -> int:
        """Count one more."""
        if window != self._window:
            self._window = window
            self._counts = {}
        if key not in self._counts and len(self._counts) >= _MAX_KNOWN:
            key = "everybody else"
        count = self._counts[key] = self._counts.get(key, 0) + 1
        return count

    async def close(self) -> None:
        """Do nothing."""


class _Limit(msgspec.Struct, frozen=True):
    name: str
    key: str
    most: int


class RateLimits:
    """Refuses whoever asks too fast; pure ASGI, inside the shell. A limit of 0 is none."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        counter: Counter,
        clock: Clock,
        per_principal: int,
        at_doors: int,
    ) -> None:
        self._app = app
        self._counter = counter
        self._clock = clock
        self._per_principal = per_principal
        self._at_doors = at_doors

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request.

        Raises:
            RateLimitedError: if there were too many within the minute.
        """
        if scope["type"] != "http" or not scope["path"].startswith(_GUARDED):
            await self._app(scope, receive, send)
            return
        now = self._clock.now().timestamp()
        window = int(now // WINDOW_S)
        left_s = WINDOW_S - now % WINDOW_S
        tightest: tuple[int, _Limit] | None = None
        for limit in self._limits_of(scope):
            remaining = limit.most - await self._counter.add(f"{limit.name}:{limit.key}", window)
            if remaining < 0:
                raise RateLimitedError(
                    f"more than {limit.most} requests within a minute", retry_after_s=left_s
                )
            if tightest is None or remaining < tightest[0]:
                tightest = remaining, limit
        if tightest is None:
            await self._app(scope, receive, send)
            return
        told, held = tightest

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["RateLimit-Policy"] = f'"{held.name}";q={held.most};w={WINDOW_S}'
                headers["RateLimit"] = f'"{held.name}";r={told};t={int(left_s)}'
            await send(message)

        await self._app(scope, receive, sending)

    def _limits_of(self, scope: Scope) -> list[_Limit]:
        """Return the limits that the request counts for, the tightest doors first."""
        client = scope.get("client")
        address = str(client[0]) if client else "unknown"
        found: list[_Limit] = []
        path: str = scope["path"]
        is_door = path in _DOORS and scope["method"] == "POST"
        if self._at_doors and (is_door or path.startswith("/api/v1/sso/")):
            found.append(_Limit("door", address, self._at_doors))
        if self._per_principal:
            shown = _credential(scope)
            if shown is not None:
                found.append(_Limit("principal", shown, self._per_principal))
            # Credentials can be made up; addresses less so.
            found.append(_Limit("address", address, _ADDRESS_FACTOR * self._per_principal))
        return found


def _credential(scope: Scope) -> str | None:
    """Return a digest of what the request shows of its sender."""
    headers = Headers(scope=scope)
    shown = headers.get("authorization")
    if shown is None:
        prefix = f"{SESSION_COOKIE}="
        cookies = (each.strip() for each in headers.get("cookie", "").split(";"))
        shown = next((each for each in cookies if each.startswith(prefix)), None)
    return None if shown is None else hashlib.sha256(shown.encode()).hexdigest()[:32]
