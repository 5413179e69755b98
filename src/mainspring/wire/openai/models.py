"""``GET /v1/models`` as OpenAI clients expect it."""

import msgspec


class Deprecation(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """That a model is on its way out; times are Unix seconds."""

    deprecated_at: int
    sunset_at: int | None = None
    replacement: str | None = None
    link: str | None = None


class ModelObject(msgspec.Struct, frozen=True, kw_only=True):
    """One model; all but what OpenAI's clients know is ours, and they ignore it.

    ``context_length`` is in tokens.
    """

    id: str
    created: int
    owned_by: str
    object: str = "model"
    tasks: tuple[str, ...] = ()
    context_length: int | msgspec.UnsetType = msgspec.UNSET
    deprecation: Deprecation | msgspec.UnsetType = msgspec.UNSET


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
