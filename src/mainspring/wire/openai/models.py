"""``GET /v1/models`` as OpenAI clients expect it."""

import msgspec


class ModelObject(msgspec.Struct, frozen=True, kw_only=True):
    """One model. ``tasks`` and ``context_length`` (tokens) are ours; OpenAI clients ignore them."""

    id: str
    created: int
    owned_by: str
    object: str = "model"
    tasks: tuple[str, ...] = ()
    context_length: int | msgspec.UnsetType = msgspec.UNSET


class ModelList(msgspec.Struct, frozen=True):
    """The list that the route answers."""

    data: list[ModelObject]
    object: str = "list"


def encode_model(model: ModelObject) -> bytes:
    """Return the JSON body of one model."""
    return msgspec.json.encode(model)


def encode_models(models: list[ModelObject]) -> bytes:
    """Return the JSON body of a list of models."""
    return msgspec.json.encode(ModelList(models))
