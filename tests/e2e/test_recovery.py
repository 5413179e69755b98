"""Parts that die or hang: they come back, and what callers were owed is delivered exactly once."""

import signal
import threading
from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager

import openai
import psutil
import pytest

from tests.fixtures.platform import CHAT_MODEL, EMBEDDING_MODEL, Platform, eventually

pytestmark = [pytest.mark.xdist_group("platform"), pytest.mark.timeout(400)]

PARTS = ("postgres", "control", "gateway", "worker", "llm", "embed")


@pytest.fixture
def steady(platform: Platform) -> Generator[Platform]:
    """The session's platform, ready before the test and after it."""
    platform.await_ready()
    yield platform
    platform.await_ready()


@pytest.mark.parametrize("part", PARTS)
def test_a_killed_part_is_started_again_and_serves(steady: Platform, part: str) -> None:
    before = steady.state().parts[part]
    pids = {name: steady.pid(name) for name in PARTS}
    psutil.Process(steady.pid(part)).kill()

    def is_back() -> bool:
        now = steady.state().parts[part]
        return now.state == "ready" and now.pid not in (None, before.pid)

    eventually(is_back, within_s=60, what=f"{part} is back")
    steady.note_processes()
    after = steady.state().parts[part]
    assert after.restarts == before.restarts + 1
    assert after.last_exit == "signal SIGKILL"
    assert {n: p for n, p in pids.items() if n != part} == {
        n: steady.pid(n) for n in PARTS if n != part
    }
    assert _answers(steady)
    with steady.control() as control:
        assert control.get("/system/parts").status_code == 200


def test_with_the_database_away_traffic_goes_on_and_usage_arrives_once(steady: Platform) -> None:
    with _frozen(steady, "postgres"):
        asked = _embed(steady, 5)
    _assert_recorded_once(steady, asked)


def test_with_control_away_traffic_goes_on_and_usage_arrives_once(steady: Platform) -> None:
    with _frozen(steady, "control"):
        asked = _embed(steady, 5)
    _assert_recorded_once(steady, asked)


def test_usage_survives_the_death_of_the_gateway_before_it_was_delivered(
    steady: Platform,
) -> None:
    with _frozen(steady, "control"):
        asked = _embed(steady, 3)
        psutil.Process(steady.pid("gateway")).kill()
    _assert_recorded_once(steady, asked)


def test_a_caller_that_leaves_frees_the_model_at_once(steady: Platform) -> None:
    # More callers than the model has slots leave in mid-stream; the next one is served at once.
    for _ in range(6):
        with (
            steady.openai() as client,
            client.chat.completions.create(
                model=CHAT_MODEL,
                messages=[{"role": "user", "content": "Count from one to one thousand."}],
                max_tokens=1500,
                stream=True,
                extra_body={"ignore_eos": True},
            ) as stream,
        ):
            next(iter(stream))
    with steady.openai() as client:
        answer = client.with_options(timeout=30).chat.completions.create(
            model=CHAT_MODEL, messages=[{"role": "user", "content": "Hi"}], max_tokens=2
        )
    assert answer.choices


def test_a_restarting_model_is_an_error_that_says_so_not_a_hang(steady: Platform) -> None:
    psutil.Process(steady.pid("embed")).kill()
    outcomes: Counter[str] = Counter()
    done = threading.Event()

    def is_served() -> bool:
        try:
            _embed(steady, 1)
        except openai.APIStatusError as error:
            outcomes[str(error.code)] += 1
            return False
        done.set()
        return True

    eventually(is_served, within_s=60, what="embeddings are served again")
    assert done.is_set()
    assert set(outcomes) <= {"upstream_unreachable", "upstream_error", "overloaded"}


@contextmanager
def _frozen(platform: Platform, part: str) -> Generator[None]:
    """Stop every process of ``part`` for the length of the block: it neither works nor ends."""
    processes = platform.tree(part)
    for process in processes:
        process.suspend()
    try:
        yield
    finally:
        for process in processes:
            if process.is_running():
                process.send_signal(signal.SIGCONT)


def _embed(platform: Platform, times: int) -> list[str]:
    """Embed something ``times`` times; return the requests' ids."""
    with platform.openai() as client:
        embeddings = client.with_options(timeout=30).embeddings.with_raw_response
        return [
            embeddings.create(model=EMBEDDING_MODEL, input=f"text {index}").headers["x-request-id"]
            for index in range(times)
        ]


def _answers(platform: Platform) -> bool:
    with platform.openai() as client:
        answer = client.with_options(timeout=60).chat.completions.create(
            model=CHAT_MODEL, messages=[{"role": "user", "content": "Hi"}], max_tokens=2
        )
    return bool(answer.choices) and bool(_embed(platform, 1))


def _assert_recorded_once(platform: Platform, asked: list[str]) -> None:
    """Wait until every request is in the ledger, and see that none is there twice."""
    assert len(set(asked)) == len(asked)
    platform.await_ready()
    eventually(
        lambda: set(asked) <= set(platform.recorded_requests()),
        within_s=60,
        what="all usage has arrived",
    )
    counted = Counter(platform.recorded_requests())
    assert {request: counted[request] for request in asked} == dict.fromkeys(asked, 1)
