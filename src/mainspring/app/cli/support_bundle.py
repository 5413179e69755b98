"""``mainspring support-bundle``: one file for whoever helps, without any secret."""

from pathlib import Path

import click

from mainspring.app.cli.output import CommandError, json_option, progress, result, result_json
from mainspring.app.cli.support.archive import write_bundle
from mainspring.app.cli.support.collecting import members
from mainspring.app.cli.support.scrubbing import Scrubber
from mainspring.app.cli.texts import t
from mainspring.app.environment import environment, home_directory
from mainspring.app.home import Home
from mainspring.kernel.clock import SystemClock


@click.command("support-bundle", help=t("support-bundle.help"))
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
@json_option
def command(*, file: Path | None, as_json: bool) -> None:
    """Collect, take secrets out, write."""
    environ = environment()
    now = SystemClock().now()
    path = file or Path(f"mainspring-support-{now:%Y%m%dT%H%M%SZ}.tar.gz")
    if path.exists():
        raise CommandError(t("support.exists", path=path), next_step=t("support.exists.next"))
    progress(t("support.collecting"))
    found = members(environ)
    try:
        names = write_bundle(path, found, Scrubber.of(Home(home_directory(environ)), environ), now)
    except FileExistsError as error:
        raise CommandError(
            t("support.exists", path=path), next_step=t("support.exists.next")
        ) from error
    except OSError as error:
        raise CommandError(str(error)) from error
    if as_json:
        result_json({"path": str(path), "files": names, "bytes": path.stat().st_size})
        return
    result(str(path))
    progress(t("support.done", files=", ".join(names)))
