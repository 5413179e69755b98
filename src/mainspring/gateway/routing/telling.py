"""What a gateway tells control of the targets it called: a few words of each, up to a bound."""

from collections.abc import Iterable

from mainspring.gateway.routing.health import CircuitState, TargetHealth
from mainspring.wire.records import MAX_TARGETS_TOLD, TargetSeen


def told(healths: Iterable[tuple[str, str, TargetHealth]], now: float) -> list[TargetSeen]:
    """Return what was seen until ``now`` (monotonic), by upstream's id and model there.

    There are up to :data:`MAX_TARGETS_TOLD`: those that are kept from calls go before the others,
    and busy ones before idle ones.
    """
    known = list(healths)
    for _, _, health in known:
        health.look(now)
    if len(known) > MAX_TARGETS_TOLD:
        known.sort(key=_rank)
    return [
        TargetSeen(
            upstream_id=upstream_id,
            upstream_model=upstream_model,
            circuit=health.circuit.value,
            obstacle=health.obstacle,
            retry_in_s=round(health.available_in(now), 1),
            in_flight=health.in_flight,
            latency_ms=round(health.latency_ms, 1),
            opened=health.opened,
        )
        for upstream_id, upstream_model, health in known[:MAX_TARGETS_TOLD]
    ]


def _rank(target: tuple[str, str, TargetHealth]) -> tuple[bool, int]:
    health = target[2]
    calm = health.circuit is CircuitState.CLOSED and health.obstacle is None
    return calm, -health.in_flight
