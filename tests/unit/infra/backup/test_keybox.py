"""Master keys on a journey open to the passphrase alone."""

import json
import secrets

import pytest

from mainspring.infra.backup import lock_keys, unlock_keys
from mainspring.kernel.errors import BackupDamagedError, InvalidRequestError, RestoreRefusedError

PASSPHRASE = "a long way to go"
KEYS = (secrets.token_bytes(32), secrets.token_bytes(32))


def test_the_passphrase_gives_the_keys_back_in_their_order() -> None:
    box = lock_keys(KEYS, PASSPHRASE)
    assert unlock_keys(box, PASSPHRASE) == KEYS
    assert lock_keys(KEYS, PASSPHRASE) != box
    with pytest.raises(RestoreRefusedError):
        unlock_keys(box, PASSPHRASE + "!")


def test_a_short_passphrase_is_refused() -> None:
    with pytest.raises(InvalidRequestError, match="12"):
        lock_keys(KEYS, "elevenchars")


@pytest.mark.parametrize("content", [b"", b"{}", b"not json", b'{"format":1}'])
def test_another_file_is_not_taken_for_a_box(content: bytes) -> None:
    with pytest.raises(BackupDamagedError):
        unlock_keys(content, PASSPHRASE)


@pytest.mark.parametrize("cost", [0, 1, 3, 1 << 40, -2])
def test_a_box_cannot_demand_all_memory(cost: int) -> None:
    box = json.loads(lock_keys(KEYS, PASSPHRASE))
    with pytest.raises(BackupDamagedError):
        unlock_keys(json.dumps({**box, "cost": cost}).encode(), PASSPHRASE)
