"""Objects of the API's part `datasets`.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec import UNSET, UnsetType

from mainspring_sdk._models import Model


class DatasetItemView(Model, frozen=True, kw_only=True):
    """An item; it never changes, except for being archived."""

    id: str
    dataset_id: str
    position: int
    """Its place among all that were ever added."""
    endpoint: str
    input: dict[str, Any]
    expected: Any
    metadata: dict[str, str]
    source_request_id: str | None
    """The recorded call that it was made of."""
    size: int
    """In bytes of JSON."""
    added_in: int
    """The first version that has it."""
    archived_in: int | None
    """The first version that has it no more."""
    created_at: datetime
    actor_id: str


class AddedDatasetItems(Model, frozen=True, kw_only=True):
    """What was added."""

    items: list[DatasetItemView]


class DatasetView(Model, frozen=True, kw_only=True):
    """A data set."""

    id: str
    org_id: str
    project_id: str
    name: str
    description: str
    version: int
    """Grows with every change of the items."""
    item_count: int
    """How many there are in the present version."""
    kept_count: int
    """How many there are with the archived ones."""
    bytes: int
    """How much JSON all of them hold."""
    created_at: datetime
    updated_at: datetime


class ImportedDatasetItems(Model, frozen=True, kw_only=True):
    """How many items were added, and the version that has them."""

    added: int
    version: int


class NewDatasetItem(Model, frozen=True, kw_only=True):
    """What is asked, and what is expected of an answer."""

    input: dict[str, Any]
    """The request's JSON without the model, and without whom it is for."""
    endpoint: str | UnsetType | None = UNSET
    """Where it is asked; by default what fits the input."""
    expected: Any | UnsetType = UNSET
    """A text, or any JSON; `null` for nothing."""
    metadata: dict[str, str] | UnsetType = UNSET
