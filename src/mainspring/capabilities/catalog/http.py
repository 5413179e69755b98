"""The routes of the catalog."""

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Response
from msgspec import UNSET
from pydantic import Field, SecretStr

from mainspring.capabilities.catalog.api import (
    CatalogService,
    Model,
    ModelChanges,
    Upstream,
    UpstreamChanges,
)
from mainspring.capabilities.catalog.domain import (
    MAX_NAMES,
    MAX_TARGETS,
    MODEL_READ,
    MODEL_WRITE,
    NAME_PATTERN,
    UPSTREAM_READ,
    UPSTREAM_WRITE,
    Access,
    Task,
)
from mainspring.infra.web import (
    Body,
    CurrentScope,
    Hosting,
    IfMatch,
    LimitsBody,
    PageParams,
    PassthroughBody,
    Patch,
    PriceBody,
    Region,
    ReleaseBody,
    RoutingBody,
    Shape,
    View,
    as_limits,
    as_price,
    needs,
    problems,
    provided,
    tag,
)
from mainspring.kernel.errors import (
    ConflictError,
    GovernedModelError,
    InvalidRequestError,
    NotFoundError,
    PermissionDeniedError,
    PreconditionFailedError,
    SignInRequiredError,
)
from mainspring.kernel.paging import Page
from mainspring.snapshot.resources import ModelTarget, Timeouts

router = APIRouter(tags=["catalog"], responses=problems(SignInRequiredError, PermissionDeniedError))
Catalog = Annotated[CatalogService, Depends(provided(CatalogService))]

Seconds = Annotated[float, Field(gt=0, le=86_400)]
UpstreamName = Annotated[str, Field(min_length=1, max_length=120, examples=["gpu-pool"])]
BaseUrl = Annotated[
    str,
    Field(
        max_length=2000,
        examples=["https://models.example.com"],
        description="Ends before the protocol's own path (`/v1`).",
    ),
]
EnforcesToolChoice = Annotated[
    bool,
    Field(
        description="False for a server that takes `tool_choice` for a wish, as llama.cpp does: a"
        " call that is required is then had by JSON Schema."
    ),
]
Credential = Annotated[
    SecretStr,
    Field(
        min_length=1,
        max_length=8192,
        examples=["sk-…"],
        description="Sent as a bearer token; sealed at once and never shown again.",
    ),
]
CredentialHeader = Annotated[
    str,
    Field(
        pattern=r"^[A-Za-z0-9-]{1,64}$",
        examples=["api-key"],
        description="Carries the bare credential, where it is not the protocol's usual header.",
    ),
]
SigningRegion = Annotated[
    str,
    Field(
        pattern=r"^[a-z0-9-]{1,64}$",
        examples=["eu-central-1"],
        description="Sign requests for this region by AWS Signature Version 4; the credential is "
        "then `access key id:secret access key`, with `:session token` where there is one.",
    ),
]
Protocol = Literal["openai", "openai-responses", "anthropic", "gemini", "ollama", "bedrock"]
Connections = Annotated[int, Field(ge=1, le=65_536)]


class TimeoutsBody(Shape):
    """Deadlines toward the upstream, in seconds; each phase has its own."""

    connect_s: Seconds = 3.0
    first_byte_s: Seconds = 120.0
    idle_s: Seconds = 60.0
    total_s: Seconds = 900.0

    def value(self) -> Timeouts:
        """Return the domain's value."""
        return Timeouts(**self.model_dump())


class NewUpstream(Body):
    """A server that speaks a model protocol."""

    name: UpstreamName
    base_url: BaseUrl
    protocol: Protocol = "openai"
    credential: Credential | None = None
    credential_header: CredentialHeader | None = None
    timeouts: TimeoutsBody = TimeoutsBody()
    max_connections: Connections = 256
    max_waiting: Connections = 1024
    enforces_tool_choice: EnforcesToolChoice = True
    sigv4_region: SigningRegion | None = None
    passthrough: PassthroughBody | None = Field(
        None, description="Routes that callers may reach as they are; `null`: none."
    )
    region: Region | None = Field(None, description="Where it stands; `null`: not known.")
    hosting: Hosting | None = Field(None, description="Who runs it; `null`: not known.")


