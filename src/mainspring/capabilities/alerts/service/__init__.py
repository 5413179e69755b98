"""The use cases of alerts; each asks :func:`authorize` first and acts in the scope it answers."""

from mainspring.capabilities.alerts.service.alerts import AlertService
from mainspring.capabilities.alerts.service.channels import ChannelService
from mainspring.capabilities.alerts.service.courier import Courier, Ways
from mainspring.capabilities.alerts.service.notifier import Notifier
from mainspring.capabilities.alerts.service.silences import SilenceService

__all__ = ["AlertService", "ChannelService", "Courier", "Notifier", "SilenceService", "Ways"]
