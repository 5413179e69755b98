"""Routes of ``/v1`` that control answers: the gateway says who asks, and passes bytes on.

May enter: the table of such routes, the way there and back. Must never know: what they do.
Failure: closed; while control is away they answer 503, and nothing else does.
"""

from mainspring.gateway.fronting.routes import UPLOADED, FrontedRoutes
from mainspring.gateway.fronting.transfers import CONNECTIONS

__all__ = ["CONNECTIONS", "UPLOADED", "FrontedRoutes"]
