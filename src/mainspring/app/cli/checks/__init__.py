"""The checks of ``mainspring doctor``, in the order in which they are run.

A check looks at the :class:`~mainspring.app.cli.checks.subject.Subject` and returns findings; it
changes nothing.
"""

from collections.abc import Callable, Sequence

from mainspring.app.cli.checks.backups import check_backups
from mainspring.app.cli.checks.finding import Finding, Verdict
from mainspring.app.cli.checks.keys import check_keys
from mainspring.app.cli.checks.machine import (
    check_clock,
    check_disk,
    check_files,
    check_memory,
    check_packages,
    check_ports,
    check_python,
    check_settings,
)
from mainspring.app.cli.checks.platform import (
    check_database,
    check_emergencies,
    check_models,
    check_parts,
)
from mainspring.app.cli.checks.subject import Subject

__all__ = ["CHECKS", "Finding", "Verdict"]

CHECKS: tuple[Callable[[Subject], Sequence[Finding]], ...] = (
    check_python,
    check_packages,
    check_settings,
    check_disk,
    check_memory,
    check_files,
    check_clock,
    check_ports,
    check_database,
    check_parts,
    check_emergencies,
    check_keys,
    check_backups,
    check_models,
)
