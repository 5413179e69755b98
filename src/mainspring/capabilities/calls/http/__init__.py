"""The routes of calls and of making them again."""

from fastapi import APIRouter

from mainspring.capabilities.calls.http.calls import router as calls
from mainspring.capabilities.calls.http.replays import router as replays

__all__ = ["router"]

router = APIRouter()
router.include_router(calls)
router.include_router(replays)
