"""``Idempotency-Key`` on whatever creates: a repeated request gets the first one's answer."""

import hashlib
import logging
import re

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mainspring.infra.idempotency import Answer, IdempotencyRegister
from mainspring.infra.web import Authenticate
from mainspring.kernel.errors import DatabaseUnavailableError, InvalidRequestError

_log = logging.getLogger(__name__)

HEADER = "Idempotency-Key"
_KEY = re.compile(r"[\x21-\x7e]{1,200}")
_NEVER_REPEATED = frozenset(
    {
        "/api/v1/setup",
        "/api/v1/sessions",
        "/api/v1/invitations/accept",
        "/api/v1/invitations/open",
        "/api/v1/playground/chat/completions",
        "/api/v1/playground/embeddings",
        "/api/v1/playground/rerank",
    }
)
_REPLAYS = re.compile(r"/api/v1/calls/[^/]+/replay")

_REPEATED = frozenset({b"content-type", b"etag"})


class Idempotency:
    """Serves a creating request with a key once; pure ASGI, inside the shell."""

    def __init__(
        self, app: ASGIApp, *, register: IdempotencyRegister, authenticate: Authenticate
    ) -> None:
        self._app = app
        self._register = register
        self._authenticate = authenticate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request.

        Raises:
            MainspringError: where the key, or whoever shows it, is not acceptable.
        """
        if (
            scope["type"] != "http"
            or scope["method"] != "POST"
            or not scope["path"].startswith("/api/v1/")
            or is_never_repeated(scope["path"])
        ):
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        key = request.headers.get(HEADER)
        if key is None:
            await self._app(scope, receive, send)
            return
        if not _KEY.fullmatch(key):
            raise InvalidRequestError(
                f"{HEADER} has 1 to 200 visible ASCII characters", param=HEADER
            )
        actor_id = (await self._authenticate(request)).actor.id
        body = await request.body()
        digest = _digest(scope, body)
        answer = await self._register.claim(actor_id, key, digest)
        if answer is None:
            await self._serve(scope, body, send, actor_id, key)
            return
        headers = [*answer.headers, (b"idempotency-replayed", b"true")]
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        await send({"type": "http.response.body", "body": answer.body})

    async def _serve(self, scope: Scope, body: bytes, send: Send, actor_id: str, key: str) -> None:
        """Serve the first request of a key: keep its answer before anybody hears of it."""
        start: Message | None = None
        chunks: list[bytes] = []

        async def receiving() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        async def collecting(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                start = message
            else:
                chunks.append(message.get("body", b""))

        try:
            await self._app(scope, receiving, collecting)
        except BaseException:
            await self._released(actor_id, key)
            raise
        if start is None:
            raise RuntimeError("the application ended without an answer")
        whole = b"".join(chunks)
        if 200 <= start["status"] < 300:
            kept = [pair for pair in start["headers"] if pair[0].lower() in _REPEATED]
            await self._register.finish(actor_id, key, Answer(start["status"], kept, whole))
        else:
            await self._released(actor_id, key)
        await send(start)
        await send({"type": "http.response.body", "body": whole})

    async def _released(self, actor_id: str, key: str) -> None:
        try:
            await self._register.release(actor_id, key)
        except DatabaseUnavailableError:
            # The key stays claimed: its owner is told so, and takes a new one.
            _log.warning("an idempotency key could not be given back")


def is_never_repeated(path: str) -> bool:
    """Tell whether the answer of a path is not to be had again from a register.

    What opens a session is not, and what a model says is not kept.
    """
    return path in _NEVER_REPEATED or _REPLAYS.fullmatch(path) is not None


def _digest(scope: Scope, body: bytes) -> bytes:
    target = scope["path"].encode() + b"\0" + scope["query_string"] + b"\0"
    return hashlib.sha256(target + body).digest()
