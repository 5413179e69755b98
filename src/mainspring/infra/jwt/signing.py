"""Private keys that sign tokens."""

from collections.abc import Mapping
from typing import Any, Final

import jwt
import msgspec
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm

SIGNING_ALGORITHM: Final = "ES256"
"""Short signatures that every library verifies."""


class SigningKey:
    """A private key on the curve P-256 under the name that its tokens carry."""

    def __init__(self, key_id: str, key: ec.EllipticCurvePrivateKey) -> None:
        self.key_id = key_id
        self._key = key

    @classmethod
    def generate(cls, key_id: str) -> "SigningKey":
        """Return a new key."""
        return cls(key_id, ec.generate_private_key(ec.SECP256R1()))

    @classmethod
    def from_private(cls, key_id: str, der: bytes) -> "SigningKey":
        """Return the key that :meth:`private` wrote.

        Raises:
            ValueError: if it did not.
        """
        key = serialization.load_der_private_key(der, password=None)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise ValueError("not a private key on an elliptic curve")  # noqa: TRY004 - damaged data
        return cls(key_id, key)

    def private(self) -> bytes:
        """Return the private key (PKCS #8, DER), to be sealed."""
        return self._key.private_bytes(
            serialization.Encoding.DER,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )

    def public(self) -> dict[str, str]:
        """Return the public key as a JWK."""
        jwk = ECAlgorithm.to_jwk(self._key.public_key(), as_dict=True)
        return {**jwk, "kid": self.key_id, "use": "sig", "alg": SIGNING_ALGORITHM}

    def sign(self, claims: Mapping[str, Any], *, kind: str = "JWT") -> str:
        """Return a token of type ``kind`` that says ``claims``."""
        return jwt.PyJWS().encode(
            msgspec.json.encode(claims),
            self._key,
            SIGNING_ALGORITHM,
            {"kid": self.key_id, "typ": kind},
        )
