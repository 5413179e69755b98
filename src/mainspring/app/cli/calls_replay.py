"""``mainspring calls replay``: a recorded call made again, and the two next to each other."""

import difflib
import json
from typing import Any

import click

from mainspring.app.cli.connection import control_client
from mainspring.app.cli.output import json_option, progress, result, result_json, table
from mainspring.app.cli.texts import t

_SHOWN = (
    "model",
    "upstream_model",
    "status",
    "outcome",
    "finish_reason",
    "input_tokens",
    "output_tokens",
    "cost_nanos",
    "currency",
    "ttft_ms",
    "duration_ms",
)


@click.command("replay", help=t("calls.replay.help"))
@click.argument("call_id")
@click.option("-m", "--model", help=t("calls.replay.model"))
@click.option("--set", "given", multiple=True, metavar="NAME=VALUE", help=t("calls.replay.set"))
@click.option("--unset", multiple=True, metavar="NAME", help=t("calls.replay.unset"))
@json_option
def replay(
    *,
    call_id: str,
    model: str | None,
    given: tuple[str, ...],
    unset: tuple[str, ...],
    as_json: bool,
) -> None:
    """Make a recorded call again and compare."""
    parameters: dict[str, Any] = dict.fromkeys(unset)
    for each in given:
        name, equals, value = each.partition("=")
        if not equals or not name:
            raise click.UsageError(t("calls.replay.set.wrong"))
        parameters[name] = _value(value)
    with control_client() as client:
        found = client.post(
            f"/calls/{call_id}/replay", {"model": model, "parameters": parameters}, patient=True
        )
    if as_json:
        result_json(found)
        return
    before, after = found["before"], found["after"]
    rows = [
        {"field": name, "recorded": before[name], "replayed": after[name]}
        for name in _SHOWN
        if before[name] is not None or after[name] is not None
    ]
    result(table({key: t(f"column.{key}") for key in ("field", "recorded", "replayed")}, rows))
    result("")
    if found["same_text"] and found["same_tool_calls"]:
        result(t("calls.replay.same"))
    else:
        for line in difflib.unified_diff(
            _lines(before), _lines(after), t("column.recorded"), t("column.replayed"), lineterm=""
        ):
            result(line)
    progress(t("calls.replay.made", id=found["replay"]["replay_request_id"]))


def _value(text: str) -> Any:  # noqa: ANN401 - decoded JSON
    try:
        return json.loads(text)
    except ValueError:
        return text


def _lines(side: dict[str, Any]) -> list[str]:
    """Return an answer as lines: its words and its tool calls, or all of it."""
    if side["text"] is None:
        return [] if side["answer"] is None else _pretty(side["answer"])
    lines = str(side["text"]).splitlines()
    return lines + (_pretty(side["tool_calls"]) if side["tool_calls"] else [])


def _pretty(value: object) -> list[str]:
    return json.dumps(value, ensure_ascii=False, indent=2).splitlines()
