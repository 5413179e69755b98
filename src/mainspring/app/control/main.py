"""Runs the control role from its settings until it is cancelled."""

import asyncio
import contextlib
import logging
import socket
from collections.abc import Callable, Generator

import uvicorn

from mainspring.app.control.application import control_application
from mainspring.app.control.housekeeping import Housekeeping
from mainspring.app.control.wiring import Control
from mainspring.app.settings import ControlSettings
from mainspring.kernel.errors import DatabaseUnavailableError
from mainspring.kernel.tasks import TaskOwner

_log = logging.getLogger(__name__)

_DRAIN_S = 5
_FAREWELL_S = 2.0


async def run(settings: ControlSettings, *, ready: Callable[[], None]) -> None:
    """Serve until cancelled; call ``ready`` once everything is prepared.

    The process listens from the start and answers 503 while it prepares or the database is away.

    Raises:
        OSError: if the address cannot be listened on.
        SchemaAheadError: if the database belongs to a newer release.
        KeyFileError: if a secret's file cannot be used.
    """
    # uvicorn tells of its start and stop in its own words; ours are enough.
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
    listener = _listen(settings.host, settings.port)
    port: int = listener.getsockname()[1]
    control = Control(settings)
    server = _Server(
        uvicorn.Config(
            control_application(control),
            log_config=None,
            access_log=False,
            lifespan="off",
            http="httptools",
            server_header=False,
            timeout_keep_alive=30,
            timeout_graceful_shutdown=_DRAIN_S,
        )
    )
    housekeeping = Housekeeping(
        database=control.database,
        feed=control.feed,
        metering=control.metering,
        conversations=control.conversations,
        files=control.files,
        batches=control.batches,
        calls=control.calls,
        audit=control.audit,
        sign_in=control.sign_in,
        fleet=control.fleet,
        idempotency=control.idempotency,
        issuing=control.issuing,
        canaries=control.canaries,
        changes=control.changes,
        emergencies=control.emergencies,
        sealer=control.sealer,
        clock=control.clock,
        port=port,
    )
    owner = TaskOwner(_report)
    serving = owner.start(server.serve(sockets=[listener]), name="control-server")
    try:
        preparing = owner.start(control.preparation.run(), name="control-preparation")
        await asyncio.wait({serving, preparing}, return_when=asyncio.FIRST_COMPLETED)
        if preparing.done():
            preparing.result()
            control.start()
            owner.start(housekeeping.beat_for_ever(), name="control-heartbeat")
            owner.start(housekeeping.clean_for_ever(), name="control-housekeeping")
            owner.start(control.federation.follow_keys(), name="token-issuers")
            owner.start(control.key_follower.run(), name="master-keys")
            owner.start(control.canaries.watch_for_ever(), name="canaries")
            owner.start(control.spans.run(), name="span-exporter")
            owner.start(control.spans.keep(), name="span-store")
            await server.listening.wait()
            _log.info("control serves on port %d", port)
            ready()
        await asyncio.shield(serving)
    finally:
        # Open streams end by this event; uvicorn then has nothing to wait for.
        control.stopping.set()
        server.should_exit = True
        with contextlib.suppress(asyncio.CancelledError):
            await serving
        await owner.close()
        await _say_goodbye(control, housekeeping)
        await control.close()


class _Server(uvicorn.Server):
    """uvicorn without its own signal handlers, and with a word when it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listening = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.listening.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        yield


def _listen(host: str, port: int) -> socket.socket:
    # With its protocol told: asyncio turns Nagle's algorithm off only for sockets that are TCP by
    # name, and without that each answer of a header and a body takes 40 ms more.
    family, kind, protocol, *_ = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(1024)
        listener.setblocking(False)
    except OSError:
        listener.close()
        raise
    return listener


async def _say_goodbye(control: Control, housekeeping: Housekeeping) -> None:
    if not control.preparation.done:
        return
    try:
        async with asyncio.timeout(_FAREWELL_S):
            await housekeeping.beat("stopped")
    except (DatabaseUnavailableError, TimeoutError):
        _log.debug("the last heartbeat was not heard")


def _report(name: str, error: BaseException) -> None:
    _log.error("%s failed", name, exc_info=error)
