"""Backups: one file that holds the database, the blobs, and what says that both are whole.

May enter: the file's format, dumping and restoring a database by PostgreSQL's own programs, the
box in which master keys travel. Must never know: what a table means; which parts a platform has
is the application's to say.

Secrets stay sealed: the file holds what the database holds, and the master keys that open it
travel apart from it, in a box that a passphrase locks, or not at all.
"""

from mainspring.infra.backup.archive import ArchiveReader, ArchiveWriter
from mainspring.infra.backup.database import Dump, dump_database, restore_database
from mainspring.infra.backup.keybox import lock_keys, unlock_keys
from mainspring.infra.backup.manifest import FORMAT, Header, Manifest, Member, TableFacts

__all__ = [
    "FORMAT",
    "ArchiveReader",
    "ArchiveWriter",
    "Dump",
    "Header",
    "Manifest",
    "Member",
    "TableFacts",
    "dump_database",
    "lock_keys",
    "restore_database",
    "unlock_keys",
]
