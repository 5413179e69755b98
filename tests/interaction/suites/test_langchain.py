"""LangChain's standard tests of chat models, put to a gateway in front of a scripted model."""

import shutil
from pathlib import Path

import pytest

from mainspring.testing.snapshots import SnapshotBuilder
from mainspring.testing.upstream import ScriptedUpstream
from tests.fixtures.gateway import Stand
from tests.fixtures.suites import PLUGINS, run_suite
from tests.interaction.suites.agent import agent


@pytest.mark.nightly
@pytest.mark.timeout(900)
async def test_langchains_chat_models_work_as_with_their_vendors(
    suites: Path, tmp_path: Path
) -> None:
    async with ScriptedUpstream(script=agent) as upstream:
        stand = Stand(tmp_path, SnapshotBuilder())
        stand.key = stand.builder.add_key()
        server = stand.builder.add_upstream(upstream.url)
        for name in ("agent", "other"):
            stand.builder.add_model(name, server)
        await stand.start()
        # Away from our own tests: their conftest needs what is in our environment only.
        place = tmp_path / "cases"
        place.mkdir()
        shutil.copy(PLUGINS / "langchain_cases.py", place / "test_chat_models.py")
        try:
            outcome = await run_suite(
                suites,
                place,
                "langchain",
                ["test_chat_models.py"],
                key=stand.key,
                report=tmp_path / "report.json",
                variables={"TEST_API_BASE_URL": stand.url, "LANGSMITH_TRACING": "false"},
                options=[
                    "-o",
                    "asyncio_mode=auto",
                    "-o",
                    "asyncio_default_test_loop_scope=session",
                ],
                deadline_s=600,
            )
        finally:
            await stand.close()
    assert outcome.complaints == ""
    assert outcome.passed >= 133
