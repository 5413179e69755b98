"""SCIM 2.0 as it goes over the wire (RFC 7643, RFC 7644): shapes, refusals, and who is asking."""

from collections.abc import Callable, Coroutine
from typing import Annotated, Any, ClassVar

from fastapi import Depends, Request
from fastapi.routing import APIRoute
from pydantic import Field, ValidationError
from scim2_models import (
    URN,
    AuthenticationScheme,
    Bulk,
    CaseExact,
    ChangePassword,
    ComplexAttribute,
    EnterpriseUser,
    Error,
    ETag,
    Filter,
    Mutability,
    Patch,
    Reference,
    Required,
    Resource,
    ResourceType,
    SCIMException,
    ServiceProviderConfig,
    Sort,
    User,
)
from starlette.responses import JSONResponse, Response

from mainspring.capabilities.identity.api import DirectoryTokenService
from mainspring.infra.web import provided
from mainspring.kernel.errors import (
    AuthenticationError,
    ConflictError,
    InvalidRequestError,
    MainspringError,
    NotFoundError,
    PreconditionFailedError,
    SignInRequiredError,
)
from mainspring.kernel.scope import Scope

MEDIA_TYPE = "application/scim+json"


class Member(ComplexAttribute):
    """A person of a group; what they are called is shown, and not to be written here."""

    value: Annotated[str | None, Mutability.immutable, CaseExact.true] = None
    ref: Annotated[Reference[User[Any]] | None, Mutability.immutable] = Field(
        None, serialization_alias="$ref", validation_alias="$ref"
    )
    type: Annotated[str | None, Mutability.immutable] = Field(None, examples=["User"])
    display: Annotated[str | None, Mutability.read_only] = None


class Group(Resource[Any]):
    """A group as RFC 7643 has it; only people are in it, no groups."""

    __schema__ = URN("urn:ietf:params:scim:schemas:core:2.0:Group")

    display_name: Annotated[str | None, Required.true] = None
    members: list[Member] | None = None

    Members: ClassVar[type[ComplexAttribute]] = Member


PERSON = User[EnterpriseUser]
MAX_RESULTS = 500
DEFAULT_RESULTS = 100

CONFIG = ServiceProviderConfig(
    documentation_uri=None,
    patch=Patch(supported=True),
    bulk=Bulk(supported=False, max_operations=0, max_payload_size=0),
    filter=Filter(supported=True, max_results=MAX_RESULTS),
    change_password=ChangePassword(supported=False),
    sort=Sort(supported=False),
    etag=ETag(supported=True),
    authentication_schemes=[
        AuthenticationScheme(
            type=AuthenticationScheme.Type.oauthbearertoken,
            name="Bearer token",
            description="A directory's token, made in Mainspring for one organisation.",
            primary=True,
        )
    ],
)
SCHEMAS = (User.to_schema(), Group.to_schema(), EnterpriseUser.to_schema())
RESOURCE_TYPES = (ResourceType.from_resource(PERSON), ResourceType.from_resource(Group))


class ScimRoute(APIRoute):
    """A route that refuses in SCIM's words."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler, with refusals turned into SCIM errors."""
        handle = super().get_route_handler()

        async def handling(request: Request) -> Response:
            try:
                return await handle(request)
            except SCIMException as error:
                return refusal(error.status, error.detail, error.scim_type or None)
            except ValidationError as error:
                return refusal(400, _unfit(error), "invalidValue")
            except MainspringError as error:
                return _of(error)

        return handling


async def directory_scope(
    request: Request,
    tokens: Annotated[DirectoryTokenService, Depends(provided(DirectoryTokenService))],
) -> Scope:
    """Return the scope of the directory that is asking.

    Raises:
        SignInRequiredError: if the request shows no token of a directory.
    """
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not secret.strip():
        raise SignInRequiredError("show a directory's token")
    return await tokens.recognise(secret.strip())


Asking = Annotated[Scope, Depends(directory_scope)]
"""A route with a parameter of this type is closed to everybody but directories."""


def answer(
    content: dict[str, Any], status: int = 200, headers: dict[str, str] | None = None
) -> Response:
    """Return ``content`` as SCIM's JSON."""
    return JSONResponse(content, status, headers, media_type=MEDIA_TYPE)


def refusal(status: int, detail: str, scim_type: str | None = None) -> Response:
    """Return an error of RFC 7644, section 3.12."""
    error = Error(status=status, detail=detail, scim_type=scim_type)
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else None
    return answer(error.model_dump(), status, headers)


def _of(error: MainspringError) -> Response:
    kind = None
    if isinstance(error, ConflictError):
        kind = "uniqueness"
    elif isinstance(error, InvalidRequestError) and not isinstance(
        error, NotFoundError | PreconditionFailedError
    ):
        kind = "invalidValue"
    status = 401 if isinstance(error, AuthenticationError) else error.status
    return refusal(status, error.detail, kind)


def _unfit(error: ValidationError) -> str:
    """Return what does not fit, and never the value: it may be somebody's password."""
    found = [
        f"{'.'.join(str(part) for part in each['loc'])}: {each['msg']}" for each in error.errors()
    ]
    return "; ".join(found[:5])
