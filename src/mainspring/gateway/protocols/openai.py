"""The OpenAI protocol's model calls."""

from mainspring.gateway.protocols.operation import Operation

CHAT = Operation(name="chat", path="/v1/chat/completions", task="chat", dialect="openai")
RESPONSES = Operation(
    name="responses", path="/v1/responses", task="chat", dialect="openai-responses"
)
COMPLETIONS = Operation(name="text_completion", path="/v1/completions", task="completion")
EMBEDDINGS = Operation(
    name="embeddings", path="/v1/embeddings", task="embedding", may_stream=False, generates=False
)

OPERATIONS: tuple[Operation, ...] = (CHAT, RESPONSES, COMPLETIONS, EMBEDDINGS)
