"""The fixtures of the SDK's tests against a real control plane."""

from tests.fixtures.control import served

__all__ = ["served"]
