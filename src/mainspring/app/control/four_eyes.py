"""Two persons for what is risky: requests are held back on their way to the routes.

One place for all of them, by the ids of operations, so that no route has to think of it.
"""

import re
from collections.abc import Collection
from typing import Any, Final

import msgspec
from fastapi import FastAPI
from starlette.requests import Request
from starlette.routing import compile_path
from starlette.types import ASGIApp, Message, Receive, Scope as AsgiScope, Send

from mainspring.app.control.executing import EXECUTES
from mainspring.app.control.metrics import ControlMetrics
from mainspring.capabilities.audit.api import AuditService
from mainspring.capabilities.oversight.api import (
    ChangeService,
    EmergencyService,
    Held,
    Outcome,
)
from mainspring.infra.web import Authenticate
from mainspring.infra.web.permissions import FIELD
from mainspring.kernel.access import Permission
from mainspring.kernel.errors import (
    ChangePendingError,
    ConflictError,
    InvalidRequestError,
    MalformedJsonError,
)
from mainspring.kernel.scope import Scope

REASON_HEADER: Final = "X-Change-Reason"
_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_API: Final = "/api/v1/"
_MAX_REASON: Final = 2000
_MAX_ANSWER: Final = 64 * 1024
_NEVER: Final = frozenset(
    {
        "approve_change",
        "reject_change",
        "withdraw_change",
        "break_glass",
        "end_emergency",
        "review_emergency",
        "playground_chat",
        "playground_embeddings",
        "playground_rerank",
        "sign_in",
        "sign_out",
        "sign_out_everywhere",
        "complete_setup",
        "open_invitation",
        "accept_invitation",
    }
)
"""What two persons are made of, what opens sessions, and what is streamed."""


class _Fields(msgspec.Struct):
    code: str = ""
    detail: str = ""


class Operation(msgspec.Struct, frozen=True):
    """An operation of the API that changes something, and the permission that it says it needs.

    ``takes_json``: its body is JSON, and nothing else.
    """

    id: str
    permission: str
    takes_json: bool = False


class HeldRequests:
    """Knows the application's operations, and sends what was approved to them."""

    def __init__(self) -> None:
        self._app: FastAPI | None = None
        self._known: list[tuple[re.Pattern[str], dict[str, Operation]]] | None = None

    def bind(self, app: FastAPI) -> None:
        """Say where requests go; once, when the application has been put together."""
        self._app = app

    def operations(self) -> Collection[str]:
        """Return the ids of all operations that may need a second person."""
        return {each.id for _, methods in self._paths() for each in methods.values()} - _NEVER

    def find(self, method: str, path: str) -> Operation | None:
        """Return the operation that a request is, if it is one that changes something."""
        for template, methods in self._paths():
            if method in methods and template.fullmatch(path):
                return methods[method]
        return None

    def _paths(self) -> list[tuple[re.Pattern[str], dict[str, Operation]]]:
        """Return every path as the application tells of it, in the order in which it looks."""
        if self._known is None:
            document: dict[str, dict[str, dict[str, Any]]] = (
                {} if self._app is None else self._app.openapi()["paths"]
            )
            self._known = [
                (
                    compile_path(template)[0],
                    {
                        method.upper(): Operation(
                            each["operationId"], each.get(FIELD, ""), _takes_json(each)
                        )
                        for method, each in operations.items()
                        if method.upper() not in _SAFE
                    },
                )
                for template, operations in document.items()
            ]
        return self._known

    async def execute(self, held: Held, scope: Scope) -> Outcome:
        """Send a request in somebody's name; return how it was answered.

        Raises:
            ConflictError: if there is nothing to send it to.
        """
        if self._app is None:
            raise ConflictError("the control plane is starting")
        headers = [(b"host", b"control")]
        if held.content_type is not None:
            headers.append((b"content-type", held.content_type.encode("latin-1")))
        if held.if_match is not None:
            headers.append((b"if-match", held.if_match.encode("latin-1")))
        asked = False
        status = 500
        answer = b""

        async def receiving() -> Message:
            nonlocal asked
            if asked:
                return {"type": "http.disconnect"}
            asked = True
            return {"type": "http.request", "body": held.body, "more_body": False}

        async def collecting(message: Message) -> None:
            nonlocal status, answer
            if message["type"] == "http.response.start":
                status = message["status"]
            elif len(answer) < _MAX_ANSWER:
                answer += message.get("body", b"")

        await self._app(
            {
                "type": "http",
                "asgi": {"version": "3.0"},
                "http_version": "1.1",
                "method": held.method,
                "scheme": "http",
                "path": held.path,
                "raw_path": held.path.encode(),
                "query_string": held.query.encode("latin-1"),
                "root_path": "",
                "headers": headers,
                "client": None,
                "server": None,
                "state": {"request_id": scope.request_id},
                EXECUTES: scope,
            },
            receiving,
            collecting,
        )
        return _outcome(status, answer)


