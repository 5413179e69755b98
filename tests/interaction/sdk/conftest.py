"""The fixtures of the SDK's tests against a real control plane."""

from tests.fixtures.control import served
from tests.fixtures.prepared import started_database_dsn

__all__ = ["served", "started_database_dsn"]
