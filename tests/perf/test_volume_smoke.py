"""The measurement of much data keeps working, and finds no large table that is read whole."""

from collections.abc import Generator
from pathlib import Path

import pytest

from benchmarks.filling import Sizes
from benchmarks.volume import measure, table
from mainspring.testing.postgres import running_postgres

pytestmark = [pytest.mark.nightly, pytest.mark.timeout(900)]


@pytest.fixture
def dsn() -> Generator[str]:
    with running_postgres(durable=False) as dsn:
        yield dsn


async def test_much_data_is_measured(dsn: str, tmp_path: Path) -> None:
    sizes = Sizes(organizations=20, keys=25_000, events=60_000, calls=40_000)
    figures, told = await measure(dsn, sizes, tmp_path)
    assert [each.name for each in figures if each.read_whole] == []
    assert any("audit_events" in name for each in figures for name in each.indexes)
    assert any("key is refused" in name for name in told)
    assert "25,000 keys" in table(sizes, figures, told)
