"""The namespace ``policies.effective``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from typing import Literal

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.policy import EffectiveView


class PoliciesEffectiveResource:
    """What is under ``policies.effective``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "PoliciesEffectiveResourceRaw":
        """Return the same methods, with the whole answer."""
        return PoliciesEffectiveResourceRaw(self._transport.raw())

    def get(
        self,
        *,
        org_id: str | None = None,
        project: str | None = None,
        model: str | None = None,
        key: str | None = None,
        task: Literal[
            "chat",
            "completion",
            "embedding",
            "moderation",
            "rerank",
            "image",
            "speech",
            "transcription",
        ]
        | None = None,
        timeout: float | None = None,
    ) -> EffectiveView:
        """Tell what holds for the calls of an organisation, a project or a key, and whose word it
        is.

        Parameters, cache, limits, routing, where data may go, what is captured and for how long
        it is
        kept.

        ``GET /api/v1/policies/effective``; needs ``policy:read``.

        Args:
            org_id: An organisation, where no project is named.
            project: The id of a project.
            model: A model's own name; none: for all models.
            key: The id of a key of the project.
        """
        return self._transport.call(
            Call(
                method="GET",
                path="/api/v1/policies/effective",
                query={
                    "org_id": org_id,
                    "project": project,
                    "model": model,
                    "key": key,
                    "task": task,
                },
                timeout=timeout,
            ),
            EffectiveView,
        )


class AsyncPoliciesEffectiveResource:
    """What is under ``policies.effective``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AsyncPoliciesEffectiveResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncPoliciesEffectiveResourceRaw(self._transport.raw())

    async def get(
        self,
        *,
        org_id: str | None = None,
        project: str | None = None,
        model: str | None = None,
        key: str | None = None,
        task: Literal[
            "chat",
            "completion",
            "embedding",
            "moderation",
            "rerank",
            "image",
            "speech",
            "transcription",
        ]
        | None = None,
        timeout: float | None = None,
    ) -> EffectiveView:
        """Tell what holds for the calls of an organisation, a project or a key, and whose word it
        is.

        Parameters, cache, limits, routing, where data may go, what is captured and for how long
        it is
        kept.

        ``GET /api/v1/policies/effective``; needs ``policy:read``.

        Args:
            org_id: An organisation, where no project is named.
            project: The id of a project.
            model: A model's own name; none: for all models.
            key: The id of a key of the project.
        """
        return await self._transport.call(
            Call(
                method="GET",
                path="/api/v1/policies/effective",
                query={
                    "org_id": org_id,
                    "project": project,
                    "model": model,
                    "key": key,
                    "task": task,
                },
                timeout=timeout,
            ),
            EffectiveView,
        )


class PoliciesEffectiveResourceRaw:
    """The methods of :class:`PoliciesEffectiveResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = PoliciesEffectiveResource(transport)
        self.get = raw(plain.get)


class AsyncPoliciesEffectiveResourceRaw:
    """The methods of :class:`AsyncPoliciesEffectiveResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncPoliciesEffectiveResource(transport)
        self.get = async_raw(plain.get)
