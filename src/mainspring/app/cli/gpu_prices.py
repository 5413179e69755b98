"""``mainspring gpu-prices``: what the GPUs of self-hosted models cost."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation

import click

from mainspring.app.cli.connection import control_client
from mainspring.app.cli.lookup import find_named
from mainspring.app.cli.moments import in_utc
from mainspring.app.cli.output import (
    CommandError,
    json_option,
    progress,
    result,
    result_json,
    table,
)
from mainspring.app.cli.texts import t
from mainspring.app.exit_codes import ExitCode
from mainspring.kernel.clock import SystemClock

_COLUMNS = (
    *("id", "name", "upstream", "upstream_model", "gpus", "hourly", "currency"),
    *("valid_from", "valid_until"),
)


@click.group("gpu-prices", help=t("gpu-prices.help"))
def command() -> None:
    """List, create, end, delete."""


@command.command("list", help=t("gpu-prices.list.help"))
@json_option
def list_prices(*, as_json: bool) -> None:
    """List every price."""
    with control_client() as client:
        found = list(client.items("/gpu-prices"))
        upstreams = (
            {} if as_json else {each["id"]: each["name"] for each in client.items("/upstreams")}
        )
    if as_json:
        result_json({"items": found})
        return
    rows = [_row(each, upstreams) for each in found]
    result(table({name: t(f"column.{name}") for name in _COLUMNS}, rows))


@command.command("create", help=t("gpu-prices.create.help"))
@click.argument("upstream")
@click.option("--hourly", required=True, help=t("gpu-prices.hourly"))
@click.option("--currency", default="USD", show_default=True, help=t("gpu-prices.currency"))
@click.option("--gpus", type=float, default=1.0, show_default=True, help=t("gpu-prices.gpus"))
@click.option("--model", help=t("gpu-prices.model"))
@click.option("--name", help=t("gpu-prices.name"))
@click.option(
    "--shared-by",
    type=click.Choice(("tokens", "busy_seconds")),
    default="tokens",
    show_default=True,
    help=t("gpu-prices.shared-by"),
)
@click.option("--from", "begins", type=click.DateTime(), help=t("gpu-prices.from"))
@json_option
def create(
    *,
    upstream: str,
    hourly: str,
    currency: str,
    gpus: float,
    model: str | None,
    name: str | None,
    shared_by: str,
    begins: datetime | None,
    as_json: bool,
) -> None:
    """Make a price; its id goes to standard output."""
    with control_client() as client:
        made = client.post(
            "/gpu-prices",
            {
                "name": name or upstream,
                "upstream_id": find_named(client, "/upstreams", upstream)["id"],
                "upstream_model": model,
                "gpus": gpus,
                "hourly_nanos": _nanos(hourly),
                "currency": currency,
                "shared_by": shared_by,
                "valid_from": in_utc(begins) or SystemClock().now().isoformat(),
            },
        )
    if as_json:
        result_json(made)
    else:
        result(made["id"])


@command.command("end", help=t("gpu-prices.end.help"))
@click.argument("price_id")
@click.option("--at", "ends", type=click.DateTime(), help=t("gpu-prices.at"))
@json_option
def end(*, price_id: str, ends: datetime | None, as_json: bool) -> None:
    """Let a price end."""
    until = in_utc(ends) or SystemClock().now().isoformat()
    with control_client() as client:
        changed = client.patch(f"/gpu-prices/{price_id}", {"valid_until": until})
    if as_json:
        result_json(changed)
    else:
        progress(f"{changed['name']}: {changed['valid_until']}")


@command.command("delete", help=t("gpu-prices.delete.help"))
@click.argument("price_id")
@json_option
def delete(*, price_id: str, as_json: bool) -> None:
    """Remove a price."""
    with control_client() as client:
        client.delete(f"/gpu-prices/{price_id}")
    if as_json:
        result_json({"id": price_id})


def _nanos(text: str) -> int:
    try:
        nanos = Decimal(text).scaleb(9)
    except InvalidOperation as error:
        raise CommandError(t("gpu-prices.amount", text=text), exit_code=ExitCode.USAGE) from error
    if not nanos.is_finite() or nanos < 0 or nanos != nanos.to_integral_value():
        raise CommandError(t("gpu-prices.amount", text=text), exit_code=ExitCode.USAGE)
    return int(nanos)


def _row(price: Mapping[str, object], upstreams: Mapping[str, str]) -> dict[str, object]:
    return {
        **price,
        "upstream": upstreams.get(str(price["upstream_id"]), price["upstream_id"]),
        "hourly": f"{Decimal(str(price['hourly_nanos'])).scaleb(-9):f}",
        "valid_from": str(price["valid_from"])[:16],
        "valid_until": str(price["valid_until"] or "")[:16],
    }
