"""``mainspring idle``: what nobody used for a while, and what it costs."""

from collections.abc import Mapping
from decimal import Decimal

import click

from mainspring.app.cli.connection import control_client
from mainspring.app.cli.lookup import find_organization
from mainspring.app.cli.output import json_option, progress, result, result_json, table
from mainspring.app.cli.texts import t

_COLUMNS = ("kind", "name", "upstream_model", "hourly", "cost", "last_used", "id")


@click.command("idle", help=t("idle.help"))
@click.option(
    "--days",
    type=click.IntRange(1, 92),
    default=30,
    show_default=True,
    help=t("idle.days"),
)
@click.option("-o", "--organization", help=t("policy.organization"))
@json_option
def command(*, days: int, organization: str | None, as_json: bool) -> None:
    """List what is idle."""
    with control_client() as client:
        org_id = organization and str(find_organization(client, organization)["id"])
        found = client.get("/usage/idle", days=str(days), org_id=org_id)
    if as_json:
        result_json(found)
        return
    rows = [
        {
            **each,
            "hourly": _amounts(each["hourly"]),
            "cost": _amounts(each["cost"]),
            "last_used": str(each["last_used_at"] or "")[:16].replace("T", " "),
        }
        for each in found["items"]
    ]
    result(table({name: t(f"column.{name}") for name in _COLUMNS}, rows))
    if found["idle_hours"]:
        progress(t("idle.hours", cost=_amounts(found["idle_hours"])))
    if found["more_keys"]:
        progress(t("idle.more"))


def _amounts(costs: Mapping[str, int]) -> str:
    return " + ".join(
        f"{Decimal(nanos).scaleb(-9).normalize():f} {currency}" for currency, nanos in costs.items()
    )
