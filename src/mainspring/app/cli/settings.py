"""``mainspring settings``: what is in force here, and where it comes from."""

import click
import msgspec

from mainspring.app.cli.language import language
from mainspring.app.cli.output import json_option, result, result_json
from mainspring.app.cli.texts import t
from mainspring.app.effective import effective_settings
from mainspring.app.environment import environment


@click.command("settings", help=t("settings.help"))
@click.option("--set", "only_set", is_flag=True, help=t("settings.set"))
@json_option
def command(*, only_set: bool, as_json: bool) -> None:
    """List the settings by name; secrets are only said to be set."""
    found = [
        each
        for each in effective_settings(environment())
        if each.source == "environment" or not only_set
    ]
    if as_json:
        result_json({"items": msgspec.to_builtins(found)})
        return
    for each in found:
        result(f"{each.name}={each.value or ''}  ({t(f'settings.from.{each.source}')})")
        result(f"    {each.meaning_zh if language() == 'zh' else each.meaning}")
