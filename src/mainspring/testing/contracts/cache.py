"""What every store of the answer cache must do.

::

    class TestMyStore(CacheContract):
        @pytest.fixture
        async def harness(self) -> AsyncIterator[CacheHarness]: ...
"""

from abc import ABC, abstractmethod
from collections.abc import Awaitable
from typing import Final

import msgspec

from mainspring.gateway.kept.cache import CachedAnswer, CacheStore
from mainspring.wire.usage import Usage

KEY: Final = b"k" * 32
OTHER_KEY: Final = b"o" * 32
ANSWER: Final = CachedAnswer(
    b'{"a": 1}', b"application/json", False, False, 1_769_774_400.5, Usage(input=3, output=4)
)


class CacheHarness(ABC):
    """A store whose time the test moves."""

    store: CacheStore

    @abstractmethod
    async def expire(self) -> None:
        """Let the life of everything that was put so far pass."""

    @abstractmethod
    async def synced(self) -> None:
        """Wait until what was put has arrived where it is kept."""


async def get(store: CacheStore, key: bytes = KEY) -> CachedAnswer | None:
    """Return what the store tells, at once or later."""
    found = store.get(key)
    return await found if isinstance(found, Awaitable) else found


class CacheContract:
    """Every test takes the fixture ``harness``."""

    async def test_what_was_put_is_found_whole(self, harness: CacheHarness) -> None:
        """At once, and when it has arrived."""
        assert await get(harness.store) is None
        harness.store.put(KEY, ANSWER, 60.0)
        assert await get(harness.store) == ANSWER
        await harness.synced()
        assert await get(harness.store) == ANSWER

    async def test_keys_have_nothing_to_do_with_each_other(self, harness: CacheHarness) -> None:
        """Only the whole key finds."""
        harness.store.put(KEY, ANSWER, 60.0)
        await harness.synced()
        assert await get(harness.store, OTHER_KEY) is None
        assert await get(harness.store, KEY[:-1] + b"l") is None

    async def test_the_last_one_put_counts(self, harness: CacheHarness) -> None:
        """A newer answer takes the place of an older one."""
        newer = msgspec.structs.replace(ANSWER, body=b"newer")
        harness.store.put(KEY, ANSWER, 60.0)
        await harness.synced()
        harness.store.put(KEY, newer, 60.0)
        assert await get(harness.store) == newer
        await harness.synced()
        assert await get(harness.store) == newer

    async def test_what_is_too_old_is_not_found(self, harness: CacheHarness) -> None:
        """And may be put anew."""
        harness.store.put(KEY, ANSWER, 60.0)
        await harness.synced()
        await harness.expire()
        assert await get(harness.store) is None
        harness.store.put(KEY, ANSWER, 60.0)
        assert await get(harness.store) == ANSWER
