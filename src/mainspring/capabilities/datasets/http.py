"""The routes of data sets."""

import asyncio
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import Field

from mainspring.capabilities.datasets.api import (
    Dataset,
    DatasetChanges,
    DatasetService,
    Item,
    NewItem,
    read_lines,
)
from mainspring.capabilities.datasets.domain import (
    DATASET_READ,
    DATASET_WRITE,
    MAX_AT_ONCE,
    MAX_DESCRIPTION,
    MAX_NAME,
    MAX_PAIRS,
)
from mainspring.infra.web import (
    Body,
    CurrentScope,
    IfMatch,
    PageParams,
    Patch,
    View,
    needs,
    problems,
    provided,
    tag,
)
from mainspring.kernel.errors import (
    CallNotKeptError,
    ConflictError,
    InvalidRequestError,
    NotFoundError,
    PermissionDeniedError,
    PreconditionFailedError,
    SignInRequiredError,
)
from mainspring.kernel.paging import Page, PageRequest

router = APIRouter(
    tags=["datasets"],
    responses=problems(
        InvalidRequestError, SignInRequiredError, PermissionDeniedError, NotFoundError
    ),
)
Service = Annotated[DatasetService, Depends(provided(DatasetService))]

RequestId = Annotated[
    str, Field(pattern=r"^req_[0-9a-f]{32}$", examples=["req_0193f2c4a7be5d0f6c1a9e3b7d42c8f1"])
]
Version = Annotated[
    int | None, Query(ge=0, le=2**31 - 1, description="By default the present one.")
]
Pairs = Annotated[dict[str, str], Field(max_length=MAX_PAIRS)]
Expected = Annotated[
    Any,
    Field(description="A text, or any JSON; `null` for nothing.", examples=["Within ten days."]),
]
_INPUT = {"messages": [{"role": "user", "content": "When do I get my money back?"}]}
_LINE = '{"input":{"messages":[{"role":"user","content":"Hello"}]},"expected":"Hello!"}\n'
_FILE = {
    "required": True,
    "content": {
        "application/jsonl": {"schema": {"type": "string", "format": "binary"}, "example": _LINE}
    },
}


class NewDataset(Body):
    """An empty data set."""

    name: str = Field(min_length=1, max_length=MAX_NAME, examples=["refunds"])
    description: str = Field("", max_length=MAX_DESCRIPTION)


class DatasetPatch(Patch):
    """What is to change; a field that is left out stays."""

    name: str = Field("", min_length=1, max_length=MAX_NAME)
    description: str = Field("", max_length=MAX_DESCRIPTION)


class DatasetView(View):
    """A data set."""

    id: str = Field(examples=["dst_0193f2c4a7be5d0f6c1a9e3b7d42c8f1"])
    org_id: str
    project_id: str
    name: str
    description: str
    version: int = Field(description="Grows with every change of the items.")
    item_count: int = Field(description="How many there are in the present version.")
    kept_count: int = Field(description="How many there are with the archived ones.")
    bytes: int = Field(description="How much JSON all of them hold.")
    created_at: datetime
    updated_at: datetime


class DatasetPage(View):
    """Some data sets."""

    items: list[DatasetView]
    next_cursor: str | None


class NewDatasetItem(Body):
    """What is asked, and what is expected of an answer."""

    input: dict[str, Any] = Field(
        description="The request's JSON without the model, and without whom it is for.",
        examples=[_INPUT],
    )
    endpoint: str | None = Field(
        None,
        max_length=64,
        description="Where it is asked; by default what fits the input.",
        examples=["/v1/chat/completions"],
    )
    expected: Expected = None
    metadata: Pairs = Field({})

    def value(self) -> NewItem:
        """Return the item to be."""
        return NewItem(**self.model_dump())


class NewDatasetItems(Body):
    """Items to add, all of them or none."""

    items: list[NewDatasetItem] = Field(min_length=1, max_length=MAX_AT_ONCE)


class DatasetCall(Body):
    """A recorded call that is to be an item."""

    request_id: RequestId
    take_answer: bool = Field(False, description="Its answer is what is expected.")
    expected: Expected = None
    metadata: Pairs = Field({})


