"""The namespace ``policies``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from collections.abc import Sequence
from datetime import datetime

from msgspec import UNSET, UnsetType

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call, headers_of, path_of, sent
from mainspring_sdk._models import Model
from mainspring_sdk._paging import AsyncPages, Items, Page
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.policy import (
    CacheRuleBody,
    CaptureRuleBody,
    DataChangeBody,
    DryRunView,
    LimitChangeBody,
    ParameterRuleBody,
    PolicyView,
    ProposedPolicyBody,
)
from mainspring_sdk.resources.policies_effective import (
    AsyncPoliciesEffectiveResource,
    PoliciesEffectiveResource,
)


class PoliciesResource:
    """What is under ``policies``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self.effective = PoliciesEffectiveResource(transport)

    @property
    def with_raw_response(self) -> "PoliciesResourceRaw":
        """Return the same methods, with the whole answer."""
        return PoliciesResourceRaw(self._transport.raw())

    def dry_run(
        self,
        *,
        since: datetime,
        until: datetime | UnsetType | None = UNSET,
        org_id: str | UnsetType | None = UNSET,
        project_id: str | UnsetType | None = UNSET,
        max_calls: int | UnsetType = UNSET,
        policies: Sequence[ProposedPolicyBody] | UnsetType = UNSET,
        removed: Sequence[str] | UnsetType = UNSET,
        limits: Sequence[LimitChangeBody] | UnsetType = UNSET,
        data_policies: Sequence[DataChangeBody] | UnsetType = UNSET,
        timeout: float | None = None,
    ) -> DryRunView:
        """Replay recorded calls against policies, limits and data policies that are only proposed.

        Nothing is changed, and nothing is called. Refused calls leave no record, so what a
        looser
        policy would let through is told only of calls that were recorded.

        ``POST /api/v1/policies/dry-run``; needs ``policy:try``.

        Args:
            until: By default now; 31 days at the most.
            org_id: Whose calls; neither this nor a project: all.
            max_calls: The newest calls of the range that are judged.
            removed: Ids of policies.
        """
        return self._transport.call(
            Call(
                method="POST",
                path="/api/v1/policies/dry-run",
                body=sent(
                    {
                        "since": since,
                        "until": until,
                        "org_id": org_id,
                        "project_id": project_id,
                        "max_calls": max_calls,
                        "policies": policies,
                        "removed": removed,
                        "limits": limits,
                        "data_policies": data_policies,
                    }
                ),
                timeout=timeout,
            ),
            DryRunView,
        )

    def list(
        self,
        *,
        org_id: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> Page[PolicyView]:
        """List the policies that hold in an organisation, oldest first.

        ``GET /api/v1/policies``; needs ``policy:read``.

        Args:
            org_id: Its own, and those for everybody.
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return self._transport.page(
            Call(
                method="GET",
                path="/api/v1/policies",
                query={"org_id": org_id, "limit": limit, "cursor": cursor},
                timeout=timeout,
            ),
            Items[PolicyView],
        )

    def create(
        self,
        *,
        name: str,
        org_id: str | UnsetType | None = UNSET,
        project_id: str | UnsetType | None = UNSET,
        key_id: str | UnsetType | None = UNSET,
        models: Sequence[str] | UnsetType = UNSET,
        enabled: bool | UnsetType = UNSET,
        locked: bool | UnsetType = UNSET,
        parameters: Sequence[ParameterRuleBody] | UnsetType = UNSET,
        cache: CacheRuleBody | UnsetType | None = UNSET,
        capture: CaptureRuleBody | UnsetType | None = UNSET,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> PolicyView:
        """Create a policy; of several that hold for a call each only narrows what the others leave.

        ``POST /api/v1/policies``; needs ``policy:write``.

        Args:
            models: Models by name, a trailing `*` standing for any rest; none: all.
            locked: Only the platform may change it.
        """
        return self._transport.call(
            Call(
                method="POST",
                path="/api/v1/policies",
                headers=headers_of(idempotency_key=idempotency_key),
                body=sent(
                    {
                        "name": name,
                        "org_id": org_id,
                        "project_id": project_id,
                        "key_id": key_id,
                        "models": models,
                        "enabled": enabled,
                        "locked": locked,
                        "parameters": parameters,
                        "cache": cache,
                        "capture": capture,
                    }
                ),
                timeout=timeout,
            ),
            PolicyView,
        )

    def get(
        self,
        policy_id: str,
        *,
        timeout: float | None = None,
    ) -> PolicyView:
        """Read one policy.

        ``GET /api/v1/policies/{policy_id}``; needs ``policy:read``.
        """
        return self._transport.call(
            Call(method="GET", path=path_of("/api/v1/policies/{}", policy_id), timeout=timeout),
            PolicyView,
        )

    def delete(
        self,
        policy_id: str,
        *,
        timeout: float | None = None,
    ) -> None:
        """Remove a policy.

        ``DELETE /api/v1/policies/{policy_id}``; needs ``policy:write``.
        """
        self._transport.run(
            Call(method="DELETE", path=path_of("/api/v1/policies/{}", policy_id), timeout=timeout)
        )

    def update(
        self,
        policy_id: str,
        *,
        name: str | UnsetType = UNSET,
        models: Sequence[str] | UnsetType = UNSET,
        enabled: bool | UnsetType = UNSET,
        locked: bool | UnsetType = UNSET,
        parameters: Sequence[ParameterRuleBody] | UnsetType = UNSET,
        cache: CacheRuleBody | UnsetType | None = UNSET,
        capture: CaptureRuleBody | UnsetType | None = UNSET,
        if_match: Model | str | None = None,
        timeout: float | None = None,
    ) -> PolicyView:
        """Change a policy; it holds from the next request of every gateway.

        ``PATCH /api/v1/policies/{policy_id}``; needs ``policy:write``.

        Args:
            models: Models by name, a trailing `*` standing for any rest; none: all.
            cache: `null` removes it.
            capture: `null` removes it.
            if_match: The object as you read it, or its ETag.
        """
        return self._transport.call(
            Call(
                method="PATCH",
                path=path_of("/api/v1/policies/{}", policy_id),
                headers=headers_of(if_match=if_match),
                body=sent(
                    {
                        "name": name,
                        "models": models,
                        "enabled": enabled,
                        "locked": locked,
                        "parameters": parameters,
                        "cache": cache,
                        "capture": capture,
                    }
                ),
                timeout=timeout,
            ),
            PolicyView,
        )


class AsyncPoliciesResource:
    """What is under ``policies``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport
        self.effective = AsyncPoliciesEffectiveResource(transport)

    @property
    def with_raw_response(self) -> "AsyncPoliciesResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncPoliciesResourceRaw(self._transport.raw())

    async def dry_run(
        self,
        *,
        since: datetime,
        until: datetime | UnsetType | None = UNSET,
        org_id: str | UnsetType | None = UNSET,
        project_id: str | UnsetType | None = UNSET,
        max_calls: int | UnsetType = UNSET,
        policies: Sequence[ProposedPolicyBody] | UnsetType = UNSET,
        removed: Sequence[str] | UnsetType = UNSET,
        limits: Sequence[LimitChangeBody] | UnsetType = UNSET,
        data_policies: Sequence[DataChangeBody] | UnsetType = UNSET,
        timeout: float | None = None,
    ) -> DryRunView:
        """Replay recorded calls against policies, limits and data policies that are only proposed.

        Nothing is changed, and nothing is called. Refused calls leave no record, so what a
        looser
        policy would let through is told only of calls that were recorded.

        ``POST /api/v1/policies/dry-run``; needs ``policy:try``.

        Args:
            until: By default now; 31 days at the most.
            org_id: Whose calls; neither this nor a project: all.
            max_calls: The newest calls of the range that are judged.
            removed: Ids of policies.
        """
        return await self._transport.call(
            Call(
                method="POST",
                path="/api/v1/policies/dry-run",
                body=sent(
                    {
                        "since": since,
                        "until": until,
                        "org_id": org_id,
                        "project_id": project_id,
                        "max_calls": max_calls,
                        "policies": policies,
                        "removed": removed,
                        "limits": limits,
                        "data_policies": data_policies,
                    }
                ),
                timeout=timeout,
            ),
            DryRunView,
        )

    def list(
        self,
        *,
        org_id: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> AsyncPages[PolicyView]:
        """List the policies that hold in an organisation, oldest first.

        ``GET /api/v1/policies``; needs ``policy:read``.

        Args:
            org_id: Its own, and those for everybody.
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return self._transport.page(
            Call(
                method="GET",
                path="/api/v1/policies",
                query={"org_id": org_id, "limit": limit, "cursor": cursor},
                timeout=timeout,
            ),
            Items[PolicyView],
        )

    async def create(
        self,
        *,
        name: str,
        org_id: str | UnsetType | None = UNSET,
        project_id: str | UnsetType | None = UNSET,
        key_id: str | UnsetType | None = UNSET,
        models: Sequence[str] | UnsetType = UNSET,
        enabled: bool | UnsetType = UNSET,
        locked: bool | UnsetType = UNSET,
        parameters: Sequence[ParameterRuleBody] | UnsetType = UNSET,
        cache: CacheRuleBody | UnsetType | None = UNSET,
        capture: CaptureRuleBody | UnsetType | None = UNSET,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> PolicyView:
        """Create a policy; of several that hold for a call each only narrows what the others leave.

        ``POST /api/v1/policies``; needs ``policy:write``.

        Args:
            models: Models by name, a trailing `*` standing for any rest; none: all.
            locked: Only the platform may change it.
        """
        return await self._transport.call(
            Call(
                method="POST",
                path="/api/v1/policies",
                headers=headers_of(idempotency_key=idempotency_key),
                body=sent(
                    {
                        "name": name,
                        "org_id": org_id,
                        "project_id": project_id,
                        "key_id": key_id,
                        "models": models,
                        "enabled": enabled,
                        "locked": locked,
                        "parameters": parameters,
                        "cache": cache,
                        "capture": capture,
                    }
                ),
                timeout=timeout,
            ),
            PolicyView,
        )

    async def get(
        self,
        policy_id: str,
        *,
        timeout: float | None = None,
    ) -> PolicyView:
        """Read one policy.

        ``GET /api/v1/policies/{policy_id}``; needs ``policy:read``.
        """
        return await self._transport.call(
            Call(method="GET", path=path_of("/api/v1/policies/{}", policy_id), timeout=timeout),
            PolicyView,
        )

    async def delete(
        self,
        policy_id: str,
        *,
        timeout: float | None = None,
    ) -> None:
        """Remove a policy.

        ``DELETE /api/v1/policies/{policy_id}``; needs ``policy:write``.
        """
        await self._transport.run(
            Call(method="DELETE", path=path_of("/api/v1/policies/{}", policy_id), timeout=timeout)
        )

    async def update(
        self,
        policy_id: str,
        *,
        name: str | UnsetType = UNSET,
        models: Sequence[str] | UnsetType = UNSET,
        enabled: bool | UnsetType = UNSET,
        locked: bool | UnsetType = UNSET,
        parameters: Sequence[ParameterRuleBody] | UnsetType = UNSET,
        cache: CacheRuleBody | UnsetType | None = UNSET,
        capture: CaptureRuleBody | UnsetType | None = UNSET,
        if_match: Model | str | None = None,
        timeout: float | None = None,
    ) -> PolicyView:
        """Change a policy; it holds from the next request of every gateway.

        ``PATCH /api/v1/policies/{policy_id}``; needs ``policy:write``.

        Args:
            models: Models by name, a trailing `*` standing for any rest; none: all.
            cache: `null` removes it.
            capture: `null` removes it.
            if_match: The object as you read it, or its ETag.
        """
        return await self._transport.call(
            Call(
                method="PATCH",
                path=path_of("/api/v1/policies/{}", policy_id),
                headers=headers_of(if_match=if_match),
                body=sent(
                    {
                        "name": name,
                        "models": models,
                        "enabled": enabled,
                        "locked": locked,
                        "parameters": parameters,
                        "cache": cache,
                        "capture": capture,
                    }
                ),
                timeout=timeout,
            ),
            PolicyView,
        )


class PoliciesResourceRaw:
    """The methods of :class:`PoliciesResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = PoliciesResource(transport)
        self.dry_run = raw(plain.dry_run)
        self.list = raw(plain.list)
        self.create = raw(plain.create)
        self.get = raw(plain.get)
        self.delete = raw(plain.delete)
        self.update = raw(plain.update)


class AsyncPoliciesResourceRaw:
    """The methods of :class:`AsyncPoliciesResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncPoliciesResource(transport)
        self.dry_run = async_raw(plain.dry_run)
        self.list = async_raw(plain.list)
        self.create = async_raw(plain.create)
        self.get = async_raw(plain.get)
        self.delete = async_raw(plain.delete)
        self.update = async_raw(plain.update)
