"""The routes of vendors."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Response
from pydantic import Field, SecretStr, field_validator

from mainspring.capabilities.catalog.api import UPSTREAM_READ, UPSTREAM_WRITE, Upstream
from mainspring.capabilities.vendors.api import (
    ConnectionTests,
    Draft,
    Preset,
    PresetService,
    TestResult,
)
from mainspring.infra.web import (
    Body,
    CurrentScope,
    View,
    WholePageParams,
    needs,
    page_of_all,
    problems,
    provided,
    tag,
)
from mainspring.kernel.errors import (
    ConflictError,
    InvalidRequestError,
    NotFoundError,
    OverloadedError,
    PermissionDeniedError,
    SignInRequiredError,
)
from mainspring.kernel.paging import Page

router = APIRouter(tags=["vendors"], responses=problems(SignInRequiredError, PermissionDeniedError))
Presets = Annotated[PresetService, Depends(provided(PresetService))]
Tests = Annotated[ConnectionTests, Depends(provided(ConnectionTests))]

Credential = Annotated[SecretStr, Field(min_length=1, max_length=8192, examples=["sk-…"])]
EndpointName = Annotated[
    str, Field(max_length=40, examples=["eu"], description="`null`: the usual one.")
]
Values = Annotated[
    dict[
        Annotated[str, Field(max_length=40)],
        Annotated[str, Field(max_length=253)],
    ],
    Field(max_length=16, examples=[{"resource": "contoso-eu"}]),
]


class InBothLanguages(View):
    """A text for people."""

    en: str
    zh: str


class PresetVariable(View):
    """A part of an address that only you know."""

    name: str
    title: InBothLanguages
    example: str
    pattern: str
    default: str | None


class PresetEndpoint(View):
    """One of a vendor's addresses; `{…}` stands for a variable."""

    name: str
    title: InBothLanguages
    base_url: str
    region: str | None


class PresetView(View):
    """What is known of a vendor or of a kind of server."""

    id: str = Field(examples=["azure-openai"])
    title: InBothLanguages
    kind: Literal["vendor", "server"]
    protocol: str
    auth: Literal["bearer", "header", "sigv4", "none"]
    credential_header: str | None
    credential: InBothLanguages | None = Field(description="What to paste as the credential.")
    credential_required: bool
    endpoints: list[PresetEndpoint] = Field(description="The usual one first.")
    variables: list[PresetVariable]
    models_path: str | None = Field(description="The route of its list of models.")
    sigv4_region: str | None
    enforces_tool_choice: bool
    notes: InBothLanguages
    docs: str = Field(description="The vendor's own page.")
    checked: str = Field(description="When this was last compared with that page.")

    @field_validator("models_path", mode="before")
    @classmethod
    def _no_path(cls, value: object) -> object:
        return value or None


class PresetList(View):
    """Presets."""

    items: list[PresetView]
    next_cursor: str | None


class DraftRequest(Body):
    """Your choices."""

    endpoint: EndpointName | None = None
    values: Values = Field({})


class UpstreamDraft(View):
    """Fields of an upstream, for you to change before you create it."""

    base_url: str
    protocol: str
    credential_header: str | None
    sigv4_region: str | None
    enforces_tool_choice: bool
    first_byte_s: float | None = Field(description="`null`: the usual time; likewise `total_s`.")
    total_s: float | None
    region: str | None = Field(description="For the targets of models.")


class NewPresetUpstream(Body):
    """An upstream as a preset says."""

    name: str | None = Field(
        None, min_length=1, max_length=120, description="`null`: the preset's id."
    )
    endpoint: EndpointName | None = None
    values: Values = Field({})
    credential: Credential | None = None
    max_connections: int = Field(256, ge=1, le=65_536)


class PresetUpstream(View):
    """The upstream that was made; `GET /upstreams/{id}` tells the rest."""

    id: str = Field(examples=["ups_0193f2c4a7be5d0f6c1a9e3b7d42c8f1"])
    name: str
    base_url: str
    protocol: str
    has_credential: bool
    created_at: datetime


class CallOptions(Body):
    """How far to go."""

    call_model: str | None = Field(
        None,
        min_length=1,
        max_length=200,
        examples=["qwen3-32b"],
        description="Make the smallest call of this model, as the upstream calls it. It costs a"
        " few tokens, outside of every budget.",
    )
    task: Literal["chat", "embedding"] = "chat"


