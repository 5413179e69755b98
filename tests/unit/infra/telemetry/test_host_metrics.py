"""The machine's own figures, with and without GPUs.

The driver's library is not on every machine: what it would tell is put in its place, call by call.
"""

import re
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import psutil
import pynvml
import pytest

from mainspring.infra.telemetry.host import add_host
from mainspring.wire.exposition import MetricsPage


def _page(directory: Path) -> dict[str, float]:
    page = MetricsPage()
    add_host(page, directory)
    lines = page.encode().decode().splitlines()
    samples = [line.rpartition(" ") for line in lines if not line.startswith("#")]
    return {name: float(value) for name, _, value in samples}


def test_the_machine_is_told_as_the_system_knows_it(tmp_path: Path) -> None:
    told = _page(tmp_path)
    assert told['mainspring_host_memory_bytes{state="total"}'] == psutil.virtual_memory().total
    assert (
        told['mainspring_host_disk_bytes{state="total"}'] == psutil.disk_usage(str(tmp_path)).total
    )
    assert told["mainspring_host_cpus"] == psutil.cpu_count()
    modes = [name for name in told if name.startswith("mainspring_host_cpu_seconds_total")]
    assert len(modes) == 5
    assert sum(told[name] for name in modes) == pytest.approx(
        sum(value for name, value in psutil.cpu_times()._asdict().items() if "guest" not in name),
        rel=0.05,
    )


def test_a_machine_without_a_driver_has_no_gpus(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing() -> None:
        raise pynvml.NVMLError(12)

    monkeypatch.setattr(pynvml, "nvmlInit", missing)
    told = _page(tmp_path)
    assert told["mainspring_gpus"] == 0
    assert not [name for name in told if name.startswith("mainspring_gpu_")]


def test_a_gpu_is_told_and_what_it_does_not_know_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_sensor(_handle: object, _sensor: int) -> int:
        raise pynvml.NVMLError(3)

    ended: list[bool] = []

    def telling(answer: object) -> Callable[..., object]:
        return lambda *_: answer

    answers: dict[str, object] = {
        "nvmlInit": None,
        "nvmlDeviceGetCount": 1,
        "nvmlDeviceGetHandleByIndex": object(),
        "nvmlDeviceGetName": 'H100 "PCIe"',
        "nvmlDeviceGetMemoryInfo": SimpleNamespace(total=80_000, used=20_000),
        "nvmlDeviceGetUtilizationRates": SimpleNamespace(gpu=37),
        "nvmlDeviceGetPowerUsage": 310_500,
    }
    for name, answer in answers.items():
        monkeypatch.setattr(pynvml, name, telling(answer))
    monkeypatch.setattr(pynvml, "nvmlDeviceGetTemperature", no_sensor)
    monkeypatch.setattr(pynvml, "nvmlShutdown", lambda: ended.append(True))
    told = {name: value for name, value in _page(tmp_path).items() if re.search("gpu", name)}
    labels = r'gpu="0",name="H100 \"PCIe\""'
    assert told == {
        "mainspring_gpus": 1,
        f'mainspring_gpu_memory_bytes{{{labels},state="total"}}': 80_000,
        f'mainspring_gpu_memory_bytes{{{labels},state="used"}}': 20_000,
        f"mainspring_gpu_utilization_ratio{{{labels}}}": 0.37,
        f"mainspring_gpu_power_watts{{{labels}}}": 310.5,
    }
    assert ended == [True]
