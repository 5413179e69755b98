"""What a gateway counted by itself, for whoever compares it with the ledger.

The counts are those of its metrics: made where calls end, in memory, apart from the records that
travel through the spool. What a process counted dies with it, so every process has an ``epoch``.
Fields are only ever added, always with a default.
"""

import msgspec


class ModelTally(msgspec.Struct, frozen=True):
    """What was counted of one model; beyond a bound of models the rest is ``other``."""

    model: str
    calls: int
    tokens: int


class TallyWindow(msgspec.Struct, frozen=True, kw_only=True):
    """What ended in ``since_ms <= end < until_ms`` (Unix time), within one hour of UTC.

    ``delivered`` says that control had acknowledged every record of these calls when this was
    said.
    """

    since_ms: int
    until_ms: int
    delivered: bool
    models: list[ModelTally]


class TallyReport(msgspec.Struct, frozen=True, kw_only=True):
    """Windows of one process; one that is told again has grown, or its records have arrived.

    ``earlier_delivered`` says that nothing which an earlier process of this gateway recorded waits
    any more.
    """

    gateway_id: str
    epoch: str
    earlier_delivered: bool
    windows: list[TallyWindow]
