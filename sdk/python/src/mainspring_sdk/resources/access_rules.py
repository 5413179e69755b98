"""The namespace ``access_rules``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from collections.abc import Sequence
from typing import Literal

from msgspec import UNSET, UnsetType

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call, headers_of, path_of, sent
from mainspring_sdk._models import Model
from mainspring_sdk._paging import AsyncPages, Items, Page
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.access import AccessRuleView, ApprovalStepBody


class AccessRulesResource:
    """What is under ``access_rules``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AccessRulesResourceRaw":
        """Return the same methods, with the whole answer."""
        return AccessRulesResourceRaw(self._transport.raw())

    def list(
        self,
        *,
        org_id: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> Page[AccessRuleView]:
        """List the rules that concern an organisation, the platform's included.

        ``GET /api/v1/access-rules``; needs ``access:read``.

        Args:
            org_id: Whom they concern; none: the platform's.
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return self._transport.page(
            Call(
                method="GET",
                path="/api/v1/access-rules",
                query={"org_id": org_id, "limit": limit, "cursor": cursor},
                timeout=timeout,
            ),
            Items[AccessRuleView],
        )

    def create(
        self,
        *,
        name: str,
        org_id: str | UnsetType | None = UNSET,
        position: int | UnsetType = UNSET,
        enabled: bool | UnsetType = UNSET,
        models: Sequence[str] | UnsetType = UNSET,
        tags: Sequence[str] | UnsetType = UNSET,
        data_classes: Sequence[Literal["public", "internal", "confidential", "restricted"]]
        | UnsetType = UNSET,
        project_ids: Sequence[str] | UnsetType = UNSET,
        min_cost: int | UnsetType | None = UNSET,
        more_than_days: int | UnsetType | None = UNSET,
        steps: Sequence[ApprovalStepBody] | UnsetType = UNSET,
        denies: str | UnsetType = UNSET,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> AccessRuleView:
        """Create a rule of an organisation, or, as the platform, one for everybody.

        ``POST /api/v1/access-rules``; needs ``access:rule``.

        Args:
            org_id: `null`: the platform's, for everybody.
            position: Rules with lower numbers go first.
            models: By name, a trailing `*` standing for any rest; none: all.
            tags: Tags of the model's targets; none: any.
            data_classes: None: any.
            project_ids: Of the requester; none: any.
            steps: One after the other; none: it agrees by itself.
            denies: Why such requests are never granted; empty: they are.
        """
        return self._transport.call(
            Call(
                method="POST",
                path="/api/v1/access-rules",
                headers=headers_of(idempotency_key=idempotency_key),
                body=sent(
                    {
                        "name": name,
                        "org_id": org_id,
                        "position": position,
                        "enabled": enabled,
                        "models": models,
                        "tags": tags,
                        "data_classes": data_classes,
                        "project_ids": project_ids,
                        "min_cost": min_cost,
                        "more_than_days": more_than_days,
                        "steps": steps,
                        "denies": denies,
                    }
                ),
                timeout=timeout,
            ),
            AccessRuleView,
        )

    def delete(
        self,
        rule_id: str,
        *,
        timeout: float | None = None,
    ) -> None:
        """Remove a rule.

        ``DELETE /api/v1/access-rules/{rule_id}``; needs ``access:rule``.
        """
        self._transport.run(
            Call(method="DELETE", path=path_of("/api/v1/access-rules/{}", rule_id), timeout=timeout)
        )

    def update(
        self,
        rule_id: str,
        *,
        name: str | UnsetType = UNSET,
        position: int | UnsetType = UNSET,
        enabled: bool | UnsetType = UNSET,
        models: Sequence[str] | UnsetType = UNSET,
        tags: Sequence[str] | UnsetType = UNSET,
        data_classes: Sequence[Literal["public", "internal", "confidential", "restricted"]]
        | UnsetType = UNSET,
        project_ids: Sequence[str] | UnsetType = UNSET,
        min_cost: int | UnsetType | None = UNSET,
        more_than_days: int | UnsetType | None = UNSET,
        steps: Sequence[ApprovalStepBody] | UnsetType = UNSET,
        denies: str | UnsetType = UNSET,
        if_match: Model | str | None = None,
        timeout: float | None = None,
    ) -> AccessRuleView:
        """Change a rule; requests under way keep the steps that they have.

        ``PATCH /api/v1/access-rules/{rule_id}``; needs ``access:rule``.

        Args:
            position: Rules with lower numbers go first.
            models: By name, a trailing `*` standing for any rest; none: all.
            tags: Tags of the model's targets; none: any.
            data_classes: None: any.
            project_ids: Of the requester; none: any.
            min_cost: `null`: whatever it costs.
            more_than_days: `null`: however long.
            steps: One after the other; none: it agrees by itself.
            denies: Why such requests are never granted; empty: they are.
            if_match: The object as you read it, or its ETag.
        """
        return self._transport.call(
            Call(
                method="PATCH",
                path=path_of("/api/v1/access-rules/{}", rule_id),
                headers=headers_of(if_match=if_match),
                body=sent(
                    {
                        "name": name,
                        "position": position,
                        "enabled": enabled,
                        "models": models,
                        "tags": tags,
                        "data_classes": data_classes,
                        "project_ids": project_ids,
                        "min_cost": min_cost,
                        "more_than_days": more_than_days,
                        "steps": steps,
                        "denies": denies,
                    }
                ),
                timeout=timeout,
            ),
            AccessRuleView,
        )


class AsyncAccessRulesResource:
    """What is under ``access_rules``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AsyncAccessRulesResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncAccessRulesResourceRaw(self._transport.raw())

    def list(
        self,
        *,
        org_id: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> AsyncPages[AccessRuleView]:
        """List the rules that concern an organisation, the platform's included.

        ``GET /api/v1/access-rules``; needs ``access:read``.

        Args:
            org_id: Whom they concern; none: the platform's.
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return self._transport.page(
            Call(
                method="GET",
                path="/api/v1/access-rules",
                query={"org_id": org_id, "limit": limit, "cursor": cursor},
                timeout=timeout,
            ),
            Items[AccessRuleView],
        )

    async def create(
        self,
        *,
        name: str,
        org_id: str | UnsetType | None = UNSET,
        position: int | UnsetType = UNSET,
        enabled: bool | UnsetType = UNSET,
        models: Sequence[str] | UnsetType = UNSET,
        tags: Sequence[str] | UnsetType = UNSET,
        data_classes: Sequence[Literal["public", "internal", "confidential", "restricted"]]
        | UnsetType = UNSET,
        project_ids: Sequence[str] | UnsetType = UNSET,
        min_cost: int | UnsetType | None = UNSET,
        more_than_days: int | UnsetType | None = UNSET,
        steps: Sequence[ApprovalStepBody] | UnsetType = UNSET,
        denies: str | UnsetType = UNSET,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> AccessRuleView:
        """Create a rule of an organisation, or, as the platform, one for everybody.

        ``POST /api/v1/access-rules``; needs ``access:rule``.

        Args:
            org_id: `null`: the platform's, for everybody.
            position: Rules with lower numbers go first.
            models: By name, a trailing `*` standing for any rest; none: all.
            tags: Tags of the model's targets; none: any.
            data_classes: None: any.
            project_ids: Of the requester; none: any.
            steps: One after the other; none: it agrees by itself.
            denies: Why such requests are never granted; empty: they are.
        """
        return await self._transport.call(
            Call(
                method="POST",
                path="/api/v1/access-rules",
                headers=headers_of(idempotency_key=idempotency_key),
                body=sent(
                    {
                        "name": name,
                        "org_id": org_id,
                        "position": position,
                        "enabled": enabled,
                        "models": models,
                        "tags": tags,
                        "data_classes": data_classes,
                        "project_ids": project_ids,
                        "min_cost": min_cost,
                        "more_than_days": more_than_days,
                        "steps": steps,
                        "denies": denies,
                    }
                ),
                timeout=timeout,
            ),
            AccessRuleView,
        )

    async def delete(
        self,
        rule_id: str,
        *,
        timeout: float | None = None,
    ) -> None:
        """Remove a rule.

        ``DELETE /api/v1/access-rules/{rule_id}``; needs ``access:rule``.
        """
        await self._transport.run(
            Call(method="DELETE", path=path_of("/api/v1/access-rules/{}", rule_id), timeout=timeout)
        )

    async def update(
        self,
        rule_id: str,
        *,
        name: str | UnsetType = UNSET,
        position: int | UnsetType = UNSET,
        enabled: bool | UnsetType = UNSET,
        models: Sequence[str] | UnsetType = UNSET,
        tags: Sequence[str] | UnsetType = UNSET,
        data_classes: Sequence[Literal["public", "internal", "confidential", "restricted"]]
        | UnsetType = UNSET,
        project_ids: Sequence[str] | UnsetType = UNSET,
        min_cost: int | UnsetType | None = UNSET,
        more_than_days: int | UnsetType | None = UNSET,
        steps: Sequence[ApprovalStepBody] | UnsetType = UNSET,
        denies: str | UnsetType = UNSET,
        if_match: Model | str | None = None,
        timeout: float | None = None,
    ) -> AccessRuleView:
        """Change a rule; requests under way keep the steps that they have.

        ``PATCH /api/v1/access-rules/{rule_id}``; needs ``access:rule``.

        Args:
            position: Rules with lower numbers go first.
            models: By name, a trailing `*` standing for any rest; none: all.
            tags: Tags of the model's targets; none: any.
            data_classes: None: any.
            project_ids: Of the requester; none: any.
            min_cost: `null`: whatever it costs.
            more_than_days: `null`: however long.
            steps: One after the other; none: it agrees by itself.
            denies: Why such requests are never granted; empty: they are.
            if_match: The object as you read it, or its ETag.
        """
        return await self._transport.call(
            Call(
                method="PATCH",
                path=path_of("/api/v1/access-rules/{}", rule_id),
                headers=headers_of(if_match=if_match),
                body=sent(
                    {
                        "name": name,
                        "position": position,
                        "enabled": enabled,
                        "models": models,
                        "tags": tags,
                        "data_classes": data_classes,
                        "project_ids": project_ids,
                        "min_cost": min_cost,
                        "more_than_days": more_than_days,
                        "steps": steps,
                        "denies": denies,
                    }
                ),
                timeout=timeout,
            ),
            AccessRuleView,
        )


class AccessRulesResourceRaw:
    """The methods of :class:`AccessRulesResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = AccessRulesResource(transport)
        self.list = raw(plain.list)
        self.create = raw(plain.create)
        self.delete = raw(plain.delete)
        self.update = raw(plain.update)


class AsyncAccessRulesResourceRaw:
    """The methods of :class:`AsyncAccessRulesResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncAccessRulesResource(transport)
        self.list = async_raw(plain.list)
        self.create = async_raw(plain.create)
        self.delete = async_raw(plain.delete)
        self.update = async_raw(plain.update)
