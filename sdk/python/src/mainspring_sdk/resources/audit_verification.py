"""The namespace ``audit.verification``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from collections.abc import Sequence

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.audit import MainspringCapabilitiesAuditHttpVerificationView


class AuditVerificationResource:
    """What is under ``audit.verification``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AuditVerificationResourceRaw":
        """Return the same methods, with the whole answer."""
        return AuditVerificationResourceRaw(self._transport.raw())

    def verify(
        self,
        *,
        org_id: str | None = None,
        anchor: Sequence[str] | None = None,
        timeout: float | None = None,
    ) -> MainspringCapabilitiesAuditHttpVerificationView:
        """Check every link of the chains; takes its time on long ones.

        ``GET /api/v1/audit/verification``; needs ``audit:read``.

        Args:
            org_id: Whose chain; `org_platform` is the platform's. By default all that you
                see.
            anchor: What you noted of an earlier check, as `chain:number:hash`.
        """
        return self._transport.call(
            Call(
                method="GET",
                path="/api/v1/audit/verification",
                query={"org_id": org_id, "anchor": anchor},
                timeout=timeout,
            ),
            MainspringCapabilitiesAuditHttpVerificationView,
        )


class AsyncAuditVerificationResource:
    """What is under ``audit.verification``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AsyncAuditVerificationResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncAuditVerificationResourceRaw(self._transport.raw())

    async def verify(
        self,
        *,
        org_id: str | None = None,
        anchor: Sequence[str] | None = None,
        timeout: float | None = None,
    ) -> MainspringCapabilitiesAuditHttpVerificationView:
        """Check every link of the chains; takes its time on long ones.

        ``GET /api/v1/audit/verification``; needs ``audit:read``.

        Args:
            org_id: Whose chain; `org_platform` is the platform's. By default all that you
                see.
            anchor: What you noted of an earlier check, as `chain:number:hash`.
        """
        return await self._transport.call(
            Call(
                method="GET",
                path="/api/v1/audit/verification",
                query={"org_id": org_id, "anchor": anchor},
                timeout=timeout,
            ),
            MainspringCapabilitiesAuditHttpVerificationView,
        )


class AuditVerificationResourceRaw:
    """The methods of :class:`AuditVerificationResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = AuditVerificationResource(transport)
        self.verify = raw(plain.verify)


class AsyncAuditVerificationResourceRaw:
    """The methods of :class:`AsyncAuditVerificationResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncAuditVerificationResource(transport)
        self.verify = async_raw(plain.verify)