class FourEyes:
    """Holds back what needs a second person; pure ASGI, between idempotency and the routes.

    Fails closed: where it cannot be told what needs two, nothing that changes anything passes.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        requests: HeldRequests,
        changes: ChangeService,
        emergencies: EmergencyService,
        audit: AuditService,
        authenticate: Authenticate,
        metrics: ControlMetrics,
    ) -> None:
        self._app = app
        self._requests = requests
        self._changes = changes
        self._emergencies = emergencies
        self._audit = audit
        self._authenticate = authenticate
        self._metrics = metrics

    async def __call__(self, scope: AsgiScope, receive: Receive, send: Send) -> None:
        """Serve one request.

        Raises:
            ChangePendingError: if it was kept until a second person agrees.
            MalformedJsonError: if it would be kept and cannot be read.
            MainspringError: if it cannot be kept, or whoever sends it is not known.
        """
        if (
            scope["type"] != "http"
            or scope["method"] in _SAFE
            or not scope["path"].startswith(_API)
            or EXECUTES in scope
        ):
            await self._app(scope, receive, send)
            return
        rules = await self._changes.rules()
        if not rules and not await self._emergencies.present():
            await self._app(scope, receive, send)
            return
        operation = self._requests.find(scope["method"], scope["path"])
        if operation is None or operation.id in _NEVER:
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        members = rules.get(operation.id)
        body = await request.body() if members is not None else None
        concerned = members is not None and (not members or _names(body or b"", members))
        if body is not None:
            receive = _again(body)
        if not concerned and not await self._emergencies.present():
            await self._app(scope, receive, send)
            return
        caller = await self._authenticate(request)
        caller = msgspec.structs.replace(caller, request_id=scope["state"].get("request_id"))
        emergency = await self._emergencies.of(caller)
        if emergency is not None:
            # Told before it is done: what cannot be told is not done.
            path = request.url.path.replace("\0", "")
            details = {"operation": operation.id, "method": request.method, "path": path}
            await self._audit.note(
                caller,
                action="break_glass.use",
                object_kind="emergency",
                object_id=emergency.id,
                details=details,
            )
            await self._emergencies.used(emergency, f"{request.method} {path}")
        if emergency is not None or not concerned or not _may(caller, operation):
            await self._app(scope, receive, send)
            return
        change = await self._changes.hold(caller, _held(request, operation, body or b""))
        self._metrics.held()
        raise ChangePendingError(
            f"{operation.id} waits for a second person until {change.expires_at:%Y-%m-%d %H:%M} UTC"
            f" as {change.id}",
            change_id=change.id,
        )


def _takes_json(operation: dict[str, Any]) -> bool:
    return list(operation.get("requestBody", {}).get("content", ())) == ["application/json"]


def _held(request: Request, operation: Operation, body: bytes) -> Held:
    if body and operation.takes_json:
        # Nobody should be asked to approve what cannot be read. It is refused here and not left to
        # the route, whose reader may be more lenient than this one.
        try:
            msgspec.json.decode(body, type=msgspec.Raw)
            body.decode()
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            raise MalformedJsonError from error
    reason = _reason(request)
    if len(reason) > _MAX_REASON:
        raise InvalidRequestError(f"{REASON_HEADER} has up to {_MAX_REASON} characters")
    if "\0" in request.scope["path"]:
        raise InvalidRequestError("the path holds a character that no id has")
    return Held(
        operation=operation.id,
        permission=operation.permission,
        method=request.method,
        path=request.scope["path"],
        query=request.scope["query_string"].decode("latin-1"),
        body=body,
        content_type=request.headers.get("content-type"),
        if_match=request.headers.get("if-match"),
        reason=reason.replace("\0", ""),
    )


def _reason(request: Request) -> str:
    """Return why, as it was written: headers are bytes, which people's programs write in UTF-8."""
    raw = request.headers.get(REASON_HEADER, "").encode("latin-1")
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _may(caller: Scope, operation: Operation) -> bool:
    """Tell whether the caller has the permission anywhere; who has not is refused by the route."""
    if ":" not in operation.permission or caller.crosses_tenants:
        return True
    wanted = Permission(operation.permission, "")
    return any(grant.permits(wanted) for grant in caller.grants)


def _names(body: bytes, members: Collection[str]) -> bool:
    """Tell whether a body names one of ``members``; one that cannot be read might."""
    try:
        named = msgspec.json.decode(body, type=dict[str, msgspec.Raw])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return True
    return not named.keys().isdisjoint(members)


def _again(body: bytes) -> Receive:
    given = False

    async def receiving() -> Message:
        nonlocal given
        if given:
            return {"type": "http.disconnect"}
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receiving


def _outcome(status: int, answer: bytes) -> Outcome:
    if status < 400:
        return Outcome(status)
    try:
        told = msgspec.json.decode(answer, type=_Fields)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return Outcome(status)
    return Outcome(status, told.code, told.detail)
