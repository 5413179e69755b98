"""The embedded PostgreSQL: one cluster in the data directory, run as a child of whoever wants it.

May enter: finding the server's programs, laying out and initialising a cluster, the account it
runs under, starting, stopping, and cleaning up after a crash.
Must never know: our schema. It hands out a DSN; ``infra.db`` does the rest, exactly as it does
with an external server.

Decisions:

* The server listens on a Unix socket only, in a directory that only its account may enter, and
  asks for a generated password besides. No port can clash and nothing is reachable by network.
* The application's role owns its database and is no superuser, so row-level security binds it. The
  superuser cannot log in at all: what needs it is done by a single-user server before the start.
* UTF-8, built-in locale ``C.UTF-8``: order does not depend on the machine's libraries, so an
  operating system upgrade cannot corrupt an index. Pages have checksums.
* A PostgreSQL refuses to run as root. Then it runs as an unprivileged account, see ``account``,
  and lies where that account can reach it, see ``layout``.

Upgrades: a minor version needs nothing (extensions are updated before the start). A major version
changes the data format: ``prepare`` refuses the directory by :class:`ClusterVersionError` and
touches nothing. The way is a dump by the old release and a restore into a new cluster; the wheel
of one major version does not carry the programs of the other, which ``pg_upgrade`` would need.

Outside Linux no signal follows the parent's death. The postmaster then survives a ``kill -9`` of
the supervisor until the next ``prepare``, which ends it before it goes on.
"""

from mainspring.infra.postgres.account import Account
from mainspring.infra.postgres.cluster import EmbeddedPostgres, SpawnSpec, dsn_of_running

__all__ = ["Account", "EmbeddedPostgres", "SpawnSpec", "dsn_of_running"]
