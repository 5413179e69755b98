"""A disaster drill: a platform is backed up while it serves, and comes back on an empty machine."""

import stat
from pathlib import Path

import openai
import pytest

from tests.fixtures.platform import Platform, new_platform

pytestmark = pytest.mark.timeout(600)

PASSPHRASE = "kept in another building"


def test_a_platform_comes_back_on_an_empty_machine(platform: Platform, tmp_path: Path) -> None:
    key = platform.json("keys", "create", "survivor")["secret"]
    file, keys = tmp_path / "platform.tar", tmp_path / "platform.keys"
    made = platform.json(
        *("backup", str(file), "--keys", str(keys), "--passphrase-stdin"), stdin=PASSPHRASE
    )
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with new_platform() as empty:
        restored = empty.json(
            *("restore", str(file), "--keys", str(keys), "--passphrase-stdin"), stdin=PASSPHRASE
        )
        assert restored["rows"] == made["rows"] > 0
        empty.up(MAINSPRING_EMBEDDED_MODELS="false")
        with openai.OpenAI(
            base_url=f"{empty.state().gateway_url}/v1", api_key=key, max_retries=0
        ) as client:
            assert {model.id for model in client.models.list()} == {
                model["name"] for model in platform.json("models", "list")["items"]
            }
        assert empty.json("audit", "verify")["intact"] is True
        names = {each["name"] for each in empty.json("keys", "list")["items"]}
        assert names == {each["name"] for each in platform.json("keys", "list")["items"]}
        # What runs is not restored over.
        again = empty.run("restore", str(file))
        assert again.returncode == 6
        assert "mainspring down" in again.stderr
