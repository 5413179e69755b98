"""The ``mainspring`` command: a group that loads a command's module when it is run, not before."""

import contextlib
import importlib
import logging
import os
import sys
from typing import Final, NoReturn

import click

from mainspring.app.cli.output import CommandError
from mainspring.app.cli.texts import t
from mainspring.app.environment import SettingError
from mainspring.app.exit_codes import ExitCode

COMMANDS: Final[dict[str, str]] = {
    "up": "up",
    "down": "down",
    "status": "status",
    "logs": "logs",
    "settings": "settings",
    "doctor": "doctor",
    "support-bundle": "support_bundle",
    "version": "version",
    "open": "open_console",
    "chat": "chat",
    "embed": "embed",
    "keys": "keys",
    "models": "models",
    "releases": "releases",
    "registry": "registry",
    "weights": "weights",
    "upstreams": "upstreams",
    "calls": "calls",
    "datasets": "datasets",
    "costs": "costs",
    "chargeback": "chargeback",
    "cost-export": "cost_export",
    "reconciliation": "reconciliation",
    "gpu-prices": "gpu_prices",
    "idle": "idle",
    "traces": "traces",
    "loadtest": "loadtest",
    "capacity": "capacity",
    "slos": "slos",
    "organizations": "organizations",
    "projects": "projects",
    "users": "users",
    "members": "members",
    "groups": "groups",
    "providers": "providers",
    "service-accounts": "service_accounts",
    "issuers": "issuers",
    "directories": "directories",
    "roles": "roles",
    "alerts": "alerts",
    "access": "access",
    "policy": "policy",
    "changes": "changes",
    "break-glass": "break_glass",
    "audit": "audit",
    "secrets": "secrets",
    "apply": "apply",
    "diff": "diff",
    "export": "export",
    "backup": "backup",
    "restore": "restore",
    "completion": "completion",
    "serve": "serve",
}
"""Each command's name, and the module under this package whose ``command`` it is."""


class LazyGroup(click.Group):
    """Knows its commands by name; help texts come from the catalogue, so help loads nothing."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the commands in the order in which one meets them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - likewise
        """Load the command, or return ``None`` where there is no such one."""
        module = COMMANDS.get(cmd_name)
        if module is None:
            return None
        try:
            loaded = importlib.import_module(f"mainspring.app.cli.{module}")
        except ModuleNotFoundError as error:
            if error.name is None or error.name.startswith("mainspring"):
                raise
            raise CommandError(
                t("up.extras", missing=error.name),
                exit_code=ExitCode.CONFIGURATION,
                next_step=t("up.extras.next"),
            ) from error
        command: click.Command = loaded.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - likewise
        """Write the list of commands without loading any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, t(f"{name}.help")) for name in COMMANDS])

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; wrong settings and foreign files are the same error everywhere."""
        try:
            return super().invoke(ctx)
        except SettingError as error:
            raise CommandError(
                str(error), exit_code=ExitCode.CONFIGURATION, next_step=t("setting.next")
            ) from error
        except PermissionError as error:
            raise CommandError(
                str(error), exit_code=ExitCode.REFUSED, next_step=t("permission.next")
            ) from error


def build() -> click.Group:
    """Return the command line, in the language of the environment."""
    return LazyGroup("mainspring", help=t("group.help"), no_args_is_help=True)


def main() -> None:
    """Run the command line and exit with its status (see ``mainspring.app.exit_codes``)."""
    try:
        status = build().main(prog_name="mainspring", standalone_mode=False)
    except click.Abort:  # Ctrl-C, or the end of the input where an answer was wanted
        print(file=sys.stderr)
        _leave(ExitCode.INTERRUPTED)
    except click.ClickException as error:
        error.show()
        _leave(error.exit_code)
    _leave(status if isinstance(status, int) else ExitCode.OK)


def _leave(status: int) -> NoReturn:
    """End the process.

    Where the S3 client was used, without the interpreter's own clean-up: its threads may still want
    to tell Python of what has ended, and abort a process that is about to end (seen in one of 25).
    """
    if "obstore" in sys.modules:
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(OSError, ValueError):
                stream.flush()
        logging.shutdown()
        os._exit(status)
    sys.exit(status)


if __name__ == "__main__":
    main()
