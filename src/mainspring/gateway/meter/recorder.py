"""From a finished call to a record in the spool."""

import msgspec

from mainspring.gateway.meter.spool import Spool
from mainspring.wire.records import UsageRecord

_MAX_USAGE_FRAME = 8 * 1024


class Recorder:
    """Writes usage records; when :meth:`write` returns, the record outlives the process."""

    def __init__(self, spool: Spool) -> None:
        self._append = spool.append
        self._encode = msgspec.msgpack.Encoder().encode

    def write(self, record: UsageRecord) -> None:
        """Spool ``record``; a usage frame of absurd size is left out, its figures are kept."""
        if record.usage_frame is not None and len(record.usage_frame) > _MAX_USAGE_FRAME:
            record = msgspec.structs.replace(record, usage_frame=None)
        append, encode = self._append, self._encode  # no methods: as locals they are called quicker
        append(encode(record))


def usage_record_id(request_id: str) -> str:
    """Return the id of the usage record of a request: the same digits, so it can be made again."""
    return "use_" + request_id[4:]
