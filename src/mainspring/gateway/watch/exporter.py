"""Sending spans to a collector by OTLP over HTTP, in the background."""

import asyncio
import logging
import random
from collections import deque
from collections.abc import Callable, Sequence
from typing import Final
from urllib.parse import unquote

from mainspring.gateway.http.deadlines import Sweeper
from mainspring.gateway.http.limits import Timeouts
from mainspring.gateway.http.poster import NoAnswerError, Poster
from mainspring.gateway.watch.notes import Told
from mainspring.wire.spans import Span

_log = logging.getLogger(__name__)

PATH: Final = "/v1/traces"
MAX_WAITING: Final = 16_384
"""Spans that wait for a slow or absent collector; what comes beyond them is counted and gone."""
MAX_BATCH: Final = 512
_SLICE: Final = 32
"""Spans that are encoded before requests have their turn again: well below a millisecond."""
_TICK_S: Final = 0.5
_RETRIES: Final = frozenset({408, 429, 500, 502, 503, 504})
_TIMEOUTS: Final = Timeouts(connect_s=3.0, first_byte_s=10.0, idle_s=5.0, total_s=12.0)
_FIRST_PAUSE_S: Final = 0.5
_LONGEST_PAUSE_S: Final = 30.0


class OtlpExporter:
    """Holds spans until the collector has taken them, as far as there is room.

    A batch that the collector refuses for good is dropped and counted; one that it cannot take now
    is sent again after a pause that grows.
    """

    def __init__(
        self,
        endpoint: str,
        headers: str,
        sweeper: Sweeper,
        encode: Callable[[Sequence[Span]], bytes],
    ) -> None:
        """Export to ``endpoint``; ``headers`` are ``name=value`` pairs, separated by commas.

        Raises:
            ValueError: if the endpoint or a header cannot be used.
        """
        self.dropped = 0
        """Spans that no collector got."""
        self._poster = Poster(endpoint, read_headers(headers), sweeper, timeouts=_TIMEOUTS)
        self._encode = encode
        self._waiting: deque[Span] = deque()
        self._body: tuple[bytes, int] | None = None
        """The batch under way, encoded, and how many spans it has."""
        self._pause_s = _FIRST_PAUSE_S
        self._away = False

    def put_spans(self, told: Told, spans: Sequence[Span]) -> None:
        """Take the spans of a request."""
        del told
        self.put(spans)

    def put(self, spans: Sequence[Span]) -> None:
        """Take spans."""
        if len(self._waiting) + len(spans) > MAX_WAITING:
            self.dropped += len(spans)
        else:
            self._waiting.extend(spans)

    async def run(self) -> None:
        """Send until cancelled."""
        while True:
            await asyncio.sleep(_TICK_S)
            while self._waiting or self._body is not None:
                if await self.send():
                    self._pause_s = _FIRST_PAUSE_S
                else:
                    await asyncio.sleep(self._pause_s * (0.5 + random.random()))
                    self._pause_s = min(self._pause_s * 2, _LONGEST_PAUSE_S)

    async def send(self) -> bool:
        """Send one batch; tell whether it is off our hands."""
        if self._body is None:
            self._body = await self._next_body()
        body, count = self._body
        try:
            status, _ = await self._poster.post(PATH, body, "application/x-protobuf")
        except NoAnswerError as error:
            self._note_away(str(error))
            return False
        if status in _RETRIES:
            self._note_away(f"it answered {status}")
            return False
        self._body = None
        if not 200 <= status <= 299:
            self.dropped += count
            self._note_away(f"it refuses spans by {status}")
        elif self._away:
            self._away = False
            _log.info("the collector takes spans again")
        return True

    async def _next_body(self) -> tuple[bytes, int]:
        """Take a batch out of the queue; return its encoding and its size.

        Encodings of a message one after the other are the encoding of one that has all of it.
        """
        pieces: list[bytes] = []
        count = 0
        while count < MAX_BATCH and self._waiting:
            spans = [self._waiting.popleft() for _ in range(min(_SLICE, len(self._waiting)))]
            pieces.append(self._encode(spans))
            count += len(spans)
            await asyncio.sleep(0)
        return b"".join(pieces), count

    async def flush(self, deadline_s: float) -> None:
        """Send what waits, as far as the collector takes it within ``deadline_s``."""
        try:
            async with asyncio.timeout(deadline_s):
                while (self._waiting or self._body is not None) and await self.send():
                    pass
        except TimeoutError:
            _log.info("%d spans were not sent", len(self._waiting))

    async def close(self) -> None:
        """Close the connections."""
        await self._poster.close()

    def _note_away(self, reason: str) -> None:
        if not self._away:
            self._away = True
            _log.warning("spans do not reach the collector: %s", reason)


def read_headers(text: str) -> dict[str, str]:
    """Return the headers that OpenTelemetry's notation names: ``a=b,c=d``, percent-encoded.

    Raises:
        ValueError: if a part is no pair; its text, which may be secret, is not shown.
    """
    found: dict[str, str] = {}
    for part in filter(None, (each.strip() for each in text.split(","))):
        name, equals, value = part.partition("=")
        if not equals or not name.strip():
            raise ValueError("a header for the collector is not of the form name=value")
        found[unquote(name.strip()).lower()] = unquote(value.strip())
    return found
