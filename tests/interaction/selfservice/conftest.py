"""The fixtures of the selfservice tests."""

from tests.fixtures.module_control import admin, api, clock, control

__all__ = ["admin", "api", "clock", "control"]
