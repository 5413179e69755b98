"""The HTTP side of the embedding runtime: ``/v1/embeddings``, ``/v1/models``, health, metrics."""

import logging
import math
import signal
from collections import Counter
from collections.abc import Mapping
from http import HTTPStatus

import msgspec
import uvicorn
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mainspring.infra.runtimes.embeddings.engine import CallerGoneError, EmbeddingEngine
from mainspring.infra.runtimes.embeddings.request import answer, read_request
from mainspring.infra.runtimes.settings import EmbeddingSettings
from mainspring.infra.telemetry.process import add_process
from mainspring.kernel.errors import (
    BodyTooLargeError,
    MainspringError,
    MethodNotAllowedError,
    RouteNotFoundError,
)
from mainspring.wire.exposition import CONTENT_TYPE, MetricsPage
from mainspring.wire.openai.errors import encode_error
from mainspring.wire.telemetry import RUNTIME_REQUESTS, RUNTIME_TOKENS, RUNTIME_WAITING

_log = logging.getLogger(__name__)
_CLIENT_CLOSED = 499


class EmbeddingServer:
    """The application around one engine."""

    def __init__(self, settings: EmbeddingSettings) -> None:
        self._settings = settings
        self._engine = EmbeddingEngine(
            max_waiting=settings.max_waiting, max_tokens=settings.max_tokens
        )
        self._answered: Counter[int] = Counter()
        self.app = Starlette(
            routes=[
                Route("/v1/embeddings", self._embeddings, methods=["POST"]),
                Route("/v1/models", self._models),
                Route("/health", self._health),
                Route("/metrics", self._metrics),
            ],
            exception_handlers={MainspringError: _refuse, HTTPException: _refuse_route},
        )

    def close(self) -> None:
        """End the engine."""
        self._engine.close()

    async def _embeddings(self, request: Request) -> Response:
        status = HTTPStatus.INTERNAL_SERVER_ERROR.value
        try:
            body = await self._body(request)
            texts, is_query, as_base64 = read_request(
                body,
                model_name=self._settings.model_name,
                max_inputs=self._settings.max_inputs,
            )
            vectors, tokens = await self._engine.embed(
                texts, is_query=is_query, caller_gone=request.is_disconnected
            )
            status = HTTPStatus.OK.value
            return _json(
                answer(
                    vectors,
                    model_name=self._settings.model_name,
                    tokens=tokens,
                    as_base64=as_base64,
                )
            )
        except CallerGoneError:
            status = _CLIENT_CLOSED
            return Response(status_code=status)
        except MainspringError as error:
            status = error.status
            raise
        finally:
            self._answered[status] += 1

    async def _body(self, request: Request) -> bytes:
        limit = self._settings.max_body_bytes
        body = bytearray()
        async for piece in request.stream():
            body += piece
            if len(body) > limit:
                raise BodyTooLargeError(f"the body is larger than {limit} bytes")
        return bytes(body)

    async def _models(self, _request: Request) -> Response:
        model = {"id": self._settings.model_name, "object": "model", "created": 0}
        return _json({"object": "list", "data": [{**model, "owned_by": "mainspring"}]})

    async def _health(self, _request: Request) -> Response:
        return _json({"status": "ok"})

    async def _metrics(self, _request: Request) -> Response:
        page = MetricsPage()
        page.by_label(
            RUNTIME_REQUESTS, {str(status): count for status, count in self._answered.items()}
        )
        page.single(RUNTIME_TOKENS, self._engine.tokens_total)
        page.single(RUNTIME_WAITING, self._engine.waiting)
        add_process(page, role="runtime")
        return Response(page.encode(), media_type=CONTENT_TYPE)


def serve(settings: EmbeddingSettings) -> None:
    """Serve until SIGTERM or SIGINT; requests in work have ``drain_s`` to end."""
    # uvicorn raises the signal anew once it has stopped; an orderly stop is not a failure.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _ignore)
    server = EmbeddingServer(settings)
    config = uvicorn.Config(
        server.app,
        host=settings.host,
        port=settings.port,
        http="httptools",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=math.ceil(settings.drain_s),
    )
    _log.info("%s answers at http://%s:%d", settings.model_name, settings.host, settings.port)
    try:
        uvicorn.Server(config).run()
    finally:
        server.close()


def _ignore(_number: int, _frame: object) -> None:
    """Stand in for the default action of a signal that uvicorn handles."""


def _json(content: object) -> Response:
    return Response(msgspec.json.encode(content), media_type="application/json")


def _refuse(_request: Request, error: Exception) -> Response:
    assert isinstance(error, MainspringError)  # noqa: S101 - what this handler is registered for
    headers: dict[str, str] = {}
    if error.retry_after_s is not None:
        headers["Retry-After"] = str(math.ceil(error.retry_after_s))
    return _refusal(error, headers)


def _refuse_route(request: Request, error: Exception) -> Response:
    """Give starlette's own refusals (no such route, wrong method) the shape of all others."""
    assert isinstance(error, HTTPException)  # noqa: S101 - what this handler is registered for
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        refusal = MethodNotAllowedError(f"{request.url.path} does not take {request.method}")
    else:
        refusal = RouteNotFoundError(f"there is no {request.url.path} here")
    return _refusal(refusal, error.headers)


def _refusal(error: MainspringError, headers: Mapping[str, str] | None) -> Response:
    return Response(
        encode_error(error), error.status, headers=headers, media_type="application/json"
    )
