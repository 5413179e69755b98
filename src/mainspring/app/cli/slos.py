"""``mainspring slos``: objectives, what is left of their budgets, and rules for Prometheus."""

from typing import Any

import click

from mainspring.app.cli.connection import ControlClient, control_client
from mainspring.app.cli.lookup import is_called
from mainspring.app.cli.output import (
    CommandError,
    json_option,
    result,
    result_json,
    table,
)
from mainspring.app.cli.tenants import done
from mainspring.app.cli.texts import t
from mainspring.app.exit_codes import ExitCode

_INDICATORS = ("availability", "error_rate", "latency", "time_to_first_token")


@click.group("slos", help=t("slos.help"))
def command() -> None:
    """List, create, remove."""


@command.command("list", help=t("slos.list.help"))
@json_option
def list_slos(*, as_json: bool) -> None:
    """List the objectives with what is left of their budgets."""
    with control_client() as client:
        found = [
            {**each, "status": client.get(f"/slos/{each['id']}/status")}
            for each in client.items("/slos")
        ]
    if as_json:
        result_json({"items": found})
        return
    headings = {
        "name": t("column.name"),
        "indicator": t("slos.indicator"),
        "target": t("slos.target"),
        "left": t("slos.left"),
        "burning": t("slos.burning"),
        "id": t("column.id"),
    }
    result(table(headings, [_row(each) for each in found]))


def _row(slo: dict[str, Any]) -> dict[str, Any]:
    status = slo["status"]
    return {
        **slo,
        "target": f"{slo['target']:.3%} / {slo['window_days']} d",
        "left": f"{status['budget_left']:.1%}",
        "burning": ", ".join(str(each["severity"]) for each in status["burning"]),
    }


@command.command("create", help=t("slos.create.help"))
@click.argument("name")
@click.option(
    "--indicator", type=click.Choice(_INDICATORS), required=True, help=t("slos.indicator.help")
)
@click.option("--target", type=click.FloatRange(0, 1), required=True, help=t("slos.target.help"))
@click.option("--threshold-ms", type=float, help=t("slos.threshold"))
@click.option("--model", help=t("slos.model"))
@click.option("--operation", help=t("slos.operation"))
@click.option("--window-days", type=int, default=30, show_default=True, help=t("slos.window"))
@json_option
def create(
    *,
    name: str,
    indicator: str,
    target: float,
    threshold_ms: float | None,
    model: str | None,
    operation: str | None,
    window_days: int,
    as_json: bool,
) -> None:
    """Create an objective."""
    body = {
        "name": name,
        "indicator": indicator,
        "target": target,
        "threshold_ms": threshold_ms,
        "model": model,
        "operation": operation,
        "window_days": window_days,
    }
    with control_client() as client:
        made = client.post("/slos", body)
    done(made, as_json=as_json)


@command.command("delete", help=t("slos.delete.help"))
@click.argument("slo")
@json_option
def delete(*, slo: str, as_json: bool) -> None:
    """Remove an objective with what was counted for it."""
    with control_client() as client:
        known = _find(client, slo)
        client.delete(f"/slos/{known['id']}")
    done({"id": known["id"], "removed": True}, as_json=as_json)


@command.command("rules", help=t("slos.rules.help"))
@json_option
def rules(*, as_json: bool) -> None:
    """Print recording rules and alerts for Prometheus."""
    with control_client() as client:
        text = client.content("/slos/rules").decode()
    if as_json:
        result_json({"rules": text})
    else:
        result(text.rstrip("\n"))


def _find(client: ControlClient, wanted: str) -> dict[str, Any]:
    for slo in client.items("/slos"):
        if is_called(slo, wanted):
            return slo
    raise CommandError(
        t("slos.none", name=wanted), exit_code=ExitCode.REFUSED, next_step=t("slos.none.next")
    )
