"""From records of calls to what is counted for a canary; pure.

What counts is the attempt, not the call: a call that the canary failed and the stable release then
answered looks fine from outside. A call for which the canary was due and set aside, because it had
failed before, counts as one that it failed.

Calls that chose their track themselves, by pin or by header, do not count: nobody can bring a
release down, or hold it up, by sending it calls of their choice.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

import msgspec

from mainspring.capabilities.metering.api import UsageEntry
from mainspring.capabilities.releases.domain.guarding import block_of
from mainspring.capabilities.releases.domain.statistics import bin_of
from mainspring.wire.decisions import AttemptNote

_COUNTED: Final = frozenset({"share", "subject", "unavailable"})
_NEUTRAL: Final = frozenset({"", "cancelled", "client_closed"})
_SET_ASIDE: Final = frozenset({"circuit_open", "probing", "ejected"})

Target = tuple[str, str]


class Watched(msgspec.Struct, frozen=True, kw_only=True):
    """A canary under way, as far as it must be known to count for it."""

    release_id: str
    model: str
    org_id: str | None
    step_began_at: datetime
    window_s: float
    score: str | None
    stable: frozenset[Target]
    canary: frozenset[Target]

    def arm_of(self, target: Target) -> str | None:
        """Return the side that a target is on."""
        if target in self.canary:
            return "canary"
        return "stable" if target in self.stable else None

    def concerns(self, entry: UsageEntry) -> bool:
        """Tell whether the call may be one of the model's, in the present step."""
        return entry.at >= self.step_began_at and self.org_id in (None, entry.org_id)

    def block_at(self, at: datetime) -> int:
        """Return the block of counting that ``at`` falls into."""
        return block_of((at - self.step_began_at).total_seconds(), self.window_s)


class Key(msgspec.Struct, frozen=True):
    """What a number is counted under."""

    release_id: str
    began_at: datetime
    block: int
    arm: str
    measure: str
    bin: int = 0


class Amount(msgspec.Struct, frozen=True):
    """How much: a count, and the sums that scores need."""

    count: int
    total: float = 0.0
    squares: float = 0.0


def counted(entries: Iterable[UsageEntry], watched: Sequence[Watched]) -> dict[Key, Amount]:
    """Return what ``entries`` add to the canaries that are ``watched``."""
    found: Counter[Key] = Counter()
    for entry in entries:
        if entry.decision is None or entry.cache is not None:
            continue
        for each in watched:
            if each.concerns(entry):
                found.update(_of_call(entry, each))
    return {key: Amount(count) for key, count in found.items()}


def scored(
    entry: UsageEntry, name: str, value: float, watched: Sequence[Watched]
) -> dict[Key, Amount]:
    """Return what a score of the call of ``entry`` adds."""
    found: dict[Key, Amount] = {}
    if entry.decision is None or entry.upstream_id is None or entry.upstream_model is None:
        return found
    for each in watched:
        arm = each.arm_of((entry.upstream_id, entry.upstream_model))
        chosen = any(note.track_reason not in _COUNTED for note in entry.decision.attempts)
        if each.score != name or arm is None or chosen:
            continue
        if each.model == entry.model and each.concerns(entry):
            key = _key(each, entry, arm, "score")
            found[key] = Amount(1, value, value * value)
    return found


def _of_call(entry: UsageEntry, watched: Watched) -> list[Key]:
    keys: list[Key] = []
    notes = () if entry.decision is None else entry.decision.attempts
    for note in notes:
        if note.model != watched.model or note.track_reason not in _COUNTED:
            continue
        missed = _missed(note, watched)
        if missed is not None:
            keys += [_key(watched, entry, missed, each) for each in ("calls", "errors")]
        if note.chosen is None or note.chosen >= len(note.candidates) or note.result in _NEUTRAL:
            continue
        chosen = note.candidates[note.chosen]
        arm = watched.arm_of((chosen.upstream_id, chosen.upstream_model))
        if arm is None:
            continue
        keys.append(_key(watched, entry, arm, "calls"))
        if note.result != "ok":
            keys.append(_key(watched, entry, arm, "errors"))
        elif len(notes) == 1 and entry.outcome == "ok":
            keys.append(_key(watched, entry, arm, "duration", bin_of(entry.duration_ms)))
            if entry.ttft_ms is not None:
                keys.append(_key(watched, entry, arm, "ttft", bin_of(entry.ttft_ms)))
    return keys


def _missed(note: AttemptNote, watched: Watched) -> str | None:
    """Return the side that was due and could not be asked, because it had failed before."""
    if note.track_reason != "unavailable":
        return None
    due = "stable" if note.track == "canary" else "canary"
    reasons = {
        each.excluded
        for each in note.candidates
        if watched.arm_of((each.upstream_id, each.upstream_model)) == due
    }
    return due if reasons & _SET_ASIDE and "tried" not in reasons else None


def _key(watched: Watched, entry: UsageEntry, arm: str, measure: str, number: int = 0) -> Key:
    block = watched.block_at(entry.at)
    return Key(watched.release_id, watched.step_began_at, block, arm, measure, number)
