"""One gateway process, put together from its rooms."""

import asyncio
import contextlib
import gc
import logging
import time
from collections.abc import Callable, Coroutine, Generator
from functools import partial
from itertools import islice
from typing import Any

import mainspring
from mainspring.gateway.admin.endpoints import AdminEndpoints, Readiness
from mainspring.gateway.admin.exposition import (
    ProcessFacts,
    SpoolFacts,
    TargetFacts,
    UpstreamFacts,
    expose,
)
from mainspring.gateway.admin.metrics import MAX_MODELS, GatewayMetrics
from mainspring.gateway.admin.siblings import siblings_of
from mainspring.gateway.control_link.client import ControlClient
from mainspring.gateway.control_link.heartbeat import HeartbeatPoster
from mainspring.gateway.control_link.key_refresh import KeyRefresh
from mainspring.gateway.control_link.snapshot_file import read_snapshot_file
from mainspring.gateway.control_link.snapshot_link import SnapshotLink
from mainspring.gateway.control_link.snapshot_saver import SnapshotSaver
from mainspring.gateway.entrances import make_entrance, make_tls
from mainspring.gateway.fronting import CONNECTIONS, UPLOADED, FrontedRoutes
from mainspring.gateway.http.deadlines import Sweeper
from mainspring.gateway.http.exchange import Exchange, Handler
from mainspring.gateway.http.limits import ServerLimits, SocketLimits
from mainspring.gateway.http.server import HttpServer
from mainspring.gateway.http.websocket import SocketHost
from mainspring.gateway.kept.once import IDEMPOTENCY_KEY
from mainspring.gateway.kept.room import KeptRoom
from mainspring.gateway.limits.choice import make_limiter
from mainspring.gateway.meter.age import SpoolAge
from mainspring.gateway.meter.keeper import SpoolKeeper
from mainspring.gateway.meter.leftovers import Leftover, LeftoverShipper, leftover_spools
from mainspring.gateway.meter.shipper import OBSERVATIONS_PATH, RECORDS_PATH, Shipper
from mainspring.gateway.meter.spool import Spool, SpoolLimits
from mainspring.gateway.meter.tally import TallyKeeper, TallyPoster
from mainspring.gateway.passthrough import PASSED_THROUGH, PassthroughRoutes
from mainspring.gateway.pipeline.answers import http_refusal
from mainspring.gateway.pipeline.caching import AnswerCache
from mainspring.gateway.pipeline.chat_socket import CHAT_SOCKET_PATH, ChatSockets
from mainspring.gateway.pipeline.cors import with_cors
from mainspring.gateway.pipeline.dispatch import Answer, Dispatcher
from mainspring.gateway.pipeline.identity import Authenticator, Principal
from mainspring.gateway.pipeline.model_call import ModelPipeline
from mainspring.gateway.pipeline.models import MODELS_PATH, ModelDirectory
from mainspring.gateway.pipeline.realtime import RealtimeSessions
from mainspring.gateway.pipeline.socket_entry import SocketEntry
from mainspring.gateway.pipeline.upload_spool import UploadRoom
from mainspring.gateway.pipeline.uploads import Uploads
from mainspring.gateway.policy import PolicyGate
from mainspring.gateway.protocols import OPERATIONS, REALTIME, RESPONSES, Operation
from mainspring.gateway.responses.memory import ResponseMemory, response_spool
from mainspring.gateway.responses.recall import RESPONSES_PATH
from mainspring.gateway.routing import CircuitState, Router, told
from mainspring.gateway.settings import GatewaySettings
from mainspring.gateway.tokens import TokenVerifier, UnknownKeys
from mainspring.gateway.upstreams import UpstreamRegistry
from mainspring.gateway.upstreams.keys import make_keys
from mainspring.gateway.watch.room import WatchRoom
from mainspring.gateway.watch.store import observation_spool
from mainspring.infra.secrets import load_or_create_token
from mainspring.kernel.tasks import TaskOwner
from mainspring.snapshot.frame import Frame, SnapshotFormatError, reading_frame
from mainspring.snapshot.passthrough import METHODS as PASSTHROUGH_METHODS
from mainspring.snapshot.resources import Project, Upstream
from mainspring.snapshot.table import SnapshotTable
from mainspring.wire.passthrough import PASSTHROUGH_PREFIX
from mainspring.wire.records import HELD_KEYS, Heartbeat

