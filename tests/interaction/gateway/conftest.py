"""Fixtures of the gateway's tests over real sockets."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path

import pytest
import uvloop

from mainspring.testing.snapshots import SnapshotBuilder
from mainspring.testing.upstream import ScriptedUpstream
from tests.fixtures.gateway import Stand


def pytest_asyncio_loop_factories() -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Name the loop that gateways run on."""
    return {"uvloop": uvloop.new_event_loop}


@pytest.fixture
async def upstream() -> AsyncIterator[ScriptedUpstream]:
    """Return a model server that follows a script."""
    async with ScriptedUpstream() as scripted:
        yield scripted


@pytest.fixture
async def stand(tmp_path: Path, upstream: ScriptedUpstream) -> AsyncIterator[Stand]:
    """Return a running gateway with the model ``scripted`` on ``upstream``."""
    made = Stand(tmp_path, SnapshotBuilder())
    made.key = made.builder.add_key()
    made.builder.add_model("scripted", made.builder.add_upstream(upstream.url))
    await made.start()
    yield made
    await made.close()
