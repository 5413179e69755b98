"""The documents of objectives, as ``mainspring apply`` reads them."""

import msgspec
from msgspec import UNSET, UnsetType


class SloDocument(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An objective of the platform, known by its name."""

    name: str
    indicator: str
    target: float
    description: str | UnsetType = UNSET
    threshold_ms: int | UnsetType | None = UNSET
    window_days: int | UnsetType = UNSET
    model: str | UnsetType | None = UNSET
    operation: str | UnsetType | None = UNSET
    min_calls: int | UnsetType = UNSET
    enabled: bool | UnsetType = UNSET
