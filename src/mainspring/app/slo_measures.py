"""What objectives ask the ledger."""

from collections.abc import Sequence
from datetime import datetime

from mainspring.capabilities.metering.api import MeteringService, Quality
from mainspring.capabilities.slo.api import Indicator, MinuteSum, Slo

_BAD_STATUS = {Indicator.AVAILABILITY: 500, Indicator.ERROR_RATE: 400}


class LedgerMeasures:
    """Counts the calls of the ledger."""

    def __init__(self, metering: MeteringService) -> None:
        self._metering = metering

    async def minutes(self, slo: Slo, since: datetime, until: datetime) -> Sequence[MinuteSum]:
        """Return the sums of each minute in ``since <= at < until`` that had calls."""
        found = await self._metering.quality(
            Quality(
                since=since,
                until=until,
                model=slo.model,
                operation=slo.operation,
                bad_status=_BAD_STATUS.get(slo.indicator),
                bad_duration_ms=slo.threshold_ms if slo.indicator is Indicator.LATENCY else None,
                bad_ttft_ms=slo.threshold_ms if slo.indicator is Indicator.TTFT else None,
            )
        )
        return [MinuteSum(each.at, each.total, each.bad) for each in found]
