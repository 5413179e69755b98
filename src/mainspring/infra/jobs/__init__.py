"""Durable work: jobs that survive the process that runs them.

May enter: the port by which capabilities define and start jobs, its implementation on DBOS Transact
over our PostgreSQL, the register of executors and the reaper that takes over from dead ones.
Must never know: what any job does.

Only the port is exported here, so that whoever defines a job does not load the engine:
``jobs.client`` starts and watches runs (control, worker), ``jobs.executor`` executes them (worker).
"""

from mainspring.infra.jobs.ports import (
    PLATFORM_PROJECT,
    Job,
    JobQueue,
    Jobs,
    JobSpec,
    JsonObject,
    JsonValue,
    Run,
    RunState,
    RunStatus,
)

__all__ = [
    "PLATFORM_PROJECT",
    "Job",
    "JobQueue",
    "JobSpec",
    "Jobs",
    "JsonObject",
    "JsonValue",
    "Run",
    "RunState",
    "RunStatus",
]
