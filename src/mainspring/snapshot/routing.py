"""Which target serves a call: decided from the model, the targets' states and two random numbers.

Nothing here has a memory, a clock or a source of chance: the same inputs always make the same
choice, which is what lets a decision be explained, tested and replayed.
"""

import hashlib
import math
from collections.abc import Collection, Mapping, Sequence
from typing import Final, Protocol

import msgspec

from mainspring.snapshot.resources import Model, ModelTarget
from mainspring.snapshot.route_policy import CANARY, SHADOW, STABLE, STRATEGIES, Release

WEIGHTED: Final = "weighted"
EJECTED: Final = "ejected"
"""The one obstacle that yields: no more than a share of a model's targets is set aside by it."""


class CandidateState(Protocol):
    """What is known of a target at this moment."""

    in_flight: int
    """Calls that it serves now."""
    latency_ms: float
    """Its recent time to the first byte; 0 while nothing is known."""
    obstacle: str | None
    """Why it cannot be asked now: ``circuit_open``, ``probing``, ``cooling_down``, ``ejected``."""


class RequestFacts(msgspec.Struct, frozen=True):
    """What of a request bears on the choice.

    ``affinity`` keeps calls together under the sticky strategy; ``user`` divides callers between
    tracks; ``subjects`` are the caller's ids; ``marked`` tells that a header of the request is one
    that the release asks for; ``pin`` is the track or division that the caller asks for by header:
    ``stable``, ``canary`` or ``ab_test``. ``barred`` are targets that the caller's data may not go
    to, by position, and why.
    """

    task: str = ""
    affinity: bytes = b""
    user: bytes = b""
    subjects: tuple[str, ...] = ()
    pin: str | None = None
    region: str | None = None
    tags: tuple[str, ...] = ()
    marked: bool = False
    barred: Mapping[int, str] = {}


NO_FACTS: Final = RequestFacts()


class Choice(msgspec.Struct, frozen=True):
    """A choice and its reasons; indexes are positions among the model's targets.

    ``index`` is ``None`` where nothing is left. ``considered`` could have been chosen, ``excluded``
    could not, each for its reason. ``track_reason`` is ``only``, ``pinned``, ``header``,
    ``subject``, ``share`` or ``unavailable`` (the track that was due cannot serve).
    """

    index: int | None
    strategy: str
    track: str
    track_reason: str
    draw: float
    considered: tuple[int, ...]
    excluded: tuple[tuple[int, str], ...]


def only_choice(model: Model, index: int) -> Choice:
    """Return the choice of a target that was the only one there was."""
    return Choice(index, model.routing.strategy, STABLE, "only", 0.0, (index,), ())


def decide(
    model: Model,
    states: Sequence[CandidateState | None],
    facts: RequestFacts = NO_FACTS,
    *,
    draw: float,
    second_draw: float = 0.0,
    tried: Collection[int] = (),
) -> Choice:
    """Choose among the targets of ``model``; draws lie in ``[0, 1)``.

    ``states`` are by position; ``None`` is a target whose upstream cannot be used. ``draw`` chooses
    among targets, ``second_draw`` the track and the second of two candidates.
    """
    targets = model.targets
    excluded: list[tuple[int, str]] = []
    open_: list[int] = []
    ejected: list[int] = []
    for index, target in enumerate(targets):
        state = states[index]
        reason = facts.barred.get(index) or _exclusion(target, facts)
        if reason is None:
            if state is None:
                reason = "unusable"
            elif index in tried:
                reason = "tried"
            else:
                reason = state.obstacle
        if reason is None:
            open_.append(index)
        elif reason == EJECTED:
            ejected.append(index)
        else:
            excluded.append((index, reason))
    _set_aside(model, open_, ejected, excluded)
    track, why, candidates = _track(model, open_, facts, second_draw, excluded)
    if not candidates:
        return Choice(None, model.routing.strategy, track, why, draw, (), tuple(excluded))
    best = min(targets[index].priority for index in candidates)
    tier: list[int] = []
    for index in candidates:
        if targets[index].priority == best:
            tier.append(index)
        else:
            excluded.append((index, "later_priority"))
    strategy = model.routing.strategy if model.routing.strategy in STRATEGIES else WEIGHTED
    chosen = _among(
        strategy, targets, states, tier, facts.affinity, draw=draw, second_draw=second_draw
    )
    return Choice(chosen, strategy, track, why, draw, tuple(tier), tuple(excluded))


def choose_target(
    targets: Sequence[ModelTarget], draw: float, excluded: Collection[int] = ()
) -> int | None:
    """Return the index of the target to try next, or ``None`` if none is left.

    Among the targets that are not ``excluded`` (by index) those of the lowest priority compete,
    each with a chance in proportion to its weight. A weight of zero takes part only when its
    whole priority has no other weight left. ``draw`` lies in ``[0, 1)``.
    """
    left = [index for index in range(len(targets)) if index not in excluded]
    if not left:
        return None
    best = min(targets[index].priority for index in left)
    return _weighted(targets, [index for index in left if targets[index].priority == best], draw)


