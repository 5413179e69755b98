"""What calls that do not come as a whole request are checked for, as ``model_call`` checks others.

``ModelPipeline`` has the same two steps written out where every ordinary request passes.
"""

from mainspring.gateway.meter.spool import Spool
from mainspring.gateway.protocols import Operation
from mainspring.gateway.routing import Plan, Router
from mainspring.kernel.errors import ModelTaskError, OverloadedError
from mainspring.snapshot.resources import Model

_SPOOL_RETRY_S = 5.0


def require_room(spool: Spool) -> None:
    """Check that what is used can be recorded.

    Raises:
        OverloadedError: if it cannot; a call whose usage might be lost is not made.
    """
    if spool.full:
        raise OverloadedError(
            "the gateway holds all the usage records that it may until control takes them",
            retry_after_s=_SPOOL_RETRY_S,
        )


def plan_for(router: Router, operation: Operation, model: Model) -> Plan:
    """Return the plan of ``model``.

    Raises:
        ModelTaskError: if the model does not serve ``operation``.
    """
    plan = router.plan(model)
    if operation.task not in plan.tasks:
        raise ModelTaskError(
            f"the model {model.name!r} does not serve the task {operation.task!r}", param="model"
        )
    return plan
