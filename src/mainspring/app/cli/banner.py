"""What ``mainspring up`` says once everything is ready."""

import shlex
from pathlib import Path

from mainspring.app.cli.texts import t
from mainspring.app.home import Home
from mainspring.app.supervisor.state import RunState


def setup_link(home: Home) -> str | None:
    """Return the one-time set-up link while it was not used."""
    try:
        return home.setup_link.read_text(encoding="utf-8").strip() or None
    except OSError:
        return None


def facts(state: RunState) -> dict[str, object]:
    """Return the same for machines."""
    home = Home(Path(state.home))
    return {
        "state": state.state,
        "pid": state.pid,
        "gateway_url": state.gateway_url,
        "console_url": state.control_url,
        "setup_link": setup_link(home),
        "first_key_file": str(home.first_key),
        "data_directory": state.home,
        "parts": {
            name: {"state": part.state, "pid": part.pid, "port": part.port, "url": part.url}
            for name, part in state.parts.items()
        },
    }


def banner(state: RunState, *, headline: str, detached: bool) -> str:
    """Return the lines that tell where everything is, and a command to copy."""
    home = Home(Path(state.home))
    rows = [(t("up.gateway"), f"{state.gateway_url}/v1"), (t("up.console"), state.control_url)]
    link = setup_link(home)
    if link is not None:
        rows.append((t("up.setup"), t("up.setup.once", url=link)))
    rows += [(t("up.key"), str(home.first_key)), (t("up.data"), state.home)]
    lines = ["", f"  {headline}", ""]
    lines += [f"    {_pad(name, 10)} {value}" for name, value in rows]
    if "llm" in state.parts:
        lines += ["", f"  {t('up.try')}", ""]
        lines += [f"    {line}" for line in curl_command(state, home)]
    lines += ["", f"  {t('up.stop.detached' if detached else 'up.stop')}", ""]
    return "\n".join(lines)


def curl_command(state: RunState, home: Home) -> list[str]:
    """Return a command, line by line, that asks the embedded model a question."""
    body = (
        '{"model": "smollm2-135m-instruct", "stream": true, '
        f'"messages": [{{"role": "user", "content": "{t("up.hello")}"}}]}}'
    )
    key = f'"Authorization: Bearer $(cat {shlex.quote(str(home.first_key))})"'
    return [
        f"curl -N {state.gateway_url}/v1/chat/completions \\",
        f"  -H {key} \\",
        "  -H 'Content-Type: application/json' \\",
        f"  -d {shlex.quote(body)}",
    ]


def _pad(name: str, width: int) -> str:
    """Pad to ``width`` columns; a Chinese character takes two of them."""
    columns = sum(2 if ord(char) > 0x2E7F else 1 for char in name)
    return name + " " * max(width - columns, 0)
