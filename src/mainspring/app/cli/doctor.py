"""``mainspring doctor``: look at this machine and the platform, and say how to mend them."""

import click

from mainspring.app.cli.checks import CHECKS, Finding, Verdict
from mainspring.app.cli.checks.subject import Subject
from mainspring.app.cli.output import CommandError, json_option, result, result_json
from mainspring.app.cli.texts import t
from mainspring.app.environment import environment
from mainspring.app.exit_codes import ExitCode

_MARKS = {
    Verdict.OK: "✓",
    Verdict.WARNING: "!",
    Verdict.PROBLEM: "✗",
    Verdict.SKIPPED: "-",
}


@click.command("doctor", help=t("doctor.help"))
@json_option
def command(*, as_json: bool) -> None:
    """Run every check; warnings leave the exit status 0, problems do not."""
    subject = Subject.of(environment())
    findings: list[Finding] = []
    for check in CHECKS:
        for finding in check(subject):
            findings.append(finding)
            if not as_json:
                _show(finding)
    problems = sum(finding.verdict is Verdict.PROBLEM for finding in findings)
    if as_json:
        result_json(
            {
                "well": not problems,
                "findings": [
                    {
                        "check": finding.check,
                        "verdict": finding.verdict.value,
                        "text": finding.text,
                        "hint": finding.hint,
                    }
                    for finding in findings
                ],
            }
        )
    elif not problems:
        result(t("doctor.well"))
    if problems:
        raise CommandError(
            t("doctor.unwell", count=problems),
            exit_code=ExitCode.UNHEALTHY,
            next_step=t("doctor.unwell.next"),
        )


def _show(finding: Finding) -> None:
    result(f"{_MARKS[finding.verdict]} {finding.text}")
    if finding.hint and finding.verdict is not Verdict.OK:
        result(f"    {finding.hint}")
