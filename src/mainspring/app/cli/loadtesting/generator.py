"""Sending requests: at moments that do not wait for answers, or by clients that do."""

import asyncio
from collections.abc import Callable, Generator as Block, Iterable
from contextlib import contextmanager

import msgspec

from mainspring.app.cli.loadtesting.exchange import Exchange, Outcome, Target
from mainspring.app.cli.loadtesting.figures import Stage
from mainspring.app.cli.loadtesting.tally import Tally

Watcher = Callable[[Tally], None]
"""Hears, about once a second, how a stage goes."""

_LOOK_S = 1.0
_GRACE_S = 2.0


class Bounds(msgspec.Struct, frozen=True, kw_only=True):
    """What a stage may not go beyond."""

    duration_s: float
    """After this no request is sent any more."""
    requests: int
    under_way: int
    """Requests at once; those that come due beyond it are counted as not sent."""
    timeout_s: float
    """Of one request; answers are waited for that long after the last was sent."""


class Generator:
    """Sends to one target, one stage after the other."""

    def __init__(self, target: Target, watcher: Watcher) -> None:
        self._target = target
        self._watcher = watcher
        self._loop = asyncio.get_running_loop()
        self._exchanges: set[Exchange] = set()
        self._quiet = asyncio.Event()

    async def once(self, body: bytes) -> Outcome:
        """Send one request and return how it went."""
        ended: asyncio.Future[Outcome] = self._loop.create_future()
        exchange = self._target.send(body, self._loop.time(), ended.set_result)
        try:
            return await ended
        finally:
            exchange.call.cancel()

    async def paced(
        self, due: Iterable[tuple[float, bytes]], bounds: Bounds, *, rate: float | None
    ) -> Stage:
        """Send each body at its moment, in seconds from now, whatever became of those before it.

        ``rate`` is only noted.
        """
        tally = Tally(self._loop.time(), expected_s=bounds.duration_s)
        sending = True

        def ended() -> None:
            if not sending and not tally.under_way:
                self._quiet.set()

        with self._stage(tally):
            for at_s, body in due:
                if tally.requests >= bounds.requests or at_s > bounds.duration_s:
                    break
                moment = tally.start + at_s
                # Behind time it sends at once, and yet lets answers be read in between.
                await asyncio.sleep(max(moment - self._loop.time(), 0))
                if tally.under_way >= bounds.under_way:
                    tally.not_sent()
                else:
                    self._send(tally, body, moment, ended)
            sending = False
            ended()
            await self._until_quiet(bounds.timeout_s)
        return tally.stage(rate=rate, clients=None, now=self._loop.time())

    async def clients(self, count: int, next_body: Callable[[], bytes], bounds: Bounds) -> Stage:
        """Have ``count`` clients each send their next request when the last was answered."""
        tally = Tally(self._loop.time(), expected_s=bounds.duration_s)

        def go_on() -> None:
            now = self._loop.time()
            if tally.requests < bounds.requests and now - tally.start < bounds.duration_s:
                self._send(tally, next_body(), now, ended)
            elif not tally.under_way:
                self._quiet.set()

        def ended() -> None:
            # Not at once: an answer is told of from within the connection that it came by.
            self._loop.call_soon(go_on)

        with self._stage(tally):
            for _ in range(count):
                go_on()
            await self._until_quiet(bounds.duration_s + bounds.timeout_s)
        return tally.stage(rate=None, clients=count, now=self._loop.time())

    def _send(self, tally: Tally, body: bytes, due: float, then: Callable[[], None]) -> None:
        def done(outcome: Outcome) -> None:
            self._exchanges.discard(exchange)
            tally.ended(outcome)
            then()

        tally.sent()
        exchange = self._target.send(body, due, done)
        self._exchanges.add(exchange)

    @contextmanager
    def _stage(self, tally: Tally) -> Block[None]:
        """Tell of ``tally`` while the block lasts; nothing is under way after it."""
        self._quiet.clear()
        handle: asyncio.TimerHandle

        def look() -> None:
            nonlocal handle
            self._watcher(tally)
            handle = self._loop.call_later(_LOOK_S, look)

        handle = self._loop.call_later(_LOOK_S, look)
        try:
            yield
        finally:
            handle.cancel()
            for exchange in list(self._exchanges):
                exchange.give_up("total_timeout")

    async def _until_quiet(self, timeout_s: float) -> None:
        """Wait for the last answer; what is still under way then has had its time."""
        try:
            async with asyncio.timeout(timeout_s + _GRACE_S):
                await self._quiet.wait()
        except TimeoutError:
            pass
