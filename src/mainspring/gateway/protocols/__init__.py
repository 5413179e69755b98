"""The protocols that clients speak to the gateway, as far as the pipeline needs to know them.

May enter: which routes a protocol has, how its requests are read, how errors look in it. Must never
know: sockets, upstreams, limits. Shapes and translation are in ``mainspring.wire``.
"""

from mainspring.gateway.protocols.openai import CHAT, COMPLETIONS, EMBEDDINGS, OPERATIONS
from mainspring.gateway.protocols.operation import Operation

__all__ = ["CHAT", "COMPLETIONS", "EMBEDDINGS", "OPERATIONS", "Operation"]
