"""The load generator, a process of its own: ``python -m benchmarks.load --port P --mode closed``.

Raw protocols on uvloop, one per connection. Four modes:

``closed``   each connection sends its next request when the last was answered;
``paced``    requests are sent at ``--rate``, on whichever connection is free;
``streams``  each connection keeps one paced stream open, and starts the next when it ends;
``idle``     each connection opens one stream that then says nothing.

After a warm-up it notes the CPU time of the watched process trees and its own, counts for the
window, notes again, and prints one JSON object. Latencies are kept one by one and sorted at the
end, so percentiles are exact.
"""

import asyncio
import json
import sys
import time
from array import array
from functools import partial
from typing import cast

import click
import httptools
import msgspec
import uvloop

from benchmarks.paced import PacedCallers
from benchmarks.processes import cpu_seconds, machine_busy_seconds, resident_bytes, tree
from mainspring.testing.upstream.pacer import stay_awake

_EVENT = b"data: "
_TAIL = len(_EVENT) - 1


class Watched(msgspec.Struct):
    """What a process tree used during the window, and its memory at the window's end."""

    cpu_s: float
    resident_bytes: int
    resident_before_bytes: int


class LoadResult(msgspec.Struct):
    """What one run of the load generator saw in its window.

    ``events`` are server-sent events. Latencies are milliseconds to the end of a whole answer, in
    the streaming modes to the first event. ``other_cpu_s`` is what the rest of the machine used:
    neither the load generator nor anything watched.
    """

    window_s: float
    requests: int
    events: int
    errors: int
    open_streams: int
    load_cpu_s: float
    other_cpu_s: float
    latency_ms: dict[str, float]
    watched: dict[str, Watched]
    first_error: str | None = None


class Tally:
    """Counters that all connections of one run share."""

    def __init__(self) -> None:
        self.reset()
        self.open_streams = 0
        self.stopping = False
        self.first_error: str | None = None

    def reset(self) -> None:
        """Start to count from here."""
        self.requests = 0
        self.events = 0
        self.errors = 0
        self.latencies = array("d")

    def failed(self, what: str) -> None:
        """Count a request that did not end as it should."""
        if not self.stopping:
            self.errors += 1
            self.first_error = self.first_error or what

    def percentiles(self) -> dict[str, float]:
        """Return latencies in milliseconds by percentile."""
        ordered = sorted(self.latencies)
        if not ordered:
            return {}
        marks = {"p50": 0.50, "p90": 0.90, "p99": 0.99, "p999": 0.999, "max": 1.0}
        last = len(ordered) - 1
        return {name: round(ordered[round(last * at)] * 1000, 3) for name, at in marks.items()}


class Caller(asyncio.Protocol):
    """One connection in a closed loop."""

    def __init__(self, tally: Tally, request: bytes) -> None:
        self._tally = tally
        self._request = request
        self._sent_at = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._send()

    def connection_lost(self, exc: Exception | None) -> None:
        self._tally.failed(f"connection lost: {exc}")

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_message_complete(self) -> None:
        tally = self._tally
        status = self._parser.get_status_code()
        if status == 200:
            tally.requests += 1
            tally.latencies.append(time.perf_counter() - self._sent_at)
        else:
            tally.failed(f"status {status}")
        if not tally.stopping:
            self._send()

    def close(self) -> None:
        """Close the connection in whatever state it is."""
        self._transport.abort()

    def _send(self) -> None:
        self._parser = httptools.HttpResponseParser(self)
        self._sent_at = time.perf_counter()
        self._transport.write(self._request)


