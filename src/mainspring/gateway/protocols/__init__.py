"""The protocols that clients speak to the gateway, and those it speaks to upstreams.

May enter: which routes a protocol has, how its requests are read, how errors look in it, how a
credential is shown. Must never know: sockets, limits. Shapes and translation are in
``mainspring.wire``.
"""

from mainspring.gateway.protocols import anthropic, openai
from mainspring.gateway.protocols.anthropic import MESSAGES
from mainspring.gateway.protocols.openai import CHAT, COMPLETIONS, EMBEDDINGS, REALTIME, RESPONSES
from mainspring.gateway.protocols.operation import Operation
from mainspring.gateway.protocols.upstream import UPSTREAM_PROTOCOLS, UpstreamProtocol

OPERATIONS: tuple[Operation, ...] = (*openai.OPERATIONS, *anthropic.OPERATIONS)
"""Every route that calls a model."""

__all__ = [
    "CHAT",
    "COMPLETIONS",
    "EMBEDDINGS",
    "MESSAGES",
    "OPERATIONS",
    "REALTIME",
    "RESPONSES",
    "UPSTREAM_PROTOCOLS",
    "Operation",
    "UpstreamProtocol",
]
