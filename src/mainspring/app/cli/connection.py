"""Whom a command talks to, and how a refusal of theirs becomes an error of the command."""

import ipaddress
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import msgspec

from mainspring.app.cli.output import CommandError
from mainspring.app.cli.texts import t
from mainspring.app.environment import environment
from mainspring.app.exit_codes import ExitCode
from mainspring.app.home import Home
from mainspring.app.settings import ClientSettings
from mainspring.app.supervisor.state import RunState, read_running
from mainspring.app.variables import CLIENT

_TIMEOUT = httpx.Timeout(30.0, connect=5.0)
_WAITS = 202
_ANSWER_TIMEOUT = httpx.Timeout(600.0, connect=5.0)


class GatewayAccess(msgspec.Struct, frozen=True):
    """Where the gateway is, and a key for it."""

    url: str
    api_key: str


def client_settings() -> ClientSettings:
    """Return the settings of the command line."""
    return CLIENT.read(environment())


def running_platform(settings: ClientSettings) -> RunState:
    """Return the account of the platform that runs on the data directory.

    Raises:
        CommandError: if none does.
    """
    state = read_running(Home(settings.home).state_file)
    if state is None:
        raise CommandError(
            t("not_running", home=settings.home),
            exit_code=ExitCode.NOT_RUNNING,
            next_step=t("not_running.next"),
        )
    return state


def gateway_access(settings: ClientSettings) -> GatewayAccess:
    """Return how to reach the gateway.

    Raises:
        CommandError: if there is no gateway or no key.
    """
    url = settings.gateway_url or running_platform(settings).gateway_url
    key = settings.api_key or _first_line(Home(settings.home).first_key)
    if key is None:
        raise CommandError(
            t("no_key"), exit_code=ExitCode.CONFIGURATION, next_step=t("no_key.next")
        )
    return GatewayAccess(url.rstrip("/"), key)


