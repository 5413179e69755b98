"""The namespace ``scores``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from typing import Literal

from msgspec import UNSET, UnsetType

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call, headers_of, sent
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.calls import ScoreView


class ScoresResource:
    """What is under ``scores``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "ScoresResourceRaw":
        """Return the same methods, with the whole answer."""
        return ScoresResourceRaw(self._transport.raw())

    def create(
        self,
        *,
        request_id: str,
        name: str | UnsetType = UNSET,
        value: float | UnsetType | None = UNSET,
        label: str | UnsetType | None = UNSET,
        comment: str | UnsetType | None = UNSET,
        source: Literal["user", "reviewer", "program"] | UnsetType = UNSET,
        user_id: str | UnsetType | None = UNSET,
        project_id: str | UnsetType | None = UNSET,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> ScoreView:
        """Say what you, or somebody who was answered, thought of an answer.

        ``POST /api/v1/scores``; needs ``score:write``.

        Args:
            source: Who judged: a person who was answered, a reviewer or a program.
            user_id: Your own name for the person.
            project_id: Needed where the project keeps no record of its calls.
        """
        return self._transport.call(
            Call(
                method="POST",
                path="/api/v1/scores",
                headers=headers_of(idempotency_key=idempotency_key),
                body=sent(
                    {
                        "request_id": request_id,
                        "name": name,
                        "value": value,
                        "label": label,
                        "comment": comment,
                        "source": source,
                        "user_id": user_id,
                        "project_id": project_id,
                    }
                ),
                timeout=timeout,
            ),
            ScoreView,
        )


class AsyncScoresResource:
    """What is under ``scores``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AsyncScoresResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncScoresResourceRaw(self._transport.raw())

    async def create(
        self,
        *,
        request_id: str,
        name: str | UnsetType = UNSET,
        value: float | UnsetType | None = UNSET,
        label: str | UnsetType | None = UNSET,
        comment: str | UnsetType | None = UNSET,
        source: Literal["user", "reviewer", "program"] | UnsetType = UNSET,
        user_id: str | UnsetType | None = UNSET,
        project_id: str | UnsetType | None = UNSET,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> ScoreView:
        """Say what you, or somebody who was answered, thought of an answer.

        ``POST /api/v1/scores``; needs ``score:write``.

        Args:
            source: Who judged: a person who was answered, a reviewer or a program.
            user_id: Your own name for the person.
            project_id: Needed where the project keeps no record of its calls.
        """
        return await self._transport.call(
            Call(
                method="POST",
                path="/api/v1/scores",
                headers=headers_of(idempotency_key=idempotency_key),
                body=sent(
                    {
                        "request_id": request_id,
                        "name": name,
                        "value": value,
                        "label": label,
                        "comment": comment,
                        "source": source,
                        "user_id": user_id,
                        "project_id": project_id,
                    }
                ),
                timeout=timeout,
            ),
            ScoreView,
        )


class ScoresResourceRaw:
    """The methods of :class:`ScoresResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = ScoresResource(transport)
        self.create = raw(plain.create)


class AsyncScoresResourceRaw:
    """The methods of :class:`AsyncScoresResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncScoresResource(transport)
        self.create = async_raw(plain.create)
