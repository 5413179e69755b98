"""The servers that models run on, as things a call can be sent to.

May enter: one connection pool per upstream, its opened credential, its prepared request heads.
Must never know: callers, limits, or what is in a body. A credential is unsealed into memory here
and leaves only in the head of a request to its own upstream.
"""

from mainspring.gateway.upstreams.registry import UpstreamRegistry
from mainspring.gateway.upstreams.runtime import UpstreamRuntime

__all__ = ["UpstreamRegistry", "UpstreamRuntime"]
