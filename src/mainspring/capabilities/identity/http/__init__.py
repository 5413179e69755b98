"""The routes of identity: set-up, sessions, tokens, API keys, people and their roles."""

from fastapi import APIRouter

from mainspring.capabilities.identity.http.account import router as account
from mainspring.capabilities.identity.http.cookies import SESSION_COOKIE
from mainspring.capabilities.identity.http.directory_tokens import router as directory_tokens
from mainspring.capabilities.identity.http.invitations import router as invitations
from mainspring.capabilities.identity.http.keys import router as keys
from mainspring.capabilities.identity.http.members import router as members
from mainspring.capabilities.identity.http.providers import router as providers
from mainspring.capabilities.identity.http.roles import router as roles
from mainspring.capabilities.identity.http.scim import scim_routes
from mainspring.capabilities.identity.http.sessions import router as sessions
from mainspring.capabilities.identity.http.sso import router as sso
from mainspring.capabilities.identity.http.tokens import router as tokens
from mainspring.capabilities.identity.http.users import router as users

__all__ = ["SESSION_COOKIE", "router", "scim_routes"]

router = APIRouter()
router.include_router(sessions)
router.include_router(providers)
router.include_router(sso)
router.include_router(directory_tokens)
router.include_router(account)
router.include_router(tokens)
router.include_router(keys)
router.include_router(users)
router.include_router(members)
router.include_router(roles)
router.include_router(invitations)
