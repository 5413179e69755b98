"""The routes of alerts, silences and notification channels."""

from fastapi import APIRouter

from mainspring.capabilities.alerts.http.alerts import router as alerts
from mainspring.capabilities.alerts.http.channels import router as channels
from mainspring.capabilities.alerts.http.silences import router as silences

__all__ = ["router"]

router = APIRouter()
router.include_router(alerts)
router.include_router(silences)
router.include_router(channels)
