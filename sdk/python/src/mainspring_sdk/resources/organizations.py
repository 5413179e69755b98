"""The namespace ``organizations``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from msgspec import UNSET, UnsetType

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call, headers_of, path_of, sent
from mainspring_sdk._models import Model
from mainspring_sdk._paging import AsyncPages, Items, Page
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.shared import DataPolicyBody, LimitsBody
from mainspring_sdk.models.tenancy import OrganizationView
from mainspring_sdk.resources.organizations_access_requests import (
    AsyncOrganizationsAccessRequestsResource,
    OrganizationsAccessRequestsResource,
)
from mainspring_sdk.resources.organizations_alerts import (
    AsyncOrganizationsAlertsResource,
    OrganizationsAlertsResource,
)
from mainspring_sdk.resources.organizations_directory_tokens import (
    AsyncOrganizationsDirectoryTokensResource,
    OrganizationsDirectoryTokensResource,
)
from mainspring_sdk.resources.organizations_groups import (
    AsyncOrganizationsGroupsResource,
    OrganizationsGroupsResource,
)
from mainspring_sdk.resources.organizations_identity_providers import (
    AsyncOrganizationsIdentityProvidersResource,
    OrganizationsIdentityProvidersResource,
)
from mainspring_sdk.resources.organizations_invitations import (
    AsyncOrganizationsInvitationsResource,
    OrganizationsInvitationsResource,
)
from mainspring_sdk.resources.organizations_members import (
    AsyncOrganizationsMembersResource,
    OrganizationsMembersResource,
)
from mainspring_sdk.resources.organizations_notification_channels import (
    AsyncOrganizationsNotificationChannelsResource,
    OrganizationsNotificationChannelsResource,
)
from mainspring_sdk.resources.organizations_projects import (
    AsyncOrganizationsProjectsResource,
    OrganizationsProjectsResource,
)
from mainspring_sdk.resources.organizations_roles import (
    AsyncOrganizationsRolesResource,
    OrganizationsRolesResource,
)
from mainspring_sdk.resources.organizations_service_accounts import (
    AsyncOrganizationsServiceAccountsResource,
    OrganizationsServiceAccountsResource,
)
from mainspring_sdk.resources.organizations_silences import (
    AsyncOrganizationsSilencesResource,
    OrganizationsSilencesResource,
)
from mainspring_sdk.resources.organizations_token_issuers import (
    AsyncOrganizationsTokenIssuersResource,
    OrganizationsTokenIssuersResource,
)


class OrganizationsResource:
    """What is under ``organizations``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self.access_requests = OrganizationsAccessRequestsResource(transport)
        self.alerts = OrganizationsAlertsResource(transport)
        self.directory_tokens = OrganizationsDirectoryTokensResource(transport)
        self.groups = OrganizationsGroupsResource(transport)
        self.identity_providers = OrganizationsIdentityProvidersResource(transport)
        self.invitations = OrganizationsInvitationsResource(transport)
        self.members = OrganizationsMembersResource(transport)
        self.notification_channels = OrganizationsNotificationChannelsResource(transport)
        self.projects = OrganizationsProjectsResource(transport)
        self.roles = OrganizationsRolesResource(transport)
        self.service_accounts = OrganizationsServiceAccountsResource(transport)
        self.silences = OrganizationsSilencesResource(transport)
        self.token_issuers = OrganizationsTokenIssuersResource(transport)

    @property
    def with_raw_response(self) -> "OrganizationsResourceRaw":
        """Return the same methods, with the whole answer."""
        return OrganizationsResourceRaw(self._transport.raw())

    def list(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> Page[OrganizationView]:
        """List the organisations that you may see, oldest first.

        ``GET /api/v1/organizations``; needs ``organization:read``.

        Args:
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return self._transport.page(
            Call(
                method="GET",
                path="/api/v1/organizations",
                query={"limit": limit, "cursor": cursor},
                timeout=timeout,
            ),
            Items[OrganizationView],
        )

    def create(
        self,
        *,
        name: str,
        slug: str | UnsetType | None = UNSET,
        limits: LimitsBody | UnsetType | None = UNSET,
        user_limits: LimitsBody | UnsetType | None = UNSET,
        data_policy: DataPolicyBody | UnsetType | None = UNSET,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> OrganizationView:
        """Create an organisation.

        ``POST /api/v1/organizations``; needs ``organization:create``.

        Args:
            name: For people.
            user_limits: Bounds on each user.
            data_policy: Where calls may be served.
        """
        return self._transport.call(
            Call(
                method="POST",
                path="/api/v1/organizations",
                headers=headers_of(idempotency_key=idempotency_key),
                body=sent(
                    {
                        "name": name,
                        "slug": slug,
                        "limits": limits,
                        "user_limits": user_limits,
                        "data_policy": data_policy,
                    }
                ),
                timeout=timeout,
            ),
            OrganizationView,
        )

    def get(
        self,
        org_id: str,
        *,
        timeout: float | None = None,
    ) -> OrganizationView:
        """Read one organisation.

        ``GET /api/v1/organizations/{org_id}``; needs ``organization:read``.
        """
        return self._transport.call(
            Call(method="GET", path=path_of("/api/v1/organizations/{}", org_id), timeout=timeout),
            OrganizationView,
        )

    def delete(
        self,
        org_id: str,
        *,
        timeout: float | None = None,
    ) -> None:
        """Remove an organisation with its projects and keys; its usage stays in the ledger.

        ``DELETE /api/v1/organizations/{org_id}``; needs ``organization:create``.
        """
        self._transport.run(
            Call(method="DELETE", path=path_of("/api/v1/organizations/{}", org_id), timeout=timeout)
        )

    def update(
        self,
        org_id: str,
        *,
        name: str | UnsetType = UNSET,
        suspended: bool | UnsetType = UNSET,
        limits: LimitsBody | UnsetType | None = UNSET,
        user_limits: LimitsBody | UnsetType | None = UNSET,
        data_policy: DataPolicyBody | UnsetType | None = UNSET,
        if_match: Model | str | None = None,
        timeout: float | None = None,
    ) -> OrganizationView:
        """Rename an organisation; its limits and suspension are for the platform to set.

        `limits`, `user_limits` and `suspended` need the permission `organization:limit`.

        ``PATCH /api/v1/organizations/{org_id}``; needs ``organization:write``.

        Args:
            name: For people.
            suspended: Suspended ones are refused at every gateway.
            limits: `null` removes every limit.
            user_limits: `null` removes every limit.
            data_policy: `null`: anywhere.
            if_match: The object as you read it, or its ETag.
        """
        return self._transport.call(
            Call(
                method="PATCH",
                path=path_of("/api/v1/organizations/{}", org_id),
                headers=headers_of(if_match=if_match),
                body=sent(
                    {
                        "name": name,
                        "suspended": suspended,
                        "limits": limits,
                        "user_limits": user_limits,
                        "data_policy": data_policy,
                    }
                ),
                timeout=timeout,
            ),
            OrganizationView,
        )


class AsyncOrganizationsResource:
    """What is under ``organizations``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport
        self.access_requests = AsyncOrganizationsAccessRequestsResource(transport)
        self.alerts = AsyncOrganizationsAlertsResource(transport)
        self.directory_tokens = AsyncOrganizationsDirectoryTokensResource(transport)
        self.groups = AsyncOrganizationsGroupsResource(transport)
        self.identity_providers = AsyncOrganizationsIdentityProvidersResource(transport)
        self.invitations = AsyncOrganizationsInvitationsResource(transport)
        self.members = AsyncOrganizationsMembersResource(transport)
        self.notification_channels = AsyncOrganizationsNotificationChannelsResource(transport)
        self.projects = AsyncOrganizationsProjectsResource(transport)
        self.roles = AsyncOrganizationsRolesResource(transport)
        self.service_accounts = AsyncOrganizationsServiceAccountsResource(transport)
        self.silences = AsyncOrganizationsSilencesResource(transport)
        self.token_issuers = AsyncOrganizationsTokenIssuersResource(transport)

    @property
    def with_raw_response(self) -> "AsyncOrganizationsResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncOrganizationsResourceRaw(self._transport.raw())

    def list(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> AsyncPages[OrganizationView]:
        """List the organisations that you may see, oldest first.

        ``GET /api/v1/organizations``; needs ``organization:read``.

        Args:
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return self._transport.page(
            Call(
                method="GET",
                path="/api/v1/organizations",
                query={"limit": limit, "cursor": cursor},
                timeout=timeout,
            ),
            Items[OrganizationView],
        )

    async def create(
        self,
        *,
        name: str,
        slug: str | UnsetType | None = UNSET,
        limits: LimitsBody | UnsetType | None = UNSET,
        user_limits: LimitsBody | UnsetType | None = UNSET,
        data_policy: DataPolicyBody | UnsetType | None = UNSET,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> OrganizationView:
        """Create an organisation.

        ``POST /api/v1/organizations``; needs ``organization:create``.

        Args:
            name: For people.
            user_limits: Bounds on each user.
            data_policy: Where calls may be served.
        """
        return await self._transport.call(
            Call(
                method="POST",
                path="/api/v1/organizations",
                headers=headers_of(idempotency_key=idempotency_key),
                body=sent(
                    {
                        "name": name,
                        "slug": slug,
                        "limits": limits,
                        "user_limits": user_limits,
                        "data_policy": data_policy,
                    }
                ),
                timeout=timeout,
            ),
            OrganizationView,
        )

    async def get(
        self,
        org_id: str,
        *,
        timeout: float | None = None,
    ) -> OrganizationView:
        """Read one organisation.

        ``GET /api/v1/organizations/{org_id}``; needs ``organization:read``.
        """
        return await self._transport.call(
            Call(method="GET", path=path_of("/api/v1/organizations/{}", org_id), timeout=timeout),
            OrganizationView,
        )

    async def delete(
        self,
        org_id: str,
        *,
        timeout: float | None = None,
    ) -> None:
        """Remove an organisation with its projects and keys; its usage stays in the ledger.

        ``DELETE /api/v1/organizations/{org_id}``; needs ``organization:create``.
        """
        await self._transport.run(
            Call(method="DELETE", path=path_of("/api/v1/organizations/{}", org_id), timeout=timeout)
        )

    async def update(
        self,
        org_id: str,
        *,
        name: str | UnsetType = UNSET,
        suspended: bool | UnsetType = UNSET,
        limits: LimitsBody | UnsetType | None = UNSET,
        user_limits: LimitsBody | UnsetType | None = UNSET,
        data_policy: DataPolicyBody | UnsetType | None = UNSET,
        if_match: Model | str | None = None,
        timeout: float | None = None,
    ) -> OrganizationView:
        """Rename an organisation; its limits and suspension are for the platform to set.

        `limits`, `user_limits` and `suspended` need the permission `organization:limit`.

        ``PATCH /api/v1/organizations/{org_id}``; needs ``organization:write``.

        Args:
            name: For people.
            suspended: Suspended ones are refused at every gateway.
            limits: `null` removes every limit.
            user_limits: `null` removes every limit.
            data_policy: `null`: anywhere.
            if_match: The object as you read it, or its ETag.
        """
        return await self._transport.call(
            Call(
                method="PATCH",
                path=path_of("/api/v1/organizations/{}", org_id),
                headers=headers_of(if_match=if_match),
                body=sent(
                    {
                        "name": name,
                        "suspended": suspended,
                        "limits": limits,
                        "user_limits": user_limits,
                        "data_policy": data_policy,
                    }
                ),
                timeout=timeout,
            ),
            OrganizationView,
        )


class OrganizationsResourceRaw:
    """The methods of :class:`OrganizationsResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = OrganizationsResource(transport)
        self.list = raw(plain.list)
        self.create = raw(plain.create)
        self.get = raw(plain.get)
        self.delete = raw(plain.delete)
        self.update = raw(plain.update)


class AsyncOrganizationsResourceRaw:
    """The methods of :class:`AsyncOrganizationsResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncOrganizationsResource(transport)
        self.list = async_raw(plain.list)
        self.create = async_raw(plain.create)
        self.get = async_raw(plain.get)
        self.delete = async_raw(plain.delete)
        self.update = async_raw(plain.update)
