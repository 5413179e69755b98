"""Bearers of JSON Web Tokens: whom a token speaks for, by the snapshot alone.

May enter: verification against the issuers that the snapshot names, what a token's claims mean
here, and the wish for newer keys. Must never know: HTTP, limits' state, or how keys are fetched;
control does that, so that a gateway needs neither its database nor a way to anybody's servers.
"""

from mainspring.gateway.tokens.unknown_keys import UnknownKeys
from mainspring.gateway.tokens.verifier import Place, TokenVerifier, is_token

__all__ = ["Place", "TokenVerifier", "UnknownKeys", "is_token"]
