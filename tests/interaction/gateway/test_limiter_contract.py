"""One contract over both limiters: in this process, and in a real Valkey server."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from mainspring.gateway.limits import LocalLimiter
from mainspring.gateway.limits.ledger import LedgerFile
from mainspring.gateway.limits.shared import LEASE_S, RedisLimiter
from mainspring.testing.contracts.limiter import KEY, ORG, LimiterContract, LimiterHarness
from tests.fixtures.valkey import Valkey


class LocalHarness(LimiterHarness):
    """The limiter of one gateway, with its file."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path
        self._ledger = LedgerFile(path, self.now)
        self.limiter = LocalLimiter(self._ledger, lambda: self.now)

    async def crash(self) -> None:
        """Lose everything but the file."""
        self._ledger.close()
        self._ledger = LedgerFile(self._path, self.now)
        self.limiter = LocalLimiter(self._ledger, lambda: self.now)

    async def synced(self) -> None:
        """Everything is counted at once."""

    def outlive(self) -> None:
        """Let the minutes of before fade, which a restart empties here."""
        self.advance(120.0)


class RedisHarness(LimiterHarness):
    """The limiter of several gateways."""

    def __init__(self, url: str, prefix: str = "{test}:") -> None:
        super().__init__()
        self.url = url
        self._prefix = prefix
        self._made: list[RedisLimiter] = []
        self.limiter = self.shared = self.another()

    def another(self) -> RedisLimiter:
        """Return the limiter of another gateway."""
        made = RedisLimiter(self.url, prefix=self._prefix, clock=lambda: self.now, deadline_s=2.0)
        self._made.append(made)
        return made

    async def close(self) -> None:
        """Disconnect all of them."""
        for each in self._made:
            await each.close()

    async def crash(self) -> None:
        """Lose the process; the server goes on."""
        self.limiter = self.shared = self.another()

    async def synced(self) -> None:
        """Tell the server."""
        await self.shared.flush()

    def outlive(self) -> None:
        """Let the leases of the dead go by."""
        self.advance(max(LEASE_S, 120.0) + 1)


class TestLocalLimiter(LimiterContract):
    @pytest.fixture
    async def harness(self, tmp_path: Path) -> AsyncIterator[LimiterHarness]:
        made = LocalHarness(tmp_path / "limits.bin")
        yield made
        await made.close()


class TestRedisLimiter(LimiterContract):
    @pytest.fixture
    async def harness(self, tmp_path: Path) -> AsyncIterator[LimiterHarness]:
        server = Valkey(tmp_path)
        await server.start()
        made = RedisHarness(server.url)
        yield made
        await made.close()
        server.kill()

    async def test_two_gateways_count_together(self, harness: LimiterHarness) -> None:
        assert isinstance(harness, RedisHarness)
        other = harness.another()
        pending = [limiter.reserve((ORG,), 0, harness.now, 60.0) for limiter in
                   (harness.shared, other) * 8]  # fmt: skip
        decisions = await asyncio.gather(*pending)
        assert sum(hasattr(each, "tokens") for each in decisions) == 10

    async def test_a_call_that_runs_on_keeps_its_place(self, harness: LimiterHarness) -> None:
        assert isinstance(harness, RedisHarness)
        for _ in range(2):
            await harness.admitted(KEY)
        for _ in range(3):
            harness.advance(LEASE_S - 1)
            await harness.shared.renew()
        assert (await harness.refused(KEY)).dimension == "concurrency"

    async def test_a_release_that_overtakes_its_reservation_wins(
        self, harness: LimiterHarness
    ) -> None:
        assert isinstance(harness, RedisHarness)
        shared = harness.shared
        shared._end("release", f"{shared._mark}-{shared._count + 1}", b"")  # pyright: ignore[reportPrivateUsage] - a race made certain
        await shared.flush()
        await harness.reserve(KEY)
        shared._running.clear()  # pyright: ignore[reportPrivateUsage] - as above
        for _ in range(2):
            await harness.admitted(KEY)

    async def test_nothing_is_left_in_the_server_when_all_is_over(
        self, harness: LimiterHarness
    ) -> None:
        assert isinstance(harness, RedisHarness)
        for _ in range(2):
            await harness.settle(await harness.admitted(ORG, KEY, tokens=5), 5)
        reader, writer = await asyncio.open_connection("127.0.0.1", urlsplit(harness.url).port)
        lines = "for i, k in ipairs(redis.call('KEYS', '*')) do t[i] = redis.call('TTL', k) end"
        script = f"local t = {{}} {lines} return cjson.encode(t)"
        writer.write(f"*3\r\n$4\r\nEVAL\r\n${len(script)}\r\n{script}\r\n$1\r\n0\r\n".encode())
        await reader.readline()
        lasting: list[int] = json.loads(await reader.readline())
        writer.close()
        await writer.wait_closed()
        assert lasting
        assert all(0 < each <= 600 for each in lasting)
