"""What a backup says of itself."""

from datetime import datetime

import msgspec

FORMAT = 1
"""Raised only when an older release must not try to read the file."""


class Header(msgspec.Struct, frozen=True, kw_only=True):
    """The first member: enough to know a file of ours. ``release`` is the one that made it."""

    format: int
    release: str
    created_at: datetime


class TableFacts(msgspec.Struct, frozen=True, kw_only=True):
    """A table: its name with the schema, its rows, the rights that its owner gave up."""

    name: str
    rows: int
    revoked: tuple[str, ...] = ()


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """A member of the file: its name, size in bytes, and SHA-256 in hex."""

    name: str
    size: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """The last member: everything else that is in the file.

    ``schema`` is the database's revision, ``postgres`` the server's version as a number (180006).
    ``key_ids`` name the master keys that were held when it was made, newest first.
    """

    header: Header
    schema: str
    postgres: int
    members: tuple[Member, ...]
    tables: tuple[TableFacts, ...] = ()
    key_ids: tuple[str, ...] = ()
