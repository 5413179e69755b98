"""Vendors' only door."""

from mainspring.capabilities.vendors.domain.findings import Finding, Outcome, Step, TestResult
from mainspring.capabilities.vendors.domain.presets import Draft, Preset, read_presets
from mainspring.capabilities.vendors.ports import Requests, Way
from mainspring.capabilities.vendors.service import ConnectionTests, PresetService, shipped_presets

__all__ = [
    "ConnectionTests",
    "Draft",
    "Finding",
    "Outcome",
    "Preset",
    "PresetService",
    "Requests",
    "Step",
    "TestResult",
    "Way",
    "read_presets",
    "shipped_presets",
]