def rendezvous(key: bytes, names: Sequence[str], weights: Sequence[float]) -> int:
    """Return which of ``names`` the key belongs to, by weighted rendezvous hashing.

    When a name comes or goes, only the keys that it wins or held move. A weight of zero wins only
    against its like.
    """
    best, best_score = 0, -math.inf
    for index, (name, weight) in enumerate(zip(names, weights, strict=True)):
        digest = hashlib.blake2b(key, digest_size=8, key=name.encode()[:64]).digest()
        point = (int.from_bytes(digest, "big") + 1) / (2**64 + 2)
        score = -weight / math.log(point) if weight > 0 else point - 1
        if score > best_score:
            best, best_score = index, score
    return best


def share_of(key: bytes, salt: str) -> float:
    """Return the place of ``key`` in ``[0, 1)``: the same for the same key, even over many."""
    digest = hashlib.blake2b(key, digest_size=8, key=salt.encode()[:64]).digest()
    return (int.from_bytes(digest, "big") >> 11) / 2**53


def _exclusion(target: ModelTarget, facts: RequestFacts) -> str | None:
    if target.track == SHADOW:
        return SHADOW
    if target.tasks and facts.task and facts.task not in target.tasks:
        return "task"
    if target.subjects and set(facts.subjects).isdisjoint(target.subjects):
        return "subject"
    if facts.region is not None and target.region != facts.region:
        return "region"
    if facts.tags and not set(facts.tags) <= set(target.tags):
        return "tags"
    return None


def _set_aside(
    model: Model, open_: list[int], ejected: list[int], excluded: list[tuple[int, str]]
) -> None:
    """Leave ejected targets out as far as the cap allows; the others take part again."""
    if not ejected:
        return
    total = len(open_) + len(ejected)
    allowed = min(int(total * model.routing.breaker.max_ejected_share), total - 1)
    excluded.extend((index, EJECTED) for index in ejected[:allowed])
    open_.extend(ejected[allowed:])
    open_.sort()


def _track(
    model: Model,
    open_: list[int],
    facts: RequestFacts,
    draw: float,
    excluded: list[tuple[int, str]],
) -> tuple[str, str, list[int]]:
    """Return the track, why, and its candidates; what is of another track is excluded."""
    release = model.release
    if release is None:
        return STABLE, "only", open_
    wanted, why = _wanted_track(model, release, facts, draw)
    mine = [index for index in open_ if _track_of(model.targets[index]) == wanted]
    if not mine and open_ and why != "pinned":
        return (CANARY if wanted == STABLE else STABLE), "unavailable", open_
    excluded.extend((index, "track") for index in open_ if index not in mine)
    return wanted, why, mine


def _wanted_track(
    model: Model, release: Release, facts: RequestFacts, draw: float
) -> tuple[str, str]:
    pin = facts.pin if release.pin_header else None
    if pin in (STABLE, CANARY):
        return pin, "pinned"
    if facts.marked:
        return CANARY, "header"
    if release.canary_subjects and not set(facts.subjects).isdisjoint(release.canary_subjects):
        return CANARY, "subject"
    if (release.by_user or pin == "ab_test") and facts.user:
        draw = share_of(facts.user, model.id)
    return (CANARY if draw * 100 < release.canary_weight else STABLE), "share"


def _track_of(target: ModelTarget) -> str:
    return CANARY if target.track == CANARY else STABLE


def _among(
    strategy: str,
    targets: Sequence[ModelTarget],
    states: Sequence[CandidateState | None],
    tier: list[int],
    affinity: bytes,
    *,
    draw: float,
    second_draw: float,
) -> int:
    if len(tier) == 1 or strategy == "priority":
        return tier[0]
    if strategy == "sticky" and affinity:
        names = [f"{targets[index].upstream_id}/{targets[index].upstream_model}" for index in tier]
        weights = [targets[index].weight for index in tier]
        return tier[rendezvous(affinity, names, weights)]
    if strategy == "latency":
        return _better_of_two(states, tier, draw, second_draw)
    if strategy == "least_busy":
        least = min(_load(targets[index], states[index]) for index in tier)
        tier = [index for index in tier if _load(targets[index], states[index]) <= least]
    elif strategy == "cost":
        least = min(_cost(targets[index]) for index in tier)
        tier = [index for index in tier if _cost(targets[index]) <= least]
    return _weighted(targets, tier, draw)


def _weighted(targets: Sequence[ModelTarget], tier: Sequence[int], draw: float) -> int:
    mark = draw * sum(max(targets[index].weight, 0) for index in tier)
    chosen = tier[0]
    for index in tier:
        weight = max(targets[index].weight, 0)
        if weight:
            chosen = index
        mark -= weight
        if mark < 0:
            break
    return chosen


def _better_of_two(
    states: Sequence[CandidateState | None], tier: list[int], draw: float, second_draw: float
) -> int:
    """Take the one with the shorter expected wait; what is not known yet is worth a try."""
    first = int(draw * len(tier))
    second = int(second_draw * (len(tier) - 1))
    if second >= first:
        second += 1
    one, other = tier[first], tier[second]
    return other if _wait(states[other]) < _wait(states[one]) else one


def _wait(state: CandidateState | None) -> float:
    return math.inf if state is None else state.latency_ms * (state.in_flight + 1)


def _load(target: ModelTarget, state: CandidateState | None) -> float:
    busy = math.inf if state is None else float(state.in_flight)
    return (busy + 1) / max(target.weight, 0.001)


def _cost(target: ModelTarget) -> float:
    return math.inf if target.cost is None else target.cost
