"""``GET /v1/models`` as Anthropic's clients expect it."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final, Literal

import msgspec

DEFAULT_LIMIT: Final = 20
MAX_LIMIT: Final = 1000


class ModelInfo(msgspec.Struct, frozen=True, kw_only=True):
    """One model; times are RFC 3339. What we do not know of it is null, as theirs may be."""

    id: str
    created_at: str
    display_name: str
    lifecycle: Literal["active", "deprecated"] = "active"
    deprecated_at: str | None = None
    retires_at: str | None = None
    max_input_tokens: int | None = None
    max_tokens: int | None = None
    capabilities: None = None
    line: None = None
    type: str = "model"


class ModelPage(msgspec.Struct, frozen=True):
    """A part of the list."""

    data: Sequence[ModelInfo]
    has_more: bool
    first_id: str | None
    last_id: str | None


def moment(seconds: int) -> str:
    """Return Unix seconds as RFC 3339 writes them."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def page_of(
    models: Sequence[ModelInfo],
    *,
    after_id: str | None = None,
    before_id: str | None = None,
    limit: int = DEFAULT_LIMIT,
) -> ModelPage:
    """Return up to ``limit`` of ``models`` right behind, or right before, the one of an id.

    An id that is none of theirs is no place in the list: the page is empty.
    """
    ids = [each.id for each in models]
    start, end = 0, len(models)
    if after_id is not None:
        start = ids.index(after_id) + 1 if after_id in ids else end
    if before_id is not None:
        end = ids.index(before_id) if before_id in ids else start
    if before_id is not None and after_id is None:
        more = end - start > limit
        start = max(start, end - limit)
    else:
        more = end - start > limit
        end = min(end, start + limit)
    data = models[start:end] if start < end else ()
    return ModelPage(data, more, data[0].id if data else None, data[-1].id if data else None)
