"""The outermost layer: request ids, bounds, headers for browsers, counts, and the last resort."""

import logging
import time
from collections.abc import Mapping

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mainspring.app.control.answers import problem_response
from mainspring.app.control.metrics import ControlMetrics
from mainspring.app.control.preparation import Preparation
from mainspring.kernel.errors import (
    BodyTooLargeError,
    CrossSiteRequestError,
    MainspringError,
    NotReadyError,
)
from mainspring.kernel.ids import new_id

_log = logging.getLogger(__name__)

_API_BODY = 4 * 1024 * 1024
_INTERNAL_BODY = 64 * 1024 * 1024
_FILES_PATH = "/internal/v1/files"
_FILES_BODY = 4 * 1024 * 1024 * 1024
"""The service of files bounds each of them by a setting; this bounds what could be read at all."""
_GUARDED = ("/api/", "/internal/", "/oauth2/", "/scim/", "/.well-known/")
"""What needs a platform that is prepared."""
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_HEADERS: Mapping[str, str] = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class Shell:
    """Wraps the application; pure ASGI, so that streams pass through untouched."""

    def __init__(self, app: ASGIApp, *, metrics: ControlMetrics, preparation: Preparation) -> None:
        self._app = app
        self._metrics = metrics
        self._preparation = preparation

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = new_id("req")
        scope.setdefault("state", {})["request_id"] = request_id
        path: str = scope["path"]
        began = time.monotonic()
        started = finished = False

        async def sending(message: Message) -> None:
            nonlocal started, finished
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(scope=message)
                headers["X-Request-Id"] = request_id
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
                if path.startswith(("/api/", "/internal/", "/scim/")):
                    headers.setdefault("Cache-Control", "no-store")
                took_s = time.monotonic() - began
                self._metrics.answered(scope["method"], message["status"], took_s)
            elif message["type"] == "http.response.body":
                finished = not message.get("more_body", False)
            await send(message)

        with self._metrics.in_flight():
            try:
                self._refuse_early(scope)
                await self._app(scope, _bounded(scope, receive), sending)
            except MainspringError as error:
                if started:
                    raise
                response = problem_response(error, path=path, request_id=request_id)
                await response(scope, receive, sending)
            except Exception:
                # The last resort for whatever nobody foresaw: log it with the id and go on.
                # Starlette has told the caller already, unless the failure lies outside of it.
                _log.exception("request failed", extra={"request_id": request_id, "path": path})
                if started and not finished:
                    raise  # in mid-stream only a broken connection says that something went wrong
                if not started:
                    response = problem_response(MainspringError(), path=path, request_id=request_id)
                    await response(scope, receive, sending)

    def _refuse_early(self, scope: Scope) -> None:
        path: str = scope["path"]
        headers = Headers(scope=scope)
        length = headers.get("content-length", "")
        if length.isdigit() and int(length) > _body_limit(path):
            raise BodyTooLargeError
        if not path.startswith(_GUARDED):
            return
        if not self._preparation.done:
            raise NotReadyError(self._preparation.waiting_for, retry_after_s=1.0)
        # No page of another site has a reason to write here; this also guards signing in, which
        # has no session yet whose token could be asked for.
        if scope["method"] not in _SAFE_METHODS and headers.get("sec-fetch-site") in {
            "cross-site",
            "same-site",
        }:
            raise CrossSiteRequestError


def _body_limit(path: str) -> int:
    if path == _FILES_PATH:
        return _FILES_BODY
    return _INTERNAL_BODY if path.startswith("/internal/") else _API_BODY


def _bounded(scope: Scope, receive: Receive) -> Receive:
    limit = _body_limit(scope["path"])
    size = 0

    async def receiving() -> Message:
        nonlocal size
        message = await receive()
        if message["type"] == "http.request":
            size += len(message.get("body", b""))
            if size > limit:
                raise HTTPException(413)
        return message

    return receiving
