"""The namespace ``usage``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._transport import Transport
from mainspring_sdk.resources.usage_idle import AsyncUsageIdleResource, UsageIdleResource
from mainspring_sdk.resources.usage_reconciliation import (
    AsyncUsageReconciliationResource,
    UsageReconciliationResource,
)
from mainspring_sdk.resources.usage_records import AsyncUsageRecordsResource, UsageRecordsResource
from mainspring_sdk.resources.usage_summary import AsyncUsageSummaryResource, UsageSummaryResource


class UsageResource:
    """What is under ``usage``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self.idle = UsageIdleResource(transport)
        self.reconciliation = UsageReconciliationResource(transport)
        self.records = UsageRecordsResource(transport)
        self.summary = UsageSummaryResource(transport)


class AsyncUsageResource:
    """What is under ``usage``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport
        self.idle = AsyncUsageIdleResource(transport)
        self.reconciliation = AsyncUsageReconciliationResource(transport)
        self.records = AsyncUsageRecordsResource(transport)
        self.summary = AsyncUsageSummaryResource(transport)
