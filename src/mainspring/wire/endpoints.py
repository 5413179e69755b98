"""The endpoints of the gateway whose calls can be made again from nothing but their JSON body.

Their paths are stable: records of calls and items of data sets name them.
May enter: what a body's members are for. Must never know: who calls, or what a model can.
"""

from collections.abc import Mapping
from typing import Any, Final

import msgspec


class Endpoint(msgspec.Struct, frozen=True):
    """A path, the operation that records of its calls name, and how its answers are read.

    ``dialect`` names a chat protocol of :mod:`mainspring.wire.dialects`; ``worded`` tells that an
    answer is words or JSON that is worth reading, and neither vectors nor a file.
    """

    path: str
    operation: str
    dialect: str | None = None
    worded: bool = True


_CHAT: Final = Endpoint("/v1/chat/completions", "chat", "openai")
_MESSAGES: Final = Endpoint("/v1/messages", "chat", "anthropic")

ENDPOINTS: Final[Mapping[str, Endpoint]] = {
    each.path: each
    for each in (
        _CHAT,
        _MESSAGES,
        Endpoint("/v1/responses", "responses", "openai-responses"),
        Endpoint("/v1/completions", "text_completion"),
        Endpoint("/v1/embeddings", "embeddings", worded=False),
        Endpoint("/v1/moderations", "moderation"),
        Endpoint("/v1/rerank", "rerank"),
        Endpoint("/v2/rerank", "rerank"),
        Endpoint("/v1/images/generations", "image_generation", worded=False),
        Endpoint("/v1/audio/speech", "speech", worded=False),
    )
}
"""By their paths."""

CONTENTS: Final = frozenset(
    {"messages", "input", "prompt", "query", "documents", "system", "instructions"}
)
"""Members that say what is asked, not how it is to be answered."""
CONTINUED: Final = frozenset({"previous_response_id", "conversation"})
"""Members that lead to what was said before and is kept elsewhere."""
DELIVERY: Final = frozenset({"stream", "stream_options", "store", "background"})
"""Members that say how an answer is handed over and kept."""
ORIGIN: Final = frozenset({"user", "safety_identifier", "metadata"})
"""Members that say for whom, and why, the call was made at the time."""
_ANTHROPIC_ONLY: Final = frozenset({"system", "stop_sequences", "output_config", "output_format"})


def endpoint_of(path: str | None, operation: str, body: Mapping[str, Any]) -> Endpoint | None:
    """Return the endpoint of a recorded call; ``None``: none whose calls can be made again.

    Records of old gateways have no ``path``: their ``operation`` tells it, and of the two chat
    protocols that share one, members that only one of them has.
    """
    if path is not None:
        return ENDPOINTS.get(path)
    if operation == _CHAT.operation:
        return _CHAT if _ANTHROPIC_ONLY.isdisjoint(body) else _MESSAGES
    return next((each for each in ENDPOINTS.values() if each.operation == operation), None)
