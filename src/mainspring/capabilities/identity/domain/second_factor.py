"""The second factor: codes of an authenticator app (TOTP, RFC 6238), and recovery codes.

The app's secret must be known in clear to check a code, so it is sealed by the platform's key
rather than hashed. Recovery codes are random (50 bits), good once, and kept as digests: with the
pace that guessing is held to, nobody finds one.
"""

import hashlib
import hmac
import secrets
from datetime import datetime
from typing import Final

import msgspec
from pyotp import random_base32
from pyotp.totp import TOTP

ISSUER: Final = "Mainspring"
STEP_S: Final = 30
RECOVERY_CODES: Final = 10
_ALPHABET: Final = "abcdefghjkmnpqrstuvwxyz23456789"
_DRIFT = 1
"""Steps that an app's clock may be ahead or behind."""


class SecondFactor(msgspec.Struct, frozen=True, kw_only=True):
    """A person's second factor; it counts from ``confirmed_at`` on.

    ``key_id``, ``nonce`` and ``ciphertext`` are the sealed secret; ``last_step`` is the step of the
    last code that was taken, so that no code is taken twice.
    """

    user_id: str
    key_id: str
    nonce: bytes
    ciphertext: bytes
    recovery_codes: tuple[bytes, ...] = ()
    last_step: int = 0
    created_at: datetime
    confirmed_at: datetime | None = None


def new_totp_secret() -> str:
    """Return a new secret (160 bits, base32), as RFC 4226 recommends."""
    return random_base32()


def provisioning_uri(secret: str, email: str) -> str:
    """Return what authenticator apps read, usually as a QR code."""
    return TOTP(secret).provisioning_uri(name=email, issuer_name=ISSUER)


def matching_step(secret: str, code: str, now: datetime) -> int | None:
    """Return the time step that ``code`` belongs to, if it is one of those around ``now``."""
    totp = TOTP(secret)
    present = int(now.timestamp()) // STEP_S
    found = None
    for step in range(present - _DRIFT, present + _DRIFT + 1):
        # All are compared, each in constant time.
        if hmac.compare_digest(code.encode(), totp.generate_otp(step).encode()):
            found = step
    return found


def new_recovery_codes() -> tuple[str, ...]:
    """Return codes for the day when the app is lost."""
    return tuple(
        "-".join("".join(secrets.choice(_ALPHABET) for _ in range(5)) for _ in range(2))
        for _ in range(RECOVERY_CODES)
    )


def recovery_digest(code: str) -> bytes:
    """Return what is kept of a recovery code, however it was typed."""
    plain = code.strip().lower().replace("-", "").replace(" ", "")
    return hashlib.sha256(plain.encode()).digest()
