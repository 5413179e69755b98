"""The routes of OAuth2: those of the API, and those that the standards place at the root."""

from mainspring.capabilities.oauth.http.accounts import router
from mainspring.capabilities.oauth.http.issuer import standard_routes

__all__ = ["router", "standard_routes"]
