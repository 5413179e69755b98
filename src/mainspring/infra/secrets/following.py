"""Following the master keys while a process runs, so that a new one needs no restart."""

import asyncio
import logging
from collections.abc import Callable

from mainspring.infra.secrets.keyfile import KeyFileError
from mainspring.infra.secrets.sealer import Sealer
from mainspring.infra.secrets.sources import KeySource

_log = logging.getLogger(__name__)

FOLLOWED_EVERY_S = 5.0


class KeyFollower:
    """Keeps a sealer's keys those of their source.

    Fails closed: a source that cannot be asked changes nothing, and what a key that is not held
    here sealed stays closed. ``changed`` hears of every change.
    """

    def __init__(
        self,
        source: KeySource,
        sealer: Sealer,
        *,
        changed: Callable[[], None] = lambda: None,
        every_s: float = FOLLOWED_EVERY_S,
    ) -> None:
        self._source = source
        self._sealer = sealer
        self._changed = changed
        self._every_s = every_s
        self._problem: str | None = None

    async def run(self) -> None:
        """Look again and again, until cancelled."""
        while True:
            await asyncio.sleep(self._every_s)
            await self.look()

    async def look(self) -> bool:
        """Look once; tell whether the source could be asked."""
        try:
            keys = await asyncio.to_thread(self._source.load)
        except (KeyFileError, OSError) as error:
            if str(error) != self._problem:
                self._problem = str(error)
                _log.warning("the master keys cannot be read; those that are held stay: %s", error)
            return False
        if self._problem is not None:
            self._problem = None
            _log.info("the master keys can be read again")
        if self._sealer.hold(keys):
            _log.info("master keys changed; %s seals", self._sealer.key_id)
            self._changed()
        return True