_log = logging.getLogger(__name__)

_HOUSEKEEPING_S = 5.0
_SWEEP_S = 0.1
"""Deadlines are told in seconds; a finer sweep would be felt by a gateway that idles."""
_FLUSH_S = 2.0
_RESTART_S = 1.0
_FIRST_SNAPSHOT_S = 10.0
_MANY_ENTRIES = 10_000
_CIRCUITS = {CircuitState.CLOSED: 0, CircuitState.HALF_OPEN: 1, CircuitState.OPEN: 2}


class Gateway:
    """A gateway: :meth:`start` it, send it traffic, :meth:`stop` it; once."""

    def __init__(self, settings: GatewaySettings) -> None:
        """Open what must be there: spool, secrets, the last good snapshot.

        Must be called inside the event loop.

        Raises:
            SpoolError: if the spool cannot be used.
            KeyFileError: if a secret cannot be used.
            EntranceError: if the listener's settings cannot be used.
            TlsError: if the TLS files cannot be used.
            ValueError: if control's URL is none.
        """
        self.settings = settings
        self.table = SnapshotTable()
        self._started_at_ms = int(time.time() * 1000)
        self._draining = False
        self._tls = make_tls(settings)
        self._entrance = make_entrance(settings, self._tls)
        self._siblings = siblings_of(settings.sibling_ports, settings.process_number or 1)
        self._metrics = GatewayMetrics()
        self._limiter = make_limiter(settings)
        self._sweeper = Sweeper(_SWEEP_S)
        self._tasks = TaskOwner(_report_failure)
        self._watch = WatchRoom(settings, self.table.upstreams, self._sweeper)
        self._server = HttpServer(
            refuse=http_refusal,
            on_error=self._report_error,
            sweeper=self._sweeper,
        )
        self._admin_server = HttpServer(
            refuse=http_refusal, on_error=self._report_error, sweeper=self._sweeper
        )
        self._keys = make_keys(settings)
        sealer = self._keys.sealer if self._keys is not None else None
        token_file = settings.internal_token_file
        token = load_or_create_token(token_file) if token_file else None
        self.spool = Spool(settings.spool_dir, SpoolLimits(total_bytes=settings.spool_total_bytes))
        self._spool_age = SpoolAge(self.spool, time.monotonic())
        self._upstreams = UpstreamRegistry(
            self.table.upstreams,
            sealer,
            self._tasks,
            self._sweeper,
            guarded=settings.upstream_link_local == "refuse",
        )
        self._router = Router(self._upstreams)
        self._sockets = SocketHost(
            SocketLimits(max_message_bytes=settings.max_message_bytes), self._sweeper
        )
        self._policies = PolicyGate(self.table)
        self._kept = KeptRoom(settings, self._metrics)
        tokens = TokenVerifier(self.table, time.time)
        self._authenticator = Authenticator(
            self.table, token.encode() if token else None, tokens=tokens
        )
        self._saver = SnapshotSaver(settings.snapshot_file, self.table.frozen)
        self._client: ControlClient | None = None
        self._callers_client: ControlClient | None = None
        self._files_client: ControlClient | None = None
        self._handle: Handler | None = None
        self._handler: Handler | None = None
        self._link: SnapshotLink | None = None
        self._observations: Shipper | None = None
        self._shipper: Shipper | None = None
        self._heartbeat: HeartbeatPoster | None = None
        self.tallies: TallyPoster | None = None
        self._memory: ResponseMemory | None = None
        self._fronted: FrontedRoutes | None = None
        self._unknown_keys: UnknownKeys | None = None
        if settings.control_url is not None:
            client = ControlClient(settings.control_url, token or "", self._sweeper)
            self._client = client
            self._link = SnapshotLink(
                client, lambda: (self.table.version, self.table.epoch), self._follow
            )
            self._shipper = Shipper(
                self.spool,
                client,
                gateway_id=settings.gateway_id,
                rejected=settings.spool_dir / "rejected.records",
                interval_s=settings.ship_interval_s,
            )
            self._observations = Shipper(
                self._watch.store.spool,
                client,
                gateway_id=settings.gateway_id,
                rejected=None,
                path=OBSERVATIONS_PATH,
                interval_s=settings.ship_interval_s,
                arrived=self._watch.store.arrived,
            )
            self._heartbeat = HeartbeatPoster(client, self._describe)
            counted = TallyKeeper(self._metrics.counted, self.spool, settings.gateway_id)
            self.tallies = TallyPoster(counted, client)
            # Apart from the platform's own calls: whoever asks for much holds up no records.
            self._callers_client = ControlClient(
                settings.control_url, token or "", self._sweeper, connections=32, waiting=128
            )
            self._memory = ResponseMemory(settings, records=client, asks=self._callers_client)
            self._files_client = ControlClient(
                settings.control_url,
                token or "",
                self._sweeper,
                connections=CONNECTIONS,
                waiting=CONNECTIONS,
            )
            self._fronted = FrontedRoutes(
                self._authenticator,
                self._callers_client,
                self._files_client,
                (token or "").encode(),
            )
            self._unknown_keys = tokens.unknown_keys = UnknownKeys(KeyRefresh(client).ask)

    @property
    def port(self) -> int:
        """Return the port that is listened on."""
        return self._server.port

    @property
    def admin_port(self) -> int:
        """Return the port of the listener of health and metrics, 0 if there is none."""
        return self._admin_server.port

    @property
    def key_ids(self) -> tuple[str, ...]:
        """Return the ids of the master keys that are held."""
        return self._keys.sealer.key_ids if self._keys is not None else ()

    @property
    def observations(self) -> Spool:
        """Return the spool of contents and spans."""
        return self._watch.store.spool

    async def start(self) -> None:
        """Load the last good snapshot, listen, and begin to follow control.

        Raises:
            OSError: if the address cannot be had.
            ValueError: if an allowed origin is none.
        """
        self._load_snapshot_file()
        settings = self.settings
        self._accompany()
        if settings.process_count > 1:
            await self._await_snapshot()
        exchange = self._watch.exchange
        self._handle = handler = with_cors(settings.cors_origins, self._routes().handle)
        if exchange is not Exchange:
            handler = self._watch.over(handler)
        self._handler = handler
        self._server.become(exchange, handler)
        await self._server.start(
            handler,
            settings.host,
            settings.port,
            ServerLimits(
                max_body_bytes=settings.max_body_bytes,
                max_upload_bytes=settings.max_upload_bytes,
                upload_paths=UPLOADED.union(each.path for each in OPERATIONS if each.uploads),
                upload_prefix=PASSTHROUGH_PREFIX,
                # What a key stands for must be known before the call is made.
                gathering_headers=frozenset({IDEMPOTENCY_KEY}),
                max_connections=settings.max_client_connections,
            ),
            self._entrance,
        )
        if settings.admin_port is not None:
            admin = Dispatcher(self._admin_routes(metrics_to_all=True, of_all=False), {})
            await self._admin_server.start(admin.handle, settings.admin_host, settings.admin_port)

    async def stop(self, drain_s: float | None = None) -> None:
        """Take no more traffic, let running answers end, deliver and save what waits."""
        self._draining = True
        if self._heartbeat is not None:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(1.0):
                    await self._heartbeat.post()
        if self.settings.lame_duck_s:
            self._server.announce_end()
            await asyncio.sleep(self.settings.lame_duck_s)
        await self._server.drain(self.settings.drain_s if drain_s is None else drain_s)
        await self._admin_server.drain(0.0)
        await self._tasks.close()
        await self._upstreams.close()
        if self._shipper is not None:
            await self._shipper.flush(_FLUSH_S)
        if self.tallies is not None:
            await self.tallies.finish(_FLUSH_S)
        await self._watch.flush(_FLUSH_S)
        if self._observations is not None:
            await self._observations.flush(_FLUSH_S)
        if self._memory is not None:
            await self._memory.close(_FLUSH_S)
        await self._saver.save()
        for client in (self._client, self._callers_client, self._files_client):
            if client is not None:
                await client.close()
        await self._limiter.close()
        await self._kept.close()
        self._watch.store.close()
        self.spool.close()

    def reload_tls(self) -> None:
        """Read the TLS files again now; they are also looked at every few seconds."""
        if self._tls is not None:
            self._tasks.start(self._tls.reload(), name="reload of TLS files")

    def apply(self, frame: Frame) -> None:
        """Take the gateway to the snapshot of ``frame``, between two requests.

        Raises:
            SnapshotFormatError: if it cannot be understood; nothing has changed then.
            VersionGapError: if a delta does not fit; nothing has changed then.
        """
        self._applied(self.table.apply(frame))

    def _applied(self, changed: list[tuple[str, str]]) -> None:
        """Let go of what was made of the state before."""
        self._authenticator.forget()
        self._policies.forget()
        if any(kind == Project.kind for kind, _ in changed):
            self._watch.follow(self.table.projects.values())
            self._watch_answers()
        upstreams = {key for kind, key in changed if kind == Upstream.kind}
        if upstreams:
            self._upstreams.sync(upstreams)
            self._router.forget(upstreams)

    # Within

    def _accompany(self) -> None:
        """Begin everything that runs beside traffic."""
        if self._tls is not None:
            self._keep_running("TLS keeper", self._tls.run)
        self._keep_running("spool keeper", SpoolKeeper(self.spool).run)
        self._keep_running("housekeeping", self._keep_house)
        self._keep_running("snapshot saver", self._saver.run)
        self._keep_running("limiter", self._limiter.run)
        for name, work in (*self._kept.works(), *self._watch.works()):
            self._keep_running(name, work)
        if self._link is not None and self._shipper is not None and self._heartbeat is not None:
            self._keep_running("snapshot link", self._link.run)
            self._keep_running("record shipper", self._shipper.run)
            self._keep_running("heartbeat", self._heartbeat.run)
            self._deliver_leftovers()
        if self.tallies is not None:
            self._keep_running("counts", self.tallies.run)
        if self._observations is not None:
            self._keep_running("observation shipper", self._observations.run)
        if self._memory is not None:
            keeper = SpoolKeeper(self._memory.spool, self._memory.arrived)
            self._keep_running("response spool keeper", keeper.run)
            self._keep_running("response shipper", self._memory.shipper.run)
        if self._unknown_keys is not None:
            self._keep_running("signing keys", self._unknown_keys.run)
        if self._keys is not None:
            follower = self._keys.follower(changed=self._upstreams.try_broken_again)
            self._keep_running("master keys", follower.run)

    def _deliver_leftovers(self) -> None:
        settings, client = self.settings, self._client
        if client is None or settings.process_number not in (None, 1):
            return
        left: list[Leftover] = []
        for spool in leftover_spools(settings.spool_dir, settings.process_count):
            limits = SpoolLimits(total_bytes=settings.spool_total_bytes)
            left.append(Leftover(spool, limits, RECORDS_PATH))
            turns, limits = response_spool(settings, spool)
            if turns.is_dir():
                left.append(Leftover(turns, limits, RESPONSES_PATH))
            observations = observation_spool(spool)
            if observations.is_dir():
                left.append(Leftover(observations, limits, OBSERVATIONS_PATH))
        if left:
            shipper = LeftoverShipper(client, gateway_id=settings.gateway_id)
            self._tasks.start(shipper.run(left), name="delivery of leftover records")

    async def _await_snapshot(self) -> None:
        """Let siblings serve until this process has something to serve, or waiting is no use."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_FIRST_SNAPSHOT_S):
                while self.table.version == 0 and self._link is not None:  # noqa: ASYNC110 - no event
                    await asyncio.sleep(0.02)

    def _watch_answers(self) -> None:
        """Watch answers from now on, or not any more, as the projects want it.

        Once watched, the handler stays one that can: requests that were made to be are in line.
        """
        if self._handle is None or self._handler is None:
            return  # not listening yet
        exchange = self._watch.exchange
        if exchange is not Exchange:
            self._handler = self._watch.over(self._handle)
        self._server.become(exchange, self._handler)

    def _keep_running(self, name: str, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Run ``work`` for as long as the gateway runs: an error is logged and it begins anew."""

        async def again_and_again() -> None:
            while True:
                try:
                    await work()
                except Exception:  # noqa: BLE001 - traffic outlives a fault of what accompanies it
                    _log.exception("%s failed; it begins anew", name)
                await asyncio.sleep(_RESTART_S)

        self._tasks.start(again_and_again(), name=name)

    def _follow(self, data: bytes | memoryview) -> Generator[None]:
        """Take the bytes of a frame to the table in steps."""
        head, entries = yield from reading_frame(data)
        if head.count > _MANY_ENTRIES:
            # So much that is new would make the collector go through all that is old, in one go.
            gc.freeze()
        yield from self.table.applying(head, entries, self._followed)

    def _followed(self, changed: list[tuple[str, str]]) -> None:
        self._applied(changed)
        self._saver.changed()

    def _load_snapshot_file(self) -> None:
        path = self.settings.snapshot_file
        try:
            frame = read_snapshot_file(path)
        except (SnapshotFormatError, OSError) as error:
            _log.error("the last good snapshot cannot be used: %s", error)
            return
        if frame is not None:
            self.apply(frame)
            _log.info("serving snapshot %d from %s", self.table.version, path)

    def _routes(self) -> Dispatcher:
        pipeline = ModelPipeline(
            table=self.table,
            authenticator=self._authenticator,
            limiter=self._limiter,
            router=self._router,
            spool=self.spool,
            metrics=self._metrics,
            gateway_id=self.settings.gateway_id,
            default_output_tokens=self.settings.default_output_tokens,
            policies=self._policies,
            tasks=self._tasks,
            watch=self._watch,
        )
        pipeline.cache = AnswerCache(pipeline, self._kept.cache, self._metrics.cache).serve
        uploads = Uploads(pipeline, UploadRoom(self.settings.spool_dir / "uploads"))
        directory = ModelDirectory(self.table, self._authenticator)

        def calls(operation: Operation, answer: Answer | None = None) -> dict[str, Answer]:
            serve = uploads.serve if operation.uploads else pipeline.serve
            return {"POST": once(operation, answer or partial(serve, operation))}

        def once(operation: Operation, answer: Answer) -> Answer:
            identify = partial(_identify, self._authenticator, operation)
            return self._kept.once.over(answer, partial(pipeline.refuse, operation), identify)

        exact: dict[str, dict[str, Answer]] = {each.path: calls(each) for each in OPERATIONS}
        prefixes: dict[str, dict[str, Answer]] = {f"{MODELS_PATH}/": {"GET": directory.retrieve}}
        passed = PassthroughRoutes(pipeline).serve
        kept = once(PASSED_THROUGH, passed)
        prefixes[PASSTHROUGH_PREFIX] = {
            method: passed if method == "GET" else kept for method in PASSTHROUGH_METHODS
        }
        if self._memory is not None:
            routes = self._memory.routes(self.table, self._authenticator, pipeline)
            exact |= routes.exact
            exact[RESPONSES.path] |= calls(RESPONSES, routes.exact[RESPONSES.path]["POST"])
            prefixes |= routes.prefixes
        if self._fronted is not None:
            exact |= self._fronted.exact
            prefixes |= self._fronted.prefixes
        exact[MODELS_PATH] = {"GET": directory.list}
        entry = SocketEntry(self._sockets, self.settings.cors_origins)

        def dispatch(exchange: Exchange) -> Coroutine[Any, Any, bool | None] | None:
            return dispatcher.handle(exchange)

        chats = ChatSockets(
            entry,
            self._authenticator,
            self._watch.over(dispatch),
            self._tasks,
            self._report_error,
        )
        exact[CHAT_SOCKET_PATH] = {"GET": chats.open}
        sessions = RealtimeSessions(
            pipeline, entry, self._sockets, self._tasks, session_s=self.settings.realtime_session_s
        )
        exact[REALTIME.path] = {"GET": sessions.open}
        exact |= self._admin_routes(metrics_to_all=self.settings.metrics_to_all, of_all=True)
        dispatcher = Dispatcher(exact, prefixes)
        return dispatcher

    def _admin_routes(self, *, metrics_to_all: bool, of_all: bool) -> dict[str, dict[str, Answer]]:
        admin = AdminEndpoints(
            self._readiness,
            self._expose,
            metrics_to_all=metrics_to_all,
            siblings=self._siblings if of_all else None,
        )
        return {
            "/healthz": {"GET": admin.alive},
            "/readyz": {"GET": admin.ready},
            "/metrics": {"GET": admin.metrics},
        }

    async def _keep_house(self) -> None:
        while True:
            await asyncio.sleep(_HOUSEKEEPING_S)
            now = time.monotonic()
            self._limiter.sweep(now)
            self._spool_age.look(now)

    def _readiness(self) -> Readiness:
        return Readiness(
            ready=self.table.version > 0 and not self._draining,
            snapshot_version=self.table.version,
            control_connected=self._link is not None and self._link.connected,
            spool_full=self.spool.full,
            draining=self._draining,
        )

    def _expose(self) -> bytes:
        return expose(
            self._metrics,
            ProcessFacts(
                client_connections=self._server.connections,
                websockets=self._sockets.open,
                upstreams={
                    each.resource.name: UpstreamFacts(
                        open=each.pool.open, waiting=each.pool.waiting
                    )
                    for each in islice(self._upstreams, MAX_MODELS)
                },
                snapshot_version=self.table.version,
                control_connected=self._link is not None and self._link.connected,
                spool=SpoolFacts(
                    waiting_bytes=self.spool.waiting_bytes,
                    oldest_s=self._spool_age.seconds(time.monotonic()),
                    full=self.spool.full,
                    lost=self.spool.lost,
                ),
                limits_degraded=self._limiter.problem is not None,
                watch_dropped=self._watch.dropped(),
                targets=[
                    TargetFacts(
                        upstream=upstream,
                        model=model,
                        circuit=_CIRCUITS[health.circuit],
                        opened=health.opened,
                        in_flight=health.in_flight,
                        latency_ms=health.latency_ms,
                    )
                    for upstream, model, health in islice(self._router.healths(), MAX_MODELS)
                ],
            ),
        )

    def _describe(self) -> Heartbeat:
        link = self._link
        problem = link.problem if link is not None else None
        problem = problem or self._limiter.problem
        if self._tls is not None:
            problem = problem or self._tls.problem
        if self._draining:
            state = "stopping"
        elif self.table.version == 0:
            state = "starting"
        else:
            state = "degraded" if problem or self.spool.full else "ready"
        details: dict[str, str | int | float | bool] = {
            "port": self.port,
            "snapshot_version": self.table.version,
            "spool_bytes": self.spool.waiting_bytes,
            "in_flight": self._metrics.in_flight,
            "connections": self._server.connections,
        }
        if self._keys is not None:
            details[HELD_KEYS] = " ".join(self._keys.sealer.key_ids)
        if problem:
            details["problem"] = problem
        return Heartbeat(
            instance_id=self.settings.gateway_id,
            role="gateway",
            name=self.settings.gateway_id,
            state=state,
            version=mainspring.__version__,
            started_at_ms=self._started_at_ms,
            details=details,
            targets=told(self._router.seen(), time.monotonic()),
        )

    def _report_error(self, exchange: Exchange, error: BaseException) -> None:
        _log.error("handling %s %s failed", exchange.method, exchange.path, exc_info=error)


def _identify(authenticator: Authenticator, operation: Operation, exchange: Exchange) -> Principal:
    """Return who makes a call, and may."""
    principal = authenticator.authenticate(exchange.headers)
    principal.require_scope(*operation.scopes)
    return principal


def _report_failure(name: str, error: BaseException) -> None:
    _log.critical("the task %r ended by an error", name, exc_info=error)
