"""Listening to the database: one connection that comes back by itself whenever it is lost."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any, LiteralString

import psycopg
from psycopg import AsyncConnection

from mainspring.infra.db.dsn import libpq_url
from mainspring.kernel.errors import DatabaseUnavailableError

_log = logging.getLogger(__name__)

_FIRST_RETRY_S = 0.1
_LAST_RETRY_S = 5.0


async def listen_for_ever(
    dsn: str,
    channel: LiteralString,
    hear: Callable[[AsyncConnection[Any]], Awaitable[None]],
    *,
    name: str,
) -> None:
    """Listen on ``channel`` and let ``hear`` read the notifications, until cancelled.

    ``hear`` is called anew with every connection, once it listens; it ends by an error when the
    connection is lost. What was notified in between is lost, so ``hear`` must look for itself.
    ``channel`` is a constant of ours, never data. ``name`` is what logs and the server call this.
    """
    retry_s = _FIRST_RETRY_S
    while True:
        try:
            async with await AsyncConnection.connect(
                libpq_url(dsn),
                autocommit=True,
                connect_timeout=5,
                application_name=f"mainspring {name}",
            ) as connection:
                await connection.execute(f"LISTEN {channel}")
                retry_s = _FIRST_RETRY_S
                await hear(connection)
        except (psycopg.OperationalError, DatabaseUnavailableError) as error:
            _log.warning("%s lost the database: %s", name, type(error).__name__)
            await asyncio.sleep(retry_s)
            retry_s = min(retry_s * 2, _LAST_RETRY_S)
