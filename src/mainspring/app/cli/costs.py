"""``mainspring costs``: what calls used and cost, by whatever tells them apart."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import click

from mainspring.app.cli.connection import control_client
from mainspring.app.cli.lookup import find_organization, find_project
from mainspring.app.cli.moments import ago
from mainspring.app.cli.output import CommandError, json_option, result, result_json, table
from mainspring.app.cli.texts import t
from mainspring.app.exit_codes import ExitCode

_DIMENSIONS = (
    "organization",
    "project",
    "key",
    "actor",
    "model",
    "upstream",
    "upstream_model",
    "region",
    "operation",
    "track",
)


@click.command("costs", help=t("costs.help"))
@click.option("--since", default="24h", show_default=True, help=t("calls.since"))
@click.option("--by", "by", multiple=True, type=click.Choice(_DIMENSIONS), help=t("costs.by"))
@click.option("--interval", type=click.Choice(("hour", "day", "month")), help=t("costs.interval"))
@click.option("-o", "--organization", help=t("policy.organization"))
@click.option("-p", "--project", help=t("calls.project"))
@click.option("-m", "--model", help=t("calls.model"))
@click.option("--csv", "as_csv", is_flag=True, help=t("costs.csv"))
@click.option("--focus", is_flag=True, help=t("costs.focus"))
@click.option("--forecast", is_flag=True, help=t("costs.forecast"))
@json_option
def command(
    *,
    since: str,
    by: tuple[str, ...],
    interval: str | None,
    organization: str | None,
    project: str | None,
    model: str | None,
    as_csv: bool,
    focus: bool,
    forecast: bool,
    as_json: bool,
) -> None:
    """Sum up what calls cost."""
    if forecast and (as_csv or focus or by or interval):
        raise CommandError(t("costs.forecast_alone"), exit_code=ExitCode.USAGE)
    if as_csv + focus + as_json > 1:
        raise CommandError(t("costs.one_form"), exit_code=ExitCode.USAGE)
    if focus and (by or interval or model):
        raise CommandError(t("costs.focus_alone"), exit_code=ExitCode.USAGE)
    begin = ago(since)
    with control_client() as client:
        whose: dict[str, str | None] = {
            "since": begin.isoformat(),
            "org_id": organization and str(find_organization(client, organization)["id"]),
            "project_id": project and str(find_project(client, project)["id"]),
        }
        if forecast:
            whose["since"] = None
            found = client.get("/costs/forecast", **whose, model=model)
            if as_json:
                result_json(found)
            else:
                _show_forecast(found)
            return
        if focus:
            with client.lines("/costs/focus", **whose) as lines:
                result("\n".join(lines))
            return
        question = {**whose, "group_by": by or None, "interval": interval, "model": model}
        if as_csv:
            with client.lines("/costs", **question, format="csv") as lines:
                result("\n".join(lines))
            return
        report = client.get("/costs", **question)
    if as_json:
        result_json(report)
    else:
        result(_shown(report, by))


def _shown(report: Mapping[str, Any], by: tuple[str, ...]) -> str:
    headings = {"start": t("column.at")} if report["interval"] else {}
    headings |= {dimension: t(f"column.{dimension}") for dimension in by}
    headings |= {name: t(f"column.{name}") for name in ("requests", "tokens", "unpriced", "cost")}
    rows = [_row(each, by) for each in report["items"]]
    if by or report["interval"]:
        first = next(iter(headings))
        rows.append(_row(report["totals"], ()) | {first: t("costs.all")})
    return table(headings, rows)


def _show_forecast(found: Mapping[str, Any]) -> None:
    names = ("currency", "so_far", "expected", "low", "high")
    rows = [
        {
            name: each[name] if name == "currency" or each[name] is None else _amount(each[name])
            for name in names
        }
        for each in found["currencies"]
    ]
    result(f"{found['month']}\n" + table({name: t(f"column.{name}") for name in names}, rows))
    for each in found["currencies"]:
        for day in each["days"]:
            if day["unlike"]:
                result(
                    t(
                        f"costs.unlike.{day['unlike']}",
                        day=day["start"][:10],
                        cost=f"{_amount(day['cost'])} {each['currency']}",
                        expected=_amount(day["expected"]),
                    )
                )


def _row(sums: Mapping[str, Any], by: tuple[str, ...]) -> dict[str, object]:
    row: dict[str, object] = {
        "start": str(sums.get("start") or "")[:16].replace("T", " "),
        "requests": sums["requests"],
        "tokens": sum(count for name, count in sums.items() if name.endswith("_tokens")),
        "unpriced": sums["unpriced"],
        "cost": " + ".join(
            f"{_amount(nanos)} {currency}" for currency, nanos in sums["costs"].items()
        ),
    }
    for dimension, (column, value) in zip(by, sums.get("group", {}).items(), strict=False):
        row[dimension] = sums["names"].get(column, value)
    return row


def _amount(nanos: int) -> str:
    """Return an amount with at least two digits after the point, and no more than it needs."""
    whole, _, rest = format(Decimal(nanos).scaleb(-9), "f").partition(".")
    return f"{whole}.{rest.rstrip('0').ljust(2, '0')}"
