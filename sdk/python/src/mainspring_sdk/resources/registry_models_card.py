"""The namespace ``registry.models.card``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from collections.abc import Sequence

from msgspec import UNSET, UnsetType

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call, headers_of, path_of, sent
from mainspring_sdk._models import Model
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.releases import (
    ArtifactBody,
    HardwareBody,
    QualityFigureBody,
    RegistryEntryView,
    SpecificationBody,
)


class RegistryModelsCardResource:
    """What is under ``registry.models.card``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "RegistryModelsCardResourceRaw":
        """Return the same methods, with the whole answer."""
        return RegistryModelsCardResourceRaw(self._transport.raw())

    def get(
        self,
        model_id: str,
        *,
        timeout: float | None = None,
    ) -> SpecificationBody:
        """Read a model's own card, without what its versions say.

        ``GET /api/v1/registry/models/{model_id}/card``; needs ``model:read``.
        """
        return self._transport.call(
            Call(
                method="GET",
                path=path_of("/api/v1/registry/models/{}/card", model_id),
                timeout=timeout,
            ),
            SpecificationBody,
        )

    def put(
        self,
        model_id: str,
        *,
        display_name: str | UnsetType | None = UNSET,
        description: str | UnsetType | None = UNSET,
        family: str | UnsetType | None = UNSET,
        vendor: str | UnsetType | None = UNSET,
        parameters: int | UnsetType | None = UNSET,
        active_parameters: int | UnsetType | None = UNSET,
        precision: str | UnsetType | None = UNSET,
        context_length: int | UnsetType | None = UNSET,
        max_output_tokens: int | UnsetType | None = UNSET,
        knowledge_cutoff: str | UnsetType | None = UNSET,
        hardware: HardwareBody | UnsetType | None = UNSET,
        licence: str | UnsetType | None = UNSET,
        licence_url: str | UnsetType | None = UNSET,
        source: str | UnsetType | None = UNSET,
        source_repository: str | UnsetType | None = UNSET,
        source_revision: str | UnsetType | None = UNSET,
        capabilities: Sequence[str] | UnsetType = UNSET,
        languages: Sequence[str] | UnsetType = UNSET,
        tags: Sequence[str] | UnsetType = UNSET,
        quality: Sequence[QualityFigureBody] | UnsetType = UNSET,
        release_notes: str | UnsetType | None = UNSET,
        artifacts: Sequence[ArtifactBody] | UnsetType = UNSET,
        if_match: Model | str | None = None,
        timeout: float | None = None,
    ) -> RegistryEntryView:
        """Say what a model is, in place of what was said before.

        It holds wherever the card of the version that serves the model says nothing.

        ``PUT /api/v1/registry/models/{model_id}/card``; needs ``release:write``.

        Args:
            licence: An SPDX id, if it has one.
            source: Where it comes from, in words or by an address.
            source_repository: Where the files were taken from.
            source_revision: The commit or the tag of the repository.
            artifacts: The files of the weights, each path once.
            if_match: The object as you read it, or its ETag.
        """
        return self._transport.call(
            Call(
                method="PUT",
                path=path_of("/api/v1/registry/models/{}/card", model_id),
                headers=headers_of(if_match=if_match),
                body=sent(
                    {
                        "display_name": display_name,
                        "description": description,
                        "family": family,
                        "vendor": vendor,
                        "parameters": parameters,
                        "active_parameters": active_parameters,
                        "precision": precision,
                        "context_length": context_length,
                        "max_output_tokens": max_output_tokens,
                        "knowledge_cutoff": knowledge_cutoff,
                        "hardware": hardware,
                        "licence": licence,
                        "licence_url": licence_url,
                        "source": source,
                        "source_repository": source_repository,
                        "source_revision": source_revision,
                        "capabilities": capabilities,
                        "languages": languages,
                        "tags": tags,
                        "quality": quality,
                        "release_notes": release_notes,
                        "artifacts": artifacts,
                    }
                ),
                timeout=timeout,
            ),
            RegistryEntryView,
        )


