"""The fixtures of the vendors tests."""

from tests.fixtures.module_control import admin, api, clock, control

__all__ = ["admin", "api", "clock", "control"]
