"""The ends of audit chains, noted in the data directory: out of the database's reach."""

import logging
from collections.abc import Sequence
from pathlib import Path

import msgspec

from mainspring.app.private_files import write_private
from mainspring.capabilities.audit.api import Anchor

_log = logging.getLogger(__name__)


class AnchorsFile:
    """One anchor a chain, in JSON, readable by its owner alone. Fails open, and says so."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> Sequence[Anchor]:
        """Return what was noted last."""
        try:
            content = self._path.read_bytes()
        except FileNotFoundError:
            return ()
        except OSError as error:
            _log.warning("anchors of the audit trail cannot be read: %s", error.strerror)
            return ()
        try:
            noted = msgspec.json.decode(content, type=dict[str, tuple[int, str]])
            return [
                Anchor(org_id, seq, bytes.fromhex(digest))
                for org_id, (seq, digest) in noted.items()
            ]
        except (msgspec.MsgspecError, ValueError):
            _log.warning("%s holds no anchors of the audit trail", self._path)
            return ()

    def write(self, anchors: Sequence[Anchor]) -> None:
        """Note these; an anchor is never replaced by one that lies before it."""
        latest = {each.org_id: each for each in self.read()}
        for anchor in anchors:
            known = latest.get(anchor.org_id)
            if known is None or known.seq < anchor.seq:
                latest[anchor.org_id] = anchor
        content = {each.org_id: (each.seq, each.hash.hex()) for each in latest.values()}
        try:
            write_private(self._path, msgspec.json.encode(content).decode())
        except OSError as error:
            _log.warning("anchors of the audit trail cannot be noted: %s", error.strerror)
