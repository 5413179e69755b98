"""Spans as a real Phoenix reads them: the whole way to a tracing back end and out of it again."""

from pathlib import Path

import pytest

from mainspring.testing.snapshots import SnapshotBuilder
from mainspring.testing.upstream import ScriptedUpstream
from mainspring.wire.attributes import NameSet
from tests.fixtures.gateway import Stand
from tests.fixtures.phoenix import Phoenix, phoenix_program

__all__ = ["phoenix_program"]

pytestmark = [pytest.mark.nightly, pytest.mark.timeout(900)]

CHAT = {"model": "scripted", "messages": [{"role": "user", "content": "private words"}]}
PARENT = f"00-{'a' * 32}-{'b' * 16}-01"


async def test_a_call_is_read_back_from_phoenix_with_its_attributes(
    phoenix_program: Path, tmp_path: Path, upstream: ScriptedUpstream
) -> None:
    stand = Stand(tmp_path, SnapshotBuilder())
    stand.key = stand.builder.add_key()
    stand.builder.add_model("scripted", stand.builder.add_upstream(upstream.url))
    async with Phoenix(phoenix_program, tmp_path) as phoenix:
        stand.configure(otlp_endpoint=phoenix.url, trace_ratio=1.0, trace_names=NameSet.BOTH)
        await stand.start()
        try:
            answer = await stand.http().post(
                "/v1/chat/completions",
                json=CHAT,
                headers={"traceparent": PARENT, "X-Session-ID": "session-7"},
            )
            assert answer.status_code == 200
            found = await phoenix.arrived(2)
            [record] = await stand.recorded()
        finally:
            await stand.close()
    server, client = found["POST /v1/chat/completions"], found["chat scripted"]
    assert server["context"]["trace_id"] == client["context"]["trace_id"] == "a" * 32
    assert server["parent_id"] == "b" * 16
    assert client["parent_id"] == server["context"]["span_id"]
    assert server["attributes"]["http.response.status_code"] == 200
    assert server["attributes"]["mainspring.request.id"] == answer.headers["x-request-id"]
    assert server["attributes"]["mainspring.project.id"] == record.project_id
    told = client["attributes"]
    assert told["gen_ai.operation.name"] == "chat"
    assert told["gen_ai.provider.name"] == told["gen_ai.system"] == "openai"
    assert told["gen_ai.request.model"] == "scripted"
    assert told["gen_ai.usage.input_tokens"] == record.usage.input
    assert told["gen_ai.usage.output_tokens"] == record.usage.output
    assert "private words" not in str(found)
