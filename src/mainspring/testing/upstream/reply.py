"""What a scripted upstream does with one request."""

from typing import Literal

import msgspec


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """One answer, down to the wire. Every default is a well-behaved OpenAI server.

    What is said: ``status`` and ``headers`` (added to the ordinary ones), ``body`` (``None``: the
    protocol's own answer to that path) of ``media_type``, ``content`` (the text; each word and its
    trailing space is one token and, in a stream, one event; ``None``: ``tokens`` made-up words).
    ``prompt_tokens`` ``None`` counts the words of the prompt. ``cached_tokens`` and
    ``reasoning_tokens`` are reported as OpenAI does, inside the prompt's and the completion's
    count. ``usage`` says when it is told: ``asked`` as OpenAI does (a stream only by
    ``stream_options.include_usage``), ``always`` or ``never``. ``tokenizer`` says whose routes for
    counting tokens there are; a word is a token.

    When it is said (seconds): ``delay_s`` before the headers, ``chunk_interval_s`` before each
    further event of a stream, ``drip_s`` between single bytes of the whole body.
    ``stall_before_headers`` and ``stall_after_chunks`` (that many events sent) wait for
    :meth:`ScriptedUpstream.release` or the client's departure.

    How it goes wrong: ``reset_after_chunks`` sends that many events and half of the next, then
    resets the connection (RST); ``end_after_chunks`` the same with an orderly close (FIN) that
    leaves the chunked body unfinished. Zero means right after the headers. ``reset_at_once`` resets
    without a byte; ``garbage`` sends these bytes in place of an HTTP answer and closes.
    ``close_after`` closes the keep-alive connection after the whole answer without having announced
    it. ``split_bytes`` hands the body to the socket in pieces of that size.
    """

    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes | None = None
    media_type: str = "application/json"
    content: str | None = None
    tokens: int = 8
    prompt_tokens: int | None = None
    cached_tokens: int = 0
    reasoning_tokens: int = 0
    usage: Literal["asked", "always", "never"] = "asked"
    tokenizer: Literal["none", "llama.cpp", "vllm"] = "none"

    delay_s: float = 0.0
    chunk_interval_s: float = 0.0
    drip_s: float = 0.0
    stall_before_headers: bool = False
    stall_after_chunks: int | None = None

    reset_at_once: bool = False
    reset_after_chunks: int | None = None
    end_after_chunks: int | None = None
    garbage: bytes | None = None
    close_after: bool = False
    split_bytes: int | None = None

    @classmethod
    def rate_limited(cls, retry_after_s: int = 1) -> "Reply":
        """Return a 429 with ``Retry-After``."""
        return cls(status=429, headers=(("retry-after", str(retry_after_s)),))

    @classmethod
    def failure(cls, status: int = 500) -> "Reply":
        """Return an error of that status in OpenAI's shape."""
        return cls(status=status)
