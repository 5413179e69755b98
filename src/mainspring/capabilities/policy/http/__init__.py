"""The routes of policy."""

from fastapi import APIRouter

from mainspring.capabilities.policy.http import dry_run, policies, standing

router = APIRouter()
# Before the routes that name a policy by its id.
router.include_router(standing.router)
router.include_router(dry_run.router)
router.include_router(policies.router)

__all__ = ["router"]
