"""What every store of idempotency keys must do.

::

    class TestMyStore(OnceContract):
        @pytest.fixture
        async def harness(self) -> AsyncIterator[OnceHarness]: ...
"""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Awaitable
from typing import Final

from mainspring.gateway.kept.answer import KeptAnswer
from mainspring.gateway.kept.once import Begun, Different, Lost, OnceStore, Running, Started

SLOT: Final = b"s" * 32
OTHER_SLOT: Final = b"t" * 32
REQUEST: Final = b"r" * 32
OTHER_REQUEST: Final = b"q" * 32
ANSWER: Final = KeptAnswer(
    200, b"application/json", ((b"a", b"b"),), b"x-request-id: r\r\n", b"{}" * 50
)


class OnceHarness(ABC):
    """A store whose time the test moves."""

    store: OnceStore

    @abstractmethod
    async def expire(self) -> None:
        """Let the life of everything that was begun so far pass."""

    @abstractmethod
    async def synced(self) -> None:
        """Wait until what was finished and released has arrived where it is kept."""


async def begin(store: OnceStore, slot: bytes = SLOT, request: bytes = REQUEST) -> Begun:
    """Return what the store tells, at once or later."""
    told = store.begin(slot, request)
    return await told if isinstance(told, Awaitable) else told


async def started(store: OnceStore, slot: bytes = SLOT) -> Started:
    """Begin a call that nobody has begun before."""
    told = await begin(store, slot)
    assert isinstance(told, Started)
    return told


class OnceContract:
    """Every test takes the fixture ``harness``."""

    async def test_the_first_makes_the_call_and_the_others_wait(self, harness: OnceHarness) -> None:
        """Of many at once one begins."""
        told = await asyncio.gather(*(begin(harness.store) for _ in range(20)))
        assert sum(isinstance(each, Started) for each in told) == 1
        assert sum(each is Running for each in told) == 19

    async def test_a_finished_call_is_answered_again(self, harness: OnceHarness) -> None:
        """The answer comes back whole, as often as it is asked for."""
        call = await started(harness.store)
        harness.store.finish(call, ANSWER)
        assert await begin(harness.store) == ANSWER
        await harness.synced()
        assert await begin(harness.store) == ANSWER
        assert await begin(harness.store) == ANSWER

    async def test_another_request_with_the_key_is_told_apart(self, harness: OnceHarness) -> None:
        """While the first runs and after it."""
        call = await started(harness.store)
        assert await begin(harness.store, request=OTHER_REQUEST) is Different
        harness.store.finish(call, ANSWER)
        await harness.synced()
        assert await begin(harness.store, request=OTHER_REQUEST) is Different

    async def test_a_released_call_may_be_made_again(self, harness: OnceHarness) -> None:
        """By another request, too."""
        call = await started(harness.store)
        harness.store.release(call)
        await harness.synced()
        told = await begin(harness.store, request=OTHER_REQUEST)
        assert isinstance(told, Started)

    async def test_a_call_without_an_answer_to_keep_is_never_made_again(
        self, harness: OnceHarness
    ) -> None:
        """Its key is refused for as long as it is remembered."""
        call = await started(harness.store)
        harness.store.finish(call, None)
        assert await begin(harness.store) is Lost
        await harness.synced()
        assert await begin(harness.store) is Lost

    async def test_slots_have_nothing_to_do_with_each_other(self, harness: OnceHarness) -> None:
        """One caller's key says nothing of another's."""
        call = await started(harness.store)
        other = await started(harness.store, OTHER_SLOT)
        harness.store.finish(call, ANSWER)
        harness.store.release(other)
        await harness.synced()
        assert await begin(harness.store) == ANSWER
        assert isinstance(await begin(harness.store, OTHER_SLOT), Started)

    async def test_a_key_is_forgotten_when_its_time_is_over(self, harness: OnceHarness) -> None:
        """It may then be used for anything."""
        call = await started(harness.store)
        harness.store.finish(call, ANSWER)
        await harness.synced()
        await harness.expire()
        assert isinstance(await begin(harness.store, request=OTHER_REQUEST), Started)
