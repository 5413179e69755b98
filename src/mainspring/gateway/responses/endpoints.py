"""The routes of ``/v1/responses``: making one with a memory, reading it again, deleting it."""

from collections.abc import Coroutine
from typing import Any
from urllib.parse import parse_qs, unquote

import msgspec

from mainspring.gateway.http.exchange import Exchange
from mainspring.gateway.pipeline.answers import refuse
from mainspring.gateway.pipeline.dispatch import Answer
from mainspring.gateway.pipeline.identity import Authenticator, Principal
from mainspring.gateway.pipeline.model_call import ModelPipeline
from mainspring.gateway.protocols import RESPONSES
from mainspring.gateway.responses.keeping import Draft, Keeper, KeepingExchange
from mainspring.gateway.responses.recall import Recall
from mainspring.kernel.errors import (
    InvalidRequestError,
    MainspringError,
    MethodNotAllowedError,
    OverloadedError,
    PermissionDeniedError,
    RouteNotFoundError,
)
from mainspring.kernel.ids import new_id
from mainspring.snapshot.table import SnapshotTable
from mainspring.wire.openai.responses_writer import response_id
from mainspring.wire.openai.stored_responses import (
    Wishes,
    input_items,
    listed_items,
    read_wishes,
    said_before,
    stream_of,
    without_memory,
)
from mainspring.wire.scopes import scopes_for
from mainspring.wire.stored import MAX_TURN_BYTES, StoredTurn

RESPONSES_ROUTE = "/v1/responses"
_PREFIX = f"{RESPONSES_ROUTE}/"
_ITEMS = "input_items"
_SPOOL_RETRY_S = 5.0
_STREAM_HEADERS = ((b"cache-control", b"no-cache"), (b"x-accel-buffering", b"no"))

Answering = Coroutine[Any, Any, bool]