class Listener(Caller):
    """One connection that keeps a stream open and counts its events."""

    def __init__(self, tally: Tally, first: bytes, others: bytes) -> None:
        super().__init__(tally, first)
        self._others = others
        self._tail = b""
        self._waiting = True

    def _send(self) -> None:
        self._tail = b""
        self._waiting = True
        super()._send()
        self._request = self._others

    def on_body(self, data: bytes) -> None:
        """Count events; one may be torn apart anywhere, even within its first bytes."""
        tally = self._tally
        seen = self._tail + data
        tally.events += seen.count(_EVENT)
        self._tail = seen[-_TAIL:]
        if self._waiting:
            self._waiting = False
            tally.open_streams += 1
            tally.latencies.append(time.perf_counter() - self._sent_at)

    def on_message_complete(self) -> None:
        tally = self._tally
        status = self._parser.get_status_code()
        if status == 200:
            tally.requests += 1
        else:
            tally.failed(f"status {status}: {self._tail!r}")
        tally.open_streams -= not self._waiting
        if not tally.stopping:
            self._send()


def request_bytes(
    *, host: str, key: str, model: str, prompt_bytes: int, stream: tuple[int, int] | None
) -> bytes:
    """Return one chat request; ``stream`` is (events, milliseconds between them)."""
    text = ("The quick brown fox jumps over the lazy dog. " * (prompt_bytes // 45 + 1))[
        :prompt_bytes
    ]
    question: dict[str, object] = {
        "model": model,
        "messages": [
            {"role": "system", "content": "You are a helpful assistant."},
            {"role": "user", "content": text},
        ],
        "temperature": 0.7,
    }
    if stream is None:
        question["max_tokens"] = 64
    else:
        question |= {"max_tokens": stream[0], "stop": [f"pace-{stream[1]}ms"], "stream": True}
    body = json.dumps(question, separators=(",", ":")).encode()
    lines = [
        "POST /v1/chat/completions HTTP/1.1",
        f"host: {host}",
        "accept: */*",
        "accept-encoding: identity",
        "user-agent: mainspring-bench",
        f"authorization: Bearer {key}",
        "content-type: application/json",
        f"content-length: {len(body)}",
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


class Watch:
    """Process trees to meter, by name."""

    def __init__(self, roots: dict[str, int]) -> None:
        self._roots = roots

    def begin(self) -> None:
        """Note where every counter stands."""
        self._cpu = {name: cpu_seconds(tree(pid)) for name, pid in self._roots.items()}
        self._machine = machine_busy_seconds()
        self._load = time.process_time()
        self._wall = time.perf_counter()

    def memory(self) -> dict[str, int]:
        """Return the resident bytes of every tree."""
        return {name: resident_bytes(tree(pid)) for name, pid in self._roots.items()}

    def end(self, tally: Tally, before: dict[str, int]) -> LoadResult:
        """Return what happened since :meth:`begin`."""
        window_s = time.perf_counter() - self._wall
        load = time.process_time() - self._load
        cpu = {name: cpu_seconds(tree(pid)) - self._cpu[name] for name, pid in self._roots.items()}
        other = machine_busy_seconds() - self._machine - load - sum(cpu.values())
        counted = (tally.requests, tally.events, tally.errors)
        after = self.memory()
        return LoadResult(
            window_s=window_s,
            requests=counted[0],
            events=counted[1],
            errors=counted[2],
            open_streams=tally.open_streams,
            load_cpu_s=load,
            other_cpu_s=max(other, 0.0),
            latency_ms=tally.percentiles(),
            watched={name: Watched(round(cpu[name], 4), after[name], before[name]) for name in cpu},
            first_error=tally.first_error,
        )


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What the load generator is to do."""

    host: str
    port: int
    key: str
    model: str
    mode: str
    connections: int
    prompt_bytes: int
    warmup_s: float
    duration_s: float
    events: int
    pace_ms: int
    rate: float
    awake: bool


def _same(caller: Caller) -> Caller:
    return caller


async def run(plan: Plan, watch: Watch) -> LoadResult:
    """Put the load on and return what was measured."""
    loop = asyncio.get_running_loop()
    tally = Tally()
    if plan.awake:
        stay_awake(loop)
    make_request = partial(
        request_bytes,
        host=f"{plan.host}:{plan.port}",
        key=plan.key,
        model=plan.model,
        prompt_bytes=plan.prompt_bytes,
    )
    if plan.mode == "paced":
        return await _run_paced(plan, watch, tally, make_request(stream=None))
    before = watch.memory()
    callers: list[Caller] = []
    # Streams start spread over one pace, so that their events do not come as one volley.
    gap_s = 0.0
    if plan.mode == "streams":
        gap_s = plan.pace_ms / 1000 / plan.connections
    for index in range(plan.connections):
        if plan.mode == "closed":
            caller = Caller(tally, make_request(stream=None))
        else:
            # First streams are of every length up to the whole, so that in the steady state the
            # ends of streams, and the starts of the next, are spread evenly.
            first = max((index + 1) * plan.events // plan.connections, 1)
            request = make_request(stream=(plan.events, plan.pace_ms))
            caller = Listener(tally, make_request(stream=(first, plan.pace_ms)), request)
        await loop.create_connection(partial(_same, caller), plan.host, plan.port)
        callers.append(caller)
        if gap_s:
            await asyncio.sleep(gap_s)
    if plan.mode == "idle":
        deadline = loop.time() + 10
        while tally.open_streams < plan.connections and loop.time() < deadline:  # noqa: ASYNC110 - streams open one by one; nothing tells of the last
            await asyncio.sleep(0.05)
    await asyncio.sleep(plan.warmup_s)
    tally.reset()
    watch.begin()
    await asyncio.sleep(plan.duration_s)
    result = watch.end(tally, before)
    tally.stopping = True
    for caller in callers:
        caller.close()
    return result


async def _run_paced(plan: Plan, watch: Watch, tally: Tally, request: bytes) -> LoadResult:
    def answered(status: int, took_s: float) -> None:
        if status == 200:
            tally.requests += 1
            tally.latencies.append(took_s)
        else:
            tally.failed(f"status {status}")

    before = watch.memory()
    callers = PacedCallers(plan.rate, request, answered)
    await callers.open(plan.host, plan.port, plan.connections)
    await asyncio.sleep(plan.warmup_s)
    tally.reset()
    watch.begin()
    await asyncio.sleep(plan.duration_s)
    for _ in range(callers.lost):
        tally.failed("connection lost")
    result = watch.end(tally, before)
    callers.close()
    return result


@click.command(help=__doc__)
@click.option("--host", default="127.0.0.1")
@click.option("--port", type=int, required=True)
@click.option("--key", default="none", help="Sent as the bearer token.")
@click.option("--model", default="scripted")
@click.option("--mode", type=click.Choice(["closed", "paced", "streams", "idle"]), default="closed")
@click.option("--connections", default=64)
@click.option("--prompt-bytes", default=1000)
@click.option("--warmup", default=0.5, help="Seconds before the window.")
@click.option("--duration", default=3.0, help="Seconds of the window.")
@click.option("--events", default=50, help="Content events of a stream.")
@click.option("--pace-ms", default=20, help="Milliseconds between them.")
@click.option("--rate", default=1000.0, help="Requests a second of the paced mode.")
@click.option("--awake", is_flag=True, help="Poll instead of sleeping; takes a whole core.")
@click.option("--watch", multiple=True, help="NAME=PID of a process tree to meter.")
def main(
    *,
    host: str,
    port: int,
    key: str,
    model: str,
    mode: str,
    connections: int,
    prompt_bytes: int,
    warmup: float,
    duration: float,
    events: int,
    pace_ms: int,
    rate: float,
    awake: bool,
    watch: tuple[str, ...],
) -> None:
    """Run once and print the result as JSON."""
    roots = {name: int(pid) for name, _, pid in (item.partition("=") for item in watch)}
    plan = Plan(
        host=host,
        port=port,
        key=key,
        model=model,
        mode=mode,
        connections=connections,
        prompt_bytes=prompt_bytes,
        warmup_s=warmup,
        duration_s=duration,
        events=events,
        pace_ms=pace_ms,
        rate=rate,
        awake=awake,
    )
    result = uvloop.run(run(plan, Watch(roots)))
    sys.stdout.write(msgspec.json.encode(result).decode() + "\n")


if __name__ == "__main__":
    main()
