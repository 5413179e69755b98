"""Telling Prometheus where the metrics of a run are, as its ``http_sd_configs`` read it."""

from collections.abc import Sequence

import msgspec


class Target(msgspec.Struct, frozen=True):
    """One place with metrics: which part shows them, and its address as ``host:port``."""

    component: str
    address: str


def encode_targets(targets: Sequence[Target]) -> bytes:
    """Return the list as Prometheus takes it; each target's series get the label ``component``."""
    return msgspec.json.encode(
        [
            {"targets": [target.address], "labels": {"component": target.component}}
            for target in targets
        ]
    )
