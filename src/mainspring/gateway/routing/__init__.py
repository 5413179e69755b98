"""Where a call goes: a model's targets joined with the upstreams that stand behind them.

May enter: plans and the state that choices need (draws, later latencies and breakers). The choice
itself is a pure function in ``mainspring.snapshot.routing``. Must never know: callers or bodies.
"""

from mainspring.gateway.routing.router import Destination, Plan, Router

__all__ = ["Destination", "Plan", "Router"]
