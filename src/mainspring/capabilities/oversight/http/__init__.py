"""The routes of oversight."""

from fastapi import APIRouter

from mainspring.capabilities.oversight.http import changes, emergencies

router = APIRouter()
router.include_router(changes.router)
router.include_router(emergencies.router)

__all__ = ["router"]
