"""The use cases of calls; each asks :func:`authorize` first and acts in the scope it answers."""

from mainspring.capabilities.calls.service.calls import CallService, Retention, ShownCall
from mainspring.capabilities.calls.service.replays import ReplayService

__all__ = ["CallService", "ReplayService", "Retention", "ShownCall"]
