"""What files need from outside, beside a store of blobs."""

from collections.abc import AsyncIterable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol

from mainspring.capabilities.files.domain import File, FileQuestion, FileTerms
from mainspring.kernel.scope import Scope


class Upload(Protocol):
    """A file on its way to us, whose terms may come behind it; fails closed."""

    @property
    def filename(self) -> str:
        """Return what its owner calls it."""
        ...

    @property
    def announced(self) -> int | None:
        """Return how many bytes its form is going to have, if that was said."""
        ...

    def pieces(self) -> AsyncIterable[bytes]:
        """Return the file, to be read once."""
        ...

    def terms(self) -> FileTerms:
        """Return what was said of the file; all of it once :meth:`pieces` have ended.

        Raises:
            InvalidRequestError: if that is not acceptable.
        """
        ...


class FileRepository(Protocol):
    """The files as one transaction sees them; fails closed."""

    async def add(self, file: File) -> None:
        """Keep a new file."""
        ...

    async def replace(self, file: File) -> None:
        """Write the file anew."""
        ...

    async def find(self, project_id: str, file_id: str, now: datetime) -> File | None:
        """Return the project's file, if it is ready and has not expired."""
        ...

    async def list(self, project_id: str, question: FileQuestion, now: datetime) -> Sequence[File]:
        """Return up to ``question.limit + 1`` ready files of the project."""
        ...

    async def total_size(self, project_id: str) -> int:
        """Return the bytes of all files of the project."""
        ...

    async def over(self, now: datetime, stranded: datetime, *, at_most: int) -> Sequence[File]:
        """Return files to sweep up: expired, leaving, or arriving since before ``stranded``."""
        ...

    async def of_organization(self, org_id: str, *, at_most: int) -> Sequence[File]:
        """Return files of an organisation, in whatever state."""
        ...

    async def remove(self, file_id: str) -> None:
        """Remove the row."""
        ...


class FileStore(Protocol):
    """Opens transactions; they see and write what the scope may."""

    def begin(self, scope: Scope) -> AbstractAsyncContextManager[FileRepository]:
        """Open one; it commits when the block ends and rolls back when the block raises."""
        ...
