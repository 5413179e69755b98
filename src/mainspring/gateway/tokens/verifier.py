"""From a token to where its bearer may act and what there."""

import logging
from collections.abc import Callable, Iterable
from typing import Any

import msgspec

from mainspring.gateway.tokens.unknown_keys import UnknownKeys
from mainspring.infra.jwt import (
    SIGNING_ALGORITHM,
    KeySet,
    KeySetError,
    ReadToken,
    UnknownKeyError,
    audiences_of,
    check_times,
    read_token,
    text_at,
    texts_at,
)
from mainspring.kernel.errors import (
    ExpiredTokenError,
    InvalidTokenError,
    MainspringError,
    NotReadyError,
    ProjectNotAllowedError,
    SigningKeyUnknownError,
)
from mainspring.snapshot.bearers import bearer_digest
from mainspring.snapshot.limits import Bound
from mainspring.snapshot.resources import (
    Limits,
    PlatformIssuer,
    ServiceAccount,
    TokenGrant,
    TokenIssuer,
)
from mainspring.snapshot.table import SnapshotTable
from mainspring.wire.scopes import SECRET_CLAIM

_log = logging.getLogger(__name__)

_MAX_VERIFIED = 20_000
_MAX_KEY_SETS = 10_000
_MAX_USER = 200
_MAX_GROUPS = 64
"""Groups of a token that are kept beside those that grants name, for rules of routing."""
_MAX_GROUP_NAME = 200
_RETRY_S = 1.0
_PLATFORM_LEEWAY_S = 30
_UNTRUSTED = "the token is not of an issuer that is trusted here"


class Place(msgspec.Struct, frozen=True):
    """One project in which a bearer may act, as whom, what there, and until when (Unix seconds)."""

    org_id: str
    project_id: str
    actor_id: str
    scopes: frozenset[str]
    models: frozenset[str] | None
    expires_at: float
    bounds: tuple[Bound, ...] = ()
    groups: tuple[str, ...] = ()


class _Facts(msgspec.Struct, frozen=True):
    """What one trusted issuer's token says of its bearer."""

    source: TokenIssuer | PlatformIssuer
    bearers: tuple[bytes, ...]
    issued_at: float | None
    user: str
    groups: frozenset[str]
    project: str | None
    scopes: frozenset[str] | None
    expires_at: float


_Source = tuple[TokenIssuer, ...] | PlatformIssuer


class _Verified(msgspec.Struct, frozen=True):
    """A verified token: by what, and its facts for everyone who believes it."""

    url: str
    source: _Source
    facts: tuple[_Facts, ...]


def is_token(secret: bytes) -> bool:
    """Tell whether ``secret`` looks like a JSON Web Token; no key of ours does."""
    return secret.startswith(b"eyJ")


