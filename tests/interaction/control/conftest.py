"""The fixtures of the control plane's tests."""

from tests.fixtures.control import admin, api, clock, control, served, stranger
from tests.fixtures.prepared import started_database_dsn

__all__ = ["admin", "api", "clock", "control", "served", "started_database_dsn", "stranger"]
