"""The only door to files."""

from mainspring.capabilities.files.domain import File, FileBounds, FileQuestion
from mainspring.capabilities.files.ports import FileStore
from mainspring.capabilities.files.service import FileService, OrganizationFiles

__all__ = [
    "File",
    "FileBounds",
    "FileQuestion",
    "FileService",
    "FileStore",
    "OrganizationFiles",
]
