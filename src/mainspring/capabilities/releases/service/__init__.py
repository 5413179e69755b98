"""The use cases of releases.

Each step is one transaction: the release, its history, the model's routes and what gateways are
told change together or not at all.
"""

from mainspring.capabilities.releases.service.registering import ReleaseService
from mainspring.capabilities.releases.service.registry import RegistryService
from mainspring.capabilities.releases.service.rollout import RolloutService
from mainspring.capabilities.releases.service.watching import CanaryWatch

__all__ = ["CanaryWatch", "RegistryService", "ReleaseService", "RolloutService"]
