"""Batches and their items: values, states, and reading the file that they come from."""

from datetime import datetime, timedelta
from typing import Any, Literal

import msgspec

from mainspring.infra.jobs import JobQueue, JobSpec
from mainspring.kernel.errors import InvalidRequestError

BATCH_RUN = JobSpec(name="batch.run", queue=JobQueue.BATCH)

ENDPOINTS = (
    "/v1/chat/completions",
    "/v1/completions",
    "/v1/embeddings",
    "/v1/moderations",
    "/v1/responses",
)
WINDOW = "24h"
WINDOW_TIME = timedelta(hours=24)
MAX_ITEMS = 50_000
MAX_LINE_BYTES = 4 * 1024 * 1024
MAX_ERRORS = 20
MAX_METADATA = 16

Status = Literal[
    "validating",
    "failed",
    "in_progress",
    "finalizing",
    "completed",
    "expired",
    "cancelling",
    "cancelled",
]
FINAL = ("failed", "completed", "expired", "cancelled")


class LineError(msgspec.Struct, frozen=True):
    """What is wrong with the input file; ``line`` counts from 1."""

    code: str
    message: str
    line: int | None = None
    param: str | None = None


class Batch(msgspec.Struct, frozen=True, kw_only=True):
    """One batch; it runs on the account of the key that made it."""

    id: str
    org_id: str
    project_id: str
    key_id: str | None
    actor_id: str
    endpoint: str
    input_file_id: str
    status: Status = "validating"
    output_file_id: str | None = None
    error_file_id: str | None = None
    errors: list[LineError] = []
    metadata: dict[str, str] | None = None
    total: int = 0
    completed: int = 0
    failed: int = 0
    run_id: str | None = None
    created_at: datetime
    expires_at: datetime
    in_progress_at: datetime | None = None
    finalizing_at: datetime | None = None
    cancelling_at: datetime | None = None
    ended_at: datetime | None = None

    @property
    def is_final(self) -> bool:
        """Tell whether nothing more will happen to it."""
        return self.status in FINAL

    def shape(self) -> dict[str, Any]:
        """Return the batch as OpenAI's API words it."""
        ends: dict[str, int | None] = {f"{state}_at": None for state in FINAL}
        if self.is_final:
            ends[f"{self.status}_at"] = _unix(self.ended_at)
        errors = None
        if self.errors:
            errors = {"object": "list", "data": [msgspec.to_builtins(each) for each in self.errors]}
        return {
            "id": self.id,
            "object": "batch",
            "endpoint": self.endpoint,
            "errors": errors,
            "input_file_id": self.input_file_id,
            "completion_window": WINDOW,
            "status": self.status,
            "output_file_id": self.output_file_id,
            "error_file_id": self.error_file_id,
            "created_at": _unix(self.created_at),
            "in_progress_at": _unix(self.in_progress_at),
            "expires_at": _unix(self.expires_at),
            "finalizing_at": _unix(self.finalizing_at),
            "cancelling_at": _unix(self.cancelling_at),
            **ends,
            "request_counts": {
                "total": self.total,
                "completed": self.completed,
                "failed": self.failed,
            },
            "metadata": self.metadata,
        }


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """One call of a batch. ``request_id`` is the one that it was sent under last."""

    batch_id: str
    line: int
    org_id: str
    custom_id: str
    body: bytes
    request_id: str | None = None
    started_at: datetime | None = None
    status: int | None = None
    answer: bytes | None = None
    error: str | None = None
    finished_at: datetime | None = None

    @property
    def succeeded(self) -> bool:
        """Tell whether it belongs into the output file."""
        return self.status is not None and 200 <= self.status <= 299

    def result(self) -> bytes:
        """Return the line of the output or error file."""
        response = None
        if self.status is not None:
            response = {
                "status_code": self.status,
                "request_id": self.request_id,
                "body": msgspec.Raw(self.answer or b"null"),
            }
        error = None
        if response is None:
            code = self.error or "batch_expired"
            error = {"code": code, "message": _ERRORS.get(code, code)}
        line = {
            "id": f"batch_req_{self.batch_id.removeprefix('batch_')[:24]}{self.line:08d}",
            "custom_id": self.custom_id,
            "response": response,
            "error": error,
        }
        return msgspec.json.encode(line) + b"\n"


_ERRORS = {
    "batch_expired": "The call was not made before the batch expired.",
    "batch_cancelled": "The call was not made before the batch was cancelled.",
    "item_interrupted": (
        "The call was interrupted the day before; it was not repeated, since it may have been"
        " counted."
    ),
    "answer_unreadable": "The answer to the call was no JSON.",
}


class _Line(msgspec.Struct):
    custom_id: str
    method: str
    url: str
    body: dict[str, msgspec.Raw]


_line_decoder = msgspec.json.Decoder(_Line)


def read_line(batch: Batch, number: int, data: bytes) -> Item | LineError:
    """Read one line of the input file."""

    def wrong(code: str, message: str, param: str | None = None) -> LineError:
        return LineError(code, message, number, param)

    try:
        line = _line_decoder.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return wrong("invalid_json_line", f"This line is not a request: {error}"[:300])
    if not 1 <= len(line.custom_id) <= 256 or "\x00" in line.custom_id:
        return wrong("invalid_custom_id", "custom_id has 1 to 256 characters.", "custom_id")
    if line.method != "POST":
        return wrong("invalid_method", "The method is POST.", "method")
    if line.url != batch.endpoint:
        return wrong("mismatched_endpoint", f"The url is the batch's: {batch.endpoint}.", "url")
    if bytes(line.body.get("stream", msgspec.Raw(b"false"))) not in (b"false", b"null"):
        return wrong("stream_not_supported", "A batch does not stream.", "body.stream")
    return Item(
        batch_id=batch.id,
        line=number,
        org_id=batch.org_id,
        custom_id=line.custom_id,
        body=msgspec.json.encode(line.body),
    )


def checked_metadata(metadata: dict[str, str] | None) -> dict[str, str] | None:
    """Return ``metadata``.

    Raises:
        InvalidRequestError: if it is larger than OpenAI's API allows.
    """
    if metadata is None:
        return None
    if len(metadata) > MAX_METADATA or any(
        len(name) > 64 or len(text) > 512 for name, text in metadata.items()
    ):
        raise InvalidRequestError(
            "metadata has at most 16 names of 64 characters, each with 512 characters",
            param="metadata",
        )
    return metadata


def _unix(moment: datetime | None) -> int | None:
    return None if moment is None else int(moment.timestamp())
