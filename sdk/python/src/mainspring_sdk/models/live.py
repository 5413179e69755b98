"""Objects of the API's part `live`.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from __future__ import annotations

from mainspring_sdk._events import Event
from mainspring_sdk._models import Model
from mainspring_sdk.models.shared import PartView, UsageRecordView, UsageSummaryView


class PartList(Model, frozen=True, kw_only=True):
    """Parts, by role and name."""

    items: list[PartView]
    next_cursor: str | None


class LivePartsEvent(Event, frozen=True, kw_only=True):
    """An event `parts`."""

    data: PartList


class LiveCallEvent(Event, frozen=True, kw_only=True):
    """An event `call`."""

    data: UsageRecordView


class LiveSummaryEvent(Event, frozen=True, kw_only=True):
    """An event `summary`."""

    data: UsageSummaryView
