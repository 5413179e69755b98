"""Fixtures for other projects' suites: a whole site on real sockets and a real database."""

import asyncio
from collections.abc import Callable, Mapping

import uvloop

from tests.fixtures.prepared import started_database_dsn
from tests.fixtures.suites import suites

__all__ = ["started_database_dsn", "suites"]


def pytest_asyncio_loop_factories() -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Name the loop that gateways run on."""
    return {"uvloop": uvloop.new_event_loop}
