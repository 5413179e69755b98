"""The namespace ``organizations.access_rules``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from collections.abc import Sequence
from typing import Literal

from msgspec import UNSET, UnsetType

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call, headers_of, path_of, sent
from mainspring_sdk._paging import AsyncPages, Items, Page
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.access import AccessRuleView, ApprovalStepBody


class OrganizationsAccessRulesResource:
    """What is under ``organizations.access_rules``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "OrganizationsAccessRulesResourceRaw":
        """Return the same methods, with the whole answer."""
        return OrganizationsAccessRulesResourceRaw(self._transport.raw())

    def list(
        self,
        org_id: str,
        *,
        timeout: float | None = None,
    ) -> Page[AccessRuleView]:
        """List the rules that concern an organisation, the platform's included.

        ``GET /api/v1/organizations/{org_id}/access-rules``; needs ``access:read``.
        """
        return self._transport.page(
            Call(
                method="GET",
                path=path_of("/api/v1/organizations/{}/access-rules", org_id),
                timeout=timeout,
            ),
            Items[AccessRuleView],
        )

    def create(
        self,
        org_id: str,
        *,
        name: str,
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
        """Create a rule of an organisation.

        ``POST /api/v1/organizations/{org_id}/access-rules``; needs ``access:rule``.

        Args:
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
                path=path_of("/api/v1/organizations/{}/access-rules", org_id),
                headers=headers_of(idempotency_key=idempotency_key),
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


class AsyncOrganizationsAccessRulesResource:
    """What is under ``organizations.access_rules``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AsyncOrganizationsAccessRulesResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncOrganizationsAccessRulesResourceRaw(self._transport.raw())

    def list(
        self,
        org_id: str,
        *,
        timeout: float | None = None,
    ) -> AsyncPages[AccessRuleView]:
        """List the rules that concern an organisation, the platform's included.

        ``GET /api/v1/organizations/{org_id}/access-rules``; needs ``access:read``.
        """
        return self._transport.page(
            Call(
                method="GET",
                path=path_of("/api/v1/organizations/{}/access-rules", org_id),
                timeout=timeout,
            ),
            Items[AccessRuleView],
        )

    async def create(
        self,
        org_id: str,
        *,
        name: str,
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
        """Create a rule of an organisation.

        ``POST /api/v1/organizations/{org_id}/access-rules``; needs ``access:rule``.

        Args:
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
                path=path_of("/api/v1/organizations/{}/access-rules", org_id),
                headers=headers_of(idempotency_key=idempotency_key),
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


class OrganizationsAccessRulesResourceRaw:
    """The methods of :class:`OrganizationsAccessRulesResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = OrganizationsAccessRulesResource(transport)
        self.list = raw(plain.list)
        self.create = raw(plain.create)


class AsyncOrganizationsAccessRulesResourceRaw:
    """The methods of :class:`AsyncOrganizationsAccessRulesResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncOrganizationsAccessRulesResource(transport)
        self.list = async_raw(plain.list)
        self.create = async_raw(plain.create)
