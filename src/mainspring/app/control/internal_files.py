"""``/v1/files`` as gateways front it."""

from collections.abc import AsyncGenerator, AsyncIterator
from typing import Annotated, Literal
from urllib.parse import quote

from fastapi import APIRouter, Depends, Query, Request
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException
from starlette.responses import JSONResponse

from mainspring.app.control.behalf import Behalf, scope_of
from mainspring.app.control.openai_list import openai_list
from mainspring.app.control.recognition import InternalCallers
from mainspring.app.control.streams import OwnedStream
from mainspring.capabilities.files.api import FileQuestion, FileService
from mainspring.capabilities.files.domain import UPLOADED, Purpose
from mainspring.kernel.errors import InvalidRequestError
from mainspring.wire.delegation import DelegatedIdentity

_CHUNK = 256 * 1024
_MAX_FIELDS = 10


def file_routes(callers: InternalCallers, behalf: Behalf, files: FileService) -> APIRouter:
    """Return the routes; they are no part of the public API and not in its document."""
    router = APIRouter(
        prefix="/internal/v1/files", dependencies=[Depends(callers)], include_in_schema=False
    )

    @router.post("")
    async def create(
        request: Request, identity: Annotated[DelegatedIdentity, Depends(behalf)]
    ) -> JSONResponse:
        """Keep an upload; what exceeds a megabyte goes over a temporary file."""
        try:
            form = request.form(max_files=1, max_fields=_MAX_FIELDS)
            async with form as fields:
                upload = fields.get("file")
                if not isinstance(upload, UploadFile):
                    raise InvalidRequestError("the form has no file named file", param="file")
                made = await files.create(
                    scope_of(identity),
                    filename=upload.filename or "",
                    purpose=_purpose(fields),
                    pieces=_pieces(upload),
                    key_id=identity.key_id,
                    life_s=_life(fields),
                )
        except MultiPartException as error:
            raise InvalidRequestError(f"the form cannot be read: {error.message}") from error
        return JSONResponse(made.shape())

    @router.get("")
    async def listed(
        identity: Annotated[DelegatedIdentity, Depends(behalf)],
        purpose: Annotated[str | None, Query(max_length=40)] = None,
        after: Annotated[str | None, Query(max_length=100)] = None,
        limit: Annotated[int, Query(ge=1, le=10_000)] = 10_000,
        order: Literal["asc", "desc"] = "desc",
    ) -> JSONResponse:
        """List the project's files."""
        question = FileQuestion(
            purpose=purpose, after=after, limit=limit, newest_first=order == "desc"
        )
        found, more = await files.list(scope_of(identity), question)
        return openai_list(found, more=more)

    @router.get("/{file_id}")
    async def read(
        file_id: str, identity: Annotated[DelegatedIdentity, Depends(behalf)]
    ) -> JSONResponse:
        """Tell of one file."""
        return JSONResponse((await files.get(scope_of(identity), file_id)).shape())

    @router.get("/{file_id}/content")
    async def content(
        file_id: str, identity: Annotated[DelegatedIdentity, Depends(behalf)]
    ) -> OwnedStream:
        """Send a file's bytes."""
        file, pieces = await files.content(scope_of(identity), file_id)
        return OwnedStream(
            _closing(pieces),
            media_type="application/octet-stream",
            headers={
                "Content-Length": str(file.size),
                # Never shown in place: what a tenant uploaded is no page of ours.
                "Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.filename)}",
            },
        )

    @router.delete("/{file_id}")
    async def delete(
        file_id: str, identity: Annotated[DelegatedIdentity, Depends(behalf)]
    ) -> JSONResponse:
        """Delete a file."""
        await files.delete(scope_of(identity), file_id)
        return JSONResponse({"id": file_id, "object": "file", "deleted": True})

    _ = (create, listed, read, content, delete)
    return router


async def _pieces(upload: UploadFile) -> AsyncIterator[bytes]:
    while piece := await upload.read(_CHUNK):
        yield piece


async def _closing(pieces: AsyncGenerator[bytes]) -> AsyncGenerator[bytes]:
    try:
        async for piece in pieces:
            yield piece
    finally:
        await pieces.aclose()


def _purpose(fields: FormData) -> Purpose:
    purpose = fields.get("purpose")
    for known in UPLOADED:
        if purpose == known:
            return known
    raise InvalidRequestError(f"purpose is one of {', '.join(UPLOADED)}", param="purpose")


def _life(fields: FormData) -> int | None:
    seconds = fields.get("expires_after[seconds]")
    if seconds is None:
        return None
    if fields.get("expires_after[anchor]") != "created_at":
        raise InvalidRequestError("expires_after.anchor is created_at", param="expires_after")
    if not isinstance(seconds, str) or not seconds.isdigit():
        raise InvalidRequestError("expires_after.seconds is a number", param="expires_after")
    return int(seconds[:9])
