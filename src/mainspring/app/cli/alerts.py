"""``mainspring alerts``: what is wrong now, silences, and the channels that tell of it."""

from datetime import timedelta
from typing import Any

import click

from mainspring.app.cli.connection import ControlClient, control_client
from mainspring.app.cli.lookup import find_organization, is_called
from mainspring.app.cli.moments import ago
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

_organization_option = click.option("-o", "--organization", help=t("alerts.organization"))


@click.group("alerts", help=t("alerts.help"))
def command() -> None:
    """List, silence; list and test channels."""


@command.command("list", help=t("alerts.list.help"))
@click.option("--all", "with_past", is_flag=True, help=t("alerts.list.all"))
@_organization_option
@json_option
def list_alerts(*, with_past: bool, organization: str | None, as_json: bool) -> None:
    """List what fires."""
    with control_client() as client:
        state = None if with_past else "firing"
        found = list(client.items(f"{_owner(client, organization)}/alerts", state=state))
    if as_json:
        result_json({"items": found})
        return
    columns = ("severity", "state", "name", "summary", "since", "id")
    rows = [{**each, "since": each["started_at"]} for each in found]
    result(table({key: t(f"column.{key}") for key in columns}, rows))


@command.command("silence", help=t("alerts.silence.help"))
@click.argument("matchers", nargs=-1, required=True)
@click.option("--for", "lasts", default="1h", show_default=True, help=t("alerts.silence.for"))
@click.option("--reason", required=True, help=t("alerts.silence.reason"))
@_organization_option
@json_option
def silence(
    *, matchers: tuple[str, ...], lasts: str, reason: str, organization: str | None, as_json: bool
) -> None:
    """Make a silence; its id goes to standard output."""
    wanted = [_matcher(each) for each in matchers]
    now = SystemClock().now()
    until = now + (now - ago(lasts)) + timedelta(seconds=1)
    with control_client() as client:
        made = client.post(
            f"{_owner(client, organization)}/silences",
            {"matchers": wanted, "until": until.isoformat(), "reason": reason},
        )
    if as_json:
        result_json(made)
        return
    progress(t("alerts.silenced", until=made["until"]))
    result(made["id"])


@command.command("silences", help=t("alerts.silences.help"))
@_organization_option
@json_option
def silences(*, organization: str | None, as_json: bool) -> None:
    """List the silences that hold."""
    with control_client() as client:
        found = list(client.items(f"{_owner(client, organization)}/silences"))
    if as_json:
        result_json({"items": found})
        return
    columns = ("matchers", "until", "reason", "who", "id")
    rows = [
        {**each, "matchers": ", ".join(map(_shown, each["matchers"])), "who": each["created_by"]}
        for each in found
    ]
    result(table({key: t(f"column.{key}") for key in columns}, rows))


@command.command("unsilence", help=t("alerts.unsilence.help"))
@click.argument("silence_id")
@json_option
def unsilence(*, silence_id: str, as_json: bool) -> None:
    """End a silence."""
    with control_client() as client:
        ended = client.post(f"/silences/{silence_id}/end", {})
    if as_json:
        result_json(ended)
    else:
        progress(t("people.done"))


@command.command("channels", help=t("alerts.channels.help"))
@_organization_option
@json_option
def channels(*, organization: str | None, as_json: bool) -> None:
    """List channels."""
    with control_client() as client:
        found = list(client.items(f"{_owner(client, organization)}/notification-channels"))
    if as_json:
        result_json({"items": found})
        return
    columns = ("name", "kind", "host", "state", "id")
    rows = [{**each, "state": t(_STATES[each["enabled"]])} for each in found]
    result(table({key: t(f"column.{key}") for key in columns}, rows))


@command.command("test", help=t("alerts.test.help"))
@click.argument("channel")
@_organization_option
@json_option
def test(*, channel: str, organization: str | None, as_json: bool) -> None:
    """Send a test message."""
    with control_client() as client:
        found = _find(client, organization, channel)
        told = client.post(f"/notification-channels/{found['id']}/test", {})
    if as_json:
        result_json(told)
    elif told["problem"] is None:
        result(t("alerts.test.good"))
    else:
        raise CommandError(
            str(told["problem"]), exit_code=ExitCode.REFUSED, next_step=t("alerts.test.next")
        )


@command.command("deliveries", help=t("alerts.deliveries.help"))
@click.argument("channel")
@_organization_option
@json_option
def deliveries(*, channel: str, organization: str | None, as_json: bool) -> None:
    """List the newest messages of a channel."""
    with control_client() as client:
        found = _find(client, organization, channel)
        sent = client.get(f"/notification-channels/{found['id']}/deliveries")["items"]
    if as_json:
        result_json({"items": sent})
        return
    columns = ("state", "attempts", "problem", "created", "id")
    rows = [{**each, "created": each["created_at"]} for each in sent]
    result(table({key: t(f"column.{key}") for key in columns}, rows))


_STATES = {True: "providers.on", False: "providers.off"}


def _owner(client: ControlClient, organization: str | None) -> str:
    if organization is None:
        return ""
    return f"/organizations/{find_organization(client, organization)['id']}"


def _find(client: ControlClient, organization: str | None, wanted: str) -> dict[str, Any]:
    for channel in client.items(f"{_owner(client, organization)}/notification-channels"):
        if is_called(channel, wanted):
            return channel
    raise CommandError(
        t("alerts.none", name=wanted),
        exit_code=ExitCode.REFUSED,
        next_step=t("alerts.none.next"),
    )


def _matcher(text: str) -> dict[str, Any]:
    """Return the matcher of ``label=value`` or ``label!=value``.

    Raises:
        CommandError: if it is neither.
    """
    label, equals, value = text.partition("=")
    if not equals or label.strip("!") == "":
        raise CommandError(t("alerts.matcher.wrong", text=text), exit_code=ExitCode.USAGE)
    return {"label": label.removesuffix("!"), "value": value, "negated": label.endswith("!")}


def _shown(matcher: dict[str, Any]) -> str:
    return f"{matcher['label']}{'!=' if matcher['negated'] else '='}{matcher['value']}"
