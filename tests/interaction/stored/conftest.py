"""Fixtures of what is kept for callers: a whole site on real sockets and a real database."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path

import pytest
import uvloop

from mainspring.testing.upstream import ScriptedUpstream
from tests.fixtures.prepared import started_database_dsn
from tests.fixtures.site import Site, open_site

__all__ = ["started_database_dsn"]


def pytest_asyncio_loop_factories() -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Name the loop that gateways run on."""
    return {"uvloop": uvloop.new_event_loop}


@pytest.fixture
async def upstream() -> AsyncIterator[ScriptedUpstream]:
    """Return a model server that follows a script."""
    async with ScriptedUpstream() as scripted:
        yield scripted


@pytest.fixture
async def site(
    database_dsn: str, tmp_path: Path, upstream: ScriptedUpstream
) -> AsyncIterator[Site]:
    """Return a control plane with one gateway and the model ``scripted``."""
    async with open_site(database_dsn, tmp_path, upstream) as opened:
        yield opened
