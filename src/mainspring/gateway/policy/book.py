"""What holds for whom: compiled once for every caller, model and task of a snapshot."""

from typing import Final

from mainspring.snapshot.policies import Effective, Subject, effective
from mainspring.snapshot.table import SnapshotTable

_MAX_KNOWN: Final = 50_000

_Key = tuple[str, str, str | None, str, str]


class PolicyBook:
    """Looks up what policies come to; forgets all of it when the snapshot changes."""

    def __init__(self, table: SnapshotTable) -> None:
        self._table = table
        self._known: dict[_Key, Effective | None] = {}

    def forget(self) -> None:
        """Drop what was derived from an older snapshot."""
        self._known.clear()

    def of(
        self, org_id: str, project_id: str, key_id: str | None, model: str, task: str
    ) -> Effective | None:
        """Return what holds for a call; ``None``: nothing."""
        key = (org_id, project_id, key_id, model, task)
        try:
            return self._known[key]
        except KeyError:
            pass
        owners = (
            (None, org_id, project_id) if key_id is None else (None, org_id, project_id, key_id)
        )
        subject = Subject(
            org_id=org_id, project_id=project_id, key_id=key_id, model=model, task=task
        )
        merged = effective(self._table.policies_of(*owners), subject)
        found = None if merged.empty else merged
        if len(self._known) >= _MAX_KNOWN:
            self._known.clear()
        self._known[key] = found
        return found
