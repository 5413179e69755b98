"""Every chat dialect by the name that upstreams and routes use for it."""

from mainspring.wire.anthropic.messages import AnthropicMessages
from mainspring.wire.events.dialect import Dialect
from mainspring.wire.openai.chat import OpenAIChat

DIALECTS: dict[str, Dialect] = {
    dialect.name: dialect for dialect in (OpenAIChat(), AnthropicMessages())
}
"""``openai`` and ``anthropic``; any of them can face a client, an upstream, or both."""
