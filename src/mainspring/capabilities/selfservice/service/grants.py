"""Grants of restricted models, from the first to the last."""

from datetime import datetime

import msgspec

from mainspring.capabilities.catalog.api import CatalogService
from mainspring.capabilities.selfservice.domain import (
    ACCESS_GRANT,
    ACCESS_READ,
    GrantChanges,
    ModelGrant,
)
from mainspring.capabilities.selfservice.domain.grants import checked_grant
from mainspring.capabilities.selfservice.ports import GrantStore
from mainspring.capabilities.tenancy.api import TenancyService
from mainspring.kernel.authorize import authorize, authorize_somewhere
from mainspring.kernel.changes import apply_changes, check_revision
from mainspring.kernel.clock import Clock
from mainspring.kernel.errors import InvalidRequestError, NotFoundError
from mainspring.kernel.existing import existing
from mainspring.kernel.ids import new_id
from mainspring.kernel.paging import Page, PageRequest, decode_cursor, page_of
from mainspring.kernel.scope import PLATFORM_ORG, Scope
from mainspring.snapshot import resources

_SELF = Scope.platform("selfservice")


class GrantService:
    """Gives, changes and takes back grants; gateways follow with the transaction.

    All of it is the platform's: an organisation that opened models to itself would pass by the
    rules of approval that the platform made for everybody.
    """

    def __init__(
        self, store: GrantStore, tenancy: TenancyService, catalog: CatalogService, clock: Clock
    ) -> None:
        self._store = store
        self._tenancy = tenancy
        self._catalog = catalog
        self._clock = clock

    async def create(
        self,
        scope: Scope,
        org_id: str,
        *,
        model_id: str,
        project_id: str | None = None,
        expires_at: datetime | None = None,
        reason: str = "",
    ) -> ModelGrant:
        """Open a model to a project, or (``project_id`` ``None``) to a whole organisation.

        A model that is open to everybody may be granted as well: it holds once it is restricted.

        Raises:
            PermissionDeniedError: if the caller may not grant for the platform.
            NotFoundError: if there is no such organisation or model.
            InvalidRequestError: if a field is not acceptable, or the project is another's.
            ConflictError: if there is such a grant already.
        """
        authorize(scope, ACCESS_GRANT, org_id=PLATFORM_ORG)
        within = authorize(scope, ACCESS_GRANT, org_id=org_id)
        await self._tenancy.check_organization(org_id)
        if project_id is not None and await self._owner(project_id) != org_id:
            raise InvalidRequestError("there is no such project", param="project_id")
        model = await self._catalog.get_model(scope, model_id)
        if model.org_id not in (None, org_id):
            raise InvalidRequestError("the organisation has no such model", param="model_id")
        now = self._clock.now()
        grant = checked_grant(
            ModelGrant(
                id=new_id("mgr"),
                org_id=org_id,
                project_id=project_id,
                model_id=model.id,
                model=model.name,
                reason=reason,
                created_by=scope.actor.id,
                expires_at=expires_at,
                created_at=now,
                updated_at=now,
            ),
            now,
        )
        async with self._store.begin(within) as grants:
            await grants.add(grant)
            await grants.publish([grant.resource()])
        return grant

    async def list_grants(
        self,
        scope: Scope,
        page: PageRequest,
        *,
        org_id: str | None = None,
        project_id: str | None = None,
        model_id: str | None = None,
    ) -> Page[ModelGrant]:
        """Return grants, oldest first; those of a project include its organisation's.

        Without ``org_id``: all of them for whoever may see all, else those of the only
        organisation that the caller is in.

        Raises:
            NotFoundError: if the caller sees no such organisation.
        """
        after = decode_cursor(page.cursor, str)
        scope = authorize_somewhere(scope, ACCESS_READ, org_id=org_id)
        async with self._store.begin(scope) as grants:
            found = await grants.list(
                org_id=org_id,
                project_id=project_id,
                model_id=model_id,
                after=after,
                limit=page.limit + 1,
            )
        return page_of(found, page.limit, lambda grant: grant.id)

    async def get(self, scope: Scope, grant_id: str) -> ModelGrant:
        """Return one grant.

        Raises:
            NotFoundError: if there is none that the caller may see.
        """
        scope = authorize(scope, ACCESS_READ, org_id=await self._holder(grant_id))
        async with self._store.begin(scope) as grants:
            return existing(await grants.get(grant_id))

    async def update(
        self,
        scope: Scope,
        grant_id: str,
        changes: GrantChanges,
        *,
        expected_revision: int | None = None,
    ) -> ModelGrant:
        """Change a grant.

        Raises:
            PermissionDeniedError: if the caller may not grant for the platform.
            NotFoundError: if there is none that the caller may see.
            InvalidRequestError: if a field is not acceptable.
            PreconditionFailedError: if it is not at ``expected_revision`` any more.
        """
        scope = await self._to_write(scope, grant_id)
        async with self._store.begin(scope) as grants:
            old = existing(await grants.get(grant_id, lock=True))
            check_revision(expected_revision, old.revision)
            now = self._clock.now()
            new = checked_grant(
                msgspec.structs.replace(
                    apply_changes(old, changes), updated_at=now, revision=old.revision + 1
                ),
                now,
            )
            await grants.replace(new)
            await grants.publish([new.resource()])
        return new

    async def remove(self, scope: Scope, grant_id: str) -> None:
        """Take a grant back; calls that have begun go on.

        Raises:
            PermissionDeniedError: if the caller may not grant for the platform.
            NotFoundError: if there is none that the caller may see.
        """
        scope = await self._to_write(scope, grant_id)
        async with self._store.begin(scope) as grants:
            existing(await grants.get(grant_id, lock=True))
            await grants.remove(grant_id)
            await grants.publish(deletes=[(resources.ModelGrant.kind, grant_id)])

    async def _to_write(self, scope: Scope, grant_id: str) -> Scope:
        authorize(scope, ACCESS_GRANT, org_id=PLATFORM_ORG)
        return authorize(scope, ACCESS_GRANT, org_id=await self._holder(grant_id))

    async def _holder(self, grant_id: str) -> str:
        # Only the owner is read across tenants; everything else happens inside it.
        async with self._store.begin(_SELF) as grants:
            return existing(await grants.get(grant_id)).org_id

    async def _owner(self, project_id: str) -> str | None:
        try:
            return await self._tenancy.organization_of(project_id)
        except NotFoundError:
            return None


class GrantsOfOthers:
    """What tenancy and the catalog ask: the end of grants when an organisation or a model goes."""

    def __init__(self, store: GrantStore) -> None:
        self._store = store

    async def release_organization(self, scope: Scope, org_id: str) -> None:
        """Take back every grant of an organisation that is being removed."""
        scope = authorize(scope, ACCESS_GRANT, org_id=org_id)
        async with self._store.begin(scope) as grants:
            ids = await grants.remove_of_organization(org_id)
            await grants.publish(deletes=[(resources.ModelGrant.kind, each) for each in ids])

    async def release_model(self, scope: Scope, model_id: str) -> None:
        """Take back every grant of a model that is being removed, as far as ``scope`` reaches."""
        async with self._store.begin(scope) as grants:
            ids = await grants.remove_of_model(model_id)
            await grants.publish(deletes=[(resources.ModelGrant.kind, each) for each in ids])
