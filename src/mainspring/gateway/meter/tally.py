"""Telling control what this process counted, apart from the records, so that they can be compared.

The counts are read where metrics keep them, never where records are written: a record that is lost
between the end of its call and the ledger, or that gets there twice, makes them differ.
"""

import asyncio
import contextlib
import logging
import time
from collections import deque
from collections.abc import Callable, Mapping

import msgspec

from mainspring.gateway.control_link.client import ControlAwayError, ControlClient
from mainspring.gateway.meter.spool import Position, Spool
from mainspring.kernel.ids import new_id
from mainspring.wire.tallies import ModelTally, TallyReport, TallyWindow

_log = logging.getLogger(__name__)

TALLIES_PATH = "/internal/v1/tallies"
INTERVAL_S = 60.0
_HOUR_S = 3600
_MAX_WINDOWS = 72
"""How many hours are remembered while control is away."""
_AT_ONCE = 8
"""Windows of one message: each may have hundreds of models."""
_QUIET_S = 0.002
_QUIET_TRIES = 25

Counts = Mapping[str, tuple[int, int]]
"""Calls and tokens by model, since the process began."""


class _Window:
    """What ended between two looks at the counts."""

    def __init__(self, since: float) -> None:
        self.since = since
        self.until = since
        self.counts: dict[str, tuple[int, int]] = {}
        self.end: Position | None = None
        """Where the spool ended once the window was over; ``None`` while it goes on."""


class TallyKeeper:
    """Splits what is counted into hours of UTC by looking at it now and then."""

    def __init__(
        self,
        counted: Callable[[], Counts],
        spool: Spool,
        gateway_id: str,
        *,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self.epoch = new_id("ins")
        self._counted = counted
        self._spool = spool
        self._gateway_id = gateway_id
        self._wall = wall
        self._inherited: Position | None = spool.end if spool.recovered_bytes else None
        self._seen = dict(counted())
        self._windows: deque[_Window] = deque([_Window(wall())], maxlen=_MAX_WINDOWS)

    def look(self, at: float | None = None) -> None:
        """Take note of what was counted until the Unix time ``at``, by default now."""
        now = self._wall() if at is None else at
        counted = dict(self._counted())
        window = self._windows[-1]
        for model, (calls, tokens) in counted.items():
            seen_calls, seen_tokens = self._seen.get(model, (0, 0))
            more, more_tokens = calls - seen_calls, tokens - seen_tokens
            if more or more_tokens:
                had, had_tokens = window.counts.get(model, (0, 0))
                window.counts[model] = had + more, had_tokens + more_tokens
        self._seen = counted
        window.until = max(now, window.since)
        if window.until // _HOUR_S != window.since // _HOUR_S:
            self._windows.append(_Window(window.until))
        if not self._spool.full:  # what waits in memory has no place yet
            for each in self._windows:
                if each.end is None and each is not self._windows[-1]:
                    each.end = self._spool.end

    def conclude(self) -> None:
        """Look for the last time: nothing is counted after this."""
        self.look()
        if not self._spool.full:
            self._windows[-1].end = self._spool.end

    async def look_at_rest(self) -> None:
        """Look at a moment in which no call ends, if there is one.

        A record's end is known to the millisecond. Where nothing ends for two of them, every call
        is on one side of the look by its record as by the count; under heavy traffic a call or two
        may stand on either.
        """
        for _ in range(_QUIET_TRIES):
            before, at = dict(self._counted()), self._wall()
            await asyncio.sleep(_QUIET_S)
            if dict(self._counted()) == before:
                self.look(at + _QUIET_S / 2)
                return
        self.look()

    def reports(self) -> list[TallyReport]:
        """Return what is to be told, in messages of bounded size."""
        windows = [self._told(each) for each in self._windows]
        earlier = self._inherited is None or self._has_arrived(self._inherited)
        return [
            TallyReport(
                gateway_id=self._gateway_id,
                epoch=self.epoch,
                earlier_delivered=earlier,
                windows=windows[start : start + _AT_ONCE],
            )
            for start in range(0, len(windows), _AT_ONCE)
        ]

    def forget(self, told: TallyReport) -> None:
        """Forget windows that control knows for good."""
        done = {each.since_ms for each in told.windows if each.delivered}
        open_one = self._windows[-1]
        kept = [each for each in self._windows if each is open_one or _ms(each.since) not in done]
        self._windows = deque(kept, maxlen=_MAX_WINDOWS)

    def _told(self, window: _Window) -> TallyWindow:
        return TallyWindow(
            since_ms=_ms(window.since),
            until_ms=_ms(window.until),
            delivered=window.end is not None and self._has_arrived(window.end),
            models=[ModelTally(model, *counts) for model, counts in sorted(window.counts.items())],
        )

    def _has_arrived(self, end: Position) -> bool:
        return not self._spool.waiting_bytes or self._spool.acknowledged >= end


class TallyPoster:
    """Tells control every minute, and where an hour ends; what was not delivered is told again."""

    def __init__(self, keeper: TallyKeeper, client: ControlClient) -> None:
        self._keeper = keeper
        self._client = client

    async def run(self) -> None:
        """Post until cancelled."""
        while True:
            await asyncio.sleep(min(INTERVAL_S, _HOUR_S - time.time() % _HOUR_S))
            await self.post()

    async def post(self) -> None:
        """Look, and tell once; whether control is there does not matter."""
        await self._keeper.look_at_rest()
        await self._tell()

    async def finish(self, deadline_s: float) -> None:
        """Tell for the last time, once calls have ended and records were shipped."""
        self._keeper.conclude()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(deadline_s):
                await self._tell()

    async def _tell(self) -> None:
        for report in self._keeper.reports():
            body = msgspec.msgpack.encode(report)
            try:
                status, _ = await self._client.post(TALLIES_PATH, body)
            except ControlAwayError as error:
                _log.debug("counts not delivered: %s", error)
                return
            if status >= 300:
                _log.warning("control answered counts by %d", status)
                return
            self._keeper.forget(report)


def _ms(moment: float) -> int:
    return int(moment * 1000)
