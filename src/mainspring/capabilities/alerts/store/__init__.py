"""Alerts, channels and messages in PostgreSQL. Opened by ``app`` alone; others hold the port."""

from mainspring.capabilities.alerts.store.repository import PostgresAlertStore
from mainspring.capabilities.alerts.store.sealed import sealed_channels

__all__ = ["PostgresAlertStore", "sealed_channels"]
