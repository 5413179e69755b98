"""Taking a compact JSON Web Signature apart. What is read here is not believed yet."""

import base64
import binascii
from typing import Any

import msgspec

from mainspring.kernel.errors import InvalidTokenError

MAX_TOKEN = 16 * 1024
"""The longest token that is looked at, in bytes."""

CALLER_TYPES = frozenset({"jwt", "at+jwt", "application/at+jwt", "application/jwt"})
"""Types of tokens that may show who calls (RFC 7519, RFC 9068); a logout token may not."""

IDENTITY_TYPES = frozenset({"jwt", "application/jwt"})
"""Types of tokens that tell a client who signed in (OpenID Connect); an access token is none."""

LOGOUT_TYPES = frozenset({"logout+jwt", "application/logout+jwt", "jwt"})
"""Types of tokens that end sessions; older providers say no more than ``JWT``."""


class _Header(msgspec.Struct, frozen=True):
    alg: str
    kid: str | None = None
    typ: str | None = None
    crit: msgspec.Raw = msgspec.Raw()


class ReadToken(msgspec.Struct, frozen=True):
    """A token in its parts: the whole of it, and what its header and claims say."""

    text: bytes
    algorithm: str
    key_id: str | None
    claims: dict[str, Any]


_header = msgspec.json.Decoder(_Header)
_claims = msgspec.json.Decoder(dict[str, Any])


def read_token(text: bytes, types: frozenset[str] = CALLER_TYPES) -> ReadToken:
    """Return the parts of a token, whoever made it; ``types`` are those that it may say it is of.

    Raises:
        InvalidTokenError: if it is none, is of a type that shows nobody's identity, or demands
            something of its reader that we do not know.
    """
    parts = text.split(b".")
    if len(parts) != 3 or len(text) > MAX_TOKEN:
        raise InvalidTokenError("this is not a JSON Web Token")
    try:
        header = _header.decode(_bytes_of(parts[0]))
        claims = _claims.decode(_bytes_of(parts[1]))
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise InvalidTokenError("this is not a JSON Web Token") from error
    if header.crit:
        raise InvalidTokenError("the token demands an extension that is not known here")
    if header.typ is not None and header.typ.lower() not in types:
        raise InvalidTokenError("a token of this type has no use here")
    return ReadToken(text, header.alg, header.kid, claims)


def _bytes_of(part: bytes) -> bytes:
    try:
        return base64.b64decode(part + b"=" * (-len(part) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError("not base64url") from error
