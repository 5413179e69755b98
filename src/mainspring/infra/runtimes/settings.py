"""What the embedded runtimes can be told, apart from them: reading it loads no engine."""

from pathlib import Path

import msgspec


class LlamaSettings(msgspec.Struct, frozen=True, kw_only=True):
    """The embedded chat model's server.

    ``context_length`` is the room of one conversation in tokens; memory holds ``slots`` of them
    (about 23 kB a token for the default model). More than one thread on a busy machine costs
    several times the CPU for the same tokens. ``model_file`` ``None`` takes the model that ships
    with the platform.
    """

    host: str = "127.0.0.1"
    port: int = 8100
    model_file: Path | None = None
    model_name: str = "smollm2-135m-instruct"
    slots: int = 4
    context_length: int = 2048
    threads: int = 1
    drain_s: float = 5.0


class EmbeddingSettings(msgspec.Struct, frozen=True, kw_only=True):
    """The embedded embedding model's server.

    ``max_inputs`` and ``max_tokens`` bound one request, ``max_waiting`` the requests that wait for
    the engine; beyond it the answer is 503 at once.
    """

    host: str = "127.0.0.1"
    port: int = 8101
    model_name: str = "multilingual-e5-small"
    max_inputs: int = 2048
    max_tokens: int = 65_536
    max_waiting: int = 64
    max_body_bytes: int = 8 * 1024 * 1024
    drain_s: float = 5.0
