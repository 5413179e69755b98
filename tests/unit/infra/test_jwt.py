"""JSON Web Tokens: what is taken apart, which keys are taken, what is believed."""

import base64
import json
import time

import pytest

from mainspring.infra.jwt import (
    ALGORITHMS,
    KeySet,
    KeySetError,
    SigningKey,
    UnknownKeyError,
    check_times,
    claim_at,
    public_keys,
    read_token,
    texts_at,
)
from mainspring.kernel.errors import ExpiredTokenError, InvalidTokenError
from mainspring.testing.tokens import TestKey, claims_of, key_set

CLAIMS = claims_of("https://login.test", "mainspring", "ada")


def part(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_every_algorithm_verifies_its_own_signatures_and_no_others(algorithm: str) -> None:
    key, other = TestKey(algorithm), TestKey(algorithm)
    token = read_token(key.sign(CLAIMS).encode())
    assert token.claims == CLAIMS
    KeySet(public_keys(key_set(key))).verify(token, (algorithm,))
    with pytest.raises(InvalidTokenError):
        KeySet(public_keys(key_set(other))).verify(token, (algorithm,))
    with pytest.raises(InvalidTokenError):
        KeySet(public_keys(key_set(key))).verify(token, ())


def test_a_token_without_a_signature_or_with_an_hmac_is_never_believed() -> None:
    key = TestKey("RS256")
    keys = KeySet(public_keys(key_set(key)))
    for algorithm in ("none", "HS256", "NONE", "None"):
        bare = f"{part({'alg': algorithm, 'kid': 'key-1'})}.{part(CLAIMS)}."
        with pytest.raises(InvalidTokenError):
            keys.verify(read_token(bare.encode()), (*ALGORITHMS, algorithm))


def test_a_changed_token_is_not_believed() -> None:
    key = TestKey()
    head, body, signature = key.sign(CLAIMS).split(".")
    forged = part({**CLAIMS, "sub": "root"})
    keys = KeySet(public_keys(key_set(key)))
    for text in (f"{head}.{forged}.{signature}", f"{head}.{body}.{signature[:-4]}AAAA"):
        with pytest.raises(InvalidTokenError):
            keys.verify(read_token(text.encode()), ("ES256",))


def test_a_key_that_is_not_in_the_set_is_told_from_a_bad_signature() -> None:
    key, newer = TestKey(key_id="one"), TestKey(key_id="two")
    with pytest.raises(UnknownKeyError):
        KeySet(public_keys(key_set(key))).verify(
            read_token(newer.sign(CLAIMS).encode()), ("ES256",)
        )


def test_a_key_verifies_only_the_algorithm_that_it_says() -> None:
    key = TestKey("RS256")
    jwk = {**key.public(), "alg": "PS256"}
    keys = KeySet(public_keys(json.dumps({"keys": [jwk]}).encode()))
    with pytest.raises(InvalidTokenError):
        keys.verify(read_token(key.sign(CLAIMS).encode()), ("RS256", "PS256"))


def test_a_token_without_a_key_id_is_tried_by_the_keys_that_fit() -> None:
    nameless, other = TestKey(key_id=None), TestKey("RS256", "other")
    keys = KeySet(public_keys(key_set(other, nameless)))
    keys.verify(read_token(nameless.sign(CLAIMS).encode()), ("ES256", "RS256"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "eyJ",
        "a.b",
        "a.b.c.d",
        f"{part({'alg': 'ES256'})}.{part([1])}.AA",
        f"{part({'alg': 7})}.{part({})}.AA",
        f"{part({})}.{part({})}.AA",
        f"{part({'alg': 'ES256', 'crit': ['exp']})}.{part({})}.AA",
        f"{part({'alg': 'ES256', 'typ': 'logout+jwt'})}.{part({})}.AA",
        f"{part({'alg': 'ES256'})}.{part({})}.AA" + "A" * 20_000,
        f"{part({'alg': 'ES256'})}.{'W1tb' * 3000}.AA",
    ],
)
def test_what_is_no_token_or_one_for_something_else_is_refused(text: str) -> None:
    with pytest.raises(InvalidTokenError):
        read_token(text.encode())


def test_of_a_key_set_only_public_strong_signature_keys_are_taken() -> None:
    good = TestKey("ES256", "good")
    private = TestKey("RS256", "leaked").private()
    weak = {"kty": "RSA", "kid": "weak", "n": private["n"][:100], "e": "AQAB"}
    document = {
        "keys": [
            {"kty": "oct", "k": "c2VjcmV0", "kid": "shared"},
            {**good.public(), "use": "enc", "kid": "encryption"},
            {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA", "kid": "broken"},
            weak,
            private,
            good.public(),
        ]
    }
    taken = json.loads(public_keys(json.dumps(document).encode()))["keys"]
    assert [key["kid"] for key in taken] == ["leaked", "good"]
    assert set(taken[0]) == {"kty", "kid", "alg", "n", "e"}
    for nothing in (
        b"{}",
        b"[]",
        b'{"keys":[]}',
        b"not json",
        b'{"keys":[{"kty":"oct","k":"AA"}]}',
    ):
        with pytest.raises(KeySetError):
            public_keys(nothing)


def test_times_are_judged_with_a_leeway() -> None:
    now = time.time()
    assert check_times({"exp": now + 5}, now=now, leeway_s=30) == now + 35
    assert check_times({"exp": now - 5, "nbf": now + 5}, now=now, leeway_s=30) > now
    with pytest.raises(ExpiredTokenError):
        check_times({"exp": now - 31}, now=now, leeway_s=30)
    for bad in ({}, {"exp": "soon"}, {"exp": True}, {"exp": now + 9, "nbf": now + 31}):
        with pytest.raises(InvalidTokenError):
            check_times(bad, now=now, leeway_s=30)
    with pytest.raises(InvalidTokenError):
        check_times({"exp": now + 900, "iat": now + 31}, now=now, leeway_s=30)


def test_claims_are_found_by_name_before_path() -> None:
    claims = {"realm": {"roles": ["a", 1]}, "https://x.test/groups": ["b"], "scope": "c d"}
    assert texts_at(claims, "realm.roles") == {"a"}
    assert texts_at(claims, "https://x.test/groups") == {"b"}
    assert texts_at(claims, "scope") == {"c", "d"}
    assert claim_at(claims, "realm.roles.more") is None


def test_our_own_keys_come_back_as_they_were_kept() -> None:
    key = SigningKey.generate("sig_1")
    again = SigningKey.from_private("sig_1", key.private())
    token = read_token(again.sign(CLAIMS, kind="at+jwt").encode())
    KeySet(public_keys(json.dumps({"keys": [key.public()]}).encode())).verify(token, ("ES256",))
    assert token.key_id == "sig_1"
