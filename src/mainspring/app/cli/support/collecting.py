"""The members of a support bundle: what is looked at, and what of it is taken."""

import importlib.metadata
import os
import platform as machine
from collections import deque
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import httpx
import msgspec

from mainspring import __version__
from mainspring.app.cli.checks import CHECKS
from mainspring.app.cli.checks.subject import Subject
from mainspring.app.cli.connection import control_client, is_here
from mainspring.app.cli.output import CommandError
from mainspring.app.effective import shown
from mainspring.app.supervisor.log_stream import KEPT_FILES
from mainspring.app.variables import documented_variables

MAX_LINES = 500
"""The newest lines of the log that tell of something wrong."""

_FIELDS = (
    "at",
    "level",
    "source",
    "logger",
    "message",
    "exception",
    "code",
    "error_code",
    "request_id",
    "trace_id",
    "part",
    "pid",
)
_BAD = frozenset({"warning", "error", "critical", "fatal"})
_ALARMS = ("ERROR", "FATAL", "PANIC", "Traceback")
_TIMEOUT_S = 5.0
_MAX_HEALTH_CHARACTERS = 4000


def versions() -> dict[str, Any]:
    """Return what is installed, and on what."""
    requirements = importlib.metadata.requires("mainspring") or []
    names = sorted({_distribution(each) for each in requirements} - {"mainspring"})
    return {
        "mainspring": __version__,
        "python": machine.python_version(),
        "system": machine.system(),
        "release": machine.release(),
        "machine": machine.machine(),
        "processors": os.cpu_count(),
        "packages": {name: _version(name) for name in names},
    }


def settings(environ: Mapping[str, str]) -> dict[str, Any]:
    """Return every documented variable: what it is set to where that can be no secret."""
    return {
        each.variable.name: {
            "set": each.variable.name in environ,
            "value": shown(each.variable.name, environ[each.variable.name])
            if each.variable.name in environ
            else None,
            "default": each.variable.default,
        }
        for each in documented_variables()
    }


def parts(subject: Subject) -> dict[str, Any] | None:
    """Return the supervisor's account; ``None`` where none runs."""
    return None if subject.run is None else msgspec.to_builtins(subject.run)


def health(subject: Subject) -> dict[str, Any]:
    """Return what each part that runs here says of its readiness."""
    if subject.run is None:
        return {}
    urls = {"gateway": subject.run.gateway_url, "control": subject.run.control_url}
    return {name: _ready(url) for name, url in urls.items()}


def snapshots(subject: Subject, *, file: Path) -> dict[str, Any]:
    """Return which configuration parts have: as control was told, and in the gateway's file."""
    found: dict[str, Any] = {"file": _file_facts(file)}
    try:
        with control_client() as client:
            found["parts"] = list(client.items("/system/parts"))
    except CommandError as error:
        found["parts"] = None
        found["reason"] = error.message
    found["control"] = None if subject.run is None else _ready(subject.run.control_url)
    return found


def doctor(subject: Subject) -> list[dict[str, Any]]:
    """Return the doctor's findings; a check that breaks is a finding as well."""
    found: list[dict[str, Any]] = []
    for check in CHECKS:
        try:
            found.extend(msgspec.to_builtins(each) for each in check(subject))
        except Exception as error:  # noqa: BLE001 - a bundle is made because something is broken
            found.append(
                {"check": check.__name__, "verdict": "broken", "text": f"{type(error).__name__}"}
            )
    return found


def recent_errors(log: Path) -> list[dict[str, Any]]:
    """Return the newest lines of the log, oldest first, that tell of something wrong."""
    found: deque[dict[str, Any]] = deque(maxlen=MAX_LINES)
    older = [log.with_name(f"{log.name}.{index}") for index in range(KEPT_FILES, 0, -1)]
    for path in (*older, log):
        try:
            with path.open("rb") as file:
                for line in file:
                    told = _told(line)
                    if told is not None:
                        found.append(told)
        except OSError:
            continue  # there is no such file, or it is being rotated away
    return list(found)


def _told(line: bytes) -> dict[str, Any] | None:
    try:
        entry: Any = msgspec.json.decode(line)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        entry = {"message": line.decode(errors="replace").rstrip()}
    if not isinstance(entry, dict):
        return None
    fields = cast("dict[str, Any]", entry)
    message = str(fields.get("message", ""))
    if str(fields.get("level", "")).lower() not in _BAD and not any(
        alarm in message for alarm in _ALARMS
    ):
        return None
    return {name: fields[name] for name in _FIELDS if isinstance(fields.get(name), str | int)}


def _ready(url: str) -> dict[str, Any]:
    try:
        answer = httpx.get(f"{url}/readyz", timeout=_TIMEOUT_S, trust_env=not is_here(url))
    except httpx.HTTPError as error:
        return {"reached": False, "reason": str(error) or type(error).__name__}
    return {
        "reached": True,
        "status": answer.status_code,
        "body": answer.text[:_MAX_HEALTH_CHARACTERS],
    }


def _file_facts(path: Path) -> dict[str, Any] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    changed = datetime.fromtimestamp(status.st_mtime, UTC).isoformat(timespec="seconds")
    return {"bytes": status.st_size, "changed_at": changed}


def _distribution(requirement: str) -> str:
    name = requirement.partition(";")[0].strip()
    for index, char in enumerate(name):
        if not (char.isalnum() or char in "-_."):
            return name[:index]
    return name


def _version(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


Members = Sequence[tuple[str, Any]]
"""Names of files, and what is in them, to be written as JSON."""


def members(environ: Mapping[str, str]) -> Members:
    """Return everything that goes into a bundle, secrets not yet taken out."""
    subject = Subject.of(environ)
    snapshot = environ.get("MAINSPRING_SNAPSHOT_FILE")
    file = Path(snapshot) if snapshot else subject.home.gateway / "snapshot.bin"
    return [
        ("versions.json", versions()),
        ("settings.json", settings(environ)),
        ("parts.json", parts(subject)),
        ("health.json", health(subject)),
        ("snapshots.json", snapshots(subject, file=file)),
        ("doctor.json", doctor(subject)),
        ("errors.json", recent_errors(subject.home.log_file)),
    ]
