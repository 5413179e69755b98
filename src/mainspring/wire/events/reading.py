"""What the readers of several protocols share: bytes into shapes, with the right error."""

from typing import TypeVar

import msgspec

from mainspring.kernel.errors import (
    InvalidRequestError,
    MalformedJsonError,
    UpstreamProtocolError,
)

T = TypeVar("T")
_raw_decoder = msgspec.json.Decoder(dict[str, msgspec.Raw])


def decode_request(decoder: "msgspec.json.Decoder[T]", body: bytes) -> T:
    """Decode a client's body.

    Raises:
        MalformedJsonError: if the body is not JSON.
        InvalidRequestError: if it is JSON of another shape.
    """
    try:
        return decoder.decode(body)
    except msgspec.ValidationError as error:
        raise InvalidRequestError(f"the request does not fit: {error}") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise MalformedJsonError(f"the body is not valid JSON: {error}") from error


def unknown_fields(body: bytes, shape: type[msgspec.Struct]) -> dict[str, msgspec.Raw]:
    """Return the top-level fields of ``body`` that ``shape`` has no word for, byte for byte."""
    known = shape.__struct_fields__
    return {name: raw for name, raw in _raw_decoder.decode(body).items() if name not in known}


def decode_answer(decoder: "msgspec.json.Decoder[T]", body: bytes, what: str) -> T:
    """Decode what an upstream sent.

    Raises:
        UpstreamProtocolError: if it is not ``what`` it should be.
    """
    try:
        return decoder.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UpstreamProtocolError(f"not {what}: {error}") from error
