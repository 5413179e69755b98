"""The routes of identity: set-up, sessions, tokens, API keys."""

from fastapi import APIRouter

from mainspring.capabilities.identity.http.cookies import SESSION_COOKIE
from mainspring.capabilities.identity.http.keys import router as keys
from mainspring.capabilities.identity.http.sessions import router as sessions
from mainspring.capabilities.identity.http.tokens import router as tokens

__all__ = ["SESSION_COOKIE", "router"]

router = APIRouter()
router.include_router(sessions)
router.include_router(tokens)
router.include_router(keys)
