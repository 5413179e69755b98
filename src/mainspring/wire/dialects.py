"""Every chat dialect by the name that routes and upstreams use for it."""

from mainspring.wire.anthropic.messages import AnthropicMessages
from mainspring.wire.events.dialect import ClientDialect, Dialect, UpstreamDialect
from mainspring.wire.openai.chat import OpenAIChat
from mainspring.wire.openai.responses import OpenAIResponses

_both: tuple[Dialect, ...] = (OpenAIChat(), AnthropicMessages(), OpenAIResponses())

CLIENT_DIALECTS: dict[str, ClientDialect] = {dialect.name: dialect for dialect in _both}
"""What clients may speak: ``openai``, ``anthropic``, ``openai-responses``."""

UPSTREAM_DIALECTS: dict[str, UpstreamDialect] = {dialect.name: dialect for dialect in _both}
"""What upstreams may speak."""
