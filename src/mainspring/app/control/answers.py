"""How the control plane answers with an error: problem details, always, everywhere."""

import math
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response
from starlette.routing import compile_path

from mainspring.kernel.errors import (
    AuthenticationError,
    BodyTooLargeError,
    InvalidRequestError,
    MainspringError,
    MalformedJsonError,
    MethodNotAllowedError,
    PermissionDeniedError,
    RouteNotFoundError,
    ValidationFailedError,
)
from mainspring.wire.problem import MEDIA_TYPE, problem

_BY_STATUS: dict[int, type[InvalidRequestError]] = {
    404: RouteNotFoundError,
    405: MethodNotAllowedError,
    413: BodyTooLargeError,
}


def problem_response(
    error: MainspringError,
    *,
    path: str,
    request_id: str | None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return the answer for ``error``."""
    extra = dict(headers or {})
    if isinstance(error, AuthenticationError):
        extra["WWW-Authenticate"] = "Bearer"
    if error.retry_after_s is not None:
        extra["Retry-After"] = str(math.ceil(error.retry_after_s))
    content = problem(error, instance=path, request_id=request_id)
    if "errors" not in content and isinstance(param := error.params.get("param"), str):
        # A rule of the domain names its field like the schema's own checks do.
        content["errors"] = [{"field": param, "message": error.detail}]
    return JSONResponse(content, error.status, extra, media_type=MEDIA_TYPE)


def answer(
    request: Request, error: MainspringError, headers: Mapping[str, str] | None = None
) -> Response:
    """Return the answer for ``error`` to ``request``."""
    return problem_response(
        error,
        path=request.url.path,
        request_id=getattr(request.state, "request_id", None),
        headers=headers,
    )


def install_error_answers(
    app: FastAPI, *, on_refusal: Callable[[Request, PermissionDeniedError], Awaitable[None]]
) -> None:
    """Make ``app`` answer every refusal with problem details.

    ``on_refusal`` hears of what somebody who is known may not do.
    """

    @app.exception_handler(MainspringError)
    async def ours(request: Request, error: MainspringError) -> Response:
        if isinstance(error, PermissionDeniedError):
            await on_refusal(request, error)
        return answer(request, error)

    @app.exception_handler(RequestValidationError)
    async def unfit(request: Request, error: RequestValidationError) -> Response:
        return answer(request, _fitting_error(error))

    @app.exception_handler(HTTPException)
    async def framework(request: Request, error: HTTPException) -> Response:
        kind = _BY_STATUS.get(error.status_code, InvalidRequestError)
        headers: dict[str, str] = {}
        if error.status_code == 405:
            allowed = _allowed_methods(app, request.url.path)
            headers["Allow"] = allowed or (error.headers or {}).get("Allow", "")
        return answer(request, kind(), headers)

    @app.exception_handler(Exception)
    async def unforeseen(request: Request, error: Exception) -> Response:
        del error  # logged by the shell; the caller learns nothing of it
        return answer(request, MainspringError())

    _ = (ours, unfit, framework, unforeseen)


def _allowed_methods(app: FastAPI, path: str) -> str:
    """Return all methods of ``path``; the router names those of the first route only."""
    methods: set[str] = set()
    for template, operations in app.openapi()["paths"].items():
        if compile_path(template)[0].fullmatch(path):
            methods |= {method.upper() for method in operations}
    return ", ".join(sorted(methods))


def _fitting_error(error: RequestValidationError) -> MainspringError:
    found = [_field_error(each) for each in error.errors()]
    if any(each.get("type") == "json_invalid" for each in error.errors()):
        return MalformedJsonError()
    named = "; ".join(f"{each['field']}: {each['message']}" for each in found[:3])
    return ValidationFailedError(named, errors=found)


def _field_error(error: Mapping[str, Any]) -> dict[str, str]:
    """Return where and what, and never the value: it may be a secret."""
    field = ".".join(str(part) for part in error["loc"])
    message = str(error["msg"])
    if error.get("type") == "extra_forbidden":
        message = "There is no such field here"
    elif error.get("type") in {"model_attributes_type", "dict_type"} and error["loc"] == ("body",):
        message = "Send a JSON object with Content-Type: application/json"
    return {"field": field, "message": message}
