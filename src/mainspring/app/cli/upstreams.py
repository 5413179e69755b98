"""``mainspring upstreams``: servers that speak a model protocol, from presets, and their tests."""

import sys
from typing import Any

import click

from mainspring.app.cli.connection import ControlClient, control_client
from mainspring.app.cli.language import language
from mainspring.app.cli.lookup import is_called
from mainspring.app.cli.output import (
    CommandError,
    json_option,
    progress,
    result,
    result_json,
    table,
)
from mainspring.app.cli.texts import t
from mainspring.app.environment import environment
from mainspring.app.exit_codes import ExitCode

_MARKS = {"passed": "+", "warning": "!", "failed": "x", "skipped": "-"}

_preset_option = click.option("--preset", help=t("upstreams.preset"))
_endpoint_option = click.option("--endpoint", help=t("upstreams.endpoint"))
_value_option = click.option("--value", "values", multiple=True, help=t("upstreams.value"))
_base_url_option = click.option("--base-url", help=t("upstreams.base_url"))
_protocol_option = click.option("--protocol", help=t("upstreams.protocol"))
_env_option = click.option("--credential-env", help=t("upstreams.credential_env"))
_stdin_option = click.option(
    "--credential-stdin", is_flag=True, help=t("upstreams.credential_stdin")
)


@click.group("upstreams", help=t("upstreams.help"))
def command() -> None:
    """List, choose, create, test, remove."""


@command.command("list", help=t("upstreams.list.help"))
@json_option
def list_upstreams(*, as_json: bool) -> None:
    """List the upstreams, never their credentials."""
    with control_client() as client:
        upstreams = list(client.items("/upstreams"))
    if as_json:
        result_json({"items": upstreams})
        return
    columns = ("name", "protocol", "base_url", "id")
    result(table({key: t(f"column.{key}") for key in columns}, upstreams))


@command.command("presets", help=t("upstreams.presets.help"))
@click.argument("preset", required=False)
@json_option
def presets(*, preset: str | None, as_json: bool) -> None:
    """List the presets, or show one with its addresses, variables and notes."""
    with control_client() as client:
        known = client.get("/upstream-presets")["items"]
    if preset is None:
        if as_json:
            result_json({"items": known})
            return
        columns = ("id", "title", "protocol", "auth")
        rows = [{**each, "title": each["title"][language()]} for each in known]
        result(table({key: t(f"column.{key}") for key in columns}, rows))
        return
    found = next((each for each in known if each["id"] == preset), None)
    if found is None:
        raise CommandError(
            t("upstreams.preset.none", name=preset),
            exit_code=ExitCode.REFUSED,
            next_step=t("upstreams.preset.none.next"),
        )
    if as_json:
        result_json(found)
    else:
        _show(found)


@command.command("create", help=t("upstreams.create.help"))
@click.argument("name")
@_preset_option
@_endpoint_option
@_value_option
@_base_url_option
@_protocol_option
@_env_option
@_stdin_option
@json_option
def create(
    *,
    name: str,
    preset: str | None,
    endpoint: str | None,
    values: tuple[str, ...],
    base_url: str | None,
    protocol: str | None,
    credential_env: str | None,
    credential_stdin: bool,
    as_json: bool,
) -> None:
    """Create an upstream from a preset, or from an address."""
    credential = _credential(credential_env, from_stdin=credential_stdin)
    with control_client() as client:
        if preset is not None:
            body = {
                "name": name,
                "endpoint": endpoint,
                "values": _read_values(values),
                "credential": credential,
            }
            made = client.post(f"/upstream-presets/{preset}/upstreams", _given(body))
        else:
            body = {"name": name, "base_url": base_url or "", "protocol": protocol}
            made = client.post("/upstreams", _given({**body, "credential": credential}))
    if as_json:
        result_json(made)
    else:
        progress(t("upstreams.created", name=made["name"], id=made["id"]))


