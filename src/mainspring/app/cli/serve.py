"""``mainspring serve``: one role in this process."""

import click

from mainspring.app.cli.texts import t
from mainspring.app.environment import environment

_ROLES = ("gateway", "control", "worker")
_RUNTIMES = ("llama", "embed")


@click.group("serve", help=t("serve.help"))
def command() -> None:
    """Run one role until SIGTERM; it logs to standard error and prints no result."""


def _add_role(role: str) -> None:
    @command.command(role)
    @click.option("--json", "as_json", is_flag=True, help=t("option.json"))
    def run(*, as_json: bool) -> None:
        from mainspring.app.roles import serve_role  # noqa: PLC0415 - loads an event loop

        environ = dict(environment())
        if as_json:
            environ["MAINSPRING_LOG_FORMAT"] = "json"
        serve_role(role, environ)


for _role in _ROLES:
    _add_role(_role)


@command.command("runtime", help=t("serve.runtime.help"))
@click.argument("kind", type=click.Choice(_RUNTIMES))
@click.option("--json", "as_json", is_flag=True, help=t("option.json"))
def runtime(kind: str, *, as_json: bool) -> None:
    """Run an embedded model's server."""
    from mainspring.app.roles import serve_runtime  # noqa: PLC0415 - likewise

    environ = dict(environment())
    if as_json:
        environ["MAINSPRING_LOG_FORMAT"] = "json"
    serve_runtime(kind, environ)
