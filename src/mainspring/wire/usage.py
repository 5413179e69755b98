"""Token counts, normalised once per vendor into exclusive buckets.

Vendors overlap their figures (OpenAI counts cached tokens inside ``prompt_tokens``). Here every
token stands in exactly one bucket, so prices multiply and sums add.
"""

import msgspec


class Usage(msgspec.Struct, frozen=True, omit_defaults=True):
    """Tokens of one call, each in one bucket only.

    ``input`` excludes ``cached_input`` (read from a cache) and ``cache_write`` (stored into one);
    ``output`` excludes ``reasoning``. ``estimated`` marks figures that did not come from the
    upstream's own usage frame. What is not sold by the token has units of its own: ``images``
    made, ``characters`` spoken, ``seconds`` heard, ``searches`` of a reranker. Tokens of sound are
    counted apart: ``audio_input`` (without ``cached_audio``) and ``audio_output``.
    """

    input: int = 0
    cached_input: int = 0
    output: int = 0
    reasoning: int = 0
    estimated: bool = False
    cache_write: int = 0
    images: int = 0
    characters: int = 0
    seconds: float = 0.0
    searches: int = 0
    audio_input: int = 0
    cached_audio: int = 0
    audio_output: int = 0

    @property
    def total(self) -> int:
        """Return all tokens of the call."""
        return (
            self.input
            + self.cached_input
            + self.cache_write
            + self.output
            + self.reasoning
            + self.audio_input
            + self.cached_audio
            + self.audio_output
        )


class _PromptDetails(msgspec.Struct):
    cached_tokens: int | None = None
    cache_write_tokens: int | None = None


class _CompletionDetails(msgspec.Struct):
    reasoning_tokens: int | None = None


class _OpenAIUsage(msgspec.Struct):
    prompt_tokens: int = 0
    completion_tokens: int | None = None
    total_tokens: int | None = None
    prompt_tokens_details: _PromptDetails | None = None
    completion_tokens_details: _CompletionDetails | None = None


class _OpenAIAnswer(msgspec.Struct):
    usage: msgspec.Raw = msgspec.Raw(b"null")


_answer_decoder = msgspec.json.Decoder(_OpenAIAnswer)
_usage_decoder = msgspec.json.Decoder(_OpenAIUsage | None)


def openai_usage_frame(answer: bytes) -> bytes | None:
    """Return the raw ``usage`` object of an OpenAI answer or chunk, if it has one."""
    try:
        raw = bytes(_answer_decoder.decode(answer).usage)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    return None if raw == b"null" else raw


def normalise_openai(frame: bytes) -> Usage | None:
    """Read a raw OpenAI usage object into exclusive buckets; ``None`` if it is not one."""
    try:
        usage = _usage_decoder.decode(frame)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    if usage is None:
        return None
    cached, written = _of_cache(usage.prompt_tokens_details)
    details = usage.completion_tokens_details
    reasoning = (details and details.reasoning_tokens) or 0
    output = usage.completion_tokens
    if output is None:
        output = max((usage.total_tokens or 0) - usage.prompt_tokens, 0)
    return Usage(
        input=max(usage.prompt_tokens - cached - written, 0),
        cached_input=cached,
        cache_write=written,
        output=max(output - reasoning, 0),
        reasoning=reasoning,
    )


def _of_cache(details: _PromptDetails | None) -> tuple[int, int]:
    """Return the tokens read from a cache and written into one, both parts of OpenAI's prompt."""
    if details is None:
        return 0, 0
    return details.cached_tokens or 0, details.cache_write_tokens or 0


class _AnthropicUsage(msgspec.Struct):
    input_tokens: int | None = None
    cache_read_input_tokens: int | None = None
    cache_creation_input_tokens: int | None = None
    output_tokens: int | None = None


_anthropic_decoder = msgspec.json.Decoder(_AnthropicUsage)
_raw_decoder = msgspec.json.Decoder(dict[str, msgspec.Raw])


def merge_anthropic(earlier: bytes, later: bytes) -> bytes:
    """Return one frame of an Anthropic stream's several: a later field replaces an earlier one.

    ``message_start`` tells the input, ``message_delta`` the output, cumulatively.
    """
    if not earlier:
        return later
    merged = _raw_decoder.decode(earlier)
    merged.update(
        (name, raw) for name, raw in _raw_decoder.decode(later).items() if bytes(raw) != b"null"
    )
    return msgspec.json.encode(merged)


def normalise_anthropic(frame: bytes) -> Usage | None:
    """Read a raw Anthropic usage object; its buckets exclude each other already."""
    try:
        usage = _anthropic_decoder.decode(frame)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    return Usage(
        input=usage.input_tokens or 0,
        cached_input=usage.cache_read_input_tokens or 0,
        cache_write=usage.cache_creation_input_tokens or 0,
        output=usage.output_tokens or 0,
    )


class _ResponsesUsage(msgspec.Struct):
    input_tokens: int
    output_tokens: int = 0
    input_tokens_details: _PromptDetails | None = None
    output_tokens_details: _CompletionDetails | None = None


_responses_decoder = msgspec.json.Decoder(_ResponsesUsage)


def normalise_responses(frame: bytes) -> Usage | None:
    """Read a raw usage object of OpenAI's Responses API, whose totals include their details."""
    try:
        usage = _responses_decoder.decode(frame)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    cached, written = _of_cache(usage.input_tokens_details)
    details = usage.output_tokens_details
    reasoning = (details and details.reasoning_tokens) or 0
    return Usage(
        input=max(usage.input_tokens - cached - written, 0),
        cached_input=cached,
        cache_write=written,
        output=max(usage.output_tokens - reasoning, 0),
        reasoning=reasoning,
    )


class _GeminiUsage(msgspec.Struct, rename="camel"):
    prompt_token_count: int = 0
    cached_content_token_count: int = 0
    candidates_token_count: int = 0
    thoughts_token_count: int = 0
    tool_use_prompt_token_count: int = 0


_gemini_decoder = msgspec.json.Decoder(_GeminiUsage)


def normalise_gemini(frame: bytes) -> Usage | None:
    """Read Gemini's ``usageMetadata``: the prompt includes cached tokens, thoughts stand apart."""
    try:
        usage = _gemini_decoder.decode(frame)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    prompt = usage.prompt_token_count + usage.tool_use_prompt_token_count
    return Usage(
        input=max(prompt - usage.cached_content_token_count, 0),
        cached_input=usage.cached_content_token_count,
        output=usage.candidates_token_count,
        reasoning=usage.thoughts_token_count,
    )


class _BedrockUsage(msgspec.Struct, rename="camel"):
    input_tokens: int = 0
    output_tokens: int = 0
    cache_read_input_tokens: int = 0
    cache_write_input_tokens: int = 0


_bedrock_decoder = msgspec.json.Decoder(_BedrockUsage)


def normalise_bedrock(frame: bytes) -> Usage | None:
    """Read Bedrock's usage; its buckets exclude each other already."""
    try:
        usage = _bedrock_decoder.decode(frame)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    return Usage(
        input=usage.input_tokens,
        cached_input=usage.cache_read_input_tokens,
        cache_write=usage.cache_write_input_tokens,
        output=usage.output_tokens,
    )
