"""The durable queue of records between a gateway and control.

Segments are preallocated files that are mapped into memory: to append is to store bytes, without
a system call, and what is stored survives the death of the process (kill -9 included), because the
pages belong to the kernel. A group ``fdatasync`` every few hundred milliseconds bounds what the
death of the whole machine can take.

May enter: segments, recovery, the read cursor. Must never know what a record says.
"""

from mainspring.gateway.meter.spool.cursor import Position
from mainspring.gateway.meter.spool.segment import Segment
from mainspring.gateway.meter.spool.spool import Spool, SpoolError, SpoolLimits

__all__ = ["Position", "Segment", "Spool", "SpoolError", "SpoolLimits"]
