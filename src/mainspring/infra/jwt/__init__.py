"""JSON Web Tokens: reading, verifying and signing them, and the key sets that this takes.

May enter: whatever RFC 7515, 7517, 7518, 7519 and 8725 say of tokens as such. Must never know:
whose tokens they are, where keys are fetched, or what a bearer may do. Signatures are computed by
PyJWT; which algorithms and keys may be used is decided here, never by a token.
"""

from mainspring.infra.jwt.claims import (
    audiences_of,
    check_times,
    claim_at,
    text_at,
    texts_at,
)
from mainspring.infra.jwt.keyset import (
    ALGORITHMS,
    EMPTY_KEY_SET,
    KeySet,
    KeySetError,
    UnknownKeyError,
    public_keys,
)
from mainspring.infra.jwt.signing import SIGNING_ALGORITHM, SigningKey
from mainspring.infra.jwt.token import (
    CALLER_TYPES,
    IDENTITY_TYPES,
    LOGOUT_TYPES,
    MAX_TOKEN,
    ReadToken,
    read_token,
)

__all__ = [
    "ALGORITHMS",
    "CALLER_TYPES",
    "EMPTY_KEY_SET",
    "IDENTITY_TYPES",
    "LOGOUT_TYPES",
    "MAX_TOKEN",
    "SIGNING_ALGORITHM",
    "KeySet",
    "KeySetError",
    "ReadToken",
    "SigningKey",
    "UnknownKeyError",
    "audiences_of",
    "check_times",
    "claim_at",
    "public_keys",
    "read_token",
    "text_at",
    "texts_at",
]
