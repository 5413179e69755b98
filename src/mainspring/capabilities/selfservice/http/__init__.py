"""The routes of self-service."""

from fastapi import APIRouter

from mainspring.capabilities.selfservice.http import grants, requests, rules

router = APIRouter()
router.include_router(requests.router)
router.include_router(rules.router)
router.include_router(grants.router)
