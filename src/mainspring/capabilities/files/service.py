"""The use cases of files; each acts in the scope of one project."""

import logging
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Callable
from datetime import timedelta

import msgspec

from mainspring.capabilities.files.domain import (
    FORM_BYTES,
    File,
    FileBounds,
    FileQuestion,
    FileTerms,
    Purpose,
    checked_filename,
    checked_life,
    new_file_id,
)
from mainspring.capabilities.files.ports import FileRepository, FileStore, Upload
from mainspring.infra.blob import BlobNotFoundError, BlobStore, BlobStoreError
from mainspring.kernel.clock import Clock
from mainspring.kernel.errors import (
    BodyTooLargeError,
    FileStorageUnavailableError,
    NotFoundError,
    ProjectStorageFullError,
)
from mainspring.kernel.scope import Scope

_log = logging.getLogger(__name__)
_SELF = Scope.platform("files")
_AT_ONCE = 100
_STRANDED_AFTER = timedelta(days=1)


class FileService:
    """Files of projects."""

    def __init__(
        self, store: FileStore, blobs: BlobStore, clock: Clock, bounds: FileBounds | None = None
    ) -> None:
        self._store = store
        self._blobs = blobs
        self._clock = clock
        self._bounds = bounds or FileBounds()

    async def create(
        self,
        scope: Scope,
        *,
        filename: str,
        purpose: Purpose,
        pieces: AsyncIterable[bytes],
        key_id: str | None = None,
        life_s: int | None = None,
    ) -> File:
        """Keep a file of the scope's project; it is seen once all of it is there.

        Raises:
            InvalidRequestError: if its name or its life is out of bounds.
            BodyTooLargeError: if it is too large.
            ProjectStorageFullError: if the project's files are too large together.
            FileStorageUnavailableError: if it cannot be kept at this moment.
        """
        terms = FileTerms(purpose, life_s)
        file = self._settled(self._arriving(scope, filename, key_id), terms)
        return await self._keep(scope, file, pieces, lambda: terms)

    async def receive(self, scope: Scope, upload: Upload, *, key_id: str | None = None) -> File:
        """Keep a file of the scope's project while it arrives, without ever holding it.

        Raises:
            InvalidRequestError: if its name, its terms or the way it comes are not acceptable.
            BodyTooLargeError: if it is too large; if that was announced, before it is read.
            ProjectStorageFullError: if the project's files are too large together.
            FileStorageUnavailableError: if it cannot be kept at this moment.
        """
        file = self._arriving(scope, upload.filename, key_id)
        least = max((upload.announced or 0) - FORM_BYTES, 0)
        self._check_size(least)
        return await self._keep(scope, file, upload.pieces(), upload.terms, least)

    def _arriving(self, scope: Scope, filename: str, key_id: str | None) -> File:
        return File(
            id=new_file_id(),
            org_id=scope.org_id,
            project_id=scope.project_id or "",
            key_id=key_id,
            actor_id=scope.actor.id,
            filename=checked_filename(filename),
            purpose="user_data",
            created_at=self._clock.now(),
        )

    def _settled(self, file: File, terms: FileTerms) -> File:
        life = checked_life(terms.life_s)
        expires_at = None if life is None else file.created_at + life
        return msgspec.structs.replace(file, purpose=terms.purpose, expires_at=expires_at)

    async def _keep(
        self,
        scope: Scope,
        file: File,
        pieces: AsyncIterable[bytes],
        terms: Callable[[], FileTerms],
        least: int = 0,
    ) -> File:
        """Keep the bytes, then show the file; whatever fails leaves neither."""
        async with self._store.begin(scope) as files:
            room = self._bounds.project - await files.total_size(file.project_id)
            if room <= least:
                raise ProjectStorageFullError
            await files.add(file)
        try:
            info = await self._blobs.put(file.blob_key, self._within(pieces, room))
            ready = msgspec.structs.replace(
                self._settled(file, terms()), size=info.size, sha256=info.sha256, state="ready"
            )
            async with self._store.begin(scope) as files:
                await self._check_room(files, ready)
                await files.replace(ready)
        except BaseException as error:
            await self._sweep_one(scope, file)
            if isinstance(error, BlobStoreError):
                raise FileStorageUnavailableError(retry_after_s=5.0) from error
            raise
        return ready

    async def get(self, scope: Scope, file_id: str) -> File:
        """Return a file of the scope's project.

        Raises:
            NotFoundError: if there is none.
        """
        async with self._store.begin(scope) as files:
            found = await files.find(scope.project_id or "", file_id, self._clock.now())
        if found is None:
            raise NotFoundError(f"there is no file {file_id[:80]!r}")
        return found

    async def list(self, scope: Scope, question: FileQuestion) -> tuple[list[File], bool]:
        """Return files of the scope's project, and whether there are more."""
        async with self._store.begin(scope) as files:
            found = await files.list(scope.project_id or "", question, self._clock.now())
        return list(found[: question.limit]), len(found) > question.limit

    async def content(self, scope: Scope, file_id: str) -> tuple[File, AsyncGenerator[bytes]]:
        """Return a file of the scope's project with its bytes, to be read once and closed.

        Raises:
            NotFoundError: if there is none.
            FileStorageUnavailableError: if it cannot be read at this moment.
        """
        file = await self.get(scope, file_id)
        try:
            return file, await self._blobs.open(file.blob_key)
        except BlobNotFoundError as error:
            raise NotFoundError(f"the content of {file_id[:80]!r} is gone") from error
        except BlobStoreError as error:
            raise FileStorageUnavailableError(retry_after_s=5.0) from error

    async def delete(self, scope: Scope, file_id: str) -> None:
        """Delete a file of the scope's project; nobody sees it once this returns.

        Raises:
            NotFoundError: if there is none.
        """
        file = msgspec.structs.replace(await self.get(scope, file_id), state="leaving")
        async with self._store.begin(scope) as files:
            await files.replace(file)
        await self._sweep_one(scope, file)

    async def sweep(self) -> int:
        """Remove what has expired, was deleted or never arrived; return how many there were."""
        now = self._clock.now()
        total = 0
        while True:
            async with self._store.begin(_SELF) as files:
                over = await files.over(now, now - _STRANDED_AFTER, at_most=_AT_ONCE)
            removed = [file for file in over if await self._sweep_one(_SELF, file)]
            total += len(removed)
            if len(removed) < _AT_ONCE:
                return total

    async def _sweep_one(self, scope: Scope, file: File) -> bool:
        """Remove the bytes, then the row; what fails is left for the next sweep."""
        try:
            await self._blobs.delete(file.blob_key)
        except BlobStoreError:
            _log.warning("the bytes of a file wait for the next sweep")
            return False
        async with self._store.begin(scope) as files:
            await files.remove(file.id)
        return True

    async def _check_room(self, files: FileRepository, file: File) -> None:
        """Look again: others have arrived while this one did."""
        if await files.total_size(file.project_id) + file.size > self._bounds.project:
            raise ProjectStorageFullError

    def _check_size(self, size: int) -> None:
        if size > self._bounds.one:
            raise BodyTooLargeError(f"a file has at most {self._bounds.one} bytes")

    async def _within(self, pieces: AsyncIterable[bytes], room: int) -> AsyncIterator[bytes]:
        size = 0
        async for piece in pieces:
            size += len(piece)
            self._check_size(size)
            if size > room:
                raise ProjectStorageFullError
            yield piece


class OrganizationFiles:
    """Tenancy's view of files: it asks for their end when an organisation goes."""

    def __init__(self, store: FileStore, blobs: BlobStore) -> None:
        self._store = store
        self._blobs = blobs

    async def release_organization(self, scope: Scope, org_id: str) -> None:
        """Remove every file of an organisation that is being removed.

        Raises:
            FileStorageUnavailableError: if the bytes cannot be removed now; repeat it all then.
        """
        while True:
            async with self._store.begin(scope) as files:
                found = await files.of_organization(org_id, at_most=_AT_ONCE)
            for file in found:
                try:
                    await self._blobs.delete(file.blob_key)
                except BlobStoreError as error:
                    raise FileStorageUnavailableError(retry_after_s=5.0) from error
                async with self._store.begin(scope) as files:
                    await files.remove(file.id)
            if len(found) < _AT_ONCE:
                return
