"""The only door to batches."""

from mainspring.capabilities.batches.domain import Batch, Item
from mainspring.capabilities.batches.ports import Answered, BatchStore, Calls, NotAnsweredError
from mainspring.capabilities.batches.service import BatchService, BatchWork, OrganizationBatches

__all__ = [
    "Answered",
    "Batch",
    "BatchService",
    "BatchStore",
    "BatchWork",
    "Calls",
    "Item",
    "NotAnsweredError",
    "OrganizationBatches",
]
