"""The namespace ``registry.models``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from collections.abc import Sequence
from typing import Literal

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call, path_of
from mainspring_sdk._paging import AsyncPages, Items, Page
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.releases import RegistryEntryView
from mainspring_sdk.resources.registry_models_card import (
    AsyncRegistryModelsCardResource,
    RegistryModelsCardResource,
)


class RegistryModelsResource:
    """What is under ``registry.models``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self.card = RegistryModelsCardResource(transport)

    @property
    def with_raw_response(self) -> "RegistryModelsResourceRaw":
        """Return the same methods, with the whole answer."""
        return RegistryModelsResourceRaw(self._transport.raw())

    def search(
        self,
        *,
        org_id: str | None = None,
        text: str | None = None,
        task: Sequence[
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
        | None = None,
        capability: Sequence[str] | None = None,
        language: Sequence[str] | None = None,
        tag: Sequence[str] | None = None,
        licence: str | None = None,
        precision: str | None = None,
        min_context_length: int | None = None,
        max_parameters: int | None = None,
        in_service: bool | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> Page[RegistryEntryView]:
        """Find models by what they are: every tag that is named must be there.

        ``GET /api/v1/registry/models``; needs ``model:read``.

        Args:
            text: Every word of it.
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return self._transport.page(
            Call(
                method="GET",
                path="/api/v1/registry/models",
                query={
                    "org_id": org_id,
                    "text": text,
                    "task": task,
                    "capability": capability,
                    "language": language,
                    "tag": tag,
                    "licence": licence,
                    "precision": precision,
                    "min_context_length": min_context_length,
                    "max_parameters": max_parameters,
                    "in_service": in_service,
                    "limit": limit,
                    "cursor": cursor,
                },
                timeout=timeout,
            ),
            Items[RegistryEntryView],
        )

    def get_entry(
        self,
        model_id: str,
        *,
        timeout: float | None = None,
    ) -> RegistryEntryView:
        """Read what a model is.

        ``GET /api/v1/registry/models/{model_id}``; needs ``model:read``.
        """
        return self._transport.call(
            Call(
                method="GET", path=path_of("/api/v1/registry/models/{}", model_id), timeout=timeout
            ),
            RegistryEntryView,
        )


class AsyncRegistryModelsResource:
    """What is under ``registry.models``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport
        self.card = AsyncRegistryModelsCardResource(transport)

    @property
    def with_raw_response(self) -> "AsyncRegistryModelsResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncRegistryModelsResourceRaw(self._transport.raw())

    def search(
        self,
        *,
        org_id: str | None = None,
        text: str | None = None,
        task: Sequence[
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
        | None = None,
        capability: Sequence[str] | None = None,
        language: Sequence[str] | None = None,
        tag: Sequence[str] | None = None,
        licence: str | None = None,
        precision: str | None = None,
        min_context_length: int | None = None,
        max_parameters: int | None = None,
        in_service: bool | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> AsyncPages[RegistryEntryView]:
        """Find models by what they are: every tag that is named must be there.

        ``GET /api/v1/registry/models``; needs ``model:read``.

        Args:
            text: Every word of it.
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return self._transport.page(
            Call(
                method="GET",
                path="/api/v1/registry/models",
                query={
                    "org_id": org_id,
                    "text": text,
                    "task": task,
                    "capability": capability,
                    "language": language,
                    "tag": tag,
                    "licence": licence,
                    "precision": precision,
                    "min_context_length": min_context_length,
                    "max_parameters": max_parameters,
                    "in_service": in_service,
                    "limit": limit,
                    "cursor": cursor,
                },
                timeout=timeout,
            ),
            Items[RegistryEntryView],
        )

    async def get_entry(
        self,
        model_id: str,
        *,
        timeout: float | None = None,
    ) -> RegistryEntryView:
        """Read what a model is.

        ``GET /api/v1/registry/models/{model_id}``; needs ``model:read``.
        """
        return await self._transport.call(
            Call(
                method="GET", path=path_of("/api/v1/registry/models/{}", model_id), timeout=timeout
            ),
            RegistryEntryView,
        )


class RegistryModelsResourceRaw:
    """The methods of :class:`RegistryModelsResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = RegistryModelsResource(transport)
        self.search = raw(plain.search)
        self.get_entry = raw(plain.get_entry)


class AsyncRegistryModelsResourceRaw:
    """The methods of :class:`AsyncRegistryModelsResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncRegistryModelsResource(transport)
        self.search = async_raw(plain.search)
        self.get_entry = async_raw(plain.get_entry)
