"""Who asks: from request headers to a principal with its rights and bounds."""

import hashlib
import math
import time
from collections.abc import Callable, Mapping

from mainspring.gateway.routing import DataGuard, Plan
from mainspring.gateway.tokens import Place, TokenVerifier, is_token
from mainspring.kernel.errors import (
    AuthenticationError,
    ExpiredKeyError,
    ExpiredTokenError,
    InvalidKeyError,
    MainspringError,
    ModelNotFoundError,
    ModelOfflineError,
    NotReadyError,
    PermissionDeniedError,
    ProjectNotAllowedError,
    ProjectRequiredError,
    SuspendedError,
)
from mainspring.snapshot.capture import captures
from mainspring.snapshot.data_policy import statements_of
from mainspring.snapshot.limits import (
    Bound,
    Bounds,
    bounds_of,
    bounds_of_model,
    budgets_of,
    together,
)
from mainspring.snapshot.resources import OPEN, ApiKey, Capture, Model
from mainspring.snapshot.table import SnapshotTable
from mainspring.wire import scopes
from mainspring.wire.delegation import TOKEN_PREFIX, verify_delegated_token

CALL_MODELS = scopes.CALL_MODELS
_MAX_KNOWN = 200_000
_NOT_READY_RETRY_S = 1.0
_DELEGATED = TOKEN_PREFIX.encode()
_TENANT = b"x-tenant-id"
_PROJECT = b"x-project-id"


class Elsewhere:
    """Where else a caller may act, and as whom it does once it has."""

    __slots__ = ("made", "places")

    def __init__(self, places: tuple[Place, ...]) -> None:
        self.places = places
        self.made: dict[str, Principal] = {}


class Principal:
    """A caller as the pipeline needs it; made once per key or token and snapshot version.

    ``elsewhere`` are the other projects of a token's bearer; a key has none. ``account`` is what a
    model's limits of each key count for a caller without one.
    """

    __slots__ = (
        "_bounds_of_models",
        "_budgets",
        "_models",
        "account",
        "actor_id",
        "batch",
        "bounds",
        "capture",
        "elsewhere",
        "expires_at",
        "granted",
        "groups",
        "guard",
        "key_id",
        "org_id",
        "plans",
        "project_id",
        "request_id",
        "scopes",
    )

    def __init__(
        self,
        *,
        org_id: str,
        project_id: str,
        actor_id: str,
        key_id: str | None,
        scopes: frozenset[str],
        models: frozenset[str] | None,
        expires_at: float,
        bounds: Bounds,
        capture: Capture | None = None,
        groups: tuple[str, ...] = (),
        guard: DataGuard | None = None,
    ) -> None:
        self.batch = False
        """Whether calls are of a batch, which has a price of its own."""
        self.request_id: str | None = None
        """The id of the one call that a delegated identity is for, if it names it."""
        self.capture = capture
        """What is kept of its calls; ``None``: nothing but their bill."""
        self.groups = groups
        """Ids of its groups: the organisation's own, and those that its token names."""
        self.guard = guard
        """Where its calls may be served; ``None``: anywhere."""
        self.granted: tuple[str, ...] = ()
        """Ids of restricted models that its key was granted."""
        self.org_id = org_id
        self.project_id = project_id
        self.actor_id = actor_id
        self.key_id = key_id
        self.scopes = scopes
        self.expires_at = expires_at
        self.bounds = bounds
        self.plans: dict[str, Plan] = {}
        """What the names that the caller used stand for."""
        self.account: str | None = None
        self.elsewhere: Elsewhere | None = None
        self._models = models
        self._bounds_of_models: dict[str, Bounds] = {}
        self._budgets: Bounds | None = None

    @property
    def subjects(self) -> tuple[str, ...]:
        """Return the ids by which rules of routing name this caller."""
        own = (self.key_id, self.actor_id, self.project_id, self.org_id)
        return (*(each for each in own if each is not None), *self.groups)

    def may_use(self, model: str) -> bool:
        """Tell whether the key's list of models, if it has one, names ``model``."""
        return self._models is None or model in self._models

    def bounds_with(self, model: Model) -> Bounds:
        """Return the bounds of a call of ``model``, which has limits of its own."""
        known = self._bounds_of_models.get(model.id)
        if known is None:
            known = together(*self.bounds.all, *bounds_of_model(model, self.key_id or self.account))
            self._bounds_of_models[model.id] = known
        return known

    def bounds_at(self, model: Model) -> Bounds:
        """Return the bounds that ``model`` alone adds."""
        key = f"at {model.id}"
        known = self._bounds_of_models.get(key)
        if known is None:
            known = together(*bounds_of_model(model, self.key_id or self.account))
            self._bounds_of_models[key] = known
        return known

    @property
    def budgets(self) -> Bounds:
        """Return the money among the bounds, and nothing else of them."""
        if self._budgets is None:
            self._budgets = together(*budgets_of(self.bounds.all))
        return self._budgets

    def require_scope(self, *any_of: str) -> None:
        """Check that the principal has one of the scopes.

        Raises:
            PermissionDeniedError: if it has none of them.
        """
        if self.scopes.isdisjoint(any_of):
            raise PermissionDeniedError(f"this identity lacks the scope {any_of[0]}")


