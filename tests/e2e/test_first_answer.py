"""A stranger's first minutes: start, an answer, an embedding, the terminal, the printed hints."""

import io
import json
import math
import re
import stat
import subprocess
import sys
import tarfile
from pathlib import Path

import httpx
import pytest

from tests.fixtures.platform import CHAT_MODEL, EMBEDDING_MODEL, Platform, eventually

pytestmark = [pytest.mark.xdist_group("platform"), pytest.mark.timeout(400)]

README = Path(__file__).resolve().parents[2] / "README.md"


def test_the_start_says_where_everything_is(first_start: tuple[Platform, str]) -> None:
    platform, printed = first_start
    state = platform.state()
    for fact in (
        f"{state.gateway_url}/v1",
        state.control_url,
        (platform.home / "setup-link").read_text().strip(),
        str(platform.home / "first-key"),
        str(platform.home),
    ):
        assert fact in printed
    assert (
        (platform.home / "setup-link").read_text().startswith(f"{state.control_url}/setup#token=")
    )


def test_the_printed_command_works_as_it_stands(first_start: tuple[Platform, str]) -> None:
    _, printed = first_start
    [lines] = re.findall(r"^ +curl (?:.*\\\n)+.*$", printed, re.MULTILINE)
    # The shell takes the command apart as it would for curl, which need not be installed here.
    script = f"curl() {{ printf '%s\\0' \"$@\"; }}\n{lines}"
    words = subprocess.run(
        ["/bin/sh", "-c", script], capture_output=True, text=True, check=True
    ).stdout.split("\0")
    assert words[0] == "-N"
    url = words[1]
    headers = dict(
        words[index + 1].split(": ", 1) for index, word in enumerate(words) if word == "-H"
    )
    answer = httpx.post(url, headers=headers, content=words[words.index("-d") + 1], timeout=120)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.text.rstrip().endswith("data: [DONE]")


def test_the_key_is_one_line_for_its_owner_alone(platform: Platform) -> None:
    file = platform.home / "first-key"
    assert re.fullmatch(r"msk-[A-Za-z0-9_-]{43}\n", file.read_text())
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_the_official_client_gets_a_whole_answer(platform: Platform) -> None:
    with platform.openai() as client:
        answer = client.chat.completions.create(
            model=CHAT_MODEL,
            messages=[{"role": "user", "content": "What is water?"}],
            max_tokens=24,
        )
    assert answer.choices[0].message.content
    assert answer.model == CHAT_MODEL
    assert answer.usage is not None
    assert 0 < answer.usage.completion_tokens <= 24
    assert answer.usage.prompt_tokens > 0


def test_the_official_client_gets_a_streamed_answer_with_usage(platform: Platform) -> None:
    with (
        platform.openai() as client,
        client.chat.completions.create(
            model=CHAT_MODEL,
            messages=[{"role": "user", "content": "What is water?"}],
            max_tokens=24,
            stream=True,
            stream_options={"include_usage": True},
        ) as stream,
    ):
        chunks = list(stream)
    pieces = [choice.delta.content or "" for chunk in chunks for choice in chunk.choices]
    assert len([piece for piece in pieces if piece]) > 1
    assert "".join(pieces).strip()
    assert chunks[-1].usage is not None
    assert 0 < chunks[-1].usage.completion_tokens <= 24


def test_the_official_client_gets_a_text_completion(platform: Platform) -> None:
    with platform.openai() as client:
        answer = client.completions.create(model=CHAT_MODEL, prompt="Once upon a", max_tokens=8)
    assert answer.choices[0].text
    assert answer.choices[0].finish_reason == "length"


def test_the_official_client_gets_embeddings_that_mean_something(platform: Platform) -> None:
    texts = ["The cat sleeps on the sofa.", "A kitten naps on the couch.", "Interest rates rose."]
    with platform.openai() as client:
        answer = client.embeddings.create(model=EMBEDDING_MODEL, input=texts)
    cat, kitten, rates = (item.embedding for item in answer.data)
    assert [len(vector) for vector in (cat, kitten, rates)] == [384, 384, 384]
    assert math.isclose(_dot(cat, cat), 1.0, rel_tol=1e-4)
    assert _dot(cat, kitten) > _dot(cat, rates)
    assert answer.usage.prompt_tokens > 0


def test_the_models_are_listed(platform: Platform) -> None:
    with platform.openai() as client:
        assert {model.id for model in client.models.list()} == {CHAT_MODEL, EMBEDDING_MODEL}


