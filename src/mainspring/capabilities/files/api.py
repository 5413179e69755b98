"""The only door to files."""

from mainspring.capabilities.files.domain import File, FileBounds, FileQuestion, FileTerms
from mainspring.capabilities.files.ports import FileStore, Upload
from mainspring.capabilities.files.service import FileService, OrganizationFiles

__all__ = [
    "File",
    "FileBounds",
    "FileQuestion",
    "FileService",
    "FileStore",
    "FileTerms",
    "OrganizationFiles",
    "Upload",
]
