"""A person's calls, passed on to the gateway under their own name: the playground, and replays."""

import asyncio
import json
import logging
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import AsyncExitStack
from typing import Annotated, Any, Literal

import httpx
from fastapi import APIRouter, Body, Query

from mainspring.app.control.streams import OwnedStream
from mainspring.capabilities.calls.api import MadeCall
from mainspring.capabilities.catalog.api import MODEL_CALL
from mainspring.capabilities.tenancy.api import TenancyService
from mainspring.infra.telemetry.tracing import done_for, trace_headers
from mainspring.infra.trust import system_trust
from mainspring.infra.web import CurrentScope, needs, problems
from mainspring.kernel.clock import Clock
from mainspring.kernel.errors import (
    GatewayUnreachableError,
    InvalidRequestError,
    NotFoundError,
    PermissionDeniedError,
    SignInRequiredError,
)
from mainspring.kernel.scope import Scope
from mainspring.wire.delegation import DelegatedIdentity, mint_delegated_token

_log = logging.getLogger(__name__)

_LIFETIME_S = 300
_ANEW = {"Cache-Control": "no-cache"}
"""What the cache of answers has is not what a model says now."""
_WHOLE_S = 240.0
_MOST_BYTES = 4 * 1024 * 1024
_TIMEOUT = httpx.Timeout(connect=3.0, read=180.0, write=30.0, pool=5.0)
_CHAT = {
    "model": "smollm2-135m-instruct",
    "messages": [{"role": "user", "content": "Say hello."}],
    "stream": True,
}
_EMBEDDINGS = {"model": "multilingual-e5-small", "input": ["a watch", "a clock"]}
_RERANK = {
    "model": "my-reranker",
    "query": "What drives a watch?",
    "documents": ["A mainspring.", "A river."],
}

Call = Literal["chat/completions", "embeddings", "rerank"]
"""What can be called from here, by its path below ``/v1``."""


class Playground:
    """Passes calls on. Closing it ends what is under way."""

    def __init__(
        self, *, gateway_url: str, secret: bytes, tenancy: TenancyService, clock: Clock
    ) -> None:
        self._url = gateway_url.rstrip("/")
        self._secret = secret
        self._tenancy = tenancy
        self._clock = clock
        # No proxy of the environment may stand between our own processes.
        self._client = httpx.AsyncClient(
            timeout=_TIMEOUT, trust_env=False, verify=system_trust("httpcore")
        )

    async def close(self) -> None:
        """Close the connections to the gateway."""
        await self._client.aclose()

    async def open(
        self, scope: Scope, project_id: str | None, body: dict[str, Any], call: Call
    ) -> tuple[httpx.Response, Callable[[], AsyncGenerator[bytes]]]:
        """Start the call; return the head of the answer and its body to iterate once.

        Raises:
            NotFoundError: if the caller sees no such project.
            GatewayUnreachableError: if the gateway does not answer.
        """
        within = await self._project(scope, project_id)
        answer = await self._send(within, f"/v1/{call}", _encoded(body))
        return answer, lambda: _relay(answer)

    async def call(self, within: Scope, path: str, body: bytes) -> MadeCall:
        """Make a call in the project of ``within``, as its actor, and read the whole answer.

        Raises:
            GatewayUnreachableError: if the gateway does not answer, or not in time.
        """
        try:
            async with asyncio.timeout(_WHOLE_S):
                answer = await self._send(within, path, body, _ANEW)
                try:
                    return await _made(answer)
                finally:
                    # Closing the connection is what tells the gateway that nobody listens any more.
                    await answer.aclose()
        except TimeoutError as error:
            raise GatewayUnreachableError("the gateway's answer did not end in time") from error
        except httpx.HTTPError as error:
            raise GatewayUnreachableError(
                f"the gateway's answer broke off: {type(error).__name__}"
            ) from error

    async def _send(
        self, within: Scope, path: str, body: bytes, more: Mapping[str, str] | None = None
    ) -> httpx.Response:
        done_for(within.org_id, within.project_id or "")
        identity = DelegatedIdentity(
            org_id=within.org_id,
            project_id=within.project_id or "",
            actor_id=within.actor.id,
            expires_at=int(self._clock.now().timestamp()) + _LIFETIME_S,
        )
        token = mint_delegated_token(identity, self._secret)
        headers = {
            "Authorization": f"Bearer {token}",
            "Content-Type": "application/json",
            **trace_headers(),
            **(more or {}),
        }
        request = self._client.build_request(
            "POST", f"{self._url}{path}", content=body, headers=headers
        )
        try:
            return await self._client.send(request, stream=True)
        except httpx.HTTPError as error:
            raise GatewayUnreachableError(
                f"the gateway did not answer: {type(error).__name__}"
            ) from error

    async def _project(self, scope: Scope, project_id: str | None) -> Scope:
        if project_id is not None:
            return await self._tenancy.project_scope(scope, MODEL_CALL, project_id)
        for _, projects in await self._tenancy.outline(scope, limit=10):
            for project in projects:
                return await self._tenancy.project_scope(scope, MODEL_CALL, project.id)
        raise InvalidRequestError("there is no project to call from", param="project_id")