class UpstreamPatch(Patch):
    """What is to change; a field that is left out stays."""

    name: UpstreamName = ""
    base_url: BaseUrl = ""
    credential: Credential | None = Field(
        None,
        description="`null` removes it. Needed where `base_url` gets another scheme, host or port.",
    )
    credential_header: CredentialHeader | None = Field(None, description="`null`: the usual one.")
    timeouts: TimeoutsBody = TimeoutsBody()
    max_connections: Connections = 1
    max_waiting: Connections = 1
    enforces_tool_choice: EnforcesToolChoice = True
    sigv4_region: SigningRegion | None = Field(None, description="`null`: nothing is signed.")
    passthrough: PassthroughBody | None = Field(None, description="`null`: nothing passes.")
    region: Region | None = Field(None, description="`null`: not known.")
    hosting: Hosting | None = Field(None, description="`null`: not known.")

    def changes(self) -> UpstreamChanges:
        """Return the fields that were sent, other than the credential."""
        fields = self.changed_fields()
        fields.pop("credential", None)
        if "timeouts" in fields:
            fields["timeouts"] = self.timeouts.value()
        if "passthrough" in fields:
            fields["passthrough"] = None if self.passthrough is None else self.passthrough.value()
        return UpstreamChanges(**fields)


class UpstreamView(View):
    """An upstream; of its credential only that there is one."""

    id: str = Field(examples=["ups_0193f2c4a7be5d0f6c1a9e3b7d42c8f1"])
    name: str
    base_url: str
    protocol: str
    has_credential: bool
    credential_header: str | None
    timeouts: TimeoutsBody
    max_connections: int
    max_waiting: int
    enforces_tool_choice: bool
    sigv4_region: str | None
    passthrough: PassthroughBody | None
    region: str | None = Field(description="Where it stands, for data policies.")
    hosting: str | None = Field(description="Who runs it, for data policies.")
    created_at: datetime
    updated_at: datetime


class UpstreamPage(View):
    """Some upstreams."""

    items: list[UpstreamView]
    next_cursor: str | None


Tag = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[^,\s]+$")]


SubjectId = Annotated[str, Field(max_length=300)]


class TargetBody(Shape):
    """One way to serve a model: which upstream, and what the model is called there."""

    upstream_id: str = Field(max_length=64, examples=["ups_0193f2c4a7be5d0f6c1a9e3b7d42c8f1"])
    upstream_model: str = Field(min_length=1, max_length=200, examples=["qwen3-32b"])
    weight: int = Field(100, ge=0, le=1_000_000, description="Share among equal priorities.")
    priority: int = Field(0, ge=0, le=1000, description="Lower is tried first.")
    region: str | None = Field(None, max_length=64, examples=["eu"])
    tags: tuple[Tag, ...] = Field((), max_length=32)
    track: Literal["stable", "canary", "shadow"] = "stable"
    cost: float | None = Field(
        None, ge=0, description="A hint for the strategy `cost`; it only has to compare."
    )
    tasks: tuple[Task, ...] = Field((), description="Only these tasks; empty: all of the model's.")
    subjects: tuple[SubjectId, ...] = Field(
        (),
        max_length=1000,
        description="Only these callers, by ids as `canary_subjects` has them; empty: everybody.",
    )

    def value(self) -> ModelTarget:
        """Return the domain's value."""
        return ModelTarget(**self.model_dump())


Targets = Annotated[tuple[TargetBody, ...], Field(min_length=1, max_length=MAX_TARGETS)]
Tasks = Annotated[tuple[Task, ...], Field(min_length=1, examples=[["chat"]])]
ContextLength = Annotated[int, Field(ge=1, le=100_000_000, examples=[32_768])]
Names = Annotated[
    tuple[Annotated[str, Field(pattern=NAME_PATTERN)], ...], Field(max_length=MAX_NAMES)
]
OwnedBy = Annotated[str, Field(min_length=1, max_length=120)]
AccessField = Annotated[
    Access,
    Field(description="`restricted`: projects without a grant neither see it nor may call it."),
]


class NewModel(Body):
    """A name that callers use, and where it leads."""

    name: str = Field(pattern=NAME_PATTERN, examples=["qwen3-32b"])
    targets: Targets
    tasks: Tasks = ("chat",)
    org_id: str | None = Field(
        None, max_length=64, description="Visible to this organisation only; `null`: to all."
    )
    owned_by: OwnedBy = "mainspring"
    context_length: ContextLength | None = None
    limits: LimitsBody | None = Field(None, description="Bounds on all calls of the model.")
    key_limits: LimitsBody | None = Field(None, description="Bounds on the calls of each key.")
    price: PriceBody | None = Field(None, description="`null`: not known.")
    aliases: Names = Field((), description="Further names; a model's own name goes first.")
    fallbacks: Names = Field((), description="Models to ask when every target failed, in order.")
    routing: RoutingBody = RoutingBody()
    release: ReleaseBody | None = Field(None, description="Who gets the track `canary`.")
    access: AccessField = "open"


