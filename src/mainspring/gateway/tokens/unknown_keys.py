"""Tokens by keys that are not known here: perhaps an issuer has just changed its keys."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterable

_log = logging.getLogger(__name__)

_GRACE_S = 10.0
"""So long after a key was first met its bearers are told to try again."""
_FORGET_S = 60.0
_MAX_MET = 1000
_MAX_WANTED = 100
_PAUSE_S = 2.0


class UnknownKeys:
    """Asks for an issuer's newer keys, at a pace that no caller can raise.

    ``ask`` tells control the ids of the issuers; whatever it raises is its caller's to foresee.
    Keys that somebody invents cost one question every two seconds, however many they are.
    """

    def __init__(
        self,
        ask: Callable[[list[str]], Awaitable[None]],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._ask = ask
        self._monotonic = monotonic
        self._met: dict[tuple[str, str], float] = {}
        self._wanted: set[str] = set()
        self._wake = asyncio.Event()

    def meet(self, issuer_ids: Iterable[str], key_id: str) -> bool:
        """Want newer keys of these issuers; tell whether to come back soon makes sense."""
        now = self._monotonic()
        hopeful = False
        for issuer_id in issuer_ids:
            met_at = self._met.get((issuer_id, key_id))
            if met_at is None or now - met_at >= _FORGET_S:
                if not self._note(issuer_id, key_id, now):
                    continue
                met_at = now
            hopeful = hopeful or now - met_at < _GRACE_S
        return hopeful

    async def run(self) -> None:
        """Ask for what is wanted, until cancelled."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            wanted, self._wanted = sorted(self._wanted), set[str]()
            await self._ask(wanted)
            await asyncio.sleep(_PAUSE_S)

    def _note(self, issuer_id: str, key_id: str, now: float) -> bool:
        # In the order of their meeting, so the oldest are at the front.
        self._met.pop((issuer_id, key_id), None)
        while self._met and now - next(iter(self._met.values())) >= _FORGET_S:
            del self._met[next(iter(self._met))]
        if len(self._wanted) < _MAX_WANTED:
            # Asked for even when too many keys were invented to remember this one.
            self._wanted.add(issuer_id)
            self._wake.set()
        if len(self._met) >= _MAX_MET:
            return False
        self._met[issuer_id, key_id] = now
        return True
