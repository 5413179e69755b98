"""The rules of approval: an organisation's own, and the platform's for everybody."""

from collections.abc import Sequence

import msgspec

from mainspring.capabilities.selfservice.domain import (
    ACCESS_READ,
    ACCESS_RULE,
    AccessRule,
    ApprovalStep,
    RuleChanges,
)
from mainspring.capabilities.selfservice.domain.rules import MAX_RULES, checked_rule
from mainspring.capabilities.selfservice.ports import RequestStore
from mainspring.capabilities.tenancy.api import TenancyService
from mainspring.kernel.access import Permission
from mainspring.kernel.authorize import authorize
from mainspring.kernel.changes import apply_changes, check_revision
from mainspring.kernel.clock import Clock
from mainspring.kernel.errors import ConflictError, InvalidRequestError
from mainspring.kernel.existing import existing
from mainspring.kernel.ids import new_id
from mainspring.kernel.scope import PLATFORM_ORG, Scope

_SELF = Scope.platform("selfservice")


class RuleService:
    """Keeps rules. A change concerns requests that are made from then on."""

    def __init__(self, store: RequestStore, tenancy: TenancyService, clock: Clock) -> None:
        self._store = store
        self._tenancy = tenancy
        self._clock = clock

    async def create(
        self,
        scope: Scope,
        org_id: str | None,
        *,
        name: str,
        position: int = 100,
        enabled: bool = True,
        models: Sequence[str] = (),
        tags: Sequence[str] = (),
        data_classes: Sequence[str] = (),
        project_ids: Sequence[str] = (),
        min_cost: int | None = None,
        more_than_days: int | None = None,
        steps: Sequence[ApprovalStep] = (),
        denies: str = "",
    ) -> AccessRule:
        """Create a rule of an organisation, or (``org_id`` ``None``) of the platform.

        Raises:
            NotFoundError: if the caller sees no such organisation.
            InvalidRequestError: if a field is not acceptable.
            ConflictError: if the name is taken, or there are as many as there may be.
        """
        scope = authorize(scope, ACCESS_RULE, org_id=org_id or PLATFORM_ORG)
        now = self._clock.now()
        rule = checked_rule(
            AccessRule(
                id=new_id("arl"),
                org_id=org_id,
                name=name,
                position=position,
                enabled=enabled,
                models=tuple(models),
                tags=tuple(tags),
                data_classes=tuple(data_classes),
                project_ids=tuple(project_ids),
                min_cost=min_cost,
                more_than_days=more_than_days,
                steps=tuple(steps),
                denies=denies,
                created_at=now,
                updated_at=now,
            )
        )
        await self._check_projects(rule)
        async with self._store.begin(scope) as requests:
            own = [each for each in await requests.rules(org_id) if each.org_id == org_id]
            if len(own) >= MAX_RULES:
                raise ConflictError(f"there are {MAX_RULES} rules already")
            await requests.add_rule(rule)
        return rule

    async def list_rules(self, scope: Scope, org_id: str | None) -> list[AccessRule]:
        """Return the rules that concern an organisation, in the order in which they speak.

        Raises:
            NotFoundError: if the caller sees no such organisation.
        """
        scope = authorize(scope, ACCESS_READ, org_id=org_id or PLATFORM_ORG)
        async with self._store.begin(scope) as requests:
            return list(await requests.rules(org_id))

    async def update(
        self,
        scope: Scope,
        rule_id: str,
        changes: RuleChanges,
        *,
        expected_revision: int | None = None,
    ) -> AccessRule:
        """Change a rule.

        Raises:
            NotFoundError: if there is none that the caller may see.
            InvalidRequestError: if a field is not acceptable.
            PreconditionFailedError: if it is not at ``expected_revision`` any more.
        """
        scope = await self._narrowed(scope, ACCESS_RULE, rule_id)
        async with self._store.begin(scope) as requests:
            old = existing(await requests.rule(rule_id))
            check_revision(expected_revision, old.revision)
            new = checked_rule(
                msgspec.structs.replace(
                    apply_changes(old, changes),
                    updated_at=self._clock.now(),
                    revision=old.revision + 1,
                )
            )
            await self._check_projects(new)
            await requests.replace_rule(new)
        return new

    async def remove(self, scope: Scope, rule_id: str) -> None:
        """Remove a rule; requests under way keep the steps that they have.

        Raises:
            NotFoundError: if there is none that the caller may see.
        """
        scope = await self._narrowed(scope, ACCESS_RULE, rule_id)
        async with self._store.begin(scope) as requests:
            await requests.remove_rule(rule_id)

    async def _narrowed(self, scope: Scope, permission: Permission, rule_id: str) -> Scope:
        # Only the owner is read across tenants; everything else happens inside it.
        async with self._store.begin(_SELF) as requests:
            rule = existing(await requests.rule(rule_id))
        return authorize(scope, permission, org_id=rule.org_id or PLATFORM_ORG)

    async def _check_projects(self, rule: AccessRule) -> None:
        if rule.org_id is None and rule.project_ids:
            raise InvalidRequestError(
                "a rule of the platform names no organisation's projects", param="project_ids"
            )
        for project_id in rule.project_ids:
            if await self._tenancy.organization_of(project_id) != rule.org_id:
                raise InvalidRequestError("there is no such project", param="project_ids")
