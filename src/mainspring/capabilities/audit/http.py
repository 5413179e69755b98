"""The routes of the audit trail."""

import csv
import io
from collections.abc import AsyncGenerator
from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from fastapi import APIRouter, Depends, Query
from pydantic import AwareDatetime, Field
from starlette.responses import StreamingResponse

from mainspring.capabilities.audit.api import Anchor, AuditService, Event
from mainspring.capabilities.audit.domain import AUDIT_EXPORT, AUDIT_READ
from mainspring.infra.web import CurrentScope, PageParams, View, as_text, needs, problems, provided
from mainspring.kernel.errors import (
    InvalidRequestError,
    NotFoundError,
    PermissionDeniedError,
    SignInRequiredError,
)

router = APIRouter(
    tags=["audit"],
    responses=problems(
        InvalidRequestError, SignInRequiredError, PermissionDeniedError, NotFoundError
    ),
)
Audit = Annotated[AuditService, Depends(provided(AuditService))]

Since = Annotated[
    AwareDatetime | None, Query(description="Inclusive; by default 30 days before `until`.")
]
Until = Annotated[AwareDatetime | None, Query(description="Exclusive; by default now.")]
OrgId = Annotated[
    str | None,
    Query(
        max_length=64,
        description="Whose chain; `org_platform` is the platform's. By default all that you see.",
    ),
]
Exact = Annotated[str | None, Query(max_length=200)]

_COLUMNS = (
    "org_id",
    "seq",
    "at",
    "actor_kind",
    "actor_id",
    "on_behalf_of",
    "action",
    "object_kind",
    "object_id",
    "project_id",
    "request_id",
    "policy_version",
    "before",
    "after",
    "hash",
)


class EventView(View):
    """Something that was done; secrets are left out of `before` and `after`."""

    org_id: str
    seq: int = Field(description="Its number in the organisation's chain.")
    at: datetime
    actor_kind: str = Field(examples=["user"])
    actor_id: str
    on_behalf_of: str | None
    action: str = Field(examples=["key.revoke"])
    object_kind: str = Field(examples=["key"])
    object_id: str | None
    project_id: str | None
    request_id: str | None
    policy_version: int | None = Field(
        description="The version of the configuration that held then, as calls name it.",
        examples=[1042],
    )
    before: Any = Field(description="What changed, as it was.")
    after: Any = Field(description="What changed, as it is.")
    hash: str = Field(description="Over this event and the hash of the one before; hexadecimal.")

    @classmethod
    def of(cls, event: Event) -> "EventView":
        """Return the view of ``event``."""
        return cls.model_validate({**msgspec.structs.asdict(event), "hash": event.hash.hex()})


class EventPage(View):
    """Some events."""

    items: list[EventView]
    next_cursor: str | None


class FaultView(View):
    """What is wrong with a chain, and at which event."""

    org_id: str
    seq: int
    kind: Literal["altered", "missing", "truncated", "replaced"]
    detail: str


class AnchorView(View):
    """The end of a chain: note it elsewhere, and a cut end will be found."""

    org_id: str
    seq: int
    hash: str


class VerificationView(View):
    """What the check found; `intact` says that nothing is wrong."""

    intact: bool
    events: int
    chains: int
    faults: list[FaultView] = Field(description="The first hundred.")
    anchors: list[AnchorView]
    cuts: list[AnchorView] = Field(
        description="The last event of each chain that retention dropped: it begins behind that."
    )


@router.get("/audit/events", operation_id="list_audit_events", openapi_extra=needs(AUDIT_READ))
async def list_audit_events(
    *,
    service: Audit,
    scope: CurrentScope,
    page: PageParams,
    since: Since = None,
    until: Until = None,
    org_id: OrgId = None,
    actor_id: Exact = None,
    action: Exact = None,
    object_id: Exact = None,
    request_id: Exact = None,
) -> EventPage:
    """Search the audit trail, newest first."""
    found = await service.search(
        scope,
        page,
        since=since,
        until=until,
        org_id=org_id,
        actor_id=actor_id,
        action=action,
        object_id=object_id,
        request_id=request_id,
    )
    return EventPage(
        items=[EventView.of(event) for event in found.items], next_cursor=found.next_cursor
    )


@router.get(
    "/audit/export",
    operation_id="export_audit_events",
    openapi_extra=needs(AUDIT_EXPORT),
    response_class=StreamingResponse,
    responses={
        200: {
            "description": "Every event that the search finds, newest first, one a line.",
            "content": {
                "application/jsonl": {"schema": {"type": "string"}},
                "text/csv": {"schema": {"type": "string"}},
            },
        }
    },
)
async def export_audit_events(
    *,
    service: Audit,
    scope: CurrentScope,
    since: Since = None,
    until: Until = None,
    org_id: OrgId = None,
    actor_id: Exact = None,
    action: Exact = None,
    object_id: Exact = None,
    request_id: Exact = None,
    format: Annotated[Literal["jsonl", "csv"], Query()] = "jsonl",  # noqa: A002 - its name outside
) -> StreamingResponse:
    """Export the audit trail, narrowed like a search; the export itself is told there, too."""
    pages = await service.export(
        scope,
        since=since,
        until=until,
        org_id=org_id,
        actor_id=actor_id,
        action=action,
        object_id=object_id,
        request_id=request_id,
    )
    if format == "csv":
        return StreamingResponse(_csv(pages), media_type="text/csv; charset=utf-8")
    return StreamingResponse(_jsonl(pages), media_type="application/jsonl")


@router.get("/audit/verification", operation_id="verify_audit", openapi_extra=needs(AUDIT_READ))
async def verify_audit(
    *,
    service: Audit,
    scope: CurrentScope,
    org_id: OrgId = None,
    anchor: Annotated[
        list[Annotated[str, Field(pattern=r"^[a-z0-9_]{1,64}:\d{1,18}:[0-9a-f]{64}$")]] | None,
        Query(
            max_length=100,
            description="What you noted of an earlier check, as `chain:number:hash`.",
        ),
    ] = None,
) -> VerificationView:
    """Check every link of the chains; takes its time on long ones."""
    found = await service.verify(
        scope, org_id=org_id, anchors=[_anchor(each) for each in anchor or ()]
    )
    return VerificationView(
        intact=not found.faults,
        events=found.events,
        chains=found.chains,
        faults=[FaultView.model_validate(fault) for fault in found.faults],
        anchors=[_view(each) for each in found.anchors],
        cuts=[_view(each) for each in found.cuts],
    )


def _view(anchor: Anchor) -> AnchorView:
    return AnchorView(org_id=anchor.org_id, seq=anchor.seq, hash=anchor.hash.hex())


def _anchor(text: str) -> Anchor:
    org_id, seq, digest = text.split(":")
    return Anchor(org_id, int(seq), bytes.fromhex(digest))


async def _jsonl(pages: AsyncGenerator[list[Event]]) -> AsyncGenerator[str]:
    async for page in pages:
        yield "".join(f"{EventView.of(event).model_dump_json()}\n" for event in page)


async def _csv(pages: AsyncGenerator[list[Event]]) -> AsyncGenerator[str]:
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(_COLUMNS)
    async for page in pages:
        for event in page:
            view = EventView.of(event).model_dump(mode="json")
            writer.writerow([_cell(view[name]) for name in _COLUMNS])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
    yield buffer.getvalue()


def _cell(value: object) -> object:
    if value is None or isinstance(value, int):
        return value
    text = value if isinstance(value, str) else msgspec.json.encode(value).decode()
    return as_text(text)
