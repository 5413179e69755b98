"""Delivering what processes left that are not started any more.

When fewer gateway processes run than before, the spools of the others have no owner. Their records
count like all: the first process delivers them beside its own.
"""

import asyncio
import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from mainspring.gateway.control_link.client import ControlClient
from mainspring.gateway.meter.shipper import Shipper
from mainspring.gateway.meter.spool import Spool, SpoolError, SpoolLimits

_log = logging.getLogger(__name__)

_BUSY_S = 30.0
_AWAY_S = 2.0


def numbered(path: Path, number: int) -> Path:
    """Return where process ``number`` (from 1) keeps what the first keeps at ``path``."""
    return path if number == 1 else path.with_name(f"{path.stem}-{number}{path.suffix}")


def leftover_spools(directory: Path, count: int) -> Iterator[Path]:
    """Return the spools beside ``directory`` that belong to no process of ``count``."""
    stem, suffix = re.escape(directory.stem), re.escape(directory.suffix)
    pattern = re.compile(rf"{stem}-([1-9][0-9]*){suffix}")
    if not directory.parent.is_dir():
        return
    for path in sorted(directory.parent.iterdir()):
        found = pattern.fullmatch(path.name)
        if found and int(found[1]) > count and path.is_dir():
            yield path


class Leftover(NamedTuple):
    """A spool without an owner, and where its records go."""

    directory: Path
    limits: SpoolLimits
    path: str


class LeftoverShipper:
    """Empties spools without an owner, one after the other."""

    def __init__(self, client: ControlClient, *, gateway_id: str) -> None:
        self._client = client
        self._gateway_id = gateway_id

    async def run(self, leftovers: list[Leftover]) -> None:
        """Deliver until all are empty; a spool that its old process still holds is waited for."""
        for each in leftovers:
            while not await self._empty(each):  # noqa: ASYNC110 - another process's lock
                await asyncio.sleep(_BUSY_S)

    async def _empty(self, leftover: Leftover) -> bool:
        directory = leftover.directory
        try:
            spool = Spool(directory, leftover.limits)
        except SpoolError as error:
            _log.debug("the records of %s wait: %s", directory, error)
            return False
        try:
            if spool.waiting_bytes:
                _log.info("delivering the records of %s, whose process is no more", directory)
            shipper = Shipper(
                spool,
                self._client,
                gateway_id=self._gateway_id,
                rejected=directory / "rejected.records",
                path=leftover.path,
            )
            while spool.waiting_bytes:
                if not await shipper.ship():
                    await asyncio.sleep(_AWAY_S)
        finally:
            spool.close()
        return True
