"""Telling control every two seconds how the parts are that cannot tell it themselves.

Those are programs that are not ours, and ours while they do not run. Control may be away; then
nobody listens and nothing is kept: a heartbeat is about now.
"""

import asyncio
from collections.abc import Callable
from pathlib import Path

import httpx
import msgspec
import psutil

from mainspring import __version__
from mainspring.app.supervisor.state import PartCondition, PartState, RunState
from mainspring.infra.secrets import KeyFileError, load_or_create_token
from mainspring.wire.records import Heartbeat, HeartbeatBatch

INTERVAL_S = 2.0
_TIMEOUT_S = 5.0
_SPEAKING = (PartCondition.READY, PartCondition.DEGRADED)
_STATES = {
    PartCondition.WAITING: "starting",
    PartCondition.STARTING: "starting",
    PartCondition.RESTARTING: "failed",
    PartCondition.STOPPED: "stopping",
}
"""Conditions that the console knows by another word; the others keep their own."""


async def send_heartbeats(
    run: Callable[[], RunState], *, control_url: str, token_file: Path
) -> None:
    """Post the state of all parts until cancelled. ``run`` gives the present account."""
    # The token is nothing for a proxy that the environment names.
    async with httpx.AsyncClient(
        base_url=control_url, timeout=_TIMEOUT_S, trust_env=False
    ) as client:
        while True:
            await _post(client, run(), token_file)
            await asyncio.sleep(INTERVAL_S)


async def _post(client: httpx.AsyncClient, run: RunState, token_file: Path) -> None:
    try:
        token = load_or_create_token(token_file)
        await client.post(
            "/internal/v1/heartbeats",
            content=msgspec.msgpack.encode(heartbeat_batch(run)),
            headers={
                "Authorization": f"Bearer {token}",
                "Content-Type": "application/msgpack",
            },
        )
    except (httpx.HTTPError, KeyFileError):
        return  # control starts, restarts or is gone: its own part's state says so


def heartbeat_batch(run: RunState) -> HeartbeatBatch:
    """Return what control is told about the parts of ``run`` and the supervisor itself."""
    supervisor = Heartbeat(
        instance_id="supervisor",
        role="supervisor",
        name="supervisor",
        state=_STATES.get(run.state, run.state.value),
        version=run.version,
        started_at_ms=run.started_at_ms,
        details={"pid": run.pid, **_memory(run.pid)},
    )
    parts = [_of_part(part) for part in run.parts.values() if not _tells_itself(part)]
    return HeartbeatBatch([supervisor, *parts])


def _tells_itself(part: PartState) -> bool:
    if part.role == "control":
        return True  # whoever receives this is alive
    return part.instance_id is not None and part.state in _SPEAKING


def _of_part(part: PartState) -> Heartbeat:
    details: dict[str, str | int | float | bool] = {"restarts": part.restarts}
    if part.pid is not None:
        details |= {"pid": part.pid, **_memory(part.pid)}
    if part.url is not None:
        details["url"] = part.url
    if part.last_exit is not None:
        details["last_exit"] = part.last_exit
    return Heartbeat(
        instance_id=part.instance_id or part.name,
        role=part.role,
        name=part.instance_id or part.name,
        state=_STATES.get(part.state, part.state.value),
        version=__version__,
        started_at_ms=part.started_at_ms or 0,
        details=details,
    )


def _memory(pid: int) -> dict[str, int]:
    try:
        return {"rss_mb": psutil.Process(pid).memory_info().rss // 2**20}
    except psutil.Error:
        return {}
