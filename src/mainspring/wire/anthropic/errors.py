"""How our errors look to an Anthropic client: ``{"type": "error", "error": {type, message}}``."""

import msgspec

from mainspring.kernel.errors import MainspringError
from mainspring.wire.sse import encode_event

_TYPE_BY_STATUS = {
    400: "invalid_request_error",
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
    503: "overloaded_error",
    504: "timeout_error",
}


class ErrorBody(msgspec.Struct, frozen=True):
    """The object under ``error``; ``code`` is ours and stable."""

    type: str
    message: str
    code: str


class ErrorEnvelope(msgspec.Struct, frozen=True):
    """The whole body of an error answer."""

    error: ErrorBody
    request_id: str | None = None
    type: str = "error"


def encode_error(error: MainspringError, request_id: str | None = None) -> bytes:
    """Return the JSON body of ``error``."""
    error_type = _TYPE_BY_STATUS.get(
        error.status, "api_error" if error.status >= 500 else "invalid_request_error"
    )
    message = f"{error.detail.rstrip('.')}. {error.next_step}"
    return msgspec.json.encode(
        ErrorEnvelope(ErrorBody(error_type, message, error.code), request_id)
    )


def encode_stream_error(error: MainspringError, request_id: str | None = None) -> bytes:
    """Return the event that ends a stream which failed after its first byte."""
    return encode_event(encode_error(error, request_id), "error")
