"""``mainspring releases``: versions of models, into service and out of it."""

from typing import Any

import click

from mainspring.app.cli.connection import ControlClient, control_client
from mainspring.app.cli.lookup import find_model, find_release
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

_reason_option = click.option("--reason", default="", help=t("releases.reason"))


@click.group("releases", help=t("releases.help"))
def command() -> None:
    """Register, verify, deploy, canary, promote, roll back, deprecate, take offline."""


@command.command("list", help=t("releases.list.help"))
@click.argument("model", required=False)
@json_option
def list_releases(*, model: str | None, as_json: bool) -> None:
    """List the releases of a model, or of all."""
    with control_client() as client:
        names = {each["id"]: each["name"] for each in client.items("/models")}
        model_id = None if model is None else find_model(client, model)["id"]
        found = list(client.items("/releases", model_id=model_id))
    if as_json:
        result_json({"items": found})
        return
    rows = [
        {**each, "model": names.get(each["model_id"], each["model_id"]), "share": _share(each)}
        for each in found
    ]
    result(table(_headings("model", "version", "state", "share", "id"), rows))


@command.command("show", help=t("releases.show.help"))
@click.argument("release")
@json_option
def show(*, release: str, as_json: bool) -> None:
    """Show every field of one release."""
    with control_client() as client:
        found = find_release(client, release)
    if as_json:
        result_json(found)
        return
    rows = [{"field": field, "value": value} for field, value in found.items()]
    result(table(_headings("field", "value"), rows))


@command.command("register", help=t("releases.register.help"))
@click.argument("model")
@click.argument("version")
@click.option("--target", "targets", multiple=True, required=True, help=t("releases.target"))
@click.option("--licence", help=t("releases.licence"))
@click.option("--step", "steps", multiple=True, type=int, help=t("releases.steps"))
@_reason_option
@json_option
def register(
    *,
    model: str,
    version: str,
    targets: tuple[str, ...],
    licence: str | None,
    steps: tuple[int, ...],
    reason: str,
    as_json: bool,
) -> None:
    """Register a version; each target is ``upstream/name there``."""
    with control_client() as client:
        upstreams = {each["name"]: each["id"] for each in client.items("/upstreams")}
        body: dict[str, Any] = {
            "version": version,
            "targets": [_target(upstreams, each) for each in targets],
            "reason": reason,
        }
        if licence is not None:
            body["specification"] = {"licence": licence}
        if steps:
            body["plan"] = {"steps": [{"weight": weight} for weight in steps]}
        made = client.post(f"/models/{find_model(client, model)['id']}/releases", body)
    _done(made, as_json=as_json)


@command.command("verify", help=t("releases.verify.help"))
@click.argument("release")
@click.option("--waive", multiple=True, help=t("releases.waive"))
@_reason_option
@json_option
def verify(*, release: str, waive: tuple[str, ...], reason: str, as_json: bool) -> None:
    """Verify; the exit status tells whether it passed."""
    with control_client() as client:
        found = _step(client, release, "verify", {"waive": list(waive), "reason": reason})
    if as_json:
        result_json(found)
    else:
        for check in found["verification"]["checks"]:
            mark = "✓" if check["passed"] else "~" if check["waived"] else "✗"
            result(f"{mark} {check['name']}  {check['detail']}".rstrip())
    if not found["verification"]["passed"]:
        raise CommandError(
            t("releases.unverified"),
            exit_code=ExitCode.REFUSED,
            next_step=t("releases.unverified.next"),
        )


@command.command("deploy", help=t("releases.deploy.help"))
@click.argument("release")
@_reason_option
@json_option
def deploy(*, release: str, reason: str, as_json: bool) -> None:
    """Make it the candidate."""
    _take(release, "deploy", {"reason": reason}, as_json=as_json)


@command.command("canary", help=t("releases.canary.help"))
@click.argument("release")
@_reason_option
@json_option
def canary(*, release: str, reason: str, as_json: bool) -> None:
    """Give it the first share."""
    _take(release, "canary", {"reason": reason}, as_json=as_json)