class DraftTest(CallOptions):
    """What to test; nothing of it is kept."""

    base_url: str = Field(max_length=2000, examples=["https://models.example.com"])
    protocol: Literal["openai", "openai-responses", "anthropic", "gemini", "ollama", "bedrock"] = (
        "openai"
    )
    credential: Credential | None = None
    credential_header: str | None = Field(None, pattern=r"^[A-Za-z0-9-]{1,64}$")
    sigv4_region: str | None = Field(None, pattern=r"^[a-z0-9-]{1,64}$")


class FindingView(View):
    """How one step ended."""

    step: Literal["address", "dns", "connect", "tls", "auth", "models", "call"]
    outcome: Literal["passed", "warning", "failed", "skipped"]
    code: str = Field(examples=["auth_refused"])
    ms: int
    detail: str
    advice: InBothLanguages | None = Field(description="What to do now.")


class ConnectionTestResult(View):
    """A test, step by step; a step that is missing was not come to."""

    ok: bool = Field(description="No step failed.")
    findings: list[FindingView]
    models: list[str] = Field(description="From the server's list, at most 200.")
    models_total: int | None
    ms: int


@router.get(
    "/upstream-presets",
    operation_id="list_upstream_presets",
    openapi_extra=needs(UPSTREAM_READ),
    response_model=PresetList,
)
async def list_upstream_presets(
    presets: Presets, scope: CurrentScope, page: WholePageParams
) -> Page[Preset]:
    """List what is known of vendors and model servers."""
    return page_of_all(presets.list_presets(scope), page, lambda preset: preset.id)


@router.post(
    "/upstream-presets/{preset_id}/draft",
    operation_id="draft_upstream",
    openapi_extra=needs(UPSTREAM_READ),
    response_model=UpstreamDraft,
    responses=problems(InvalidRequestError, NotFoundError),
)
async def draft_upstream(
    presets: Presets, scope: CurrentScope, preset_id: str, body: DraftRequest
) -> Draft:
    """Fill in a preset; nothing is kept."""
    return presets.draft(scope, preset_id, endpoint=body.endpoint, values=body.values)


@router.post(
    "/upstream-presets/{preset_id}/upstreams",
    operation_id="create_upstream_from_preset",
    openapi_extra=needs(UPSTREAM_WRITE),
    status_code=201,
    response_model=PresetUpstream,
    responses=problems(InvalidRequestError, NotFoundError, ConflictError),
)
async def create_upstream_from_preset(
    presets: Presets,
    scope: CurrentScope,
    preset_id: str,
    body: NewPresetUpstream,
    response: Response,
) -> Upstream:
    """Create an upstream as a preset says."""
    upstream = await presets.create_upstream(
        scope,
        preset_id,
        name=body.name,
        endpoint=body.endpoint,
        values=body.values,
        credential=body.credential.get_secret_value() if body.credential else None,
        max_connections=body.max_connections,
    )
    tag(response, upstream.revision)
    return upstream


@router.post(
    "/upstreams/test",
    operation_id="test_upstream_draft",
    openapi_extra=needs(UPSTREAM_WRITE),
    response_model=ConnectionTestResult,
    responses=problems(InvalidRequestError, OverloadedError),
)
async def test_upstream_draft(tests: Tests, scope: CurrentScope, body: DraftTest) -> TestResult:
    """Test the way to a server before you keep it: name, connection, TLS, credential, models."""
    return await tests.test_draft(
        scope,
        base_url=body.base_url,
        protocol=body.protocol,
        credential=body.credential.get_secret_value() if body.credential else None,
        credential_header=body.credential_header,
        sigv4_region=body.sigv4_region,
        call_model=body.call_model,
        task=body.task,
    )


@router.post(
    "/upstreams/{upstream_id}/test",
    operation_id="test_upstream",
    openapi_extra=needs(UPSTREAM_WRITE),
    response_model=ConnectionTestResult,
    responses=problems(NotFoundError, ConflictError, OverloadedError),
)
async def test_upstream(
    tests: Tests, scope: CurrentScope, upstream_id: str, body: CallOptions
) -> TestResult:
    """Test an upstream with the credential that it has."""
    return await tests.test_upstream(scope, upstream_id, call_model=body.call_model, task=body.task)
