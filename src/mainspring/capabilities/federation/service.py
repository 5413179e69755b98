"""The use cases of federation.

Each asks :func:`authorize` first and acts in the scope it answers.
"""

import asyncio
import logging
from collections.abc import Sequence
from datetime import timedelta

import msgspec

from mainspring.capabilities.federation.domain import (
    ISSUER_READ,
    ISSUER_WRITE,
    REFRESH_AT_MOST,
    REFRESH_EVERY,
    IssuerChanges,
    TokenIssuer,
    checked_issuer,
    retry_after,
)
from mainspring.capabilities.federation.ports import FederationStore, KeySource
from mainspring.capabilities.tenancy.api import TenancyService
from mainspring.infra.jwt import EMPTY_KEY_SET, KeySetError, public_keys
from mainspring.infra.oidc import ProviderError
from mainspring.kernel.access import Permission
from mainspring.kernel.authorize import authorize, reach
from mainspring.kernel.changes import apply_changes, check_revision
from mainspring.kernel.clock import Clock
from mainspring.kernel.errors import (
    ConflictError,
    DatabaseUnavailableError,
    InvalidRequestError,
    NotFoundError,
)
from mainspring.kernel.existing import existing
from mainspring.kernel.ids import new_id
from mainspring.kernel.paging import Page, PageRequest, decode_cursor, page_of
from mainspring.kernel.scope import Scope
from mainspring.snapshot import resources
from mainspring.snapshot.resources import TokenGrant

_log = logging.getLogger(__name__)

_SELF = Scope.platform("federation")
_AT_ONCE = 8
_TAKEN_FOR = timedelta(minutes=1)
"""An issuer that a process took and never came back to is due again after this."""
_LOOK_EVERY_S = 2.0