@command.command("advance", help=t("releases.advance.help"))
@click.argument("release")
@click.option("--step", type=int, help=t("releases.advance.step"))
@_reason_option
@json_option
def advance(*, release: str, step: int | None, reason: str, as_json: bool) -> None:
    """Go on to the next step, or to one."""
    _take(release, "advance", {"step": step, "reason": reason}, as_json=as_json)


@command.command("promote", help=t("releases.promote.help"))
@click.argument("release")
@_reason_option
@json_option
def promote(*, release: str, reason: str, as_json: bool) -> None:
    """Make it stable."""
    _take(release, "promote", {"reason": reason}, as_json=as_json)


@command.command("rollback", help=t("releases.rollback.help"))
@click.argument("model")
@_reason_option
@json_option
def rollback(*, model: str, reason: str, as_json: bool) -> None:
    """Go back, by the model's name alone."""
    with control_client() as client:
        path = f"/models/{find_model(client, model)['id']}/rollback"
        found = client.post(path, {"reason": reason})
    _done(found, as_json=as_json)


@command.command("deprecate", help=t("releases.deprecate.help"))
@click.argument("release")
@click.option("--sunset", help=t("releases.sunset"))
@click.option("--replacement", help=t("releases.replacement"))
@click.option("--link", help=t("releases.link"))
@_reason_option
@json_option
def deprecate(
    *,
    release: str,
    sunset: str | None,
    replacement: str | None,
    link: str | None,
    reason: str,
    as_json: bool,
) -> None:
    """Tell callers that it goes."""
    body = {"sunset_at": sunset, "replacement": replacement, "link": link, "reason": reason}
    _take(release, "deprecate", body, as_json=as_json)


@command.command("offline", help=t("releases.offline.help"))
@click.argument("release")
@click.option("--force", is_flag=True, help=t("releases.force"))
@click.option("--replacement", help=t("releases.replacement"))
@_reason_option
@json_option
def offline(
    *, release: str, force: bool, replacement: str | None, reason: str, as_json: bool
) -> None:
    """Take it out of service."""
    body = {"force": force, "replacement": replacement, "reason": reason}
    _take(release, "offline", body, as_json=as_json)


@command.command("history", help=t("releases.history.help"))
@click.argument("model")
@click.option("--limit", default=50, show_default=True, help=t("releases.limit"))
@json_option
def history(*, model: str, limit: int, as_json: bool) -> None:
    """Show what happened, newest first."""
    with control_client() as client:
        model_id = find_model(client, model)["id"]
        page = client.get("/release-events", model_id=model_id, limit=min(limit, 200))
    if as_json:
        result_json(page)
        return
    rows = [{**each, "actor": each["actor_id"]} for each in page["items"]]
    result(table(_headings("at", "version", "action", "after", "actor", "reason"), rows))


def _take(release: str, step: str, body: dict[str, Any], *, as_json: bool) -> None:
    with control_client() as client:
        found = _step(client, release, step, body)
    _done(found, as_json=as_json)


def _step(client: ControlClient, release: str, step: str, body: dict[str, Any]) -> dict[str, Any]:
    found = find_release(client, release)
    taken: dict[str, Any] = client.post(f"/releases/{found['id']}/{step}", body)
    return taken


def _target(upstreams: dict[str, str], text: str) -> dict[str, str]:
    upstream, slash, name = text.partition("/")
    if not slash or upstream not in upstreams:
        raise CommandError(
            t("releases.no_target", target=text),
            exit_code=ExitCode.REFUSED,
            next_step=t("releases.no_target.next", known=", ".join(sorted(upstreams)) or "-"),
        )
    return {"upstream_id": upstreams[upstream], "upstream_model": name}


def _share(release: dict[str, Any]) -> str:
    if release["state"] != "canary":
        return "-"
    steps = release["plan"]["steps"]
    return f"{steps[release['step']]['weight']} %"


def _headings(*columns: str) -> dict[str, str]:
    return {column: t(f"column.{column}") for column in columns}


def _done(release: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        result_json(release)
    else:
        progress(t("releases.done", version=release["version"], state=release["state"]))
