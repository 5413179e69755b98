"""How this machine and the platform on it are, over the API: the doctor's findings, the backups."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Final, Literal

from fastapi import APIRouter
from pydantic import Field

from mainspring.app.backups import backups_in
from mainspring.app.cli.checks import CHECKS, Finding
from mainspring.app.cli.checks.platform import check_models
from mainspring.app.cli.checks.subject import Subject
from mainspring.app.cli.language import Language, speaking
from mainspring.app.storage_variables import SCHEDULED_BACKUPS
from mainspring.capabilities.fleet.api import SYSTEM_READ
from mainspring.infra.web import (
    CurrentScope,
    View,
    WholePageParams,
    needs,
    page_of_all,
    problems,
)
from mainspring.kernel.authorize import authorize
from mainspring.kernel.clock import Clock
from mainspring.kernel.errors import PermissionDeniedError, SignInRequiredError
from mainspring.kernel.scope import PLATFORM_ORG

_SCHEDULE: Final = SCHEDULED_BACKUPS["backup_schedule"]
_CHECKS: Final = tuple(check for check in CHECKS if check is not check_models)
"""A look at a page calls no model: that is left to the command."""
_FRESH_S: Final = 30.0
"""How long findings are told again: some checks read a disk or start a connection."""


class FindingView(View):
    """One thing that was looked at."""

    check: str = Field(examples=["disk"])
    verdict: Literal["ok", "warning", "problem", "skipped"]
    text: str
    hint: str = Field(description="How to mend it; empty where there is nothing to mend.")


class Examination(View):
    """What the doctor found on the machine that answers."""

    well: bool = Field(description="Whether there is no problem; warnings prevent nothing.")
    examined_at: datetime
    findings: list[FindingView]


class BackupView(View):
    """A backup that was made by the clock."""

    name: str = Field(examples=["mainspring-20260131T020000Z.tar"])
    made_at: datetime
    bytes: int


class BackupList(View):
    """Backups, newest first."""

    items: list[BackupView]
    next_cursor: str | None
    directory: str | None = Field(description="Where they lie; none where none are made.")
    schedule: str | None = Field(description="When they are made, as cron writes it.")
    problem: str | None = Field(description="Why the directory cannot be read, if it cannot.")


class Doctor:
    """Runs the checks of ``mainspring doctor``, one caller at a time and not too often."""

    def __init__(self, environ: Mapping[str, str], clock: Clock) -> None:
        self._environ = environ
        self._clock = clock
        self._found: dict[Language, tuple[datetime, list[Finding]]] = {}
        self._examining = asyncio.Lock()

    async def examine(self, language: Language) -> tuple[datetime, list[Finding]]:
        """Return findings and when they were made."""
        async with self._examining:
            known = self._found.get(language)
            now = self._clock.now()
            if known is not None and (now - known[0]).total_seconds() < _FRESH_S:
                return known
            found = now, await asyncio.to_thread(self._look, language)
            self._found[language] = found
            return found

    def _look(self, language: Language) -> list[Finding]:
        with speaking(language):
            subject = Subject.of(self._environ)
            return [finding for check in _CHECKS for finding in check(subject)]


def doctor_routes(environ: Mapping[str, str], clock: Clock) -> APIRouter:
    """Return the routes that look at the machine with this environment."""
    router = APIRouter(
        tags=["system"], responses=problems(SignInRequiredError, PermissionDeniedError)
    )
    doctor = Doctor(environ, clock)

    @router.get("/system/doctor", operation_id="examine_system", openapi_extra=needs(SYSTEM_READ))
    async def examine_system(scope: CurrentScope, language: Language = "en") -> Examination:
        """Check the machine that answers, and what runs there, as `mainspring doctor` does.

        No model is called. Findings are those of the last half minute.
        """
        authorize(scope, SYSTEM_READ, org_id=PLATFORM_ORG)
        at, findings = await doctor.examine(language)
        return Examination(
            well=all(finding.verdict != "problem" for finding in findings),
            examined_at=at,
            findings=[FindingView.model_validate(finding) for finding in findings],
        )

    @router.get("/system/backups", operation_id="list_backups", openapi_extra=needs(SYSTEM_READ))
    async def list_backups(scope: CurrentScope, page: WholePageParams) -> BackupList:
        """List the backups that were made by the clock, as far as they lie on this machine."""
        authorize(scope, SYSTEM_READ, org_id=PLATFORM_ORG)
        directory = environ.get("MAINSPRING_BACKUP_DIRECTORY") or None
        found: list[BackupView] = []
        problem = None
        if directory is not None:
            try:
                found = await asyncio.to_thread(_backups, Path(directory))
            except OSError as error:
                problem = error.strerror
        part = page_of_all(found, page, lambda backup: backup.name)
        return BackupList(
            items=list(part.items),
            next_cursor=part.next_cursor,
            directory=directory,
            schedule=None if directory is None else environ.get(_SCHEDULE.name, _SCHEDULE.default),
            problem=problem,
        )

    _ = (examine_system, list_backups)
    return router


def _backups(directory: Path) -> list[BackupView]:
    return [
        BackupView(name=path.name, made_at=made_at, bytes=path.stat().st_size)
        for path, made_at in backups_in(directory)
    ]
