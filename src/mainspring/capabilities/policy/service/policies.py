"""Policies, made and changed.

Each use case asks :func:`authorize` first and acts in the scope it answers.
"""

import msgspec

from mainspring.capabilities.identity.api import KeyService
from mainspring.capabilities.policy.domain import (
    MAX_OF_OWNER,
    POLICY_READ,
    POLICY_WRITE,
    Policy,
    PolicyChanges,
    checked_policy,
)
from mainspring.capabilities.policy.ports import PolicyStore
from mainspring.capabilities.tenancy.api import TenancyService
from mainspring.kernel.access import Permission
from mainspring.kernel.authorize import authorize, authorize_somewhere, reach
from mainspring.kernel.changes import apply_changes, check_revision
from mainspring.kernel.clock import Clock
from mainspring.kernel.errors import (
    ConflictError,
    InvalidRequestError,
)
from mainspring.kernel.existing import existing
from mainspring.kernel.ids import new_id
from mainspring.kernel.paging import Page, PageRequest, decode_cursor, page_of
from mainspring.kernel.scope import PLATFORM_ORG, Scope
from mainspring.snapshot import resources
from mainspring.snapshot.policy_rules import CacheRule, CaptureRule, ParameterRule

_SELF = Scope.platform("policy")


class PolicyService:
    """Policies. A change reaches gateways with its transaction.

    Policies only narrow, so an organisation may write its own: they cannot undo the platform's.
    """

    def __init__(
        self, store: PolicyStore, tenancy: TenancyService, keys: KeyService, clock: Clock
    ) -> None:
        self._store = store
        self._tenancy = tenancy
        self._keys = keys
        self._clock = clock

    async def create(
        self,
        scope: Scope,
        *,
        name: str,
        org_id: str | None = None,
        project_id: str | None = None,
        key_id: str | None = None,
        models: tuple[str, ...] = (),
        enabled: bool = True,
        locked: bool = False,
        parameters: tuple[ParameterRule, ...] = (),
        cache: CacheRule | None = None,
        capture: CaptureRule | None = None,
    ) -> Policy:
        """Create a policy for a key, a project, an organisation, or (with none) for everybody.

        The innermost id is enough; one further out that does not fit it is refused.

        Raises:
            NotFoundError: if the caller sees no such organisation, project or key.
            InvalidRequestError: if a field is not acceptable.
            ConflictError: if the name is taken, or too many are attached there.
        """
        org_id, project_id = await self._owners(scope, org_id, project_id, key_id)
        scope = self._to_write(scope, org_id, project_id, locked=locked)
        now = self._clock.now()
        policy = checked_policy(
            Policy(
                id=new_id("pol"),
                org_id=org_id,
                project_id=project_id,
                key_id=key_id,
                name=name,
                models=tuple(dict.fromkeys(models)),
                enabled=enabled,
                locked=locked,
                parameters=parameters,
                cache=cache,
                capture=capture,
                created_at=now,
                updated_at=now,
            )
        )
        async with self._store.begin(scope) as policies:
            if await policies.count_of(policy) >= MAX_OF_OWNER:
                raise ConflictError(f"there are {MAX_OF_OWNER} policies attached there already")
            await policies.add(policy)
            await policies.publish([policy.resource()])
        return policy

    async def get(self, scope: Scope, policy_id: str) -> Policy:
        """Return one policy.

        Raises:
            NotFoundError: if there is none that the caller may see.
        """
        policy = await self._known(policy_id)
        if policy.org_id is None:
            # What concerns everybody may be read by everyone who may read policies anywhere.
            authorize_somewhere(scope, POLICY_READ, org_id=_any_org(scope, POLICY_READ))
        else:
            authorize(scope, POLICY_READ, org_id=policy.org_id, project_id=policy.project_id)
        return policy

    async def list_policies(
        self, scope: Scope, page: PageRequest, *, org_id: str | None = None
    ) -> Page[Policy]:
        """Return the policies that hold in an organisation, the platform's too, oldest first.

        Without ``org_id``: all policies for whoever may see all, else those of the only
        organisation that the caller is in.
        """
        after = decode_cursor(page.cursor, str)
        scope = authorize_somewhere(scope, POLICY_READ, org_id=org_id)
        async with self._store.begin(scope) as policies:
            found = await policies.of_organization(org_id, after=after, limit=page.limit + 1)
        return page_of(found, page.limit, lambda policy: policy.id)

    async def update(
        self,
        scope: Scope,
        policy_id: str,
        changes: PolicyChanges,
        *,
        expected_revision: int | None = None,
    ) -> Policy:
        """Change a policy; it holds from the next request of every gateway.

        Raises:
            NotFoundError: if there is none that the caller may see.
            PermissionDeniedError: if it is the platform's to change.
            PreconditionFailedError: if it is not at ``expected_revision`` any more.
        """
        old = await self._known(policy_id)
        locked = old.locked or changes.locked is True
        scope = self._to_write(scope, old.org_id, old.project_id, locked=locked)
        check_revision(expected_revision, old.revision)
        new = checked_policy(
            msgspec.structs.replace(
                apply_changes(old, changes),
                updated_at=self._clock.now(),
                revision=old.revision + 1,
            )
        )
        async with self._store.begin(scope) as policies:
            await policies.replace(new)
            await policies.publish([new.resource()])
        return new

    async def remove(self, scope: Scope, policy_id: str) -> None:
        """Remove a policy.

        Raises:
            NotFoundError: if there is none that the caller may see.
            PermissionDeniedError: if it is the platform's to remove.
        """
        policy = await self._known(policy_id)
        scope = self._to_write(scope, policy.org_id, policy.project_id, locked=policy.locked)
        async with self._store.begin(scope) as policies:
            await policies.remove(policy_id)
            await policies.publish(deletes=[(resources.Policy.kind, policy_id)])

    async def _owners(
        self, scope: Scope, org_id: str | None, project_id: str | None, key_id: str | None
    ) -> tuple[str | None, str | None]:
        """Return the organisation and the project that the innermost id belongs to."""
        if key_id is not None:
            key = await self._keys.get(scope, key_id)
            if key.revoked_at is not None:
                raise InvalidRequestError("the key was revoked", param="key_id")
            if project_id not in (None, key.project_id):
                raise InvalidRequestError("the key is of another project", param="project_id")
            project_id = key.project_id
        if project_id is not None:
            project = await self._tenancy.get_project(scope, project_id)
            if org_id not in (None, project.org_id):
                raise InvalidRequestError("the project is of another organisation", param="org_id")
            return project.org_id, project_id
        if org_id is not None:
            await self._tenancy.get_organization(scope, org_id)
        return org_id, None

    def _to_write(
        self, scope: Scope, org_id: str | None, project_id: str | None, *, locked: bool
    ) -> Scope:
        narrowed = authorize(
            scope, POLICY_WRITE, org_id=org_id or PLATFORM_ORG, project_id=project_id
        )
        if locked:
            authorize(scope, POLICY_WRITE, org_id=PLATFORM_ORG)
        return narrowed

    async def _known(self, policy_id: str) -> Policy:
        # Only the owner is read across tenants; everything else happens inside it.
        async with self._store.begin(_SELF) as policies:
            return existing(await policies.get(policy_id))


class OrganizationPolicies:
    """Tenancy's view of the policies: it asks for their end when an organisation goes."""

    def __init__(self, store: PolicyStore) -> None:
        self._store = store

    async def release_organization(self, scope: Scope, org_id: str) -> None:
        """Remove every policy of an organisation that is being removed."""
        scope = authorize(scope, POLICY_WRITE, org_id=org_id)
        async with self._store.begin(scope) as policies:
            ids = await policies.remove_of(org_id)
            await policies.publish(deletes=[(resources.Policy.kind, each) for each in ids])


def _any_org(scope: Scope, permission: Permission) -> str | None:
    found = reach(scope, permission)
    return None if not found else min(found)
