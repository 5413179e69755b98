"""One timer steps every paced stream when it is due, and never early."""

import asyncio

from mainspring.testing.upstream.pacer import Pacer


class Recording:
    """A member that notes when it is stepped, and asks for more steps."""

    def __init__(self, pacer: Pacer, steps: int, interval_s: float) -> None:
        self._pacer = pacer
        self._left = steps
        self._interval_s = interval_s
        self._next_s = 0.0
        self.early = 0
        self.done = asyncio.Event()

    def begin(self, at_s: float) -> None:
        self._next_s = at_s
        self._pacer.at(at_s, self)

    def step(self, now_s: float) -> None:
        self.early += now_s < self._next_s
        self._left -= 1
        if self._left:
            self.begin(self._next_s + self._interval_s)
        else:
            self.done.set()


async def test_members_are_stepped_as_often_as_they_ask_and_never_early() -> None:
    loop = asyncio.get_running_loop()
    pacer = Pacer(loop)
    members = [Recording(pacer, steps=5, interval_s=0.002) for _ in range(100)]
    for index, member in enumerate(members):
        member.begin(loop.time() + index / 10_000)
    async with asyncio.timeout(10):
        await asyncio.gather(*(member.done.wait() for member in members))
    assert [member.early for member in members] == [0] * 100


async def test_a_nearer_moment_comes_before_one_that_was_asked_for_earlier() -> None:
    loop = asyncio.get_running_loop()
    pacer = Pacer(loop)
    far, near = (Recording(pacer, steps=1, interval_s=0) for _ in range(2))
    far.begin(loop.time() + 30)
    near.begin(loop.time() + 0.01)
    async with asyncio.timeout(10):
        await near.done.wait()
    assert not far.done.is_set()
