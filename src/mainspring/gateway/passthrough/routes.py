"""From a path below ``/v1/passthrough/`` to the call of an upstream's route."""

import asyncio
import re
from collections.abc import Awaitable, Coroutine
from typing import Any, Final
from urllib.parse import unquote_to_bytes

from mainspring.gateway.http.exchange import Exchange
from mainspring.gateway.http.request_head import Refusal as HttpRefusal
from mainspring.gateway.http.upload import BodyStream, ClientGoneError
from mainspring.gateway.limits import Refusal
from mainspring.gateway.passthrough.call import PassthroughCall
from mainspring.gateway.passthrough.headers import HeaderRules
from mainspring.gateway.passthrough.operation import ASKING, PLAIN
from mainspring.gateway.pipeline.admission import require_room
from mainspring.gateway.pipeline.answers import http_refusal, rate_limited
from mainspring.gateway.pipeline.identity import Principal
from mainspring.gateway.pipeline.model_call import ModelPipeline
from mainspring.gateway.pipeline.relay import BYTES_PER_TOKEN
from mainspring.kernel.errors import (
    BodyTooLargeError,
    InvalidRequestError,
    MainspringError,
    MethodNotAllowedError,
    RouteNotFoundError,
)
from mainspring.kernel.ids import new_id
from mainspring.snapshot.passthrough import (
    Passthrough,
    PassthroughRoute,
    find_route,
    methods_at,
    read_segments,
)
from mainspring.snapshot.resources import Model, ModelTarget, Upstream
from mainspring.wire.passthrough import (
    CREDENTIAL_QUERY,
    MODEL_PREFIX,
    PASSTHROUGH_PREFIX,
    UPSTREAM_NAME,
)
from mainspring.wire.scopes import PASS_THROUGH, PASSTHROUGH_TASK

_MAX_KNOWN: Final = 1000
_PAIRS: Final = re.compile(rb"[&;]")


class _Entrance:
    """What one upstream lets through, made ready once."""

    def __init__(self, upstream: Upstream, passthrough: Passthrough) -> None:
        self.upstream = upstream
        self.passthrough = passthrough
        self.name = MODEL_PREFIX + upstream.name
        self.rules = HeaderRules(passthrough, upstream.credential_header)
        self._models: dict[PassthroughRoute, Model] = {}

    def model(self, route: PassthroughRoute) -> Model:
        """Return what a route is to the pipeline: a model with one target."""
        made = self._models.get(route)
        if made is None:
            number = self.passthrough.routes.index(route)
            made = self._models[route] = Model(
                id=f"{self.name}#{number}",
                name=self.name,
                targets=(ModelTarget(self.upstream.id, route.path),),
                tasks=(PASSTHROUGH_TASK,),
                price=route.price,
            )
        return made


