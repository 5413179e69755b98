"""Idempotency keys that several gateways share, in Redis (or Valkey); they outlive every gateway.

A call in progress has a lease, renewed by the gateway that makes it. Where a gateway dies, nobody
knows what its call came to: a repetition is refused then, never made.
"""

import asyncio
import logging
import secrets
from collections import OrderedDict
from collections.abc import Awaitable
from importlib.resources import files
from typing import Any, Final

import msgspec
from redis.asyncio import Redis
from redis.exceptions import RedisError

from mainspring.gateway.kept.answer import KeptAnswer, decode_answer, encode_answer
from mainspring.gateway.kept.once.port import (
    Begun,
    Different,
    Lost,
    Running,
    Started,
    StoreAwayError,
)
from mainspring.gateway.kept.redis_link import connect

_log = logging.getLogger(__name__)

LEASE_S: Final = 30.0
_RENEW_S: Final = LEASE_S / 4
DEADLINE_S: Final = 0.25
"""No call waits longer for the server; an answer of a megabyte may come with its."""
_TELL_S: Final = 2.0
_RETRY_S: Final = 0.5
_MAX_WAITING: Final = 2_000
_RUNNING: Final = b"r"
_DONE: Final = b"d"
_DIGEST: Final = 32


class _Ending(msgspec.Struct, frozen=True):
    """What the server is to be told of a key: ``kept`` (``None``: forget it).

    With ``token`` only if the lease is that one: whether it was taken is not known.
    """

    kept: bytes | None = None
    token: bytes | None = None


class RedisOnceStore:
    """Keeps answers for ``ttl_s``; how much of them there may be is the server's to bound.

    The server must not drop keys before their time (``maxmemory-policy noeviction``).
    """

    def __init__(
        self,
        url: str,
        ttl_s: float,
        *,
        prefix: str = "mainspring-once:",
        deadline_s: float = DEADLINE_S,
        lease_s: float = LEASE_S,
    ) -> None:
        """Connect when first asked.

        Raises:
            ValueError: if ``url`` is no address of a Redis server.
        """
        self._redis: Redis = connect(url, deadline_s)
        scripts = files("mainspring.gateway.kept.once")
        self._script: Any = self._redis.register_script(
            scripts.joinpath("begin.lua").read_text("utf-8")
        )
        self._abandon: Any = self._redis.register_script(
            scripts.joinpath("abandon.lua").read_text("utf-8")
        )
        self._ttl_ms = int(ttl_s * 1000)
        self._lease_ms = int(lease_s * 1000)
        self._prefix = prefix
        self._deadline_s = deadline_s
        self._running: dict[bytes, None] = {}
        self._endings: OrderedDict[bytes, _Ending] = OrderedDict()
        self._ended = asyncio.Event()
        self._away = False

    @property
    def problem(self) -> str | None:
        """Return that the server is away, if it is."""
        return "Redis is away; calls with an idempotency key are refused" if self._away else None

    def begin(self, slot: bytes, fingerprint: bytes) -> Awaitable[Begun]:
        """Begin a call, or tell how it stands with the one that was begun before."""
        return self._begin(slot, fingerprint)

    def finish(self, started: Started, answer: KeptAnswer | None) -> None:
        """Keep the answer of a call that was made; the server is told in a moment."""
        self._running.pop(started.slot, None)
        kept = b"" if answer is None else encode_answer(answer)
        self._end(started.slot, _Ending(_DONE + started.fingerprint + kept))

    def release(self, started: Started) -> None:
        """Forget a call that came to nothing; the server is told in a moment."""
        self._running.pop(started.slot, None)
        self._end(started.slot, _Ending())

    async def run(self) -> None:
        """Tell the server of ends, and that the calls of this gateway still run."""
        await asyncio.gather(self._tell_ends(), self._renew())

    async def flush(self) -> None:
        """Tell the server of every end that waits.

        Raises:
            RedisError: if it cannot be told; nothing is forgotten.
            TimeoutError: likewise.
        """
        while self._endings:
            slot, ending = next(iter(self._endings.items()))
            kept, lease = self._names(slot)
            async with asyncio.timeout(_TELL_S):
                if ending.token is not None:
                    await self._abandon(keys=[kept, lease], args=[ending.token])
                else:
                    async with self._redis.pipeline(transaction=True) as pipe:
                        if ending.kept is None:
                            pipe.delete(kept)
                        else:
                            pipe.set(kept, ending.kept, px=self._ttl_ms)
                        pipe.delete(lease)
                        await pipe.execute()
            if self._endings.get(slot) is ending:
                del self._endings[slot]
        self._ended.clear()

    async def close(self) -> None:
        """Tell the last ends, if that can be done in a moment, and disconnect."""
        for work in (self.flush(), self._redis.aclose()):
            try:
                async with asyncio.timeout(1.0):
                    await work
            except (RedisError, OSError, TimeoutError) as error:
                _log.warning("closing the store of idempotency keys: %s", error)

    # Within

    async def _begin(self, slot: bytes, fingerprint: bytes) -> Begun:
        waiting = self._endings.get(slot)
        if waiting is not None and waiting.kept is not None:
            return _standing(waiting.kept, fingerprint, alive=True)
        kept, lease = self._names(slot)
        token = secrets.token_bytes(16)
        arguments = [_RUNNING + fingerprint, self._ttl_ms, self._lease_ms, token]
        try:
            async with asyncio.timeout(self._deadline_s):
                told: list[Any] = await self._script(keys=[kept, lease], args=arguments)
        except (RedisError, OSError, TimeoutError) as error:
            if not self._away:
                _log.warning("the store of idempotency keys cannot be asked: %s", error)
            self._away = True
            # It may have been heard nevertheless, and nothing will be called.
            self._end(slot, _Ending(token=token))
            raise StoreAwayError from error
        self._away = False
        if told[0]:
            return _standing(bytes(told[0]), fingerprint, alive=bool(told[1]))
        self._running[slot] = None
        return Started(slot, fingerprint)

    def _end(self, slot: bytes, ending: _Ending) -> None:
        if len(self._endings) >= _MAX_WAITING:
            # Its lease ends by itself, and the key is then refused: never called twice.
            self._endings.popitem(last=False)
        self._endings[slot] = ending
        self._ended.set()

    def _names(self, slot: bytes) -> tuple[str, str]:
        name = f"{self._prefix}{{{slot.hex()}}}"
        return name, f"{name}:lease"

    async def _tell_ends(self) -> None:
        while True:
            await self._ended.wait()
            try:
                await self.flush()
            except (RedisError, OSError, TimeoutError):
                self._away = True
                await asyncio.sleep(_RETRY_S)

    async def _renew(self) -> None:
        while True:
            await asyncio.sleep(min(_RENEW_S, self._lease_ms / 4000))
            slots = list(self._running)
            for start in range(0, len(slots), 500):
                try:
                    async with asyncio.timeout(_TELL_S), self._redis.pipeline(False) as pipe:
                        for slot in slots[start : start + 500]:
                            pipe.pexpire(self._names(slot)[1], self._lease_ms)
                        await pipe.execute()
                except (RedisError, OSError, TimeoutError):
                    break


def _standing(kept: bytes, fingerprint: bytes, *, alive: bool) -> Begun:
    state, used_for, answer = kept[:1], kept[1 : 1 + _DIGEST], kept[1 + _DIGEST :]
    if used_for != fingerprint:
        return Different
    if state == _RUNNING:
        return Running if alive else Lost
    return (decode_answer(answer) if answer else None) or Lost
