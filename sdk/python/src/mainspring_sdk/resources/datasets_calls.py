"""The namespace ``datasets.calls``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from collections.abc import Mapping
from typing import Any

from msgspec import UNSET, UnsetType

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call, headers_of, path_of, sent
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.datasets import DatasetItemView


class DatasetsCallsResource:
    """What is under ``datasets.calls``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "DatasetsCallsResourceRaw":
        """Return the same methods, with the whole answer."""
        return DatasetsCallsResourceRaw(self._transport.raw())

    def add(
        self,
        dataset_id: str,
        *,
        request_id: str,
        take_answer: bool | UnsetType = UNSET,
        expected: Any = UNSET,
        metadata: Mapping[str, str] | UnsetType = UNSET,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> DatasetItemView:
        """Make an item of a recorded call of the same project; needs `call:read` as well.

        What was redacted in the record is redacted in the item. It stays when the record goes.

        ``POST /api/v1/datasets/{dataset_id}/calls``; needs ``dataset:write``.

        Args:
            take_answer: Its answer is what is expected.
            expected: A text, or any JSON; `null` for nothing.
        """
        return self._transport.call(
            Call(
                method="POST",
                path=path_of("/api/v1/datasets/{}/calls", dataset_id),
                headers=headers_of(idempotency_key=idempotency_key),
                body=sent(
                    {
                        "request_id": request_id,
                        "take_answer": take_answer,
                        "expected": expected,
                        "metadata": metadata,
                    }
                ),
                timeout=timeout,
            ),
            DatasetItemView,
        )


class AsyncDatasetsCallsResource:
    """What is under ``datasets.calls``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AsyncDatasetsCallsResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncDatasetsCallsResourceRaw(self._transport.raw())

    async def add(
        self,
        dataset_id: str,
        *,
        request_id: str,
        take_answer: bool | UnsetType = UNSET,
        expected: Any = UNSET,
        metadata: Mapping[str, str] | UnsetType = UNSET,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> DatasetItemView:
        """Make an item of a recorded call of the same project; needs `call:read` as well.

        What was redacted in the record is redacted in the item. It stays when the record goes.

        ``POST /api/v1/datasets/{dataset_id}/calls``; needs ``dataset:write``.

        Args:
            take_answer: Its answer is what is expected.
            expected: A text, or any JSON; `null` for nothing.
        """
        return await self._transport.call(
            Call(
                method="POST",
                path=path_of("/api/v1/datasets/{}/calls", dataset_id),
                headers=headers_of(idempotency_key=idempotency_key),
                body=sent(
                    {
                        "request_id": request_id,
                        "take_answer": take_answer,
                        "expected": expected,
                        "metadata": metadata,
                    }
                ),
                timeout=timeout,
            ),
            DatasetItemView,
        )


class DatasetsCallsResourceRaw:
    """The methods of :class:`DatasetsCallsResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = DatasetsCallsResource(transport)
        self.add = raw(plain.add)


class AsyncDatasetsCallsResourceRaw:
    """The methods of :class:`AsyncDatasetsCallsResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncDatasetsCallsResource(transport)
        self.add = async_raw(plain.add)
