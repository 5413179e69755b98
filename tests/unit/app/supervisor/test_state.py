"""The account of what runs."""

import os
from pathlib import Path

from mainspring.app.supervisor.heartbeats import heartbeat_batch
from mainspring.app.supervisor.state import (
    PartCondition,
    PartState,
    RunState,
    read_running,
    read_state,
    write_state,
)
from mainspring.infra.processes.identity import ProcessIdentity


def _run(pid: int, started_at: float) -> RunState:
    parts = [
        PartState(name="postgres", role="database", state=PartCondition.READY, pid=pid),
        PartState(name="control", role="control", state=PartCondition.READY),
        PartState(
            name="gateway", role="gateway", instance_id="gateway-1", state=PartCondition.READY
        ),
        PartState(
            name="worker",
            role="worker",
            instance_id="worker-1",
            state=PartCondition.RESTARTING,
            restarts=2,
            last_exit="signal SIGKILL",
        ),
    ]
    return RunState(
        version="1",
        home="/data",
        pid=pid,
        pid_started_at=started_at,
        started_at_ms=5,
        state=PartCondition.READY,
        gateway_url="http://g",
        control_url="http://c",
        parts={part.name: part for part in parts},
    )


def test_what_is_written_is_read_back_whole(tmp_path: Path) -> None:
    state = _run(1, 2.5)
    write_state(tmp_path / "state.json", state)
    assert read_state(tmp_path / "state.json") == state
    assert [path.name for path in tmp_path.iterdir()] == ["state.json"]


def test_a_missing_or_strange_file_is_no_account(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    assert read_state(path) is None
    path.write_text('{"version": 1}')
    assert read_state(path) is None


def test_only_a_living_supervisor_makes_a_running_platform(tmp_path: Path) -> None:
    me = ProcessIdentity.of(os.getpid())
    assert me is not None
    write_state(tmp_path / "state.json", _run(me.pid, me.started_at))
    assert read_running(tmp_path / "state.json") is not None
    # The same pid, given to another process since.
    write_state(tmp_path / "state.json", _run(me.pid, me.started_at - 60))
    assert read_running(tmp_path / "state.json") is None


def test_the_supervisor_speaks_for_itself_and_for_parts_that_cannot() -> None:
    told = {each.instance_id: each for each in heartbeat_batch(_run(os.getpid(), 0)).heartbeats}
    assert set(told) == {"supervisor", "postgres", "worker-1"}
    assert told["worker-1"].state == "failed"
    assert told["worker-1"].details == {"restarts": 2, "last_exit": "signal SIGKILL"}
    assert told["postgres"].details["pid"] == os.getpid()
