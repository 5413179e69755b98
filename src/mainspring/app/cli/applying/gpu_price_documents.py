"""The documents of what GPU hours cost, as ``mainspring apply`` reads them."""

from datetime import UTC, datetime
from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, UnsetType

from mainspring.app.cli.applying.amounts import read_amounts

Moment = Annotated[datetime, msgspec.Meta(tz=True)]


class GpuPriceDocument(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a GPU behind an upstream costs in an hour, or behind one of its models.

    It is known by the upstream, ``upstream_model`` and ``valid_from``: the same GPUs have one price
    at a time. ``hourly`` in quotes (``"2.50"``) is an amount of ``currency``; a number is
    billionths of it.
    """

    upstream: str
    hourly: int | str
    valid_from: Moment
    upstream_model: str | None = None
    currency: str = "USD"
    name: str | UnsetType = UNSET
    gpus: float | UnsetType = UNSET
    shared_by: Literal["tokens", "busy_seconds"] | UnsetType = UNSET
    valid_until: Moment | UnsetType | None = UNSET

    def __post_init__(self) -> None:
        """Read the amount."""
        read_amounts(self, "hourly")

    @property
    def gpus_of(self) -> tuple[str, str | None]:
        """Return whose GPUs these are."""
        return self.upstream, self.upstream_model

    @property
    def since(self) -> str:
        """Return from when on it holds, however the file writes that."""
        return self.valid_from.astimezone(UTC).isoformat()
