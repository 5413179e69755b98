"""``/v1/files`` as gateways front it."""

from base64 import b64encode
from collections.abc import AsyncGenerator
from typing import Annotated, Final, Literal
from urllib.parse import quote

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import JSONResponse

from mainspring.app.control.behalf import Behalf, scope_of
from mainspring.app.control.openai_list import openai_list
from mainspring.app.control.recognition import InternalCallers
from mainspring.app.control.streams import OwnedStream
from mainspring.app.control.upload_form import UploadForm
from mainspring.capabilities.files.api import FileQuestion, FileService, FileTerms
from mainspring.capabilities.files.domain import UPLOADED, Purpose, checked_life
from mainspring.kernel.errors import InvalidRequestError
from mainspring.wire.delegation import DelegatedIdentity

_SECONDS: Final = "expires_after[seconds]"
_ANCHOR: Final = "expires_after[anchor]"


def file_routes(callers: InternalCallers, behalf: Behalf, files: FileService) -> APIRouter:
    """Return the routes; they are no part of the public API and not in its document."""
    router = APIRouter(
        prefix="/internal/v1/files", dependencies=[Depends(callers)], include_in_schema=False
    )

    @router.post("")
    async def create(
        request: Request, identity: Annotated[DelegatedIdentity, Depends(behalf)]
    ) -> JSONResponse:
        """Keep an upload while it arrives."""
        form = UploadForm(request)
        await form.open()
        made = await files.receive(scope_of(identity), _Upload(form), key_id=identity.key_id)
        return JSONResponse(made.shape())

    @router.get("")
    async def listed(
        identity: Annotated[DelegatedIdentity, Depends(behalf)],
        purpose: Annotated[str | None, Query(max_length=40)] = None,
        after: Annotated[str | None, Query(max_length=100)] = None,
        limit: Annotated[int, Query(ge=0, le=10_000)] = 10_000,
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
                # RFC 9530: what was hashed while it arrived, so that a reader can check it all.
                "Repr-Digest": f"sha-256=:{b64encode(file.sha256).decode()}:",
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


async def _closing(pieces: AsyncGenerator[bytes]) -> AsyncGenerator[bytes]:
    try:
        async for piece in pieces:
            yield piece
    finally:
        await pieces.aclose()


class _Upload:
    """A form as the service of files reads it."""

    def __init__(self, form: UploadForm) -> None:
        """Read what stands before the file.

        Raises:
            InvalidRequestError: if that alone is not acceptable: then the file need not come.
        """
        self.filename = form.filename
        self.announced = form.announced
        self.pieces = form.pieces
        self._fields = form.fields
        if "purpose" in self._fields:
            self._purpose()
        if _SECONDS in self._fields and _ANCHOR in self._fields:
            checked_life(self._life())

    def terms(self) -> FileTerms:
        """Return what the fields say."""
        return FileTerms(self._purpose(), self._life())

    def _purpose(self) -> Purpose:
        purpose = self._fields.get("purpose")
        for known in UPLOADED:
            if purpose == known:
                return known
        raise InvalidRequestError(f"purpose is one of {', '.join(UPLOADED)}", param="purpose")

    def _life(self) -> int | None:
        seconds = self._fields.get(_SECONDS)
        if seconds is None:
            return None
        if self._fields.get(_ANCHOR) != "created_at":
            raise InvalidRequestError("expires_after.anchor is created_at", param="expires_after")
        if not seconds.isdigit():
            raise InvalidRequestError("expires_after.seconds is a number", param="expires_after")
        return int(seconds[:9])