class ModelPatch(Patch):
    """What is to change; a field that is left out stays."""

    targets: Targets = ()
    tasks: Tasks = ()
    owned_by: OwnedBy = ""
    context_length: ContextLength | None = Field(None, description="`null`: not known.")
    limits: LimitsBody | None = Field(None, description="`null` removes every limit.")
    key_limits: LimitsBody | None = Field(None, description="`null` removes every limit.")
    price: PriceBody | None = Field(None, description="`null`: not known.")
    aliases: Names = ()
    fallbacks: Names = ()
    routing: RoutingBody = RoutingBody()
    release: ReleaseBody | None = Field(None, description="`null` removes it.")
    access: AccessField = "open"

    def changes(self) -> ModelChanges:
        """Return the fields that were sent."""
        fields: dict[str, Any] = self.changed_fields()
        if "targets" in fields:
            fields["targets"] = tuple(target.value() for target in self.targets)
        if "tasks" in fields:
            fields["tasks"] = self.tasks
        if "limits" in fields:
            fields["limits"] = as_limits(self.limits)
        if "key_limits" in fields:
            fields["key_limits"] = as_limits(self.key_limits)
        if "price" in fields:
            fields["price"] = as_price(self.price)
        if "routing" in fields:
            fields["routing"] = self.routing.value()
        if "release" in fields:
            fields["release"] = None if self.release is None else self.release.value()
        return ModelChanges(**fields)


class LifecycleView(View):
    """That a model is on its way out, or gone; times are Unix seconds."""

    deprecated_at: int | None
    sunset_at: int | None
    replacement: str | None
    link: str | None
    offline: bool


class ModelView(View):
    """A model."""

    id: str = Field(examples=["mdl_0193f2c4a7be5d0f6c1a9e3b7d42c8f1"])
    name: str
    tasks: list[str]
    targets: list[TargetBody]
    org_id: str | None
    owned_by: str
    context_length: int | None
    limits: LimitsBody | None
    key_limits: LimitsBody | None
    price: PriceBody | None
    aliases: list[str]
    fallbacks: list[str]
    routing: RoutingBody
    release: ReleaseBody | None
    governed: bool = Field(description="Whether its versions decide over targets and release.")
    lifecycle: LifecycleView | None = Field(description="Set where it is deprecated or offline.")
    access: AccessField
    created_at: datetime
    updated_at: datetime


class ModelPage(View):
    """Some models."""

    items: list[ModelView]
    next_cursor: str | None


@router.get(
    "/upstreams",
    operation_id="list_upstreams",
    openapi_extra=needs(UPSTREAM_READ),
    response_model=UpstreamPage,
)
async def list_upstreams(catalog: Catalog, scope: CurrentScope, page: PageParams) -> Page[Upstream]:
    """List the upstreams, oldest first."""
    return await catalog.list_upstreams(scope, page)


@router.post(
    "/upstreams",
    operation_id="create_upstream",
    openapi_extra=needs(UPSTREAM_WRITE),
    status_code=201,
    response_model=UpstreamView,
    responses=problems(ConflictError),
)
async def create_upstream(
    catalog: Catalog, scope: CurrentScope, body: NewUpstream, response: Response
) -> Upstream:
    """Create an upstream."""
    upstream = await catalog.create_upstream(
        scope,
        name=body.name,
        base_url=body.base_url,
        protocol=body.protocol,
        credential=body.credential.get_secret_value() if body.credential else None,
        credential_header=body.credential_header,
        timeouts=body.timeouts.value(),
        max_connections=body.max_connections,
        max_waiting=body.max_waiting,
        enforces_tool_choice=body.enforces_tool_choice,
        sigv4_region=body.sigv4_region,
        passthrough=None if body.passthrough is None else body.passthrough.value(),
        region=body.region,
        hosting=body.hosting,
    )
    tag(response, upstream.revision)
    return upstream


@router.get(
    "/upstreams/{upstream_id}",
    operation_id="get_upstream",
    openapi_extra=needs(UPSTREAM_READ),
    response_model=UpstreamView,
    responses=problems(NotFoundError),
)
async def get_upstream(
    catalog: Catalog, scope: CurrentScope, upstream_id: str, response: Response
) -> Upstream:
    """Read one upstream."""
    upstream = await catalog.get_upstream(scope, upstream_id)
    tag(response, upstream.revision)
    return upstream


