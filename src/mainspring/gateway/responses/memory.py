"""A gateway's memory of responses, put together."""

import asyncio
from pathlib import Path

from mainspring.gateway.control_link.client import ControlClient
from mainspring.gateway.meter.shipper import Shipper
from mainspring.gateway.meter.spool import Spool, SpoolLimits
from mainspring.gateway.pipeline.identity import Authenticator
from mainspring.gateway.pipeline.model_call import ModelPipeline
from mainspring.gateway.responses.endpoints import ResponseRoutes
from mainspring.gateway.responses.keeping import Keeper
from mainspring.gateway.responses.recall import RESPONSES_PATH, Recall
from mainspring.gateway.responses.recent import RecentTurns
from mainspring.gateway.settings import GatewaySettings
from mainspring.snapshot.table import SnapshotTable

_SEGMENT_BYTES = 8 * 1024 * 1024
"""Room for the largest turn that is kept."""


def response_spool(settings: GatewaySettings, beside: Path) -> tuple[Path, SpoolLimits]:
    """Return where the turns of a gateway wait whose records wait in ``beside``."""
    limits = SpoolLimits(segment_bytes=_SEGMENT_BYTES, total_bytes=settings.response_spool_bytes)
    return beside / "responses", limits


class ResponseMemory:
    """Keeps responses in a spool of their own, ships them, and remembers the recent ones."""

    def __init__(
        self, settings: GatewaySettings, *, records: ControlClient, asks: ControlClient
    ) -> None:
        """Open the spool; turns are shipped by ``records``, and asked for by ``asks``.

        Raises:
            SpoolError: if the spool cannot be used.
        """
        directory, limits = response_spool(settings, settings.spool_dir)
        self.spool = Spool(directory, limits)
        self.arrived = asyncio.Event()
        """Set while the spool may hold something."""
        self.shipper = Shipper(
            self.spool,
            records,
            gateway_id=settings.gateway_id,
            rejected=directory / "rejected.records",
            path=RESPONSES_PATH,
            interval_s=0.0,  # another gateway may be asked to go on with the turn at once
            arrived=self.arrived,
        )
        self._recent = RecentTurns(settings.recent_responses_bytes)
        self._recall = Recall(self._recent, asks)

    def routes(
        self, table: SnapshotTable, authenticator: Authenticator, pipeline: ModelPipeline
    ) -> ResponseRoutes:
        """Return the routes of ``/v1/responses``."""
        return ResponseRoutes(
            table=table,
            authenticator=authenticator,
            pipeline=pipeline,
            keeper=Keeper(self.spool, self.arrived, self._recent),
            recall=self._recall,
        )

    async def close(self, deadline_s: float) -> None:
        """Deliver what waits, as far as control takes it within ``deadline_s``, and let go."""
        await self.shipper.flush(deadline_s)
        self.spool.close()
