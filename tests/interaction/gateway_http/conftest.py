"""These tests run on the loop that the gateway runs on."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping

import pytest
import pytest_asyncio
import uvloop

from tests.interaction.gateway_http.wire import Stack


def pytest_asyncio_loop_factories() -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Name the loop."""
    return {"uvloop": uvloop.new_event_loop}


@pytest_asyncio.fixture
async def stack() -> AsyncIterator[Stack]:
    """Servers, pools and scripted upstreams that end with the test, and must leave nothing."""
    complaints: list[str] = []
    asyncio.get_running_loop().set_exception_handler(
        lambda _loop, context: complaints.append(str(context))
    )
    started = Stack()
    yield started
    await started.close()
    if complaints and not started.complaints_allowed:
        pytest.fail(f"the loop had to complain: {complaints}")
