"""Delegated identity: how our own parts call the gateway on behalf of someone.

A token is ``msi_<base64url(payload)>.<base64url(HMAC-SHA-256)>`` with a MessagePack payload. It is
short-lived and never stored. Control mints it (playground, agents, evaluations); the gateway
verifies it, so that limits, cost and trace count for whoever really asked.
"""

import base64
import binascii
import hashlib
import hmac
from typing import Final

import msgspec

from mainspring.kernel.errors import ExpiredKeyError, InvalidKeyError

TOKEN_PREFIX: Final = "msi_"  # noqa: S105 - a public marker
_MAX_TOKEN = 4096
_DOMAIN = b"mainspring delegated identity v1\0"


class DelegatedIdentity(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """For whom a call is made; ``expires_at`` is Unix seconds.

    ``key_id`` names the API key on whose account it runs, if there is one. A call that may have to
    be made again names its ``request_id``, by which the ledger counts it once; ``batch`` calls
    cost what the model's price says of them.
    """

    org_id: str
    project_id: str
    actor_id: str
    expires_at: int
    key_id: str | None = None
    scopes: tuple[str, ...] = ("model:call", "models:read")
    request_id: str | None = None
    batch: bool = False


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(DelegatedIdentity)


def mint_delegated_token(identity: DelegatedIdentity, secret: bytes) -> str:
    """Return a token that whoever holds ``secret`` will believe until it expires."""
    payload = _encoder.encode(identity)
    return f"{TOKEN_PREFIX}{_b64(payload)}.{_b64(_sign(payload, secret))}"


def verify_delegated_token(token: str, secret: bytes, *, now: float) -> DelegatedIdentity:
    """Return whom ``token`` speaks for; ``now`` is Unix seconds.

    Raises:
        InvalidKeyError: if it was not minted with ``secret``.
        ExpiredKeyError: if its time is over.
    """
    if not token.startswith(TOKEN_PREFIX) or len(token) > _MAX_TOKEN:
        raise InvalidKeyError
    body, _, signature = token[len(TOKEN_PREFIX) :].partition(".")
    try:
        payload = _unb64(body)
        shown = _unb64(signature)
    except (binascii.Error, ValueError) as error:
        raise InvalidKeyError from error
    if not hmac.compare_digest(shown, _sign(payload, secret)):
        raise InvalidKeyError
    try:
        identity = _decoder.decode(payload)
    except msgspec.MsgspecError as error:
        raise InvalidKeyError from error
    if identity.expires_at <= now:
        raise ExpiredKeyError
    return identity


def _sign(payload: bytes, secret: bytes) -> bytes:
    return hmac.digest(secret, _DOMAIN + payload, hashlib.sha256)


def _b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _unb64(text: str) -> bytes:
    data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    if _b64(data) != text:
        raise ValueError("base64 with stray bits: a token has one spelling only")
    return data
