"""NVIDIA GPUs, asked by the driver's own library.

Without a driver, and while it does not answer, the machine has none. Importing this module needs
the package ``nvidia-ml-py``.
"""

from collections.abc import Callable, Sequence
from typing import TypeVar

import msgspec
import pynvml

_MAX_GPUS = 64
_T = TypeVar("_T")


class Gpu(msgspec.Struct, frozen=True, kw_only=True):
    """One GPU; ``None`` is what this model does not tell.

    ``utilization`` is the share of time, 0 to 1; memory is bytes; then degrees Celsius and watts.
    """

    index: int
    name: str
    utilization: float | None = None
    memory_total: int | None = None
    memory_used: int | None = None
    temperature: int | None = None
    power: float | None = None


def read_gpus() -> Sequence[Gpu]:
    """Return the machine's GPUs; blocks for some milliseconds.

    The library is left again each time: a driver that restarts would leave it with dead handles.
    """
    try:
        pynvml.nvmlInit()
    except pynvml.NVMLError:
        return ()
    try:
        count = min(pynvml.nvmlDeviceGetCount(), _MAX_GPUS)
        return [_gpu(index) for index in range(count)]
    except pynvml.NVMLError:
        return ()
    finally:
        pynvml.nvmlShutdown()


def _gpu(index: int) -> Gpu:
    handle = pynvml.nvmlDeviceGetHandleByIndex(index)
    memory = _told(lambda: pynvml.nvmlDeviceGetMemoryInfo(handle))
    rates = _told(lambda: pynvml.nvmlDeviceGetUtilizationRates(handle))
    power = _told(lambda: pynvml.nvmlDeviceGetPowerUsage(handle))
    return Gpu(
        index=index,
        name=pynvml.nvmlDeviceGetName(handle)[:64],
        utilization=None if rates is None else rates.gpu / 100,
        memory_total=None if memory is None else memory.total,
        memory_used=None if memory is None else memory.used,
        temperature=_told(
            lambda: pynvml.nvmlDeviceGetTemperature(handle, pynvml.NVML_TEMPERATURE_GPU)
        ),
        power=None if power is None else power / 1000,
    )


def _told(ask: Callable[[], _T]) -> _T | None:
    """Return what the driver answers; a slice of a GPU, say, has no temperature of its own."""
    try:
        return ask()
    except pynvml.NVMLError:
        return None
