"""``mainspring reconciliation``: what gateways counted, beside what the ledger has of it."""

from collections.abc import Mapping
from typing import Any

import click

from mainspring.app.cli.connection import control_client
from mainspring.app.cli.moments import ago
from mainspring.app.cli.output import json_option, result, result_json, table
from mainspring.app.cli.texts import t

_COLUMNS = (
    "since",
    "gateway",
    "state",
    "counted",
    "booked",
    "counted_tokens",
    "booked_tokens",
)


@click.command("reconciliation", help=t("reconciliation.help"))
@click.option("--since", default="24h", show_default=True, help=t("calls.since"))
@click.option(
    "--state",
    type=click.Choice(("waiting", "matched", "drifted")),
    help=t("reconciliation.state"),
)
@click.option("--gateway", help=t("reconciliation.gateway"))
@json_option
def command(*, since: str, state: str | None, gateway: str | None, as_json: bool) -> None:
    """List hours, newest first."""
    with control_client() as client:
        found = list(
            client.items(
                "/usage/reconciliation",
                since=ago(since).isoformat(),
                state=state,
                gateway_id=gateway,
            )
        )
    if as_json:
        result_json({"items": found})
    else:
        result(
            table({name: t(f"column.{name}") for name in _COLUMNS}, [_row(each) for each in found])
        )


def _row(hour: Mapping[str, Any]) -> dict[str, object]:
    booked: Mapping[str, Any] = hour["booked"] or {}
    return {
        "since": str(hour["since"])[:16].replace("T", " "),
        "gateway": hour["gateway_id"],
        "state": hour["state"],
        "counted": hour["counted"]["calls"],
        "booked": booked.get("calls"),
        "counted_tokens": hour["counted"]["tokens"],
        "booked_tokens": booked.get("tokens"),
    }
