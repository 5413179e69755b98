"""``mainspring secrets``: the master keys, and changing them while everything runs."""

import time
from typing import Any
from urllib.parse import quote

import click

from mainspring.app.cli.connection import ControlClient, control_client
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

_LOOKS_EVERY_S = 1.0


@click.group("secrets", help=t("secrets.help"))
def command() -> None:
    """Show, rotate, retire."""


@command.command("status", help=t("secrets.status.help"))
@json_option
def status(*, as_json: bool) -> None:
    """Show the keys."""
    with control_client() as client:
        state = client.get("/secrets")
    if as_json:
        result_json(state)
        return
    result(state["source"])
    names = ("id", "seals", "secrets", "missing_at")
    result(table({name: t(f"column.{name}") for name in names}, state["keys"]))


@command.command("rotate", help=t("secrets.rotate.help"))
@click.option("--wait", "wait_s", default=60.0, show_default=True, help=t("secrets.rotate.wait"))
@click.option("--given", is_flag=True, help=t("secrets.rotate.given"))
@json_option
def rotate(*, wait_s: float, given: bool, as_json: bool) -> None:
    """Change the key; every step may be repeated."""
    with control_client() as client:
        state = client.get("/secrets")
        if not given:
            state = _with_new_key(client, state, wait_s)
        key_id = state["keys"][0]["id"]
        count = unreadable = 0
        while True:
            resealed, unreadable = _seal_anew(client)
            count += resealed
            # A part that had not seen the change yet may have sealed by the old key meanwhile.
            state = client.get("/secrets")
            if not sum(place["waiting"] for place in state["places"]) - unreadable > 0:
                break
            progress(t("secrets.resealed", count=count))
    old = [key["id"] for key in state["keys"] if not key["seals"]]
    if as_json:
        result_json({"key_id": key_id, "resealed": count, "unreadable": unreadable, "old": old})
    else:
        result(t("secrets.rotated", count=count, key_id=key_id))
        for each in old:
            progress(t("secrets.next", key_id=each))
    if unreadable:
        raise CommandError(
            t("secrets.unreadable", count=unreadable),
            exit_code=ExitCode.ERROR,
            next_step=t("secrets.unreadable.next"),
        )


@command.command("retire", help=t("secrets.retire.help"))
@click.argument("key")
@json_option
def retire(*, key: str, as_json: bool) -> None:
    """Take a key away."""
    with control_client() as client:
        client.delete(f"/secrets/keys/{key}")
    if as_json:
        result_json({"key_id": key, "retired": True})
    else:
        result(t("secrets.retired", key_id=key))


def _with_new_key(client: ControlClient, state: dict[str, Any], wait_s: float) -> dict[str, Any]:
    """Have a new key seal, unless one was made before and is just being put to use."""
    waiting = sum(place["waiting"] for place in state["places"])
    if len(state["keys"]) > 1 and waiting:
        return state
    fresh = [key for key in state["keys"] if not key["seals"] and not key["secrets"]]
    if not fresh:
        state = client.post("/secrets/keys", {})
        fresh = [key for key in state["keys"] if not key["seals"] and not key["secrets"]]
    key_id = fresh[-1]["id"]
    deadline = time.monotonic() + wait_s
    while any(key["missing_at"] for key in state["keys"] if key["id"] == key_id):
        if time.monotonic() > deadline:
            raise CommandError(
                t("secrets.late"), exit_code=ExitCode.REFUSED, next_step=t("secrets.late.next")
            )
        progress(t("secrets.waiting", key_id=key_id))
        time.sleep(_LOOKS_EVERY_S)
        state = client.get("/secrets")
    activated: dict[str, Any] = client.post(f"/secrets/keys/{key_id}/activation", {})
    return activated


def _seal_anew(client: ControlClient) -> tuple[int, int]:
    """Go over all secrets once; return how many were sealed anew, and how many cannot be read."""
    resealed = unreadable = 0
    path = "/secrets/resealing"
    while True:
        step = client.post(path, {})
        resealed += step["resealed"]
        unreadable += step["unreadable"]
        if step["cursor"] is None:
            return resealed, unreadable
        path = f"/secrets/resealing?cursor={quote(step['cursor'], safe='')}"
