"""Reading a refusal: problem details, the gateway's OpenAI errors, or whatever stands between."""

import math
from datetime import UTC
from email.utils import parsedate_to_datetime
from time import time
from typing import Any, cast

import httpx
import msgspec

from mainspring_sdk.errors.codes import BY_CODE
from mainspring_sdk.errors.tree import ApiError, FieldError, Problem, class_of_status

REQUEST_ID = "X-Request-Id"
_SHOWN = 200


def succeeded(answer: httpx.Response) -> bool:
    """Tell whether ``answer`` is a good one; a change that waits for a second person is none."""
    kind = answer.headers.get("Content-Type", "")
    return answer.is_success and not kind.startswith("application/problem+json")


def refusal(answer: httpx.Response) -> ApiError:
    """Return the error that ``answer``, which was read, stands for."""
    problem = _problem(answer)
    kind = BY_CODE.get(problem.code, class_of_status(problem.status))
    return kind(problem, retry_after_s=retry_after_s(answer))


def retry_after_s(answer: httpx.Response) -> float | None:
    """Return the seconds of ``Retry-After``; ``None`` where it is not told or makes no sense."""
    told = answer.headers.get("Retry-After", "").strip()
    if not told:
        return None
    try:
        seconds = float(told)
    except ValueError:
        try:
            moment = parsedate_to_datetime(told)
        except ValueError:
            return None
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        seconds = moment.timestamp() - time()
    return max(0.0, seconds) if math.isfinite(seconds) else None


def _problem(answer: httpx.Response) -> Problem:
    request_id = answer.headers.get(REQUEST_ID)
    try:
        body: object = msgspec.json.decode(answer.content)
    except msgspec.DecodeError:
        body = None
    told = cast("dict[str, Any]", body) if isinstance(body, dict) else {}
    if isinstance(told.get("error"), dict):
        # The gateway's own refusal, passed through by the playground.
        error = cast("dict[str, Any]", told["error"])
        told = {"code": error.get("code") or error.get("type"), "detail": error.get("message")}
    if not told:
        told = {"detail": answer.text[:_SHOWN]}
    return Problem(
        status=answer.status_code,
        code=_text(told.get("code")),
        title=_text(told.get("title")) or answer.reason_phrase,
        detail=_text(told.get("detail")),
        next_step=_text(told.get("next_step")),
        instance=_text(told.get("instance")),
        request_id=_text(told.get("request_id")) or request_id,
        errors=_fields(told.get("errors")),
    )


def _fields(told: object) -> tuple[FieldError, ...]:
    try:
        return tuple(msgspec.convert(told or [], list[FieldError]))
    except msgspec.ValidationError:
        return ()


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
