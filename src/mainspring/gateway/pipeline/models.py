"""``GET /v1/models``: what the caller may use."""

from urllib.parse import unquote

from msgspec import UNSET, UnsetType

from mainspring.gateway.http.exchange import Exchange
from mainspring.gateway.pipeline.answers import refuse
from mainspring.gateway.pipeline.identity import Authenticator, Principal, find_model
from mainspring.kernel.errors import MainspringError
from mainspring.kernel.ids import new_id
from mainspring.snapshot.resources import Model
from mainspring.snapshot.table import SnapshotTable
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
        except MainspringError as error:
            refuse(exchange, error, request_id)
            return
        visible = self._table.visible_models(principal.org_id)
        body = encode_models(
            [
                _describe(each)
                for each in visible
                if principal.may_use(each.name)
                and not (each.lifecycle is not None and each.lifecycle.offline)
            ]
        )
        exchange.respond(200, body, [(b"x-request-id", request_id.encode())])

    def retrieve(self, exchange: Exchange) -> None:
        """Answer with the one model that the path names."""
        request_id = new_id("req")
        name = unquote(exchange.path[len(MODELS_PATH) + 1 :])
        try:
            model = find_model(self._table, self._reader(exchange), name)
        except MainspringError as error:
            refuse(exchange, error, request_id)
            return
        body = encode_model(_describe(model))
        exchange.respond(200, body, [(b"x-request-id", request_id.encode())])

    def _reader(self, exchange: Exchange) -> Principal:
        principal = self._authenticator.authenticate(exchange.headers)
        principal.require_scope(*_READERS)
        return principal


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
