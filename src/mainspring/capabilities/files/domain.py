"""Files: values and rules."""

import unicodedata
from datetime import datetime, timedelta
from typing import Any, Literal

import msgspec

from mainspring.kernel.errors import InvalidRequestError
from mainspring.kernel.ids import new_id

Purpose = Literal[
    "assistants", "batch", "batch_output", "evals", "fine-tune", "user_data", "vision"
]
UPLOADED = ("assistants", "batch", "evals", "fine-tune", "user_data", "vision")
"""What a caller may say that a file is for; ``batch_output`` is the platform's own."""

MAX_FILENAME = 255
FORM_BYTES = 64 * 1024
"""What a form adds to its file at the most: boundaries, heads, fields."""
MIN_LIFE = timedelta(hours=1)
MAX_LIFE = timedelta(days=30)
"""The bounds of ``expires_after``, as OpenAI has them."""


class FileBounds(msgspec.Struct, frozen=True):
    """How large one file, and all files of a project together, may be; in bytes."""

    one: int = 512 * 1024 * 1024
    project: int = 100 * 1024 * 1024 * 1024


class File(msgspec.Struct, frozen=True, kw_only=True):
    """One file. ``state`` is ``arriving`` until all of it is there, and ``leaving`` once deleted.

    Only a ``ready`` one is shown to anybody.
    """

    id: str
    org_id: str
    project_id: str
    key_id: str | None
    actor_id: str
    filename: str
    purpose: Purpose
    size: int = 0
    sha256: bytes = b""
    state: Literal["arriving", "ready", "leaving"] = "arriving"
    created_at: datetime
    expires_at: datetime | None = None

    @property
    def blob_key(self) -> str:
        """Return where the bytes lie."""
        return f"files/{self.org_id}/{self.project_id}/{self.id}"

    def shape(self) -> dict[str, Any]:
        """Return the file as OpenAI's API words it."""
        return {
            "id": self.id,
            "object": "file",
            "bytes": self.size,
            "created_at": int(self.created_at.timestamp()),
            "expires_at": None if self.expires_at is None else int(self.expires_at.timestamp()),
            "filename": self.filename,
            "purpose": self.purpose,
            "status": "processed",
            "status_details": None,
        }


class FileTerms(msgspec.Struct, frozen=True):
    """What whoever uploads a file says of it: what it is for, and in how many seconds it goes."""

    purpose: Purpose
    life_s: int | None = None


class FileQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """Which files: those of one purpose or all, after the file ``after``, newest first or last."""

    purpose: str | None = None
    after: str | None = None
    limit: int = 10_000
    newest_first: bool = True


def new_file_id() -> str:
    """Return an id as OpenAI's clients expect it."""
    return f"file-{new_id('evt').removeprefix('evt_')}"


def checked_filename(name: str) -> str:
    """Return the last part of ``name``.

    Raises:
        InvalidRequestError: if nothing is left of it, or it is too long or holds controls.
    """
    name = name.replace("\\", "/").rpartition("/")[2].strip()
    if not 1 <= len(name) <= MAX_FILENAME:
        raise InvalidRequestError(f"a file's name has 1 to {MAX_FILENAME} characters", param="file")
    if any(unicodedata.category(character) in {"Cc", "Cs"} for character in name):
        raise InvalidRequestError("a file's name holds no control characters", param="file")
    return name


def checked_life(seconds: int | None) -> timedelta | None:
    """Return how long a file lives.

    Raises:
        InvalidRequestError: if that is less than an hour or more than thirty days.
    """
    if seconds is None:
        return None
    if not MIN_LIFE.total_seconds() <= seconds <= MAX_LIFE.total_seconds():
        raise InvalidRequestError(
            "expires_after.seconds is between 3600 and 2592000", param="expires_after"
        )
    return timedelta(seconds=seconds)
