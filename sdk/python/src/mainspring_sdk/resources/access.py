"""The namespace ``access``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.people import ExplanationView


class AccessResource:
    """What is under ``access``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AccessResourceRaw":
        """Return the same methods, with the whole answer."""
        return AccessResourceRaw(self._transport.raw())

    def explain(
        self,
        *,
        actor: str,
        permission: str,
        resource: str,
        timeout: float | None = None,
    ) -> ExplanationView:
        """Tell whether somebody may do something, and why.

        Everybody may ask about themselves; about others, whoever may see the members there.

        ``GET /api/v1/access/explain``; for whoever is signed in.

        Args:
            actor: A person's id.
            resource: `platform`, or the id of an organisation, a project or a key.
        """
        return self._transport.call(
            Call(
                method="GET",
                path="/api/v1/access/explain",
                query={"actor": actor, "permission": permission, "resource": resource},
                timeout=timeout,
            ),
            ExplanationView,
        )


class AsyncAccessResource:
    """What is under ``access``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AsyncAccessResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncAccessResourceRaw(self._transport.raw())

    async def explain(
        self,
        *,
        actor: str,
        permission: str,
        resource: str,
        timeout: float | None = None,
    ) -> ExplanationView:
        """Tell whether somebody may do something, and why.

        Everybody may ask about themselves; about others, whoever may see the members there.

        ``GET /api/v1/access/explain``; for whoever is signed in.

        Args:
            actor: A person's id.
            resource: `platform`, or the id of an organisation, a project or a key.
        """
        return await self._transport.call(
            Call(
                method="GET",
                path="/api/v1/access/explain",
                query={"actor": actor, "permission": permission, "resource": resource},
                timeout=timeout,
            ),
            ExplanationView,
        )


class AccessResourceRaw:
    """The methods of :class:`AccessResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = AccessResource(transport)
        self.explain = raw(plain.explain)


class AsyncAccessResourceRaw:
    """The methods of :class:`AsyncAccessResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncAccessResource(transport)
        self.explain = async_raw(plain.explain)
