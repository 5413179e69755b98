"""Rules of policies, as bodies of the API have them."""

from typing import Annotated, Any, Literal

import msgspec
from pydantic import Field, JsonValue

from mainspring.infra.web.bodies import Shape
from mainspring.snapshot.policy_rules import CacheRule, CaptureRule, ParameterRule

Task = Literal[
    "chat", "completion", "embedding", "moderation", "rerank", "image", "speech", "transcription"
]
Bound = Annotated[float, Field(ge=-1e15, le=1e15, allow_inf_nan=False)]


class ParameterRuleBody(Shape):
    """What may be said of one top-level parameter of a request."""

    name: Annotated[
        str,
        Field(
            min_length=1,
            max_length=64,
            examples=["temperature"],
            description="By its name in OpenAI's chat; `context_length` bounds the prompt.",
        ),
    ]
    default: JsonValue = Field(default=None, description="Written where a caller says nothing.")
    force: JsonValue = Field(default=None, description="Written whatever a caller says.")
    min: int | Bound | None = None
    max: int | Bound | None = Field(default=None, examples=[1])
    values: Annotated[tuple[str | bool | int | float, ...], Field(max_length=256)] | None = Field(
        default=None,
        description="All that is allowed: of `tools` their names, of an object its `type`. A"
        " trailing `*` of a text stands for any rest.",
    )
    beyond: Literal["clamp", "refuse"] = Field(
        default="clamp", description="What happens to a value that is not allowed."
    )
    deny: Literal["", "drop", "refuse"] = Field(
        default="", description="Forbids the parameter: leave it out, or refuse the call."
    )
    tasks: Annotated[tuple[Task, ...], Field(max_length=8)] = Field(
        default=(),
        description="Endpoints that the rule is for. Without any, a default or a forced value is"
        " written for chat and completions, and all else holds everywhere.",
    )

    def value(self) -> ParameterRule:
        """Return the snapshot's value."""
        return _converted(self.model_dump(), ParameterRule)


class CacheRuleBody(Shape):
    """Whether answers are kept and given again."""

    mode: Literal["off", "exact", "semantic"] = "exact"
    ttl_s: int = Field(
        default=3600, ge=1, le=31 * 86_400, description="How long one is given again."
    )
    scope: Literal["project", "key", "user"] = Field(
        default="project", description="Who shares answers: never more than a project."
    )
    max_bytes: int = Field(
        default=256 * 1024, ge=256, le=4 * 1024 * 1024, description="Of one answer."
    )
    max_temperature: float = Field(
        default=0.0, ge=0, le=2, description="Requests with a higher one pass the cache by."
    )
    threshold: float = Field(
        default=0.98, ge=0.5, le=1, description="`semantic`: the least cosine."
    )
    embedding_model: str = Field(default="multilingual-e5-small", min_length=1, max_length=200)
    embedding_deadline_ms: int = Field(default=500, ge=10, le=10_000)

    def value(self) -> CacheRule:
        """Return the snapshot's value."""
        return _converted(self.model_dump(), CacheRule)


class CaptureRuleBody(Shape):
    """The most that may be kept of calls; what the project wants is never added to."""

    level: Literal["off", "metadata", "redacted", "full"] = Field(
        default="full", description="`off`: nothing but the bill."
    )
    sample: float = Field(default=1.0, ge=0, le=1, description="Of the calls, up to this share.")

    def value(self) -> CaptureRule:
        """Return the snapshot's value."""
        return _converted(self.model_dump(), CaptureRule)


def _converted(fields: dict[str, Any], shape: type[Any]) -> Any:  # noqa: ANN401 - of that shape
    return msgspec.convert(fields, shape)
