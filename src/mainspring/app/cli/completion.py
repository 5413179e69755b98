"""``mainspring completion``: the script that lets a shell complete our commands."""

import click
from click.shell_completion import get_completion_class

from mainspring.app.cli.output import json_option, result, result_json
from mainspring.app.cli.texts import t


@click.command("completion", help=t("completion.help"))
@click.argument("shell", type=click.Choice(("bash", "zsh", "fish")))
@json_option
@click.pass_context
def command(context: click.Context, *, shell: str, as_json: bool) -> None:
    """Print the script: ``eval "$(mainspring completion bash)"``."""
    completion = get_completion_class(shell)
    assert completion is not None  # noqa: S101 - click has all three
    script = completion(context.find_root().command, {}, "mainspring", "_MAINSPRING_COMPLETE")
    source = script.source()
    if as_json:
        result_json({"shell": shell, "script": source})
    else:
        result(source)
