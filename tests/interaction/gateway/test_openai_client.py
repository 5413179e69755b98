"""What the official client sees."""

from mainspring.testing.upstream import Reply, ScriptedUpstream
from mainspring.wire.usage import Usage
from tests.fixtures.gateway import Stand

HELLO = [{"role": "user", "content": "three words here"}]


async def test_a_chat_completion_comes_back_whole_and_is_recorded(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    upstream.then(Reply(content="Hello over there"))
    answer = await stand.openai().chat.completions.create(model="scripted", messages=HELLO)  # type: ignore[arg-type]
    assert answer.choices[0].message.content == "Hello over there"
    [record] = await stand.recorded()
    assert record.usage == Usage(input=3, output=3)
    assert record.usage_frame is not None
    assert (record.operation, record.model, record.outcome) == ("chat", "scripted", "ok")
    assert (record.status, record.stream, record.attempts) == (200, False, 1)
    assert record.id == f"use_{record.request_id.removeprefix('req_')}"
