"""The snapshot's store and change feed: what control publishes and gateways follow.

May enter: the two snapshot tables, publication inside a caller's transaction, reading of frames,
waiting for the next version, removal of old tombstones.
Must never know: what a resource says; it stores the bytes that ``snapshot`` encodes.
"""

from mainspring.infra.feed.publish import head_version, publish
from mainspring.infra.feed.read import read_frame
from mainspring.infra.feed.retention import remove_tombstones
from mainspring.infra.feed.watch import SnapshotFeed

__all__ = ["SnapshotFeed", "head_version", "publish", "read_frame", "remove_tombstones"]
