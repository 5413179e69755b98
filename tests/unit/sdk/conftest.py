"""The fixtures of the SDK's tests."""

from collections.abc import AsyncGenerator, Generator

import pytest

from mainspring_sdk import AsyncMainspring, Mainspring, RetryPolicy
from tests.unit.sdk.scripted import Scripted, scripted

SOON = RetryPolicy(max_retries=2, first_s=0.01, most_s=0.02, most_retry_after_s=1.5)


@pytest.fixture
def script() -> Generator[Scripted]:
    """Return a scripted server."""
    with scripted() as running:
        yield running


@pytest.fixture
def client(script: Scripted) -> Generator[Mainspring]:
    """Return a blocking client of the scripted server."""
    with Mainspring(script.url, "mst-secret", retry=SOON, timeout=5) as made:
        yield made


@pytest.fixture
async def aclient(script: Scripted) -> AsyncGenerator[AsyncMainspring]:
    """Return a client for asyncio of the scripted server."""
    async with AsyncMainspring(script.url, "mst-secret", retry=SOON, timeout=5) as made:
        yield made
