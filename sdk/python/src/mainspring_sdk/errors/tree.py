"""The one tree of errors: what may go wrong between a program and the control plane.

An answer that refuses becomes an :class:`ApiError`: by its stable ``code`` where the code has a
class of its own (:mod:`mainspring_sdk.errors.codes`), else by its HTTP status.
"""

from collections.abc import Sequence

import msgspec


class MainspringError(Exception):
    """Base of every error of this package."""


class ConfigurationError(MainspringError):
    """It is not known where the platform is, or how to show who is asking."""


class ConnectionFailedError(MainspringError):
    """The control plane could not be reached, or the connection broke."""


class TimedOutError(ConnectionFailedError):
    """The answer took longer than the call's timeout."""


class UnexpectedAnswerError(MainspringError):
    """An answer is not what this API answers; most often another server stands at the address."""


class FieldError(msgspec.Struct, frozen=True):
    """One field that does not fit; ``field`` is its path, such as ``body.name``."""

    field: str
    message: str


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """What a refusal tells (RFC 9457)."""

    status: int
    code: str = ""
    title: str = ""
    detail: str = ""
    next_step: str = ""
    instance: str = ""
    request_id: str | None = None
    errors: Sequence[FieldError] = ()


class ApiError(MainspringError):
    """The control plane refused the call.

    ``code`` is stable and listed in the error catalogue; ``next_step`` says what to do now;
    ``request_id`` is what the platform's operator looks for in the logs. ``retry_after_s`` is how
    many seconds to wait, where the answer told.
    """

    def __init__(self, problem: Problem, *, retry_after_s: float | None = None) -> None:
        super().__init__(problem)
        self.problem = problem
        self.status = problem.status
        self.code = problem.code
        self.title = problem.title
        self.detail = problem.detail
        self.next_step = problem.next_step
        self.request_id = problem.request_id
        self.errors = problem.errors
        self.retry_after_s = retry_after_s

    def __str__(self) -> str:
        """Return one line: what happened, what to do, and where to look."""
        happened = self.detail or self.title or "the call was refused"
        parts = [f"{self.status} {self.code}".strip() + f": {happened}"]
        parts += [f"{each.field}: {each.message}" for each in self.errors]
        if self.next_step:
            parts.append(self.next_step)
        if self.request_id:
            parts.append(f"[{self.request_id}]")
        return " ".join(parts)


class BadRequestError(ApiError):
    """400: the request itself is wrong."""


class UnauthorizedError(ApiError):
    """401: the control plane does not know who is asking."""


class ForbiddenError(ApiError):
    """403: whoever is asking may not do that."""


class NotFoundError(ApiError):
    """404: there is no such object, or it is not for the caller to see."""


class ConflictError(ApiError):
    """409: the object is in another state."""


class PreconditionFailedError(ApiError):
    """412: the object was changed since it was read."""


class UnprocessableError(ApiError):
    """422: fields do not fit; ``errors`` names them."""


class TooManyRequestsError(ApiError):
    """429: a limit was met; ``retry_after_s`` tells how long."""


class ServerError(ApiError):
    """5xx: something failed on the platform's side."""


class ServiceUnavailableError(ServerError):
    """503: the control plane is starting, or its database is away."""


BY_STATUS: dict[int, type[ApiError]] = {
    400: BadRequestError,
    401: UnauthorizedError,
    403: ForbiddenError,
    404: NotFoundError,
    409: ConflictError,
    412: PreconditionFailedError,
    422: UnprocessableError,
    429: TooManyRequestsError,
    503: ServiceUnavailableError,
}
"""The classes of statuses; any other 5xx is a :class:`ServerError`, the rest an ApiError."""


def class_of_status(status: int) -> type[ApiError]:
    """Return the class of refusals with that HTTP status."""
    return BY_STATUS.get(status, ServerError if status >= 500 else ApiError)
