"""API keys: the gateway's own, published as digests."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from mainspring.capabilities.identity.domain import (
    KEY_PREFIX,
    KEY_READ,
    KEY_REVOKE,
    KEY_WRITE,
    ApiKey,
    KeyChanges,
    checked_scopes,
    digest_of,
    hint_of,
)
from mainspring.capabilities.identity.domain.accounts import checked_person_name
from mainspring.capabilities.identity.ports import IdentityStore
from mainspring.capabilities.tenancy.api import TenancyService
from mainspring.kernel.access import Permission
from mainspring.kernel.authorize import authorize
from mainspring.kernel.changes import apply_changes, check_revision
from mainspring.kernel.clock import Clock
from mainspring.kernel.errors import ConflictError, InvalidRequestError
from mainspring.kernel.existing import existing
from mainspring.kernel.ids import new_id, new_secret
from mainspring.kernel.paging import Page, PageRequest, decode_cursor, page_of
from mainspring.kernel.scope import Scope
from mainspring.snapshot import resources
from mainspring.snapshot.resources import Limits
from mainspring.wire.scopes import CALL_MODELS

MAX_OVERLAP = timedelta(days=30)
_OF_A_GRANT = (
    "the key was granted for a model: what it may do follows the access request, where a new one"
    " is taken, too"
)
_SELF = Scope.platform("keys")


class CreatedKey(msgspec.Struct, frozen=True):
    """A key with its secret, which is shown this once."""

    key: ApiKey
    secret: str


class KeyService:
    """Creates, shows and revokes API keys. A change reaches gateways with its transaction."""

    def __init__(self, store: IdentityStore, tenancy: TenancyService, clock: Clock) -> None:
        self._store = store
        self._tenancy = tenancy
        self._clock = clock

    async def create(
        self,
        scope: Scope,
        project_id: str,
        *,
        name: str,
        models: Sequence[str] | None = None,
        scopes: Sequence[str] = (CALL_MODELS,),
        expires_at: datetime | None = None,
        limits: Limits | None = None,
        granted: Sequence[str] = (),
    ) -> CreatedKey:
        """Create a key of a project; ``models`` ``None`` allows all that the project sees.

        ``scopes`` are what it may be used for (:mod:`mainspring.wire.scopes`). ``granted`` are ids
        of models that whoever manages grants makes it for.

        Raises:
            NotFoundError: if the caller sees no such project.
            InvalidRequestError: if a field is not acceptable, or a limit is wider than the
                project's or the organisation's.
        """
        scope = await self._tenancy.project_scope(scope, KEY_WRITE, project_id)
        if expires_at is not None and expires_at <= self._clock.now():
            raise InvalidRequestError("the expiry has passed already", param="expires_at")
        org_id = await self._tenancy.organization_of(project_id)
        await self._tenancy.refuse_wider(project_id, limits)
        secret = new_secret(KEY_PREFIX)
        key = ApiKey(
            id=new_id("key"),
            org_id=org_id,
            project_id=project_id,
            actor_id=scope.actor.id,
            name=checked_person_name(name),
            hint=hint_of(secret),
            digest=digest_of(secret),
            scopes=checked_scopes(scopes),
            models=None if models is None else tuple(dict.fromkeys(models)),
            limits=limits,
            created_at=self._clock.now(),
            expires_at=expires_at,
            granted=tuple(granted),
        )
        async with self._store.keys(scope) as keys:
            await keys.add(key)
            await keys.publish([key.resource()])
        return CreatedKey(key, secret)

    async def get(self, scope: Scope, key_id: str) -> ApiKey:
        """Return one key, a revoked one too.

        Raises:
            NotFoundError: if there is none that the caller may see.
        """
        scope = await self._narrowed(scope, KEY_READ, key_id)
        async with self._store.keys(scope) as keys:
            return existing(await keys.get(key_id))

    async def list_of_project(
        self, scope: Scope, project_id: str, page: PageRequest
    ) -> Page[ApiKey]:
        """Return the keys of a project, newest first, revoked ones too.

        Raises:
            NotFoundError: if the caller sees no such project.
        """
        before = decode_cursor(page.cursor, str)
        scope = await self._tenancy.project_scope(scope, KEY_READ, project_id)
        async with self._store.keys(scope) as keys:
            found = await keys.of_project(project_id, before=before, limit=page.limit + 1)
        return page_of(found, page.limit, lambda key: key.id)

    async def update(
        self,
        scope: Scope,
        key_id: str,
        changes: KeyChanges,
        *,
        expected_revision: int | None = None,
    ) -> ApiKey:
        """Change a key; gateways follow with the transaction.

        Raises:
            NotFoundError: if there is none that the caller may see.
            InvalidRequestError: if a field is not acceptable, or a limit is wider than the
                project's or the organisation's.
            ConflictError: if the key has ended, or is a grant's and more than its name would
                change.
            PreconditionFailedError: if it is not at ``expected_revision`` any more.
        """
        scope = await self._narrowed(scope, KEY_WRITE, key_id)
        now = self._clock.now()
        async with self._store.keys(scope) as keys:
            held = existing(await keys.get(key_id))
        if isinstance(changes.limits, Limits):
            await self._tenancy.refuse_wider(held.project_id, changes.limits)
        if isinstance(changes.name, str):
            changes = msgspec.structs.replace(changes, name=checked_person_name(changes.name))
        if isinstance(changes.scopes, tuple):
            changes = msgspec.structs.replace(changes, scopes=checked_scopes(changes.scopes))
        if isinstance(changes.models, tuple):
            changes = msgspec.structs.replace(changes, models=tuple(dict.fromkeys(changes.models)))
        if isinstance(changes.expires_at, datetime) and changes.expires_at <= now:
            raise InvalidRequestError(
                "the expiry has passed already; revoke the key instead", param="expires_at"
            )
        async with self._store.keys(scope) as keys:
            old = existing(await keys.lock(key_id))
            check_revision(expected_revision, old.revision)
            _refuse_ended(old, now)
            new = msgspec.structs.replace(apply_changes(old, changes), revision=old.revision + 1)
            if old.granted and new != msgspec.structs.replace(
                old, name=new.name, revision=new.revision
            ):
                raise ConflictError(_OF_A_GRANT)
            await keys.replace(new)
            await keys.publish([new.resource()])
        return new

    async def revoke(self, scope: Scope, key_id: str) -> None:
        """End a key at every gateway; once ended it stays so.

        Raises:
            NotFoundError: if there is none that the caller may see.
        """
        scope = await self._narrowed(scope, KEY_REVOKE, key_id)
        async with self._store.keys(scope) as keys:
            await keys.revoke([key_id], self._clock.now())
            await keys.publish(deletes=[(resources.ApiKey.kind, key_id)])

    async def rotate(self, scope: Scope, key_id: str, *, overlap: timedelta) -> CreatedKey:
        """Make a key like this one, and let this one end when ``overlap`` is over.

        Raises:
            NotFoundError: if there is none that the caller may see.
            ConflictError: if the key has ended already, or is a grant's.
            InvalidRequestError: if the overlap is not acceptable.
        """
        scope = await self._narrowed(scope, KEY_WRITE, key_id)
        if not timedelta(0) <= overlap <= MAX_OVERLAP:
            raise InvalidRequestError(
                f"an overlap lasts up to {MAX_OVERLAP.days} days", param="overlap_s"
            )
        now = self._clock.now()
        secret = new_secret(KEY_PREFIX)
        async with self._store.keys(scope) as keys:
            old = existing(await keys.lock(key_id))
            _refuse_ended(old, now)
            if old.granted:
                raise ConflictError(_OF_A_GRANT)  # a copy of it would outlive its grant
            new = msgspec.structs.replace(
                old,
                id=new_id("key"),
                actor_id=scope.actor.id,
                hint=hint_of(secret),
                digest=digest_of(secret),
                replaces=old.id,
                created_at=now,
                last_used_at=None,
                revision=1,
            )
            ends = now + overlap if old.expires_at is None else min(now + overlap, old.expires_at)
            ending = msgspec.structs.replace(old, expires_at=ends, revision=old.revision + 1)
            await keys.add(new)
            await keys.replace(ending)
            await keys.publish([new.resource(), ending.resource()])
        return CreatedKey(new, secret)

    async def prolong(self, key_id: str, until: datetime | None) -> None:
        """Let a key that has not ended expire at another time, for whoever manages its grant."""
        async with self._store.keys(_SELF) as keys:
            key = await keys.lock(key_id)
            if key is None or key.revoked_at is not None:
                return
            key = msgspec.structs.replace(key, expires_at=until, revision=key.revision + 1)
            await keys.replace(key)
            await keys.publish([key.resource()])

    async def names(self, scope: Scope, key_ids: Iterable[str]) -> Mapping[str, str]:
        """Return the names of those keys that the (narrowed) scope sees, by id."""
        async with self._store.keys(scope) as keys:
            return await keys.names(key_ids)

    async def unused(
        self, scope: Scope, *, since: datetime, org_id: str | None, limit: int
    ) -> Sequence[ApiKey]:
        """Return live keys that the (narrowed) scope sees and that were not used since.

        Those that are older than that, of one organisation or of all, oldest first.
        """
        async with self._store.keys(scope) as keys:
            return await keys.unused(since=since, org_id=org_id, now=self._clock.now(), limit=limit)

    async def note_use(self, last_used: Mapping[str, datetime]) -> None:
        """Note when keys were last used, as the ledger heard of it."""
        if last_used:
            async with self._store.keys(_SELF) as keys:
                await keys.note_use(last_used)

    async def _narrowed(self, scope: Scope, permission: Permission, key_id: str) -> Scope:
        # Only the owner is read across tenants; everything else happens inside it.
        async with self._store.keys(_SELF) as keys:
            key = existing(await keys.get(key_id))
        return authorize(scope, permission, org_id=key.org_id, project_id=key.project_id)


def _refuse_ended(key: ApiKey, now: datetime) -> None:
    if key.revoked_at is not None or (key.expires_at is not None and key.expires_at <= now):
        raise ConflictError("the key has ended: make a new one")


class OrganizationKeys:
    """Tenancy's view of keys and groups: it asks for their end when an organisation goes."""

    def __init__(self, store: IdentityStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def release_organization(self, scope: Scope, org_id: str) -> None:
        """End every key and every group of an organisation that is being removed."""
        scope = authorize(scope, KEY_REVOKE, org_id=org_id)
        async with self._store.keys(scope) as keys:
            ids = [key.id for key in await keys.live_of_organization(org_id)]
            await keys.revoke(ids, self._clock.now())
            await keys.publish(deletes=[(resources.ApiKey.kind, key_id) for key_id in ids])
        async with self._store.people(scope) as people:
            await people.remove_groups_of(org_id)
