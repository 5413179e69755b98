"""Running a gateway as a process."""

import asyncio
import contextlib
import gc
import signal
from collections.abc import Callable

from mainspring.gateway.assembly import Gateway
from mainspring.gateway.settings import GatewaySettings

__all__ = ["Gateway", "run"]


async def run(settings: GatewaySettings, *, ready: Callable[[int], None]) -> None:
    """Serve until SIGTERM or SIGINT, then drain; a second signal ends it without waiting.

    SIGHUP has the TLS files read again, where TLS is on.

    ``ready`` is called once with the port, when requests are accepted.

    Raises:
        OSError: if the address cannot be had.
        EntranceError: if the listener's settings cannot be used.
        TlsError: if the TLS files cannot be used.
        SpoolError: if the spool cannot be used.
        KeyFileError: if a secret cannot be used.
    """
    loop = asyncio.get_running_loop()
    this_task = asyncio.current_task()
    asked = asyncio.Event()

    def on_signal() -> None:
        if asked.is_set() and this_task is not None:
            this_task.cancel()
        asked.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, on_signal)
    gateway = Gateway(settings)
    await gateway.start()
    if settings.tls_cert_file is not None:
        loop.add_signal_handler(signal.SIGHUP, gateway.reload_tls)
    _spare_the_collector()
    ready(gateway.port)
    await asked.wait()
    # A second signal cancels this: answers are cut off, the spool keeps what it has.
    with contextlib.suppress(asyncio.CancelledError):
        await gateway.stop()


def _spare_the_collector() -> None:
    """Take what start-up made out of the garbage collector's sight, and let it look less often.

    A request leaves no reference cycles behind (a test sees to that), so reference counts free it;
    going through the snapshot again and again would only cost time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
