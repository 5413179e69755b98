"""The namespace ``system``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._transport import Transport
from mainspring_sdk.resources.system_backups import (
    AsyncSystemBackupsResource,
    SystemBackupsResource,
)
from mainspring_sdk.resources.system_breakers import (
    AsyncSystemBreakersResource,
    SystemBreakersResource,
)
from mainspring_sdk.resources.system_doctor import AsyncSystemDoctorResource, SystemDoctorResource
from mainspring_sdk.resources.system_info import AsyncSystemInfoResource, SystemInfoResource
from mainspring_sdk.resources.system_logs import AsyncSystemLogsResource, SystemLogsResource
from mainspring_sdk.resources.system_parts import AsyncSystemPartsResource, SystemPartsResource
from mainspring_sdk.resources.system_settings import (
    AsyncSystemSettingsResource,
    SystemSettingsResource,
)


class SystemResource:
    """What is under ``system``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self.backups = SystemBackupsResource(transport)
        self.breakers = SystemBreakersResource(transport)
        self.doctor = SystemDoctorResource(transport)
        self.info = SystemInfoResource(transport)
        self.logs = SystemLogsResource(transport)
        self.parts = SystemPartsResource(transport)
        self.settings = SystemSettingsResource(transport)


class AsyncSystemResource:
    """What is under ``system``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport
        self.backups = AsyncSystemBackupsResource(transport)
        self.breakers = AsyncSystemBreakersResource(transport)
        self.doctor = AsyncSystemDoctorResource(transport)
        self.info = AsyncSystemInfoResource(transport)
        self.logs = AsyncSystemLogsResource(transport)
        self.parts = AsyncSystemPartsResource(transport)
        self.settings = AsyncSystemSettingsResource(transport)
