"""Delivering the spool to control: at least once, in order; control counts each record once."""

import asyncio
import logging
from pathlib import Path

import msgspec

from mainspring.gateway.control_link.backoff import Backoff
from mainspring.gateway.control_link.client import ControlAwayError, ControlClient
from mainspring.gateway.meter.spool import Position, Spool
from mainspring.wire.records import BatchReceipt, RecordBatch

_log = logging.getLogger(__name__)

RECORDS_PATH = "/internal/v1/records"
OBSERVATIONS_PATH = "/internal/v1/observations"
MAX_BATCH = 500
INTERVAL_S = 0.5
"""How long records wait for company at the most: a batch of one costs as much as one of fifty."""
_NEVER_ACCEPTED = frozenset({400, 413, 422})

_receipt_decoder = msgspec.msgpack.Decoder(BatchReceipt)


class Shipper:
    """Sends batches until control acknowledges them, for hours if need be.

    A batch that control cannot read is halved until the record at fault is alone; that one is put
    aside in ``rejected`` (length-prefixed, for a person to look at), so that it holds up no other.
    Without such a file it is dropped.

    The spool is looked at every ``interval_s``, which is cheaper than a signal for each of many
    records. Where records are few, ``arrived`` is that signal, and ``interval_s`` follows on it.
    """

    def __init__(
        self,
        spool: Spool,
        client: ControlClient,
        *,
        gateway_id: str,
        rejected: Path | None,
        path: str = RECORDS_PATH,
        interval_s: float = INTERVAL_S,
        arrived: asyncio.Event | None = None,
    ) -> None:
        self._path = path
        self._interval_s = interval_s
        self._arrived = arrived
        if arrived is not None and spool.waiting_bytes:
            arrived.set()  # an earlier process left something
        self._spool = spool
        self._client = client
        self._gateway_id = gateway_id
        self._rejected = rejected
        self._encode = msgspec.msgpack.Encoder().encode
        self._batch = MAX_BATCH
        self._backoff = Backoff(0.2, 10.0)
        self._away = False

    async def run(self) -> None:
        """Ship until cancelled."""
        while True:
            if self._arrived is not None:
                await self._arrived.wait()
            if self._interval_s:
                await asyncio.sleep(self._interval_s)
            while self._spool.waiting_bytes:
                if not await self.ship():
                    await asyncio.sleep(self._backoff.next())
            if self._arrived is not None:
                self._arrived.clear()

    async def ship(self) -> bool:
        """Send one batch; tell whether it is off our hands."""
        records, position = self._spool.read(self._spool.acknowledged, self._batch)
        if not records:
            self._spool.acknowledge(position)
            return True
        body = self._encode(RecordBatch(self._gateway_id, [msgspec.Raw(each) for each in records]))
        try:
            status, answer = await self._client.post(self._path, body)
            if status == 200:
                _receipt_decoder.decode(answer)
                self._delivered(position)
                return True
        except (ControlAwayError, msgspec.MsgspecError) as error:
            self._note_away(str(error))
            return False
        if status not in _NEVER_ACCEPTED:
            self._note_away(f"control answered {status}")
            return False
        if len(records) > 1:
            self._batch = len(records) // 2
            return True
        self._put_aside(records[0], status)
        self._delivered(position)
        return True

    async def flush(self, deadline_s: float) -> None:
        """Send what waits, as far as control takes it within ``deadline_s``."""
        try:
            async with asyncio.timeout(deadline_s):
                while self._spool.waiting_bytes and await self.ship():
                    pass
        except TimeoutError:
            _log.info("%d bytes of records wait for the next start", self._spool.waiting_bytes)

    def _delivered(self, position: Position) -> None:
        self._spool.acknowledge(position)
        self._batch = min(self._batch * 2, MAX_BATCH)
        self._backoff.reset()
        if self._away:
            self._away = False
            _log.info("records are delivered again")

    def _note_away(self, reason: str) -> None:
        if not self._away:
            self._away = True
            _log.warning("records wait in the spool: %s", reason)

    def _put_aside(self, record: bytes, status: int) -> None:
        if self._rejected is None:
            _log.error("control refuses an observation by %d; it is dropped", status)
            return
        _log.error("control refuses a record by %d; it is kept in %s", status, self._rejected)
        with self._rejected.open("ab") as file:
            file.write(len(record).to_bytes(4, "big") + record)
