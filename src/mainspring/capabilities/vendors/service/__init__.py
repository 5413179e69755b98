"""The use cases of vendors."""

from mainspring.capabilities.vendors.service.presets import PresetService, shipped_presets
from mainspring.capabilities.vendors.service.testing import ConnectionTests

__all__ = ["ConnectionTests", "PresetService", "shipped_presets"]