_ProjectId = Annotated[
    str | None,
    Query(max_length=64, description="Whose call it is; by default your first project's."),
]
_AT_ONCE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The gateway's answer.",
        "content": {"application/json": {"schema": {"type": "object"}}},
    }
}


def playground_routes(playground: Playground) -> APIRouter:
    """Return the routes of the playground."""
    router = APIRouter(
        tags=["playground"],
        responses=problems(
            SignInRequiredError, PermissionDeniedError, NotFoundError, GatewayUnreachableError
        ),
    )

    @router.post(
        "/playground/chat/completions",
        operation_id="playground_chat",
        openapi_extra=needs(MODEL_CALL),
        response_class=OwnedStream,
        responses={
            200: {
                "description": "The gateway's answer as it comes, in OpenAI's shape.",
                "content": {
                    "text/event-stream": {"schema": {"type": "string"}},
                    "application/json": {"schema": {"type": "object"}},
                },
            }
        },
    )
    async def playground_chat(
        scope: CurrentScope,
        body: Annotated[dict[str, Any], Body(examples=[_CHAT])],
        project_id: _ProjectId = None,
    ) -> OwnedStream:
        """Chat with a model as yourself; a refusal of the gateway comes through in its shape."""
        return _passed_on(await playground.open(scope, project_id, body, "chat/completions"))

    @router.post(
        "/playground/embeddings",
        operation_id="playground_embeddings",
        openapi_extra=needs(MODEL_CALL),
        response_class=OwnedStream,
        responses=_AT_ONCE,
    )
    async def playground_embeddings(
        scope: CurrentScope,
        body: Annotated[dict[str, Any], Body(examples=[_EMBEDDINGS])],
        project_id: _ProjectId = None,
    ) -> OwnedStream:
        """Have texts made into vectors as yourself, in OpenAI's shape."""
        return _passed_on(await playground.open(scope, project_id, body, "embeddings"))

    @router.post(
        "/playground/rerank",
        operation_id="playground_rerank",
        openapi_extra=needs(MODEL_CALL),
        response_class=OwnedStream,
        responses=_AT_ONCE,
    )
    async def playground_rerank(
        scope: CurrentScope,
        body: Annotated[dict[str, Any], Body(examples=[_RERANK])],
        project_id: _ProjectId = None,
    ) -> OwnedStream:
        """Have documents put in the order of a question as yourself, in the shape of rerankers."""
        return _passed_on(await playground.open(scope, project_id, body, "rerank"))

    _ = playground_chat, playground_embeddings, playground_rerank
    return router


def _passed_on(
    opened: tuple[httpx.Response, Callable[[], AsyncGenerator[bytes]]],
) -> OwnedStream:
    answer, relay = opened
    return OwnedStream(
        relay(),
        status_code=answer.status_code,
        media_type=answer.headers.get("content-type", "application/json"),
        headers=_call_of(answer),
    )


def _call_of(answer: httpx.Response) -> dict[str, str]:
    """Name the gateway's own request beside ours: under that id the call is recorded."""
    found = answer.headers.get("x-request-id")
    return {"X-Mainspring-Call": found} if found else {}


def _encoded(body: dict[str, Any]) -> bytes:
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.encode()


async def _made(answer: httpx.Response) -> MadeCall:
    request_id = answer.headers.get("x-request-id")
    if request_id is None:
        raise GatewayUnreachableError("what answered in the gateway's place is no gateway")
    body = bytearray()
    async for piece in answer.aiter_bytes():
        body += piece
        if len(body) > _MOST_BYTES:
            return MadeCall(
                request_id=request_id, status=answer.status_code, body=b"", truncated=True
            )
    kind = answer.headers.get("content-type", "")
    return MadeCall(
        request_id=request_id,
        status=answer.status_code,
        body=bytes(body),
        streamed=kind.startswith("text/event-stream"),
    )


async def _relay(answer: httpx.Response) -> AsyncGenerator[bytes]:
    async with AsyncExitStack() as held:
        # Closing the connection is what tells the gateway that nobody listens any more.
        held.push_async_callback(answer.aclose)
        try:
            async for chunk in answer.aiter_raw():
                yield chunk
        except httpx.HTTPError as error:
            # The answer has begun: ending it short is all that can be said on this protocol.
            _log.warning("the gateway's answer broke off: %s", type(error).__name__)
