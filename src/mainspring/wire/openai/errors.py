"""How our errors look to an OpenAI client.

Shape and ``type`` values follow the OpenAI API reference (error objects); ``code`` is ours and
stable; ``next_step`` is appended to the message because clients print only that.
"""

from typing import Any

import msgspec

from mainspring.kernel.errors import MainspringError

_TYPE_BY_STATUS = {
    401: "authentication_error",
    403: "permission_error",
    404: "invalid_request_error",
    429: "rate_limit_error",
}


_TYPE_BY_CODE = {"budget_exceeded": "insufficient_quota"}


class ErrorBody(msgspec.Struct, frozen=True):
    """The object under ``error``."""

    message: str
    type: str
    param: str | None
    code: str
    request_id: str | None = None


class ErrorEnvelope(msgspec.Struct, frozen=True):
    """The whole body of an error answer."""

    error: ErrorBody


def error_envelope(error: MainspringError, request_id: str | None = None) -> ErrorEnvelope:
    """Return the OpenAI shape of ``error``."""
    if error.status >= 500:
        error_type = "api_error"
    else:
        by_status = _TYPE_BY_STATUS.get(error.status, "invalid_request_error")
        error_type = _TYPE_BY_CODE.get(error.code, by_status)
    param: Any = error.params.get("param")
    message = f"{error.detail.rstrip('.')}. {error.next_step}"
    return ErrorEnvelope(
        ErrorBody(
            message, error_type, param if isinstance(param, str) else None, error.code, request_id
        )
    )


def encode_error(error: MainspringError, request_id: str | None = None) -> bytes:
    """Return the JSON body of ``error``."""
    return msgspec.json.encode(error_envelope(error, request_id))


def encode_stream_error(error: MainspringError, request_id: str | None = None) -> bytes:
    """Return the server-sent event that ends a stream which failed after its first byte."""
    return b"data: " + encode_error(error, request_id) + b"\n\n"
