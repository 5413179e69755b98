"""The namespace ``model_grants``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from datetime import datetime

from msgspec import UNSET, UnsetType

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call, headers_of, path_of, sent
from mainspring_sdk._models import Model
from mainspring_sdk._paging import AsyncPages, Items, Page
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.access import ModelGrantView


class ModelGrantsResource:
    """What is under ``model_grants``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "ModelGrantsResourceRaw":
        """Return the same methods, with the whole answer."""
        return ModelGrantsResourceRaw(self._transport.raw())

    def list(
        self,
        *,
        org_id: str | None = None,
        project_id: str | None = None,
        model_id: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> Page[ModelGrantView]:
        """List grants, oldest first; those of a project include its organisation's.

        ``GET /api/v1/model-grants``; needs ``access:read``.

        Args:
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return self._transport.page(
            Call(
                method="GET",
                path="/api/v1/model-grants",
                query={
                    "org_id": org_id,
                    "project_id": project_id,
                    "model_id": model_id,
                    "limit": limit,
                    "cursor": cursor,
                },
                timeout=timeout,
            ),
            Items[ModelGrantView],
        )

    def create(
        self,
        *,
        org_id: str,
        model_id: str,
        project_id: str | UnsetType | None = UNSET,
        reason: str | UnsetType = UNSET,
        expires_at: datetime | UnsetType | None = UNSET,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> ModelGrantView:
        """Open a restricted model to a project, or to a whole organisation.

        ``POST /api/v1/model-grants``; needs ``access:grant``.

        Args:
            project_id: `null`: all projects of the organisation.
            expires_at: `null`: until it is taken back.
        """
        return self._transport.call(
            Call(
                method="POST",
                path="/api/v1/model-grants",
                headers=headers_of(idempotency_key=idempotency_key),
                body=sent(
                    {
                        "org_id": org_id,
                        "project_id": project_id,
                        "model_id": model_id,
                        "reason": reason,
                        "expires_at": expires_at,
                    }
                ),
                timeout=timeout,
            ),
            ModelGrantView,
        )

    def get(
        self,
        grant_id: str,
        *,
        timeout: float | None = None,
    ) -> ModelGrantView:
        """Read one grant.

        ``GET /api/v1/model-grants/{grant_id}``; needs ``access:read``.
        """
        return self._transport.call(
            Call(method="GET", path=path_of("/api/v1/model-grants/{}", grant_id), timeout=timeout),
            ModelGrantView,
        )

    def delete(
        self,
        grant_id: str,
        *,
        timeout: float | None = None,
    ) -> None:
        """Take a grant back: gateways refuse the next call.

        ``DELETE /api/v1/model-grants/{grant_id}``; needs ``access:grant``.
        """
        self._transport.run(
            Call(
                method="DELETE", path=path_of("/api/v1/model-grants/{}", grant_id), timeout=timeout
            )
        )

    def update(
        self,
        grant_id: str,
        *,
        reason: str | UnsetType = UNSET,
        expires_at: datetime | UnsetType | None = UNSET,
        if_match: Model | str | None = None,
        timeout: float | None = None,
    ) -> ModelGrantView:
        """Change why, or until when; gateways follow within moments.

        ``PATCH /api/v1/model-grants/{grant_id}``; needs ``access:grant``.

        Args:
            expires_at: `null`: until it is taken back.
            if_match: The object as you read it, or its ETag.
        """
        return self._transport.call(
            Call(
                method="PATCH",
                path=path_of("/api/v1/model-grants/{}", grant_id),
                headers=headers_of(if_match=if_match),
                body=sent({"reason": reason, "expires_at": expires_at}),
                timeout=timeout,
            ),
            ModelGrantView,
        )


class AsyncModelGrantsResource:
    """What is under ``model_grants``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AsyncModelGrantsResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncModelGrantsResourceRaw(self._transport.raw())

    def list(
        self,
        *,
        org_id: str | None = None,
        project_id: str | None = None,
        model_id: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> AsyncPages[ModelGrantView]:
        """List grants, oldest first; those of a project include its organisation's.

        ``GET /api/v1/model-grants``; needs ``access:read``.

        Args:
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return self._transport.page(
            Call(
                method="GET",
                path="/api/v1/model-grants",
                query={
                    "org_id": org_id,
                    "project_id": project_id,
                    "model_id": model_id,
                    "limit": limit,
                    "cursor": cursor,
                },
                timeout=timeout,
            ),
            Items[ModelGrantView],
        )

    async def create(
        self,
        *,
        org_id: str,
        model_id: str,
        project_id: str | UnsetType | None = UNSET,
        reason: str | UnsetType = UNSET,
        expires_at: datetime | UnsetType | None = UNSET,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> ModelGrantView:
        """Open a restricted model to a project, or to a whole organisation.

        ``POST /api/v1/model-grants``; needs ``access:grant``.

        Args:
            project_id: `null`: all projects of the organisation.
            expires_at: `null`: until it is taken back.
        """
        return await self._transport.call(
            Call(
                method="POST",
                path="/api/v1/model-grants",
                headers=headers_of(idempotency_key=idempotency_key),
                body=sent(
                    {
                        "org_id": org_id,
                        "project_id": project_id,
                        "model_id": model_id,
                        "reason": reason,
                        "expires_at": expires_at,
                    }
                ),
                timeout=timeout,
            ),
            ModelGrantView,
        )

    async def get(
        self,
        grant_id: str,
        *,
        timeout: float | None = None,
    ) -> ModelGrantView:
        """Read one grant.

        ``GET /api/v1/model-grants/{grant_id}``; needs ``access:read``.
        """
        return await self._transport.call(
            Call(method="GET", path=path_of("/api/v1/model-grants/{}", grant_id), timeout=timeout),
            ModelGrantView,
        )

    async def delete(
        self,
        grant_id: str,
        *,
        timeout: float | None = None,
    ) -> None:
        """Take a grant back: gateways refuse the next call.

        ``DELETE /api/v1/model-grants/{grant_id}``; needs ``access:grant``.
        """
        await self._transport.run(
            Call(
                method="DELETE", path=path_of("/api/v1/model-grants/{}", grant_id), timeout=timeout
            )
        )

    async def update(
        self,
        grant_id: str,
        *,
        reason: str | UnsetType = UNSET,
        expires_at: datetime | UnsetType | None = UNSET,
        if_match: Model | str | None = None,
        timeout: float | None = None,
    ) -> ModelGrantView:
        """Change why, or until when; gateways follow within moments.

        ``PATCH /api/v1/model-grants/{grant_id}``; needs ``access:grant``.

        Args:
            expires_at: `null`: until it is taken back.
            if_match: The object as you read it, or its ETag.
        """
        return await self._transport.call(
            Call(
                method="PATCH",
                path=path_of("/api/v1/model-grants/{}", grant_id),
                headers=headers_of(if_match=if_match),
                body=sent({"reason": reason, "expires_at": expires_at}),
                timeout=timeout,
            ),
            ModelGrantView,
        )


class ModelGrantsResourceRaw:
    """The methods of :class:`ModelGrantsResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = ModelGrantsResource(transport)
        self.list = raw(plain.list)
        self.create = raw(plain.create)
        self.get = raw(plain.get)
        self.delete = raw(plain.delete)
        self.update = raw(plain.update)


class AsyncModelGrantsResourceRaw:
    """The methods of :class:`AsyncModelGrantsResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncModelGrantsResource(transport)
        self.list = async_raw(plain.list)
        self.create = async_raw(plain.create)
        self.get = async_raw(plain.get)
        self.delete = async_raw(plain.delete)
        self.update = async_raw(plain.update)
