"""Following control's snapshot: one long-lived stream, resumed wherever it broke."""

import asyncio
import logging
from collections.abc import Callable, Generator
from urllib.parse import quote

from mainspring.gateway.control_link.backoff import Backoff
from mainspring.gateway.control_link.client import ControlClient
from mainspring.gateway.http.sink import UpstreamFailure
from mainspring.snapshot.frame import SnapshotFormatError
from mainspring.snapshot.table import VersionGapError

_log = logging.getLogger(__name__)

SNAPSHOT_PATH = "/internal/v1/snapshot"
_MAX_FRAME_BYTES = 1024 * 1024 * 1024
_LENGTH_BYTES = 4
_LARGE_BYTES = 1024 * 1024
_MAX_WAITING_FRAMES = 1000


class FrameReader:
    """Cuts a byte stream into frames: four bytes of length, big-endian, then the frame."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> list[bytes | memoryview]:
        """Return the frames that ``data`` completes; an empty one is a sign of life.

        Raises:
            ValueError: if a length is absurd; the stream cannot be followed any more.
        """
        self._buffer += data
        frames: list[bytes | memoryview] = []
        start = 0
        while len(self._buffer) - start >= _LENGTH_BYTES:
            body = start + _LENGTH_BYTES
            length = int.from_bytes(self._buffer[start:body], "big")
            if length > _MAX_FRAME_BYTES:
                raise ValueError(f"a frame of {length} bytes")
            if len(self._buffer) < body + length:
                break
            if length > _LARGE_BYTES and len(self._buffer) == body + length:
                # A base is large: to copy it would hold up the loop.
                frames.append(memoryview(self._buffer)[body:])
                self._buffer = bytearray()
                return frames
            frames.append(bytes(self._buffer[body : body + length]))
            start = body + length
        del self._buffer[:start]
        return frames


class SnapshotLink:
    """Keeps the gateway's table up to date for as long as :meth:`run` runs.

    A process asks for a base first, whatever it serves already, and for deltas from then on.

    ``position`` is the table's version and the epoch that counts it. ``apply`` takes the bytes of
    a frame to the table in steps, between which calls are served. A frame that is not understood
    is left out and named in :attr:`problem`; the last good state goes on serving until a frame
    comes that is understood.
    """

    def __init__(
        self,
        client: ControlClient,
        position: Callable[[], tuple[int, str]],
        apply: Callable[[bytes | memoryview], Generator[None]],
    ) -> None:
        self._client = client
        self._position = position
        self._apply = apply
        self._backoff = Backoff()
        # A state that was read from a file may be of another database, where the same version
        # means something else, or may lack what the release that wrote it did not know.
        self._wants_base = True
        self.connected = False
        self.problem: str | None = None

    async def run(self) -> None:
        """Follow control until cancelled."""
        while True:
            reason = await self._follow()
            if self.connected:
                _log.warning("lost the snapshot stream: %s", reason)
            self.connected = False
            await asyncio.sleep(self._backoff.next())

    async def _follow(self) -> str:
        """Follow one stream to its end; return why it ended."""
        version, epoch = (0, "") if self._wants_base else self._position()
        session = _Session()
        path = f"{SNAPSHOT_PATH}?since={version}" + (f"&epoch={quote(epoch)}" if epoch else "")
        call = self._client.stream(path, session)
        first = True
        try:
            while True:
                frame = await session.frames.get()
                if isinstance(frame, str):
                    return frame
                reason = await self._take(frame, first=first)
                first = first and not frame
                if reason is not None:
                    return reason
        finally:
            call.cancel()

    async def _take(self, data: bytes | memoryview, *, first: bool) -> str | None:
        """Take one frame; return a reason to end the session, if there is one."""
        if not self.connected:
            self.connected = True
            _log.info("following the snapshot from version %d", self._position()[0])
        if not data:
            self._backoff.reset()
            return None
        try:
            for _ in self._apply(data):
                await asyncio.sleep(0)
        except SnapshotFormatError as error:
            self.problem = str(error)
            _log.error("left out a snapshot frame: %s", error)
            return None
        except VersionGapError as error:
            self._wants_base = first
            return str(error)
        self._wants_base = False
        self.problem = None
        self._backoff.reset()
        return None


class _Session:
    """One stream from control: its frames, and at its end (as text) why it ended."""

    def __init__(self) -> None:
        self.frames: asyncio.Queue[bytes | memoryview | str] = asyncio.Queue()
        self._reader = FrameReader()
        self._over = False

    def on_head(self, status: int, headers: list[tuple[bytes, bytes]]) -> None:
        del headers
        if status != 200:
            self._end(f"control answered {status}")

    def on_data(self, data: bytes) -> None:
        if self._over:
            return
        try:
            frames = self._reader.feed(data)
        except ValueError as error:
            self._end(str(error))
            return
        for frame in frames:
            self.frames.put_nowait(frame)
        if self.frames.qsize() > _MAX_WAITING_FRAMES:
            # Asking anew gets what changed meanwhile as one frame.
            self._end("frames come faster than they can be applied")

    def on_end(self) -> None:
        self._end("control ended the stream")

    def on_failure(self, error: UpstreamFailure) -> None:
        self._end(f"{error.kind}: {error.detail}")

    def _end(self, reason: str) -> None:
        if not self._over:
            self._over = True
            self.frames.put_nowait(reason)