class TokenVerifier:
    """Verifies tokens and remembers those that it believed.

    A token is verified once; until its issuer's entry changes, knowing it again is a lookup by its
    SHA-256. Only believed tokens are remembered, so strangers cannot fill the memory. What a bearer
    may do is derived anew from every snapshot.
    """

    def __init__(self, table: SnapshotTable, now: Callable[[], float]) -> None:
        """Trust the issuers of ``table``; ``now`` gives Unix seconds."""
        self._table = table
        self._now = now
        self.unknown_keys: UnknownKeys | None = None
        """Hears of keys that are not known; nobody does where there is no control to ask."""
        self._verified: dict[bytes, _Verified] = {}
        self._key_sets: dict[str, tuple[bytes, KeySet | None]] = {}

    def places(self, token: bytes, digest: bytes) -> tuple[Place, ...]:
        """Return where the bearer of ``token`` may act; of each organisation its default is first.

        ``digest`` is the SHA-256 of the token.

        Raises:
            InvalidTokenError: if it is not believed.
            SigningKeyUnknownError: if it may be believed once newer keys are here.
            ProjectNotAllowedError: if it is believed and its bearer may act nowhere.
        """
        known = self._verified.get(digest)
        if known is None or self._source(known.url) is not known.source:
            known = self._verify(token)
            while len(self._verified) >= _MAX_VERIFIED:
                del self._verified[next(iter(self._verified))]
            self._verified[digest] = known
        found: list[Place] = []
        now = self._now()
        blocked = False
        for facts in known.facts:
            if self._table.is_blocked(facts.bearers, facts.issued_at):
                blocked = True
            elif facts.expires_at > now:
                found += self._places_of(facts)
        if found:
            return tuple(found)
        if blocked:
            raise InvalidTokenError("whoever this token is for may not use it any more")
        if all(facts.expires_at <= now for facts in known.facts):
            del self._verified[digest]
            raise ExpiredTokenError
        raise ProjectNotAllowedError("no project is open to the bearer of this token")

    # Verifying

    def _source(self, url: str) -> _Source:
        platform = self._table.platform_issuer
        if platform is not None and platform.issuer == url:
            return platform
        return self._table.find_issuers(url)

    def _verify(self, text: bytes) -> _Verified:
        token = read_token(text)
        url = token.claims.get("iss")
        if not isinstance(url, str):
            raise InvalidTokenError("the token does not name its issuer")
        source = self._source(url)
        if isinstance(source, PlatformIssuer):
            return _Verified(url, source, (self._own_facts(token, source),))
        if not source and self._table.version == 0:
            raise NotReadyError("this gateway has no configuration yet", retry_after_s=_RETRY_S)
        facts: list[_Facts] = []
        problem: MainspringError = InvalidTokenError(_UNTRUSTED)
        unknown: list[str] = []
        for issuer in source:
            try:
                facts.append(self._facts(token, issuer))
            except UnknownKeyError:
                unknown.append(issuer.id)
            except InvalidTokenError as error:
                problem = error
        if facts:
            return _Verified(url, source, tuple(facts))
        if unknown and self._hopeful(unknown, token.key_id):
            raise SigningKeyUnknownError(retry_after_s=_RETRY_S)
        raise problem

    def _hopeful(self, issuer_ids: list[str], key_id: str | None) -> bool:
        """Want newer keys of issuers that are trusted here; tell whether they may come soon."""
        wish = self.unknown_keys
        return wish is not None and key_id is not None and wish.meet(issuer_ids, key_id[:200])

    def _facts(self, token: ReadToken, issuer: TokenIssuer) -> _Facts:
        self._key_set(issuer.id, issuer.keys).verify(token, issuer.algorithms)
        claims = token.claims
        # From here on the issuer did say so; what it said may be told to whoever shows it.
        expires_at = check_times(claims, now=self._now(), leeway_s=issuer.leeway_s)
        if issuer.audience not in audiences_of(claims):
            raise InvalidTokenError("the token is for another audience")
        for name, value in issuer.required.items():
            if text_at(claims, name) != value and value not in texts_at(claims, name):
                raise InvalidTokenError(f"the token's claim {name} is not what is required here")
        user = text_at(claims, issuer.user_claim)
        if user is None or len(user) > _MAX_USER:
            raise InvalidTokenError(f"the token's claim {issuer.user_claim} names no user")
        project = None
        if issuer.project_claim is not None:
            project = text_at(claims, issuer.project_claim)
        scopes = None
        if issuer.scope_claim is not None:
            scopes = texts_at(claims, issuer.scope_claim)
        groups = texts_at(claims, issuer.groups_claim)
        wanted = {grant.group for grant in issuer.grants}
        kept = groups & wanted
        further = sorted(each for each in groups - wanted if len(each) <= _MAX_GROUP_NAME)
        kept |= frozenset(further[:_MAX_GROUPS])
        return _Facts(
            issuer,
            _bearers_of(issuer, claims, user),
            _issued_at(claims),
            user,
            kept,
            project,
            scopes,
            expires_at,
        )

    def _own_facts(self, token: ReadToken, platform: PlatformIssuer) -> _Facts:
        try:
            self._key_set("platform", platform.keys).verify(token, (SIGNING_ALGORITHM,))
        except UnknownKeyError as error:
            raise InvalidTokenError(_UNTRUSTED) from error
        claims = token.claims
        expires_at = check_times(claims, now=self._now(), leeway_s=_PLATFORM_LEEWAY_S)
        account = text_at(claims, "sub")
        secret = text_at(claims, SECRET_CLAIM)
        if platform.audience not in audiences_of(claims) or account is None or secret is None:
            raise InvalidTokenError("the token is for another audience")
        # Whose secret it was stands where a person's groups would: both are what access hangs on.
        scopes = texts_at(claims, "scope")
        return _Facts(platform, (), None, account, frozenset((secret,)), None, scopes, expires_at)

    def _key_set(self, issuer_id: str, keys: bytes) -> KeySet:
        held = self._key_sets.get(issuer_id)
        if held is None or held[0] != keys:
            try:
                made = KeySet(keys)
            except KeySetError as error:
                _log.error("the keys of the token issuer %s cannot be used: %s", issuer_id, error)
                made = None
            if len(self._key_sets) >= _MAX_KEY_SETS:
                self._key_sets.clear()
            held = self._key_sets[issuer_id] = (keys, made)
        if held[1] is None:
            raise InvalidTokenError(_UNTRUSTED)
        return held[1]

    # What a bearer may do

    def _places_of(self, facts: _Facts) -> list[Place]:
        if isinstance(facts.source, PlatformIssuer):
            return self._places_of_account(facts)
        issuer = facts.source
        granted: dict[str, list[TokenGrant]] = {}
        for grant in issuer.grants:
            if grant.group is None or grant.group in facts.groups:
                granted.setdefault(grant.project_id, []).append(grant)
        if facts.project is not None:
            # The token itself says where; that narrows, and never opens what no grant does.
            granted = {key: value for key, value in granted.items() if key == facts.project}
        return [
            Place(
                org_id=issuer.org_id,
                project_id=project_id,
                actor_id=f"{issuer.name}/{facts.user}",
                scopes=_narrowed((scope for each in grants for scope in each.scopes), facts.scopes),
                models=_models_of(grants),
                expires_at=facts.expires_at,
                groups=tuple(f"{issuer.id}/{group}" for group in sorted(facts.groups)),
            )
            for project_id, grants in granted.items()
            if self._is_project(project_id, issuer.org_id)
        ]

    def _places_of_account(self, facts: _Facts) -> list[Place]:
        account = self._table.service_accounts.get(facts.user)
        if account is None or facts.groups.isdisjoint(account.secret_ids):
            raise InvalidTokenError("the service account or its secret was revoked")
        return [
            Place(
                org_id=account.org_id,
                project_id=project_id,
                actor_id=account.id,
                scopes=_narrowed(account.scopes, facts.scopes),
                models=None if account.models is None else frozenset(account.models),
                expires_at=facts.expires_at,
                bounds=_bounds_of(account),
            )
            for project_id in account.project_ids
            if self._is_project(project_id, account.org_id)
        ]

    def _is_project(self, project_id: str, org_id: str) -> bool:
        project = self._table.projects.get(project_id)
        return project is not None and project.org_id == org_id


def _bearers_of(issuer: TokenIssuer, claims: dict[str, Any], user: str) -> tuple[bytes, ...]:
    """Return what this token calls its bearer, in each way that control may name a person by."""
    names = [bearer_digest(issuer.org_id, None, user)]
    subject = text_at(claims, "sub")
    if subject is not None:
        names.append(bearer_digest(None, issuer.issuer, subject))
        names.append(bearer_digest(issuer.org_id, issuer.issuer, subject))
    return tuple(names)


def _issued_at(claims: dict[str, Any]) -> float | None:
    value = claims.get("iat")
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value)


def _narrowed(scopes: Iterable[str], wanted: frozenset[str] | None) -> frozenset[str]:
    return frozenset(scopes) if wanted is None else wanted.intersection(scopes)


def _models_of(grants: list[TokenGrant]) -> frozenset[str] | None:
    """Return the models of all of a project's grants together; one without a list allows all."""
    names: set[str] = set()
    for grant in grants:
        if grant.models is None:
            return None
        names.update(grant.models)
    return frozenset(names)


def _bounds_of(account: ServiceAccount) -> tuple[Bound, ...]:
    if account.limits is None or account.limits == Limits():
        return ()
    return (Bound(f"account/{account.id}", account.limits),)
