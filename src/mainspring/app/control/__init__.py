"""The control role: one FastAPI application put together from the capabilities.

May enter: composition, recognition of callers, the routes that belong to no capability (internal
links, live events, the playground's relay, the console's files), what happens at start.
Must never know: a rule of a capability; it calls their services like everybody else.
"""

from mainspring.app.control.main import run

__all__ = ["run"]
