"""``mainspring chargeback``: what a month cost, as a file for whoever pays."""

from pathlib import Path
from typing import Literal, get_args

import click

from mainspring.app.cli.connection import control_client
from mainspring.app.cli.language import language
from mainspring.app.cli.lookup import find_organization
from mainspring.app.cli.output import CommandError, json_option, progress, result, result_json
from mainspring.app.cli.texts import t
from mainspring.app.exit_codes import ExitCode

Form = Literal["csv", "xlsx", "pdf"]


@click.command("chargeback", help=t("chargeback.help"))
@click.argument("month", required=False)
@click.option("-o", "--organization", help=t("policy.organization"))
@click.option("--format", "form", type=click.Choice(get_args(Form)), help=t("chargeback.format"))
@click.option(
    "--output", type=click.Path(dir_okay=False, path_type=Path), help=t("chargeback.output")
)
@json_option
def command(
    *,
    month: str | None,
    organization: str | None,
    form: Form | None,
    output: Path | None,
    as_json: bool,
) -> None:
    """Fetch the report and keep it, or print its table."""
    ending = "" if output is None else output.suffix.removeprefix(".").lower()
    by_ending = ending if ending in get_args(Form) else "csv"
    wanted = form or by_ending
    if output is None and (wanted != "csv" or as_json):
        raise CommandError(t("chargeback.file"), exit_code=ExitCode.USAGE)
    with control_client() as client:
        body = client.content(
            "/costs/chargeback",
            month=month,
            org_id=organization and str(find_organization(client, organization)["id"]),
            format=wanted,
            lang=language(),
        )
    if output is None:
        result(body.decode().rstrip("\r\n"))
        return
    try:
        output.write_bytes(body)
    except OSError as error:
        raise CommandError(str(error)) from error
    if as_json:
        result_json({"path": str(output), "format": wanted, "bytes": len(body)})
    else:
        progress(t("loadtest.written", path=output))
