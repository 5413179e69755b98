"""Routes of upstreams that callers reach as they are, where the platform lists them.

May enter: who may go where, what passes both ways, the way of such a call through the pipeline.
Must never know: what a route does. Failure: closed; what is not listed does not exist.
"""

from mainspring.gateway.passthrough.operation import PLAIN as PASSED_THROUGH
from mainspring.gateway.passthrough.routes import PassthroughRoutes

__all__ = ["PASSED_THROUGH", "PassthroughRoutes"]
