"""``mainspring policy``: what holds for whom, and what would change before it does."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import click

from mainspring.app.cli.apply import refuse
from mainspring.app.cli.applying.documents import read_documents
from mainspring.app.cli.applying.proposal import Proposer
from mainspring.app.cli.connection import ControlClient, control_client
from mainspring.app.cli.lookup import find_organization, find_project
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


@click.group("policy", help=t("policy.help"))
def command() -> None:
    """List, explain, try."""


@command.command("list", help=t("policy.list.help"))
@click.option("-o", "--organization", help=t("policy.organization"))
@json_option
def list_policies(*, organization: str | None, as_json: bool) -> None:
    """List policies."""
    with control_client() as client:
        org_id = None if organization is None else find_organization(client, organization)["id"]
        found = list(client.items("/policies", org_id=org_id))
    if as_json:
        result_json({"items": found})
        return
    rows = [{**each, "parameters": [rule["name"] for rule in each["parameters"]]} for each in found]
    names = ("id", "name", "models", "parameters", "enabled")
    result(table({name: t(f"column.{name}") for name in names}, rows))


@command.command("effective", help=t("policy.effective.help"))
@click.option("-o", "--organization", help=t("policy.organization"))
@click.option("-p", "--project", help=t("policy.project"))
@click.option("--key", help=t("policy.key"))
@click.option("--model", help=t("policy.model"))
@click.option("--task", default="chat", show_default=True, help=t("policy.task"))
@json_option
def effective(
    *,
    organization: str | None,
    project: str | None,
    key: str | None,
    model: str | None,
    task: str,
    as_json: bool,
) -> None:
    """Tell what holds, and whose word each value is."""
    with control_client() as client:
        query = _place(client, organization, project)
        found = client.get(
            "/policies/effective",
            org_id=query.get("org_id"),
            project=query.get("project_id"),
            key=key,
            model=model,
            task=task,
        )
    if as_json:
        result_json(found)
        return
    names = ("field", "value", "source")
    result(table({name: t(f"column.{name}") for name in names}, _rows(found)))


@command.command("dry-run", help=t("policy.dry_run.help"))
@click.option(
    "-f",
    "--file",
    "files",
    multiple=True,
    type=click.Path(exists=True, path_type=Path),
    help=t("policy.file"),
)
@click.option("--remove", "removed", multiple=True, help=t("policy.remove"))
@click.option("-o", "--organization", help=t("policy.organization"))
@click.option("-p", "--project", help=t("policy.project"))
@click.option("--since", help=t("policy.since"))
@click.option("--until", help=t("audit.until"))
@click.option("--max-calls", default=1000, show_default=True, help=t("policy.max_calls"))
@json_option
def dry_run(
    *,
    files: tuple[Path, ...],
    removed: tuple[str, ...],
    organization: str | None,
    project: str | None,
    since: str | None,
    until: str | None,
    max_calls: int,
    as_json: bool,
) -> None:
    """Replay recorded calls against what files declare."""
    with control_client() as client:
        body = _proposal(client, files)
        body |= _place(client, organization, project)
        body |= {
            "since": since or (SystemClock().now() - timedelta(days=1)).isoformat(),
            "until": until,
            "max_calls": max_calls,
            "removed": [_policy_id(client, each) for each in removed],
        }
        found = client.post("/policies/dry-run", body)
    if as_json:
        result_json(found)
        return
    names = {"request_id": "request", "model": "model", "kind": "change", "told": "detail"}
    if found["findings"]:
        rows = [{**each, "told": _told(each)} for each in found["findings"]]
        result(table({name: t(f"column.{text}") for name, text in names.items()}, rows))
    changed = ", ".join(f"{name} {count}" for name, count in found["changed"].items() if count)
    progress(t("policy.read", read=found["read"], changed=changed or "-"))
    if found["stopped"] is not None:
        progress(t("policy.stopped", reason=found["stopped"]))
    for reason, count in found["not_judged"].items():
        progress(t("policy.open", count=count, reason=reason))


def _proposal(client: ControlClient, files: tuple[Path, ...]) -> dict[str, Any]:
    if not files:
        return {}
    documents = read_documents(files)
    refuse(documents.problems)
    proposer = Proposer(client, documents)
    body = proposer.proposal()
    refuse(proposer.problems)
    return body


def _place(client: ControlClient, organization: str | None, project: str | None) -> dict[str, str]:
    if project is not None:
        return {"project_id": str(find_project(client, project)["id"])}
    if organization is not None:
        return {"org_id": str(find_organization(client, organization)["id"])}
    return {}


def _policy_id(client: ControlClient, wanted: str) -> str:
    for policy in client.items("/policies"):
        if wanted in (policy["id"], policy["name"]):
            return str(policy["id"])
    raise CommandError(
        t("policy.none", name=wanted), exit_code=ExitCode.REFUSED, next_step=t("policy.none.next")
    )


def _told(finding: dict[str, Any]) -> str:
    if finding["changes"]:
        return ", ".join(
            f"{each['name']}: {_value(each, 'before')} -> {_value(each, 'after')}"
            for each in finding["changes"]
        )
    return " ".join(filter(None, (finding["reason"], finding["detail"])))


def _value(change: dict[str, Any], which: str) -> str:
    return "-" if change[f"absent_{which}"] else str(change[which])


def _rows(found: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what holds as lines: of what, the value, and whose word it is."""
    rows = [row for parameter in found["parameters"] for row in _parameter_rows(parameter)]
    cache = found["cache"]
    if cache is not None:
        told = f"{cache['mode']} {cache['ttl_s']} s"
        rows += [_row("cache", told, source) for source in cache["sources"]]
    rows += [_limit_row(limit) for limit in found["limits"]]
    routing = found["routing"]
    if routing is not None:
        rows.append(_row("routing", routing["value"]["strategy"], routing["source"]))
    rows += [
        _row(f"data.{name}", statement[name], statement["source"])
        for statement in found["data"]["statements"]
        for name in ("regions", "hosting")
        if statement[name] is not None
    ]
    capture = found["capture"]
    rows.append(_row("capture", capture["level"], capture["source"]))
    rows.append(_row("capture.sample", capture["sample"], capture["sample_source"]))
    most = capture["at_most"]
    if most is not None:
        rows.append(_row("capture.at_most", most["level"], most["level_source"]))
        rows.append(_row("capture.at_most.sample", most["sample"], most["sample_source"]))
    for kept in found["retention"]:
        days = None if kept["days"] is None else f"{kept['days']} d"
        rows.append(_row(f"retention.{kept['what']}", days, kept["source"]))
    return rows


def _parameter_rows(parameter: dict[str, Any]) -> list[dict[str, Any]]:
    name = parameter["name"]
    rows = [
        _row(f"{name}.{each}", parameter[each]["value"], parameter[each]["source"])
        for each in ("default", "force", "min", "max", "denied")
        if parameter[each] is not None
    ]
    rows += [
        _row(f"{name}.values", each["values"], each["source"]) for each in parameter["allowed"]
    ]
    return rows


def _limit_row(limit: dict[str, Any]) -> dict[str, Any]:
    value = " ".join(filter(None, (str(limit["value"]), limit["currency"])))
    field = f"{limit['name']} [{limit['counts']}]"
    return _row(field, value if limit["tightest"] else f"({value})", limit["source"])


def _row(field: str, value: object, source: dict[str, Any]) -> dict[str, Any]:
    name = source.get("policy") or source.get("name") or ""
    return {"field": field, "value": value, "source": f"{source['level']} {name}".strip()}
