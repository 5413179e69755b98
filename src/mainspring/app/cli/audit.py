"""``mainspring audit``: who did what, and that nobody changed the telling afterwards."""

from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any, TypeVar

import click

from mainspring.app.cli.connection import ControlClient, control_client
from mainspring.app.cli.lookup import find_organization
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

F = TypeVar("F", bound=Callable[..., Any])

_PLATFORM = "org_platform"


def _range_options(command: F) -> F:
    """Give ``command`` the options that say whose events, and of when."""
    command = click.option("--until", help=t("audit.until"))(command)
    command = click.option("--since", help=t("audit.since"))(command)
    return click.option("-o", "--organization", help=t("audit.organization"))(command)


def _filter_options(command: F) -> F:
    """Give ``command`` the options that narrow events by an exact match."""
    command = click.option("--request", "request_id", help=t("audit.request"))(command)
    command = click.option("--object", "object_id", help=t("audit.object"))(command)
    command = click.option("--action", help=t("audit.action"))(command)
    return click.option("--actor", help=t("audit.actor"))(command)


@click.group("audit", help=t("audit.help"))
def command() -> None:
    """List, verify, export."""


@command.command("list", help=t("audit.list.help"))
@_range_options
@_filter_options
@click.option("--limit", default=50, show_default=True, help=t("audit.limit"))
@json_option
def list_events(
    *,
    organization: str | None,
    since: str | None,
    until: str | None,
    actor: str | None,
    action: str | None,
    object_id: str | None,
    request_id: str | None,
    limit: int,
    as_json: bool,
) -> None:
    """Search the audit trail."""
    with control_client() as client:
        events = client.items(
            "/audit/events",
            org_id=_chain(client, organization),
            since=since,
            until=until,
            actor_id=actor,
            action=action,
            object_id=object_id,
            request_id=request_id,
        )
        found = list(islice(events, limit))
    if as_json:
        result_json({"items": found})
        return
    columns = {"at": "at", "actor_id": "actor", "action": "action", "object_id": "object"}
    result(table({key: t(f"column.{text}") for key, text in columns.items()}, found))


@command.command("verify", help=t("audit.verify.help"))
@click.option("-o", "--organization", help=t("audit.organization"))
@click.option("--anchor", "anchors", multiple=True, help=t("audit.verify.anchor"))
@json_option
def verify(*, organization: str | None, anchors: tuple[str, ...], as_json: bool) -> None:
    """Check every link of the chains; a broken one is an exit status of its own."""
    with control_client() as client:
        found: dict[str, Any] = client.get(
            "/audit/verification", org_id=_chain(client, organization), anchor=anchors or None
        )
    if as_json:
        result_json(found)
    else:
        _print_faults(found["faults"])
    if not found["intact"]:
        raise CommandError(
            t("audit.broken", count=len(found["faults"])),
            exit_code=ExitCode.ERROR,
            next_step=t("audit.broken.next"),
        )
    if not as_json:
        result(t("audit.intact", events=found["events"], chains=found["chains"]))
        for each in found["anchors"]:
            anchor = f"{each['org_id']}:{each['seq']}:{each['hash']}"
            progress(t("audit.anchor", anchor=anchor))


@command.command("export", help=t("audit.export.help"))
@_range_options
@_filter_options
@click.option(
    "--format",
    "shape",
    type=click.Choice(["jsonl", "csv"]),
    default="jsonl",
    show_default=True,
    help=t("audit.export.format"),
)
@json_option
def export(
    *,
    organization: str | None,
    since: str | None,
    until: str | None,
    actor: str | None,
    action: str | None,
    object_id: str | None,
    request_id: str | None,
    shape: str,
    as_json: bool,
) -> None:
    """Write the trail to standard output."""
    with (
        control_client() as client,
        client.lines(
            "/audit/export",
            org_id=_chain(client, organization),
            since=since,
            until=until,
            actor_id=actor,
            action=action,
            object_id=object_id,
            request_id=request_id,
            format="jsonl" if as_json else shape,
        ) as lines,
    ):
        for line in lines:
            result(line)


def _chain(client: ControlClient, organization: str | None) -> str | None:
    if organization in (None, _PLATFORM):
        return organization
    if organization == "platform":
        return _PLATFORM
    return str(find_organization(client, organization)["id"])


def _print_faults(faults: Iterable[dict[str, Any]]) -> None:
    for fault in faults:
        result(f"{fault['org_id']} {fault['seq']}: {fault['kind']}: {fault['detail']}")