@command.command("test", help=t("upstreams.test.help"))
@click.argument("name", required=False)
@click.option("--call", "call_model", help=t("upstreams.test.call"))
@click.option(
    "--task",
    type=click.Choice(["chat", "embedding"]),
    default="chat",
    show_default=True,
    help=t("upstreams.test.task"),
)
@_preset_option
@_endpoint_option
@_value_option
@_base_url_option
@_protocol_option
@_env_option
@_stdin_option
@json_option
def test(
    *,
    name: str | None,
    call_model: str | None,
    task: str,
    preset: str | None,
    endpoint: str | None,
    values: tuple[str, ...],
    base_url: str | None,
    protocol: str | None,
    credential_env: str | None,
    credential_stdin: bool,
    as_json: bool,
) -> None:
    """Test an upstream by its name, or an address before there is one; fails if a step does."""
    further = _given({"call_model": call_model, "task": task})
    with control_client() as client:
        if name is not None:
            upstream = _find(client, name)
            told = client.post(f"/upstreams/{upstream['id']}/test", further)
        else:
            wanted: dict[str, Any] = {"base_url": base_url or "", "protocol": protocol}
            if preset is not None:
                choices = {"endpoint": endpoint, "values": _read_values(values)}
                draft = client.post(f"/upstream-presets/{preset}/draft", _given(choices))
                fields = ("base_url", "protocol", "credential_header", "sigv4_region")
                wanted = {field: draft[field] for field in fields}
            wanted["credential"] = _credential(credential_env, from_stdin=credential_stdin)
            told = client.post("/upstreams/test", {**_given(wanted), **further})
    if as_json:
        result_json(told)
    else:
        _tell(told)
    if not told["ok"]:
        sys.exit(ExitCode.UNHEALTHY)


@command.command("delete", help=t("upstreams.delete.help"))
@click.argument("name")
@json_option
def delete(*, name: str, as_json: bool) -> None:
    """Remove an upstream to which no model leads."""
    with control_client() as client:
        upstream = _find(client, name)
        client.delete(f"/upstreams/{upstream['id']}")
    if as_json:
        result_json({"id": upstream["id"], "name": upstream["name"], "removed": True})
    else:
        progress(t("people.done"))


def _find(client: ControlClient, wanted: str) -> dict[str, Any]:
    for upstream in client.items("/upstreams"):
        if is_called(upstream, wanted):
            return upstream
    raise CommandError(
        t("upstreams.none", name=wanted),
        exit_code=ExitCode.REFUSED,
        next_step=t("upstreams.none.next"),
    )


def _credential(variable: str | None, *, from_stdin: bool) -> str | None:
    """Return a credential that never stood on the command line."""
    if from_stdin:
        return sys.stdin.readline().strip() or None
    if variable is None:
        return None
    value = environment().get(variable)
    if not value:
        raise CommandError(
            t("upstreams.credential_env.none", name=variable),
            exit_code=ExitCode.CONFIGURATION,
            next_step=t("upstreams.credential_env.none.next"),
        )
    return value


def _read_values(values: tuple[str, ...]) -> dict[str, str]:
    parts = [each.partition("=") for each in values]
    return {name: value for name, _, value in parts}


def _given(body: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in body.items() if value is not None}


def _show(preset: dict[str, Any]) -> None:
    spoken = language()
    result(f"{preset['title'][spoken]} ({preset['protocol']}, {preset['auth']})")
    for endpoint in preset["endpoints"]:
        result(f"  {endpoint['name']}: {endpoint['base_url']}  {endpoint['title'][spoken]}")
    for variable in preset["variables"]:
        usual = variable["default"] or variable["example"]
        result(f"  --value {variable['name']}={usual}  {variable['title'][spoken]}")
    if preset["credential"] is not None:
        result(f"  {preset['credential'][spoken]}")
    result(f"  {preset['notes'][spoken]}")
    result(f"  {preset['docs']}")


def _tell(told: dict[str, Any]) -> None:
    for finding in told["findings"]:
        detail = f"  {finding['detail']}" if finding["detail"] else ""
        result(f"{_MARKS[finding['outcome']]} {t('upstreams.step.' + finding['step'])}{detail}")
        if finding["advice"] is not None:
            result(f"    {finding['advice'][language()]}")
    progress(t("upstreams.test.ok" if told["ok"] else "upstreams.test.failed", ms=told["ms"]))
