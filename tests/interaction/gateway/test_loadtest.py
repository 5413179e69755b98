"""O8: ``mainspring loadtest`` against a real gateway with a scripted model server behind it."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from mainspring.app.cli.main import build
from mainspring.app.exit_codes import ExitCode
from mainspring.snapshot.policy_rules import CacheRule
from mainspring.testing.upstream import ReceivedRequest, Reply, ScriptedUpstream
from tests.fixtures.gateway import Stand

pytestmark = pytest.mark.alone

CAPACITY = 50.0


async def run(stand: Stand, *words: str, key: str | None = None) -> tuple[int, str, str]:
    """Run ``mainspring loadtest`` towards the gateway; return its status and what it said."""
    return await command(
        *("loadtest", "--url", stand.url, "--key-env", "THE_KEY", *words), THE_KEY=key or stand.key
    )


async def command(*words: str, **environ: str) -> tuple[int, str, str]:
    """Run the command line in a thread, with a loop of its own."""
    done = await asyncio.to_thread(CliRunner(env=environ).invoke, build(), words)
    return done.exit_code, done.stdout, done.stderr


async def reported(stand: Stand, *words: str) -> dict[str, Any]:
    status, out, err = await run(stand, *words, "--json")
    assert status == 0, err
    return json.loads(out)


def one_at_a_time(upstream: ScriptedUpstream, service_s: float) -> None:
    """Have ``upstream`` answer one request after the other, as a server with one slot does."""
    loop = asyncio.get_running_loop()
    free_at = 0.0

    def script(request: ReceivedRequest) -> Reply | None:
        nonlocal free_at
        del request
        free_at = max(free_at, loop.time()) + service_s
        return Reply(delay_s=free_at - loop.time())

    upstream.script_function = script


async def test_an_open_loop_times_tokens_and_counts_failures_by_code(
    stand: Stand, upstream: ScriptedUpstream, tmp_path: Path
) -> None:
    upstream.default = Reply(tokens=4, delay_s=0.05, chunk_interval_s=0.02)
    upstream.then(Reply(), *(Reply.failure(400) for _ in range(5)))
    page, saved = tmp_path / "report.html", tmp_path / "report.json"
    report = await reported(
        stand, "-m", "scripted", "--rate", "30", "--duration", "1.5", "--unique",
        "--html", str(page), "--save", str(saved),
    )  # fmt: skip
    [stage] = report["stages"]
    assert (report["mode"], report["model"], report["url"]) == (
        "open",
        "scripted",
        f"{stand.url}/v1",
    )
    assert stage["requests"] == stage["done"] + stage["failed"] == len(upstream.requests) - 1
    assert 20 < stage["requests"] < 80
    assert stage["failed"] == sum(stage["errors"].values()) == 5
    assert all(code.startswith("400") for code in stage["errors"])
    # 50 ms to the head and the first word, 20 ms to each of the next ones.
    assert 50 <= stage["ttft"]["p50"] < stage["latency"]["p50"]
    assert 110 <= stage["latency"]["p50"] < 1000
    assert 15 <= stage["gaps"]["p50"] < 100
    assert (stage["output_tokens"], stage["without_usage"]) == (4 * stage["done"], 0)
    prompts = {json.loads(request.body)["messages"][-1]["content"] for request in upstream.requests}
    assert len(prompts) == len(upstream.requests)
    assert json.loads(saved.read_text("utf-8")) == report
    text = page.read_text("utf-8")
    assert "<svg" in text
    assert stand.key not in text + saved.read_text("utf-8")


async def test_late_answers_count_from_when_they_were_due(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    """What a client that waits would never see: one hold-up delays all that come meanwhile."""
    one_at_a_time(upstream, 0.1)
    report = await reported(stand, "-m", "scripted", "--rate", "30", "--duration", "1")
    [stage] = report["stages"]
    # Ten a second are served of thirty that come: the last waits about as long as two thirds of
    # them take, whatever the load generator could send meanwhile.
    assert stage["done"] == stage["requests"]
    expected = (stage["requests"] / 10 - 1) * 1000
    assert stage["latency"]["max"] == pytest.approx(expected, rel=0.35)
    assert stage["keeping_up"] < 0.6
    assert stage["saturated_by"] == "pile_up"


async def test_a_closed_loop_has_as_many_under_way_as_it_has_clients(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    upstream.default = Reply(tokens=3, delay_s=0.02)
    report = await reported(
        stand, "-m", "scripted", "--clients", "4", "-n", "60", "--no-stream", "--max-tokens", "2"
    )
    [stage] = report["stages"]
    assert (stage["requests"], stage["done"], stage["most_under_way"]) == (60, 60, 4)
    assert (stage["clients"], stage["ttft"]["count"]) == (4, 0)
    assert stage["output_tokens"] == 120
    assert 40 < stage["throughput"] < 200
    assert report["notes"] == ["bounded"]


async def test_a_trace_is_sent_as_it_was_recorded(
    stand: Stand, upstream: ScriptedUpstream, tmp_path: Path
) -> None:
    trace = tmp_path / "trace.jsonl"
    bodies = [
        {"model": "scripted", "messages": [{"role": "user", "content": f"{n}"}], "stream": n == 2}
        for n in range(3)
    ]
    trace.write_text(
        "".join(
            json.dumps({"at": 100 + at, "body": body}) + "\n"
            for at, body in zip((0, 2, 4), bodies, strict=True)
        ),
        "utf-8",
    )
    begun = asyncio.get_running_loop().time()
    report = await reported(stand, "--trace", str(trace), "--speed", "4", "--no-warm-up")
    assert asyncio.get_running_loop().time() - begun > 1.0
    [stage] = report["stages"]
    assert (stage["requests"], stage["done"], stage["ttft"]["count"]) == (3, 3, 1)
    asked = [json.loads(request.body)["messages"][0]["content"] for request in upstream.requests]
    assert asked == ["0", "1", "2"]
    assert stage["offered"] == pytest.approx(3 / stage["duration_s"], rel=0.01)


async def test_rising_steps_find_where_a_server_is_saturated(
    stand: Stand, upstream: ScriptedUpstream, tmp_path: Path
) -> None:
    one_at_a_time(upstream, 1 / CAPACITY)
    saved = tmp_path / "report.json"
    status, out, err = await run(
        stand, "-m", "scripted", "--steps", "--rate", "25", "--growth", "2", "--duration", "0.8",
        "--refine", "1", "--save", str(saved),
    )  # fmt: skip
    assert status == 0, err
    found = json.loads(saved.read_text("utf-8"))["saturation"]
    assert 25 <= found["highest_good"] <= CAPACITY * 1.18
    assert CAPACITY * 0.8 <= found["lowest_bad"] <= 100
    assert found["reason"] == "pile_up"
    assert 15 < found["sustained"] <= CAPACITY * 1.1
    assert "Saturated between" in out
    assert "under way" in err

    status, out, err = await command(
        *("capacity", "--report", str(saved), "--target-rate", "200"),
        *("--reserve", "0", "--spare", "0", "--json"),
    )
    assert status == 0, err
    estimate = json.loads(out)["estimate"]
    assert estimate["basis"] == "limit"
    assert estimate["replicas_for_target"] == -int(-200 // found["sustained"])


async def test_what_is_beyond_the_bound_is_counted_and_not_sent(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    upstream.default = Reply(delay_s=0.5)
    report = await reported(
        stand, "-m", "scripted", "--rate", "40", "--duration", "1", "--max-in-flight", "2"
    )
    [stage] = report["stages"]
    assert stage["most_under_way"] == 2
    assert stage["errors"] == {"not_sent": stage["requests"] - stage["done"]}
    assert stage["done"] == len(upstream.requests) - 1
    assert "not_sent" in report["notes"]


async def test_broken_streams_and_silence_are_failures(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    upstream.then(
        Reply(),
        Reply(end_after_chunks=2),
        Reply(reset_after_chunks=2),
        Reply(stall_before_headers=True),
    )
    report = await reported(
        stand, "-m", "scripted", "--clients", "1", "-n", "4", "--timeout", "0.7"
    )
    [stage] = report["stages"]
    assert (stage["done"], stage["failed"]) == (1, 3)
    # The gateway ends torn streams by an error of its own, and silence is cut off here.
    streams = {code: count for code, count in stage["errors"].items() if code.startswith("stream:")}
    assert sum(streams.values()) == 2
    timeouts = {"first_byte_timeout", "total_timeout"} & set(stage["errors"])
    assert len(timeouts) == 1


async def test_a_wrong_key_ends_it_before_it_began(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    status, out, err = await run(stand, "-m", "scripted", key="msk-wrong")
    assert (status, out) == (ExitCode.REFUSED, "")
    assert "401" in err
    assert "msk-wrong" not in err
    assert not upstream.requests


async def test_bounds_decide_the_status_where_that_is_asked_for(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    upstream.default = Reply(delay_s=0.1)
    words = ("-m", "scripted", "--clients", "2", "-n", "4", "--max-ttft-ms", "20")
    assert (await run(stand, *words))[0] == ExitCode.OK
    status, _, err = await run(stand, *words, "--check")
    assert status == ExitCode.UNHEALTHY
    assert "first tokens took too long" in err


async def test_answers_come_from_the_model_and_not_from_a_cache(
    stand: Stand, upstream: ScriptedUpstream, tmp_path: Path
) -> None:
    stand.builder.add_policy(cache=CacheRule())
    stand.update()
    prompts = tmp_path / "prompts.jsonl"
    prompts.write_text('{"prompt": "always the same", "temperature": 0}\n', "utf-8")
    words = ("-m", "scripted", "--prompts", str(prompts), "--clients", "1", "-n", "5")
    await reported(stand, *words)
    assert len(upstream.requests) == 6
    await reported(stand, *words, "--cached")
    assert len(upstream.requests) == 7
