import json

import pytest

from mainspring.kernel.errors import (
    InvalidKeyError,
    MainspringError,
    ModelNotFoundError,
    RateLimitedError,
    UpstreamError,
    error_catalogue,
)
from mainspring.wire.openai.errors import encode_error, encode_stream_error

TYPES = {
    "insufficient_quota",
    "invalid_request_error",
    "authentication_error",
    "permission_error",
    "rate_limit_error",
}


def test_an_error_has_openais_shape_and_says_what_to_do() -> None:
    error = ModelNotFoundError("the model 'x' does not exist", param="model")
    assert json.loads(encode_error(error, "req_1")) == {
        "error": {
            "message": "the model 'x' does not exist. GET /v1/models lists the models that this "
            "key may use.",
            "type": "invalid_request_error",
            "param": "model",
            "code": "model_not_found",
            "request_id": "req_1",
        }
    }


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (InvalidKeyError(), "authentication_error"),
        (RateLimitedError(), "rate_limit_error"),
        (UpstreamError(), "api_error"),
        (MainspringError(), "api_error"),
    ],
)
def test_the_type_follows_the_status(error: MainspringError, kind: str) -> None:
    assert json.loads(encode_error(error))["error"]["type"] == kind


@pytest.mark.parametrize("shape", error_catalogue().values(), ids=error_catalogue())
def test_every_error_can_be_told_to_an_openai_client(shape: type[MainspringError]) -> None:
    told = json.loads(encode_error(shape(), "req_1"))["error"]
    assert told["code"] == shape.code
    assert told["type"] == "api_error" if shape.status >= 500 else told["type"] in TYPES
    assert told["message"].endswith(shape.next_step)


def test_a_stream_error_is_one_event() -> None:
    event = encode_stream_error(UpstreamError(), "req_1")
    assert event.startswith(b"data: {")
    assert event.endswith(b"}\n\n")
    assert event.count(b"\n") == 2
