"""Observations on their way to control: a spool of their own, which drops before it grows."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec

from mainspring.gateway.meter.spool import Spool, SpoolLimits
from mainspring.gateway.watch.notes import Told
from mainspring.wire.observations import CallRecord, TraceRecord
from mainspring.wire.spans import Span

MAX_BYTES: Final = 128 * 1024 * 1024
SERVICE: Final = "gateway"


def observation_spool(spool_dir: Path) -> Path:
    """Return where the observations of a gateway lie, whose usage lies in ``spool_dir``."""
    return spool_dir / "observations"


class ObservationStore:
    """Keeps observations until control has taken them, as far as there is room."""

    def __init__(self, directory: Path) -> None:
        """Open the spool.

        Raises:
            SpoolError: if it cannot be used.
        """
        self.spool = Spool(directory, SpoolLimits(total_bytes=MAX_BYTES))
        self.arrived = asyncio.Event()
        """Set while the spool may hold something."""
        self.dropped = 0
        """Records for which there was no room."""
        self._encode = msgspec.msgpack.Encoder().encode

    def put_spans(self, told: Told, spans: Sequence[Span]) -> None:
        """Take the spans of a request."""
        record = told.record
        self._put(
            TraceRecord(
                request_id=told.request_id,
                org_id=told.org_id if record is None else record.org_id,
                project_id=told.project_id if record is None else record.project_id,
                service=SERVICE,
                spans=list(spans),
            )
        )

    def put_call(self, record: CallRecord) -> None:
        """Take the record of a call."""
        self._put(record)

    def close(self) -> None:
        """Bring everything to the disk."""
        self.spool.close()

    def _put(self, record: CallRecord | TraceRecord) -> None:
        data = self._encode(record)
        spool = self.spool
        if spool.full or spool.waiting_bytes + len(data) > MAX_BYTES:
            self.dropped += 1
        else:
            spool.append(data)
            self.arrived.set()
