"""The only door of data sets."""

from mainspring.capabilities.datasets.domain import (
    DATASET_READ,
    DATASET_WRITE,
    PERMISSIONS,
    Dataset,
    DatasetChanges,
    Item,
    NewItem,
    read_lines,
)
from mainspring.capabilities.datasets.ports import DatasetStore
from mainspring.capabilities.datasets.service import DatasetService

__all__ = [
    "DATASET_READ",
    "DATASET_WRITE",
    "PERMISSIONS",
    "Dataset",
    "DatasetChanges",
    "DatasetService",
    "DatasetStore",
    "Item",
    "NewItem",
    "read_lines",
]
