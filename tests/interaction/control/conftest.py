"""The fixtures of the control plane's tests."""

from tests.fixtures.control import admin, api, clock, control, served, stranger

__all__ = ["admin", "api", "clock", "control", "served", "stranger"]