class Authenticator:
    """Knows callers by API key, token or delegated identity, from the snapshot alone.

    Keys are found by the SHA-256 of their whole secret; comparing digests in a table tells an
    attacker nothing about a secret. Delegated identities are verified in constant time. A token
    that was believed once is known again by its digest, as a key is.
    """

    def __init__(
        self,
        table: SnapshotTable,
        internal_secret: bytes | None,
        now: Callable[[], float] = time.time,
        tokens: TokenVerifier | None = None,
    ) -> None:
        """Read ``table``; ``now`` gives Unix seconds."""
        self._table = table
        self._tokens = tokens or TokenVerifier(table, now)
        self._secret = internal_secret
        self._now = now
        self._known: dict[bytes, Principal] = {}

    def forget(self) -> None:
        """Drop what was derived from an older snapshot."""
        self._known.clear()

    def authenticate(self, headers: Mapping[bytes, bytes]) -> Principal:
        """Return who sent these headers.

        Raises:
            AuthenticationError: if nobody did, or nobody who is known (see its subclasses).
            SuspendedError: if the organisation or project is suspended.
            ProjectNotAllowedError: if X-Tenant-ID or X-Project-ID leads elsewhere.
            NotReadyError: if there is no snapshot yet that could know anybody.
        """
        shown = headers.get(b"authorization")
        if shown is None:
            secret = headers.get(b"x-api-key")
            if secret is None:
                raise AuthenticationError
        elif shown.startswith(b"Bearer ") or shown[:7].lower() == b"bearer ":
            secret = shown[7:].strip()
        else:
            raise AuthenticationError("the Authorization header is not of the Bearer scheme")
        if secret.startswith(_DELEGATED):
            principal = self._delegated(secret)
        else:
            digest = hashlib.sha256(secret).digest()
            known = self._known.get(digest)
            if known is None:
                known = self._recognise(secret, digest, headers)
            if known.expires_at <= self._now():
                raise ExpiredKeyError if known.key_id is not None else ExpiredTokenError
            principal = known
        if _PROJECT in headers or _TENANT in headers:
            return self._within(principal, _told(headers, _TENANT), _told(headers, _PROJECT))
        return principal

    def _recognise(self, secret: bytes, digest: bytes, headers: Mapping[bytes, bytes]) -> Principal:
        if not is_token(secret):
            return self._by_key(digest)
        places = self._tokens.places(secret, digest)
        tenant, project = _told(headers, _TENANT), _told(headers, _PROJECT)
        if len({place.org_id for place in places}) == 1:
            try:
                return self._remember(digest, self._at(places[0], Elsewhere(places)))
            except SuspendedError:
                # Elsewhere it may still act, if the call says so; never there by default.
                if tenant is None and project is None:
                    raise
        elif tenant is None and project is None:
            raise ProjectRequiredError("this token is believed by several organisations")
        return self._at(_chosen(places, tenant, project), Elsewhere(places))

    def _within(
        self, principal: Principal, org_id: str | None, project_id: str | None
    ) -> Principal:
        """Return ``principal`` where a call's headers want it to act, if it may."""
        if project_id in (None, principal.project_id) and org_id in (None, principal.org_id):
            return principal
        elsewhere = principal.elsewhere
        if elsewhere is None:
            raise ProjectNotAllowedError
        place = _chosen(elsewhere.places, org_id, project_id)
        made = elsewhere.made.get(place.project_id)
        if made is None:
            made = elsewhere.made[place.project_id] = self._at(place, None)
        if made.expires_at <= self._now():
            raise ExpiredTokenError
        return made

    def _at(self, place: Place, elsewhere: Elsewhere | None) -> Principal:
        principal = self._principal(
            place.org_id,
            place.project_id,
            place.actor_id,
            None,
            place.scopes,
            models=place.models,
            more=place.bounds,
            groups=place.groups,
        )
        principal.expires_at = place.expires_at
        principal.account = place.actor_id
        principal.elsewhere = elsewhere
        return principal

    def _by_key(self, digest: bytes) -> Principal:
        key = self._table.find_key_by_digest(digest)
        if key is None:
            raise self._unknown()
        principal = self._principal(
            key.org_id, key.project_id, key.actor_id, key, frozenset(key.scopes)
        )
        if key.expires_at is not None:
            principal.expires_at = key.expires_at
        return self._remember(digest, principal)

    def _remember(self, digest: bytes, principal: Principal) -> Principal:
        if len(self._known) >= _MAX_KNOWN:
            self._known.clear()
        self._known[digest] = principal
        return principal

    def _delegated(self, token: bytes) -> Principal:
        if self._secret is None:
            raise InvalidKeyError
        identity = verify_delegated_token(token.decode("latin-1"), self._secret, now=self._now())
        key = None
        if identity.key_id is not None:
            key = self._table.find_key_by_id(identity.key_id)
            if key is None:
                raise self._unknown()
        principal = self._principal(
            identity.org_id, identity.project_id, identity.actor_id, key, frozenset(identity.scopes)
        )
        principal.expires_at = identity.expires_at
        principal.batch = identity.batch
        principal.request_id = identity.request_id
        return principal

    def _unknown(self) -> MainspringError:
        """Return what an unknown caller is told: without a snapshot that is not its mistake."""
        if self._table.version == 0:
            return NotReadyError(
                "this gateway has no configuration yet", retry_after_s=_NOT_READY_RETRY_S
            )
        return InvalidKeyError()

    def _principal(
        self,
        org_id: str,
        project_id: str,
        actor_id: str,
        key: ApiKey | None,
        scopes: frozenset[str],
        *,
        models: frozenset[str] | None = None,
        more: tuple[Bound, ...] = (),
        groups: tuple[str, ...] = (),
    ) -> Principal:
        organization = self._table.organizations.get(org_id)
        project = self._table.projects.get(project_id)
        if organization is None or project is None or project.org_id != org_id:
            raise self._unknown()
        if organization.suspended or project.suspended:
            raise SuspendedError
        statements = statements_of(organization.data_policy, project.data_policy)
        principal = Principal(
            org_id=org_id,
            project_id=project_id,
            actor_id=actor_id,
            key_id=None if key is None else key.id,
            scopes=scopes,
            models=models if key is None or key.models is None else frozenset(key.models),
            expires_at=math.inf,
            bounds=together(*bounds_of(organization, project, key, actor_id), *more),
            capture=project.capture if captures(project) else None,
            groups=(*self._table.groups_of(org_id, actor_id), *groups),
            guard=DataGuard(statements) if statements else None,
        )
        if key is not None:
            principal.granted = key.granted
        return principal


