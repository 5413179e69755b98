"""What calls other than chat cost: rerankers' tokens, images, characters, seconds of sound.

Vendors tell these in shapes of their own, or not at all; then the request says what was asked for.
"""

import msgspec

from mainspring.wire.usage import Usage


class _Rerank(msgspec.Struct):
    usage: msgspec.Raw = msgspec.Raw(b"null")
    meta: msgspec.Raw = msgspec.Raw(b"null")


class _Billed(msgspec.Struct):
    input_tokens: float | None = None
    search_units: float | None = None


class _RerankUsage(msgspec.Struct):
    """Jina's ``usage`` and Cohere's ``meta`` in one: no field means two things."""

    total_tokens: int | None = None
    prompt_tokens: int | None = None
    billed_units: _Billed | None = None
    tokens: _Billed | None = None


class _InputDetails(msgspec.Struct):
    cached_tokens: int | None = None


class _MediaUsage(msgspec.Struct):
    input_tokens: int | None = None
    output_tokens: int | None = None
    total_tokens: int | None = None
    input_tokens_details: _InputDetails | None = None
    seconds: float | None = None


class _ImageRequest(msgspec.Struct):
    n: int | None = None


class _SpeechRequest(msgspec.Struct):
    input: str = ""


_rerank_decoder = msgspec.json.Decoder(_Rerank)
_rerank_usage_decoder = msgspec.json.Decoder(_RerankUsage)
_media_usage_decoder = msgspec.json.Decoder(_MediaUsage)
_image_decoder = msgspec.json.Decoder(_ImageRequest)
_speech_decoder = msgspec.json.Decoder(_SpeechRequest)


def rerank_usage_frame(answer: bytes) -> bytes | None:
    """Return Jina's ``usage`` or Cohere's ``meta`` of a reranker's answer, if it has one."""
    try:
        found = _rerank_decoder.decode(answer)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    for raw in (bytes(found.usage), bytes(found.meta)):
        if raw.startswith(b"{"):
            return raw
    return None


def normalise_rerank(frame: bytes) -> Usage | None:
    """Read a reranker's usage; all its tokens are input. ``None`` if it tells nothing."""
    try:
        told = _rerank_usage_decoder.decode(frame)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    billed = told.billed_units or _Billed()
    tokens: float | None = told.total_tokens
    for each in (told.prompt_tokens, billed.input_tokens, told.tokens and told.tokens.input_tokens):
        if tokens is None:
            tokens = each
    if tokens is None and billed.search_units is None:
        return None
    return Usage(input=max(int(tokens or 0), 0), searches=max(int(billed.search_units or 0), 0))


def normalise_media(frame: bytes) -> Usage | None:
    """Read what image and audio models tell: tokens, or seconds of sound."""
    try:
        told = _media_usage_decoder.decode(frame)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    details = told.input_tokens_details
    cached = (details and details.cached_tokens) or 0
    given = told.input_tokens
    if given is None:
        given = max((told.total_tokens or 0) - (told.output_tokens or 0), 0)
    return Usage(
        input=max(given - cached, 0),
        cached_input=cached,
        output=told.output_tokens or 0,
        seconds=told.seconds or 0.0,
    )


def images_asked_for(body: bytes) -> Usage:
    """Return how many images a request wants: one, if it does not say."""
    try:
        return Usage(images=max(_image_decoder.decode(body).n or 1, 1))
    except (msgspec.DecodeError, UnicodeDecodeError):
        return Usage(images=1)


def characters_to_speak(body: bytes) -> Usage:
    """Return how many characters a request has spoken."""
    try:
        return Usage(characters=len(_speech_decoder.decode(body).input))
    except (msgspec.DecodeError, UnicodeDecodeError):
        return Usage()


def one_search(body: bytes) -> Usage:
    """Return what a reranker does for one request, whatever its documents are."""
    del body
    return Usage(searches=1)


def with_units(usage: Usage, units: Usage) -> Usage:
    """Return ``usage`` with ``units``, which are known and so replace an estimate of tokens.

    Only searches are not told by every server that tells tokens: its own figure goes first.
    """
    if units.searches:
        return usage if usage.searches else msgspec.structs.replace(usage, searches=units.searches)
    base = Usage() if usage.estimated else usage
    return msgspec.structs.replace(
        base,
        images=units.images,
        characters=units.characters,
        seconds=base.seconds or units.seconds,
    )
