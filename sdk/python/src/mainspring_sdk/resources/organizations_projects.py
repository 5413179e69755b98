"""The namespace ``organizations.projects``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from typing import Literal

from msgspec import UNSET, UnsetType

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call, headers_of, path_of, sent
from mainspring_sdk._paging import AsyncPages, Items, Page
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.shared import DataPolicyBody, LimitsBody
from mainspring_sdk.models.tenancy import CaptureBody, ProjectView


class OrganizationsProjectsResource:
    """What is under ``organizations.projects``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "OrganizationsProjectsResourceRaw":
        """Return the same methods, with the whole answer."""
        return OrganizationsProjectsResourceRaw(self._transport.raw())

    def list(
        self,
        org_id: str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> Page[ProjectView]:
        """List the projects of an organisation, oldest first.

        ``GET /api/v1/organizations/{org_id}/projects``; needs ``project:read``.

        Args:
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return self._transport.page(
            Call(
                method="GET",
                path=path_of("/api/v1/organizations/{}/projects", org_id),
                query={"limit": limit, "cursor": cursor},
                timeout=timeout,
            ),
            Items[ProjectView],
        )

    def create(
        self,
        org_id: str,
        *,
        name: str,
        slug: str | UnsetType | None = UNSET,
        limits: LimitsBody | UnsetType | None = UNSET,
        user_limits: LimitsBody | UnsetType | None = UNSET,
        data_policy: DataPolicyBody | UnsetType | None = UNSET,
        stores_responses: Literal["always", "on_request", "never"] | UnsetType = UNSET,
        response_days: int | UnsetType = UNSET,
        capture: CaptureBody | UnsetType | None = UNSET,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> ProjectView:
        """Create a project.

        ``POST /api/v1/organizations/{org_id}/projects``; needs ``project:write``.

        Args:
            name: For people.
            user_limits: Bounds on each user.
            data_policy: Where calls may be served.
            stores_responses: Which answers of `/v1/responses` are kept: `always` (unless the
                request says `store: false`), `on_request` (only with `store: true`), or
                `never`.
            response_days: For how many days a response is kept.
        """
        return self._transport.call(
            Call(
                method="POST",
                path=path_of("/api/v1/organizations/{}/projects", org_id),
                headers=headers_of(idempotency_key=idempotency_key),
                body=sent(
                    {
                        "name": name,
                        "slug": slug,
                        "limits": limits,
                        "user_limits": user_limits,
                        "data_policy": data_policy,
                        "stores_responses": stores_responses,
                        "response_days": response_days,
                        "capture": capture,
                    }
                ),
                timeout=timeout,
            ),
            ProjectView,
        )


class AsyncOrganizationsProjectsResource:
    """What is under ``organizations.projects``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AsyncOrganizationsProjectsResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncOrganizationsProjectsResourceRaw(self._transport.raw())

    def list(
        self,
        org_id: str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> AsyncPages[ProjectView]:
        """List the projects of an organisation, oldest first.

        ``GET /api/v1/organizations/{org_id}/projects``; needs ``project:read``.

        Args:
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return self._transport.page(
            Call(
                method="GET",
                path=path_of("/api/v1/organizations/{}/projects", org_id),
                query={"limit": limit, "cursor": cursor},
                timeout=timeout,
            ),
            Items[ProjectView],
        )

    async def create(
        self,
        org_id: str,
        *,
        name: str,
        slug: str | UnsetType | None = UNSET,
        limits: LimitsBody | UnsetType | None = UNSET,
        user_limits: LimitsBody | UnsetType | None = UNSET,
        data_policy: DataPolicyBody | UnsetType | None = UNSET,
        stores_responses: Literal["always", "on_request", "never"] | UnsetType = UNSET,
        response_days: int | UnsetType = UNSET,
        capture: CaptureBody | UnsetType | None = UNSET,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> ProjectView:
        """Create a project.

        ``POST /api/v1/organizations/{org_id}/projects``; needs ``project:write``.

        Args:
            name: For people.
            user_limits: Bounds on each user.
            data_policy: Where calls may be served.
            stores_responses: Which answers of `/v1/responses` are kept: `always` (unless the
                request says `store: false`), `on_request` (only with `store: true`), or
                `never`.
            response_days: For how many days a response is kept.
        """
        return await self._transport.call(
            Call(
                method="POST",
                path=path_of("/api/v1/organizations/{}/projects", org_id),
                headers=headers_of(idempotency_key=idempotency_key),
                body=sent(
                    {
                        "name": name,
                        "slug": slug,
                        "limits": limits,
                        "user_limits": user_limits,
                        "data_policy": data_policy,
                        "stores_responses": stores_responses,
                        "response_days": response_days,
                        "capture": capture,
                    }
                ),
                timeout=timeout,
            ),
            ProjectView,
        )


class OrganizationsProjectsResourceRaw:
    """The methods of :class:`OrganizationsProjectsResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = OrganizationsProjectsResource(transport)
        self.list = raw(plain.list)
        self.create = raw(plain.create)


class AsyncOrganizationsProjectsResourceRaw:
    """The methods of :class:`AsyncOrganizationsProjectsResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncOrganizationsProjectsResource(transport)
        self.list = async_raw(plain.list)
        self.create = async_raw(plain.create)
