"""Every chat dialect by the name that routes and upstreams use for it."""

from mainspring.wire.anthropic.messages import AnthropicMessages
from mainspring.wire.bedrock.chat import BedrockConverse
from mainspring.wire.events.dialect import ClientDialect, Dialect, UpstreamDialect
from mainspring.wire.gemini.chat import GeminiChat
from mainspring.wire.ollama.chat import OllamaChat
from mainspring.wire.openai.chat import OpenAIChat
from mainspring.wire.openai.responses import OpenAIResponses

_both: tuple[Dialect, ...] = (OpenAIChat(), AnthropicMessages(), OpenAIResponses())

CLIENT_DIALECTS: dict[str, ClientDialect] = {dialect.name: dialect for dialect in _both}
"""What clients may speak: ``openai``, ``anthropic``, ``openai-responses``."""

_upstream_only: tuple[UpstreamDialect, ...] = (GeminiChat(), OllamaChat(), BedrockConverse())

UPSTREAM_DIALECTS: dict[str, UpstreamDialect] = {
    dialect.name: dialect for dialect in (*_both, *_upstream_only)
}
"""What upstreams may speak: the above, and ``gemini``, ``ollama``, ``bedrock``."""
