"""JSON Web Key sets (RFC 7517): which keys of one are taken, and which may verify a token."""

import functools
from typing import Any

import jwt
import msgspec
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from mainspring.infra.jwt.token import ReadToken
from mainspring.kernel.errors import InvalidTokenError

_RSA = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512")
_CURVES = {"P-256": "ES256", "P-384": "ES384", "P-521": "ES512", "Ed25519": "EdDSA"}

ALGORITHMS = (*_RSA, *_CURVES.values())
"""Signatures that only the holder of a private key can make: neither ``none`` nor an HMAC, whose
secret could be a public key that somebody mistook for one (RFC 8725, section 2.1)."""

EMPTY_KEY_SET = b'{"keys":[]}'
_MAX_KEYS = 64
_MAX_RSA_BITS = 8192
_MIN_RSA_BITS = 2048
_MAX_TRIES = 8
_MEMBERS = {"RSA": ("n", "e"), "EC": ("crv", "x", "y"), "OKP": ("crv", "x")}


class KeySetError(ValueError):
    """The document is no JWK set, or holds no key that could verify a token."""


class UnknownKeyError(LookupError):
    """The token names a key that is not in the set: a newer one, or an invented one."""


class _Key:
    """A public key with its id and the algorithms that it may verify."""

    def __init__(self, jwk: dict[str, Any]) -> None:
        self._jwk = jwk
        self.key_id: str | None = jwk.get("kid")
        self.algorithms = _algorithms_of(jwk)

    @functools.cached_property
    def material(self) -> Any:  # noqa: ANN401 - one of cryptography's public keys
        """Return the key as the library of signatures takes it."""
        return jwt.PyJWK(self._jwk, self.algorithms[0]).key


class KeySet:
    """The public keys of one issuer."""

    def __init__(self, document: bytes) -> None:
        """Hold the keys of ``document``, which :func:`public_keys` wrote.

        Raises:
            KeySetError: if it did not.
        """
        try:
            jwks = msgspec.json.decode(document, type=_Document).keys
            self._keys = [_Key(jwk) for jwk in jwks]
        except (msgspec.MsgspecError, KeyError) as error:
            raise KeySetError("the key set cannot be read") from error

    def verify(self, token: ReadToken, algorithms: tuple[str, ...]) -> None:
        """Return if one of the keys signed ``token`` by one of ``algorithms``.

        Raises:
            UnknownKeyError: if the token names a key that is not here.
            InvalidTokenError: if it was not signed so.
        """
        algorithm = token.algorithm
        if algorithm not in algorithms or algorithm not in ALGORITHMS:
            raise InvalidTokenError("the token is signed by an algorithm that is not allowed here")
        named = [key for key in self._keys if key.key_id in (None, token.key_id)]
        if token.key_id is None:
            named = self._keys
        elif not named:
            raise UnknownKeyError("the token is signed by a key that is not known here")
        signatures = jwt.PyJWS([algorithm], {"enforce_minimum_key_length": True})
        for key in [each for each in named if algorithm in each.algorithms][:_MAX_TRIES]:
            try:
                signatures.decode_complete(token.text, key.material, [algorithm])
            except jwt.PyJWTError:
                continue
            return
        raise InvalidTokenError("the token's signature does not verify")


class _Document(msgspec.Struct):
    keys: list[dict[str, Any]]


def public_keys(document: bytes) -> bytes:
    """Return those keys of a JWK set that can verify tokens, as JSON in one spelling.

    Private members, which have no business there, are left out; so are keys for encryption, of
    unknown kinds, and too weak ones.

    Raises:
        KeySetError: if that leaves none.
    """
    try:
        found = msgspec.json.decode(document, type=_Document).keys
    except (msgspec.MsgspecError, RecursionError) as error:
        raise KeySetError("this is no JSON Web Key set") from error
    taken: list[dict[str, str]] = []
    for jwk in found[:_MAX_KEYS]:
        public = _public(jwk)
        if public is not None:
            taken.append(public)
    if not taken:
        raise KeySetError("the key set holds no key that could verify a signature")
    return msgspec.json.encode({"keys": taken}, order="deterministic")


def _public(jwk: dict[str, Any]) -> dict[str, str] | None:
    kind = jwk.get("kty")
    if not isinstance(kind, str) or kind not in _MEMBERS or jwk.get("use", "sig") != "sig":
        return None
    public = {
        name: value
        for name in ("kty", "kid", "alg", *_MEMBERS[kind])
        if isinstance(value := jwk.get(name), str)
    }
    if not _algorithms_of(public):
        return None
    try:
        material = _Key(public).material
    except (jwt.PyJWTError, ValueError, TypeError):
        return None
    if isinstance(material, RSAPublicKey) and not (
        _MIN_RSA_BITS <= material.key_size <= _MAX_RSA_BITS
    ):
        return None
    return public


def _algorithms_of(jwk: dict[str, Any]) -> tuple[str, ...]:
    """Return what the key may verify: what its kind can, narrowed to what it says itself."""
    if jwk["kty"] == "RSA":
        possible: tuple[str, ...] = _RSA
    else:
        name = _CURVES.get(jwk.get("crv", ""))
        possible = () if name is None else (name,)
    said = jwk.get("alg")
    if said == "Ed25519":  # RFC 9864's name for what most still call EdDSA
        said = "EdDSA"
    return possible if said is None else tuple(each for each in possible if each == said)
