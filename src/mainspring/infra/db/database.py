"""The engine, its bounded pool, and the one way to open a transaction."""

from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager

import msgspec
import psycopg
from sqlalchemy import text
from sqlalchemy.exc import DataError, DBAPIError, TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)

from mainspring.infra.db.audit import (
    ACTOR_KIND_SETTING,
    ACTOR_SETTING,
    BEHALF_SETTING,
    REQUEST_SETTING,
)
from mainspring.infra.db.dsn import sqlalchemy_url
from mainspring.infra.db.tenancy import CROSSES_SETTING, ORG_SETTING
from mainspring.kernel.errors import DatabaseUnavailableError, InvalidRequestError
from mainspring.kernel.scope import PLATFORM_ORG, Scope

_ENTER = text(
    f"SELECT set_config('{ORG_SETTING}', :org_id, true),"
    f" set_config('{CROSSES_SETTING}', :crosses, true),"
    f" set_config('{ACTOR_KIND_SETTING}', :actor_kind, true),"
    f" set_config('{ACTOR_SETTING}', :actor_id, true),"
    f" set_config('{BEHALF_SETTING}', :on_behalf_of, true),"
    f" set_config('{REQUEST_SETTING}', :request_id, true)"
)
_NARROW = text(
    f"SELECT set_config('{ORG_SETTING}', :org_id, true),"
    f" set_config('{CROSSES_SETTING}', :crosses, true)"
)
_UNREACHABLE_STATES = frozenset({"57P01", "57P02", "57P03", "53300"})
"""Shut down, crashed, starting up, no connection left; class 08 says that the link broke."""


class PoolSettings(msgspec.Struct, frozen=True):
    """Bounds of one process's use of the database; durations are seconds.

    ``size`` connections stay open and ``burst`` more may come; beyond them a caller waits
    ``wait_s``. ``statement_s`` ends a runaway query, ``lock_s`` a wait for a lock, ``idle_s`` a
    transaction that its owner forgot.
    """

    size: int = 5
    burst: int = 5
    wait_s: float = 5.0
    connect_s: int = 5
    statement_s: float = 15.0
    lock_s: float = 5.0
    idle_s: float = 30.0


class Database:
    """One process's access to PostgreSQL.

    ``role`` (gateway, control, worker, …) is what ``pg_stat_activity`` shows as the application.
    Connections are opened on first use and checked before each use, so a restarted server costs
    one reconnection, not an error.
    """

    def __init__(
        self, dsn: str, *, role: str = "mainspring", pool: PoolSettings | None = None
    ) -> None:
        """Prepare the engine; nothing connects yet.

        Raises:
            InvalidDsnError: if ``dsn`` is not a usable PostgreSQL URL.
        """
        bounds = pool or PoolSettings()
        self._engine = create_async_engine(
            sqlalchemy_url(dsn),
            pool_size=bounds.size,
            max_overflow=bounds.burst,
            pool_timeout=bounds.wait_s,
            pool_pre_ping=True,
            pool_use_lifo=True,
            hide_parameters=True,  # an error's text goes to the log; what callers sent must not
            connect_args={
                "connect_timeout": bounds.connect_s,
                "application_name": f"mainspring {role}".strip(),
                "options": (
                    f"-c statement_timeout={_ms(bounds.statement_s)}"
                    f" -c lock_timeout={_ms(bounds.lock_s)}"
                    f" -c idle_in_transaction_session_timeout={_ms(bounds.idle_s)}"
                    " -c timezone=UTC"
                ),
            },
        )
        self._sessions = async_sessionmaker(self._engine, expire_on_commit=False)

    @property
    def engine(self) -> AsyncEngine:
        """Return the engine, for code of ``infra`` that needs a connection without a tenant."""
        return self._engine

    @asynccontextmanager
    async def session(self, scope: Scope) -> AsyncGenerator[AsyncSession]:
        """Open one transaction that sees and writes what ``scope`` may, in its actor's name.

        It commits when the block ends and rolls back when the block raises.

        Raises:
            DatabaseUnavailableError: if the server cannot be reached, goes away, or every pooled
                connection stays busy.
            InvalidRequestError: if a text holds NUL, which no column can; it came from a caller.
        """
        with unavailable_when_unreachable(), _refused_with_nul():
            async with self._sessions() as session, session.begin():
                await session.execute(
                    _ENTER,
                    {
                        "org_id": scope.org_id,
                        "crosses": _switch(scope),
                        "actor_kind": scope.actor.kind.value,
                        "actor_id": scope.actor.id,
                        "on_behalf_of": scope.actor.on_behalf_of or "",
                        "request_id": scope.request_id or "",
                    },
                )
                yield session

    async def ping(self) -> None:
        """Make one round trip.

        Raises:
            DatabaseUnavailableError: if it fails.
        """
        with unavailable_when_unreachable():
            async with self._engine.connect() as connection:
                await connection.execute(text("SELECT 1"))

    async def close(self) -> None:
        """Close every pooled connection."""
        await self._engine.dispose()


@asynccontextmanager
async def narrowed(session: AsyncSession, scope: Scope) -> AsyncGenerator[None]:
    """Within a transaction that crosses tenants, reach only what ``scope`` may, for a time.

    For use cases that must look at every tenant's rows and then write to one: what they write is
    held by row-level security all the same.
    """
    await session.execute(_NARROW, {"org_id": scope.org_id, "crosses": _switch(scope)})
    yield
    # After an error the transaction is over, and the settings with it.
    await session.execute(_NARROW, {"org_id": PLATFORM_ORG, "crosses": "on"})


def _switch(scope: Scope) -> str:
    return "on" if scope.crosses_tenants else "off"


@contextmanager
def _refused_with_nul() -> Generator[None]:
    try:
        yield
    except DataError as error:
        # Of text the driver says so before anything is sent, hence without a state; of what is
        # escaped within JSON the server does.
        in_text = isinstance(error.orig, psycopg.DataError) and "NUL" in str(error.orig)
        if in_text or isinstance(error.orig, psycopg.errors.UntranslatableCharacter):
            raise InvalidRequestError("text must not hold the character NUL") from error
        raise


@contextmanager
def unavailable_when_unreachable() -> Generator[None]:
    """Turn "the server is not there" into our error; let every other one through."""
    try:
        yield
    except PoolTimeoutError as error:
        raise DatabaseUnavailableError(
            "every database connection of this process is busy", retry_after_s=1.0
        ) from error
    except DBAPIError as error:
        if not (error.connection_invalidated or is_unreachable(error.orig)):
            raise
        raise DatabaseUnavailableError(retry_after_s=1.0) from error


def is_unreachable(error: BaseException | None) -> bool:
    """Tell whether a driver's ``error`` says that the server cannot be reached at this moment."""
    if not isinstance(error, psycopg.OperationalError):
        return False
    state = error.sqlstate
    return state is None or state.startswith("08") or state in _UNREACHABLE_STATES


def _ms(seconds: float) -> int:
    return round(seconds * 1000)
