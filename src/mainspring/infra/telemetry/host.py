"""The machine: processors, memory, the data directory's disk, network, GPUs."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from mainspring.wire import telemetry
from mainspring.wire.exposition import MetricsPage
from mainspring.wire.telemetry import Metric

if TYPE_CHECKING:
    from mainspring.infra.telemetry.gpus import Gpu

_MODES = ("user", "system", "iowait", "idle")


def add_host(page: MetricsPage, directory: Path) -> None:
    """Add what is known of this machine and of the disk under ``directory``; blocks briefly."""
    _add_processors(page)
    memory = psutil.virtual_memory()
    page.by_label(telemetry.HOST_MEMORY, {"total": memory.total, "available": memory.available})
    page.by_label(telemetry.HOST_DISK, _disk(directory))
    page.by_label(telemetry.HOST_NETWORK, _network())
    add_gpus(page, _gpus())


def add_gpus(page: MetricsPage, gpus: "Sequence[Gpu]") -> None:
    """Add what was read of GPUs."""
    page.single(telemetry.GPUS, len(gpus))
    page.samples(
        telemetry.GPU_MEMORY,
        [
            ((str(gpu.index), gpu.name, state), figure)
            for gpu in gpus
            for state, figure in (("total", gpu.memory_total), ("used", gpu.memory_used))
            if figure is not None
        ],
    )
    figures: tuple[tuple[Metric, list[float | None]], ...] = (
        (telemetry.GPU_UTILIZATION, [gpu.utilization for gpu in gpus]),
        (telemetry.GPU_TEMPERATURE, [gpu.temperature for gpu in gpus]),
        (telemetry.GPU_POWER, [gpu.power for gpu in gpus]),
    )
    for metric, column in figures:
        page.samples(
            metric,
            [
                ((str(gpu.index), gpu.name), figure)
                for gpu, figure in zip(gpus, column, strict=True)
                if figure is not None
            ],
        )


def _add_processors(page: MetricsPage) -> None:
    times: dict[str, float] = psutil.cpu_times()._asdict()
    # A guest's time is within its host's user time already.
    total = sum(spent for mode, spent in times.items() if not mode.startswith("guest"))
    known = {mode: round(times.get(mode, 0.0), 2) for mode in _MODES}
    other = max(total - sum(known.values()), 0.0)
    page.by_label(telemetry.HOST_CPU, {**known, "other": round(other, 2)})
    page.single(telemetry.HOST_CORES, psutil.cpu_count() or 1)
    page.single(telemetry.HOST_LOAD, os.getloadavg()[0])


def _gpus() -> "Sequence[Gpu]":
    try:
        from mainspring.infra.telemetry.gpus import read_gpus  # noqa: PLC0415 - an extra
    except ModuleNotFoundError:
        return ()
    return read_gpus()


def _disk(directory: Path) -> dict[str, int]:
    try:
        usage = psutil.disk_usage(str(directory))
    except OSError:
        return {}
    return {"total": usage.total, "free": usage.free}


def _network() -> dict[str, int]:
    # A machine without interfaces has no counters, whatever the type says.
    counters = psutil.net_io_counters(pernic=True)
    outside = [each for name, each in counters.items() if name != "lo"]
    return {
        "received": sum(each.bytes_recv for each in outside),
        "sent": sum(each.bytes_sent for each in outside),
    }
