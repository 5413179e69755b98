"""The namespace ``releases``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from msgspec import UNSET, UnsetType

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call, headers_of, path_of, sent
from mainspring_sdk._models import Model
from mainspring_sdk._paging import AsyncPages, Items, Page
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.releases import (
    CanaryPlanBody,
    GuardBody,
    ReleaseTargetBody,
    ReleaseView,
    SpecificationBody,
)
from mainspring_sdk.resources.releases_canary import (
    AsyncReleasesCanaryResource,
    ReleasesCanaryResource,
)
from mainspring_sdk.resources.releases_decisions import (
    AsyncReleasesDecisionsResource,
    ReleasesDecisionsResource,
)
from mainspring_sdk.resources.releases_offline import (
    AsyncReleasesOfflineResource,
    ReleasesOfflineResource,
)


class ReleasesResource:
    """What is under ``releases``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self.canary = ReleasesCanaryResource(transport)
        self.decisions = ReleasesDecisionsResource(transport)
        self.offline = ReleasesOfflineResource(transport)

    @property
    def with_raw_response(self) -> "ReleasesResourceRaw":
        """Return the same methods, with the whole answer."""
        return ReleasesResourceRaw(self._transport.raw())

    def list(
        self,
        *,
        model_id: str | None = None,
        state: Literal[
            "registered",
            "verified",
            "deployed",
            "canary",
            "stable",
            "deprecated",
            "superseded",
            "rolled_back",
            "offline",
        ]
        | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> Page[ReleaseView]:
        """List releases, oldest first.

        ``GET /api/v1/releases``; needs ``release:read``.

        Args:
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return self._transport.page(
            Call(
                method="GET",
                path="/api/v1/releases",
                query={"model_id": model_id, "state": state, "limit": limit, "cursor": cursor},
                timeout=timeout,
            ),
            Items[ReleaseView],
        )

    def get(
        self,
        release_id: str,
        *,
        timeout: float | None = None,
    ) -> ReleaseView:
        """Read one release.

        ``GET /api/v1/releases/{release_id}``; needs ``release:read``.
        """
        return self._transport.call(
            Call(method="GET", path=path_of("/api/v1/releases/{}", release_id), timeout=timeout),
            ReleaseView,
        )

    def delete(
        self,
        release_id: str,
        *,
        timeout: float | None = None,
    ) -> None:
        """Withdraw a release that takes no calls; its history stays.

        ``DELETE /api/v1/releases/{release_id}``; needs ``release:write``.
        """
        self._transport.run(
            Call(method="DELETE", path=path_of("/api/v1/releases/{}", release_id), timeout=timeout)
        )

    def update(
        self,
        release_id: str,
        *,
        targets: Sequence[ReleaseTargetBody] | UnsetType = UNSET,
        specification: SpecificationBody | UnsetType = UNSET,
        plan: CanaryPlanBody | UnsetType = UNSET,
        guard: GuardBody | UnsetType = UNSET,
        if_match: Model | str | None = None,
        timeout: float | None = None,
    ) -> ReleaseView:
        """Change a release; its targets only while it takes no calls, and then verify it anew.

        ``PATCH /api/v1/releases/{release_id}``; needs ``release:write``.

        Args:
            if_match: The object as you read it, or its ETag.
        """
        return self._transport.call(
            Call(
                method="PATCH",
                path=path_of("/api/v1/releases/{}", release_id),
                headers=headers_of(if_match=if_match),
                body=sent(
                    {
                        "targets": targets,
                        "specification": specification,
                        "plan": plan,
                        "guard": guard,
                    }
                ),
                timeout=timeout,
            ),
            ReleaseView,
        )

    def verify(
        self,
        release_id: str,
        *,
        reason: str | UnsetType = UNSET,
        waive: Sequence[Literal["targets", "servers", "licence", "context_length", "weights"]]
        | UnsetType = UNSET,
        timeout: float | None = None,
    ) -> ReleaseView:
        """Look whether a release is fit to be deployed; what was found is in `verification`.

        ``POST /api/v1/releases/{release_id}/verify``; needs ``release:write``.

        Args:
            reason: Why; it stands in the history.
            waive: Checks whose failure is accepted; needs a reason.
        """
        return self._transport.call(
            Call(
                method="POST",
                path=path_of("/api/v1/releases/{}/verify", release_id),
                body=sent({"reason": reason, "waive": waive}),
                timeout=timeout,
            ),
            ReleaseView,
        )

    def deploy(
        self,
        release_id: str,
        *,
        reason: str | UnsetType = UNSET,
        if_match: Model | str | None = None,
        timeout: float | None = None,
    ) -> ReleaseView:
        """Make a release the candidate: it takes the calls that ask for it, and no others.

        ``POST /api/v1/releases/{release_id}/deploy``; needs ``release:operate``.

        Args:
            reason: Why; it stands in the history.
            if_match: The object as you read it, or its ETag.
        """
        return self._transport.call(
            Call(
                method="POST",
                path=path_of("/api/v1/releases/{}/deploy", release_id),
                headers=headers_of(if_match=if_match),
                body=sent({"reason": reason}),
                timeout=timeout,
            ),
            ReleaseView,
        )

    def advance_canary(
        self,
        release_id: str,
        *,
        reason: str | UnsetType = UNSET,
        step: int | UnsetType | None = UNSET,
        if_match: Model | str | None = None,
        timeout: float | None = None,
    ) -> ReleaseView:
        """Go on to the next step of the plan, or to any.

        ``POST /api/v1/releases/{release_id}/advance``; needs ``release:operate``.

        Args:
            reason: Why; it stands in the history.
            step: `null`: the next one.
            if_match: The object as you read it, or its ETag.
        """
        return self._transport.call(
            Call(
                method="POST",
                path=path_of("/api/v1/releases/{}/advance", release_id),
                headers=headers_of(if_match=if_match),
                body=sent({"reason": reason, "step": step}),
                timeout=timeout,
            ),
            ReleaseView,
        )

    def promote(
        self,
        release_id: str,
        *,
        reason: str | UnsetType = UNSET,
        if_match: Model | str | None = None,
        timeout: float | None = None,
    ) -> ReleaseView:
        """Let a release serve the model; the one that did is kept for a rollback.

        ``POST /api/v1/releases/{release_id}/promote``; needs ``release:operate``.

        Args:
            reason: Why; it stands in the history.
            if_match: The object as you read it, or its ETag.
        """
        return self._transport.call(
            Call(
                method="POST",
                path=path_of("/api/v1/releases/{}/promote", release_id),
                headers=headers_of(if_match=if_match),
                body=sent({"reason": reason}),
                timeout=timeout,
            ),
            ReleaseView,
        )

    def deprecate(
        self,
        release_id: str,
        *,
        reason: str | UnsetType = UNSET,
        sunset_at: datetime | UnsetType | None = UNSET,
        replacement: str | UnsetType | None = UNSET,
        link: str | UnsetType | None = UNSET,
        if_match: Model | str | None = None,
        timeout: float | None = None,
    ) -> ReleaseView:
        """Tell callers with every answer that the model is on its way out.

        ``POST /api/v1/releases/{release_id}/deprecate``; needs ``release:operate``.

        Args:
            reason: Why; it stands in the history.
            sunset_at: When it will stop to answer.
            replacement: The model to call in its place.
            if_match: The object as you read it, or its ETag.
        """
        return self._transport.call(
            Call(
                method="POST",
                path=path_of("/api/v1/releases/{}/deprecate", release_id),
                headers=headers_of(if_match=if_match),
                body=sent(
                    {
                        "reason": reason,
                        "sunset_at": sunset_at,
                        "replacement": replacement,
                        "link": link,
                    }
                ),
                timeout=timeout,
            ),
            ReleaseView,
        )


class AsyncReleasesResource:
    """What is under ``releases``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport
        self.canary = AsyncReleasesCanaryResource(transport)
        self.decisions = AsyncReleasesDecisionsResource(transport)
        self.offline = AsyncReleasesOfflineResource(transport)

    @property
    def with_raw_response(self) -> "AsyncReleasesResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncReleasesResourceRaw(self._transport.raw())

    def list(
        self,
        *,
        model_id: str | None = None,
        state: Literal[
            "registered",
            "verified",
            "deployed",
            "canary",
            "stable",
            "deprecated",
            "superseded",
            "rolled_back",
            "offline",
        ]
        | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> AsyncPages[ReleaseView]:
        """List releases, oldest first.

        ``GET /api/v1/releases``; needs ``release:read``.

        Args:
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return self._transport.page(
            Call(
                method="GET",
                path="/api/v1/releases",
                query={"model_id": model_id, "state": state, "limit": limit, "cursor": cursor},
                timeout=timeout,
            ),
            Items[ReleaseView],
        )

    async def get(
        self,
        release_id: str,
        *,
        timeout: float | None = None,
    ) -> ReleaseView:
        """Read one release.

        ``GET /api/v1/releases/{release_id}``; needs ``release:read``.
        """
        return await self._transport.call(
            Call(method="GET", path=path_of("/api/v1/releases/{}", release_id), timeout=timeout),
            ReleaseView,
        )

    async def delete(
        self,
        release_id: str,
        *,
        timeout: float | None = None,
    ) -> None:
        """Withdraw a release that takes no calls; its history stays.

        ``DELETE /api/v1/releases/{release_id}``; needs ``release:write``.
        """
        await self._transport.run(
            Call(method="DELETE", path=path_of("/api/v1/releases/{}", release_id), timeout=timeout)
        )

    async def update(
        self,
        release_id: str,
        *,
        targets: Sequence[ReleaseTargetBody] | UnsetType = UNSET,
        specification: SpecificationBody | UnsetType = UNSET,
        plan: CanaryPlanBody | UnsetType = UNSET,
        guard: GuardBody | UnsetType = UNSET,
        if_match: Model | str | None = None,
        timeout: float | None = None,
    ) -> ReleaseView:
        """Change a release; its targets only while it takes no calls, and then verify it anew.

        ``PATCH /api/v1/releases/{release_id}``; needs ``release:write``.

        Args:
            if_match: The object as you read it, or its ETag.
        """
        return await self._transport.call(
            Call(
                method="PATCH",
                path=path_of("/api/v1/releases/{}", release_id),
                headers=headers_of(if_match=if_match),
                body=sent(
                    {
                        "targets": targets,
                        "specification": specification,
                        "plan": plan,
                        "guard": guard,
                    }
                ),
                timeout=timeout,
            ),
            ReleaseView,
        )

    async def verify(
        self,
        release_id: str,
        *,
        reason: str | UnsetType = UNSET,
        waive: Sequence[Literal["targets", "servers", "licence", "context_length", "weights"]]
        | UnsetType = UNSET,
        timeout: float | None = None,
    ) -> ReleaseView:
        """Look whether a release is fit to be deployed; what was found is in `verification`.

        ``POST /api/v1/releases/{release_id}/verify``; needs ``release:write``.

        Args:
            reason: Why; it stands in the history.
            waive: Checks whose failure is accepted; needs a reason.
        """
        return await self._transport.call(
            Call(
                method="POST",
                path=path_of("/api/v1/releases/{}/verify", release_id),
                body=sent({"reason": reason, "waive": waive}),
                timeout=timeout,
            ),
            ReleaseView,
        )

    async def deploy(
        self,
        release_id: str,
        *,
        reason: str | UnsetType = UNSET,
        if_match: Model | str | None = None,
        timeout: float | None = None,
    ) -> ReleaseView:
        """Make a release the candidate: it takes the calls that ask for it, and no others.

        ``POST /api/v1/releases/{release_id}/deploy``; needs ``release:operate``.

        Args:
            reason: Why; it stands in the history.
            if_match: The object as you read it, or its ETag.
        """
        return await self._transport.call(
            Call(
                method="POST",
                path=path_of("/api/v1/releases/{}/deploy", release_id),
                headers=headers_of(if_match=if_match),
                body=sent({"reason": reason}),
                timeout=timeout,
            ),
            ReleaseView,
        )

    async def advance_canary(
        self,
        release_id: str,
        *,
        reason: str | UnsetType = UNSET,
        step: int | UnsetType | None = UNSET,
        if_match: Model | str | None = None,
        timeout: float | None = None,
    ) -> ReleaseView:
        """Go on to the next step of the plan, or to any.

        ``POST /api/v1/releases/{release_id}/advance``; needs ``release:operate``.

        Args:
            reason: Why; it stands in the history.
            step: `null`: the next one.
            if_match: The object as you read it, or its ETag.
        """
        return await self._transport.call(
            Call(
                method="POST",
                path=path_of("/api/v1/releases/{}/advance", release_id),
                headers=headers_of(if_match=if_match),
                body=sent({"reason": reason, "step": step}),
                timeout=timeout,
            ),
            ReleaseView,
        )

    async def promote(
        self,
        release_id: str,
        *,
        reason: str | UnsetType = UNSET,
        if_match: Model | str | None = None,
        timeout: float | None = None,
    ) -> ReleaseView:
        """Let a release serve the model; the one that did is kept for a rollback.

        ``POST /api/v1/releases/{release_id}/promote``; needs ``release:operate``.

        Args:
            reason: Why; it stands in the history.
            if_match: The object as you read it, or its ETag.
        """
        return await self._transport.call(
            Call(
                method="POST",
                path=path_of("/api/v1/releases/{}/promote", release_id),
                headers=headers_of(if_match=if_match),
                body=sent({"reason": reason}),
                timeout=timeout,
            ),
            ReleaseView,
        )

    async def deprecate(
        self,
        release_id: str,
        *,
        reason: str | UnsetType = UNSET,
        sunset_at: datetime | UnsetType | None = UNSET,
        replacement: str | UnsetType | None = UNSET,
        link: str | UnsetType | None = UNSET,
        if_match: Model | str | None = None,
        timeout: float | None = None,
    ) -> ReleaseView:
        """Tell callers with every answer that the model is on its way out.

        ``POST /api/v1/releases/{release_id}/deprecate``; needs ``release:operate``.

        Args:
            reason: Why; it stands in the history.
            sunset_at: When it will stop to answer.
            replacement: The model to call in its place.
            if_match: The object as you read it, or its ETag.
        """
        return await self._transport.call(
            Call(
                method="POST",
                path=path_of("/api/v1/releases/{}/deprecate", release_id),
                headers=headers_of(if_match=if_match),
                body=sent(
                    {
                        "reason": reason,
                        "sunset_at": sunset_at,
                        "replacement": replacement,
                        "link": link,
                    }
                ),
                timeout=timeout,
            ),
            ReleaseView,
        )


class ReleasesResourceRaw:
    """The methods of :class:`ReleasesResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = ReleasesResource(transport)
        self.list = raw(plain.list)
        self.get = raw(plain.get)
        self.delete = raw(plain.delete)
        self.update = raw(plain.update)
        self.verify = raw(plain.verify)
        self.deploy = raw(plain.deploy)
        self.advance_canary = raw(plain.advance_canary)
        self.promote = raw(plain.promote)
        self.deprecate = raw(plain.deprecate)


class AsyncReleasesResourceRaw:
    """The methods of :class:`AsyncReleasesResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncReleasesResource(transport)
        self.list = async_raw(plain.list)
        self.get = async_raw(plain.get)
        self.delete = async_raw(plain.delete)
        self.update = async_raw(plain.update)
        self.verify = async_raw(plain.verify)
        self.deploy = async_raw(plain.deploy)
        self.advance_canary = async_raw(plain.advance_canary)
        self.promote = async_raw(plain.promote)
        self.deprecate = async_raw(plain.deprecate)
