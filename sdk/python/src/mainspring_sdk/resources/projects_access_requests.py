"""The namespace ``projects.access_requests``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from typing import Literal

from msgspec import UNSET, UnsetType

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call, headers_of, path_of, sent
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.access import AccessRequestView
from mainspring_sdk.models.shared import LimitsBody


class ProjectsAccessRequestsResource:
    """What is under ``projects.access_requests``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "ProjectsAccessRequestsResourceRaw":
        """Return the same methods, with the whole answer."""
        return ProjectsAccessRequestsResourceRaw(self._transport.raw())

    def create(
        self,
        project_id: str,
        *,
        model_id: str,
        purpose: str,
        data_class: Literal["public", "internal", "confidential", "restricted"] | UnsetType = UNSET,
        tokens_per_month: int | UnsetType | None = UNSET,
        days: int | UnsetType | None = UNSET,
        limits: LimitsBody | UnsetType | None = UNSET,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> AccessRequestView:
        """Ask for a model; the answer says who has to agree, or that it is granted.

        ``POST /api/v1/projects/{project_id}/access-requests``; needs ``access:request``.

        Args:
            data_class: Of the data that you will send.
            tokens_per_month: What you expect, for the cost.
            days: `null`: without end.
            limits: What your key is to be bounded by.
        """
        return self._transport.call(
            Call(
                method="POST",
                path=path_of("/api/v1/projects/{}/access-requests", project_id),
                headers=headers_of(idempotency_key=idempotency_key),
                body=sent(
                    {
                        "model_id": model_id,
                        "purpose": purpose,
                        "data_class": data_class,
                        "tokens_per_month": tokens_per_month,
                        "days": days,
                        "limits": limits,
                    }
                ),
                timeout=timeout,
            ),
            AccessRequestView,
        )


class AsyncProjectsAccessRequestsResource:
    """What is under ``projects.access_requests``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AsyncProjectsAccessRequestsResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncProjectsAccessRequestsResourceRaw(self._transport.raw())

    async def create(
        self,
        project_id: str,
        *,
        model_id: str,
        purpose: str,
        data_class: Literal["public", "internal", "confidential", "restricted"] | UnsetType = UNSET,
        tokens_per_month: int | UnsetType | None = UNSET,
        days: int | UnsetType | None = UNSET,
        limits: LimitsBody | UnsetType | None = UNSET,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> AccessRequestView:
        """Ask for a model; the answer says who has to agree, or that it is granted.

        ``POST /api/v1/projects/{project_id}/access-requests``; needs ``access:request``.

        Args:
            data_class: Of the data that you will send.
            tokens_per_month: What you expect, for the cost.
            days: `null`: without end.
            limits: What your key is to be bounded by.
        """
        return await self._transport.call(
            Call(
                method="POST",
                path=path_of("/api/v1/projects/{}/access-requests", project_id),
                headers=headers_of(idempotency_key=idempotency_key),
                body=sent(
                    {
                        "model_id": model_id,
                        "purpose": purpose,
                        "data_class": data_class,
                        "tokens_per_month": tokens_per_month,
                        "days": days,
                        "limits": limits,
                    }
                ),
                timeout=timeout,
            ),
            AccessRequestView,
        )


class ProjectsAccessRequestsResourceRaw:
    """The methods of :class:`ProjectsAccessRequestsResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = ProjectsAccessRequestsResource(transport)
        self.create = raw(plain.create)


class AsyncProjectsAccessRequestsResourceRaw:
    """The methods of :class:`AsyncProjectsAccessRequestsResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncProjectsAccessRequestsResource(transport)
        self.create = async_raw(plain.create)
