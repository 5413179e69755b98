"""``mainspring traces``: where the time of a request went."""

from collections.abc import Iterator
from typing import Any

import click

from mainspring.app.cli.connection import control_client
from mainspring.app.cli.output import json_option, result, result_json
from mainspring.app.cli.texts import t


@click.group("traces", help=t("traces.help"))
def command() -> None:
    """Show."""


@command.command("show", help=t("traces.show.help"))
@click.argument("trace_id")
@json_option
def show(*, trace_id: str, as_json: bool) -> None:
    """Show a trace as a tree, each span with its time and what went wrong."""
    with control_client() as client:
        trace = client.get(f"/traces/{trace_id}")
    if as_json:
        result_json(trace)
        return
    for root in trace["roots"]:
        for line in _lines(root, 0):
            result(line)


def _lines(span: dict[str, Any], depth: int) -> Iterator[str]:
    error = f"  {span['error']}" if span["error"] else ""
    yield f"{'  ' * depth}{span['name']}  {span['duration_ms']:.1f} ms  [{span['service']}]{error}"
    for child in span["children"]:
        yield from _lines(child, depth + 1)
