"""Where the platform is and how to show who is asking: arguments, variables, the data directory."""

import ipaddress
import os
from collections.abc import Mapping
from pathlib import Path

import httpx
import msgspec

from mainspring_sdk.errors.tree import ConfigurationError

_DEFAULT_HOME = "~/.mainspring"


class Connection(msgspec.Struct, frozen=True):
    """A control plane, and the token for it. ``home`` is the data directory on this machine."""

    url: str
    token: str
    home: Path

    def __repr__(self) -> str:
        """Return the connection without its token."""
        return f"Connection(url={self.url!r})"


class _Running(msgspec.Struct, frozen=True):
    """What the supervisor's account of a run says of addresses."""

    control_url: str
    gateway_url: str


def find_connection(
    url: str | None, token: str | None, environ: Mapping[str, str] | None = None
) -> Connection:
    """Return the connection to use; what is not given is looked up.

    The address: ``MAINSPRING_URL``, else the platform that runs on the data directory. The token:
    ``MAINSPRING_TOKEN``, else the administrator's token in the data directory, which is never
    sent to another machine.

    Raises:
        ConfigurationError: if either cannot be found.
    """
    environ = os.environ if environ is None else environ
    home = Path(environ.get("MAINSPRING_HOME") or _DEFAULT_HOME).expanduser()
    found_url = url or environ.get("MAINSPRING_URL")
    if not found_url:
        running = _running(home)
        if running is None:
            raise ConfigurationError(
                f"no address of a control plane: pass url, set MAINSPRING_URL, or start the"
                f" platform (nothing runs on {home})"
            )
        found_url = running.control_url
    _check(found_url)
    found_token = token or environ.get("MAINSPRING_TOKEN")
    if not found_token and is_here(found_url):
        found_token = _first_line(home / "admin-token")
    if not found_token:
        raise ConfigurationError(
            f"no token for {found_url}: pass token or set MAINSPRING_TOKEN (a personal token is"
            " made in the console)"
        )
    return Connection(found_url.rstrip("/"), found_token, home)


def find_gateway(
    connection: Connection, environ: Mapping[str, str] | None = None
) -> tuple[str | None, str | None]:
    """Return the gateway's address and a key for it, as far as this machine knows them."""
    environ = os.environ if environ is None else environ
    running = _running(connection.home) if is_here(connection.url) else None
    if running is not None and running.control_url.rstrip("/") != connection.url:
        running = None
    url = environ.get("MAINSPRING_API_URL") or (running.gateway_url if running else None)
    return url, environ.get("MAINSPRING_API_KEY")


def first_key(connection: Connection, gateway_url: str) -> str | None:
    """Return the generated first key, if the gateway is of this machine."""
    return _first_line(connection.home / "first-key") if is_here(gateway_url) else None


def is_here(url: str) -> bool:
    """Tell whether ``url`` is of this machine, so that no proxy may get to see what goes there."""
    host = httpx.URL(url).host
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _check(url: str) -> None:
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise ConfigurationError(f"this is no address of a control plane: {error}") from error
    if parsed.userinfo or parsed.query or parsed.fragment:
        # It would stand in error texts; what proves who is asking is the token.
        raise ConfigurationError(f"the address for {parsed.host} has a password, a query or a #")
    if parsed.scheme not in {"http", "https"} or not parsed.host:
        raise ConfigurationError(
            f"{url!r} is no address of a control plane: it starts with http:// or https://"
        )


def _running(home: Path) -> _Running | None:
    try:
        return msgspec.json.decode((home / "run" / "state.json").read_bytes(), type=_Running)
    except (OSError, msgspec.MsgspecError):
        return None


def _first_line(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8").strip() or None
    except OSError:
        return None
