"""Objects of the API's part `policy`.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec import field

from mainspring_sdk._models import Model


class SourceView(Model, frozen=True, kw_only=True):
    """The policy that something comes from."""

    policy_id: str
    policy: str
    level: str
    """One of `platform`, `organization`, `project`, `key`."""


class AllowedView(Model, frozen=True, kw_only=True):
    """A list of allowed values; a value has to be on every one."""

    values: list[Any]
    refuses: bool
    """Whether a call with another value is refused."""
    source: SourceView


class CacheRuleBody(Model, frozen=True, kw_only=True):
    """Whether answers are kept and given again."""

    mode: str = "exact"
    """One of `off`, `exact`, `semantic`."""
    ttl_s: int = 3600
    """How long one is given again."""
    scope: str = "project"
    """Who shares answers: never more than a project. One of `project`, `key`, `user`."""
    max_bytes: int = 262144
    """Of one answer."""
    max_temperature: float = 0.0
    """Requests with a higher one pass the cache by."""
    threshold: float = 0.98
    """`semantic`: the least cosine."""
    embedding_model: str = "multilingual-e5-small"
    embedding_deadline_ms: int = 500


class EffectiveCacheView(Model, frozen=True, kw_only=True):
    """What holds for the cache; `scopes` are all that answers are kept apart by."""

    mode: str
    """One of `exact`, `semantic`."""
    ttl_s: int
    scopes: list[str]
    max_bytes: int
    max_temperature: float
    threshold: float
    embedding_model: str
    embedding_deadline_ms: int
    sources: list[SourceView]


class SourcedView(Model, frozen=True, kw_only=True):
    """A value and where it comes from."""

    value: Any
    source: SourceView


class ParameterView(Model, frozen=True, kw_only=True):
    """Everything that holds for one parameter."""

    name: str
    default: SourcedView | None
    force: SourcedView | None
    min: SourcedView | None
    max: SourcedView | None
    refused_below: SourcedView | None
    refused_above: SourcedView | None
    allowed: list[AllowedView]
    denied: SourcedView | None
    """Its value is `drop` or `refuse`."""


class EffectiveView(Model, frozen=True, kw_only=True):
    """What all policies come to for one caller, model and task."""

    org_id: str
    project_id: str
    key_id: str | None
    model: str
    task: str
    parameters: list[ParameterView]
    cache: EffectiveCacheView | None


class ParameterRuleBody(Model, frozen=True, kw_only=True):
    """What may be said of one top-level parameter of a request."""

    name: str
    """By its name in OpenAI's chat; `context_length` bounds the prompt."""
    default: Any = None
    """Written where a caller says nothing."""
    force: Any = None
    """Written whatever a caller says."""
    min: int | float | None = None
    max: int | float | None = None
    values: list[str | bool | int | float] | None = None
    """All that is allowed: of `tools` their names, of an object its `type`. A trailing `*` of a
    text stands for any rest.
    """
    beyond: str = "clamp"
    """What happens to a value that is not allowed. One of `clamp`, `refuse`."""
    deny: str = ""
    """Forbids the parameter: leave it out, or refuse the call. One of ``, `drop`, `refuse`."""
    tasks: list[str] = field(default_factory=list[str])
    """Endpoints that the rule is for. Without any, a default or a forced value is written for chat
    and completions, and all else holds everywhere.
    """


class PolicyView(Model, frozen=True, kw_only=True):
    """A policy."""

    id: str
    org_id: str | None
    project_id: str | None
    key_id: str | None
    name: str
    models: list[str]
    enabled: bool
    locked: bool
    parameters: list[ParameterRuleBody]
    cache: CacheRuleBody | None
    created_at: datetime
    updated_at: datetime
