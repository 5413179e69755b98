"""``mainspring version``."""

import platform

import click

from mainspring import __version__
from mainspring.app.cli.output import json_option, result, result_json
from mainspring.app.cli.texts import t


@click.command("version", help=t("version.help"))
@json_option
def command(*, as_json: bool) -> None:
    """Show the version of the platform and of what it runs on."""
    facts = {
        "version": __version__,
        "python": platform.python_version(),
        "platform": f"{platform.system()} {platform.machine()}".lower(),
    }
    if as_json:
        result_json(facts)
    else:
        result(f"mainspring {__version__} (Python {facts['python']}, {facts['platform']})")