class ResponseRoutes:
    """``/v1/responses`` of a gateway that has a control plane to keep responses."""

    def __init__(
        self,
        *,
        table: SnapshotTable,
        authenticator: Authenticator,
        pipeline: ModelPipeline,
        keeper: Keeper,
        recall: Recall,
    ) -> None:
        self._table = table
        self._authenticator = authenticator
        self._pipeline = pipeline
        self._keeper = keeper
        self._recall = recall

    @property
    def exact(self) -> dict[str, dict[str, Answer]]:
        """Return what answers at exact paths."""
        return {RESPONSES_ROUTE: {"POST": self.create}}

    @property
    def prefixes(self) -> dict[str, dict[str, Answer]]:
        """Return what answers below a path."""
        return {_PREFIX: {"GET": self.read, "DELETE": self.delete, "POST": self.post}}

    def create(self, exchange: Exchange) -> Answering | None:
        """Make a response; only one that continues another waits for anything before it begins."""
        try:
            principal = self._caller(exchange)
            wishes = read_wishes(exchange.body)
            keeps = self._keeps(principal, wishes)
        except MainspringError as error:
            self._refuse(exchange, error)
            return None
        if wishes.previous_response_id is not None:
            return self._continue(exchange, principal, wishes, keeps=keeps)
        try:
            made = self._prepared(exchange, principal, wishes, [], keeps=keeps)
        except MainspringError as error:
            self._refuse(exchange, error)
            return None
        return self._pipeline.serve(RESPONSES, made)

    def read(self, exchange: Exchange) -> Answering:
        """Answer with a kept response, or with the items that it was made from."""
        return self._answered(exchange, self._read(exchange))

    def delete(self, exchange: Exchange) -> Answering:
        """Delete a kept response."""
        return self._answered(exchange, self._delete(exchange))

    def post(self, exchange: Exchange) -> None:
        """Refuse to cancel: only background responses could be, and there are none."""
        if exchange.path.endswith("/cancel"):
            raise InvalidRequestError(
                "only background responses can be cancelled, and there are none here: close the"
                " connection of the call instead"
            )
        raise MethodNotAllowedError(f"{exchange.path[:200]} does not take POST")

    # Making

    async def _continue(
        self, exchange: Exchange, principal: Principal, wishes: Wishes, *, keeps: bool
    ) -> bool:
        try:
            earlier = await self._recall.chain(principal, wishes.previous_response_id or "")
            if exchange.disconnected:
                return False
            made = self._prepared(exchange, principal, wishes, earlier, keeps=keeps)
        except MainspringError as error:
            self._refuse(exchange, error)
            return False
        pending = self._pipeline.serve(RESPONSES, made)
        return True if pending is None else await pending

    def _prepared(
        self,
        exchange: Exchange,
        principal: Principal,
        wishes: Wishes,
        earlier: list[StoredTurn],
        *,
        keeps: bool,
    ) -> Exchange:
        """Return the exchange as a pipeline without a memory can serve it."""
        own = input_items(wishes.input)
        body = without_memory(exchange.body, said_before(earlier), own, kept=keeps)
        own_input = msgspec.json.encode(own)
        if len(own_input) >= MAX_TURN_BYTES:
            if wishes.store:
                raise InvalidRequestError(
                    f"an input beyond {MAX_TURN_BYTES >> 20} MiB cannot be stored", param="store"
                )
            keeps = False
        if not keeps:
            exchange.body = body
            return exchange
        project = self._table.projects.get(principal.project_id)
        draft = Draft(
            self._keeper,
            principal,
            wishes,
            turn_id=response_id(),
            own_input=own_input,
            keep_days=30 if project is None else project.response_days,
        )
        return KeepingExchange(exchange, body, draft)

    def _keeps(self, principal: Principal, wishes: Wishes) -> bool:
        """Tell whether to keep the response, by the request and by its project's rule.

        Raises:
            PermissionDeniedError: if the request insists on what the project forbids.
            OverloadedError: if the request insists and there is no room.
        """
        project = self._table.projects.get(principal.project_id)
        rule = "never" if project is None else project.stores_responses
        if wishes.store is None:
            return rule == "always"
        if not wishes.store:
            return False
        if rule == "never":
            raise PermissionDeniedError("this project stores no responses", param="store")
        if self._keeper.full:
            raise OverloadedError(
                "the gateway holds all the responses that it may until control takes them",
                retry_after_s=_SPOOL_RETRY_S,
            )
        return True

    # Reading

    async def _read(self, exchange: Exchange) -> None:
        principal = self._caller(exchange)
        turn_id, _, further = exchange.path[len(_PREFIX) :].partition("/")
        turn_id = unquote(turn_id)
        if further == _ITEMS:
            self._list(exchange, await self._recall.chain(principal, turn_id))
        elif further:
            raise RouteNotFoundError(f"there is no route {exchange.path[:200]!r}")
        else:
            turn = await self._recall.turn(principal, turn_id)
            query = _query(exchange)
            if query.get("stream") == "true":
                after = _number(query, "starting_after", -1, 10**9)
                body = b"".join(stream_of(turn.response, after))
                exchange.respond(200, body, _headers(*_STREAM_HEADERS), b"text/event-stream")
            else:
                exchange.respond(200, turn.response, _headers())

    def _list(self, exchange: Exchange, turns: list[StoredTurn]) -> None:
        query = _query(exchange)
        items = listed_items(turns)
        if query.get("order", "desc") != "asc":
            items.reverse()
        ids = [bytes(item.get("id", msgspec.Raw(b'""'))) for item in items]
        start = 0
        if "after" in query:
            after = msgspec.json.encode(query["after"])
            if after not in ids:
                raise InvalidRequestError("after names no item of this response", param="after")
            start = ids.index(after) + 1
        limit = _number(query, "limit", 20, 100)
        page = items[start : start + limit]
        body = msgspec.json.encode(
            {
                "object": "list",
                "data": page,
                "first_id": page[0].get("id") if page else None,
                "last_id": page[-1].get("id") if page else None,
                "has_more": start + limit < len(items),
            }
        )
        exchange.respond(200, body, _headers())

    async def _delete(self, exchange: Exchange) -> None:
        principal = self._caller(exchange)
        turn_id = unquote(exchange.path[len(_PREFIX) :])
        await self._recall.delete(principal, turn_id)
        body = msgspec.json.encode({"id": turn_id, "object": "response", "deleted": True})
        exchange.respond(200, body, _headers())

    async def _answered(self, exchange: Exchange, work: Coroutine[Any, Any, None]) -> bool:
        try:
            await work
        except MainspringError as error:
            self._refuse(exchange, error)
        return False

    def _caller(self, exchange: Exchange) -> Principal:
        principal = self._authenticator.authenticate(exchange.headers)
        principal.require_scope(*scopes_for("chat"))
        return principal

    def _refuse(self, exchange: Exchange, error: MainspringError) -> None:
        self._pipeline.metrics.refusals[error.code] += 1
        refuse(exchange, error, new_id("req"))


def _headers(*more: tuple[bytes, bytes]) -> list[tuple[bytes, bytes]]:
    return [(b"x-request-id", new_id("req").encode()), *more]


def _query(exchange: Exchange) -> dict[str, str]:
    try:
        asked = parse_qs(exchange.query.decode(), max_num_fields=20)
    except (ValueError, UnicodeDecodeError) as error:
        raise InvalidRequestError("the query cannot be read") from error
    return {name: values[-1] for name, values in asked.items()}


def _number(query: dict[str, str], name: str, default: int, largest: int) -> int:
    text = query.get(name)
    if text is None:
        return default
    if not text.isdigit() or not int(text[:12]) <= largest:
        raise InvalidRequestError(f"{name} is a number up to {largest}", param=name)
    return max(int(text), 0 if default < 0 else 1)
