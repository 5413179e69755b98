"""What must have happened before the API serves: migrations, then the embedded defaults.

The process listens meanwhile and answers 503, so that whoever asks learns what it waits for. A
database that is away is waited for; a database of a newer release is not.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from mainspring.kernel.errors import DatabaseUnavailableError, MigrationBusyError, NotReadyError

_log = logging.getLogger(__name__)

_FIRST_RETRY_S = 0.2
_LAST_RETRY_S = 5.0


class Preparation:
    """Steps that are tried until all have succeeded once."""

    def __init__(self, steps: list[tuple[str, Callable[[], Awaitable[object]]]]) -> None:
        self._steps = steps
        self.done = False
        self.waiting_for = "the control plane is starting"

    async def run(self) -> None:
        """Go through the steps; wait for the database as long as it takes.

        Raises:
            SchemaAheadError: if the database belongs to a newer release.
        """
        for name, step in self._steps:
            retry_s = _FIRST_RETRY_S
            while True:
                self.waiting_for = f"the control plane is starting: {name}"
                try:
                    await step()
                    break
                except (DatabaseUnavailableError, MigrationBusyError) as error:
                    self._wait_for(name, error)
                    await asyncio.sleep(retry_s)
                    retry_s = min(retry_s * 2, _LAST_RETRY_S)
        self.done = True

    def _wait_for(self, name: str, error: NotReadyError) -> None:
        self.waiting_for = f"{name}: {error.detail}"
        _log.warning("start waits: %s", self.waiting_for)