class AsyncRegistryModelsCardResource:
    """What is under ``registry.models.card``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AsyncRegistryModelsCardResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncRegistryModelsCardResourceRaw(self._transport.raw())

    async def get(
        self,
        model_id: str,
        *,
        timeout: float | None = None,
    ) -> SpecificationBody:
        """Read a model's own card, without what its versions say.

        ``GET /api/v1/registry/models/{model_id}/card``; needs ``model:read``.
        """
        return await self._transport.call(
            Call(
                method="GET",
                path=path_of("/api/v1/registry/models/{}/card", model_id),
                timeout=timeout,
            ),
            SpecificationBody,
        )

    async def put(
        self,
        model_id: str,
        *,
        display_name: str | UnsetType | None = UNSET,
        description: str | UnsetType | None = UNSET,
        family: str | UnsetType | None = UNSET,
        vendor: str | UnsetType | None = UNSET,
        parameters: int | UnsetType | None = UNSET,
        active_parameters: int | UnsetType | None = UNSET,
        precision: str | UnsetType | None = UNSET,
        context_length: int | UnsetType | None = UNSET,
        max_output_tokens: int | UnsetType | None = UNSET,
        knowledge_cutoff: str | UnsetType | None = UNSET,
        hardware: HardwareBody | UnsetType | None = UNSET,
        licence: str | UnsetType | None = UNSET,
        licence_url: str | UnsetType | None = UNSET,
        source: str | UnsetType | None = UNSET,
        source_repository: str | UnsetType | None = UNSET,
        source_revision: str | UnsetType | None = UNSET,
        capabilities: Sequence[str] | UnsetType = UNSET,
        languages: Sequence[str] | UnsetType = UNSET,
        tags: Sequence[str] | UnsetType = UNSET,
        quality: Sequence[QualityFigureBody] | UnsetType = UNSET,
        release_notes: str | UnsetType | None = UNSET,
        artifacts: Sequence[ArtifactBody] | UnsetType = UNSET,
        if_match: Model | str | None = None,
        timeout: float | None = None,
    ) -> RegistryEntryView:
        """Say what a model is, in place of what was said before.

        It holds wherever the card of the version that serves the model says nothing.

        ``PUT /api/v1/registry/models/{model_id}/card``; needs ``release:write``.

        Args:
            licence: An SPDX id, if it has one.
            source: Where it comes from, in words or by an address.
            source_repository: Where the files were taken from.
            source_revision: The commit or the tag of the repository.
            artifacts: The files of the weights, each path once.
            if_match: The object as you read it, or its ETag.
        """
        return await self._transport.call(
            Call(
                method="PUT",
                path=path_of("/api/v1/registry/models/{}/card", model_id),
                headers=headers_of(if_match=if_match),
                body=sent(
                    {
                        "display_name": display_name,
                        "description": description,
                        "family": family,
                        "vendor": vendor,
                        "parameters": parameters,
                        "active_parameters": active_parameters,
                        "precision": precision,
                        "context_length": context_length,
                        "max_output_tokens": max_output_tokens,
                        "knowledge_cutoff": knowledge_cutoff,
                        "hardware": hardware,
                        "licence": licence,
                        "licence_url": licence_url,
                        "source": source,
                        "source_repository": source_repository,
                        "source_revision": source_revision,
                        "capabilities": capabilities,
                        "languages": languages,
                        "tags": tags,
                        "quality": quality,
                        "release_notes": release_notes,
                        "artifacts": artifacts,
                    }
                ),
                timeout=timeout,
            ),
            RegistryEntryView,
        )


class RegistryModelsCardResourceRaw:
    """The methods of :class:`RegistryModelsCardResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = RegistryModelsCardResource(transport)
        self.get = raw(plain.get)
        self.put = raw(plain.put)


class AsyncRegistryModelsCardResourceRaw:
    """The methods of :class:`AsyncRegistryModelsCardResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncRegistryModelsCardResource(transport)
        self.get = async_raw(plain.get)
        self.put = async_raw(plain.put)
