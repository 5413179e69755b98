"""Token issuers: values, rules, permissions."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import msgspec
from msgspec import UNSET, UnsetType

from mainspring.infra.jwt import ALGORITHMS, EMPTY_KEY_SET
from mainspring.kernel.access import Permission
from mainspring.kernel.errors import InvalidRequestError
from mainspring.snapshot import resources
from mainspring.snapshot.resources import TokenGrant
from mainspring.wire.scopes import SCOPES

ISSUER_READ = Permission("token_issuer:read", "See whose tokens an organisation believes.")
ISSUER_WRITE = Permission(
    "token_issuer:write", "Decide whose tokens an organisation believes, and what bearers may do."
)

PERMISSIONS = (ISSUER_READ, ISSUER_WRITE)
"""Every permission of this capability."""

NAME_PATTERN = r"^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$"
MAX_GRANTS = 500
MAX_URL = 500
MAX_LEEWAY_S = 300

REFRESH_EVERY = timedelta(minutes=5)
REFRESH_AT_MOST = timedelta(seconds=5)
"""However often gateways meet unknown keys, an issuer is left alone for this long."""
_RETRY_FIRST = timedelta(seconds=15)

_CLAIM = re.compile(r"[\x21-\x7e]{1,120}")


class TokenIssuer(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody whose JSON Web Tokens an organisation believes.

    ``name`` is stable: it stands in the ledger before each bearer's. Keys are got by discovery
    from ``issuer``, or from ``jwks_uri``; with ``static_keys`` they were given and are not fetched.
    ``problem`` is why the last attempt to fetch them failed; the keys before it stay good.
    """

    id: str
    org_id: str
    name: str
    issuer: str
    audience: str
    algorithms: tuple[str, ...] = ("RS256", "PS256", "ES256", "EdDSA")
    user_claim: str = "sub"
    groups_claim: str = "groups"
    project_claim: str | None = None
    scope_claim: str | None = None
    required: dict[str, str] = {}
    grants: tuple[TokenGrant, ...] = ()
    leeway_s: int = 30
    jwks_uri: str | None = None
    static_keys: bool = False
    keys: str = EMPTY_KEY_SET.decode()
    keys_fetched_at: datetime | None = None
    tried_at: datetime | None = None
    next_fetch_at: datetime | None = None
    failures: int = 0
    problem: str | None = None
    created_at: datetime
    updated_at: datetime
    revision: int = 1

    @property
    def key_ids(self) -> tuple[str, ...]:
        """Return the names of the keys that are held; one without a name has none here."""
        held = msgspec.json.decode(self.keys, type=_KeyNames).keys
        return tuple(each.kid for each in held if each.kid is not None)

    def resource(self) -> resources.TokenIssuer:
        """Return what gateways know of this issuer."""
        return resources.TokenIssuer(
            id=self.id,
            org_id=self.org_id,
            name=self.name,
            issuer=self.issuer,
            audience=self.audience,
            keys=self.keys.encode(),
            algorithms=self.algorithms,
            user_claim=self.user_claim,
            groups_claim=self.groups_claim,
            project_claim=self.project_claim,
            scope_claim=self.scope_claim,
            required=self.required,
            grants=self.grants,
            leeway_s=self.leeway_s,
        )


class _KeyName(msgspec.Struct):
    kid: str | None = None


class _KeyNames(msgspec.Struct):
    keys: list[_KeyName]


class IssuerChanges(msgspec.Struct, frozen=True, kw_only=True):
    """What may change about an issuer; ``UNSET`` stays as it is."""

    audience: str | UnsetType = UNSET
    algorithms: tuple[str, ...] | UnsetType = UNSET
    user_claim: str | UnsetType = UNSET
    groups_claim: str | UnsetType = UNSET
    project_claim: str | UnsetType | None = UNSET
    scope_claim: str | UnsetType | None = UNSET
    required: dict[str, str] | UnsetType = UNSET
    grants: tuple[TokenGrant, ...] | UnsetType = UNSET
    leeway_s: int | UnsetType = UNSET
    jwks_uri: str | UnsetType | None = UNSET


def retry_after(failures: int) -> timedelta:
    """Return how long to wait after so many failures in a row, from seconds to minutes."""
    return min(_RETRY_FIRST * 2 ** min(failures - 1, 10), REFRESH_EVERY)


def checked_issuer(issuer: TokenIssuer) -> TokenIssuer:
    """Return ``issuer``.

    Raises:
        InvalidRequestError: if a field is not acceptable.
    """
    _check_name(issuer.name)
    if not 1 <= len(issuer.audience) <= MAX_URL or not issuer.audience.isprintable():
        raise InvalidRequestError("an audience has 1 to 500 characters", param="audience")
    unknown = sorted(set(issuer.algorithms) - set(ALGORITHMS))
    if unknown or not issuer.algorithms:
        raise InvalidRequestError(
            f"the algorithms are among {', '.join(ALGORITHMS)}", param="algorithms"
        )
    if not 0 <= issuer.leeway_s <= MAX_LEEWAY_S:
        raise InvalidRequestError(f"the leeway is 0 to {MAX_LEEWAY_S} seconds", param="leeway_s")
    _check_claims(issuer)
    _check_grants(issuer.grants)
    return issuer


def _check_name(name: str) -> None:
    if not re.fullmatch(NAME_PATTERN, name):
        raise InvalidRequestError(
            "a name has 1 to 63 lower-case letters, digits and inner hyphens", param="name"
        )


def _check_claims(issuer: TokenIssuer) -> None:
    named: Mapping[str, str | None] = {
        "user_claim": issuer.user_claim,
        "groups_claim": issuer.groups_claim,
        "project_claim": issuer.project_claim,
        "scope_claim": issuer.scope_claim,
    }
    for param, claim in named.items():
        if claim is not None and not _CLAIM.fullmatch(claim):
            raise InvalidRequestError("a claim's name has 1 to 120 visible characters", param=param)
    for claim, value in issuer.required.items():
        if not _CLAIM.fullmatch(claim) or not 1 <= len(value) <= 256:
            raise InvalidRequestError("a required claim has a name and a value", param="required")
    if len(issuer.required) > 16:
        raise InvalidRequestError("no more than 16 claims can be required", param="required")


def _check_grants(grants: Sequence[TokenGrant]) -> None:
    if len(grants) > MAX_GRANTS:
        raise InvalidRequestError(f"no more than {MAX_GRANTS} grants", param="grants")
    for grant in grants:
        unknown = sorted(set(grant.scopes) - SCOPES.keys())
        if unknown or not grant.scopes:
            raise InvalidRequestError(
                f"there is no scope {', '.join(unknown)}" if unknown else "a grant has a scope",
                param="grants",
            )