def test_the_example_of_the_readme_runs(platform: Platform) -> None:
    [example] = re.findall(r"```python\n(.*?)```", README.read_text("utf-8"), re.DOTALL)
    assert "http://127.0.0.1:8080" in example
    here = example.replace("http://127.0.0.1:8080", platform.state().gateway_url).replace(
        'Path.home() / ".mainspring/first-key"', repr(platform.home / "first-key")
    )
    here = here.replace("PosixPath(", "Path(")
    done = subprocess.run(
        [sys.executable, "-c", here], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


def test_chat_answers_a_question_in_the_terminal(platform: Platform) -> None:
    done = platform.run("chat", "What is water?", "--max-tokens", "16")
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()
    piped = platform.json("chat", "--max-tokens", "16", stdin="What is water?\n")
    assert piped["content"]
    assert piped["usage"]["completion_tokens"] <= 16


def test_chat_says_why_it_was_refused(platform: Platform) -> None:
    done = platform.run("chat", "Hi", "--model", "nothing")
    assert done.returncode == 6
    assert "nothing" in done.stderr
    assert done.stdout == ""


def test_embed_prints_a_vector_a_line(platform: Platform) -> None:
    done = platform.run("embed", "one", "two")
    assert done.returncode == 0, done.stderr
    assert [len(line.split()) for line in done.stdout.splitlines()] == [384, 384]
    assert len(platform.json("embed", stdin="one\ntwo\nthree\n")["embeddings"]) == 3


def test_every_call_is_in_the_ledger(platform: Platform) -> None:
    with platform.openai() as client:
        raw = client.embeddings.with_raw_response.create(model=EMBEDDING_MODEL, input="Hi")
    request_id = raw.headers["x-request-id"]
    eventually(
        lambda: request_id in platform.recorded_requests(), within_s=30, what="it is recorded"
    )


def test_status_and_doctor_find_everything_well(platform: Platform) -> None:
    parts = platform.json("status")["parts"]
    assert set(parts) == {"postgres", "control", "gateway", "worker", "llm", "embed"}
    assert {part["state"] for part in parts.values()} == {"ready"}
    findings = platform.json("doctor")
    assert findings["well"]
    assert [f for f in findings["findings"] if f["verdict"] == "problem"] == []
    assert {f["check"] for f in findings["findings"]} >= {"disk", "files", "parts", "models"}


def test_a_support_bundle_tells_all_and_no_secret(platform: Platform, tmp_path: Path) -> None:
    file = tmp_path / "bundle.tar.gz"
    assert platform.json("support-bundle", str(file))["path"] == str(file)
    with tarfile.open(file) as archive:
        found = {
            Path(entry.name).name: (archive.extractfile(entry) or io.BytesIO()).read()
            for entry in archive.getmembers()
        }
    snapshots = json.loads(found["snapshots.json"])
    assert "control" in {part["role"] for part in snapshots["parts"]}
    assert snapshots["file"]["bytes"] > 0
    health = json.loads(found["health.json"])
    assert {name: part["status"] for name, part in health.items()} == {
        "gateway": 200,
        "control": 200,
    }
    assert json.loads(health["gateway"]["body"])["snapshot_version"] > 0
    checks = {each["check"] for each in json.loads(found["doctor.json"])}
    assert checks >= {"disk", "files", "parts", "models"}
    kept = [platform.home / name for name in ("first-key", "admin-token", "setup-link")]
    kept += [path for path in (platform.home / "secrets").iterdir() if path.is_file()]
    for path in kept:
        for secret in path.read_bytes().split():
            assert not any(secret in body for body in found.values()), path.name


def test_one_log_names_every_source(platform: Platform) -> None:
    lines = platform.run("logs", "--lines", "10000", "--json").stdout.splitlines()
    sources = {json.loads(line)["source"] for line in lines}
    assert sources >= {"supervisor", "postgres", "control", "gateway", "worker", "llm", "embed"}
    only = platform.run("logs", "--source", "llm", "--json").stdout.splitlines()
    assert {json.loads(line)["source"] for line in only} == {"llm"}


def test_what_a_request_left_in_the_logs_is_found_by_its_id(platform: Platform) -> None:
    answer = httpx.get(
        f"{platform.state().gateway_url}/v1/models",
        headers={"authorization": f"Bearer {platform.api_key}"},
        timeout=30,
    )
    request_id = answer.headers["x-request-id"]
    lines: list[str] = []

    def found() -> list[str]:
        lines[:] = platform.run("logs", "--request", request_id, "--json").stdout.splitlines()
        return lines

    eventually(found, within_s=30, what="the access log has the request")
    [entry] = [json.loads(line) for line in lines]
    assert (entry["source"], entry["message"]) == ("gateway", "GET /v1/models 200")
    log = platform.home / "logs" / "access.log"
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    with platform.control() as control:
        page = control.get("/system/logs", params={"request_id": request_id}).json()
    assert [item["message"] for item in page["items"]] == ["GET /v1/models 200"]


def test_the_console_is_served(platform: Platform) -> None:
    answer = httpx.get(platform.state().control_url, timeout=30)
    assert answer.status_code == 200
    assert "text/html" in answer.headers["content-type"]
    assert platform.json("open")["url"] == (platform.home / "setup-link").read_text().strip()


def _dot(left: list[float], right: list[float]) -> float:
    return sum(a * b for a, b in zip(left, right, strict=True))
