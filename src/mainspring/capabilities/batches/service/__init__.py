"""The use cases of batches: what callers ask for, and the work that the worker does."""

from mainspring.capabilities.batches.service.asking import BatchService, OrganizationBatches
from mainspring.capabilities.batches.service.work import BatchWork

__all__ = ["BatchService", "BatchWork", "OrganizationBatches"]
