"""The measurement of scale keeps working, and shows that a snapshot is taken in small steps."""

from pathlib import Path

import pytest

from benchmarks.scale import measure, table

pytestmark = pytest.mark.alone

MOST_STALL_MS = 250
"""Several times what a step takes: to apply this many keys in one go takes longer than that."""


async def test_many_keys_are_measured(tmp_path: Path) -> None:
    found = await measure(30_000, 20, tmp_path)
    assert found.ready_s > 0
    assert found.memory_mb > 40
    assert 0 < found.stall_ms < MOST_STALL_MS
    assert 0 < found.p50_ms <= found.p99_ms
    assert "| 30,000 | 20 |" in table([found])
