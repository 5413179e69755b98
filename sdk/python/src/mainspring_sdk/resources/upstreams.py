"""The namespace ``upstreams``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from typing import Literal

from msgspec import UNSET, UnsetType

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call, headers_of, path_of, sent
from mainspring_sdk._models import Model
from mainspring_sdk._paging import AsyncPages, Items, Page
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.catalog import PassthroughBody, TimeoutsBody, UpstreamView
from mainspring_sdk.models.vendors import ConnectionTestResult


class UpstreamsResource:
    """What is under ``upstreams``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "UpstreamsResourceRaw":
        """Return the same methods, with the whole answer."""
        return UpstreamsResourceRaw(self._transport.raw())

    def list(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> Page[UpstreamView]:
        """List the upstreams, oldest first.

        ``GET /api/v1/upstreams``; needs ``upstream:read``.

        Args:
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return self._transport.page(
            Call(
                method="GET",
                path="/api/v1/upstreams",
                query={"limit": limit, "cursor": cursor},
                timeout=timeout,
            ),
            Items[UpstreamView],
        )

    def create(
        self,
        *,
        name: str,
        base_url: str,
        protocol: Literal["openai", "openai-responses", "anthropic", "gemini", "ollama", "bedrock"]
        | UnsetType = UNSET,
        credential: str | UnsetType | None = UNSET,
        credential_header: str | UnsetType | None = UNSET,
        timeouts: TimeoutsBody | UnsetType = UNSET,
        max_connections: int | UnsetType = UNSET,
        max_waiting: int | UnsetType = UNSET,
        enforces_tool_choice: bool | UnsetType = UNSET,
        sigv4_region: str | UnsetType | None = UNSET,
        passthrough: PassthroughBody | UnsetType | None = UNSET,
        region: str | UnsetType | None = UNSET,
        hosting: Literal["self_hosted", "private_cloud", "public_cloud"] | UnsetType | None = UNSET,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> UpstreamView:
        """Create an upstream.

        ``POST /api/v1/upstreams``; needs ``upstream:write``.

        Args:
            base_url: Ends before the protocol's own path (`/v1`).
            enforces_tool_choice: False for a server that takes `tool_choice` for a wish, as
                llama.cpp does: a call that is required is then had by JSON Schema.
            passthrough: Routes that callers may reach as they are; `null`: none.
            region: Where it stands; `null`: not known.
            hosting: Who runs it; `null`: not known.
        """
        return self._transport.call(
            Call(
                method="POST",
                path="/api/v1/upstreams",
                headers=headers_of(idempotency_key=idempotency_key),
                body=sent(
                    {
                        "name": name,
                        "base_url": base_url,
                        "protocol": protocol,
                        "credential": credential,
                        "credential_header": credential_header,
                        "timeouts": timeouts,
                        "max_connections": max_connections,
                        "max_waiting": max_waiting,
                        "enforces_tool_choice": enforces_tool_choice,
                        "sigv4_region": sigv4_region,
                        "passthrough": passthrough,
                        "region": region,
                        "hosting": hosting,
                    }
                ),
                timeout=timeout,
            ),
            UpstreamView,
        )

    def get(
        self,
        upstream_id: str,
        *,
        timeout: float | None = None,
    ) -> UpstreamView:
        """Read one upstream.

        ``GET /api/v1/upstreams/{upstream_id}``; needs ``upstream:read``.
        """
        return self._transport.call(
            Call(method="GET", path=path_of("/api/v1/upstreams/{}", upstream_id), timeout=timeout),
            UpstreamView,
        )

    def delete(
        self,
        upstream_id: str,
        *,
        timeout: float | None = None,
    ) -> None:
        """Remove an upstream to which no model leads.

        ``DELETE /api/v1/upstreams/{upstream_id}``; needs ``upstream:write``.
        """
        self._transport.run(
            Call(
                method="DELETE", path=path_of("/api/v1/upstreams/{}", upstream_id), timeout=timeout
            )
        )

    def update(
        self,
        upstream_id: str,
        *,
        name: str | UnsetType = UNSET,
        base_url: str | UnsetType = UNSET,
        credential: str | UnsetType | None = UNSET,
        credential_header: str | UnsetType | None = UNSET,
        timeouts: TimeoutsBody | UnsetType = UNSET,
        max_connections: int | UnsetType = UNSET,
        max_waiting: int | UnsetType = UNSET,
        enforces_tool_choice: bool | UnsetType = UNSET,
        sigv4_region: str | UnsetType | None = UNSET,
        passthrough: PassthroughBody | UnsetType | None = UNSET,
        region: str | UnsetType | None = UNSET,
        hosting: Literal["self_hosted", "private_cloud", "public_cloud"] | UnsetType | None = UNSET,
        if_match: Model | str | None = None,
        timeout: float | None = None,
    ) -> UpstreamView:
        """Change an upstream; gateways follow within moments.

        ``PATCH /api/v1/upstreams/{upstream_id}``; needs ``upstream:write``.

        Args:
            base_url: Ends before the protocol's own path (`/v1`).
            credential: `null` removes it. Needed where `base_url` gets another scheme, host
                or port.
            credential_header: `null`: the usual one.
            enforces_tool_choice: False for a server that takes `tool_choice` for a wish, as
                llama.cpp does: a call that is required is then had by JSON Schema.
            sigv4_region: `null`: nothing is signed.
            passthrough: `null`: nothing passes.
            region: `null`: not known.
            hosting: `null`: not known.
            if_match: The object as you read it, or its ETag.
        """
        return self._transport.call(
            Call(
                method="PATCH",
                path=path_of("/api/v1/upstreams/{}", upstream_id),
                headers=headers_of(if_match=if_match),
                body=sent(
                    {
                        "name": name,
                        "base_url": base_url,
                        "credential": credential,
                        "credential_header": credential_header,
                        "timeouts": timeouts,
                        "max_connections": max_connections,
                        "max_waiting": max_waiting,
                        "enforces_tool_choice": enforces_tool_choice,
                        "sigv4_region": sigv4_region,
                        "passthrough": passthrough,
                        "region": region,
                        "hosting": hosting,
                    }
                ),
                timeout=timeout,
            ),
            UpstreamView,
        )

    def test_draft(
        self,
        *,
        base_url: str,
        call_model: str | UnsetType | None = UNSET,
        task: Literal["chat", "embedding"] | UnsetType = UNSET,
        protocol: Literal["openai", "openai-responses", "anthropic", "gemini", "ollama", "bedrock"]
        | UnsetType = UNSET,
        credential: str | UnsetType | None = UNSET,
        credential_header: str | UnsetType | None = UNSET,
        sigv4_region: str | UnsetType | None = UNSET,
        timeout: float | None = None,
    ) -> ConnectionTestResult:
        """Test the way to a server before you keep it: name, connection, TLS, credential, models.

        ``POST /api/v1/upstreams/test``; needs ``upstream:write``.

        Args:
            call_model: Make the smallest call of this model, as the upstream calls it. It
                costs a few tokens, outside of every budget.
        """
        return self._transport.call(
            Call(
                method="POST",
                path="/api/v1/upstreams/test",
                body=sent(
                    {
                        "call_model": call_model,
                        "task": task,
                        "base_url": base_url,
                        "protocol": protocol,
                        "credential": credential,
                        "credential_header": credential_header,
                        "sigv4_region": sigv4_region,
                    }
                ),
                timeout=timeout,
            ),
            ConnectionTestResult,
        )

    def test(
        self,
        upstream_id: str,
        *,
        call_model: str | UnsetType | None = UNSET,
        task: Literal["chat", "embedding"] | UnsetType = UNSET,
        timeout: float | None = None,
    ) -> ConnectionTestResult:
        """Test an upstream with the credential that it has.

        ``POST /api/v1/upstreams/{upstream_id}/test``; needs ``upstream:write``.

        Args:
            call_model: Make the smallest call of this model, as the upstream calls it. It
                costs a few tokens, outside of every budget.
        """
        return self._transport.call(
            Call(
                method="POST",
                path=path_of("/api/v1/upstreams/{}/test", upstream_id),
                body=sent({"call_model": call_model, "task": task}),
                timeout=timeout,
            ),
            ConnectionTestResult,
        )


class AsyncUpstreamsResource:
    """What is under ``upstreams``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AsyncUpstreamsResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncUpstreamsResourceRaw(self._transport.raw())

    def list(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> AsyncPages[UpstreamView]:
        """List the upstreams, oldest first.

        ``GET /api/v1/upstreams``; needs ``upstream:read``.

        Args:
            limit: The most items to return.
            cursor: `next_cursor` of the page before.
        """
        return self._transport.page(
            Call(
                method="GET",
                path="/api/v1/upstreams",
                query={"limit": limit, "cursor": cursor},
                timeout=timeout,
            ),
            Items[UpstreamView],
        )

    async def create(
        self,
        *,
        name: str,
        base_url: str,
        protocol: Literal["openai", "openai-responses", "anthropic", "gemini", "ollama", "bedrock"]
        | UnsetType = UNSET,
        credential: str | UnsetType | None = UNSET,
        credential_header: str | UnsetType | None = UNSET,
        timeouts: TimeoutsBody | UnsetType = UNSET,
        max_connections: int | UnsetType = UNSET,
        max_waiting: int | UnsetType = UNSET,
        enforces_tool_choice: bool | UnsetType = UNSET,
        sigv4_region: str | UnsetType | None = UNSET,
        passthrough: PassthroughBody | UnsetType | None = UNSET,
        region: str | UnsetType | None = UNSET,
        hosting: Literal["self_hosted", "private_cloud", "public_cloud"] | UnsetType | None = UNSET,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> UpstreamView:
        """Create an upstream.

        ``POST /api/v1/upstreams``; needs ``upstream:write``.

        Args:
            base_url: Ends before the protocol's own path (`/v1`).
            enforces_tool_choice: False for a server that takes `tool_choice` for a wish, as
                llama.cpp does: a call that is required is then had by JSON Schema.
            passthrough: Routes that callers may reach as they are; `null`: none.
            region: Where it stands; `null`: not known.
            hosting: Who runs it; `null`: not known.
        """
        return await self._transport.call(
            Call(
                method="POST",
                path="/api/v1/upstreams",
                headers=headers_of(idempotency_key=idempotency_key),
                body=sent(
                    {
                        "name": name,
                        "base_url": base_url,
                        "protocol": protocol,
                        "credential": credential,
                        "credential_header": credential_header,
                        "timeouts": timeouts,
                        "max_connections": max_connections,
                        "max_waiting": max_waiting,
                        "enforces_tool_choice": enforces_tool_choice,
                        "sigv4_region": sigv4_region,
                        "passthrough": passthrough,
                        "region": region,
                        "hosting": hosting,
                    }
                ),
                timeout=timeout,
            ),
            UpstreamView,
        )

    async def get(
        self,
        upstream_id: str,
        *,
        timeout: float | None = None,
    ) -> UpstreamView:
        """Read one upstream.

        ``GET /api/v1/upstreams/{upstream_id}``; needs ``upstream:read``.
        """
        return await self._transport.call(
            Call(method="GET", path=path_of("/api/v1/upstreams/{}", upstream_id), timeout=timeout),
            UpstreamView,
        )

    async def delete(
        self,
        upstream_id: str,
        *,
        timeout: float | None = None,
    ) -> None:
        """Remove an upstream to which no model leads.

        ``DELETE /api/v1/upstreams/{upstream_id}``; needs ``upstream:write``.
        """
        await self._transport.run(
            Call(
                method="DELETE", path=path_of("/api/v1/upstreams/{}", upstream_id), timeout=timeout
            )
        )

    async def update(
        self,
        upstream_id: str,
        *,
        name: str | UnsetType = UNSET,
        base_url: str | UnsetType = UNSET,
        credential: str | UnsetType | None = UNSET,
        credential_header: str | UnsetType | None = UNSET,
        timeouts: TimeoutsBody | UnsetType = UNSET,
        max_connections: int | UnsetType = UNSET,
        max_waiting: int | UnsetType = UNSET,
        enforces_tool_choice: bool | UnsetType = UNSET,
        sigv4_region: str | UnsetType | None = UNSET,
        passthrough: PassthroughBody | UnsetType | None = UNSET,
        region: str | UnsetType | None = UNSET,
        hosting: Literal["self_hosted", "private_cloud", "public_cloud"] | UnsetType | None = UNSET,
        if_match: Model | str | None = None,
        timeout: float | None = None,
    ) -> UpstreamView:
        """Change an upstream; gateways follow within moments.

        ``PATCH /api/v1/upstreams/{upstream_id}``; needs ``upstream:write``.

        Args:
            base_url: Ends before the protocol's own path (`/v1`).
            credential: `null` removes it. Needed where `base_url` gets another scheme, host
                or port.
            credential_header: `null`: the usual one.
            enforces_tool_choice: False for a server that takes `tool_choice` for a wish, as
                llama.cpp does: a call that is required is then had by JSON Schema.
            sigv4_region: `null`: nothing is signed.
            passthrough: `null`: nothing passes.
            region: `null`: not known.
            hosting: `null`: not known.
            if_match: The object as you read it, or its ETag.
        """
        return await self._transport.call(
            Call(
                method="PATCH",
                path=path_of("/api/v1/upstreams/{}", upstream_id),
                headers=headers_of(if_match=if_match),
                body=sent(
                    {
                        "name": name,
                        "base_url": base_url,
                        "credential": credential,
                        "credential_header": credential_header,
                        "timeouts": timeouts,
                        "max_connections": max_connections,
                        "max_waiting": max_waiting,
                        "enforces_tool_choice": enforces_tool_choice,
                        "sigv4_region": sigv4_region,
                        "passthrough": passthrough,
                        "region": region,
                        "hosting": hosting,
                    }
                ),
                timeout=timeout,
            ),
            UpstreamView,
        )

    async def test_draft(
        self,
        *,
        base_url: str,
        call_model: str | UnsetType | None = UNSET,
        task: Literal["chat", "embedding"] | UnsetType = UNSET,
        protocol: Literal["openai", "openai-responses", "anthropic", "gemini", "ollama", "bedrock"]
        | UnsetType = UNSET,
        credential: str | UnsetType | None = UNSET,
        credential_header: str | UnsetType | None = UNSET,
        sigv4_region: str | UnsetType | None = UNSET,
        timeout: float | None = None,
    ) -> ConnectionTestResult:
        """Test the way to a server before you keep it: name, connection, TLS, credential, models.

        ``POST /api/v1/upstreams/test``; needs ``upstream:write``.

        Args:
            call_model: Make the smallest call of this model, as the upstream calls it. It
                costs a few tokens, outside of every budget.
        """
        return await self._transport.call(
            Call(
                method="POST",
                path="/api/v1/upstreams/test",
                body=sent(
                    {
                        "call_model": call_model,
                        "task": task,
                        "base_url": base_url,
                        "protocol": protocol,
                        "credential": credential,
                        "credential_header": credential_header,
                        "sigv4_region": sigv4_region,
                    }
                ),
                timeout=timeout,
            ),
            ConnectionTestResult,
        )

    async def test(
        self,
        upstream_id: str,
        *,
        call_model: str | UnsetType | None = UNSET,
        task: Literal["chat", "embedding"] | UnsetType = UNSET,
        timeout: float | None = None,
    ) -> ConnectionTestResult:
        """Test an upstream with the credential that it has.

        ``POST /api/v1/upstreams/{upstream_id}/test``; needs ``upstream:write``.

        Args:
            call_model: Make the smallest call of this model, as the upstream calls it. It
                costs a few tokens, outside of every budget.
        """
        return await self._transport.call(
            Call(
                method="POST",
                path=path_of("/api/v1/upstreams/{}/test", upstream_id),
                body=sent({"call_model": call_model, "task": task}),
                timeout=timeout,
            ),
            ConnectionTestResult,
        )


class UpstreamsResourceRaw:
    """The methods of :class:`UpstreamsResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = UpstreamsResource(transport)
        self.list = raw(plain.list)
        self.create = raw(plain.create)
        self.get = raw(plain.get)
        self.delete = raw(plain.delete)
        self.update = raw(plain.update)
        self.test_draft = raw(plain.test_draft)
        self.test = raw(plain.test)


class AsyncUpstreamsResourceRaw:
    """The methods of :class:`AsyncUpstreamsResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncUpstreamsResource(transport)
        self.list = async_raw(plain.list)
        self.create = async_raw(plain.create)
        self.get = async_raw(plain.get)
        self.delete = async_raw(plain.delete)
        self.update = async_raw(plain.update)
        self.test_draft = async_raw(plain.test_draft)
        self.test = async_raw(plain.test)
