"""Reads ``DATABASE_URL`` in the spellings that people use."""

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

_OURS = {"postgresql", "postgres", "postgresql+psycopg"}


class InvalidDsnError(ValueError):
    """The database URL cannot be used; the text never repeats its password."""


def sqlalchemy_url(dsn: str) -> URL:
    """Return ``dsn`` as SQLAlchemy's URL with our driver.

    Raises:
        InvalidDsnError: if it is not a PostgreSQL URL, or names no database.
    """
    try:
        url = make_url(dsn)
    except (ArgumentError, ValueError) as error:
        raise InvalidDsnError("the database URL cannot be parsed") from error
    if url.drivername not in _OURS:
        raise InvalidDsnError(
            f"{url.drivername} is not supported: Mainspring needs postgresql://user@host/database"
        )
    if not url.database:
        raise InvalidDsnError("the database URL names no database")
    return url.set(drivername="postgresql+psycopg")


def libpq_url(dsn: str) -> str:
    """Return ``dsn`` as libpq's URL, password included: for psycopg itself, never for a log."""
    url = sqlalchemy_url(dsn).set(drivername="postgresql")
    return url.render_as_string(hide_password=False)


def safe_url(dsn: str) -> str:
    """Return ``dsn`` with its password hidden, for logs and pages."""
    return sqlalchemy_url(dsn).set(drivername="postgresql").render_as_string(hide_password=True)
