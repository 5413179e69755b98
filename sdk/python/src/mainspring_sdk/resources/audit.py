"""The namespace ``audit``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from datetime import datetime
from typing import Literal

from mainspring_sdk._answers import AsyncDownload, Download
from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call
from mainspring_sdk._transport import Transport
from mainspring_sdk.resources.audit_events import AsyncAuditEventsResource, AuditEventsResource
from mainspring_sdk.resources.audit_verification import (
    AsyncAuditVerificationResource,
    AuditVerificationResource,
)


class AuditResource:
    """What is under ``audit``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self.events = AuditEventsResource(transport)
        self.verification = AuditVerificationResource(transport)

    def export_events(
        self,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        org_id: str | None = None,
        actor_id: str | None = None,
        action: str | None = None,
        object_id: str | None = None,
        request_id: str | None = None,
        format: Literal["jsonl", "csv"] | None = None,
        timeout: float | None = None,
    ) -> Download:
        """Export the audit trail, narrowed like a search; the export itself is told there, too.

        ``GET /api/v1/audit/export``; needs ``audit:export``.

        Args:
            since: Inclusive; by default 30 days before `until`.
            until: Exclusive; by default now.
            org_id: Whose chain; `org_platform` is the platform's. By default all that you
                see.
        """
        return self._transport.download(
            Call(
                method="GET",
                path="/api/v1/audit/export",
                query={
                    "since": since,
                    "until": until,
                    "org_id": org_id,
                    "actor_id": actor_id,
                    "action": action,
                    "object_id": object_id,
                    "request_id": request_id,
                    "format": format,
                },
                accept="*/*",
                timeout=timeout,
            )
        )


class AsyncAuditResource:
    """What is under ``audit``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport
        self.events = AsyncAuditEventsResource(transport)
        self.verification = AsyncAuditVerificationResource(transport)

    def export_events(
        self,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        org_id: str | None = None,
        actor_id: str | None = None,
        action: str | None = None,
        object_id: str | None = None,
        request_id: str | None = None,
        format: Literal["jsonl", "csv"] | None = None,
        timeout: float | None = None,
    ) -> AsyncDownload:
        """Export the audit trail, narrowed like a search; the export itself is told there, too.

        ``GET /api/v1/audit/export``; needs ``audit:export``.

        Args:
            since: Inclusive; by default 30 days before `until`.
            until: Exclusive; by default now.
            org_id: Whose chain; `org_platform` is the platform's. By default all that you
                see.
        """
        return self._transport.download(
            Call(
                method="GET",
                path="/api/v1/audit/export",
                query={
                    "since": since,
                    "until": until,
                    "org_id": org_id,
                    "actor_id": actor_id,
                    "action": action,
                    "object_id": object_id,
                    "request_id": request_id,
                    "format": format,
                },
                accept="*/*",
                timeout=timeout,
            )
        )
