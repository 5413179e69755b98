"""What a request asks, so that two that ask the same are known to."""

import hashlib
import re
from collections.abc import Mapping
from typing import Any, Final, cast

import msgspec

from mainspring.gateway.protocols import Operation
from mainspring.snapshot.policies import CacheRules
from mainspring.snapshot.policy_rules import IMPLICIT
from mainspring.snapshot.resources import Model

_TASKS: Final = frozenset({"chat", "completion", "embedding", "moderation", "rerank"})
_NO_MATTER: Final = (
    "model",
    "stream",
    "stream_options",
    "user",
    "safety_identifier",
    "prompt_cache_key",
)
"""What bears on no word of the answer. Who may share it is the partition's affair."""
_OF_A_SERIES: Final = ("previous_response_id", "conversation", "background")
"""What makes a request part of something that is kept elsewhere."""
_HEADERS: Final = (
    b"anthropic-beta",
    b"anthropic-version",
    b"x-mainspring-region",
    b"x-mainspring-tags",
    b"x-routing-strategy",
)
_MAX_AGE: Final = re.compile(r"max-age\s*=\s*\"?(\d{1,9})\"?")


class CacheControl(msgspec.Struct, frozen=True):
    """What a caller says of the cache; ``max_age`` is seconds."""

    no_cache: bool = False
    no_store: bool = False
    only_if_cached: bool = False
    max_age: int | None = None


class Question(msgspec.Struct, frozen=True):
    """A request as the cache knows it.

    ``key`` names all of it. ``likeness`` names all of it but the last thing that a user said, which
    is ``said`` (``None``: nothing that could be compared).
    """

    key: bytes
    likeness: bytes
    said: str | None


def read_cache_control(headers: Mapping[bytes, bytes]) -> CacheControl:
    """Return what a request's ``Cache-Control`` says; what is not known is not heeded."""
    raw = headers.get(b"cache-control")
    if raw is None:
        return CacheControl()
    text = raw.decode("latin-1").lower()
    directives = {each.strip() for each in text.split(",")}
    age = _MAX_AGE.search(text)
    return CacheControl(
        no_cache="no-cache" in directives,
        no_store="no-store" in directives,
        only_if_cached="only-if-cached" in directives,
        max_age=None if age is None else int(age[1]),
    )


def read_question(
    operation: Operation,
    model: Model,
    rules: CacheRules,
    *,
    body: bytes,
    headers: Mapping[bytes, bytes],
    partition: tuple[str, ...],
) -> Question | None:
    """Return what a request asks; ``None`` where there is no one answer that could be kept.

    ``partition`` is who shares answers; it stands in the key before everything else.
    """
    if operation.uploads or operation.pipes or operation.counts_tokens:
        return None
    if operation.task not in _TASKS:
        return None
    try:
        fields = msgspec.json.decode(body, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    if any(fields.get(name) for name in _OF_A_SERIES):
        return None
    if operation.generates and not _is_certain(fields, rules):
        return None
    if operation.dialect is None:
        # There is no way from one form of an answer to the other.
        form = (bool(fields.get("stream")), fields.get("stream_options"))
    else:
        form = ()
    for name in _NO_MATTER:
        fields.pop(name, None)
    frame = [
        partition,
        operation.name,
        operation.dialect,
        form,
        model.id,
        model.targets,
        [headers.get(name) for name in _HEADERS],
    ]
    key = _digest(frame, fields)
    if rules.mode != "semantic" or operation.task != "chat":
        return Question(key, b"", None)
    said = _take_last_said(fields)
    return Question(key, _digest(frame, fields) if said else b"", said)


def _is_certain(fields: Mapping[str, Any], rules: CacheRules) -> bool:
    temperature = fields.get("temperature")
    if temperature is None:
        temperature = IMPLICIT["temperature"]
    return isinstance(temperature, int | float) and temperature <= rules.max_temperature


def _digest(frame: list[Any], fields: Mapping[str, Any]) -> bytes:
    return hashlib.sha256(
        msgspec.msgpack.encode(frame) + msgspec.json.encode(fields, order="deterministic")
    ).digest()


def _take_last_said(fields: dict[str, Any]) -> str | None:
    """Return the text of the last message, if a user said it, and take it out."""
    for name in ("messages", "input"):
        held = fields.get(name)
        if isinstance(held, str):
            fields[name] = None
            return held
        if isinstance(held, list) and held:
            last = cast("list[Any]", held)[-1]
            if isinstance(last, dict):
                message = cast("dict[str, Any]", last)
                text = _text_of(message.get("content"))
                if message.get("role") == "user" and text:
                    message["content"] = None
                    return text
            return None
    return None


def _text_of(content: object) -> str | None:
    """Return the text of a message that has nothing else."""
    if isinstance(content, str):
        return content
    if isinstance(content, list):
        parts = cast("list[Any]", content)
        texts = [
            cast("dict[str, Any]", part).get("text")
            for part in parts
            if isinstance(part, dict)
            and cast("dict[str, Any]", part).get("type") in ("text", "input_text")
        ]
        if len(texts) == len(parts) and all(isinstance(each, str) for each in texts):
            return "\n".join(cast("list[str]", texts))
    return None
