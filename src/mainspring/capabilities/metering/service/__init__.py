"""The use cases of metering, a class for each group of them."""

from mainspring.capabilities.metering.service.costs import CostService
from mainspring.capabilities.metering.service.exporting import CostExport, export_key
from mainspring.capabilities.metering.service.gpu import GpuBooking, GpuPriceService
from mainspring.capabilities.metering.service.idle import IdleService
from mainspring.capabilities.metering.service.metering import (
    Explanation,
    MeteringService,
    NamedEntry,
)
from mainspring.capabilities.metering.service.parquet import PARQUET, parquet_of
from mainspring.capabilities.metering.service.reconciliation import ReconciliationService

__all__ = [
    "PARQUET",
    "CostExport",
    "CostService",
    "Explanation",
    "GpuBooking",
    "GpuPriceService",
    "IdleService",
    "MeteringService",
    "NamedEntry",
    "ReconciliationService",
    "export_key",
    "parquet_of",
]
