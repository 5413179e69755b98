"""Where a parameter stands in a request of each client dialect.

A parameter that is not named here is a member of the body by its own name, in every dialect.
"""

from typing import Final

from mainspring.snapshot.policy_rules import MAX_TOKENS, TOOLS

Path = tuple[str, ...]
"""A member of the body, or of an object within it."""

RESPONSE_FORMAT: Final = "response_format"
REASONING_EFFORT: Final = "reasoning_effort"
LOGPROBS: Final = "logprobs"

_OPENAI: Final[dict[str, tuple[Path, ...]]] = {
    MAX_TOKENS: (
        ("max_tokens",),
        ("max_completion_tokens",),
        # What servers of the OpenAI protocol read beside it, some of them in its place.
        ("max_output_tokens",),
        ("n_predict",),
        ("max_new_tokens",),
        ("num_predict",),
    ),
    "n": (("n",), ("best_of",), ("n_cmpl",)),
    TOOLS: (("tools",), ("functions",)),
    REASONING_EFFORT: (("reasoning_effort",), ("reasoning", "effort")),
    LOGPROBS: (("logprobs",),),
}
_RESPONSES: Final[dict[str, tuple[Path, ...]]] = {
    MAX_TOKENS: (("max_output_tokens",), ("max_tokens",), ("max_completion_tokens",)),
    RESPONSE_FORMAT: (("text", "format"),),
    REASONING_EFFORT: (("reasoning", "effort"),),
}
_ANTHROPIC: Final[dict[str, tuple[Path, ...]]] = {
    RESPONSE_FORMAT: (("output_config", "format"), ("output_format",)),
    REASONING_EFFORT: (("output_config", "effort"),),
}
_BY_DIALECT: Final = {
    "openai": _OPENAI,
    None: _OPENAI,
    "openai-responses": _RESPONSES,
    "anthropic": _ANTHROPIC,
}

_COMPANIONS: Final[dict[str, tuple[Path, ...]]] = {LOGPROBS: (("top_logprobs",),)}
"""What goes where another parameter is denied: it means nothing, or the same, without it."""


def places_of(name: str, dialect: str | None) -> tuple[Path, ...]:
    """Return where the parameter of this canonical name may stand; it is written to the first."""
    return _BY_DIALECT[dialect].get(name) or ((name,),)


def place_to_write(name: str, written_as: str, dialect: str | None) -> Path:
    """Return where the parameter is written if a request has it nowhere.

    Servers of OpenAI's chat differ in the name of one parameter: there the rule's own name counts.
    """
    places = places_of(name, dialect)
    return (written_as,) if dialect == "openai" and (written_as,) in places else places[0]


def companions_of(name: str) -> tuple[Path, ...]:
    """Return what is denied together with a parameter."""
    return _COMPANIONS.get(name, ())