def _told(headers: Mapping[bytes, bytes], name: bytes) -> str | None:
    """Return what a header names; an empty one names nothing."""
    value = headers.get(name)
    return None if value is None else value.decode("latin-1").strip() or None


def _chosen(places: tuple[Place, ...], org_id: str | None, project_id: str | None) -> Place:
    """Return the first of ``places`` in the organisation and project that are named.

    Raises:
        ProjectNotAllowedError: if none is.
    """
    for place in places:
        if project_id in (None, place.project_id) and org_id in (None, place.org_id):
            return place
    raise ProjectNotAllowedError


def is_open_to(table: SnapshotTable, principal: Principal, model: Model, now: float) -> bool:
    """Tell whether ``model`` is open to everybody, or granted to ``principal`` at Unix ``now``."""
    return (
        model.access == OPEN
        or model.id in principal.granted
        or table.is_granted(model.id, (principal.project_id, principal.org_id), now)
    )


def find_model(
    table: SnapshotTable, principal: Principal, name: str, *, now: Callable[[], float] = time.time
) -> Model:
    """Return the model that ``principal`` calls ``name``; ``now`` gives Unix seconds.

    Raises:
        ModelNotFoundError: if there is none that it may use; which of the two is not told.
        ModelOfflineError: if it was taken out of service.
    """
    model = table.find_model(name, principal.org_id)
    if (
        model is None
        or not (principal.may_use(name) or principal.may_use(model.name))
        or not is_open_to(table, principal, model, now())
    ):
        raise ModelNotFoundError(f"the model {name[:200]!r} does not exist", param="model")
    if model.lifecycle is not None and model.lifecycle.offline:
        replacement = model.lifecycle.replacement
        instead = "" if replacement is None else f"; call {replacement!r} in its place"
        raise ModelOfflineError(
            f"the model {model.name!r} is offline{instead}", param="model", replacement=replacement
        )
    return model
