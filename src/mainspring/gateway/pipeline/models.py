"""``GET /v1/models``: what the caller may use."""

import time
from collections.abc import Sequence
from urllib.parse import parse_qs, unquote

import msgspec
from msgspec import UNSET, UnsetType

from mainspring.gateway.http.exchange import Exchange
from mainspring.gateway.pipeline.answers import refuse
from mainspring.gateway.pipeline.identity import (
    Authenticator,
    Principal,
    find_model,
    is_open_to,
)
from mainspring.kernel.errors import InvalidRequestError, MainspringError
from mainspring.kernel.ids import new_id
from mainspring.snapshot.resources import Model
from mainspring.snapshot.table import SnapshotTable
from mainspring.wire.anthropic.errors import encode_error
from mainspring.wire.anthropic.models import (
    DEFAULT_LIMIT,
    MAX_LIMIT,
    ModelInfo,
    ModelPage,
    moment,
    page_of,
)
from mainspring.wire.openai.models import Deprecation, ModelObject, encode_model, encode_models
from mainspring.wire.scopes import READ_MODELS, SCOPES

MODELS_PATH = "/v1/models"
_READERS = (READ_MODELS, *SCOPES)


class ModelDirectory:
    """Lists models. Whoever may call models, by any endpoint, may also list them."""

    def __init__(self, table: SnapshotTable, authenticator: Authenticator) -> None:
        self._table = table
        self._authenticator = authenticator

    def list(self, exchange: Exchange) -> None:
        """Answer with every model that the caller may use, by name."""
        request_id = new_id("req")
        try:
            principal = self._reader(exchange)
            now = time.time()
            usable = [
                each
                for each in self._table.visible_models(principal.org_id)
                if principal.may_use(each.name)
                and is_open_to(self._table, principal, each, now)
                and not (each.lifecycle is not None and each.lifecycle.offline)
            ]
            if _is_anthropic(exchange):
                body = msgspec.json.encode(_page(exchange, usable))
            else:
                body = encode_models([_describe(each) for each in usable])
        except MainspringError as error:
            _refuse(exchange, error, request_id)
            return
        exchange.respond(200, body, [(b"x-request-id", request_id.encode())])

    def retrieve(self, exchange: Exchange) -> None:
        """Answer with the one model that the path names."""
        request_id = new_id("req")
        name = unquote(exchange.path[len(MODELS_PATH) + 1 :])
        try:
            model = find_model(self._table, self._reader(exchange), name)
        except MainspringError as error:
            _refuse(exchange, error, request_id)
            return
        if _is_anthropic(exchange):
            body = msgspec.json.encode(_inform(model))
        else:
            body = encode_model(_describe(model))
        exchange.respond(200, body, [(b"x-request-id", request_id.encode())])

    def _reader(self, exchange: Exchange) -> Principal:
        principal = self._authenticator.authenticate(exchange.headers)
        principal.require_scope(*_READERS)
        return principal


def _is_anthropic(exchange: Exchange) -> bool:
    """Tell whether a client of Anthropic's API asks: all of them name its version."""
    return b"anthropic-version" in exchange.headers


def _refuse(exchange: Exchange, error: MainspringError, request_id: str) -> None:
    body = encode_error(error, request_id) if _is_anthropic(exchange) else None
    refuse(exchange, error, request_id, body=body)


def _page(exchange: Exchange, models: Sequence[Model]) -> ModelPage:
    """Return the part of the list that was asked for.

    Raises:
        InvalidRequestError: if the query cannot be read.
    """
    try:
        asked = parse_qs(exchange.query.decode(), max_num_fields=20)
    except ValueError as error:
        raise InvalidRequestError("the query cannot be read") from error
    limit = asked.get("limit", [str(DEFAULT_LIMIT)])[-1]
    if not limit.isdigit() or not 1 <= int(limit[:6]) <= MAX_LIMIT:
        raise InvalidRequestError(f"limit is a number from 1 to {MAX_LIMIT}", param="limit")
    stages = asked.get("lifecycle", []) + asked.get("lifecycle[]", [])
    told = [_inform(each) for each in models]
    return page_of(
        [each for each in told if not stages or each.lifecycle in stages],
        after_id=asked.get("after_id", [None])[-1],
        before_id=asked.get("before_id", [None])[-1],
        limit=int(limit),
    )


def _inform(model: Model) -> ModelInfo:
    """Return a model as clients of Anthropic's API read it."""
    lifecycle = model.lifecycle
    deprecated = lifecycle is not None and lifecycle.deprecated_at is not None
    return ModelInfo(
        id=model.name,
        created_at=moment(model.created_at),
        display_name=model.name,
        lifecycle="deprecated" if deprecated else "active",
        deprecated_at=None if lifecycle is None else _maybe(lifecycle.deprecated_at),
        retires_at=None if lifecycle is None else _maybe(lifecycle.sunset_at),
        max_input_tokens=model.context_length,
    )


def _maybe(seconds: int | None) -> str | None:
    return None if seconds is None else moment(seconds)


def _describe(model: Model) -> ModelObject:
    lifecycle = model.lifecycle
    deprecation: Deprecation | UnsetType = UNSET
    if lifecycle is not None and lifecycle.deprecated_at is not None:
        deprecation = Deprecation(
            deprecated_at=lifecycle.deprecated_at,
            sunset_at=lifecycle.sunset_at,
            replacement=lifecycle.replacement,
            link=lifecycle.link,
        )
    return ModelObject(
        id=model.name,
        created=model.created_at,
        owned_by=model.owned_by,
        tasks=model.tasks,
        context_length=UNSET if model.context_length is None else model.context_length,
        deprecation=deprecation,
    )
