"""``mainspring open``: the console in the browser, by the set-up link while there is one."""

import webbrowser

import click

from mainspring.app.cli.banner import setup_link
from mainspring.app.cli.connection import client_settings, running_platform
from mainspring.app.cli.output import json_option, progress, result, result_json
from mainspring.app.cli.texts import t
from mainspring.app.home import Home


@click.command("open", help=t("open.help"))
@click.option("--print", "only_print", is_flag=True, help=t("open.print"))
@json_option
def command(*, only_print: bool, as_json: bool) -> None:
    """Open the console, or say its address."""
    settings = client_settings()
    address = settings.url or running_platform(settings).control_url
    url = setup_link(Home(settings.home)) or address
    if as_json:
        result_json({"url": url})
    elif only_print:
        result(url)
    elif webbrowser.open(url):
        progress(t("open.opened", url=url))
    else:
        result(t("open.no_browser", url=url))
