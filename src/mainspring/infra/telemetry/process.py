"""This process as Prometheus' own libraries describe one: CPU time, memory, descriptors, start."""

import psutil

from mainspring import __version__
from mainspring.wire import telemetry
from mainspring.wire.exposition import MetricsPage


def add_process(page: MetricsPage, *, role: str) -> None:
    """Add what is known of the calling process, and which release it is."""
    page.samples(telemetry.BUILD_INFO, [((__version__, role), 1)])
    process = psutil.Process()
    with process.oneshot():
        times = process.cpu_times()
        page.single(telemetry.PROCESS_CPU, round(times.user + times.system, 3))
        page.single(telemetry.PROCESS_MEMORY, process.memory_info().rss)
        page.single(telemetry.PROCESS_DESCRIPTORS, process.num_fds())
        page.single(telemetry.PROCESS_START, process.create_time())
