"""What a policy says: of parameters, of the cache, of what is kept of calls.

Part of the policy resource; the rules of compatibility at the head of
:mod:`mainspring.snapshot.resources` hold here too.
"""

from typing import Any, Final

import msgspec

BEYOND: Final = ("clamp", "refuse")
DENIALS: Final = ("", "drop", "refuse")
CACHE_MODES: Final = ("off", "exact", "semantic")
CACHE_SCOPES: Final = ("project", "key", "user")

MAX_TOKENS: Final = "max_tokens"
CONTEXT_LENGTH: Final = "context_length"
TOOLS: Final = "tools"
STREAM: Final = "stream"

ONE_PARAMETER: Final = {
    "max_completion_tokens": MAX_TOKENS,
    "max_output_tokens": MAX_TOKENS,
    "n_predict": MAX_TOKENS,
    "max_new_tokens": MAX_TOKENS,
    "num_predict": MAX_TOKENS,
    "best_of": "n",
    "n_cmpl": "n",
    "functions": TOOLS,
}
"""Names that mean another one: a cap on either is a cap on both."""

IMPLICIT: Final[dict[str, float]] = {
    MAX_TOKENS: float("inf"),
    "temperature": 1.0,
    "top_p": 1.0,
}
"""What a server assumes where a request says nothing; a cap below that has to be written."""


class ParameterRule(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What may be said of one top-level parameter of a request.

    ``default`` is written where a caller says nothing, ``force`` whatever the caller says
    (``None``: neither). A number stays within ``min`` and ``max``; ``values`` are all that is
    allowed (of ``tools`` their names, of an object such as ``response_format`` its ``type``; a
    trailing ``*`` of a text stands for any rest). ``beyond`` says what happens to anything else:
    ``clamp`` brings it to the nearest bound or leaves it out, ``refuse`` refuses the call.
    ``deny`` forbids the parameter: ``drop`` leaves it out, ``refuse`` refuses the call.

    ``name`` ``context_length`` is the estimated length of the prompt in tokens, and only ``max``
    concerns it. ``tasks`` narrows the rule to endpoints (see ``Model.tasks``); without it a
    default or a forced value is written for chat and completions alone, and all else holds
    everywhere.
    """

    name: str
    default: Any = None
    force: Any = None
    min: int | float | None = None
    max: int | float | None = None
    values: tuple[Any, ...] | None = None
    beyond: str = "clamp"
    deny: str = ""
    tasks: tuple[str, ...] = ()


class CacheRule(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """Whether answers are kept and given again.

    ``scope`` is who shares them: a ``project``, one ``key`` of it, or one ``user`` of it (never
    more than a project). ``ttl_s`` is how long one is given again, ``max_bytes`` how large it may
    be. A request with a higher temperature than ``max_temperature`` has no one answer, and passes
    the cache by. ``semantic`` also finds the answer to a last message that means the same: whose
    embedding by ``embedding_model``, had within ``embedding_deadline_ms``, has at least the cosine
    ``threshold``.
    """

    mode: str = "exact"
    ttl_s: int = 3600
    scope: str = "project"
    max_bytes: int = 256 * 1024
    max_temperature: float = 0.0
    threshold: float = 0.98
    embedding_model: str = "multilingual-e5-small"
    embedding_deadline_ms: int = 500


class CaptureRule(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """The most that may be kept of calls beside their bill.

    It bounds what the project wants (see ``Project.capture``) and never adds to it: ``level`` as
    there, of no more than the share ``sample`` of the calls. Another level means ``off``.
    """

    level: str = "full"
    sample: float = 1.0
