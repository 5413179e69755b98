"""The only door of data sets."""

from mainspring.capabilities.datasets.domain import (
    DATASET_READ,
    DATASET_WRITE,
    MAX_BYTES,
    PERMISSIONS,
    Dataset,
    DatasetChanges,
    Item,
    NewItem,
    checked_item,
    read_line,
    read_lines,
)
from mainspring.capabilities.datasets.ports import DatasetStore
from mainspring.capabilities.datasets.service import DatasetService

__all__ = [
    "DATASET_READ",
    "DATASET_WRITE",
    "MAX_BYTES",
    "PERMISSIONS",
    "Dataset",
    "DatasetChanges",
    "DatasetService",
    "DatasetStore",
    "Item",
    "NewItem",
    "checked_item",
    "read_line",
    "read_lines",
]
