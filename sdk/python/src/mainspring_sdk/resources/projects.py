"""The namespace ``projects``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from typing import Literal

from msgspec import UNSET, UnsetType

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call, headers_of, path_of, sent
from mainspring_sdk._models import Model
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.shared import DataPolicyBody, LimitsBody
from mainspring_sdk.models.tenancy import CaptureBody, ProjectView
from mainspring_sdk.resources.projects_access_requests import (
    AsyncProjectsAccessRequestsResource,
    ProjectsAccessRequestsResource,
)
from mainspring_sdk.resources.projects_datasets import (
    AsyncProjectsDatasetsResource,
    ProjectsDatasetsResource,
)
from mainspring_sdk.resources.projects_keys import AsyncProjectsKeysResource, ProjectsKeysResource
from mainspring_sdk.resources.projects_members import (
    AsyncProjectsMembersResource,
    ProjectsMembersResource,
)


class ProjectsResource:
    """What is under ``projects``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self.access_requests = ProjectsAccessRequestsResource(transport)
        self.datasets = ProjectsDatasetsResource(transport)
        self.keys = ProjectsKeysResource(transport)
        self.members = ProjectsMembersResource(transport)

    @property
    def with_raw_response(self) -> "ProjectsResourceRaw":
        """Return the same methods, with the whole answer."""
        return ProjectsResourceRaw(self._transport.raw())

    def get(
        self,
        project_id: str,
        *,
        timeout: float | None = None,
    ) -> ProjectView:
        """Read one project.

        ``GET /api/v1/projects/{project_id}``; needs ``project:read``.
        """
        return self._transport.call(
            Call(method="GET", path=path_of("/api/v1/projects/{}", project_id), timeout=timeout),
            ProjectView,
        )

    def update(
        self,
        project_id: str,
        *,
        name: str | UnsetType = UNSET,
        suspended: bool | UnsetType = UNSET,
        limits: LimitsBody | UnsetType | None = UNSET,
        user_limits: LimitsBody | UnsetType | None = UNSET,
        data_policy: DataPolicyBody | UnsetType | None = UNSET,
        stores_responses: Literal["always", "on_request", "never"] | UnsetType = UNSET,
        response_days: int | UnsetType = UNSET,
        capture: CaptureBody | UnsetType | None = UNSET,
        if_match: Model | str | None = None,
        timeout: float | None = None,
    ) -> ProjectView:
        """Rename a project; limit or suspend it from above.

        `limits`, `user_limits` and `suspended` need `project:limit` in the whole organisation,
        and no
        limit may be wider than the organisation's.

        ``PATCH /api/v1/projects/{project_id}``; needs ``project:write``.

        Args:
            name: For people.
            suspended: Suspended ones are refused at every gateway.
            limits: `null` removes every limit.
            user_limits: `null` removes every limit.
            data_policy: `null`: anywhere.
            stores_responses: Which answers of `/v1/responses` are kept: `always` (unless the
                request says `store: false`), `on_request` (only with `store: true`), or
                `never`.
            response_days: For how many days a response is kept.
            capture: `null` keeps nothing.
            if_match: The object as you read it, or its ETag.
        """
        return self._transport.call(
            Call(
                method="PATCH",
                path=path_of("/api/v1/projects/{}", project_id),
                headers=headers_of(if_match=if_match),
                body=sent(
                    {
                        "name": name,
                        "suspended": suspended,
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


class AsyncProjectsResource:
    """What is under ``projects``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport
        self.access_requests = AsyncProjectsAccessRequestsResource(transport)
        self.datasets = AsyncProjectsDatasetsResource(transport)
        self.keys = AsyncProjectsKeysResource(transport)
        self.members = AsyncProjectsMembersResource(transport)

    @property
    def with_raw_response(self) -> "AsyncProjectsResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncProjectsResourceRaw(self._transport.raw())

    async def get(
        self,
        project_id: str,
        *,
        timeout: float | None = None,
    ) -> ProjectView:
        """Read one project.

        ``GET /api/v1/projects/{project_id}``; needs ``project:read``.
        """
        return await self._transport.call(
            Call(method="GET", path=path_of("/api/v1/projects/{}", project_id), timeout=timeout),
            ProjectView,
        )

    async def update(
        self,
        project_id: str,
        *,
        name: str | UnsetType = UNSET,
        suspended: bool | UnsetType = UNSET,
        limits: LimitsBody | UnsetType | None = UNSET,
        user_limits: LimitsBody | UnsetType | None = UNSET,
        data_policy: DataPolicyBody | UnsetType | None = UNSET,
        stores_responses: Literal["always", "on_request", "never"] | UnsetType = UNSET,
        response_days: int | UnsetType = UNSET,
        capture: CaptureBody | UnsetType | None = UNSET,
        if_match: Model | str | None = None,
        timeout: float | None = None,
    ) -> ProjectView:
        """Rename a project; limit or suspend it from above.

        `limits`, `user_limits` and `suspended` need `project:limit` in the whole organisation,
        and no
        limit may be wider than the organisation's.

        ``PATCH /api/v1/projects/{project_id}``; needs ``project:write``.

        Args:
            name: For people.
            suspended: Suspended ones are refused at every gateway.
            limits: `null` removes every limit.
            user_limits: `null` removes every limit.
            data_policy: `null`: anywhere.
            stores_responses: Which answers of `/v1/responses` are kept: `always` (unless the
                request says `store: false`), `on_request` (only with `store: true`), or
                `never`.
            response_days: For how many days a response is kept.
            capture: `null` keeps nothing.
            if_match: The object as you read it, or its ETag.
        """
        return await self._transport.call(
            Call(
                method="PATCH",
                path=path_of("/api/v1/projects/{}", project_id),
                headers=headers_of(if_match=if_match),
                body=sent(
                    {
                        "name": name,
                        "suspended": suspended,
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


class ProjectsResourceRaw:
    """The methods of :class:`ProjectsResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = ProjectsResource(transport)
        self.get = raw(plain.get)
        self.update = raw(plain.update)


class AsyncProjectsResourceRaw:
    """The methods of :class:`AsyncProjectsResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncProjectsResource(transport)
        self.get = async_raw(plain.get)
        self.update = async_raw(plain.update)
