"""The routes of releases."""

from fastapi import APIRouter

from mainspring.capabilities.releases.http import history, registry, releases, steps

router = APIRouter(tags=["releases"])
for part in (releases, steps, history, registry):
    router.include_router(part.router)

__all__ = ["router"]
