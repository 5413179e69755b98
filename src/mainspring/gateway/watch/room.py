"""Everything that watches one gateway, as its settings want it."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

from mainspring.gateway.http.exchange import Handler
from mainspring.gateway.settings import GatewaySettings
from mainspring.gateway.watch.access_log import AccessLog
from mainspring.gateway.watch.exchange import with_watch
from mainspring.gateway.watch.trace import Tracing
from mainspring.gateway.watch.watcher import Outlet, Watcher

Work = Callable[[], Coroutine[Any, Any, None]]


class WatchRoom:
    """Owns what watches; where nothing does, requests are served as if it did not exist."""

    def __init__(self, settings: GatewaySettings) -> None:
        """Open what the settings name.

        Raises:
            OSError: if the access log's file cannot be opened.
        """
        self.tracing = Tracing(spans=False, ratio=0.0)
        self._access_log = AccessLog(settings.access_log) if settings.access_log else None
        outlets: list[Outlet] = []
        if self._access_log is not None:
            outlets.append(self._access_log)
        self._watcher = Watcher(outlets)
        self.watches = bool(outlets)

    def over(self, handle: Handler) -> Handler:
        """Return ``handle``, watched if anything watches."""
        return with_watch(self._watcher.take, handle) if self.watches else handle

    def works(self) -> Iterator[tuple[str, Work]]:
        """Return what has to run for as long as the gateway does."""
        if self.watches:
            yield "watcher", self._watcher.run
        if self._access_log is not None:
            yield "access log", self._access_log.run

    def dropped(self) -> dict[str, int]:
        """Return what was dropped, by kind."""
        access_log = self._access_log
        return {
            "requests": self._watcher.dropped,
            "log_lines": 0 if access_log is None else access_log.dropped,
        }

    async def close(self, deadline_s: float) -> None:
        """Tell of what has ended by now, within ``deadline_s``, and close."""
        self._watcher.work_off()
        if self._access_log is not None:
            try:
                async with asyncio.timeout(deadline_s):
                    await self._access_log.flush()
            except TimeoutError:
                return  # a reader that takes nothing: its lines are lost, the gateway stops
            self._access_log.close()
