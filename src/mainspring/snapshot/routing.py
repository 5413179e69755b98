"""Which target serves a call: decided from the model's targets and one random number alone."""

from collections.abc import Collection, Sequence

from mainspring.snapshot.resources import ModelTarget


def choose_target(
    targets: Sequence[ModelTarget], draw: float, excluded: Collection[int] = ()
) -> int | None:
    """Return the index of the target to try next, or ``None`` if none is left.

    Among the targets that are not ``excluded`` (by index) those of the lowest priority compete,
    each with a chance in proportion to its weight. A weight of zero takes part only when its
    whole priority has no other weight left. ``draw`` lies in ``[0, 1)``.
    """
    best: int | None = None
    total = 0
    for index, target in enumerate(targets):
        if index in excluded:
            continue
        if best is None or target.priority < best:
            best = target.priority
            total = 0
        if target.priority == best:
            total += max(target.weight, 0)
    if best is None:
        return None
    mark = draw * total
    chosen = None
    for index, target in enumerate(targets):
        if target.priority != best or index in excluded:
            continue
        if chosen is None or target.weight > 0:
            chosen = index
        mark -= max(target.weight, 0)
        if mark < 0:
            break
    return chosen
