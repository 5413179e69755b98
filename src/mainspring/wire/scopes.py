"""What a key or token may be used for at the gateway, apart from whose it is.

A scope is a promise: it is documented, stable, and never given a wider meaning.
"""

from typing import Final

CALL_MODELS: Final = "model:call"
"""Every kind of model call."""
READ_MODELS: Final = "models:read"
PASS_THROUGH: Final = "passthrough:call"  # noqa: S105 - a scope
"""Not part of :data:`CALL_MODELS`, whose meaning never widens."""

SCOPES: Final = {
    CALL_MODELS: "Call models, by every endpoint.",
    READ_MODELS: "List the models that may be called.",
    "chat:write": "Chat completions, responses and messages.",
    "completions:write": "Completions of plain text.",
    "embeddings:write": "Embeddings.",
    "moderations:write": "Moderations.",
    "rerank:write": "Reranking.",
    "images:write": "Images, made and edited.",
    "audio:write": "Speech, transcriptions and translations.",
    PASS_THROUGH: "Reach routes of upstreams as they are, where the platform lists them.",
}
"""Every scope, and what it allows."""

DEFAULT_SCOPES: Final = (CALL_MODELS, READ_MODELS)

SECRET_CLAIM: Final = "sec"  # noqa: S105 - a claim's name
"""The claim of the platform's own tokens that names the secret they were got by."""

PASSTHROUGH_TASK: Final = "passthrough"

_OF_TASK: Final = {
    "chat": "chat:write",
    "completion": "completions:write",
    "embedding": "embeddings:write",
    "moderation": "moderations:write",
    "rerank": "rerank:write",
    "image": "images:write",
    "speech": "audio:write",
    "transcription": "audio:write",
}


def scopes_for(task: str) -> tuple[str, ...]:
    """Return the scopes of which any allows calls of models for ``task``."""
    if task == PASSTHROUGH_TASK:
        return (PASS_THROUGH,)
    own = _OF_TASK.get(task)
    return (CALL_MODELS,) if own is None else (CALL_MODELS, own)
