"""The OpenAPI document: what FastAPI finds, plus what holds for every route."""

from typing import Any, cast

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema

from mainspring import __version__
from mainspring.app.control.examples import Examples
from mainspring.app.control.idempotency import HEADER, is_never_repeated
from mainspring.infra.web.permissions import FIELD as PERMISSION, PUBLIC
from mainspring.infra.web.problems import FieldError, Problem, examples_of
from mainspring.kernel.errors import (
    BodyTooLargeError,
    ChangePendingError,
    ConflictError,
    CrossSiteRequestError,
    DatabaseUnavailableError,
    IdempotencyConflictError,
    InvalidRequestError,
    MainspringError,
    MalformedJsonError,
    MethodNotAllowedError,
    NotReadyError,
    RateLimitedError,
    RouteNotFoundError,
    SignInRequiredError,
    ValidationFailedError,
)
from mainspring.wire.problem import MEDIA_TYPE

PATH = "/api/v1/openapi.json"
_METHODS = frozenset({"get", "post", "put", "patch", "delete"})
_SECURITY: list[dict[str, list[str]]] = [{"token": []}, {"session": []}]
_SCHEMES = {
    "token": {
        "type": "http",
        "scheme": "bearer",
        "description": "A personal token (`POST /tokens`), or the local administrator's.",
    },
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "mainspring_session",
        "description": (
            "Set by signing in. Writes repeat the value of the cookie `mainspring_csrf` in the"
            " header `X-CSRF-Token`."
        ),
    },
}
_IDEMPOTENCY_KEY = {
    "name": HEADER,
    "in": "header",
    "required": False,
    "description": (
        "Chosen by you, new for every creation. Sent again within 24 hours with the same request,"
        " it gets the first answer again and creates nothing."
    ),
    "schema": {"type": "string", "minLength": 1, "maxLength": 200},
    "example": "5f0c1a9e-3b7d-42c8-8f1d-c2a4a7be5d0f",
}
_ANYWHERE: dict[str, tuple[type[MainspringError], ...]] = {
    "401": (SignInRequiredError,),
    "409": (IdempotencyConflictError, ConflictError),
    "422": (ValidationFailedError,),
    "503": (NotReadyError, DatabaseUnavailableError),
    "default": (
        MainspringError,
        InvalidRequestError,
        MalformedJsonError,
        BodyTooLargeError,
        RouteNotFoundError,
        MethodNotAllowedError,
        CrossSiteRequestError,
        RateLimitedError,
        ChangePendingError,
    ),
}
"""How any operation may refuse, whatever it does."""

_TAGS = [
    {"name": "identity", "description": "Set-up, sessions and personal tokens."},
    {"name": "people", "description": "Accounts, members, groups, roles, invitations."},
    {"name": "tenancy", "description": "Organisations and projects."},
    {"name": "keys", "description": "API keys of the gateway."},
    {"name": "catalog", "description": "Upstreams and models."},
    {"name": "releases", "description": "Versions of models, into service and out of it."},
    {"name": "vendors", "description": "Presets of vendors, and tests of connections."},
    {"name": "usage", "description": "The ledger of calls."},
    {"name": "policy", "description": "Rules for calls, and what they cost and cache."},
    {"name": "oauth", "description": "Service accounts, which get tokens by OAuth2."},
    {"name": "federation", "description": "Whose tokens organisations believe."},
    {"name": "calls", "description": "Records of calls: contents, scores, traces."},
    {"name": "datasets", "description": "Data sets: questions, and what is expected of answers."},
    {"name": "access", "description": "Requests for models, approvals, and what was granted."},
    {"name": "oversight", "description": "Changes that need two persons, and emergencies."},
    {"name": "alerts", "description": "What is wrong now, who is told of it, and silences."},
    {"name": "slos", "description": "Objectives for calls, their budgets and alerts."},
    {"name": "audit", "description": "Who did what, chained by hashes."},
    {"name": "secrets", "description": "Master keys, and what they seal."},
    {"name": "system", "description": "The platform's own parts."},
    {"name": "live", "description": "Events as they happen."},
    {"name": "playground", "description": "Calls of models from the console."},
]
_DESCRIPTION = """\
The control plane of Mainspring.

Every refusal is a problem (RFC 9457) with a stable `code` and a `next_step`. Lists are read by
cursor. A change may carry the ETag that was read in `If-Match`. Times are RFC 3339 in UTC.
"""


def install_document(app: FastAPI) -> None:
    """Make ``app`` describe itself completely."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _document(app)
        return app.openapi_schema

    app.openapi = document


def _document(app: FastAPI) -> dict[str, Any]:
    document = get_openapi(
        title="Mainspring control API",
        version=__version__,
        openapi_version="3.1.0",
        summary="Tenants, identities, models, usage.",
        description=_DESCRIPTION,
        routes=app.routes,
        tags=_TAGS,
        license_info={"name": "Apache 2.0", "identifier": "Apache-2.0"},
    )
    components: dict[str, Any] = document.setdefault("components", {})
    components["securitySchemes"] = _SCHEMES
    schemas: dict[str, Any] = components.setdefault("schemas", {})
    for replaced in ("HTTPValidationError", "ValidationError"):
        schemas.pop(replaced, None)
    _, ours = models_json_schema(
        [(Problem, "serialization"), (FieldError, "serialization")],
        ref_template="#/components/schemas/{model}",
    )
    schemas |= cast("dict[str, Any]", ours["$defs"])
    components["schemas"] = dict(sorted(schemas.items()))
    components["examples"] = {
        code: example
        for errors in _ANYWHERE.values()
        for code, example in examples_of(*errors).items()
    }
    examples = Examples(schemas)
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            if method in _METHODS:
                _complete(method, path, operation)
                examples.add_to(operation)
    return document


def _complete(method: str, path: str, operation: dict[str, Any]) -> None:
    """Say what holds for every operation: who may call it, and how it refuses."""
    responses: dict[str, Any] = operation["responses"]
    if "422" in responses:
        responses["422"] = _refusal("422", "Fields do not fit.")
    responses["503"] = _refusal("503", "Starting, or the database cannot be reached: retry.")
    responses["default"] = _refusal("default", "Any other refusal.")
    if method == "post" and "201" in responses and not is_never_repeated(path):
        operation.setdefault("parameters", []).append(_IDEMPOTENCY_KEY)
        _add_refusal(responses, "409", IdempotencyConflictError.title)
    is_public = operation.get(PERMISSION) == PUBLIC
    operation["security"] = [] if is_public else _SECURITY
    if not is_public:
        _add_refusal(responses, "401", SignInRequiredError.title)


def _add_refusal(responses: dict[str, Any], status: str, description: str) -> None:
    """Add what any operation may refuse by to what this one may by that status."""
    ours = _refusal(status, description)
    if (present := responses.setdefault(status, ours)) is not ours:
        content = present["content"].setdefault(MEDIA_TYPE, ours["content"][MEDIA_TYPE])
        content["examples"] = {**ours["content"][MEDIA_TYPE]["examples"], **content["examples"]}


def _refusal(status: str, description: str) -> dict[str, Any]:
    """Return a response that any operation may have; its examples are shared."""
    examples = {
        error.code: {"$ref": f"#/components/examples/{error.code}"} for error in _ANYWHERE[status]
    }
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        "description": description,
        "content": {MEDIA_TYPE: {"schema": schema, "examples": examples}},
    }
