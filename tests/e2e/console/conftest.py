"""The console on the real platform: one platform, one browser and one administrator for all.

* ``platform``: a running platform of this suite's own, with the real local models.
* ``administrator``: the account that the one-time link made, as a signed-in browser's state.
* ``visit``: opens the console in a fresh browser context; at its end nothing may have gone wrong.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.e2e.console.visitor import (
    DESKTOP,
    EMAIL,
    NAME,
    PASSWORD,
    Language,
    Platform,
    Theme,
    Visit,
    Visitor,
)

_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_BROWSER_OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_START_S = 150
_STOP_S = 60


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _mainspring(environ: dict[str, str], *arguments: str, timeout: float) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "mainspring.app.cli.main", *arguments],
        env=environ,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )
    if done.returncode != 0:
        pytest.fail(f"mainspring {' '.join(arguments)}: {done.stdout}\n{done.stderr}")
    return done.stdout


@pytest.fixture(scope="session")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Generator[Platform]:
    """Start a platform on free ports and a home of its own; stop it at the end."""
    home = tmp_path_factory.mktemp("console-home")
    ports = {part: _free_port() for part in ("GATEWAY", "CONTROL")}
    environ = {
        **{name: value for name, value in os.environ.items() if name != "DATABASE_URL"},
        "MAINSPRING_HOME": str(home),
        **{f"MAINSPRING_{part}_PORT": str(port) for part, port in ports.items()},
    }
    _mainspring(environ, "up", "--detach", "--json", timeout=_START_S)
    try:
        yield Platform(
            home=home,
            console_url=f"http://127.0.0.1:{ports['CONTROL']}",
            gateway_url=f"http://127.0.0.1:{ports['GATEWAY']}",
        )
    finally:
        _mainspring(environ, "down", timeout=_STOP_S)


@pytest.fixture(scope="session")
def browser() -> Generator[Browser]:
    """Start the machine's Chromium."""
    executable = next(filter(None, map(shutil.which, _BROWSERS)), None)
    if executable is None:
        pytest.fail(f"the console's tests need one of {', '.join(_BROWSERS)} on the PATH")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=_BROWSER_OPTIONS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def administrator(platform: Platform, browser: Browser) -> dict[str, Any]:
    """Become the first administrator by the one-time link, as a person does."""
    link = (platform.home / "setup-link").read_text("utf-8").strip()
    with Visitor(browser, platform) as visitor:
        page = visitor.page
        page.goto(link)
        page.get_by_label("Your name").fill(NAME)
        page.get_by_label("Email").fill(EMAIL)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        assert "token" not in page.url, "the one-time token stays in no history"
        page.get_by_role("button", name="Create account and begin").click()
        page.get_by_role("heading", name="Home", exact=True).wait_for()
        visitor.see_live()
        state = json.loads(json.dumps(visitor.context.storage_state()))
    return {"link": link, "state": state}


@pytest.fixture
def visit(platform: Platform, browser: Browser, administrator: dict[str, Any]) -> Generator[Visit]:
    """Open the console; by default signed in, in English, on a light desktop screen."""
    visitors: list[Visitor] = []

    def open_console(
        path: str = "/",
        *,
        signed_in: bool = True,
        language: Language = "en",
        theme: Theme = "light",
        size: tuple[int, int] = DESKTOP,
    ) -> Visitor:
        state = administrator["state"] if signed_in else None
        visitor = Visitor(browser, platform, state=state, language=language, theme=theme, size=size)
        visitors.append(visitor)
        visitor.go(path)
        return visitor

    yield open_console
    for visitor in visitors:
        visitor.leave()


@pytest.fixture(scope="session")
def screenshots() -> Path:
    """Return the folder that keeps pictures for the eye."""
    folder = Path(__file__).parents[3] / "test-results" / "console"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
