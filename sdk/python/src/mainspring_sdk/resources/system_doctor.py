"""The namespace ``system.doctor``.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from typing import Literal

from mainspring_sdk._async_transport import AsyncTransport
from mainspring_sdk._calls import Call
from mainspring_sdk._raw import async_raw, raw
from mainspring_sdk._transport import Transport
from mainspring_sdk.models.system import Examination


class SystemDoctorResource:
    """What is under ``system.doctor``, blocking."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "SystemDoctorResourceRaw":
        """Return the same methods, with the whole answer."""
        return SystemDoctorResourceRaw(self._transport.raw())

    def examine(
        self,
        *,
        language: Literal["en", "zh"] | None = None,
        timeout: float | None = None,
    ) -> Examination:
        """Check the machine that answers, and what runs there, as `mainspring doctor` does.

        No model is called. Findings are those of the last half minute.

        ``GET /api/v1/system/doctor``; needs ``system:read``.
        """
        return self._transport.call(
            Call(
                method="GET",
                path="/api/v1/system/doctor",
                query={"language": language},
                timeout=timeout,
            ),
            Examination,
        )


class AsyncSystemDoctorResource:
    """What is under ``system.doctor``, for asyncio."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> "AsyncSystemDoctorResourceRaw":
        """Return the same methods, with the whole answer."""
        return AsyncSystemDoctorResourceRaw(self._transport.raw())

    async def examine(
        self,
        *,
        language: Literal["en", "zh"] | None = None,
        timeout: float | None = None,
    ) -> Examination:
        """Check the machine that answers, and what runs there, as `mainspring doctor` does.

        No model is called. Findings are those of the last half minute.

        ``GET /api/v1/system/doctor``; needs ``system:read``.
        """
        return await self._transport.call(
            Call(
                method="GET",
                path="/api/v1/system/doctor",
                query={"language": language},
                timeout=timeout,
            ),
            Examination,
        )


class SystemDoctorResourceRaw:
    """The methods of :class:`SystemDoctorResource` with the whole answer."""

    def __init__(self, transport: Transport) -> None:
        plain = SystemDoctorResource(transport)
        self.examine = raw(plain.examine)


class AsyncSystemDoctorResourceRaw:
    """The methods of :class:`AsyncSystemDoctorResource` with the whole answer."""

    def __init__(self, transport: AsyncTransport) -> None:
        plain = AsyncSystemDoctorResource(transport)
        self.examine = async_raw(plain.examine)