class DatasetItemView(View):
    """An item; it never changes, except for being archived."""

    id: str = Field(examples=["dsi_0193f2c4a7be5d0f6c1a9e3b7d42c8f1"])
    dataset_id: str
    position: int = Field(description="Its place among all that were ever added.")
    endpoint: str
    input: dict[str, Any]
    expected: Any
    metadata: dict[str, str]
    source_request_id: str | None = Field(description="The recorded call that it was made of.")
    size: int = Field(description="In bytes of JSON.")
    added_in: int = Field(description="The first version that has it.")
    archived_in: int | None = Field(description="The first version that has it no more.")
    created_at: datetime
    actor_id: str


class DatasetItemPage(View):
    """Some items."""

    items: list[DatasetItemView]
    next_cursor: str | None


class AddedDatasetItems(View):
    """What was added."""

    items: list[DatasetItemView]


class ImportedDatasetItems(View):
    """How many items were added, and the version that has them."""

    added: int
    version: int


@router.get(
    "/projects/{project_id}/datasets",
    operation_id="list_datasets",
    openapi_extra=needs(DATASET_READ),
    response_model=DatasetPage,
)
async def list_datasets(
    datasets: Service, scope: CurrentScope, project_id: str, page: PageParams
) -> Page[Dataset]:
    """List the data sets of a project, oldest first."""
    return await datasets.list_of_project(scope, project_id, page)


@router.post(
    "/projects/{project_id}/datasets",
    operation_id="create_dataset",
    openapi_extra=needs(DATASET_WRITE),
    status_code=201,
    response_model=DatasetView,
    responses=problems(ConflictError),
)
async def create_dataset(
    datasets: Service, scope: CurrentScope, project_id: str, body: NewDataset, response: Response
) -> Dataset:
    """Make an empty data set."""
    dataset = await datasets.create(scope, project_id, name=body.name, description=body.description)
    tag(response, dataset.revision)
    return dataset


@router.get(
    "/datasets/{dataset_id}",
    operation_id="get_dataset",
    openapi_extra=needs(DATASET_READ),
    response_model=DatasetView,
)
async def get_dataset(
    datasets: Service, scope: CurrentScope, dataset_id: str, response: Response
) -> Dataset:
    """Read one data set, without its items."""
    dataset = await datasets.get(scope, dataset_id)
    tag(response, dataset.revision)
    return dataset


@router.patch(
    "/datasets/{dataset_id}",
    operation_id="update_dataset",
    openapi_extra=needs(DATASET_WRITE),
    response_model=DatasetView,
    responses=problems(ConflictError, PreconditionFailedError),
)
async def update_dataset(
    *,
    datasets: Service,
    scope: CurrentScope,
    dataset_id: str,
    body: DatasetPatch,
    if_match: IfMatch,
    response: Response,
) -> Dataset:
    """Change a name or a description."""
    changes = DatasetChanges(**body.changed_fields())
    dataset = await datasets.update(scope, dataset_id, changes, expected_revision=if_match)
    tag(response, dataset.revision)
    return dataset


@router.delete(
    "/datasets/{dataset_id}",
    operation_id="delete_dataset",
    openapi_extra=needs(DATASET_WRITE),
    status_code=204,
)
async def delete_dataset(datasets: Service, scope: CurrentScope, dataset_id: str) -> None:
    """Remove a data set with all of its versions."""
    await datasets.remove(scope, dataset_id)


@router.get(
    "/datasets/{dataset_id}/items",
    operation_id="list_dataset_items",
    openapi_extra=needs(DATASET_READ),
    response_model=DatasetItemPage,
)
async def list_dataset_items(
    *,
    datasets: Service,
    scope: CurrentScope,
    dataset_id: str,
    version: Version = None,
    limit: Annotated[int, Query(ge=1, le=50, description="The most items to return.")] = 50,
    cursor: Annotated[
        str | None, Query(max_length=512, description="`next_cursor` of the page before.")
    ] = None,
) -> Page[Item]:
    """List the items of a version, in the order in which they were added."""
    return await datasets.list_items(scope, dataset_id, PageRequest(limit, cursor), version=version)


