"""Why somebody may do something, or may not: every grant that was looked at."""

from collections.abc import Collection

import msgspec

from mainspring.capabilities.identity.domain import MEMBER_READ, Holding
from mainspring.capabilities.identity.ports import IdentityStore
from mainspring.capabilities.identity.service.sign_in import confined, scope_of_user
from mainspring.capabilities.identity.service.tokens import narrowed
from mainspring.capabilities.tenancy.api import TenancyService
from mainspring.kernel.access import Permission
from mainspring.kernel.authorize import authorize
from mainspring.kernel.errors import InvalidRequestError, NotFoundError
from mainspring.kernel.scope import PLATFORM_ORG, Scope

_SELF = Scope.platform("access")
PLATFORM = "platform"


class Considered(msgspec.Struct, frozen=True):
    """A role that the actor has, and what it says of the question."""

    holding: Holding
    covers: bool
    permits: bool


class Explanation(msgspec.Struct, frozen=True):
    """The answer, and everything that it follows from."""

    allowed: bool
    permission: Permission
    org_id: str
    project_id: str | None
    disabled: bool
    considered: tuple[Considered, ...]


class AccessService:
    """Explains decisions of ``kernel.authorize``; ``permissions`` are all that exist."""

    def __init__(
        self,
        store: IdentityStore,
        tenancy: TenancyService,
        *,
        permissions: Collection[Permission],
    ) -> None:
        self._store = store
        self._tenancy = tenancy
        self.permissions = {each.name: each for each in permissions}

    async def explain(
        self, scope: Scope, *, actor: str, permission: str, resource: str
    ) -> Explanation:
        """Tell whether ``actor`` has ``permission`` for ``resource``, and why.

        ``resource`` is ``platform``, or the id of an organisation, a project or a key. Everybody
        may ask about themselves; about others, whoever may see the members of that place.

        Raises:
            InvalidRequestError: if there is no such permission.
            NotFoundError: if there is no such actor or resource that the caller may see.
        """
        wanted = self.permissions.get(permission)
        if wanted is None:
            raise InvalidRequestError("there is no such permission", param="permission")
        org_id, project_id = await self._place(resource)
        if actor == scope.actor.id:
            _refuse_stranger(scope, org_id, project_id)
        else:
            authorize(scope, MEMBER_READ, org_id=org_id, project_id=project_id)
        async with self._store.accounts(_SELF) as accounts:
            user = await accounts.user(actor)
            if user is None:
                raise NotFoundError("there is no such person")
            standing = await accounts.standing(user)
        considered = tuple(
            Considered(
                holding,
                covers=holding.grant().covers(org_id, project_id),
                permits=holding.grant().permits(wanted),
            )
            for holding in standing.holdings()
        )
        there = tuple(each for each in considered if each.holding.org_id in (None, org_id))
        if actor == scope.actor.id or _sees_all(scope):
            there = considered  # of another's roles elsewhere nobody learns here
        elif not there:
            raise NotFoundError("there is no such person")
        allowed = user.disabled_at is None and any(
            each.covers and each.permits for each in considered
        )
        return Explanation(
            allowed=allowed,
            permission=wanted,
            org_id=org_id,
            project_id=project_id,
            disabled=user.disabled_at is not None,
            considered=there,
        )

    async def stands_for(self, user_id: str, org_id: str, project_id: str) -> frozenset[str]:
        """Return a person's roles and groups in a place, as ``role:…`` and ``group:…``.

        For capabilities that ask people by what they are. Without ``project_id`` those in any
        project of the organisation count; who is disabled is nothing.
        """
        async with self._store.accounts(_SELF) as accounts:
            user = await accounts.user(user_id)
            if user is None or user.disabled_at is not None:
                return frozenset()
            standing = await accounts.standing(user)
        roles = {
            f"role:{each.role}"
            for each in standing.holdings()
            if each.org_id in (None, org_id)
            and (each.project_id is None or project_id in ("", each.project_id))
        }
        groups = {f"group:{each.id}" for each in standing.groups if each.org_id == org_id}
        return frozenset(roles | groups)

    async def scope_of(
        self, user_id: str, *, narrowed_to: frozenset[str] | None, confined_to: str | None
    ) -> Scope:
        """Return what a person may do now, within what a credential of theirs was confined to.

        Raises:
            SignInRequiredError: if the account is gone or disabled.
        """
        async with self._store.accounts(_SELF) as accounts:
            scope = await scope_of_user(accounts, user_id)
        if confined_to is not None:
            scope = confined(scope, confined_to)
        return scope if narrowed_to is None else narrowed(scope, narrowed_to)

    async def _place(self, resource: str) -> tuple[str, str | None]:
        if resource == PLATFORM:
            return PLATFORM_ORG, None
        if resource.startswith("org_"):
            await self._tenancy.check_organization(resource)
            return resource, None
        if resource.startswith("prj_"):
            return await self._tenancy.organization_of(resource), resource
        if resource.startswith("key_"):
            async with self._store.keys(_SELF) as keys:
                key = await keys.get(resource)
            if key is None:
                raise NotFoundError
            return key.org_id, key.project_id
        raise InvalidRequestError(
            "a resource is `platform`, or the id of an organisation, a project or a key",
            param="resource",
        )


def _refuse_stranger(scope: Scope, org_id: str, project_id: str | None) -> None:
    """Whoever has nothing there does not learn that the place exists."""
    known = scope.crosses_tenants or org_id == PLATFORM_ORG
    if not known and not any(grant.covers(org_id, project_id) for grant in scope.grants):
        raise NotFoundError


def _sees_all(scope: Scope) -> bool:
    return scope.crosses_tenants or any(
        grant.org_id is None and grant.permits(MEMBER_READ) for grant in scope.grants
    )