@router.patch(
    "/upstreams/{upstream_id}",
    operation_id="update_upstream",
    openapi_extra=needs(UPSTREAM_WRITE),
    response_model=UpstreamView,
    responses=problems(NotFoundError, ConflictError, PreconditionFailedError),
)
async def update_upstream(
    *,
    catalog: Catalog,
    scope: CurrentScope,
    upstream_id: str,
    body: UpstreamPatch,
    if_match: IfMatch,
    response: Response,
) -> Upstream:
    """Change an upstream; gateways follow within moments."""
    credential = body.credential.get_secret_value() if body.credential else None
    upstream = await catalog.update_upstream(
        scope,
        upstream_id,
        body.changes(),
        credential=credential if "credential" in body.model_fields_set else UNSET,
        expected_revision=if_match,
    )
    tag(response, upstream.revision)
    return upstream


@router.delete(
    "/upstreams/{upstream_id}",
    operation_id="delete_upstream",
    openapi_extra=needs(UPSTREAM_WRITE),
    status_code=204,
    responses=problems(NotFoundError, ConflictError),
)
async def delete_upstream(catalog: Catalog, scope: CurrentScope, upstream_id: str) -> None:
    """Remove an upstream to which no model leads."""
    await catalog.remove_upstream(scope, upstream_id)


@router.get(
    "/models", operation_id="list_models", openapi_extra=needs(MODEL_READ), response_model=ModelPage
)
async def list_models(
    catalog: Catalog,
    scope: CurrentScope,
    page: PageParams,
    org_id: Annotated[
        str | None, Query(max_length=64, description="Only what this organisation may call.")
    ] = None,
) -> Page[Model]:
    """List models, oldest first."""
    return await catalog.list_models(scope, page, org_id=org_id)


@router.post(
    "/models",
    operation_id="create_model",
    openapi_extra=needs(MODEL_WRITE),
    status_code=201,
    response_model=ModelView,
    responses=problems(InvalidRequestError, ConflictError),
)
async def create_model(
    catalog: Catalog, scope: CurrentScope, body: NewModel, response: Response
) -> Model:
    """Create a model. Only the platform's administrators do, for an organisation too."""
    model = await catalog.create_model(
        scope,
        name=body.name,
        targets=[target.value() for target in body.targets],
        tasks=body.tasks,
        org_id=body.org_id,
        owned_by=body.owned_by,
        context_length=body.context_length,
        limits=as_limits(body.limits),
        key_limits=as_limits(body.key_limits),
        price=as_price(body.price),
        aliases=body.aliases,
        fallbacks=body.fallbacks,
        routing=body.routing.value(),
        release=None if body.release is None else body.release.value(),
        access=body.access,
    )
    tag(response, model.revision)
    return model


@router.get(
    "/models/{model_id}",
    operation_id="get_model",
    openapi_extra=needs(MODEL_READ),
    response_model=ModelView,
    responses=problems(NotFoundError),
)
async def get_model(
    catalog: Catalog, scope: CurrentScope, model_id: str, response: Response
) -> Model:
    """Read one model."""
    model = await catalog.get_model(scope, model_id)
    tag(response, model.revision)
    return model


@router.patch(
    "/models/{model_id}",
    operation_id="update_model",
    openapi_extra=needs(MODEL_WRITE),
    response_model=ModelView,
    responses=problems(
        InvalidRequestError, NotFoundError, GovernedModelError, PreconditionFailedError
    ),
)
async def update_model(
    *,
    catalog: Catalog,
    scope: CurrentScope,
    model_id: str,
    body: ModelPatch,
    if_match: IfMatch,
    response: Response,
) -> Model:
    """Change a model, as the platform; its name stays, because callers rely on it."""
    model = await catalog.update_model(scope, model_id, body.changes(), expected_revision=if_match)
    tag(response, model.revision)
    return model


@router.delete(
    "/models/{model_id}",
    operation_id="delete_model",
    openapi_extra=needs(MODEL_WRITE),
    status_code=204,
    responses=problems(NotFoundError),
)
async def delete_model(catalog: Catalog, scope: CurrentScope, model_id: str) -> None:
    """Remove a model, as the platform; its usage stays in the ledger."""
    await catalog.remove_model(scope, model_id)