@router.post(
    "/datasets/{dataset_id}/items",
    operation_id="add_dataset_items",
    openapi_extra=needs(DATASET_WRITE),
    status_code=201,
    response_model=AddedDatasetItems,
    responses=problems(ConflictError),
)
async def add_dataset_items(
    datasets: Service, scope: CurrentScope, dataset_id: str, body: NewDatasetItems
) -> dict[str, Any]:
    """Add items, all of them or none; the data set gets a new version."""
    wanted = [item.value() for item in body.items]
    return {"items": await datasets.add_items(scope, dataset_id, wanted)}


@router.post(
    "/datasets/{dataset_id}/calls",
    operation_id="add_call_to_dataset",
    openapi_extra=needs(DATASET_WRITE),
    status_code=201,
    response_model=DatasetItemView,
    responses=problems(ConflictError, CallNotKeptError),
)
async def add_call_to_dataset(
    datasets: Service, scope: CurrentScope, dataset_id: str, body: DatasetCall
) -> Item:
    """Make an item of a recorded call of the same project; needs `call:read` as well.

    What was redacted in the record is redacted in the item. It stays when the record goes.
    """
    return await datasets.add_call(
        scope,
        dataset_id,
        body.request_id,
        take_answer=body.take_answer,
        expected=body.expected,
        metadata=body.metadata,
    )


@router.post(
    "/datasets/{dataset_id}/import",
    operation_id="import_dataset_items",
    openapi_extra={**needs(DATASET_WRITE), "requestBody": _FILE},
    status_code=201,
    responses=problems(ConflictError),
)
async def import_dataset_items(
    datasets: Service, scope: CurrentScope, dataset_id: str, request: Request
) -> ImportedDatasetItems:
    """Add the items of a file with one JSON object a line, all of them or none.

    A file has 500 items at the most; send a longer one in parts.
    """
    wanted = await asyncio.to_thread(read_lines, await request.body())
    added = await datasets.add_items(scope, dataset_id, wanted)
    return ImportedDatasetItems(added=len(added), version=added[0].added_in)


@router.get(
    "/datasets/{dataset_id}/export",
    operation_id="export_dataset",
    openapi_extra=needs(DATASET_READ),
    response_class=StreamingResponse,
    responses={
        200: {
            "description": "The items of a version, one a line, as an import takes them.",
            "content": {"application/jsonl": {"schema": {"type": "string"}}},
        }
    },
)
async def export_dataset(
    datasets: Service, scope: CurrentScope, dataset_id: str, version: Version = None
) -> StreamingResponse:
    """Export the items of a version."""
    lines = await datasets.export(scope, dataset_id, version=version)
    return StreamingResponse(lines, media_type="application/jsonl")


@router.get(
    "/dataset-items/{item_id}",
    operation_id="get_dataset_item",
    openapi_extra=needs(DATASET_READ),
    response_model=DatasetItemView,
)
async def get_dataset_item(datasets: Service, scope: CurrentScope, item_id: str) -> Item:
    """Read one item, archived or not."""
    return await datasets.get_item(scope, item_id)


@router.post(
    "/dataset-items/{item_id}/archive",
    operation_id="archive_dataset_item",
    openapi_extra=needs(DATASET_WRITE),
    response_model=DatasetItemView,
)
async def archive_dataset_item(datasets: Service, scope: CurrentScope, item_id: str) -> Item:
    """Leave an item out of the next version; the versions before keep it."""
    return await datasets.archive_item(scope, item_id)


@router.delete(
    "/dataset-items/{item_id}",
    operation_id="delete_dataset_item",
    openapi_extra=needs(DATASET_WRITE),
    status_code=204,
)
async def delete_dataset_item(datasets: Service, scope: CurrentScope, item_id: str) -> None:
    """Remove an item from every version, as somebody whose words it holds may ask."""
    await datasets.remove_item(scope, item_id)
