"""The part of an OpenAI request that the gateway reads; all else passes through untouched."""

from typing import Annotated, Any

import msgspec

from mainspring.kernel.errors import InvalidRequestError, MalformedJsonError


class StreamOptions(msgspec.Struct, frozen=True):
    """``stream_options`` of chat and completions."""

    include_usage: bool = False


class Envelope(msgspec.Struct, frozen=True):
    """The governed fields of a request; 1 kB decodes in about a microsecond."""

    model: str
    stream: bool | None = None
    stream_options: StreamOptions | None = None
    max_tokens: int | None = None
    max_completion_tokens: int | None = None
    max_output_tokens: int | None = None
    n: Annotated[int, msgspec.Meta(ge=1)] | None = None
    user: str | None = None

    @property
    def streams(self) -> bool:
        """Tell whether the caller asked for server-sent events."""
        return self.stream is True

    @property
    def output_bound(self) -> int | None:
        """Return the most tokens that one alternative may have, where the caller said so.

        Of several fields the largest counts: which of them a server reads is its own affair. Zero
        and less bound nothing (to some servers they mean "without end"), and must never reach a
        reservation, which they would turn into a gift.
        """
        first, second, third = self.max_tokens, self.max_completion_tokens, self.max_output_tokens
        if first is None and second is None and third is None:
            return None
        largest = max(first or 0, second or 0, third or 0)
        return largest if largest > 0 else None

    @property
    def wants_usage(self) -> bool:
        """Tell whether the caller itself asked for the usage event."""
        return self.stream_options is not None and self.stream_options.include_usage


class OpenedEnvelope(Envelope, frozen=True, kw_only=True):
    """The envelope of a large body, which also keeps what its one reading found.

    A prompt of 32 kB takes about 15 µs to read over, so it is done once: what is rewritten is
    written from ``members``, the values of the outer object as they came.
    """

    members: dict[str, msgspec.Raw] = {}


LARGE_BODY_BYTES = 4096
"""From this size on a second reading costs more than keeping the members of the first."""

_GOVERNED = frozenset(Envelope.__struct_fields__)
_envelope_decoder = msgspec.json.Decoder(Envelope)
_opened_decoder = msgspec.json.Decoder(OpenedEnvelope)
_raw_decoder = msgspec.json.Decoder(dict[str, msgspec.Raw])
_encoder = msgspec.json.Encoder()
_INCLUDE_USAGE = msgspec.Raw(b'{"include_usage":true}')


class _Modelless(msgspec.Struct, frozen=True):
    model: str | None = None


_modelless_decoder = msgspec.json.Decoder(_Modelless)


def read_envelope(body: bytes, default_model: str | None = None) -> Envelope:
    """Read the governed fields; ``default_model`` is meant where the caller names none.

    Raises:
        MalformedJsonError: if the body is not JSON.
        InvalidRequestError: if a governed field is missing or of the wrong type.
    """
    try:
        if not body.isascii():
            # The decoder looks into nothing that it skips; what is relayed is checked all the same.
            body.decode()
        if default_model is not None and _modelless_decoder.decode(body).model is None:
            return Envelope(model=default_model)
        if len(body) >= LARGE_BODY_BYTES:
            return _open(body)
        return _envelope_decoder.decode(body)
    except RecursionError as error:
        raise MalformedJsonError("the body is nested too deeply") from error
    except msgspec.ValidationError as error:
        raise InvalidRequestError(f"the request does not fit: {error}") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise MalformedJsonError(f"the body is not valid JSON: {error}") from error


def _open(body: bytes) -> OpenedEnvelope:
    members = _raw_decoder.decode(body)
    # The members that the decoder gets are ours alone: a client cannot name "members".
    governed = {name: value for name, value in members.items() if name in _GOVERNED}
    envelope = _opened_decoder.decode(_encoder.encode(governed))
    msgspec.structs.force_setattr(envelope, "members", members)
    return envelope


def rewrite_body(
    body: bytes, *, model: str | None, add_usage: bool, envelope: Envelope | None = None
) -> bytes:
    """Return ``body`` with the upstream's model name and, for streams, usage asked for.

    Only the outer object is taken apart; every value keeps its exact bytes. ``envelope`` is what
    was read from this ``body``, where it is at hand.
    """
    if model is None and not add_usage:
        return body
    opened = isinstance(envelope, OpenedEnvelope)
    fields: dict[str, Any] = dict(envelope.members if opened else _raw_decoder.decode(body))
    if model is not None:
        fields["model"] = model
    if add_usage:
        options = fields.get("stream_options")
        if options is None or bytes(options) == b"null":
            fields["stream_options"] = _INCLUDE_USAGE
        else:
            merged: dict[str, Any] = dict(_raw_decoder.decode(options))
            merged["include_usage"] = True
            fields["stream_options"] = merged
    return _encoder.encode(fields)
