"""An issuer of JSON Web Tokens in the test's own hands: good tokens, and every kind of bad one."""

import time
from typing import Any

import jwt
import msgspec
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

_CURVES = {"ES256": ec.SECP256R1(), "ES384": ec.SECP384R1(), "ES512": ec.SECP521R1()}


class TestKey:
    """A private key for one algorithm, under a name."""

    __test__ = False

    def __init__(self, algorithm: str = "ES256", key_id: str | None = "key-1") -> None:
        """Make a new key."""
        self.algorithm = algorithm
        self.key_id = key_id
        self._key: Any
        kind: Any
        if algorithm in _CURVES:
            self._key, kind = ec.generate_private_key(_CURVES[algorithm]), ECAlgorithm
        elif algorithm == "EdDSA":
            self._key, kind = ed25519.Ed25519PrivateKey.generate(), OKPAlgorithm
        else:
            self._key, kind = rsa.generate_private_key(65537, 2048), RSAAlgorithm
        self._kind = kind

    def public(self) -> dict[str, Any]:
        """Return the public key as a JWK."""
        return self._named(self._kind.to_jwk(self._key.public_key(), as_dict=True))

    def private(self) -> dict[str, Any]:
        """Return the private key as a JWK."""
        return self._named(self._kind.to_jwk(self._key, as_dict=True))

    def sign(self, claims: dict[str, Any], **header: object) -> str:
        """Return a token that says ``claims``; ``header`` adds to its head."""
        named = {} if self.key_id is None else {"kid": self.key_id}
        return jwt.PyJWS().encode(
            msgspec.json.encode(claims), self._key, self.algorithm, {**named, **header}
        )

    def _named(self, jwk: dict[str, Any]) -> dict[str, Any]:
        jwk = {name: value for name, value in jwk.items() if name != "key_ops"}
        named = {} if self.key_id is None else {"kid": self.key_id}
        return {**jwk, **named, "alg": self.algorithm, "use": "sig"}


def key_set(*keys: TestKey) -> bytes:
    """Return the JWK set of the public keys."""
    return msgspec.json.encode({"keys": [key.public() for key in keys]})


def claims_of(
    issuer: str, audience: str, subject: str, *, lives_s: float = 300.0, **more: object
) -> dict[str, Any]:
    """Return the claims of a token that is good now."""
    now = int(time.time())
    return {
        "iss": issuer,
        "aud": audience,
        "sub": subject,
        "iat": now,
        "exp": int(now + lives_s),
        **more,
    }
