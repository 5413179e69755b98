"""Spellings of ``DATABASE_URL``."""

import pytest

from mainspring.infra.db.dsn import InvalidDsnError, libpq_url, safe_url, sqlalchemy_url


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_every_usual_scheme_leads_to_our_driver(scheme: str) -> None:
    url = sqlalchemy_url(f"{scheme}://me:pw@db.internal:6543/main?sslmode=require")
    assert url.render_as_string(hide_password=False) == (
        "postgresql+psycopg://me:pw@db.internal:6543/main?sslmode=require"
    )


def test_a_socket_directory_survives_the_way_to_libpq() -> None:
    assert libpq_url("postgres://me:p%40w@/main?host=%2Fvar%2Frun%2Fpg") == (
        "postgresql://me:p%40w@/main?host=%2Fvar%2Frun%2Fpg"
    )


def test_a_log_never_shows_the_password() -> None:
    assert safe_url("postgresql://me:hunter2@db/main") == "postgresql://me:***@db/main"


@pytest.mark.parametrize(
    "dsn", ["", "nonsense", "mysql://me:hunter2@db/main", "postgresql://me:hunter2@db"]
)
def test_what_is_no_postgresql_url_is_refused_without_repeating_it(dsn: str) -> None:
    with pytest.raises(InvalidDsnError) as refusal:
        sqlalchemy_url(dsn)
    assert "hunter2" not in str(refusal.value)
