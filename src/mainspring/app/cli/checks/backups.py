"""The check of scheduled backups: how old the newest is, whether it is whole and can be opened."""

import importlib.util
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Final

from mainspring.app.cli.checks.finding import Finding, Verdict
from mainspring.app.cli.checks.subject import Subject
from mainspring.app.cli.texts import t
from mainspring.app.environment import SettingError
from mainspring.app.master_keys import held_key_ids
from mainspring.app.variables import BACKUP
from mainspring.infra.secrets import KeyFileError
from mainspring.kernel.clock import SystemClock
from mainspring.kernel.errors import MainspringError

_READ_AT_MOST: Final = 4 * 1024**3
"""Bytes of a backup that are read through: some ten seconds of a disk."""
_FIELDS = 5


def check_backups(subject: Subject) -> Sequence[Finding]:
    """Look at the newest backup where backups are made by the clock."""
    place = subject.environ.get("MAINSPRING_BACKUP_DIRECTORY")
    if not place:
        return [_finding(Verdict.SKIPPED, "doctor.backups.none", "doctor.backups.none.hint")]
    if importlib.util.find_spec("psycopg") is None:
        return [Finding(check="backups", verdict=Verdict.SKIPPED, text=t("doctor.no_driver"))]
    from mainspring.app.backups import newest_backup  # noqa: PLC0415 - needs an extra

    directory = Path(place)
    try:
        found = newest_backup(directory)
    except OSError as error:
        what = f"{directory}: {error.strerror}"
        return [_finding(Verdict.PROBLEM, "doctor.backups.closed", "doctor.backups.hint", what)]
    if found is None:
        what = str(directory)
        return [_finding(Verdict.PROBLEM, "doctor.backups.empty", "doctor.backups.hint", what)]
    path, made_at = found
    findings: list[Finding] = []
    age = SystemClock().now() - made_at
    if age > longest_age(subject.environ.get("MAINSPRING_BACKUP_SCHEDULE", "")):
        what = f"{path}, {made_at:%Y-%m-%d %H:%M} UTC"
        findings.append(
            _finding(Verdict.PROBLEM, "doctor.backups.old", "doctor.backups.hint", what)
        )
    findings += _contents(subject, path)
    ok = t("doctor.backups", what=path.name, hours=age / timedelta(hours=1))
    return findings or [Finding(check="backups", verdict=Verdict.OK, text=ok)]


def longest_age(schedule: str) -> timedelta:
    """Return how old the newest backup may be: by the schedule one was missed, and then some.

    The schedule is cron with five fields; without one it is every night.
    """
    fields = schedule.split()
    if len(fields) == _FIELDS:
        _, _, day, month, weekday = fields
        if month != "*":
            return timedelta(days=367)
        if day != "*":
            return timedelta(days=32)
        if weekday != "*":
            return timedelta(days=8)
    return timedelta(days=2)


def _contents(subject: Subject, path: Path) -> list[Finding]:
    """Read the file through, and compare the keys it was sealed by with those that are held."""
    from mainspring.app.backups import require_keys  # noqa: PLC0415 - needs an extra
    from mainspring.infra.backup import ArchiveReader  # noqa: PLC0415 - needs an extra

    try:
        if path.stat().st_size > _READ_AT_MOST:
            return [
                _finding(Verdict.WARNING, "doctor.backups.big", "doctor.backups.verify", str(path))
            ]
        manifest = ArchiveReader(path).verify()
    except (OSError, MainspringError) as error:
        what = f"{path}: {error.detail if isinstance(error, MainspringError) else error}"
        return [_finding(Verdict.PROBLEM, "doctor.backups.damaged", "doctor.backups.hint", what)]
    try:
        settings = BACKUP.read(subject.environ)
        require_keys(manifest, held_key_ids(settings, settings.master_key_file))
    except (SettingError, KeyFileError, OSError, MainspringError) as error:
        what = f"{path}: {error.detail if isinstance(error, MainspringError) else error}"
        return [_finding(Verdict.PROBLEM, "doctor.backups.keys", "doctor.backups.keys.hint", what)]
    return []


def _finding(verdict: Verdict, text: str, hint: str, what: str = "") -> Finding:
    return Finding(
        check="backups", verdict=verdict, text=t(text, what=what), hint=t(hint, what=what)
    )
