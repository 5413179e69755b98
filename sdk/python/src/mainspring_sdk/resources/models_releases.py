"""The namespace ``models.releases``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from collections.abc import Sequence

from msgspec import UNSET, UnsetType

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call, headers_of, path_of, sent
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.releases import (
    CanaryPlanBody,
    GuardBody,
    ReleaseTargetBody,
    ReleaseView,
    SpecificationBody,
)


class ModelsReleasesResource:
    """What is under ``models.releases``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "ModelsReleasesResourceRaw":
        """Return the same methods, with the whole answer."""
        return ModelsReleasesResourceRaw(self._transport.raw())

    def create(
        self,
        model_id: str,
        *,
        version: str,
        targets: Sequence[ReleaseTargetBody],
        specification: SpecificationBody | UnsetType = UNSET,
        plan: CanaryPlanBody | UnsetType = UNSET,
        guard: GuardBody | UnsetType = UNSET,
        reason: str | UnsetType = UNSET,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> ReleaseView:
        """Register a version of a model; it takes no calls yet.

        With its first release a model's present targets become the stable release `initial`.

        ``POST /api/v1/models/{model_id}/releases``; needs ``release:write``.

        Args:
            reason: Why; it stands in the history.
        """
        return self._transport.call(
            Call(
                method="POST",
                path=path_of("/api/v1/models/{}/releases", model_id),
                headers=headers_of(idempotency_key=idempotency_key),
                body=sent(
                    {
                        "version": version,
                        "targets": targets,
                        "specification": specification,
                        "plan": plan,
                        "guard": guard,
                        "reason": reason,
                    }
                ),
                timeout=timeout,
            ),
            ReleaseView,
        )


class AsyncModelsReleasesResource:
    """What is under ``models.releases``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AsyncModelsReleasesResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncModelsReleasesResourceRaw(self._transport.raw())

    async def create(
        self,
        model_id: str,
        *,
        version: str,
        targets: Sequence[ReleaseTargetBody],
        specification: SpecificationBody | UnsetType = UNSET,
        plan: CanaryPlanBody | UnsetType = UNSET,
        guard: GuardBody | UnsetType = UNSET,
        reason: str | UnsetType = UNSET,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> ReleaseView:
        """Register a version of a model; it takes no calls yet.

        With its first release a model's present targets become the stable release `initial`.

        ``POST /api/v1/models/{model_id}/releases``; needs ``release:write``.

        Args:
            reason: Why; it stands in the history.
        """
        return await self._transport.call(
            Call(
                method="POST",
                path=path_of("/api/v1/models/{}/releases", model_id),
                headers=headers_of(idempotency_key=idempotency_key),
                body=sent(
                    {
                        "version": version,
                        "targets": targets,
                        "specification": specification,
                        "plan": plan,
                        "guard": guard,
                        "reason": reason,
                    }
                ),
                timeout=timeout,
            ),
            ReleaseView,
        )


class ModelsReleasesResourceRaw:
    """The methods of :class:`ModelsReleasesResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = ModelsReleasesResource(transport)
        self.create = raw(plain.create)


class AsyncModelsReleasesResourceRaw:
    """The methods of :class:`AsyncModelsReleasesResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncModelsReleasesResource(transport)
        self.create = async_raw(plain.create)
