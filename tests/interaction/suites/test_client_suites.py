"""The official clients' own tests, put to a gateway instead of the mock server they know."""

from pathlib import Path

import msgspec
import pytest

from mainspring.testing.upstream import Reply, ScriptedUpstream
from tests.fixtures.site import Site, open_site
from tests.fixtures.suites import run_suite
from tests.interaction.suites.seeds import Seeds
from tests.interaction.suites.vendors import TEXT, vendors

OPENAI = (
    "api_resources/audio/test_speech.py",
    "api_resources/audio/test_transcriptions.py",
    "api_resources/audio/test_translations.py",
    "api_resources/chat/test_completions.py",
    "api_resources/responses/test_input_items.py",
    "api_resources/test_batches.py",
    "api_resources/test_completions.py",
    "api_resources/test_embeddings.py",
    "api_resources/test_files.py",
    "api_resources/test_images.py",
    "api_resources/test_models.py",
    "api_resources/test_moderations.py",
    "api_resources/test_responses.py",
)
ANTHROPIC = (
    "api_resources/beta/test_messages.py",
    "api_resources/beta/test_models.py",
    "api_resources/test_messages.py",
    "api_resources/test_models.py",
)
MODELS = {
    "claude-opus-5-5": "chat",
    "gpt-3.5-turbo-instruct": "completion",
    "gpt-4o-transcribe": "transcription",
    "gpt-6-astra": "chat",
    "gpt-image-1.5": "image",
    "gpt-image-2.5-flare": "image",
    "model_id": "chat",
    "omni-moderation-2024-09-26": "moderation",
    "omni-moderation-latest": "moderation",
    "text-embedding-3-small": "embedding",
    "tts-1": "speech",
    "whisper-1": "transcription",
}
"""Every model that the suites name."""


class Run(msgspec.Struct, frozen=True):
    """One client's tests against one kind of upstream; so many of them must pass."""

    client: str
    protocol: str
    tests: tuple[str, ...]
    at_least: int


RUNS = {
    "openai": Run("openai", "openai", OPENAI, 515),
    "openai-over-responses": Run("openai", "openai-responses", OPENAI[-1:], 70),
    "openai-over-anthropic": Run("openai", "anthropic", (OPENAI[3], OPENAI[-1]), 110),
    "anthropic": Run("anthropic", "anthropic", ANTHROPIC, 210),
    "anthropic-over-openai": Run("anthropic", "openai", ANTHROPIC, 210),
}


@pytest.mark.nightly
@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", RUNS)
async def test_the_tests_of_a_client_pass(
    name: str, suites: Path, database_dsn: str, tmp_path: Path
) -> None:
    run = RUNS[name]
    default = Reply(content=TEXT, usage="always")
    async with (
        ScriptedUpstream(default, script=vendors) as upstream,
        open_site(database_dsn, tmp_path, upstream) as site,
    ):
        key = await served(site, upstream, run.protocol)
        async with Seeds(site, key, database_dsn) as seeds:
            outcome = await run_suite(
                suites,
                suites / "sources" / run.client,
                name,
                [f"tests/{each}" for each in run.tests],
                key=key,
                report=tmp_path / "report.json",
                variables={
                    "TEST_API_BASE_URL": site.url() + ("/v1" if run.client == "openai" else ""),
                    "SUITE_SEEDS_URL": seeds.url,
                },
                deadline_s=600,
            )
    assert outcome.complaints == ""
    assert outcome.passed >= run.at_least


async def served(site: Site, upstream: ScriptedUpstream, protocol: str) -> str:
    """Serve every model from ``upstream`` by ``protocol``; return a key that may call them."""
    made = await site.create("/upstreams", name="vendors", base_url=upstream.url, protocol=protocol)
    for name, task in MODELS.items():
        target = {"upstream_id": made["id"], "upstream_model": name}
        await site.create("/models", name=name, tasks=[task], targets=[target])
    _, key = await site.tenant("suites")
    await site.has_caught_up()
    return key