class ControlClient:
    """The control plane's API, as commands use it."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client
        self.waiting: list[str] | None = None
        """Where a list, it takes the ids of changes that wait for a second person; what needs no
        answer goes on then. ``None``: the first of them ends the command."""

    def get(self, path: str, **query: str | int | Sequence[str] | None) -> Any:  # noqa: ANN401 - decoded JSON
        """Return the JSON at ``/api/v1`` + ``path``."""
        params = {name: value for name, value in query.items() if value is not None}
        return self._call("GET", path, params=params)

    def post(self, path: str, body: Mapping[str, object], *, patient: bool = False) -> Any:  # noqa: ANN401 - likewise
        """Create an object; return it. ``patient`` waits as long as a model may take."""
        more = {"timeout": _ANSWER_TIMEOUT} if patient else {}
        return self._call("POST", path, json=dict(body), **more)

    def send(self, path: str, content: bytes, content_type: str) -> Any:  # noqa: ANN401 - likewise
        """Send a file; return what came of it."""
        return self._call("POST", path, content=content, headers={"Content-Type": content_type})

    def tagged(self, path: str) -> tuple[Any, str]:
        """Return the JSON at ``path``, and the tag by which a change says what it was made of."""
        with reaching(str(self._client.base_url)):
            answer = self._client.get(f"/api/v1{path}")
        return self._read(answer), answer.headers.get("etag", "")

    def patch(self, path: str, body: Mapping[str, object], *, if_match: str = "") -> Any:  # noqa: ANN401 - likewise
        """Change an object; return it. With ``if_match`` only if it is as it was read."""
        return self._call("PATCH", path, json=dict(body), headers=_matching(if_match))

    def put(
        self, path: str, body: Mapping[str, object] | None = None, *, if_match: str = ""
    ) -> None:
        """Put something where it may be already; with ``if_match`` only if it is as it was read."""
        sent = None if body is None else dict(body)
        self._call("PUT", path, json=sent, headers=_matching(if_match))

    def exists(self, path: str) -> bool:
        """Tell whether there is an object; one that can only be listed is taken to be there.

        A revoked key is one no more.
        """
        with reaching(str(self._client.base_url)):
            answer = self._client.get(f"/api/v1{path}")
        if answer.status_code == 404:
            return False
        if answer.status_code == 405:
            return True
        if not answer.is_success:
            raise refusal(answer)
        return answer.json().get("revoked_at") is None

    def delete(self, path: str, *, may_be_gone: bool = False) -> None:
        """Remove an object; where it ``may_be_gone``, one that is not there is no error."""
        with reaching(str(self._client.base_url)):
            answer = self._client.delete(f"/api/v1{path}")
        if not (may_be_gone and answer.status_code == 404):
            self._read(answer)

    @contextmanager
    def lines(self, path: str, **query: str | Sequence[str] | None) -> Generator[Iterator[str]]:
        """Open a text that is read line by line, as it comes."""
        params = {name: value for name, value in query.items() if value is not None}
        url = str(self._client.base_url)
        with (
            reaching(url),
            self._client.stream("GET", f"/api/v1{path}", params=params) as answer,
        ):
            if not answer.is_success:
                answer.read()
                raise refusal(answer)
            yield answer.iter_lines()

    def content(self, path: str, **query: str | None) -> bytes:
        """Return a file."""
        params = {name: value for name, value in query.items() if value is not None}
        with reaching(str(self._client.base_url)):
            answer = self._client.get(f"/api/v1{path}", params=params, timeout=_ANSWER_TIMEOUT)
        if not answer.is_success:
            raise refusal(answer)
        return answer.content

    def items(self, path: str, **query: str | None) -> Iterator[dict[str, Any]]:
        """Return every item of a list, page by page."""
        cursor: str | None = None
        while True:
            page = self.get(path, cursor=cursor, **query)
            yield from page["items"]
            cursor = page.get("next_cursor")
            if cursor is None:
                return

    def _call(self, method: str, path: str, **request: Any) -> Any:  # noqa: ANN401 - httpx's own
        with reaching(str(self._client.base_url)):
            answer = self._client.request(method, f"/api/v1{path}", **request)
        return self._read(answer)

    def _read(self, answer: httpx.Response) -> Any:  # noqa: ANN401 - decoded JSON
        if answer.status_code == _WAITS and _is_problem(answer):
            problem: dict[str, Any] = answer.json()
            if self.waiting is None or answer.request.method == "POST":
                raise CommandError(
                    str(problem["detail"]),
                    exit_code=ExitCode.PENDING,
                    next_step=t("changes.pending.next", id=problem["change_id"]),
                )
            self.waiting.append(str(problem["change_id"]))
            return {}
        if answer.is_success:
            return answer.json() if answer.content else None
        raise refusal(answer)


@contextmanager
def control_client() -> Generator[ControlClient]:
    """Open the control plane's API for the length of a command.

    Raises:
        CommandError: if there is no control plane or no token for it.
    """
    settings = client_settings()
    url = settings.url or running_platform(settings).control_url
    token = settings.token or _first_line(Home(settings.home).admin_token)
    if token is None:
        raise CommandError(
            t("no_token"), exit_code=ExitCode.CONFIGURATION, next_step=t("no_token.next")
        )
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(
        base_url=url.rstrip("/"), headers=headers, timeout=_TIMEOUT, trust_env=not is_here(url)
    ) as client:
        yield ControlClient(client)


@contextmanager
def gateway_client(access: GatewayAccess) -> Generator[httpx.Client]:
    """Open the gateway for the length of a command."""
    headers = {"Authorization": f"Bearer {access.api_key}"}
    with httpx.Client(
        base_url=access.url,
        headers=headers,
        timeout=_ANSWER_TIMEOUT,
        trust_env=not is_here(access.url),
    ) as client:
        yield client


def is_here(url: str) -> bool:
    """Tell whether ``url`` is of this machine, so that no proxy may get to see what goes there."""
    host = httpx.URL(url).host
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@contextmanager
def reaching(url: str) -> Generator[None]:
    """Turn a failed connection to ``url`` into an error of the command."""
    try:
        yield
    except httpx.TransportError as error:
        raise CommandError(
            t("unreachable", url=url, reason=str(error) or type(error).__name__),
            exit_code=ExitCode.UNREACHABLE,
            next_step=t("unreachable.next"),
        ) from error


def refusal(answer: httpx.Response) -> CommandError:
    """Return the error of an answer that is none: problem details, an OpenAI error, or stranger."""
    try:
        body = answer.json()
    except ValueError:
        body = None
    if isinstance(body, dict):
        problem: dict[str, Any] = body  # pyright: ignore[reportUnknownVariableType] - decoded JSON
        error = problem.get("error")
        if isinstance(error, dict) and "message" in error:
            message = str(error["message"])  # pyright: ignore[reportUnknownArgumentType] - likewise
            return CommandError(message, exit_code=ExitCode.REFUSED)
        if "title" in problem:
            return CommandError(
                str(problem.get("detail") or problem["title"]),
                exit_code=ExitCode.REFUSED,
                next_step=str(problem.get("next_step") or ""),
            )
    return CommandError(
        t("strange_answer", url=answer.request.url, status=answer.status_code),
        exit_code=ExitCode.UNREACHABLE,
        next_step=t("strange_answer.next"),
    )


def _is_problem(answer: httpx.Response) -> bool:
    return answer.headers.get("content-type", "").startswith("application/problem+json")


def _matching(tag: str) -> dict[str, str]:
    return {"If-Match": tag} if tag else {}


def _first_line(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8").strip() or None
    except OSError:
        return None
