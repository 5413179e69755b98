"""The namespace ``models``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from collections.abc import Sequence
from typing import Literal

from msgspec import UNSET, UnsetType

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call, headers_of, path_of, sent
from mainspring_sdk._models import Model
from mainspring_sdk._paging import AsyncPages, Items, Page
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.catalog import ModelView, ReleaseBody, TargetBody
from mainspring_sdk.models.shared import LimitsBody, PriceBody, RoutingBody
from mainspring_sdk.resources.models_releases import (
    AsyncModelsReleasesResource,
    ModelsReleasesResource,
)
from mainspring_sdk.resources.models_rollback import (
    AsyncModelsRollbackResource,
    ModelsRollbackResource,
)


class ModelsResource:
    """What is under ``models``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self.releases = ModelsReleasesResource(transport)
        self.rollback = ModelsRollbackResource(transport)

    @property
    def with_raw_response(self) -> "ModelsResourceRaw":
        """Return the same methods, with the whole answer."""
        return ModelsResourceRaw(self._transport.raw())

    def list(
        self,
        *,
        org_id: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> Page[ModelView]:
        """List models, oldest first.

        ``GET /api/v1/models``; needs ``model:read``.

        Args:
            org_id: Only what this organisation may call.
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return self._transport.page(
            Call(
                method="GET",
                path="/api/v1/models",
                query={"org_id": org_id, "limit": limit, "cursor": cursor},
                timeout=timeout,
            ),
            Items[ModelView],
        )

    def create(
        self,
        *,
        name: str,
        targets: Sequence[TargetBody],
        tasks: Sequence[
            Literal[
                "chat",
                "completion",
                "embedding",
                "moderation",
                "rerank",
                "image",
                "speech",
                "transcription",
                "realtime",
            ]
        ]
        | UnsetType = UNSET,
        org_id: str | UnsetType | None = UNSET,
        owned_by: str | UnsetType = UNSET,
        context_length: int | UnsetType | None = UNSET,
        limits: LimitsBody | UnsetType | None = UNSET,
        key_limits: LimitsBody | UnsetType | None = UNSET,
        price: PriceBody | UnsetType | None = UNSET,
        aliases: Sequence[str] | UnsetType = UNSET,
        fallbacks: Sequence[str] | UnsetType = UNSET,
        routing: RoutingBody | UnsetType = UNSET,
        release: ReleaseBody | UnsetType | None = UNSET,
        access: Literal["open", "restricted"] | UnsetType = UNSET,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> ModelView:
        """Create a model. Only the platform's administrators do, for an organisation too.

        ``POST /api/v1/models``; needs ``model:write``.

        Args:
            org_id: Visible to this organisation only; `null`: to all.
            limits: Bounds on all calls of the model.
            key_limits: Bounds on the calls of each key.
            price: `null`: not known.
            aliases: Further names; a model's own name goes first.
            fallbacks: Models to ask when every target failed, in order.
            release: Who gets the track `canary`.
            access: `restricted`: projects without a grant neither see it nor may call it.
        """
        return self._transport.call(
            Call(
                method="POST",
                path="/api/v1/models",
                headers=headers_of(idempotency_key=idempotency_key),
                body=sent(
                    {
                        "name": name,
                        "targets": targets,
                        "tasks": tasks,
                        "org_id": org_id,
                        "owned_by": owned_by,
                        "context_length": context_length,
                        "limits": limits,
                        "key_limits": key_limits,
                        "price": price,
                        "aliases": aliases,
                        "fallbacks": fallbacks,
                        "routing": routing,
                        "release": release,
                        "access": access,
                    }
                ),
                timeout=timeout,
            ),
            ModelView,
        )

    def get(
        self,
        model_id: str,
        *,
        timeout: float | None = None,
    ) -> ModelView:
        """Read one model.

        ``GET /api/v1/models/{model_id}``; needs ``model:read``.
        """
        return self._transport.call(
            Call(method="GET", path=path_of("/api/v1/models/{}", model_id), timeout=timeout),
            ModelView,
        )

    def delete(
        self,
        model_id: str,
        *,
        timeout: float | None = None,
    ) -> None:
        """Remove a model, as the platform; its usage stays in the ledger.

        ``DELETE /api/v1/models/{model_id}``; needs ``model:write``.
        """
        self._transport.run(
            Call(method="DELETE", path=path_of("/api/v1/models/{}", model_id), timeout=timeout)
        )

    def update(
        self,
        model_id: str,
        *,
        targets: Sequence[TargetBody] | UnsetType = UNSET,
        tasks: Sequence[
            Literal[
                "chat",
                "completion",
                "embedding",
                "moderation",
                "rerank",
                "image",
                "speech",
                "transcription",
                "realtime",
            ]
        ]
        | UnsetType = UNSET,
        owned_by: str | UnsetType = UNSET,
        context_length: int | UnsetType | None = UNSET,
        limits: LimitsBody | UnsetType | None = UNSET,
        key_limits: LimitsBody | UnsetType | None = UNSET,
        price: PriceBody | UnsetType | None = UNSET,
        aliases: Sequence[str] | UnsetType = UNSET,
        fallbacks: Sequence[str] | UnsetType = UNSET,
        routing: RoutingBody | UnsetType = UNSET,
        release: ReleaseBody | UnsetType | None = UNSET,
        access: Literal["open", "restricted"] | UnsetType = UNSET,
        if_match: Model | str | None = None,
        timeout: float | None = None,
    ) -> ModelView:
        """Change a model, as the platform; its name stays, because callers rely on it.

        ``PATCH /api/v1/models/{model_id}``; needs ``model:write``.

        Args:
            context_length: `null`: not known.
            limits: `null` removes every limit.
            key_limits: `null` removes every limit.
            price: `null`: not known.
            release: `null` removes it.
            access: `restricted`: projects without a grant neither see it nor may call it.
            if_match: The object as you read it, or its ETag.
        """
        return self._transport.call(
            Call(
                method="PATCH",
                path=path_of("/api/v1/models/{}", model_id),
                headers=headers_of(if_match=if_match),
                body=sent(
                    {
                        "targets": targets,
                        "tasks": tasks,
                        "owned_by": owned_by,
                        "context_length": context_length,
                        "limits": limits,
                        "key_limits": key_limits,
                        "price": price,
                        "aliases": aliases,
                        "fallbacks": fallbacks,
                        "routing": routing,
                        "release": release,
                        "access": access,
                    }
                ),
                timeout=timeout,
            ),
            ModelView,
        )


class AsyncModelsResource:
    """What is under ``models``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport
        self.releases = AsyncModelsReleasesResource(transport)
        self.rollback = AsyncModelsRollbackResource(transport)

    @property
    def with_raw_response(self) -> "AsyncModelsResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncModelsResourceRaw(self._transport.raw())

    def list(
        self,
        *,
        org_id: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> AsyncPages[ModelView]:
        """List models, oldest first.

        ``GET /api/v1/models``; needs ``model:read``.

        Args:
            org_id: Only what this organisation may call.
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return self._transport.page(
            Call(
                method="GET",
                path="/api/v1/models",
                query={"org_id": org_id, "limit": limit, "cursor": cursor},
                timeout=timeout,
            ),
            Items[ModelView],
        )

    async def create(
        self,
        *,
        name: str,
        targets: Sequence[TargetBody],
        tasks: Sequence[
            Literal[
                "chat",
                "completion",
                "embedding",
                "moderation",
                "rerank",
                "image",
                "speech",
                "transcription",
                "realtime",
            ]
        ]
        | UnsetType = UNSET,
        org_id: str | UnsetType | None = UNSET,
        owned_by: str | UnsetType = UNSET,
        context_length: int | UnsetType | None = UNSET,
        limits: LimitsBody | UnsetType | None = UNSET,
        key_limits: LimitsBody | UnsetType | None = UNSET,
        price: PriceBody | UnsetType | None = UNSET,
        aliases: Sequence[str] | UnsetType = UNSET,
        fallbacks: Sequence[str] | UnsetType = UNSET,
        routing: RoutingBody | UnsetType = UNSET,
        release: ReleaseBody | UnsetType | None = UNSET,
        access: Literal["open", "restricted"] | UnsetType = UNSET,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> ModelView:
        """Create a model. Only the platform's administrators do, for an organisation too.

        ``POST /api/v1/models``; needs ``model:write``.

        Args:
            org_id: Visible to this organisation only; `null`: to all.
            limits: Bounds on all calls of the model.
            key_limits: Bounds on the calls of each key.
            price: `null`: not known.
            aliases: Further names; a model's own name goes first.
            fallbacks: Models to ask when every target failed, in order.
            release: Who gets the track `canary`.
            access: `restricted`: projects without a grant neither see it nor may call it.
        """
        return await self._transport.call(
            Call(
                method="POST",
                path="/api/v1/models",
                headers=headers_of(idempotency_key=idempotency_key),
                body=sent(
                    {
                        "name": name,
                        "targets": targets,
                        "tasks": tasks,
                        "org_id": org_id,
                        "owned_by": owned_by,
                        "context_length": context_length,
                        "limits": limits,
                        "key_limits": key_limits,
                        "price": price,
                        "aliases": aliases,
                        "fallbacks": fallbacks,
                        "routing": routing,
                        "release": release,
                        "access": access,
                    }
                ),
                timeout=timeout,
            ),
            ModelView,
        )

    async def get(
        self,
        model_id: str,
        *,
        timeout: float | None = None,
    ) -> ModelView:
        """Read one model.

        ``GET /api/v1/models/{model_id}``; needs ``model:read``.
        """
        return await self._transport.call(
            Call(method="GET", path=path_of("/api/v1/models/{}", model_id), timeout=timeout),
            ModelView,
        )

    async def delete(
        self,
        model_id: str,
        *,
        timeout: float | None = None,
    ) -> None:
        """Remove a model, as the platform; its usage stays in the ledger.

        ``DELETE /api/v1/models/{model_id}``; needs ``model:write``.
        """
        await self._transport.run(
            Call(method="DELETE", path=path_of("/api/v1/models/{}", model_id), timeout=timeout)
        )

    async def update(
        self,
        model_id: str,
        *,
        targets: Sequence[TargetBody] | UnsetType = UNSET,
        tasks: Sequence[
            Literal[
                "chat",
                "completion",
                "embedding",
                "moderation",
                "rerank",
                "image",
                "speech",
                "transcription",
                "realtime",
            ]
        ]
        | UnsetType = UNSET,
        owned_by: str | UnsetType = UNSET,
        context_length: int | UnsetType | None = UNSET,
        limits: LimitsBody | UnsetType | None = UNSET,
        key_limits: LimitsBody | UnsetType | None = UNSET,
        price: PriceBody | UnsetType | None = UNSET,
        aliases: Sequence[str] | UnsetType = UNSET,
        fallbacks: Sequence[str] | UnsetType = UNSET,
        routing: RoutingBody | UnsetType = UNSET,
        release: ReleaseBody | UnsetType | None = UNSET,
        access: Literal["open", "restricted"] | UnsetType = UNSET,
        if_match: Model | str | None = None,
        timeout: float | None = None,
    ) -> ModelView:
        """Change a model, as the platform; its name stays, because callers rely on it.

        ``PATCH /api/v1/models/{model_id}``; needs ``model:write``.

        Args:
            context_length: `null`: not known.
            limits: `null` removes every limit.
            key_limits: `null` removes every limit.
            price: `null`: not known.
            release: `null` removes it.
            access: `restricted`: projects without a grant neither see it nor may call it.
            if_match: The object as you read it, or its ETag.
        """
        return await self._transport.call(
            Call(
                method="PATCH",
                path=path_of("/api/v1/models/{}", model_id),
                headers=headers_of(if_match=if_match),
                body=sent(
                    {
                        "targets": targets,
                        "tasks": tasks,
                        "owned_by": owned_by,
                        "context_length": context_length,
                        "limits": limits,
                        "key_limits": key_limits,
                        "price": price,
                        "aliases": aliases,
                        "fallbacks": fallbacks,
                        "routing": routing,
                        "release": release,
                        "access": access,
                    }
                ),
                timeout=timeout,
            ),
            ModelView,
        )


class ModelsResourceRaw:
    """The methods of :class:`ModelsResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = ModelsResource(transport)
        self.list = raw(plain.list)
        self.create = raw(plain.create)
        self.get = raw(plain.get)
        self.delete = raw(plain.delete)
        self.update = raw(plain.update)


class AsyncModelsResourceRaw:
    """The methods of :class:`AsyncModelsResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncModelsResource(transport)
        self.list = async_raw(plain.list)
        self.create = async_raw(plain.create)
        self.get = async_raw(plain.get)
        self.delete = async_raw(plain.delete)
        self.update = async_raw(plain.update)
