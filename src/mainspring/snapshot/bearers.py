"""What tokens call people, as digests: gateways learn whom to refuse, and not who they are."""

import hashlib


def bearer_digest(org_id: str | None, issuer: str | None, name: str) -> bytes:
    """Return the digest of a bearer called ``name``.

    With ``issuer`` that is the subject of its tokens, wherever (``org_id`` ``None``) or in one
    organisation; without, what an organisation's issuers call people (their ``user_claim``).
    """
    text = f"{org_id or ''}\0{issuer or ''}\0{name}"
    return hashlib.sha256(b"mainspring bearer v1\0" + text.encode()).digest()