class FederationService:
    """Whose tokens organisations believe. A change reaches gateways with its transaction."""

    def __init__(
        self,
        store: FederationStore,
        tenancy: TenancyService,
        source: KeySource,
        clock: Clock,
    ) -> None:
        self._store = store
        self._tenancy = tenancy
        self._source = source
        self._clock = clock
        self._wanted = asyncio.Event()

    async def create(
        self,
        scope: Scope,
        org_id: str,
        *,
        name: str,
        issuer: str,
        audience: str,
        changes: IssuerChanges,
        keys: str | None = None,
    ) -> TokenIssuer:
        """Believe an issuer's tokens for ``audience``; ``changes`` are all its other fields.

        With ``keys``, a JWK set, nothing is fetched.

        Raises:
            InvalidRequestError: if a field is not acceptable.
            ConflictError: if the name is taken, or another organisation believes this issuer.
        """
        everywhere = reach(scope, ISSUER_WRITE) is None
        scope = authorize(scope, ISSUER_WRITE, org_id=org_id)
        now = self._clock.now()
        made = checked_issuer(
            apply_changes(
                TokenIssuer(
                    id=new_id("iss"),
                    org_id=org_id,
                    name=name,
                    issuer=issuer,
                    audience=audience,
                    static_keys=keys is not None,
                    keys=EMPTY_KEY_SET.decode() if keys is None else _checked(keys),
                    next_fetch_at=None if keys is not None else now,
                    created_at=now,
                    updated_at=now,
                ),
                changes,
            )
        )
        self._check_urls(made)
        await self._check_projects(scope, org_id, made.grants)
        async with self._store.begin(scope.across_tenants()) as issuers:
            # A token leads to whoever believes its issuer, so nobody may believe another tenant's
            # beside it; only the platform can say that one provider serves both.
            others = set(await issuers.claim_url(issuer)) - {org_id}
            if others and not everywhere:
                raise ConflictError(
                    "this issuer belongs to another organisation; ask the platform's administrator"
                )
            await issuers.add(scope, made)
            await issuers.publish([made.resource()])
        self._wanted.set()
        return made

    async def get(self, scope: Scope, issuer_id: str) -> TokenIssuer:
        """Return one issuer.

        Raises:
            NotFoundError: if there is none that the caller may see.
        """
        scope = await self._narrowed(scope, ISSUER_READ, issuer_id)
        async with self._store.begin(scope) as issuers:
            return existing(await issuers.get(issuer_id))

    async def list_of(self, scope: Scope, org_id: str, page: PageRequest) -> Page[TokenIssuer]:
        """Return an organisation's issuers, oldest first.

        Raises:
            NotFoundError: if the caller sees no such organisation.
        """
        after = decode_cursor(page.cursor, str)
        scope = authorize(scope, ISSUER_READ, org_id=org_id)
        async with self._store.begin(scope) as issuers:
            found = await issuers.of_organization(org_id, after=after, limit=page.limit + 1)
        return page_of(found, page.limit, lambda issuer: issuer.id)

    async def update(
        self,
        scope: Scope,
        issuer_id: str,
        changes: IssuerChanges,
        *,
        keys: str | None = None,
        expected_revision: int | None = None,
    ) -> TokenIssuer:
        """Change what an issuer's tokens mean; ``keys`` replace those that were given before.

        Raises:
            NotFoundError: if there is none that the caller may see.
            InvalidRequestError: if a field is not acceptable.
            PreconditionFailedError: if it is not at ``expected_revision`` any more.
        """
        present, scope = await self._found(scope, ISSUER_WRITE, issuer_id)
        if isinstance(changes.grants, tuple):
            await self._check_projects(scope, present.org_id, changes.grants)
        taken = None if keys is None else _checked(keys)
        now = self._clock.now()
        async with self._store.begin(scope) as issuers:
            old = existing(await issuers.lock(issuer_id))
            check_revision(expected_revision, old.revision)
            if taken is not None and not old.static_keys:
                raise InvalidRequestError("this issuer's keys are fetched", param="keys")
            new = msgspec.structs.replace(
                checked_issuer(apply_changes(old, changes)),
                keys=taken or old.keys,
                updated_at=now,
                revision=old.revision + 1,
            )
            self._check_urls(new)
            if new.jwks_uri != old.jwks_uri:
                new = msgspec.structs.replace(new, next_fetch_at=now)
            await issuers.replace(new)
            await issuers.publish([new.resource()])
        self._wanted.set()
        return new

    async def remove(self, scope: Scope, issuer_id: str) -> None:
        """Believe an issuer no more; its tokens end at every gateway.

        Raises:
            NotFoundError: if there is none that the caller may see.
        """
        scope = await self._narrowed(scope, ISSUER_WRITE, issuer_id)
        async with self._store.begin(scope) as issuers:
            await issuers.remove(issuer_id)
            await issuers.publish(deletes=[(resources.TokenIssuer.kind, issuer_id)])

    async def refresh(self, scope: Scope, issuer_id: str) -> TokenIssuer:
        """Fetch an issuer's keys now; what went wrong, if anything, is in ``problem``.

        Raises:
            NotFoundError: if there is none that the caller may see.
        """
        scope = await self._narrowed(scope, ISSUER_WRITE, issuer_id)
        async with self._store.begin(scope) as issuers:
            issuer = existing(await issuers.get(issuer_id))
        if issuer.static_keys:
            return issuer
        if issuer.tried_at is not None and self._clock.now() - issuer.tried_at < REFRESH_AT_MOST:
            return issuer
        await self._fetch(issuer)
        return await self.get(scope, issuer_id)

    # Keys, by the control plane itself

    async def hasten(self, issuer_ids: Sequence[str]) -> None:
        """Fetch the keys of these issuers soon: gateways met tokens by keys that they lack."""
        now = self._clock.now()
        async with self._store.begin(_SELF) as issuers:
            due = await issuers.hasten(issuer_ids, now, rest=REFRESH_AT_MOST)
        if due:
            self._wanted.set()

    async def follow_keys(self) -> None:
        """Keep every issuer's keys fresh until cancelled, also while the database is away."""
        while True:
            try:
                while await self.fetch_due():
                    pass
            except DatabaseUnavailableError:
                _log.debug("the keys of token issuers wait for the database")
            try:
                async with asyncio.timeout(_LOOK_EVERY_S):
                    await self._wanted.wait()
            except TimeoutError:
                continue
            self._wanted.clear()

    async def fetch_due(self) -> int:
        """Fetch the keys that are due, some at a time; return how many issuers were asked."""
        now = self._clock.now()
        async with self._store.begin(_SELF) as issuers:
            due = await issuers.take_due(now, until=now + _TAKEN_FOR, limit=_AT_ONCE)
        results = await asyncio.gather(
            *(self._fetch(issuer) for issuer in due), return_exceptions=True
        )
        for issuer, result in zip(due, results, strict=True):
            if isinstance(result, DatabaseUnavailableError):
                raise result
            if isinstance(result, Exception):
                # What one provider answers must not keep the others' keys from being fetched.
                _log.error("fetching the keys of %s failed", issuer.id, exc_info=result)
        return len(due)

    async def _fetch(self, issuer: TokenIssuer) -> None:
        keys = problem = None
        try:
            keys = public_keys(await self._source.fetch(issuer.issuer, issuer.jwks_uri)).decode()
        except (ProviderError, KeySetError) as error:
            problem = str(error)
            _log.warning("no keys of the token issuer %s (%s): %s", issuer.name, issuer.id, problem)
        now = self._clock.now()
        async with self._store.begin(_SELF) as issuers:
            held = await issuers.lock(issuer.id)
            if held is None or held.static_keys or held.jwks_uri != issuer.jwks_uri:
                return
            failures = 0 if keys is not None else held.failures + 1
            wait = REFRESH_EVERY if keys is not None else retry_after(failures)
            new = msgspec.structs.replace(
                held,
                keys=keys or held.keys,
                keys_fetched_at=now if keys is not None else held.keys_fetched_at,
                tried_at=now,
                next_fetch_at=now + wait,
                failures=failures,
                problem=problem,
            )
            await issuers.note_keys(new)
            if new.keys != held.keys:
                await issuers.publish([new.resource()])

    # Within

    def _check_urls(self, issuer: TokenIssuer) -> None:
        if issuer.static_keys:
            if issuer.jwks_uri is not None:
                raise InvalidRequestError("the keys were given already", param="jwks_uri")
            return
        for param, url in (("issuer", issuer.issuer), ("jwks_uri", issuer.jwks_uri)):
            try:
                if url is not None:
                    self._source.check(url)
            except ProviderError as error:
                raise InvalidRequestError(f"{param}: {error}", param=param) from error

    async def _check_projects(
        self, scope: Scope, org_id: str, grants: Sequence[TokenGrant]
    ) -> None:
        for project_id in sorted({grant.project_id for grant in grants}):
            try:
                project = await self._tenancy.get_project(scope, project_id)
            except NotFoundError:
                project = None
            if project is None or project.org_id != org_id:
                raise InvalidRequestError(
                    f"the organisation has no project {project_id}", param="grants"
                )

    async def _narrowed(self, scope: Scope, permission: Permission, issuer_id: str) -> Scope:
        return (await self._found(scope, permission, issuer_id))[1]

    async def _found(
        self, scope: Scope, permission: Permission, issuer_id: str
    ) -> tuple[TokenIssuer, Scope]:
        # Only the owner is read across tenants; everything else happens inside it.
        async with self._store.begin(_SELF) as issuers:
            issuer = existing(await issuers.get(issuer_id))
        return issuer, authorize(scope, permission, org_id=issuer.org_id)


class OrganizationIssuers:
    """Tenancy's view of the issuers: it asks for their end when an organisation goes."""

    def __init__(self, store: FederationStore) -> None:
        self._store = store

    async def release_organization(self, scope: Scope, org_id: str) -> None:
        """Remove every issuer of an organisation that is being removed."""
        scope = authorize(scope, ISSUER_WRITE, org_id=org_id)
        async with self._store.begin(scope) as issuers:
            ids = await issuers.remove_of(org_id)
            await issuers.publish(
                deletes=[(resources.TokenIssuer.kind, issuer_id) for issuer_id in ids]
            )


def _checked(keys: str) -> str:
    try:
        return public_keys(keys.encode()).decode()
    except KeySetError as error:
        raise InvalidRequestError(str(error), param="keys") from error
