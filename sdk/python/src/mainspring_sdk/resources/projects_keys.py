"""The namespace ``projects.keys``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from msgspec import UNSET, UnsetType

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call, headers_of, path_of, sent
from mainspring_sdk._paging import AsyncPages, Items, Page
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.keys import CreatedKeyView, KeyView
from mainspring_sdk.models.shared import LimitsBody


class ProjectsKeysResource:
    """What is under ``projects.keys``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "ProjectsKeysResourceRaw":
        """Return the same methods, with the whole answer."""
        return ProjectsKeysResourceRaw(self._transport.raw())

    def list(
        self,
        project_id: str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> Page[KeyView]:
        """List the keys of a project, newest first, revoked ones too.

        ``GET /api/v1/projects/{project_id}/keys``; needs ``key:read``.

        Args:
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return self._transport.page(
            Call(
                method="GET",
                path=path_of("/api/v1/projects/{}/keys", project_id),
                query={"limit": limit, "cursor": cursor},
                timeout=timeout,
            ),
            Items[KeyView],
        )

    def create(
        self,
        project_id: str,
        *,
        name: str,
        models: Sequence[str] | UnsetType | None = UNSET,
        scopes: Sequence[
            Literal[
                "model:call",
                "models:read",
                "chat:write",
                "completions:write",
                "embeddings:write",
                "moderations:write",
                "rerank:write",
                "images:write",
                "audio:write",
                "passthrough:call",
            ]
        ]
        | UnsetType = UNSET,
        expires_at: datetime | UnsetType | None = UNSET,
        limits: LimitsBody | UnsetType | None = UNSET,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> CreatedKeyView:
        """Create a key; its secret is shown in this answer only.

        ``POST /api/v1/projects/{project_id}/keys``; needs ``key:write``.

        Args:
            models: Names of the models that it may call; `null` allows all of them.
            scopes: What it may be used for.
            expires_at: `null` never expires.
        """
        return self._transport.call(
            Call(
                method="POST",
                path=path_of("/api/v1/projects/{}/keys", project_id),
                headers=headers_of(idempotency_key=idempotency_key),
                body=sent(
                    {
                        "name": name,
                        "models": models,
                        "scopes": scopes,
                        "expires_at": expires_at,
                        "limits": limits,
                    }
                ),
                timeout=timeout,
            ),
            CreatedKeyView,
        )


class AsyncProjectsKeysResource:
    """What is under ``projects.keys``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AsyncProjectsKeysResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncProjectsKeysResourceRaw(self._transport.raw())

    def list(
        self,
        project_id: str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> AsyncPages[KeyView]:
        """List the keys of a project, newest first, revoked ones too.

        ``GET /api/v1/projects/{project_id}/keys``; needs ``key:read``.

        Args:
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return self._transport.page(
            Call(
                method="GET",
                path=path_of("/api/v1/projects/{}/keys", project_id),
                query={"limit": limit, "cursor": cursor},
                timeout=timeout,
            ),
            Items[KeyView],
        )

    async def create(
        self,
        project_id: str,
        *,
        name: str,
        models: Sequence[str] | UnsetType | None = UNSET,
        scopes: Sequence[
            Literal[
                "model:call",
                "models:read",
                "chat:write",
                "completions:write",
                "embeddings:write",
                "moderations:write",
                "rerank:write",
                "images:write",
                "audio:write",
                "passthrough:call",
            ]
        ]
        | UnsetType = UNSET,
        expires_at: datetime | UnsetType | None = UNSET,
        limits: LimitsBody | UnsetType | None = UNSET,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> CreatedKeyView:
        """Create a key; its secret is shown in this answer only.

        ``POST /api/v1/projects/{project_id}/keys``; needs ``key:write``.

        Args:
            models: Names of the models that it may call; `null` allows all of them.
            scopes: What it may be used for.
            expires_at: `null` never expires.
        """
        return await self._transport.call(
            Call(
                method="POST",
                path=path_of("/api/v1/projects/{}/keys", project_id),
                headers=headers_of(idempotency_key=idempotency_key),
                body=sent(
                    {
                        "name": name,
                        "models": models,
                        "scopes": scopes,
                        "expires_at": expires_at,
                        "limits": limits,
                    }
                ),
                timeout=timeout,
            ),
            CreatedKeyView,
        )


class ProjectsKeysResourceRaw:
    """The methods of :class:`ProjectsKeysResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = ProjectsKeysResource(transport)
        self.list = raw(plain.list)
        self.create = raw(plain.create)


class AsyncProjectsKeysResourceRaw:
    """The methods of :class:`AsyncProjectsKeysResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncProjectsKeysResource(transport)
        self.list = async_raw(plain.list)
        self.create = async_raw(plain.create)
