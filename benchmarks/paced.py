"""Requests at a fixed rate, whatever becomes of those before: what a caller waits at that rate.

In a closed loop a slow answer holds back the requests that would have had to wait behind it, so
its latencies are too good. Here each request has a moment at which it is due, and its latency
counts from then, also where no connection was free.
"""

import asyncio
import ctypes
import os
import time
from collections import deque
from collections.abc import Callable
from typing import cast

import httptools

_NONBLOCK = os.O_NONBLOCK
_NS = 1_000_000_000


class _Timespec(ctypes.Structure):
    _fields_ = (("seconds", ctypes.c_long), ("nanoseconds", ctypes.c_long))


class _Interval(ctypes.Structure):
    _fields_ = (("every", _Timespec), ("first", _Timespec))


class Metronome:
    """Calls back at a fixed rate. The event loop's own timers know whole milliseconds only."""

    def __init__(self, rate: float, due: Callable[[int], None]) -> None:
        """``due`` is told how many beats there were since it was last called; ``rate`` is Hz."""
        self._due = due
        self._loop = asyncio.get_running_loop()
        libc = ctypes.CDLL(None, use_errno=True)
        self._descriptor: int = libc.timerfd_create(time.CLOCK_MONOTONIC, _NONBLOCK)
        if self._descriptor < 0:
            raise OSError(ctypes.get_errno(), "no timer")
        beat = _Timespec(*divmod(round(_NS / rate), _NS))
        if libc.timerfd_settime(self._descriptor, 0, ctypes.byref(_Interval(beat, beat)), None):
            raise OSError(ctypes.get_errno(), "the timer does not start")
        self._loop.add_reader(self._descriptor, self._beat)

    def stop(self) -> None:
        """Call back no more."""
        if self._descriptor >= 0:
            self._loop.remove_reader(self._descriptor)
            os.close(self._descriptor)
            self._descriptor = -1

    def _beat(self) -> None:
        try:
            beats = int.from_bytes(os.read(self._descriptor, 8), "little")
        except BlockingIOError:
            return
        self._due(beats)


class PacedCallers:
    """Connections that send what is due, the one that was idle for the longest first.

    ``answered`` hears the status of each answer, and how many seconds after its moment it came.
    """

    def __init__(self, rate: float, request: bytes, answered: Callable[[int, float], None]) -> None:
        self._rate = rate
        self._request = request
        self._answered = answered
        self._idle: deque[_Connection] = deque()
        self._due: deque[float] = deque()
        self._connections: list[_Connection] = []
        self.lost = 0

    async def open(self, host: str, port: int, connections: int) -> None:
        """Connect, and begin."""
        loop = asyncio.get_running_loop()
        for _ in range(connections):
            _, connection = await loop.create_connection(lambda: _Connection(self), host, port)
            self._connections.append(connection)
            self._idle.append(connection)
        self._metronome = Metronome(self._rate, self._beat)

    def close(self) -> None:
        """Send no more, and close all connections."""
        self._metronome.stop()
        for connection in self._connections:
            connection.close()

    def _beat(self, beats: int) -> None:
        now = time.perf_counter()
        # Beats that were missed were due before now.
        for late in range(beats - 1, -1, -1):
            self._due.append(now - late / self._rate)
        while self._due and self._idle:
            self._idle.popleft().send(self._request, self._due.popleft())

    def done(self, connection: "_Connection", status: int, since: float) -> None:
        """Take note of an answer; its connection is free again."""
        self._answered(status, time.perf_counter() - since)
        if self._due:
            connection.send(self._request, self._due.popleft())
        else:
            self._idle.append(connection)


class _Connection(asyncio.Protocol):
    def __init__(self, callers: PacedCallers) -> None:
        self._callers = callers
        self._closing = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        if not self._closing:
            self._callers.lost += 1

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_message_complete(self) -> None:
        """End an answer."""
        self._callers.done(self, self._parser.get_status_code(), self._since)

    def send(self, request: bytes, since: float) -> None:
        """Send a request that was due at ``since``."""
        self._parser = httptools.HttpResponseParser(self)
        self._since = since
        self._transport.write(request)

    def close(self) -> None:
        """Close in whatever state."""
        self._closing = True
        self._transport.abort()
