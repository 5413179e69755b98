"""Where a call goes: a model's targets joined with the upstreams that stand behind them.

May enter: plans and the state that choices need (draws, latencies, circuits). The choice itself is
a pure function in ``mainspring.snapshot.routing``. Must never know: callers or bodies.
"""

from mainspring.gateway.routing.guard import DataGuard
from mainspring.gateway.routing.health import CircuitState, TargetHealth, Verdict
from mainspring.gateway.routing.notice import header_safe
from mainspring.gateway.routing.plan import Destination, Plan, bounded
from mainspring.gateway.routing.router import Router
from mainspring.gateway.routing.telling import told

__all__ = [
    "CircuitState",
    "DataGuard",
    "Destination",
    "Plan",
    "Router",
    "TargetHealth",
    "Verdict",
    "bounded",
    "header_safe",
    "told",
]
