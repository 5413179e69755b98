"""The supervisor's own metrics: how its parts fare, and the machine that they share."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import psutil

from mainspring.app.supervisor.state import PartCondition, PartState, RunState
from mainspring.infra.telemetry.host import add_host
from mainspring.infra.telemetry.process import add_process
from mainspring.wire import telemetry
from mainspring.wire.exposition import MetricsPage, Sample


async def expose(run: Callable[[], RunState], directory: Path) -> bytes:
    """Return the page; ``run`` gives the present account."""
    page = MetricsPage()
    parts = list(run().parts.values())
    page.samples(
        telemetry.PART_UP,
        [(_labels(part), int(part.state is PartCondition.READY)) for part in parts],
    )
    page.samples(telemetry.PART_RESTARTS, [(_labels(part), part.restarts) for part in parts])
    page.samples(
        telemetry.PART_START_SECONDS,
        [(_labels(part), part.start_s) for part in parts if part.start_s is not None],
    )
    await asyncio.to_thread(_add_slow, page, parts, directory)
    add_process(page, role="supervisor")
    return page.encode()


def _add_slow(page: MetricsPage, parts: list[PartState], directory: Path) -> None:
    processor: list[Sample] = []
    memory: list[Sample] = []
    for part in parts:
        used = _used(part.pid)
        if used is not None:
            processor.append((_labels(part), round(used[0], 2)))
            memory.append((_labels(part), used[1]))
    page.samples(telemetry.PART_CPU, processor)
    page.samples(telemetry.PART_MEMORY, memory)
    add_host(page, directory)


def _labels(part: PartState) -> tuple[str, str]:
    return part.name, part.role


def _used(pid: int | None) -> tuple[float, int] | None:
    """Return CPU seconds and resident bytes of a process and its descendants.

    The seconds of children that have ended are in their parent's: the sum never falls by an end.
    """
    if pid is None:
        return None
    seconds, resident = 0.0, 0
    try:
        process = psutil.Process(pid)
        family = [process, *process.children(recursive=True)]
    except psutil.Error:
        return None
    for each in family:
        try:
            times = each.cpu_times()
            resident += each.memory_info().rss
        except psutil.Error:  # it ended just now
            continue
        seconds += times.user + times.system + times.children_user + times.children_system
    return seconds, resident