class PassthroughRoutes:
    """Passes calls on to upstreams, through the pipeline that all calls go through."""

    def __init__(self, pipeline: ModelPipeline) -> None:
        self._pipeline = pipeline
        self._entrances: dict[str, _Entrance] = {}

    def serve(self, exchange: Exchange) -> Coroutine[Any, Any, bool] | None:
        """Answer ``exchange``."""
        request_id = new_id("req")
        pipeline = self._pipeline
        try:
            call = self._open(exchange, request_id)
            if exchange.upload is not None:
                return self._serve_later(call, exchange.upload)
            decision = pipeline.reserve(call)
            if isinstance(decision, Awaitable):
                return pipeline.admit_later(call, decision)
            if isinstance(decision, Refusal):
                raise rate_limited(decision)
        except MainspringError as error:
            pipeline.refuse(PLAIN, exchange, error, request_id)
            return None
        call.run(decision)
        return None

    def _open(self, exchange: Exchange, request_id: str) -> PassthroughCall:
        """Authenticate, find the route, and check what goes there."""
        pipeline = self._pipeline
        principal = pipeline.authenticator.authenticate(exchange.headers)
        principal.require_scope(PASS_THROUGH)
        require_room(pipeline.spool)
        name, _, rest = exchange.path[len(PASSTHROUGH_PREFIX) :].partition("/")
        path = f"/{rest}"
        entrance = self._entrance(name, principal)
        segments = read_segments(path) if rest else ()
        if segments is None:
            raise InvalidRequestError(
                "the path holds dots, empty parts or escapes that servers read differently",
                param="path",
            )
        method = "GET" if exchange.method == "HEAD" else exchange.method
        passthrough = entrance.passthrough
        route = find_route(passthrough, method, segments)
        if route is None:
            allowed = methods_at(passthrough, segments)
            if allowed:
                exchange.add_to_head(b"allow: %b\r\n" % ", ".join(allowed).encode())
                raise MethodNotAllowedError(f"this route takes {', '.join(allowed)}")
            raise RouteNotFoundError(f"there is no route {exchange.path[:200]!r}")
        length = _announced(exchange)
        if max(length or 0, len(exchange.body)) > passthrough.max_body_bytes:
            raise _too_large(passthrough)
        asks = method != "GET" and b"json" in exchange.headers.get(b"content-type", b"")
        size = length or len(exchange.body) if asks else 0
        return PassthroughCall(
            pipeline,
            operation=ASKING if asks else PLAIN,
            exchange=exchange,
            request_id=principal.request_id or request_id,
            principal=principal,
            plan=pipeline.router.plan(entrance.model(route)),
            path=path.encode() + _query(exchange),
            rules=entrance.rules,
            estimated_input=size // BYTES_PER_TOKEN,
            length=length,
            most_bytes=passthrough.max_body_bytes,
        )

    def _entrance(self, name: str, principal: Principal) -> _Entrance:
        """Return what ``name`` lets through.

        Raises:
            RouteNotFoundError: if nothing, or nothing for this caller; which is not told.
        """
        found = self._find(name)
        if found is None:
            raise RouteNotFoundError(f"there is no upstream {name[:120]!r} to pass calls on to")
        org_ids = found.passthrough.org_ids
        if (org_ids is not None and principal.org_id not in org_ids) or not principal.may_use(
            found.name
        ):
            raise RouteNotFoundError(f"there is no upstream {name[:120]!r} to pass calls on to")
        return found

    def _find(self, name: str) -> _Entrance | None:
        if UPSTREAM_NAME.fullmatch(name) is None:
            return None
        upstreams = self._pipeline.table.upstreams
        known = self._entrances.get(name)
        if known is not None and upstreams.get(known.upstream.id) is known.upstream:
            return known
        for upstream in upstreams.values():
            passthrough = upstream.passthrough
            if upstream.name == name and passthrough is not None and upstream.sigv4_region is None:
                if len(self._entrances) >= _MAX_KNOWN:
                    self._entrances.clear()
                found = self._entrances[name] = _Entrance(upstream, passthrough)
                return found
        self._entrances.pop(name, None)
        return None

    # Bodies that arrive while they are sent

    async def _serve_later(self, call: PassthroughCall, stream: BodyStream) -> bool:
        pipeline = self._pipeline
        decision = pipeline.reserve(call)
        if isinstance(decision, Awaitable):
            decision = await decision
        if isinstance(decision, Refusal):
            error = rate_limited(decision)
            pipeline.refuse(call.operation, call.exchange, error, call.request_id)
            return False
        if call.exchange.disconnected:
            call.let_go(decision)
            return True
        call.on_close = stream.wake
        call.run(decision)
        try:
            await _send(call, stream)
        except ClientGoneError:
            pass  # the call has heard of it
        except HttpRefusal as refused:
            _give_up(call, refused)
        except MainspringError as error:
            call.give_up(error)
        except BaseException:
            # A mistake of ours, or the end of the gateway, must not keep what the call holds.
            call.stop(outcome=MainspringError.code, status=MainspringError.status)
            raise
        return True


async def _send(call: PassthroughCall, stream: BodyStream) -> None:
    """Send the body as fast as the upstream takes it, until it ends or is not wanted any more."""
    line = call.line
    most = call.most_bytes
    while line is not None and not call.closed and await line.ready():
        piece = await stream.read()
        if piece is None:
            continue  # woken because the call is over
        if not piece:
            line.finish(asyncio.get_running_loop().time())
            return
        if stream.size > most:
            raise BodyTooLargeError(f"the body is larger than the {most} bytes allowed here")
        line.write(piece)


def _give_up(call: PassthroughCall, refused: HttpRefusal) -> None:
    """Answer a body that broke a rule of HTTP, as the HTTP layer answers others."""
    exchange = call.exchange
    answered = exchange.started
    call.stop(outcome=refused.code, status=refused.status)
    if answered:
        exchange.abort()
    else:
        exchange.respond(refused.status, http_refusal(refused.status, refused.code, refused.text))


def _query(exchange: Exchange) -> bytes:
    """Return the query as it goes along.

    Raises:
        InvalidRequestError: if it holds what looks like a credential.
    """
    query = exchange.query
    if not query:
        return b""
    for pair in _PAIRS.split(query):
        if unquote_to_bytes(pair.partition(b"=")[0]).lower() in CREDENTIAL_QUERY:
            raise InvalidRequestError(
                "credentials do not belong into the query; the platform shows its own",
                param="query",
            )
    return b"?" + query


def _announced(exchange: Exchange) -> int | None:
    length = exchange.headers.get(b"content-length")
    return None if length is None else int(length)


def _too_large(passthrough: Passthrough) -> BodyTooLargeError:
    return BodyTooLargeError(
        f"the body is larger than the {passthrough.max_body_bytes} bytes allowed here"
    )
