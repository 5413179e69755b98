"""The registry: what models are, found and set side by side."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from pydantic import Field, JsonValue

from mainspring.capabilities.catalog.api import MODEL_READ, Task
from mainspring.capabilities.releases.api import RegistryService, Specification, State
from mainspring.capabilities.releases.domain import RELEASE_WRITE
from mainspring.capabilities.releases.domain.registry import (
    MAX_COMPARED,
    Comparison,
    RegistryEntry,
    RegistryFilter,
)
from mainspring.capabilities.releases.http.bodies import SpecificationBody
from mainspring.infra.web import (
    CurrentScope,
    IfMatch,
    PageParams,
    PriceBody,
    View,
    needs,
    problems,
    provided,
    tag,
)
from mainspring.kernel.errors import (
    InvalidRequestError,
    NotFoundError,
    PermissionDeniedError,
    PreconditionFailedError,
    SignInRequiredError,
)
from mainspring.kernel.paging import Page

router = APIRouter(responses=problems(SignInRequiredError, PermissionDeniedError))
Registry = Annotated[RegistryService, Depends(provided(RegistryService))]
Words = Annotated[list[Annotated[str, Field(max_length=64)]], Query(max_length=16)]


class VersionView(View):
    """A version of the model."""

    release_id: str
    version: str
    state: State
    stable_since: datetime | None
    specification: SpecificationBody


class RegistryEntryView(View):
    """A model with its card and its versions."""

    model_id: str
    name: str
    org_id: str | None
    aliases: list[str]
    tasks: list[str]
    owned_by: str
    price: PriceBody | None
    version: str | None = Field(description="Which serves it; `null` where there are no releases.")
    deprecated: bool
    offline: bool
    replacement: str | None
    specification: SpecificationBody = Field(
        description="Of the version that serves it, over the model's own card."
    )
    versions: list[VersionView]


class RegistryPage(View):
    """Some models; there may be more although the page is not full."""

    items: list[RegistryEntryView]
    next_cursor: str | None


class ComparedFieldView(View):
    """One property, in the order of the models."""

    name: str
    values: list[JsonValue]
    differs: bool


class ComparedQualityView(View):
    """One benchmark, in the order of the models."""

    benchmark: str
    metric: str
    higher_is_better: bool
    values: list[float | None]
    best: list[int] = Field(description="The places of the best values.")


class ComparisonView(View):
    """Models side by side."""

    models: list[RegistryEntryView]
    fields: list[ComparedFieldView]
    quality: list[ComparedQualityView]


@router.get(
    "/registry/models",
    operation_id="search_registry",
    openapi_extra=needs(MODEL_READ),
    response_model=RegistryPage,
)
async def search_registry(
    *,
    registry: Registry,
    scope: CurrentScope,
    page: PageParams,
    org_id: Annotated[str | None, Query(max_length=64)] = None,
    text: Annotated[str | None, Query(max_length=200, description="Every word of it.")] = None,
    task: Annotated[list[Task], Query(max_length=16)] = [],  # noqa: B006 - FastAPI copies it
    capability: Words = [],  # noqa: B006 - likewise
    language: Words = [],  # noqa: B006 - likewise
    model_tag: Annotated[Words, Query(alias="tag")] = [],  # noqa: B006 - likewise
    licence: Annotated[str | None, Query(max_length=200)] = None,
    precision: Annotated[str | None, Query(max_length=200)] = None,
    min_context_length: Annotated[int | None, Query(ge=0)] = None,
    max_parameters: Annotated[int | None, Query(ge=0)] = None,
    in_service: Annotated[bool | None, Query()] = None,
) -> Page[RegistryEntry]:
    """Find models by what they are: every tag that is named must be there."""
    wanted = RegistryFilter(
        text=text,
        tasks=tuple(task),
        capabilities=tuple(capability),
        languages=tuple(language),
        tags=tuple(model_tag),
        licence=licence,
        precision=precision,
        min_context_length=min_context_length,
        max_parameters=max_parameters,
        in_service=in_service,
    )
    return await registry.search(scope, page, wanted, org_id=org_id)


@router.get(
    "/registry/comparison",
    operation_id="compare_models",
    openapi_extra=needs(MODEL_READ),
    response_model=ComparisonView,
    responses=problems(InvalidRequestError, NotFoundError),
)
async def compare_models(
    registry: Registry,
    scope: CurrentScope,
    model_id: Annotated[
        list[Annotated[str, Field(max_length=64)]],
        Query(description=f"2 to {MAX_COMPARED} of them.", max_length=MAX_COMPARED),
    ] = [],  # noqa: B006 - FastAPI copies it
) -> Comparison:
    """Set models side by side: properties, prices, quality figures."""
    return await registry.compare(scope, model_id)


@router.get(
    "/registry/models/{model_id}",
    operation_id="get_registry_entry",
    openapi_extra=needs(MODEL_READ),
    response_model=RegistryEntryView,
    responses=problems(NotFoundError),
)
async def get_registry_entry(
    registry: Registry, scope: CurrentScope, model_id: str, response: Response
) -> RegistryEntry:
    """Read what a model is."""
    entry = await registry.get(scope, model_id)
    tag(response, entry.revision)
    return entry


@router.get(
    "/registry/models/{model_id}/card",
    operation_id="get_model_card",
    openapi_extra=needs(MODEL_READ),
    response_model=SpecificationBody,
    responses=problems(NotFoundError),
)
async def get_model_card(
    registry: Registry, scope: CurrentScope, model_id: str, response: Response
) -> Specification:
    """Read a model's own card, without what its versions say."""
    specification, revision = await registry.card(scope, model_id)
    tag(response, revision)
    return specification


@router.put(
    "/registry/models/{model_id}/card",
    operation_id="put_model_card",
    openapi_extra=needs(RELEASE_WRITE),
    response_model=RegistryEntryView,
    responses=problems(InvalidRequestError, NotFoundError, PreconditionFailedError),
)
async def put_model_card(
    *,
    registry: Registry,
    scope: CurrentScope,
    model_id: str,
    body: SpecificationBody,
    if_match: IfMatch,
    response: Response,
) -> RegistryEntry:
    """Say what a model is, in place of what was said before.

    It holds wherever the card of the version that serves the model says nothing.
    """
    entry = await registry.put_card(scope, model_id, body.value(), expected_revision=if_match)
    tag(response, entry.revision)
    return entry
