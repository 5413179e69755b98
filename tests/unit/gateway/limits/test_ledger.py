"""The file of calendar windows: what it keeps, what it forgets, who may have it."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from mainspring.gateway.limits import LocalLimiter, Refusal, Reservation
from mainspring.gateway.limits.ledger import LedgerError, LedgerFile
from mainspring.kernel.money import Money
from mainspring.snapshot.limits import Bound
from mainspring.snapshot.resources import Limits

NOON = 1_767_268_800.0  # 2026-01-01T12:00:00Z
MIDNIGHT = NOON + 12 * 3600
BOUND = Bound(
    "key/k", Limits(requests_per_day=3, tokens_per_month=100, budget_per_month=50, currency="EUR")
)


def test_what_was_put_is_there_after_reopening(tmp_path: Path) -> None:
    first = LedgerFile(tmp_path / "limits.bin", NOON)
    slot, used = first.open("key/k|requests|2026-01-01", MIDNIGHT)
    assert used == 0
    first.values[slot] = 7
    first.close()
    again = LedgerFile(tmp_path / "limits.bin", NOON)
    assert again.open("key/k|requests|2026-01-01", MIDNIGHT)[1] == 7
    assert again.open("key/k|requests|2026-01-02", MIDNIGHT)[1] == 0
    again.close()


def test_windows_that_are_over_make_room(tmp_path: Path) -> None:
    ledger = LedgerFile(tmp_path / "limits.bin", NOON)
    for number in range(5000):
        slot, _ = ledger.open(f"{number}", MIDNIGHT)
        ledger.values[slot] = number
    size = (tmp_path / "limits.bin").stat().st_size
    ledger.close()
    ledger = LedgerFile(tmp_path / "limits.bin", NOON)
    assert [ledger.open(f"{number}", MIDNIGHT)[1] for number in (0, 1023, 1024, 4999)] == [
        0,
        1023,
        1024,
        4999,
    ]
    ledger.close()
    ledger = LedgerFile(tmp_path / "limits.bin", MIDNIGHT)
    assert len(ledger) == 0
    for number in range(5000):
        assert ledger.open(f"{number}", MIDNIGHT + 86_400)[1] == 0
    assert (tmp_path / "limits.bin").stat().st_size == size
    ledger.close()


def test_a_file_belongs_to_one_gateway_at_a_time(tmp_path: Path) -> None:
    ledger = LedgerFile(tmp_path / "limits.bin", NOON)
    with pytest.raises(LedgerError, match="another gateway"):
        LedgerFile(tmp_path / "limits.bin", NOON)
    ledger.close()
    LedgerFile(tmp_path / "limits.bin", NOON).close()


def test_a_file_of_something_else_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "limits.bin"
    path.write_bytes(b"precious" * 100)
    with pytest.raises(LedgerError, match="does not hold limits"):
        LedgerFile(path, NOON)
    assert path.read_bytes() == b"precious" * 100


def test_settled_use_survives_and_reservations_do_not(tmp_path: Path) -> None:
    ledger = LedgerFile(tmp_path / "limits.bin", NOON)
    limiter = LocalLimiter(ledger, lambda: NOON)
    cost = Money("EUR", 20)
    settled = limiter.reserve((BOUND,), 60, 0.0, 60, cost)
    assert isinstance(settled, Reservation)
    limiter.settle(settled, 30, 0.0, Money("EUR", 15))
    assert isinstance(limiter.reserve((BOUND,), 60, 0.0, 60, cost), Reservation)
    refusal = limiter.reserve((BOUND,), 60, 0.0, 60, cost)
    assert isinstance(refusal, Refusal)
    assert (refusal.dimension, refusal.period) == ("tokens", "month")
    ledger.close()

    reborn = LocalLimiter(LedgerFile(tmp_path / "limits.bin", NOON), lambda: NOON)
    refusal = reborn.reserve((BOUND,), 71, 0.0, 60, cost)
    assert isinstance(refusal, Refusal)
    refusal = reborn.reserve((BOUND,), 70, 0.0, 60, Money("EUR", 36))
    assert isinstance(refusal, Refusal)
    assert (refusal.dimension, refusal.period) == ("budget", "month")
    assert isinstance(reborn.reserve((BOUND,), 70, 0.0, 60, Money("EUR", 35)), Reservation)


PROGRAM = """
import os, signal, sys
from pathlib import Path
from mainspring.gateway.limits.ledger import LedgerFile

ledger = LedgerFile(Path(sys.argv[1]), 0.0)
slot, used = ledger.open("counter", 1e12)
for count in range(used + 1, used + 100_001):
    ledger.values[slot] = count
    if count % 20_000 == 0:
        sys.stdout.write(f"{count}\\n")
        sys.stdout.flush()
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_nothing_that_was_put_is_lost_by_kill_9(tmp_path: Path) -> None:
    path = tmp_path / "limits.bin"
    for life in (1, 2):
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM, str(path)],
            capture_output=True,
            check=False,
            timeout=30,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )
        assert done.returncode == -signal.SIGKILL, done.stderr
        ledger = LedgerFile(path, 0.0)
        assert ledger.open("counter", 1e12)[1] == life * 100_000
        ledger.close()
